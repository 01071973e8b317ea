package when_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/when"
)

// What is kept of stamps that were worded tells none of another.
func TestAStampIsToldAsItIsWorded(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{nil, time.UTC, zone(t, "Europe/Paris"), zone(t, "Asia/Kolkata")}
	midnight := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		near := func(what string, of time.Time) time.Time {
			steps := rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, what+" in")
			return of.Add(time.Duration(rapid.IntRange(-70, 70).Draw(t, what)) * steps).Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, what+" and")) * time.Millisecond)
		}
		s := when.Stamp{
			AsOf: near("as of", midnight), Zone: rapid.SampledFrom(zones).Draw(t, "zone"), Language: rapid.SampledFrom([]string{"en", "de", "ar"}).Draw(t, "language"),
			Stale: rapid.Bool().Draw(t, "stale"), Closed: rapid.Bool().Draw(t, "closed"), Seen: rapid.Bool().Draw(t, "seen"),
			Day: rapid.Bool().Draw(t, "day"), Minute: rapid.Bool().Draw(t, "minute"),
		}
		if rapid.Bool().Draw(t, "opens") {
			s.Opens = near("opening", midnight)
		}
		s.Now = near("now", s.AsOf)
		for range 4 {
			s.Now = s.Now.Add(time.Duration(rapid.IntRange(-1100, 1100).Draw(t, "then")) * time.Millisecond)
			told, clock := s.Told(), s
			if told.Now != s.String() {
				t.Fatalf("told as %q, worded as %q: %+v", told.Now, s.String(), s)
			}
			if clock.ByClock = true; told.Clock != clock.String() {
				t.Fatalf("told by the clock as %q, worded as %q: %+v", told.Clock, clock.String(), clock)
			}
			if clock.Now = told.Midnight; told.Dated != clock.String() {
				t.Fatalf("told with its day as %q, worded as %q: %+v", told.Dated, clock.String(), clock)
			}
			if in := s.Zone; in != nil && (told.Midnight.Sub(s.Now) <= 0 || told.Midnight.Sub(s.Now) > 25*time.Hour || told.Midnight.In(in).Hour() != 0) {
				t.Fatalf("midnight of %s is %s", s.Now, told.Midnight)
			}
		}
	})
}

func BenchmarkTold(b *testing.B) {
	s := when.Stamp{AsOf: time.Unix(1_700_000_000, 0), Now: time.Unix(1_700_000_200, 5), Language: "de"}
	b.ReportAllocs()
	for b.Loop() {
		s.Now = s.Now.Add(time.Millisecond)
		_ = s.Told()
	}
}
