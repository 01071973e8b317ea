package when_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/when"
	"keypull/pull/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// moments are pairs of now and as-of, in Paris.
func moments(t *testing.T) [][2]time.Time {
	paris := zone(t, "Europe/Paris")
	now := time.Date(2026, 11, 20, 14, 2, 30, 0, paris)
	spring := time.Date(2026, 3, 29, 3, 10, 0, 0, paris)
	autumn := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).In(paris)
	pairs := [][2]time.Time{}
	for _, age := range []time.Duration{
		-time.Hour, 0, time.Second, 2 * time.Second, 59*time.Second + 999*time.Millisecond, time.Minute, 119 * time.Second,
		2 * time.Minute, 59*time.Minute + 59*time.Second, time.Hour, 14 * time.Hour, 15 * time.Hour, 19 * 24 * time.Hour, 330 * 24 * time.Hour,
	} {
		pairs = append(pairs, [2]time.Time{now, now.Add(-age)})
	}
	return append(pairs,
		[2]time.Time{time.Date(2026, 11, 1, 0, 10, 0, 0, paris), time.Date(2026, 10, 31, 23, 50, 0, 0, paris)},
		[2]time.Time{spring, spring.Add(-15 * time.Minute)},
		[2]time.Time{autumn.Add(time.Hour), autumn},
		[2]time.Time{autumn.Add(time.Hour), autumn.Add(30 * time.Minute)},
	)
}

