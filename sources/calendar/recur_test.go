package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	rrule "github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/sources/calendar"
)

// starts returns when events begin, in Berlin.
func starts(b bench) []string {
	var all []string
	for _, it := range b.snapshot.Items {
		text := it.Facts.Text("start")
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			text = t.In(b.zone).Format("01-02 15:04")
		}
		all = append(all, text)
	}
	return all
}

func ics(lines ...string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\n" + strings.Join(lines, "\n") + "\nEND:VCALENDAR\n"
}

func vevent(lines ...string) string {
	return "BEGIN:VEVENT\nUID:x\nSUMMARY:X\n" + strings.Join(lines, "\n") + "\nEND:VEVENT"
}

// odd is a zone that a file defines itself.
const odd = `BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:20001029T030000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE`

func TestWhatRecursIsLaidOut(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"by the clock on the wall over a change of time", vevent("DTSTART;TZID=Europe/Berlin:20261024T190000", "RRULE:FREQ=WEEKLY;INTERVAL=22;COUNT=3"), "03-27 19:00 08-28 19:00"},
		{"a number of times, most of them over", vevent("DTSTART;TZID=Europe/Berlin:20200101T080000", "RRULE:FREQ=DAILY;COUNT=2518"), "11-19 08:00 11-20 08:00 11-21 08:00 11-22 08:00"},
		{"until a day", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;UNTIL=20261122"), "11-20 08:00 11-21 08:00 11-22 08:00"},
		{"until a moment", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;UNTIL=20261122T065959Z"), "11-20 08:00 11-21 08:00"},
		{"the last Friday of a month", vevent("DTSTART;TZID=Europe/Berlin:20261127T180000", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"), "11-27 18:00 12-25 18:00 01-29 18:00"},
		{"the last working day of a month", vevent("DTSTART;TZID=Europe/Berlin:20261130T180000", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"), "11-30 18:00 12-31 18:00 01-29 18:00"},
		{"but not on some days", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20261121T080000", "EXDATE:20261122T070000Z"), "11-20 08:00 11-23 08:00"},
		{"but not on a day that is named without a time", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261121"), "11-20 08:00 11-22 08:00"},
		{"and on others", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RDATE;TZID=Europe/Berlin:20261224T090000,20261226T100000", "RDATE;VALUE=PERIOD:20261231T230000Z/PT1H"), "11-20 08:00 12-24 09:00 12-26 10:00 01-01 00:00"},
		{"all from one on", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;COUNT=4") + "\n" + vevent("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261122T080000", "DTSTART;TZID=Europe/Berlin:20261122T100000"), "11-20 08:00 11-21 08:00 11-22 10:00 11-23 10:00"},
		{"none from one on", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY") + "\n" + vevent("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261122T080000", "DTSTART;TZID=Europe/Berlin:20261122T080000", "STATUS:CANCELLED"), "11-20 08:00 11-21 08:00"},
		{"one of them is cancelled", vevent("DTSTART;TZID=Europe/Berlin:20261120T080000", "RRULE:FREQ=DAILY;COUNT=3") + "\n" + vevent("RECURRENCE-ID:20261121T070000Z", "DTSTART:20261121T070000Z", "STATUS:CANCELLED"), "11-20 08:00 11-22 08:00"},
		{"the newest version counts", vevent("DTSTART:20261121T070000Z", "SEQUENCE:3") + "\n" + vevent("DTSTART:20261122T070000Z", "SEQUENCE:2"), "11-21 08:00"},
		{"a zone that the file defines", odd + "\n" + vevent("DTSTART;TZID=Our own:20261120T120000", "RRULE:FREQ=MONTHLY;INTERVAL=7;COUNT=2"), "11-20 11:00 06-20 11:00"},
		{"a zone that is defined behind", vevent("DTSTART;TZID=Our own:20261120T120000") + "\n" + odd, "11-20 11:00"},
		{"a zone of Windows", vevent("DTSTART;TZID=\"Tokyo Standard Time\":20261121T000000"), "11-20 16:00"},
		{"a zone with a path before it", vevent("DTSTART;TZID=/citadel.org/20240205_1/America/New_York:20261120T120000"), "11-20 18:00"},
		{"a zone by its distance", vevent("DTSTART;TZID=GMT+0530:20261120T173000"), "11-20 13:00"},
		{"a zone that nobody knows", vevent("DTSTART;TZID=Atlantis:20261120T120000"), ""},
		{"the machine's own zone is none", vevent("DTSTART;TZID=Local:20261120T120000"), ""},
		{"a time without a zone is the outlet's", vevent("DTSTART:20261120T120000"), "11-20 12:00"},
		{"a time without a zone is the calendar's", "X-WR-TIMEZONE:Asia/Tokyo\n" + vevent("DTSTART:20261120T200000"), "11-20 12:00"},
		{"an hour that is skipped", vevent("DTSTART;TZID=Europe/Berlin:20270328T023000"), "03-28 03:30"},
		{"every second", vevent("DTSTART:19900101T000000Z", "RRULE:FREQ=SECONDLY"), ""},
		{"every second from now on", vevent("DTSTART:20261121T000000Z", "RRULE:FREQ=SECONDLY"), "11-21 01:00"},
		{"never", vevent("DTSTART:19900101T000000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), ""},
		{"by a rule that is none", vevent("DTSTART:20261121T000000Z", "RRULE:FREQ=SOMETIMES"), "11-21 01:00"},
		{"folded in the middle of a letter", "BEGIN:VEVENT\nUID:x\nSUMMARY:Caf\xc3\n \xa9\nDTST\n ART:20261121T000000Z\nEND:VEVENT", "11-21 01:00"},
		{"lines that end as on an old Mac", strings.ReplaceAll(vevent("DTSTART:20261121T000000Z"), "\n", "\r\n"), "11-21 01:00"},
		{"an alarm within", vevent("DTSTART:20261121T000000Z", "BEGIN:VALARM", "TRIGGER:-PT15M", "DESCRIPTION:Beep", "END:VALARM"), "11-21 01:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := opened(t, values{}, ics(tt.text))
			got := starts(b)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("it is on %s\nwant %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}

func TestACalendarThatBreaksOffIsNone(t *testing.T) {
	whole := ics(vevent("DTSTART:20261121T000000Z"))
	for _, text := range []string{whole[:len(whole)-20], "<html>no</html>", " ", strings.Repeat("BEGIN:X\n", 50)} {
		if b, err := tried(t, values{}, text); pull.KindOf(err) != pull.Unusable {
			t.Errorf("%.30q gives %d items, %v", text, len(b.snapshot.Items), err)
		}
	}
}

// TestRulesAreLaidOutAsTheLibraryDoes compares the walk over days with that of
// the library, for rules that end.
func TestRulesAreLaidOutAsTheLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
		start := time.Date(2026, 1, 1, 9, 30, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(-900, 300).Draw(t, "start"))
		freq := pick("freq", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
		rule := "FREQ=" + freq + ";INTERVAL=" + pick("interval", "1", "2", "3", "5") + pick("month", "", ";BYMONTH=2,11", ";BYMONTH=12")
		switch freq {
		case "DAILY":
			rule += pick("day", "", ";BYMONTHDAY=1,15,-1", ";BYDAY=MO,WE")
		case "WEEKLY":
			rule += pick("day", "", ";BYDAY=MO,WE,FR", ";BYDAY=SU", ";BYDAY=TU;WKST=SU")
		case "MONTHLY":
			rule += pick("day", "", ";BYDAY=-1FR", ";BYDAY=2TU,4TU", ";BYMONTHDAY=31", ";BYMONTHDAY=-2", ";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ";BYDAY=FR;BYMONTHDAY=13")
		case "YEARLY":
			if strings.Contains(rule, "BYMONTH") {
				rule += pick("day", "", ";BYDAY=-1SU", ";BYMONTHDAY=28", ";BYDAY=MO;BYSETPOS=2")
			} else {
				rule += pick("day", ";BYYEARDAY=1,-1", ";BYWEEKNO=20;BYDAY=MO", ";BYDAY=20MO", ";BYMONTHDAY=29;BYSETPOS=-1")
			}
		}
		rule += pick("times", "", ";BYHOUR=8,20", ";BYMINUTE=0,45") + pick("end", "", ";COUNT=3", ";COUNT=40", ";UNTIL=20270301T000000Z")
		option, err := rrule.StrToROption(rule)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = start
		from, to := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
		r, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		// What begins with a time that its rule leaves out is told all the same:
		// here everything begins with one of the rule's.
		first, ok := r.Iterator()()
		if !ok {
			return
		}
		start = first
		option.Dtstart = start
		if r, err = rrule.NewRRule(*option); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprint(r.Between(from, to, true))
		got := fmt.Sprint(calendar.Laid(rule, start, from, to))
		if got != want {
			t.Fatalf("%s from %v is\n%s\nwant\n%s", rule, start, got, want)
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add(ics(vevent("DTSTART:20261121T000000Z", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "EXDATE:20261121T000000Z")))
	f.Add(ics(odd, vevent("DTSTART;TZID=Our own:20261120T120000", "DURATION:P1DT2H", "RRULE:FREQ=HOURLY;INTERVAL=5;BYHOUR=1,2")))
	f.Add(soon())
	f.Add("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20261126T080000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR")
	f.Fuzz(func(t *testing.T, text string) {
		if n := calendar.Items([]byte(text), now); n > pull.MaxSnapshotItems {
			t.Errorf("%d items", n)
		}
	})
}
