package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

func keyword(id string, phrases ...string) catalogue.Keyword {
	return catalogue.Keyword{ID: id, Phrases: map[string][]string{"en": phrases}}
}

func TestCheckFinds(t *testing.T) {
	early := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	late := early.Add(time.Hour)
	with := func(k catalogue.Keyword, change func(*catalogue.Keyword)) catalogue.Keyword {
		change(&k)
		return k
	}
	tie := func(k *catalogue.Keyword) { k.Tie = true }
	forLanguage := func(l string) func(*catalogue.Keyword) {
		return func(k *catalogue.Keyword) { k.Audience = map[string][]string{"language": {l}} }
	}
	tests := []struct {
		name     string
		keywords []catalogue.Keyword
		want     []string
	}{
		{"nothing in a good catalogue", []catalogue.Keyword{keyword("a", "news", "headlines"), keyword("b", "weather")}, nil},
		{"a phrase of two keywords, however it is written", []catalogue.Keyword{keyword("a", "news"), keyword("b", "x-ray", "NEWS!")},
			[]string{"error keyword[1].phrases.en[1] duplicate"}},
		{"a phrase of three keywords, told twice", []catalogue.Keyword{keyword("a", "news"), keyword("b", "news"), keyword("c", "news")},
			[]string{"error keyword[1].phrases.en[0] duplicate", "error keyword[2].phrases.en[0] duplicate"}},
		{"a tie that both mean", []catalogue.Keyword{with(keyword("a", "news"), tie), with(keyword("b", "news"), tie)}, nil},
		{"a tie that one means", []catalogue.Keyword{with(keyword("a", "news"), tie), keyword("b", "news")},
			[]string{"error keyword[1].phrases.en[0] duplicate"}},
		{"nothing where audiences differ", []catalogue.Keyword{with(keyword("a", "news"), forLanguage("fr")), keyword("b", "news")}, nil},
		{"a phrase that keyword itself repeats: nothing", []catalogue.Keyword{keyword("a", "news", "News")}, nil},
		{"a phrase that differs by an accent", []catalogue.Keyword{keyword("a", "pate"), keyword("b", "pâté")},
			[]string{"warning keyword[1].phrases.en[0] shadowed"}},
		{"a phrase shared across languages", []catalogue.Keyword{keyword("a", "chat"), {ID: "b", Phrases: map[string][]string{"fr": {"chat"}}}},
			[]string{"warning keyword[1].phrases.fr[0] shadowed"}},
		{"phrases that one typing error turns into each other", []catalogue.Keyword{
			keyword("a", "cake", "recipe", "form", "ten", "part 1", "lamb"), keyword("b", "bake", "recipes", "from", "tent", "part 2", "ambl"),
		}, []string{
			"warning keyword[1].phrases.en[0] neighbour", "warning keyword[1].phrases.en[1] neighbour", "warning keyword[1].phrases.en[2] neighbour",
		}},
		{"no neighbours where a digit stands for a letter", []catalogue.Keyword{keyword("a", "part x", "day 1"), keyword("b", "part 1", "day x")}, nil},
		{"the word that stops", []catalogue.Keyword{keyword("a", "Stop")}, []string{"error keyword[0].phrases.en[0] reserved"}},
		{"no words", []catalogue.Keyword{keyword("a", "  ", "ok")}, []string{"error keyword[0].phrases.en[0] empty"}},
		{"a language without phrases", []catalogue.Keyword{keyword("a")}, []string{"error keyword[0].phrases.en empty"}},
		{"one letter, not one sign or picture", []catalogue.Keyword{keyword("a", "x", "雨", "☀️", "7")},
			[]string{"warning keyword[0].phrases.en[0] too_short", "warning keyword[0].phrases.en[3] too_short"}},
		{"languages that the publisher lacks", []catalogue.Keyword{{
			ID: "a", Phrases: map[string][]string{"de": {"wetter"}, "en-GB": {"weather"}},
			Template: catalogue.Localised{"": "x", "it": "y"}, Audience: map[string][]string{"language": {"es"}},
		}}, []string{
			"warning keyword[0].template.it wrong_language", "warning keyword[0].audience.language unreachable",
			"warning keyword[0].phrases.de wrong_language",
		}},
		{"an end before the beginning", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.From, k.Until = &late, &early })},
			[]string{"error keyword[0].until unreachable"}},
		{"a query that is never asked", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.Argument, k.Query = "required", "x" })},
			[]string{"warning keyword[0].query unused"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range catalogue.Check(catalogue.Publisher{Languages: []string{"en", "fr"}, Keywords: tt.keywords}) {
				got = append(got, string(f.Severity)+" "+f.Path+" "+f.Code)
				if !strings.HasSuffix(f.Message, ".") {
					t.Errorf("%q is no sentence", f.Message)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLocalisedFallsBackToTheLanguageThenToEverybody(t *testing.T) {
	l := catalogue.Localised{"": "all", "pt": "pt", "zh-Hant": "hant"}
	for language, want := range map[string]string{
		"pt": "pt", "pt-BR": "pt", "zh-Hant-TW": "hant", "zh-Hans": "all", "": "all", "en": "all",
	} {
		if got := l.In(language); got != want {
			t.Errorf("%q gives %q, want %q", language, got, want)
		}
	}
}

func TestAPublisherIsOneSettingsStruct(t *testing.T) {
	var p catalogue.Publisher
	p.Defaults()
	anything := func(string) error { return nil }
	if err := settings.Verify(&p, settings.Checks{"cron": anything, "hours": anything}); err != nil {
		t.Error(err)
	}
	err := settings.Fill(&p, map[string]any{
		"id": "p", "name": "P", "languages": []any{"en"},
		"keyword": []any{map[string]any{"id": "k", "source": "s", "phrases": map[string]any{"en": []any{"k"}}, "template": "t"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := catalogue.Keyword{
		ID: "k", Source: "s", Phrases: map[string][]string{"en": {"k"}}, Argument: "none", Count: 1, Stamp: "stale",
		Template: catalogue.Localised{"": "t"},
	}
	if diff := cmp.Diff(want, p.Keywords[0]); diff != "" {
		t.Error(diff)
	}
}
