package moment_test

import (
	"testing"
	"time"

	"keypull/pull/what/moment"
)

func TestPartsOfADayAreRead(t *testing.T) {
	for _, c := range []struct {
		language, text string
		behind         bool
		from, to       int
		today          bool
	}{
		{"en", "in the morning", false, 5, 12, false}, {"en", "this afternoon", false, 12, 18, true}, {"en", "evening", false, 18, 24, false},
		{"en", "tonight", false, 18, 29, true}, {"en", "lunchtime", false, 12, 14, false}, {"de", "heute nacht", false, 22, 29, true},
		{"de", "morgen", true, 5, 12, false}, {"de", "morgen", false, 0, 0, false}, {"es", "tarde", true, 12, 18, false}, {"es", "tarde", false, 0, 0, false},
		{"zh", "中午", false, 12, 14, false}, {"en", "am", false, 0, 0, false}, {"en", "pm", false, 0, 0, false}, {"en", "jazz", false, 0, 0, false},
		{"de", "stasera", false, 18, 24, true}, {"fr", "sera", false, 0, 0, false},
	} {
		got, ok := moment.ReadPart(c.text, c.behind, c.language)
		if want := (moment.Part{From: c.from, To: c.to, Today: c.today}); got != want || ok != (c.to > 0) {
			t.Errorf("%s %q is %+v, %v; want %+v", c.language, c.text, got, ok, want)
		}
	}
	rest, part, ok := moment.CutPart("samstagabend", "de")
	if !ok || rest != "samstag" || !part.Holds(time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)) || part.Holds(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("%q, %+v, %v", rest, part, ok)
	}
	if night, _ := moment.ReadPart("tonight", false, "en"); !night.Holds(time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)) {
		t.Error("a night ends at midnight")
	}
}
