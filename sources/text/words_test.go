package text_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/sources/text"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), text.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(text.Kind.New())})
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"an end before the beginning", map[string]any{"answers": []any{map[string]any{
			"text": "x", "from": "2026-12-24T18:00:00Z", "until": "2026-12-01T18:00:00Z",
		}}}, []string{"answers[0].until: Diese Antwort endet, bevor sie beginnt; legen Sie answers.until hinter answers.from."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(text.Kind.New(), tt.values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de") {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
