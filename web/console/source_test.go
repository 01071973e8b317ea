package console_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/console"
)

func feedDoc(set doc) doc {
	d := doc{"id": "sport", "kind": "feed", "max_age": "5m", "settings": doc{"url": "https://example.org/sport.xml"}}
	maps.Copy(d, set)
	return d
}

func vaultDoc(set doc) doc {
	return doc{"kind": "vault", "settings": set}
}

func TestASourceIsCreatedShownAndWrittenDown(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "source.create", of(doc{"source": feedDoc(nil)}))
	if at(t, out, "source", "id") != "sport" || at(t, out, "source", "max_age") != "5m" || out["by"] != "Ann" || out["version"] == "0" {
		t.Errorf("%v", out)
	}
	if state := at(t, out, "health", "state"); state != "idle" {
		t.Errorf("a source that nobody has asked is %v", state)
	}
	s, ok := d.Publisher("lecker").Source("sport")
	if !ok || *s.MaxAge != 5*time.Minute || s.Settings["url"] != "https://example.org/sport.xml" {
		t.Errorf("%+v", s)
	}
	act := d.last(t)
	if act.Operation != "source.create" || act.Target != "source sport" || act.Publisher != "lecker" || act.Outcome != "done" ||
		act.Before != nil || !strings.Contains(string(act.After), "sport.xml") {
		t.Errorf("%+v", act)
	}
}

func TestASourceWithoutAnIDGetsOneOfWhatItIs(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		source doc
		want   string
	}{
		{doc{"kind": "feed", "settings": doc{"url": "https://example.org/a"}}, "feed"},
		{doc{"kind": "feed", "id": "", "settings": doc{"url": "https://example.org/b"}}, "feed-2"},
		{doc{"kind": "feed", "id": nil, "settings": doc{"url": "https://example.org/c"}}, "feed-3"},
	} {
		out := d.must(t, people.Editor, "source.create", of(doc{"source": tt.source}))
		if got := at(t, out, "source", "id"); got != tt.want {
			t.Errorf("%v, want %s", got, tt.want)
		}
	}
	// Somebody else takes the id just then.
	d.Before = func() {
		d.must(t, people.Editor, "source.create", of(doc{"source": feedDoc(doc{"id": "feed-4"})}))
	}
	out := d.must(t, people.Editor, "source.create", of(doc{"source": doc{"kind": "feed", "settings": doc{"url": "https://example.org/d"}}}))
	if got := at(t, out, "source", "id"); got != "feed-5" {
		t.Errorf("%v", got)
	}
}

func TestASourceIsRefusedWithAllThatIsWrong(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		name   string
		source doc
		fields string
		says   string
	}{
		{"nothing given", doc{}, "source.kind", "required"},
		{"everything at once", feedDoc(doc{"id": "No Id", "max_age": 5, "refresh": "x", "settings": doc{"url": "here", "item": 3}}),
			"source.id source.max_age source.refresh source.settings.item source.settings.url", `did you mean “items”?`},
		{"a taken id", feedDoc(doc{"id": "news"}), "source.id", `The id “news” is taken already`},
		{"an unknown kind", feedDoc(doc{"kind": "fed"}), "source.kind", `did you mean “feed”?`},
		{"settings that are no table", feedDoc(doc{"settings": "url"}), "source.settings", "Give names with values"},
		{"a kind's own check", feedDoc(doc{"kind": "quote", "settings": doc{"url": "https://example.org/", "symbols": []any{doc{"symbol": ""}}}}),
			"source.settings.symbols[0].symbol source.settings.url", "{symbol}"},
		{"a text of more than 64 KiB", feedDoc(doc{"settings": doc{"url": "https://example.org/" + strings.Repeat("x", 64<<10)}}),
			"source.settings.url", "at most 64 KiB; this has 65556 bytes"},
		{"a long text where none belongs", feedDoc(doc{"x": []any{doc{"y": strings.Repeat("x", 65537)}}}), "source.x[0].y source.x", "64 KiB"},
		{"a mask that nothing stands behind", vaultDoc(doc{"url": "https://example.org", "token": settings.Mask}), "source.settings.token", "required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.try(t, people.Editor, "source.create", of(doc{"source": tt.source}))
			refusedFields(t, err, strings.Fields(tt.fields)...)
			foreignPages(t, err, pull.Invalid, tt.says)
			if act := d.last(t); act.Outcome != "invalid" || act.After != nil || !strings.HasPrefix(act.Target, "source ") {
				t.Errorf("%+v", act)
			}
		})
	}
	if n := len(d.Publisher("lecker").Sources); n != 3 {
		t.Errorf("%d sources", n)
	}
}

