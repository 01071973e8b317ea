package catalogue_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// tickers are what the source "prices" knows.
var tickers = []what.Term{{Value: "WIPRO", Names: []string{"Wipro Limited"}}, {Value: "APPL", Names: []string{"Äpple", "Apple Inc"}}}

func prices(source string) catalogue.About {
	if source != "prices" {
		return catalogue.About{}
	}
	return catalogue.About{Terms: tickers}
}

func from(source string, bare bool, k catalogue.Keyword) catalogue.Keyword {
	k.Source, k.Bare = source, bare
	return k
}

func TestANameThatAloneCallsAKeywordIsNoPhraseOfAnother(t *testing.T) {
	same := from("prices", false, keyword("wipro", "wipro"))
	same.Query = "wipro"
	for _, tt := range []struct {
		name     string
		keywords []catalogue.Keyword
		want     []string
	}{
		{"a phrase behind", []catalogue.Keyword{from("prices", true, keyword("price", "share price")), from("cakes", false, keyword("pie", "apple"))},
			[]string{"warning keyword[1].phrases.en[0] vocabulary price"}},
		{"a phrase before", []catalogue.Keyword{from("cakes", false, keyword("pie", "pies", "Apple, Inc.")), from("prices", true, keyword("price", "share price"))},
			[]string{"warning keyword[1].bare vocabulary pie"}},
		{"its own phrase", []catalogue.Keyword{from("prices", true, keyword("price", "share price", "wipro"))}, nil},
		{"a keyword that its names alone do not call", []catalogue.Keyword{from("prices", false, keyword("price", "share price")), keyword("pie", "apple")}, nil},
		{"a source that knows nothing", []catalogue.Keyword{from("cakes", true, keyword("cake", "cakes")), keyword("pie", "apple")}, nil},
		{"the same answer by another way", []catalogue.Keyword{from("prices", true, keyword("price", "share price")), same}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(catalogue.Check(english(tt.keywords...), prices))); diff != "" {
				t.Error(diff)
			}
			if found := catalogue.Check(english(tt.keywords...), nil); len(found) != 0 {
				t.Errorf("without vocabularies: %v", brief(found))
			}
		})
	}
}

func TestASourceIsLookedAtOnce(t *testing.T) {
	asked := map[string]int{}
	catalogue.Check(english(
		from("prices", true, keyword("a", "share price")), from("prices", true, keyword("b", "stock quote")), from("cakes", false, keyword("c", "pies")),
	), func(source string) catalogue.About {
		asked[source]++
		return catalogue.About{}
	})
	if diff := cmp.Diff(map[string]int{"prices": 1, "cakes": 1}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestFindingsFollowAVocabulary(t *testing.T) {
	l := catalogue.NewLinter(english(from("prices", true, keyword("price", "share price")), from("cakes", false, keyword("pie", "apple"))))
	expect := func(step string, want map[string][]string) {
		t.Helper()
		got := map[string][]string{}
		for id, found := range l.Findings() {
			got[id] = brief(found)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", step, diff)
		}
	}
	expect("at first", map[string][]string{})
	l.Know("prices", catalogue.About{Terms: tickers})
	expect("with names", map[string][]string{"pie": {"warning phrases.en[0] vocabulary price"}, "price": {"warning bare vocabulary pie"}})
	l.Know("cakes", catalogue.About{Terms: tickers})
	l.Put(from("cakes", true, keyword("pie", "apple")))
	expect("both by name", map[string][]string{"pie": {"warning phrases.en[0] vocabulary price"}, "price": {"warning bare vocabulary pie"}})
	l.Put(from("prices", false, keyword("price", "share price")))
	expect("no longer by name", map[string][]string{})
	l.Put(from("prices", true, keyword("price", "share price", "wipro")))
	l.Know("prices", catalogue.About{Terms: tickers[:1]})
	l.Know("cakes", catalogue.About{})
	expect("with other names", map[string][]string{})
}

func TestAKeywordThatIsItsOwnArgumentNamesAnEntry(t *testing.T) {
	dishes := []what.Term{{Value: "Gâteau au chocolat", Names: []string{"Fondant"}}, {Value: "Tiramisu"}}
	k := func(id, argument, query string, phrases ...string) catalogue.Keyword {
		return catalogue.Keyword{ID: id, Source: "recipes", Argument: argument, Query: query, Phrases: map[string][]string{"en": phrases}}
	}
	for _, tt := range []struct {
		keyword catalogue.Keyword
		warned  bool
	}{
		{k("a", "none", "", "pizza"), true}, {k("b", "none", "", "gateau au chocolat"), false}, {k("c", "", "", "chocolat"), false},
		{k("d", "none", "*", "newest"), false}, {k("e", "none", "Tiramisu", "italian"), false}, {k("f", "optional", "", "recipe"), false},
		{k("g", "none", "", "dessert", "tiramisu"), false}, {k("h", "none", "", "chocolat noir"), true},
	} {
		p := english(tt.keyword)
		l := catalogue.NewLinter(p)
		known := catalogue.About{Terms: dishes, Named: true}
		l.Know("recipes", known)
		for name, found := range map[string][]catalogue.Finding{
			"check":   catalogue.Check(p, func(string) catalogue.About { return known }),
			"linter":  l.Findings()[tt.keyword.ID],
			"unknown": catalogue.Check(p, nil),
		} {
			warned := slices.ContainsFunc(found, func(f catalogue.Finding) bool { return f.Code == catalogue.CodeUnnamed && f.In("de") != f.Message })
			if warned != (tt.warned && name != "unknown") {
				t.Errorf("%s: %s of %q found %v", tt.keyword.ID, name, tt.keyword.Phrases["en"], found)
			}
		}
	}
}

func TestALinterHearsOfEntriesThatComeLater(t *testing.T) {
	l := catalogue.NewLinter(english(catalogue.Keyword{ID: "pie", Source: "recipes", Phrases: map[string][]string{"en": {"apple pie"}}}))
	for _, tt := range []struct {
		terms []what.Term
		want  int
	}{{nil, 0}, {[]what.Term{{Value: "Tiramisu"}}, 1}, {[]what.Term{{Value: "Tiramisu"}, {Value: "Apple pie"}}, 0}, {[]what.Term{{Value: "Tiramisu"}}, 1}} {
		l.Know("recipes", catalogue.About{Terms: tt.terms, Named: true})
		if got := len(l.Findings()["pie"]); got != tt.want {
			t.Errorf("with %v there are %d findings, want %d", tt.terms, got, tt.want)
		}
	}
}
