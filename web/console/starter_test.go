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

// Titles are in the language that is asked for, else in that of who asks.
func TestSetsAreTitledInTheLanguageOfWhoAsks(t *testing.T) {
	seen := map[string]string{}
	for _, c := range []struct{ caller, asked, want string }{{"", "", "en"}, {"de", "", "de"}, {"fr", "", "fr"}, {"es", "", "es"}, {"en", "", "en"}, {"fr", "de", "de"}, {"xx", "", "en"}} {
		ctx := console.WithCaller(t.Context(), console.Principal{ID: "p1", Language: c.caller, Roles: map[string]people.Role{"lecker": people.Editor}})
		listed, err := consoletest.Call[console.StarterList, console.StarterListed](ctx, outletIn(t, "en"), "starter.list", console.StarterList{Of: console.Of{Publisher: "lecker"}, Language: c.asked})
		if err != nil {
			t.Fatal(err)
		}
		got := listed.Sets[0].Title + listed.Sets[0].Help
		for language, title := range seen {
			if (title == got) != (language == c.want) {
				t.Errorf("%+v: %q is that of %s", c, got, language)
			}
		}
		seen[c.want] = got
	}
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
					if e.Request != "" {
						in.Requests = append(in.Requests, e.Name)
						if len(e.Texts) != 0 || len(e.Ask) < 2 || len(e.Ask) > catalogue.MostAsked || len(e.Ask[0].Texts) != len(e.Phrases) {
							t.Errorf("%s, %s asks %+v", set.Name, e.Name, e.Ask)
						}
						continue
					}
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
				if err != nil || len(out.Keywords) != len(set.Entries) || len(out.Sources)+len(in.Requests) != len(set.Entries) {
					t.Fatalf("%s makes %d keywords of %d: %v", set.Name, len(out.Keywords), len(set.Entries), err)
				}
				after := d.Publisher("lecker")
				// The requests come behind the answers.
				slices.SortStableFunc(set.Entries, func(a, b console.StarterEntry) int { return min(1, len(a.Request)) - min(1, len(b.Request)) })
				for i, id := range out.Keywords {
					k, _ := after.Keyword(id)
					e := set.Entries[i]
					for language, phrases := range e.Phrases {
						if !strings.EqualFold(k.Phrases[language][0], phrases[0]) {
							t.Errorf("%s, %s is asked for by %q, want %q", set.Name, id, k.Phrases[language], phrases)
						}
						for n, q := range e.Ask {
							if got := k.Request.Ask[n]; got.Text[language] != q.Texts[language] || got.Slot != q.Slot {
								t.Errorf("%s, %s asks %+v", set.Name, id, got)
							}
						}
					}
					if k.Request.Kind != e.Request || (k.Source == "") != (e.Request != "") {
						t.Errorf("%s, %s is a request %q with source %q", set.Name, id, k.Request.Kind, k.Source)
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
		answers  []console.StarterAnswer
		field    string
		requests []string
	}{
		"nothing":                 {field: "answers"},
		"a request that is none":  {field: "requests.contact", requests: []string{"missing_paper", "contact"}},
		"a gap":                   {[]console.StarterAnswer{{Entry: "contact", Language: "en", Text: "Call 112, or " + settings.Gap}}, "answers.contact.en", nil},
		"an empty text":           {[]console.StarterAnswer{{Entry: "contact", Language: "en", Text: " "}}, "answers.contact.en", nil},
		"an entry that is no one": {[]console.StarterAnswer{{Entry: "weather", Language: "en", Text: "Fine."}}, "answers.weather.en", nil},
		"another language":        {[]console.StarterAnswer{{Entry: "contact", Language: "fr", Text: "Ici."}}, "answers.contact.fr", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := outletIn(t, "en")
			var problems settings.Problems
			_, err := consoletest.Call[console.StarterAdopt, console.SourceAdopted](as(t, people.Editor), d, "starter.adopt", console.StarterAdopt{Of: of, Set: "office", Answers: c.answers, Requests: c.requests})
			if !errors.As(err, &problems) || problems[0].Field != c.field {
				t.Errorf("refused with %v, want one about %s", err, c.field)
			}
			if p := d.Publisher("lecker"); len(p.Sources)+len(p.Keywords) > 0 {
				t.Errorf("%d sources and %d keywords were added", len(p.Sources), len(p.Keywords))
			}
		})
	}
}