func TestASecretStaysWhereItsMaskComesBack(t *testing.T) {
	d := newDesk(t)
	got := d.must(t, people.Viewer, "source.get", of(doc{"id": "closed"}))
	if at(t, got, "source", "settings", "token") != settings.Mask || at(t, got, "source", "settings", "header", "x") != settings.Mask {
		t.Fatalf("%v", got)
	}
	source, _ := got["source"].(doc)
	in, _ := source["settings"].(doc)
	in["url"] = "https://example.org/x/other"
	d.must(t, people.Editor, "source.update", of(doc{"id": "closed", "version": got["version"], "source": source}))
	s, _ := d.Publisher("lecker").Source("closed")
	if s.Settings["token"] != secretWord || s.Settings["url"] != "https://example.org/x/other" {
		t.Errorf("%v", s.Settings)
	}
	if act := d.last(t); !strings.Contains(string(act.Before), settings.Mask) || !strings.Contains(string(act.After), "other") {
		t.Errorf("%s %s", act.Before, act.After)
	}
	in["token"] = "new"
	d.must(t, people.Editor, "source.update", of(doc{"id": "closed", "version": "*", "source": source}))
	if s, _ := d.Publisher("lecker").Source("closed"); s.Settings["token"] != "new" {
		t.Errorf("%v", s.Settings)
	}
	// Another kind has other secrets.
	_, err := d.try(t, people.Editor, "source.update", of(doc{"id": "news", "version": "*",
		"source": vaultDoc(doc{"url": "https://example.org", "token": settings.Mask})}))
	refusedFields(t, err, "source.settings.token")
}

func TestTheSettingsOfAKindThatIsGoneAreMaskedAltogether(t *testing.T) {
	p := lecker()
	p.Sources[1] = catalogue.Source{ID: "news", Kind: "gone", Settings: doc{"a": secretWord, "b": []any{doc{"c": secretWord}}, "n": int64(1), "e": ""}}
	got := newDesk(t, p).must(t, people.Viewer, "source.get", of(doc{"id": "news"}))
	if at(t, got, "source", "settings", "b", 0, "c") != settings.Mask || at(t, got, "source", "settings", "n") != float64(1) {
		t.Errorf("%v", got)
	}
}

func TestAStaleVersionIsRefusedWithTheCurrentThing(t *testing.T) {
	d := newDesk(t)
	version := d.must(t, people.Editor, "source.get", of(doc{"id": "news"}))["version"]
	put := func(url, version any) (doc, error) {
		return d.try(t, people.Editor, "source.update", of(doc{"id": "news", "version": version,
			"source": feedDoc(doc{"id": "news", "settings": doc{"url": url}})}))
	}
	if _, err := put("https://example.org/1", version); err != nil {
		t.Fatal(err)
	}
	_, err := put("https://example.org/2", version)
	stale(t, err, "https://example.org/1")
	if act := d.last(t); act.Outcome != "conflict" {
		t.Errorf("%+v", act)
	}
	_, err = put("https://example.org/2", "")
	foreignPages(t, err, pull.Invalid, "version: Say which version")

	// Others are faster, between looking and saving.
	version = d.must(t, people.Editor, "source.get", of(doc{"id": "news"}))["version"]
	faster := func() {
		if _, err := put("https://example.org/3", "*"); err != nil {
			t.Error(err)
		}
	}
	d.Before = faster
	_, err = put("https://example.org/4", version)
	stale(t, err, "https://example.org/3")
	d.Before = faster
	if _, err := put("https://example.org/5", "*"); err != nil {
		t.Errorf("any version is replaced: %v", err)
	}
	d.Before = faster
	if _, err := d.try(t, people.Editor, "source.delete", of(doc{"id": "closed", "version": "*"})); err != nil {
		t.Errorf("another source is none of our business: %v", err)
	}
}

