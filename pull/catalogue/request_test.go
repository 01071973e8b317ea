package catalogue_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// What is wrong with a request is told at its field, all of it at once.
func TestWhatIsWrongWithARequestIsTold(t *testing.T) {
	anything := func(string) error { return nil }
	day := map[string]any{"text": map[string]any{"en": "Which day?"}, "slot": "date"}
	for name, c := range map[string]struct {
		source  string
		request map[string]any
		want    []string
	}{
		"an incident":                      {"", map[string]any{"kind": "incident", "ask": []any{day}}, nil},
		"an appointment with its calendar": {"town", map[string]any{"kind": "appointment"}, nil},
		"none, and no source":              {"", map[string]any{}, []string{"source"}},
		"an appointment without one":       {"", map[string]any{"kind": "appointment"}, []string{"source"}},
		"an order with a source":           {"town", map[string]any{"kind": "order"}, []string{"source"}},
		"questions of no request":          {"town", map[string]any{"ask": []any{day}}, []string{"request.kind"}},
		"four questions":                   {"", map[string]any{"kind": "order", "ask": []any{day, day, day, day}}, []string{"request.ask"}},
		"a question without words":         {"", map[string]any{"kind": "order", "ask": []any{map[string]any{"text": map[string]any{"en": " "}}}}, []string{"request.ask[0].text"}},
		"a long choice":                    {"", map[string]any{"kind": "order", "ask": []any{map[string]any{"text": "What?", "choices": map[string]any{"en": []any{strings.Repeat("x", 41)}}}}}, []string{"request.ask[0].choices"}},
		"a kind that is none":              {"", map[string]any{"kind": "wish"}, []string{"request.kind", "source"}},
	} {
		t.Run(name, func(t *testing.T) {
			var k catalogue.Keyword
			k.Defaults()
			err := settings.FillWith(&k, map[string]any{"id": "k", "source": c.source, "phrases": map[string]any{"en": []any{"word"}}, "request": c.request}, settings.Checks{"cron": anything, "hours": anything})
			var problems settings.Problems
			if err != nil && !errors.As(err, &problems) {
				t.Fatal(err)
			}
			var fields []string
			for _, p := range problems {
				fields = append(fields, p.Field)
			}
			if slices.Sort(fields); !slices.Equal(fields, c.want) {
				t.Errorf("%v", problems)
			}
		})
	}
}
