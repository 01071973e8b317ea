package catalogue_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

var blank = regexp.MustCompile(`\{\w+\}`)

func TestEveryFindingHasAWholeSentenceInEveryLanguage(t *testing.T) {
	a := keyword("a", "news", "stop", "menu", "x", "  ", "weather", "chat", "{other}", "boxing", "thanks", "without", "погода", "wipro",
		strings.Repeat("endless ", 80), "one two three four five six seven eight nine ten eleven")
	a.Argument, a.Query, a.Template = "required", "q", catalogue.Localised{"it": "x"}
	a.Bare, a.Source = true, "words"
	b := keyword("b", "news", "weathre", "chât", "boxes", "mars")
	b.Bare, b.Source = true, "prices"
	l := catalogue.NewLinter(english(b))
	l.Know("prices", catalogue.About{Terms: []what.Term{{Value: "WIPRO"}}})
	l.Know("words", catalogue.About{Terms: []what.Term{{Value: "Mars"}}})
	nameless := a
	nameless.ID = ""
	found := slices.Concat(l.Check(a), l.Check(nameless), l.Check(keyword("c", "without")))
	seen := map[string]bool{}
	for _, f := range found {
		seen[f.Key] = true
		for _, language := range []string{"en", "fr", "de-CH", "FR", "es", "xx", ""} {
			text := f.In(language)
			if text == "" || blank.MatchString(strings.ReplaceAll(text, "{other}", "")) || strings.ContainsAny(text, "[]") {
				t.Errorf("%s in %q: %q", f.Key, language, text)
			}
		}
		if f.In("en") != f.Message || f.In("xx") != f.Message || f.In("fr") == f.Message || f.In("de") == f.In("fr") {
			t.Errorf("%s speaks %q, %q and %q", f.Key, f.In("en"), f.In("fr"), f.In("de"))
		}
	}
	if len(seen) < 17 {
		t.Errorf("only %v were found", seen)
	}
}

func TestAFindingTellsWhatWasWritten(t *testing.T) {
	found := catalogue.NewLinter(english(keyword("b", "news"))).Check(keyword("a", "NEWS\x1b"))
	if len(found) != 1 {
		t.Fatalf("got %+v", found)
	}
	f := found[0]
	if !strings.HasPrefix(f.Message, `“NEWS” of the keyword “NEWS” is a duplicate: it calls the keyword “news (b)” too`) {
		t.Errorf("in English %q", f.Message)
	}
	if !strings.HasPrefix(f.In("de"), "„NEWS“ des Stichworts „NEWS“ ist doppelt: Es ruft auch das Stichwort „news (b)“ auf") {
		t.Errorf("in German %q", f.In("de"))
	}
	if f.Args["phrase"] != "NEWS\x1b" || f.Args["other"] != "b" {
		t.Errorf("args %v", f.Args)
	}
}