func stale(t *testing.T, err error, url string) {
	t.Helper()
	var s *console.Stale
	if !errors.As(err, &s) {
		t.Fatalf("not stale: %v", err)
	}
	e, ok := s.Current.(console.SourceEntry)
	if !ok || s.Version != e.Version || at(t, doc(e.Source), "settings", "url") != url {
		t.Errorf("%+v", s)
	}
}

func TestAnUpdateGivesASourceNoOtherID(t *testing.T) {
	d := newDesk(t)
	_, err := d.try(t, people.Editor, "source.update", of(doc{"id": "news", "version": "*", "source": feedDoc(doc{"id": "new"})}))
	problems := refusedFields(t, err, "source.id")
	if !strings.Contains(problems[0].Message, "The id is “news”") {
		t.Error(problems[0])
	}
	for _, name := range []string{"source.get", "source.update", "source.delete"} {
		in := doc{"id": "none"}
		if name != "source.get" {
			in["version"] = "*"
		}
		if name == "source.update" {
			in["source"] = feedDoc(nil)
		}
		_, err := d.try(t, people.Editor, name, of(in))
		foreignPages(t, err, pull.Unknown, "There is no source “none”.")
	}
}

func TestASourceThatKeywordsUseStays(t *testing.T) {
	p := lecker()
	for _, id := range []string{"b", "c", "d", "e"} {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: "news"})
	}
	d := newDesk(t, p)
	_, err := d.try(t, people.Editor, "source.delete", of(doc{"id": "news", "version": "*"}))
	foreignPages(t, err, pull.Conflict, "Keywords use this source: cake, news, b, c, d, …. Give them another source first")
	d.must(t, people.Editor, "source.delete", of(doc{"id": "closed", "version": "*"}))
	if _, ok := d.Publisher("lecker").Source("closed"); ok {
		t.Error("it is still there")
	}
	if act := d.last(t); act.Target != "source closed" || act.Before == nil || act.After != nil {
		t.Errorf("%+v", act)
	}
}

func TestSourcesAreListedWithTheirHealthAndTheirKeywords(t *testing.T) {
	d := newDesk(t)
	d.health.all = []pull.Health{
		{Publisher: "lecker", Source: "news", Good: noon(), Warnings: []words.Text{words.Verbatim("two items have no date")}},
		{Publisher: "lecker", Source: "prices", Good: noon(), Bad: noon(), Error: words.Verbatim("the host did not answer in time")},
		{Publisher: "other", Source: "closed", Good: noon()},
	}
	out := d.must(t, people.Viewer, "source.list", of(doc{}))
	if got := ids(t, out, "sources", "source"); got != "closed news prices" {
		t.Fatal(got)
	}
	var states []string
	for i := range 3 {
		state, _ := at(t, out, "sources", i, "health", "state").(string)
		states = append(states, state)
	}
	if !slices.Equal(states, []string{"idle", "warning", "bad"}) || at(t, out, "sources", 1, "keywords") != float64(2) {
		t.Errorf("%v", out)
	}
	d.Publisher("lecker").Broken = map[catalogue.Resource]map[string]words.Text{catalogue.ResourceSource: {"closed": words.Verbatim("it cannot be opened")}}
	got := d.must(t, people.Viewer, "source.get", of(doc{"id": "closed"}))
	if at(t, got, "health", "state") != "bad" || at(t, got, "health", "error") != "it cannot be opened" {
		t.Errorf("%v", got)
	}
	got = d.must(t, people.Viewer, "source.get", of(doc{"id": "news"}))
	if at(t, got, "keyword_ids", 1) != "news" || at(t, got, "keywords") != float64(2) {
		t.Errorf("%v", got)
	}
	out = d.must(t, people.Viewer, "source.list", of(doc{"q": "FEED"}))
	if got := ids(t, out, "sources", "source"); got != "news" {
		t.Errorf("by its kind: %q", got)
	}
	out = d.must(t, people.Viewer, "source.list", of(doc{"limit": 1}))
	next := d.must(t, people.Viewer, "source.list", of(doc{"limit": 2, "cursor": out["next"]}))
	if ids(t, out, "sources", "source") != "closed" || ids(t, next, "sources", "source") != "news prices" || next["next"] != nil {
		t.Errorf("%v then %v", out, next)
	}
}

