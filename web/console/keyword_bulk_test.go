package console_test

import (
	"fmt"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
)

// row returns one change of a bulk of keywords.
func row(do, id string, keyword doc) doc {
	d := doc{"do": do, "id": id}
	if do != console.DoCreate {
		d["version"] = "*"
	}
	if keyword != nil {
		d["keyword"] = keyword
	}
	return d
}

func TestManyKeywordsChangeAsOne(t *testing.T) {
	d := newDesk(t)
	rows := []any{
		row("create", "", doc{"source": "news", "phrases": doc{"en": []string{"match"}}}),
		row("create", "", doc{"source": "news", "phrases": doc{"en": []string{"Match!"}, "fr": []string{"jeu"}}, "tie": true}),
		row("merge", "news", doc{"phrases": doc{"fr": []string{"actus"}}, "count": 3}),
		row("merge", "sap", doc{"argument": "none"}),
		row("delete", "cake", nil),
	}
	rows[0].(doc)["keyword"].(doc)["tie"] = true
	dry := d.must(t, people.Editor, "keyword.bulk", of(doc{"rows": rows, "dry_run": true}))
	if at(t, dry, "created") != 2.0 || at(t, dry, "dry_run") != true || len(d.Publisher("lecker").Keywords) != 3 {
		t.Fatalf("a dry run: %v", dry)
	}
	out := d.must(t, people.Editor, "keyword.bulk", of(doc{"rows": rows}))
	for name, want := range map[string]any{"created": 2.0, "updated": 1.0, "deleted": 1.0, "unchanged": 1.0, "wrong": 0.0} {
		if out[name] != want {
			t.Errorf("%s: %v, want %v", name, out[name], want)
		}
	}
	if at(t, out, "rows", 1, "id") != "match-2" || at(t, out, "rows", 0, "version") == "" || at(t, out, "rows", 3, "do") != "none" {
		t.Errorf("%v", out["rows"])
	}
	pub := d.Publisher("lecker")
	news, _ := pub.Keyword("news")
	if news.Count != 3 || len(news.Phrases["en"]) != 2 || news.Phrases["fr"][0] != "actus" {
		t.Errorf("merged: %+v", news)
	}
	if _, there := pub.Keyword("cake"); there || len(pub.Search("jeu")) != 1 || len(pub.Search("cake")) != 0 {
		t.Error("what was removed is there, or what was added is not found")
	}
	if act := d.last(t); act.Target != "keywords" || !strings.Contains(string(act.After), `"delete":["cake"]`) {
		t.Errorf("%+v", act)
	}
}

func TestOneWrongRowKeepsAllFromBeingCarriedOut(t *testing.T) {
	long := make([]any, 0, 1200)
	for i := range 1200 {
		long = append(long, row("delete", fmt.Sprint("none", i), nil))
	}
	for _, tt := range []struct {
		name   string
		rows   []any
		fields string
	}{
		{"phrases that collide with what is there", []any{row("create", "", doc{"source": "news", "phrases": doc{"en": []string{"cake"}}})}, "rows[0].keyword.phrases.en[0]"},
		{"phrases that collide among the rows", []any{
			row("create", "a", doc{"source": "news", "phrases": doc{"en": []string{"alpha"}}}), row("create", "b", doc{"source": "news", "phrases": doc{"en": []string{"beta", "Alpha"}}}),
		}, "rows[0].keyword.phrases.en[0] rows[1].keyword.phrases.en[1]"},
		{"several in one, and fields of several", []any{
			row("create", "a", doc{"source": "none", "phrases": doc{"en": []string{"cake"}}}), row("delete", "zz", nil), doc{"do": "merge", "id": "news", "keyword": doc{"count": 99}},
		}, "rows[0].keyword.source rows[0].keyword.phrases.en[0] rows[1].id rows[2].version rows[2].keyword.count"},
		{"one keyword twice", []any{row("merge", "news", doc{"count": 2}), row("delete", "news", nil)}, "rows[1].id"},
		{"an id that is taken", []any{row("create", "news", doc{"source": "news", "phrases": doc{"en": []string{"alpha"}}})}, "rows[0].keyword.id"},
		{"another id in the document", []any{row("merge", "news", doc{"id": "other"})}, "rows[0].keyword.id"},
		{"a version that is gone", []any{doc{"do": "delete", "id": "news", "version": "999"}}, "rows[0].version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			_, err := d.try(t, people.Editor, "keyword.bulk", of(doc{"rows": append(tt.rows, row("merge", "sap", doc{"count": 5}))}))
			refusedFields(t, err, strings.Fields(tt.fields)...)
			if k, _ := d.Publisher("lecker").Keyword("sap"); k.Count == 5 {
				t.Error("a row was carried out")
			}
		})
	}
	d := newDesk(t)
	out := d.must(t, people.Editor, "keyword.bulk", of(doc{"rows": long, "dry_run": true}))
	if problems, _ := out["problems"].([]any); len(problems) != 1000 || out["wrong"] != 1200.0 {
		t.Errorf("%d problems of %v", len(problems), out["wrong"])
	}
}

