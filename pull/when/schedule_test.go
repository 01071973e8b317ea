package when_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/when"
)

func TestScheduleNext(t *testing.T) {
	tests := []struct {
		name, spec, zone, after string
		want                    []string
	}{
		{"every five minutes", "*/5 * * * *", "UTC", "2026-11-20T12:01:00Z", []string{"2026-11-20T12:05:00Z", "2026-11-20T12:10:00Z"}},
		{"in its zone", "30 6 * * *", "Asia/Kolkata", "2026-11-20T00:00:00Z", []string{"2026-11-20T06:30:00+05:30", "2026-11-21T06:30:00+05:30"}},
		{"in a zone of its own", "CRON_TZ=Europe/Paris 0 6 * * *", "UTC", "2026-11-20T12:00:00Z", []string{"2026-11-21T06:00:00+01:00"}},
		{"or the short form", "TZ=Europe/Paris 0 6 * * *", "UTC", "2026-11-20T12:00:00Z", []string{"2026-11-21T06:00:00+01:00"}},
		{"every duration", "@every 90s", "UTC", "2026-11-20T12:00:00Z", []string{"2026-11-20T12:01:30Z"}},
		{"a name", "@daily", "Europe/Paris", "2026-11-20T12:00:00Z", []string{"2026-11-21T00:00:00+01:00"}},
		{"a leap day", "0 0 29 2 *", "UTC", "2026-11-20T12:00:00Z", []string{"2028-02-29T00:00:00Z"}},
		{"a skipped time runs at the end of the gap, once", "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
			[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"skipped times run together", "*/20 2,3 * * *", "Europe/Berlin", "2026-03-29T00:59:00Z",
			[]string{"2026-03-29T03:00:00+02:00", "2026-03-29T03:20:00+02:00"}},
		{"a time that comes twice runs once", "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"also when asked in between", "30 2 * * *", "Europe/Berlin", "2026-10-25T02:10:00+01:00", []string{"2026-10-26T02:30:00+01:00"}},
		{"every hour goes on through the hour that comes twice", "0 * * * *", "Europe/Berlin", "2026-10-25T02:00:00+02:00",
			[]string{"2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"}},
		{"and over the gap", "0 * * * *", "Europe/Berlin", "2026-03-29T01:00:00+01:00", []string{"2026-03-29T03:00:00+02:00"}},
		{"a day without midnight", "0 0 * * *", "America/Santiago", "2026-09-05T12:00:00-04:00",
			[]string{"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := when.ParseSchedule(tt.spec, zone(t, tt.zone))
			if err != nil {
				t.Fatal(err)
			}
			now := at(t, tt.after)
			for _, want := range tt.want {
				if now = s.Next(now); !now.Equal(at(t, want)) {
					t.Fatalf("Next = %v, want %s", now, want)
				}
			}
		})
	}
}

func TestParseScheduleRefusesWhatWouldNeverRunOrPanic(t *testing.T) {
	for _, spec := range []string{
		"", " ", "TZ=0", "TZ=Europe/Rome", "CRON_TZ=", "TZ= 0 6 * * *", "TZ=Nowhere/Else 0 6 * * *", "TZ=Local 0 6 * * *",
		"TZ=UTC TZ=0", "CRON_TZ=UTC CRON_TZ=UTC 0 6 * * *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "60 * * * *", "* * * *",
		"0 0 6 * * *", "@every", "@every 5", "@every 0s", "@every -5m", "@every 10ms", "@reboot", "*/0 * * * *",
		strings.Repeat("1,", 200) + "1 * * * *", "news",
	} {
		if s, err := when.ParseSchedule(spec, nil); err == nil {
			t.Errorf("ParseSchedule(%.40q) is accepted, next %v", spec, s.Next(noon))
		}
	}
}

func TestTheZeroScheduleNeverRuns(t *testing.T) {
	if got := (when.Schedule{}).Next(noon); !got.IsZero() {
		t.Errorf("got %v", got)
	}
}

func TestADailyScheduleRunsOnceOnEveryDay(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Berlin"), zone(t, "America/Santiago"), zone(t, "Australia/Lord_Howe"), zone(t, "America/New_York")}
	rapid.Check(t, func(t *rapid.T) {
		minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 3).Draw(t, "hour")
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		wall := time.Date(2026, 1, 1, hour, minute, 0, 0, time.UTC)
		s, err := when.ParseSchedule(wall.Format("4 15 * * *"), z)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 12, 0, 0, 0, z)
		for range 364 {
			next := s.Next(now)
			if days := next.YearDay() - now.YearDay(); days != 1 {
				t.Fatalf("%v comes %d days after %v", next, days, now)
			}
			now = next
		}
	})
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"*/5 6-22 * * *", "TZ=0", "@every 5m", "0 0 30 2 *", "CRON_TZ=UTC @daily", "@", "* * * * mon-fri"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := when.ParseSchedule(spec, time.UTC)
		if err != nil {
			return
		}
		if next := s.Next(noon); !next.After(noon) {
			t.Fatalf("%q: Next(%v) = %v", spec, noon, next)
		}
	})
}
