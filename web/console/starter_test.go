package console_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/consoletest"
)

// outletIn returns a desk with a publisher that has nothing yet.
func outletIn(t *testing.T, languages ...string) *desk {
	t.Helper()
	return newDesk(t, catalogue.Publisher{ID: "lecker", Name: "The Post", Languages: languages, TimeZone: "Europe/Paris", Autocorrect: "confident"})
}

// Every answer has something to fill in, and every set can be adopted whole by outlets of
// one language and of several.
func TestEverySetIsAdoptedWhole(t *testing.T) {
	for _, languages := range [][]string{{"en"}, {"de"}, {"fr", "en"}, {"es", "de", "fr", "en"}, {"sw"}} {
		t.Run(strings.Join(languages, " "), func(t *testing.T) {
			ctx, of := as(t, people.Editor), console.Of{Publisher: "lecker"}
			listed, err := consoletest.Call[console.StarterList, console.StarterListed](ctx, outletIn(t, languages...), "starter.list", console.StarterList{Of: of, Language: languages[0]})
			if err != nil || len(listed.Sets) < 4 {
				t.Fatalf("%d sets, %v", len(listed.Sets), err)
			}
			for _, set := range listed.Sets {
				d := outletIn(t, languages...)
				in := console.StarterAdopt{Of: of, Set: set.Name}
				for _, e := range set.Entries {
					if len(e.Texts) == 0 || len(e.Texts) > len(languages) {
						t.Errorf("%s, %s has %d texts", set.Name, e.Name, len(e.Texts))
					}
					for language, text := range e.Texts {
						if !strings.Contains(text, settings.Gap) {
							t.Errorf("%s, %s has nothing to fill in: %s", set.Name, e.Name, text)
						}
						in.Answers = append(in.Answers, console.StarterAnswer{Entry: e.Name, Language: language, Text: strings.ReplaceAll(text, settings.Gap, "ours")})
					}
				}
				out, err := consoletest.Call[console.StarterAdopt, console.SourceAdopted](ctx, d, "starter.adopt", in)
				if err != nil || len(out.Keywords) != len(set.Entries) || len(out.Sources) != len(set.Entries) {
					t.Fatalf("%s makes %d keywords of %d: %v", set.Name, len(out.Keywords), len(set.Entries), err)
				}
				after := d.Publisher("lecker")
				for i, id := range out.Keywords {
					k, _ := after.Keyword(id)
					for language, phrases := range set.Entries[i].Phrases {
						if !strings.EqualFold(k.Phrases[language][0], phrases[0]) {
							t.Errorf("%s, %s is asked for by %q, want %q", set.Name, id, k.Phrases[language], phrases)
						}
					}
				}
				again, err := consoletest.Call[console.StarterList, console.StarterListed](ctx, d, "starter.list", console.StarterList{Of: of})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range again.Sets {
					if s.Name == set.Name && slices.ContainsFunc(s.Entries, func(e console.StarterEntry) bool { return !e.Standing }) {
						t.Errorf("%s offers what stands", set.Name)
					}
				}
			}
		})
	}
}

func TestWhatIsNotFilledInIsRefusedAndChangesNothing(t *testing.T) {
	of := console.Of{Publisher: "lecker"}
	for name, c := range map[string]struct {
		answers []console.StarterAnswer
		field   string
	}{
		"nothing":                 {nil, "answers"},
		"a gap":                   {[]console.StarterAnswer{{Entry: "contact", Language: "en", Text: "Call 112, or " + settings.Gap}}, "answers.contact.en"},
		"an empty text":           {[]console.StarterAnswer{{Entry: "contact", Language: "en", Text: " "}}, "answers.contact.en"},
		"an entry that is no one": {[]console.StarterAnswer{{Entry: "weather", Language: "en", Text: "Fine."}}, "answers.weather.en"},
		"another language":        {[]console.StarterAnswer{{Entry: "contact", Language: "fr", Text: "Ici."}}, "answers.contact.fr"},
	} {
		t.Run(name, func(t *testing.T) {
			d := outletIn(t, "en")
			var problems settings.Problems
			_, err := consoletest.Call[console.StarterAdopt, console.SourceAdopted](as(t, people.Editor), d, "starter.adopt", console.StarterAdopt{Of: of, Set: "office", Answers: c.answers})
			if !errors.As(err, &problems) || problems[0].Field != c.field {
				t.Errorf("refused with %v, want one about %s", err, c.field)
			}
			if n := len(d.Publisher("lecker").Sources); n > 0 {
				t.Errorf("%d sources were added", n)
			}
		})
	}
}
