package when_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/when"
)

func hours(t *testing.T, lines ...string) when.Hours {
	t.Helper()
	h, err := when.ParseHours(lines)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// 20 November 2026 is a Friday.
func TestHours(t *testing.T) {
	market := []string{"mon-fri 09:15-15:30"}
	tests := []struct {
		name, zone string
		lines      []string
		at         string
		open       bool
		next       string
	}{
		{"always open", "UTC", nil, "2026-11-20T03:00:00Z", true, "2026-11-20T03:00:00Z"},
		{"before the opening", "Asia/Kolkata", market, "2026-11-20T09:14:59+05:30", false, "2026-11-20T09:15:00+05:30"},
		{"at the opening", "Asia/Kolkata", market, "2026-11-20T09:15:00+05:30", true, "2026-11-20T09:15:00+05:30"},
		{"the end is not in it", "Asia/Kolkata", market, "2026-11-20T15:30:00+05:30", false, "2026-11-23T09:15:00+05:30"},
		{"a list of days", "UTC", []string{"sat,sun 10:00-12:00"}, "2026-11-20T11:00:00Z", false, "2026-11-21T10:00:00Z"},
		{"days over the end of the week", "UTC", []string{"fri-mon 10:00-12:00"}, "2026-11-24T11:00:00Z", false, "2026-11-27T10:00:00Z"},
		{"daily", "UTC", []string{"Daily 10:00-12:00"}, "2026-11-20T12:00:00Z", false, "2026-11-21T10:00:00Z"},
		{"all day", "UTC", []string{"sun 24h"}, "2026-11-22T23:59:59Z", true, "2026-11-22T23:59:59Z"},
		{"days without hours are not asked for", "UTC", []string{"daily"}, "2026-11-22T23:59:59Z", true, "2026-11-22T23:59:59Z"},
		{"hours without days are daily", "UTC", []string{"08:00-24:00"}, "2026-11-20T23:59:59Z", true, "2026-11-20T23:59:59Z"},
		{"over midnight, before it", "UTC", []string{"fri 22:00-02:00"}, "2026-11-20T23:00:00Z", true, "2026-11-20T23:00:00Z"},
		{"over midnight, after it", "UTC", []string{"fri 22:00-02:00"}, "2026-11-21T01:59:00Z", true, "2026-11-21T01:59:00Z"},
		{"over midnight, not the night before", "UTC", []string{"fri 22:00-02:00"}, "2026-11-20T01:00:00Z", false, "2026-11-20T22:00:00Z"},
		{"over the end of the week", "UTC", []string{"sat 22:00-02:00"}, "2026-11-22T01:00:00Z", true, "2026-11-22T01:00:00Z"},
		{"a week ahead", "UTC", []string{"fri 09:00-10:00"}, "2026-11-20T10:00:00Z", false, "2026-11-27T09:00:00Z"},
		{"two spans a day", "UTC", []string{"daily 09:00-12:00", "daily 14:00-18:00"}, "2026-11-20T12:30:00Z", false, "2026-11-20T14:00:00Z"},
		{"an opening that is skipped", "Europe/Berlin", []string{"sun 02:30-04:00"}, "2026-03-29T01:00:00+01:00", false, "2026-03-29T03:00:00+02:00"},
		{"hours that are skipped altogether", "Europe/Berlin", []string{"sun 02:10-02:50"}, "2026-03-29T01:00:00+01:00", false, "2026-04-05T02:10:00+02:00"},
		{"an hour that comes twice", "Europe/Berlin", []string{"sun 02:10-02:30"}, "2026-10-25T02:40:00+02:00", false, "2026-10-25T02:10:00+01:00"},
		{"an hour that comes twice from its middle", "Europe/Berlin", []string{"sun 01:00-02:30"}, "2026-10-25T02:40:00+02:00", false, "2026-10-25T02:00:00+01:00"},
		{"a day without midnight", "America/Santiago", []string{"sun 00:00-06:00"}, "2026-09-05T23:30:00-04:00", false, "2026-09-06T01:00:00-03:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, now, z := hours(t, tt.lines...), at(t, tt.at), zone(t, tt.zone)
			if got := h.Open(now, z); got != tt.open {
				t.Errorf("Open = %v", got)
			}
			if got, ok := h.Next(now, z); !ok || !got.Equal(at(t, tt.next)) {
				t.Errorf("Next = %v, %v; want %s", got, ok, tt.next)
			}
		})
	}
}

