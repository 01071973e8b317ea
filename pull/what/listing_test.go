package what_test

import (
	"testing"

	"keypull/pull/what"
)

func TestSeveralEntriesOfAVocabularyAreOneAsk(t *testing.T) {
	terms := what.NewVocabulary([]what.Term{
		{Value: "WIPRO", Names: []string{"Wipro Limited"}}, {Value: "INFY", Names: []string{"Infosys"}}, {Value: "TCS", Names: []string{"Tata Consultancy"}},
		{Value: "SAP"}, {Value: "AAA", Names: []string{"Twin"}}, {Value: "BBB", Names: []string{"Twin"}},
	})
	keyword := what.Keyword{
		ID: "price", Phrases: map[string][]string{"en": {"price"}}, Argument: what.ArgumentOptional, Vocabulary: terms, Bare: true, Several: true,
	}
	single := keyword
	single.Several = false
	for _, tt := range []struct {
		keyword        what.Keyword
		text, argument string
		runs           bool
	}{
		{keyword, "WIPRO INFY", "WIPRO, INFY", true},
		{keyword, "wipro and infosys", "WIPRO, INFY", true},
		{keyword, "wipro limited, tata consultancy und infy", "WIPRO, TCS, INFY", true},
		{keyword, "price wipro and infosys", "WIPRO, INFY", true},
		{keyword, "wipro en infosys", "WIPRO, INFY", true},
		{keyword, "wipro i infosys", "WIPRO, INFY", true},
		{keyword, "wipro와 infosys", "WIPRO, INFY", true},
		{keyword, "wipro وinfosys", "WIPRO, INFY", true},
		{keyword, "wipro infosys price", "WIPRO, INFY", true},
		{keyword, "wipro et sap", "WIPRO, SAP", true}, // a word of Catalan
		{keyword, "wipro", "WIPRO", true},
		{keyword, "wipro twin", "", false},
		{keyword, "wipro or something", "", false},
		{single, "WIPRO INFY", "", false},
	} {
		m := what.NewIndex([]what.Keyword{tt.keyword}, what.Options{}).Match(tt.text, "en")
		got := ""
		if m.Decision == what.Run {
			got = m.Candidates[0].Argument
		}
		if (m.Decision == what.Run) != tt.runs || got != tt.argument {
			t.Errorf("%q: %v with %q, want %q", tt.text, m.Decision, got, tt.argument)
		}
	}
}