func TestOfSomeRowsTheRightOnesCanBeCarriedOut(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "keyword.bulk", of(doc{"partial": true, "rows": []any{
		row("create", "good", doc{"source": "news", "phrases": doc{"en": []string{"alpha"}}}),
		row("create", "bad", doc{"source": "none", "phrases": doc{"en": []string{"beta"}}}),
		// It leans on a removal that is not carried out.
		row("create", "leans", doc{"source": "news", "phrases": doc{"en": []string{"cake"}}}),
		doc{"do": "delete", "id": "cake", "version": "999"},
	}}))
	if out["created"] != 1.0 || out["wrong"] != 3.0 || len(d.Publisher("lecker").Keywords) != 4 {
		t.Errorf("%v", out)
	}
}

func TestARenamedKeywordIsFoundByItsFormerIDs(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "keyword.rename", of(doc{"id": "news", "version": "*", "to": "latest"}))
	if at(t, out, "keyword", "id") != "latest" || at(t, out, "keyword", "formerly", 0) != "news" {
		t.Fatalf("%v", out)
	}
	if act := d.last(t); act.Target != "keyword latest" || !strings.Contains(string(act.Before), `"id":"news"`) || !strings.Contains(string(act.After), `"id":"latest"`) {
		t.Errorf("%+v", act)
	}
	if got := d.must(t, people.Viewer, "keyword.get", of(doc{"id": "news"})); at(t, got, "keyword", "id") != "latest" {
		t.Errorf("%v", got)
	}
	_, err := console.GetKeyword.Call(console.WithRedirects(console.WithDoer(as(t, people.Viewer), d.Console)), console.KeywordGet{Of: console.Of{Publisher: "lecker"}, ID: "news"})
	if moved, ok := err.(*console.Moved); !ok || moved.To != "latest" || moved.Resource != catalogue.ResourceKeyword { //nolint:errorlint // nothing wraps it
		t.Errorf("a face with addresses is told %v", err)
	}
	_, err = d.try(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"id": "news"})}))
	refusedFields(t, err, "keyword.id")
	foreignPages(t, err, pull.Invalid, "was that of “latest” before")
	// An id that is made avoids it.
	made := d.must(t, people.Editor, "keyword.create", of(doc{"keyword": doc{"source": "news", "phrases": doc{"fr": []string{"news"}}}}))
	if at(t, made, "keyword", "id") != "news-2" {
		t.Errorf("%v", made)
	}
}

func TestFormerIDsStayThroughChangesAndMayBeTakenBack(t *testing.T) {
	d := newDesk(t)
	d.must(t, people.Editor, "keyword.rename", of(doc{"id": "news", "version": "*", "to": "latest"}))
	// Who writes the whole of it need not know of them.
	out := d.must(t, people.Editor, "keyword.update", of(doc{"id": "news", "version": "*", "keyword": doc{"source": "news", "phrases": doc{"en": []string{"news"}}}}))
	if at(t, out, "keyword", "formerly", 0) != "news" {
		t.Errorf("an update takes the former id away: %v", out)
	}
	out = d.must(t, people.Editor, "keyword.rename", of(doc{"id": "latest", "version": "*", "to": "news"}))
	if at(t, out, "keyword", "id") != "news" || at(t, out, "keyword", "formerly", 0) != "latest" {
		t.Errorf("back again: %v", out)
	}
	for _, tt := range []struct{ to, says string }{
		{"cake", "is taken already"}, {"Not An Id", ""}, {"", ""},
	} {
		_, err := d.try(t, people.Editor, "keyword.rename", of(doc{"id": "news", "version": "*", "to": tt.to}))
		refusedFields(t, err, "to")
		foreignPages(t, err, pull.Invalid, tt.says)
	}
	for i := range catalogue.MostFormer - 1 {
		d.must(t, people.Editor, "keyword.rename", of(doc{"id": "news", "version": "*", "to": fmt.Sprint("n", i)}))
	}
	_, err := d.try(t, people.Editor, "keyword.rename", of(doc{"id": "news", "version": "*", "to": "more"}))
	foreignPages(t, err, pull.Invalid, "20 other ids")
	_, err = d.try(t, people.Editor, "keyword.update", of(doc{"id": "cake", "version": "*", "keyword": doc{"source": "news", "phrases": doc{"en": []string{"cake"}}, "formerly": []string{"news", "sap"}}}))
	refusedFields(t, err, "keyword.formerly[0]", "keyword.formerly[1]")
}

func TestTheKeywordsOfARenamedSourceFollow(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "source.rename", of(doc{"id": "news", "version": "*", "to": "front"}))
	if at(t, out, "source", "id") != "front" || out["keywords"] != 2.0 {
		t.Fatalf("%v", out)
	}
	pub := d.Publisher("lecker")
	if k, _ := pub.Keyword("news"); k.Source != "front" {
		t.Errorf("%+v", k)
	}
	// What names it by the former id means it.
	made := d.must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(nil)}))
	if at(t, made, "keyword", "source") != "front" {
		t.Errorf("%v", made)
	}
	if listed := d.must(t, people.Viewer, "keyword.list", of(doc{"source": "news"})); listed["total"] != 3.0 {
		t.Errorf("%v", listed["total"])
	}
	d.must(t, people.Editor, "source.accept", of(doc{"id": "news"}))
}