func TestParseHoursSaysWhatIsWrong(t *testing.T) {
	for line, want := range map[string]string{
		"":                       "a line has days and hours",
		"mon 09:00 - 10:00":      "a line has days and hours",
		"mon":                    "09:15-15:30 or 24h",
		"someday 09:00-10:00":    `“someday” is no day`,
		"mon-someday 09:00-10:0": `“10:0” is no time of day`,
		"mon, 09:00-10:00":       `“” is no day`,
		"mon 9:00-10:00":         `“9:00” is no time of day`,
		"mon 09:60-10:00":        `“09:60” is no time of day`,
		"mon 09:00-24:01":        `“24:01” is no time of day`,
		"mon 24:00-02:00":        "begins at 24:00",
		"mon 09:00-09:00":        "begins when it ends",
		"mon 09:00":              "no stretch of time",
		strings.Repeat("a", 200): "longer than 100",
	} {
		_, err := when.ParseHours([]string{line})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseHours(%q): %v, want %q", line, err, want)
		}
	}
	if _, err := when.ParseHours(make([]string, 33)); err == nil {
		t.Error("33 lines are accepted")
	}
}

func TestNextIsTheFirstOpenMoment(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/Santiago"), zone(t, "Australia/Lord_Howe")}
	lines := []string{"mon-fri 09:15-15:30", "sun 02:10-02:50", "sat,sun 00:00-01:00", "daily 23:30-00:30", "sun 02:30-04:00", "wed 24h"}
	rapid.Check(t, func(t *rapid.T) {
		h, err := when.ParseHours(rapid.SliceOfNDistinct(rapid.SampledFrom(lines), 1, 3, rapid.ID).Draw(t, "lines"))
		if err != nil {
			t.Fatal(err)
		}
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		now := time.Date(2026, 1, 1, 0, rapid.IntRange(0, 365*24*60).Draw(t, "minute"), 0, 0, z)
		next, ok := h.Next(now, z)
		if !ok || !h.Open(next, z) {
			t.Fatalf("Next(%v) = %v, %v is not open", now, next, ok)
		}
		for m := now; m.Before(next); m = m.Add(time.Minute) {
			if h.Open(m, z) {
				t.Fatalf("Next(%v) = %v, but %v is open", now, next, m)
			}
		}
	})
}

func TestHoursThatTheClockJumpsOverOpenAWeekLater(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	h, err := when.ParseHours([]string{"sun 02:10-02:50"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 22, 2, 50, 0, 0, berlin)
	if next, ok := h.Next(now, berlin); !ok || !next.Equal(time.Date(2026, 4, 5, 2, 10, 0, 0, berlin)) {
		t.Errorf("open at %v, %v", next, ok)
	}
	if last, ok := h.Closed(time.Date(2026, 4, 5, 2, 5, 0, 0, berlin), berlin); !ok || !last.Equal(now) {
		t.Errorf("closed at %v, %v", last, ok)
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"mon-fri 09:15-15:30", "daily 24h", "sat,sun 22:00-02:00", "mon-", "-", "24h 24h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := when.ParseHours([]string{s})
		if err != nil {
			return
		}
		if next, ok := h.Next(noon, time.UTC); !ok || !h.Open(next, time.UTC) {
			t.Fatalf("%q never opens", s)
		}
	})
}

func TestClosedIsTheLastEndOfTheHours(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/Santiago"), zone(t, "Australia/Lord_Howe")}
	lines := []string{"mon-fri 09:15-15:30", "sun 02:10-02:50", "sat,sun 00:00-01:00", "daily 23:30-00:30", "sun 02:30-04:00", "wed 24h"}
	rapid.Check(t, func(t *rapid.T) {
		h, err := when.ParseHours(rapid.SliceOfNDistinct(rapid.SampledFrom(lines), 1, 3, rapid.ID).Draw(t, "lines"))
		if err != nil {
			t.Fatal(err)
		}
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		now := time.Date(2026, 1, 1, 0, rapid.IntRange(0, 365*24*60).Draw(t, "minute"), 0, 0, z)
		since, ok := h.Closed(now, z)
		if h.Open(now, z) {
			if ok {
				t.Fatalf("open at %v, and closed since %v", now, since)
			}
			return
		}
		if !ok {
			// Hours that are skipped altogether may lie two weeks back.
			return
		}
		if !h.Open(since.Add(-time.Minute), z) {
			t.Fatalf("closed since %v, but it was not open before", since)
		}
		for m := since; m.Before(now); m = m.Add(time.Minute) {
			if h.Open(m, z) {
				t.Fatalf("closed since %v at %v, but open at %v", since, now, m)
			}
		}
	})
	if _, ok := hours(t).Closed(at(t, "2026-11-20T03:00:00Z"), time.UTC); ok {
		t.Error("what is always open has closed")
	}
}
