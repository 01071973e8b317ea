package recipe_test

import (
	"errors"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/sources/recipe"
)

func TestTheKindSpeaksFrenchAndGerman(t *testing.T) {
	if err := recipe.Kind.Words.Complete(recipe.Kind.New(), "fr", "de"); err != nil {
		t.Error(err)
	}
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"neither pages nor a folder", nil, []string{"urls: Geben Sie entweder Seiten, eine Sitemap oder einen Ordner an, und nur eines davon."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(recipe.Kind.New(), tt.values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de", recipe.Kind.Words) {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
