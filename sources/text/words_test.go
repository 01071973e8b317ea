package text_test

import (
	"errors"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/sources/text"
)

func TestTheKindSpeaksFrenchAndGerman(t *testing.T) {
	if err := text.Kind.Words.Complete(text.Kind.New(), "fr", "de"); err != nil {
		t.Error(err)
	}
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"an end before the beginning", map[string]any{"answers": []any{map[string]any{
			"text": "x", "from": "2026-12-24T18:00:00Z", "until": "2026-12-01T18:00:00Z",
		}}}, []string{"answers[0].until: Diese Antwort endet, bevor sie beginnt; legen Sie das Ende hinter den Beginn."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(text.Kind.New(), tt.values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de", text.Kind.Words) {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
