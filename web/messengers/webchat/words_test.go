package webchat_test

import (
	"errors"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, webchat.Kind, "widget.")
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"an origin with a path", map[string]any{"origins": []any{"https://example.org/"}},
			[]string{"origins: Schreiben Sie jede Website mit https:// und ihrem Namen in Kleinbuchstaben, ohne das, was dahinter kommt, etwa https://www.example.org."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(webchat.Kind.New(), tt.values); !errors.As(err, &problems) {
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