func TestStampInEveryLanguage(t *testing.T) {
	for _, language := range words.Readers() {
		t.Run(language, func(t *testing.T) {
			var got strings.Builder
			for _, m := range moments(t) {
				s := when.Stamp{AsOf: m[1].UTC(), Now: m[0].UTC(), Zone: zone(t, "Europe/Paris"), Language: language}
				fresh := s.String()
				s.Stale = true
				fmt.Fprintf(&got, "%s | %s | %s | %s\n", m[0].Format(time.RFC3339), m[1].Format(time.RFC3339), fresh, s)
			}
			golden(t, "stamp."+language+".txt", got.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // its own folder
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestStampSpeaksEnglishWhereALanguageIsNotKnown(t *testing.T) {
	s := when.Stamp{AsOf: noon, Now: noon.Add(12 * time.Second), Language: "sv-SE"}
	if got, want := s.String(), "as of 12:00, 12 s ago"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Language = "de-AT"
	if got, want := s.String(), "Stand 12:00 Uhr, vor 12 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMomentNamesTheDayWhereItIsNotToday(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, tt := range []struct {
		at       time.Time
		language string
		want     string
	}{
		{noon.Add(time.Hour), "en", "14:00"},
		{noon.Add(time.Hour), "de", "14:00 Uhr"},
		{noon.Add(24 * time.Hour), "en", "21 Nov, 13:00"},
		{noon.Add(11 * 24 * time.Hour), "fr", "1er déc., 13:00"},
		{noon.Add(42 * 24 * time.Hour), "de", "1. Jan. 2027, 13:00 Uhr"},
	} {
		if got := when.Moment(tt.at, noon, paris, tt.language); got != tt.want {
			t.Errorf("Moment(%v, %s) = %q, want %q", tt.at, tt.language, got, tt.want)
		}
	}
}

func TestWeekdayNamesTheDayOfTheWeek(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, tt := range []struct {
		at       time.Time
		language string
		want     string
	}{
		{noon.Add(time.Hour), "en", "14:00"},
		{noon.Add(24 * time.Hour), "en", "Saturday, 21 Nov, 13:00"},
		{noon.Add(3 * 24 * time.Hour), "de", "Montag, 23. Nov., 13:00 Uhr"},
		{noon.Add(11 * 24 * time.Hour), "fr", "mardi 1er déc., 13:00"},
		{noon.Add(24 * time.Hour), "es", "sábado, 21 de noviembre, 13:00"},
		{noon.Add(24 * time.Hour), "zh", "11月21日星期六 13:00"},
	} {
		if got := when.Weekday(tt.at, noon, paris, tt.language); got != tt.want {
			t.Errorf("Weekday(%v, %s) = %q, want %q", tt.at, tt.language, got, tt.want)
		}
	}
}

func TestAClosedAnswerSaysSoWithItsOwnTimeAndWhenItOpens(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	s := when.Stamp{AsOf: time.Date(2026, 11, 20, 17, 29, 0, 0, paris), Now: time.Date(2026, 11, 21, 12, 0, 0, 0, paris), Zone: paris,
		Closed: true, Opens: time.Date(2026, 11, 23, 9, 0, 0, 0, paris), Stale: true}
	for language, want := range map[string]string{
		"en": "closed: as of 20 Nov, 17:29; opens again 23 Nov, 09:00",
		"fr": "fermé\u00a0: état au 20 nov., 17:29\u00a0; rouvre 23 nov., 09:00",
		"de": "geschlossen: Stand 20. Nov., 17:29 Uhr; öffnet wieder 23. Nov., 09:00 Uhr",
	} {
		if s.Language = language; s.String() != want {
			t.Errorf("%s: got %q, want %q", language, s, want)
		}
	}
	s.Language, s.Opens = "en", time.Time{}
	if got := s.String(); got != "closed: as of 20 Nov, 17:29" {
		t.Errorf("what never opens again: %q", got)
	}
}

func TestAgainTellsMinutesRoundedUpAndLaterTheMoment(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for wait, want := range map[time.Duration]string{
		time.Second: "in 1 min", 61 * time.Second: "in 2 min", 10 * time.Minute: "in 10 min", 59 * time.Minute: "in 59 min",
		90 * time.Minute: "from 15:30 on", 24 * time.Hour: "from 21 Nov, 14:00 on",
	} {
		if got := when.Again(now.Add(wait), now, time.UTC, "en"); got != want {
			t.Errorf("%v: got %q, want %q", wait, got, want)
		}
	}
}

func TestWhatHasNoTimeOfItsOwnIsOfWhenItWasSeen(t *testing.T) {
	seen := time.Date(2026, 11, 20, 14, 2, 0, 0, time.UTC)
	for _, c := range []struct {
		language, want string
		later          time.Duration
		stale          bool
	}{
		{"en", "first seen at 14:02, 12 s ago", 12 * time.Second, false},
		{"en", "not current: first seen 20 Nov, 14:02", 30 * time.Hour, true},
		{"fr", "vu pour la première fois à 14:02, il y a 3 min", 3 * time.Minute, false},
		{"fr", "vu pour la première fois le 20 nov., 14:02", 30 * time.Hour, false},
		{"de", "zuerst gesehen: 14:02 Uhr, vor 3 Min.", 3 * time.Minute, false},
	} {
		got := when.Stamp{AsOf: seen, Now: seen.Add(c.later), Language: c.language, Stale: c.stale, Seen: true}.String()
		if got != c.want {
			t.Errorf("%v later: %q, want %q", c.later, got, c.want)
		}
	}
}

func TestADayWithoutATimeOfDayIsToldAsADay(t *testing.T) {
	newYork := zone(t, "America/New_York")
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, newYork)
	for _, c := range []struct {
		language, want string
		now            time.Time
		stale          bool
	}{
		{"en", "as of 20 Nov", day.Add(10 * time.Second), false},
		{"en", "as of 20 Nov", day.Add(23 * time.Hour), false},
		{"fr", "pas à jour\u00a0: état au 20 nov.", day.Add(30 * time.Hour), true},
		{"de", "Stand 20. Nov. 2026", day.Add(60 * 24 * time.Hour), false},
	} {
		got := when.Stamp{AsOf: day, Now: c.now, Zone: newYork, Language: c.language, Stale: c.stale, Day: true}.String()
		if got != c.want {
			t.Errorf("%v later: %q, want %q", c.now.Sub(day), got, c.want)
		}
	}
	for at, want := range map[time.Time]bool{day: true, day.Add(time.Nanosecond): false, day.Add(5 * time.Hour): false} {
		if when.IsDay(at, newYork) != want || when.IsDay(at.UTC(), newYork) != want {
			t.Errorf("IsDay(%v) is not %v", at, want)
		}
	}
}

func TestATimeThatIsKnownToTheMinuteHasNoSeconds(t *testing.T) {
	minute := time.Date(2026, 11, 20, 14, 2, 0, 0, time.UTC)
	for later, want := range map[time.Duration]string{
		0: "as of 14:02", 59 * time.Second: "as of 14:02", time.Minute: "as of 14:02, 1 min ago", 3 * time.Hour: "as of 14:02",
	} {
		if got := (when.Stamp{AsOf: minute, Now: minute.Add(later), Minute: true}).String(); got != want {
			t.Errorf("%v later: %q, want %q", later, got, want)
		}
	}
}
