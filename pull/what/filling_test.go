package what_test

import (
	"testing"

	"keypull/pull/what"
)

// asking returns an outlet whose keywords are asked for something, of which it knows nothing.
func asking() *what.Index {
	word := func(id string, phrases map[string][]string) what.Keyword {
		return what.Keyword{ID: id, Phrases: phrases, Argument: what.ArgumentOptional}
	}
	return what.NewIndex([]what.Keyword{
		word("weather", map[string][]string{"en": {"weather"}, "de": {"Wetter"}, "fr": {"météo"}, "it": {"meteo"}, "nl": {"weer"}, "ko": {"날씨"}, "ru": {"погода"}}),
		word("recipe", map[string][]string{"en": {"recipe"}, "de": {"Rezept"}, "fr": {"recette"}, "it": {"ricetta"}, "nl": {"recept"}, "ru": {"рецепт"}}),
		word("bus", map[string][]string{"en": {"bus"}, "de": {"Bus"}, "fr": {"bus"}, "it": {"autobus"}}),
	}, what.Options{})
}

// TestSeveralWordsAreAnArgument holds that what stands beside a keyword and says nothing else is what it is
// asked for, in several words too, and that a sentence about it is not.
func TestSeveralWordsAreAnArgument(t *testing.T) {
	ix := asking()
	for _, tt := range []struct{ text, keyword, argument string }{
		{"recipe leek and potato soup", "recipe", "leek and potato soup"},
		{"rezept mit linsen und speck", "recipe", "linsen und speck"},
		{"recettes avec lentilles et citron confit", "recipe", "lentilles et citron confit"},
		{"weather new york tomorrow", "weather", "new york"},
		{"météo saint jean de luz demain", "weather", "saint jean de luz"},
		{"bus 12 from town hall", "bus", "12 from town hall"},
		{"show me recipes with lentils and rice", "recipe", "lentils and rice"},
		{"have you got a recipe for sticky toffee pudding", "recipe", "sticky toffee pudding"},
		// What is said of a keyword is a sentence, with or without a verb that is known.
		{"weather is getting worse tomorrow", "", ""}, {"weather every winter here", "", ""}, {"wetter wird morgen besser", "", ""},
		{"recipe turned out dry, sadly", "", ""}, {"weather good, mood good", "", ""},
		{"날씨 추워지니까 붕어빵 생각남", "", ""},
		// An everyday word in front of a keyword is none of its names.
		{"hours of weather", "", ""},
	} {
		runs(t, ix, tt.text, tt.keyword, tt.argument)
	}
}

// TestAnArgumentIsTakenBack holds that who takes back what a keyword was asked for gets what is named instead.
func TestAnArgumentIsTakenBack(t *testing.T) {
	ix := asking()
	for _, tt := range []struct{ text, keyword, argument string }{
		{"weather leeds no wait york", "weather", "york"},
		{"weather leeds, sorry, york", "weather", "york"},
		{"recipe for chicken pie, actually no make it fish pie", "recipe", "fish pie"},
		{"rezept rotkohl äh nein grünkohl", "recipe", "grünkohl"},
		{"meteo lucca anzi no pisa", "weather", "pisa"},
		{"weer deventer o nee apeldoorn bedoel ik", "weather", "apeldoorn"},
		{"погода тула ой нет калуга", "weather", "калуга"},
		// A single "no" leaves something out, and what is no wish takes nothing back.
		{"weather was awful all week, sorry guys", "", ""},
	} {
		runs(t, ix, tt.text, tt.keyword, tt.argument)
	}
	if m := ix.Match("recipe chicken no cream"); m.Decision == what.Run && m.Candidates[0].Argument == "cream" {
		t.Errorf("what is not wanted is asked for: %+v", m)
	}
}

// runs holds that a message runs a keyword with an argument, or nothing.
func runs(t *testing.T, ix *what.Index, text, keyword, argument string, languages ...string) {
	t.Helper()
	m := ix.Match(text, languages...)
	got := what.Candidate{}
	if m.Decision == what.Run {
		got = m.Candidates[0]
	}
	if got.Keyword != keyword || got.Argument != argument {
		t.Errorf("%q runs %q with %q (%s %v)", text, got.Keyword, got.Argument, m.Decision, m.Certainty.Value)
	}
}
