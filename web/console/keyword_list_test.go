package console_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

func TestKeywordsAreListedByWordsSourceLanguageAndState(t *testing.T) {
	p := lecker()
	later, before := noon().Add(time.Hour), noon().Add(-time.Hour)
	set := func(id string, f func(*catalogue.Keyword)) {
		i := slices.IndexFunc(p.Keywords, func(k catalogue.Keyword) bool { return k.ID == id })
		f(&p.Keywords[i])
	}
	set("cake", func(k *catalogue.Keyword) { k.From = &later; k.Phrases["fr"] = []string{"gâteau", "tarte"} })
	set("sap", func(k *catalogue.Keyword) {
		k.Hours = []string{"fri 12:00-14:00"}
		k.Phrases["en"] = []string{"sap", "x"}
	})
	set("news", func(k *catalogue.Keyword) { k.Until = &before; k.Hours = []string{"daily"} })
	d := newDesk(t, p)
	for _, tt := range []struct {
		name string
		in   doc
		want string
	}{
		{"all", doc{}, "cake news sap"},
		{"all by name", doc{"state": "all"}, "cake news sap"},
		{"by a phrase, written however", doc{"q": "GATEAU"}, "cake"},
		{"by an id", doc{"q": "ews"}, "news"},
		{"with a typing error", doc{"q": "healdines"}, "news"},
		{"as it begins, with a typing error", doc{"q": "gatae"}, "cake"},
		{"by nothing that is there", doc{"q": "zebra"}, ""},
		{"by source", doc{"source": "news"}, "cake news"},
		{"by language", doc{"language": "fr"}, "cake"},
		{"open, by the publisher's clock", doc{"state": "open"}, "sap"},
		{"closed", doc{"state": "closed"}, "cake news"},
		{"with findings, such as that it has ended", doc{"state": "findings"}, "news sap"},
		{"by several", doc{"state": "closed", "source": "news", "q": "head"}, "news"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := d.must(t, people.Viewer, "keyword.list", of(tt.in))
			if got := ids(t, out, "keywords", "keyword"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if total := at(t, out, "total"); total != float64(len(strings.Fields(tt.want))) {
				t.Errorf("%v in all", total)
			}
		})
	}
	out := d.must(t, people.Viewer, "keyword.list", of(doc{"state": "findings", "q": "sap"}))
	if code := at(t, out, "keywords", 0, "findings", 0, "code"); code != catalogue.CodeTooShort {
		t.Errorf("the finding is %v", code)
	}
}

func TestKeywordsAreListedByTheirGroup(t *testing.T) {
	p := lecker()
	for i := range p.Keywords {
		p.Keywords[i].Group = map[string]string{"cake": "Kitchen", "news": "city desk"}[p.Keywords[i].ID]
	}
	d := newDesk(t, p)
	if out := d.must(t, people.Viewer, "keyword.list", of(doc{"group": "Kitchen"})); ids(t, out, "keywords", "keyword") != "cake" {
		t.Errorf("in the group are %s", ids(t, out, "keywords", "keyword"))
	}
	out := d.must(t, people.Viewer, "keyword.list", of(doc{"sort": "group"}))
	if got := ids(t, out, "keywords", "keyword"); !strings.HasPrefix(got, "news cake ") {
		t.Errorf("by group they are %s", got)
	}
	if got := fmt.Sprint(at(t, out, "groups")); got != "[Kitchen city desk]" {
		t.Errorf("the groups are %s", got)
	}
}

func TestAListRefusesWhatItDoesNotUnderstand(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		in   doc
		kind pull.ErrorKind
		hint string
	}{
		{doc{"limit": 201}, pull.Invalid, "1 to 200"},
		{doc{"limit": -1}, pull.Invalid, "1 to 200"},
		{doc{"cursor": "!"}, pull.Invalid, "cursor"},
		{doc{"cursor": strings.Repeat("YQ", 40)}, pull.Invalid, "cursor"},
		{doc{"state": "ajar"}, pull.Invalid, `state: Write one of "all", "open"`},
	} {
		_, err := d.try(t, people.Viewer, "keyword.list", of(tt.in))
		foreignPages(t, err, tt.kind, tt.hint)
	}
	_, err := d.try(t, people.Admin, "keyword.list", doc{"publisher": "none"})
	foreignPages(t, err, pull.Unknown, "There is no publisher “none”.")
}

// many returns a publisher with n keywords.
func many(n int) catalogue.Publisher {
	p := lecker()
	p.Keywords = nil
	for i := range n {
		k := catalogue.Keyword{ID: fmt.Sprintf("k%05d", i), Source: "news", Phrases: map[string][]string{
			"en": {fmt.Sprintf("phrase %d", i), fmt.Sprintf("word %d of many", i)}, "fr": {fmt.Sprintf("mot %d", i)},
		}}
		k.Defaults()
		if i%2 == 0 {
			k.Hours = []string{"mon-fri 09:00-17:00"}
		}
		p.Keywords = append(p.Keywords, k)
	}
	return p
}

