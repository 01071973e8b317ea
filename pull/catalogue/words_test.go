package catalogue_test

import (
	"errors"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

func TestTheCatalogueSpeaksFrenchAndGerman(t *testing.T) {
	tests := []struct {
		name  string
		v     any
		words settings.Words
	}{
		{"publisher", &catalogue.Publisher{}, catalogue.PublisherWords()},
		{"source", &catalogue.Source{}, catalogue.SourceWords()},
		{"keyword", &catalogue.Keyword{}, catalogue.KeywordWords()},
		{"channel", &catalogue.Channel{}, catalogue.ChannelWords()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.words.Complete(tt.v, "fr", "de"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatChecksOfOthersSayIsTranslated(t *testing.T) {
	bad := func(string) error { return errors.New("Write it well: the parser's own words") }
	var p catalogue.Publisher
	err := settings.Draft(&p, map[string]any{
		"id": "p", "name": "P", "languages": []any{"en"}, "time_zone": "UTC",
		"source":  []any{map[string]any{"id": "s", "kind": "feed", "refresh": "x"}},
		"keyword": []any{map[string]any{"id": "k", "source": "s", "phrases": map[string]any{"en": []any{"k"}}, "hours": []any{"x"}}},
	}, settings.Checks{"cron": bad, "hours": bad})
	var problems settings.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("got %v, want two problems", err)
	}
	got := problems.In("fr-CA", catalogue.PublisherWords())
	if want := "Écrivez une ligne cron de cinq champs, par exemple */5 6-22 * * *, ou @every 5m."; got[0].Message != want {
		t.Errorf("got %q, want %q", got[0].Message, want)
	}
	if want := "Écrivez des jours et des heures, par exemple mon-fri 09:15-15:30."; got[1].Message != want {
		t.Errorf("got %q, want %q", got[1].Message, want)
	}
	if got, want := problems.In("it")[0].Message, "Write it well: the parser's own words."; got != want {
		t.Errorf("without words got %q, want %q", got, want)
	}
}