func TestASourceIsTriedAsItMightBeSaved(t *testing.T) {
	d := newDesk(t)
	d.trials.trial = console.Trial{
		Items: []what.Item{item()}, AsOf: noon(), Fetched: noon(), Warnings: []words.Text{words.Verbatim("odd")}, Took: 1500 * time.Microsecond,
		Requests: []console.Exchange{{Method: "GET", URL: "https://example.org", Status: 200, Millis: 1}},
		Terms:    []what.Term{{Value: "S", Names: []string{"SAP"}}, {Value: "T"}}, AllTerms: 30,
	}
	out := d.must(t, people.Editor, "source.try", of(doc{"source": feedDoc(nil), "argument": "berlin"}))
	if at(t, out, "items", 0, "title") != "Title" || out["took_ms"] != 1.5 || at(t, out, "terms", 0) != "SAP" || at(t, out, "terms", 1) != "T" {
		t.Errorf("%v", out)
	}
	parts, _ := out["parts"].([]any)
	for _, part := range []any{"title", "stamp", "author", "categories", "colour"} {
		if !slices.Contains(parts, part) {
			t.Errorf("%v lack %v", parts, part)
		}
	}
	q := d.trials.query
	if q.Argument != "berlin" || q.Count != 5 || q.Language != "en" || !q.At.Equal(noon()) {
		t.Errorf("%+v", q)
	}
	if len(d.acts.all) != 0 {
		t.Error("a trial changes nothing and is not written down")
	}
}

func TestATrialKeepsTheSecretsOfTheStoredSource(t *testing.T) {
	d := newDesk(t)
	source := vaultDoc(doc{"url": "https://example.org/new", "token": settings.Mask})
	d.must(t, people.Editor, "source.try", of(doc{"source": source, "id": "closed", "count": 50}))
	if d.trials.source.Settings["token"] != secretWord || d.trials.query.Count != 50 {
		t.Errorf("%+v", d.trials.source)
	}
	_, err := d.try(t, people.Editor, "source.try", of(doc{"source": source}))
	refusedFields(t, err, "source.settings.token")
	_, err = d.try(t, people.Editor, "source.try", of(doc{"source": source, "id": "close", "count": 51}))
	problems := refusedFields(t, err, "id", "source.settings.token", "count")
	if !strings.Contains(problems[0].Message, `did you mean “closed”?`) {
		t.Error(problems[0])
	}
	_, err = d.try(t, people.Editor, "source.try", of(doc{"source": feedDoc(nil), "count": -1}))
	refusedFields(t, err, "count")
}

func TestAnUpstreamThatFailsIsAnAnswer(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		err          error
		error, field string
	}{
		{&pull.Error{Kind: pull.Unavailable, Op: "fetch feed", Field: "url", Hint: words.Verbatim("there is nothing at this address (404)")},
			"there is nothing at this address (404)", "source.settings.url"},
		{&pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("a symbol is needed")}, "a symbol is needed", "argument"},
		{errors.New("open: no"), "“open: no”", ""},
	} {
		d.trials.trial = console.Trial{Err: tt.err}
		out := d.must(t, people.Editor, "source.try", of(doc{"source": feedDoc(nil)}))
		field, _ := out["field"].(string)
		if out["error"] != tt.error || field != tt.field {
			t.Errorf("%v", out)
		}
		if items, ok := out["items"].([]any); !ok || len(items) != 0 {
			t.Errorf("the items are %v, no empty list", out["items"])
		}
	}
}

func TestWhatIsHeldBackOfASourceIsAcceptedAndWrittenDown(t *testing.T) {
	d := newDesk(t)
	if out := d.must(t, people.Editor, "source.accept", of(doc{"id": "news"})); out["accepted"] != 1.0 {
		t.Errorf("%v", out)
	}
	if act := d.last(t); act.Operation != "source.accept" || act.Outcome != "done" {
		t.Errorf("%+v", act)
	}
	_, err := d.try(t, people.Editor, "source.accept", of(doc{"id": "nothing"}))
	foreignPages(t, err, pull.Unknown, "nothing")
}