func TestPagesOfKeywordsNeitherRepeatNorLoseAnyWhileOthersComeAndGo(t *testing.T) {
	d := newDesk(t, many(120))
	var seen []string
	cursor := ""
	for page := 0; ; page++ {
		out := d.must(t, people.Viewer, "keyword.list", of(doc{"cursor": cursor, "limit": 25}))
		seen = append(seen, strings.Fields(ids(t, out, "keywords", "keyword"))...)
		if cursor, _ = out["next"].(string); cursor == "" {
			break
		}
		if strings.Contains(cursor, "k0") || page > 10 {
			t.Fatalf("page %d ends with %q", page, cursor)
		}
		// What has been passed comes and goes, and so does what a cursor names.
		d.must(t, people.Editor, "keyword.delete", of(doc{"id": seen[len(seen)-1], "version": "*"}))
		d.must(t, people.Editor, "keyword.create", of(doc{"keyword": doc{"id": fmt.Sprintf("a%d", page), "source": "news",
			"phrases": doc{"en": []string{fmt.Sprintf("early bird %d", page)}}}}))
	}
	if len(seen) != 120 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 120 {
		t.Errorf("%d seen: %v", len(seen), seen)
	}
}

func BenchmarkKeywordList(b *testing.B) {
	m := newMemory(many(10_000))
	c := console.New(console.Options{Clock: noon}, console.Publishing{
		Catalogue: m, Kinds: kindsOfTests(), Snapshots: &health{}, Clock: noon,
	}.Operations()...)
	ctx := console.WithCaller(b.Context(), console.Operator())
	for _, in := range []doc{{}, {"q": "word 99"}, {"state": "open"}, {"state": "findings"}, {"cursor": "azA5MDAw"}} {
		raw, err := json.Marshal(of(in))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(raw), func(b *testing.B) {
			var took []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				began := time.Now()
				if _, err := c.Do(ctx, "keyword.list", raw); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
		})
	}
}

// TestAKeywordsStateSaysWhetherItAnswers goes through what the API tells of keywords:
// what can not answer comes before the time, and the time before what fails.
func TestAKeywordsStateSaysWhetherItAnswers(t *testing.T) {
	never, partly := catalogue.About{NoArgument: true}, catalogue.About{NoList: true}
	for _, tt := range []struct {
		name          string
		about         catalogue.About
		closed, fails bool
		want          string
	}{
		{"all is well", catalogue.About{}, false, false, "open"},
		{"outside its time", catalogue.About{}, true, true, "closed"},
		{"its source fails", partly, false, true, "failing"},
		{"in part", partly, false, false, "partly"},
		{"never", never, true, true, "unanswerable"},
	} {
		p, before := lecker(), noon().Add(-time.Hour)
		for i := range p.Keywords {
			if p.Keywords[i].ID == "news" && tt.closed {
				p.Keywords[i].Until = &before
			}
			if p.Keywords[i].ID == "news" && tt.about.NoList {
				p.Keywords[i].Bare, p.Keywords[i].Argument = true, "optional"
			}
		}
		d := newDesk(t, p)
		d.Publisher("lecker").Linter.Know("news", tt.about)
		if tt.fails {
			d.health.all = []pull.Health{{Publisher: "lecker", Source: "news", Bad: noon(), Error: words.Verbatim("the site answers 503")}}
		}
		out := d.must(t, people.Viewer, "keyword.list", of(doc{"state": tt.want, "q": "news"}))
		if ids(t, out, "keywords", "keyword") != "news" || at(t, out, "keywords", 0, "state") != tt.want {
			t.Errorf("%s: %v", tt.name, out)
		}
		out = d.must(t, people.Viewer, "keyword.get", of(doc{"id": "news"}))
		if at(t, out, "state") != tt.want {
			t.Errorf("%s: %v", tt.name, out)
		}
		out = d.must(t, people.Viewer, "keyword.check", of(doc{"id": "news", "keyword": at(t, out, "keyword")}))
		if found := fmt.Sprint(at(t, out, "findings")); strings.Contains(found, "has ended") != tt.closed {
			t.Errorf("%s: %v", tt.name, found)
		}
		if failing := at(t, out, "failing"); (failing == "the site answers 503") != tt.fails {
			t.Errorf("%s: %v", tt.name, out)
		}
		if open := ids(t, d.must(t, people.Viewer, "keyword.list", of(doc{"state": "open", "q": "news"})), "keywords", "keyword"); (open == "news") != (tt.want == "open") {
			t.Errorf("%s: %q answers", tt.name, open)
		}
	}
}
