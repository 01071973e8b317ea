package sourcetest

import (
	"errors"
	"os"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/sources"
)

// Words holds the message files of a kind, in whose folder the test runs, against
// its code; built are the beginnings of keys that the code puts together.
func Words(t *testing.T, kind sources.Kind, built ...string) {
	t.Helper()
	set, err := settings.Load(os.DirFS("."), kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: append(settings.Keys(kind.New()), built...)})
}

// Complaint is what settings are refused with.
type Complaint struct {
	Values map[string]any
	// Want are the complaints in German, each behind its field.
	Want []string
}

// Complaints fills in the settings of a kind as people do by mistake.
func Complaints(t *testing.T, kind sources.Kind, all map[string]Complaint) {
	t.Helper()
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(kind.New(), c.Values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de") {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, c.Want) {
				t.Errorf("got %q, want %q", got, c.Want)
			}
		})
	}
}
