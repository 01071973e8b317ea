package calendar_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/sources/calendar"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), calendar.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: append(settings.Keys(calendar.Kind.New()), "weekday_")})
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"nothing at all", nil, []string{"url: Geben Sie eine Adresse, eine Datei oder hours an."}},
		{"hours that are none", map[string]any{"hours": []any{"mon 9-17"}}, []string{"hours: „9“ ist keine Uhrzeit; schreiben Sie sie wie 09:15"}},
		{"free times without hours", map[string]any{"url": "https://example.org/a.ics", "slots": "30m"}, []string{"hours: slots liegen innerhalb der Öffnungszeiten: Geben Sie diese an."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(calendar.Kind.New(), tt.values); !errors.As(err, &problems) {
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
