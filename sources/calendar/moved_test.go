package calendar_test

import (
	"strings"
	"testing"
)

// A series with one of it moved, deleted or added, as calendars write it.
func TestWhatWasMovedIsToldOnceAndWhereItIs(t *testing.T) {
	const berlin = "TZID=Europe/Berlin:"
	daily := func(more ...string) string {
		return vevent(append([]string{"DTSTART;" + berlin + "20261123T080000", "RRULE:FREQ=DAILY;COUNT=4"}, more...)...)
	}
	days := func(more ...string) string {
		return vevent(append([]string{"DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261124", "RRULE:FREQ=WEEKLY;COUNT=3"}, more...)...)
	}
	for name, c := range map[string]struct{ text, want string }{
		"days, by Exchange":                       {days() + "\n" + vevent("RECURRENCE-ID;TZID=W. Europe Standard Time:20261130T000000", "DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261203"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, by Exchange in another zone":       {days() + "\n" + vevent("RECURRENCE-ID;TZID=Pacific Standard Time:20261130T000000", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, by a moment":                       {days() + "\n" + vevent("RECURRENCE-ID:20261129T230000Z", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, by midnight in UTC":                {"X-WR-TIMEZONE:America/New_York\n" + days() + "\n" + vevent("RECURRENCE-ID:20261130T000000Z", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, without a zone":                    {days() + "\n" + vevent("RECURRENCE-ID:20261130T000000", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, by Google":                         {days() + "\n" + vevent("RECURRENCE-ID;VALUE=DATE:20261130", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-02 2026-12-07"},
		"days, to an hour":                        {days() + "\n" + vevent("RECURRENCE-ID;TZID=Romance Standard Time:20261130T000000", "DTSTART;"+berlin+"20261202T180000"), "2026-11-23 12-02 18:00 2026-12-07"},
		"days, one cancelled by Exchange":         {days() + "\n" + vevent("RECURRENCE-ID;TZID=W. Europe Standard Time:20261130T000000", "DTSTART;VALUE=DATE:20261130", "STATUS:CANCELLED"), "2026-11-23 2026-12-07"},
		"days, but one by Exchange":               {days("EXDATE;TZID=W. Europe Standard Time:20261130T000000"), "2026-11-23 2026-12-07"},
		"days, but one by a moment":               {days("EXDATE:20261129T230000Z"), "2026-11-23 2026-12-07"},
		"days, and one by a moment":               {days("RDATE:20261201T230000Z"), "2026-11-23 2026-11-30 2026-12-02 2026-12-07"},
		"hours, in another zone":                  {daily() + "\n" + vevent("RECURRENCE-ID;TZID=America/New_York:20261125T020000", "DTSTART;"+berlin+"20261125T200000"), "11-23 08:00 11-24 08:00 11-25 20:00 11-26 08:00"},
		"hours, by the clock alone":               {"X-WR-TIMEZONE:UTC\n" + daily() + "\n" + vevent("RECURRENCE-ID:20261125T080000", "DTSTART;"+berlin+"20261125T200000"), "11-23 08:00 11-24 08:00 11-25 20:00 11-26 08:00"},
		"hours, but one by the clock alone":       {"X-WR-TIMEZONE:UTC\n" + daily("EXDATE:20261125T080000"), "11-23 08:00 11-24 08:00 11-26 08:00"},
		"hours, by a day":                         {daily() + "\n" + vevent("RECURRENCE-ID;VALUE=DATE:20261125", "DTSTART;"+berlin+"20261125T200000"), "11-23 08:00 11-24 08:00 11-25 20:00 11-26 08:00"},
		"moved twice":                             {daily() + "\n" + vevent("RECURRENCE-ID;"+berlin+"20261125T080000", "SEQUENCE:2", "DTSTART;"+berlin+"20261125T200000") + "\n" + vevent("RECURRENCE-ID:20261125T070000Z", "SEQUENCE:1", "DTSTART;"+berlin+"20261125T100000"), "11-23 08:00 11-24 08:00 11-25 20:00 11-26 08:00"},
		"moved, then taken back":                  {daily() + "\n" + vevent("RECURRENCE-ID;"+berlin+"20261125T080000", "SEQUENCE:1", "DTSTART;"+berlin+"20261125T200000") + "\n" + vevent("RECURRENCE-ID:20261125T070000Z", "SEQUENCE:2", "DTSTART;"+berlin+"20261125T200000", "STATUS:CANCELLED"), "11-23 08:00 11-24 08:00 11-26 08:00"},
		"moved, then excepted":                    {daily("SEQUENCE:3", "EXDATE;"+berlin+"20261125T080000") + "\n" + vevent("RECURRENCE-ID;"+berlin+"20261125T080000", "SEQUENCE:1", "DTSTART;"+berlin+"20261125T200000"), "11-23 08:00 11-24 08:00 11-26 08:00"},
		"moved, then excepted, in other words":    {daily("SEQUENCE:3", "EXDATE:20261125T070000Z") + "\n" + vevent("RECURRENCE-ID;"+berlin+"20261125T080000", "DTSTART;"+berlin+"20261125T200000"), "11-23 08:00 11-24 08:00 11-26 08:00"},
		"days moved, then excepted":               {days("SEQUENCE:1", "EXDATE;VALUE=DATE:20261130") + "\n" + vevent("RECURRENCE-ID;TZID=W. Europe Standard Time:20261130T000000", "DTSTART;VALUE=DATE:20261202"), "2026-11-23 2026-12-07"},
		"all of it cancelled, what was moved too": {daily("SEQUENCE:3", "STATUS:CANCELLED") + "\n" + vevent("RECURRENCE-ID;"+berlin+"20261125T080000", "SEQUENCE:1", "DTSTART;"+berlin+"20261125T200000"), ""},
		"older versions at other times":           {vevent("DTSTART;"+berlin+"20261123T080000") + "\n" + vevent("DTSTART;"+berlin+"20261124T080000") + "\n" + vevent("DTSTART;"+berlin+"20261125T080000", "SEQUENCE:4"), "11-25 08:00"},
		"two rules":                               {vevent("DTSTART;"+berlin+"20261123T080000", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2", "RRULE:FREQ=WEEKLY;BYDAY=FR;UNTIL=20261205T000000Z"), "11-23 08:00 11-27 08:00 11-30 08:00 12-04 08:00"},
		"a rule, and one that takes away":         {daily("EXRULE:FREQ=DAILY;INTERVAL=2"), "11-24 08:00 11-26 08:00"},
		"a rule that ended before it began":       {vevent("DTSTART;"+berlin+"20261123T080000", "RRULE:FREQ=DAILY;UNTIL=20261101T000000Z"), ""},
		"several lines of exceptions":             {daily("EXDATE;"+berlin+"20261123T080000,20261124T080000", "EXDATE:20261125T070000Z"), "11-26 08:00"},
		"dates in several forms":                  {vevent("DTSTART;"+berlin+"20261123T080000", "RDATE:20261125T100000Z", "RDATE;VALUE=DATE:20261127", "RDATE;"+berlin+"20261128T080000"), "11-23 08:00 11-25 11:00 11-27 00:00 11-28 08:00"},
	} {
		b := opened(t, values{}, ics(c.text))
		if got := strings.Join(starts(b), " "); got != c.want {
			t.Errorf("%s: it is on %s\nwant %s", name, got, c.want)
		}
	}
}

func TestAPeriodEndsWhenItSays(t *testing.T) {
	b := opened(t, values{}, ics(vevent("DTSTART;TZID=Europe/Berlin:20261123T080000", "DURATION:PT1H", "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20261124T080000/PT3H,20261125T080000/20261125T220000")))
	var ends []string
	for _, it := range b.snapshot.Items {
		ends = append(ends, it.Facts.Text("end"))
	}
	if got := strings.Join(ends, " "); got != "2026-11-23T09:00:00+01:00 2026-11-24T11:00:00+01:00 2026-11-25T22:00:00+01:00" {
		t.Errorf("they end at %s", got)
	}
}

func TestWhatIsLeftOutIsSaid(t *testing.T) {
	b := opened(t, values{}, ics(vevent("DTSTART:20261123T080000Z", "CLASS:PRIVATE")+"\n"+vevent("UID:y", "DTSTART:20261124T080000Z", "CLASS:CONFIDENTIAL")+"\n"+vevent("UID:z", "DTSTART:20261125T080000Z", "CLASS:PUBLIC")))
	if len(b.snapshot.Items) != 1 || len(b.snapshot.Warnings) != 1 || !strings.Contains(b.snapshot.Warnings[0].String(), "2 events are marked private") {
		t.Errorf("%d are told, and the editor is told %v", len(b.snapshot.Items), b.snapshot.Warnings)
	}
}
