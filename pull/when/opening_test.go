package when_test

import (
	"testing"
	"time"

	"keypull/pull/when"
)

func opening(t *testing.T, hours, holidays []string) when.Opening {
	t.Helper()
	o, err := when.ParseOpening(hours, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// 20 November 2026 is a Friday.
func TestOpeningKnowsItsHolidays(t *testing.T) {
	shop := []string{"mon-fri 09:00-18:00", "sat 10:00-14:00"}
	closing := []string{"2026-11-20 Patron's day", "2026-11-23 10:00-12:00", "12-25", "2026-12-28..2026-12-30 closed Stocktaking"}
	tests := []struct {
		name, zone      string
		hours, holidays []string
		at              string
		open            bool
		// next is when it opens next, last when it closed last; "" never.
		next, last string
	}{
		{"an ordinary day", "UTC", shop, closing, "2026-11-19T09:00:00Z", true, "2026-11-21T10:00:00Z", "2026-11-18T18:00:00Z"},
		{"a holiday", "UTC", shop, closing, "2026-11-20T12:00:00Z", false, "2026-11-21T10:00:00Z", "2026-11-19T18:00:00Z"},
		{"a day with hours of its own, before them", "UTC", shop, closing, "2026-11-23T09:30:00Z", false, "2026-11-23T10:00:00Z", "2026-11-21T14:00:00Z"},
		{"a day with hours of its own, after them", "UTC", shop, closing, "2026-11-23T12:00:00Z", false, "2026-11-24T09:00:00Z", "2026-11-23T12:00:00Z"},
		{"a day of every year", "UTC", shop, closing, "2031-12-25T12:00:00Z", false, "2031-12-26T09:00:00Z", "2031-12-24T18:00:00Z"},
		{"several days", "UTC", shop, closing, "2026-12-28T12:00:00Z", false, "2026-12-31T09:00:00Z", "2026-12-26T14:00:00Z"},
		{"a night that begins before a holiday ends with it", "UTC", []string{"thu,fri 22:00-02:00"}, []string{"2026-11-20"}, "2026-11-20T01:00:00Z", true, "2026-11-26T22:00:00Z", "2026-11-14T02:00:00Z"},
		{"the night of a holiday is closed", "UTC", []string{"thu,fri 22:00-02:00"}, []string{"2026-11-20"}, "2026-11-21T01:00:00Z", false, "2026-11-26T22:00:00Z", "2026-11-20T02:00:00Z"},
		{"closed for months", "UTC", []string{"daily 09:00-17:00"}, []string{"2026-11-01..2027-03-31"}, "2026-11-20T12:00:00Z", false, "2027-04-01T09:00:00Z", "2026-10-31T17:00:00Z"},
		{"a day among the hours", "UTC", []string{"mon 09:00-17:00", "2026-11-20 08:00-09:00,10:00-11:00"}, nil, "2026-11-20T09:30:00Z", false, "2026-11-20T10:00:00Z", "2026-11-20T09:00:00Z"},
		{"its own zone", "Asia/Kolkata", []string{"mon-fri 09:15-15:30"}, []string{"2026-11-24"}, "2026-11-23T10:01:00Z", false, "2026-11-25T03:45:00Z", "2026-11-23T10:00:00Z"},
		{"the day of a change of time", "Europe/Berlin", []string{"daily 09:00-17:00"}, nil, "2026-03-29T07:30:00Z", true, "2026-03-30T07:00:00Z", "2026-03-28T16:00:00Z"},
		{"no hours at all", "UTC", nil, closing[:1], "2026-11-20T12:00:00Z", false, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			o := opening(t, tt.hours, tt.holidays)
			moment := at(t, tt.at)
			if o.Open(moment, zone) != tt.open {
				t.Errorf("open: %v", !tt.open)
			}
			next, _ := o.Next(moment, zone)
			last, _ := o.Closed(moment, zone)
			for what, pair := range map[string][2]string{"opens": {shown(next.From), tt.next}, "closed": {shown(last), tt.last}} {
				if pair[0] != pair[1] {
					t.Errorf("it %s %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
}

func shown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func TestOpeningTellsWhyItIsClosed(t *testing.T) {
	o := opening(t, []string{"daily 22:00-02:00", "daily 10:00-12:00"}, []string{"2026-12-24 10:00-11:00 Christmas Eve", "2026-12-25"})
	if name, special := o.Holiday(at(t, "2026-12-24T12:00:00Z"), nil); !special || name != "Christmas Eve" {
		t.Errorf("it is called %q, %v", name, special)
	}
	if name, special := o.Holiday(at(t, "2026-12-26T12:00:00Z"), nil); special || name != "" {
		t.Errorf("it is called %q, %v", name, special)
	}
	if day := o.On(at(t, "2026-12-23T12:00:00Z"), nil); len(day) != 2 || !day[1].To.Equal(at(t, "2026-12-24T02:00:00Z")) {
		t.Errorf("that day: %v", day)
	}
	if day := o.On(at(t, "2026-12-25T12:00:00Z"), nil); len(day) != 0 {
		t.Errorf("the holiday: %v", day)
	}
	whole := opening(t, []string{"daily 24h"}, nil)
	if now, open := whole.Now(at(t, "2026-12-25T12:00:00Z"), nil); !open || now.To.Sub(now.From) < 7*24*time.Hour {
		t.Errorf("always open: %v", now)
	}
}

func TestHolidaysThatAreNoneAreRefused(t *testing.T) {
	for _, line := range []string{"", "Christmas", "2026-13-01", "2026-02-30", "2026-12-25..2026-12-24", "2026-01-01..2099-01-01", "25.12.2026"} {
		if _, err := when.ParseOpening(nil, []string{line}); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
	if _, err := when.ParseOpening([]string{"mon 9-17"}, nil); err == nil {
		t.Error("hours that are none are taken")
	}
}

func FuzzOpening(f *testing.F) {
	f.Add("mon-fri 09:00-17:00", "2026-12-24..2026-12-26 10:00-12:00 Days")
	f.Add("daily 24h", "12-25")
	f.Fuzz(func(t *testing.T, line, day string) {
		o, err := when.ParseOpening([]string{line}, []string{day})
		if err != nil {
			return
		}
		now := time.Date(2026, 12, 24, 11, 0, 0, 0, time.UTC)
		if next, ok := o.Next(now, nil); ok && !next.From.After(now) {
			t.Errorf("opens next at %v", next.From)
		}
	})
}
