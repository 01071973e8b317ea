package calendar_test

import (
	"strings"
	"testing"
	"time"
)

// partsEvents are a programme of three days, by short names.
var partsEvents = []struct{ name, title, start, end string }{
	{"story", "Story hour", "20261120T103000", "20261120T113000"},
	{"fair", "Book fair", "20261120T100000", "20261120T180000"},
	{"organ", "Organ at the cathedral", "20261120T123000", "20261120T130000"},
	{"choir", "Choir rehearsal", "20261120T190000", "20261120T210000"},
	{"club", "Techno club", "20261120T230000", "20261121T040000"},
	{"market", "Farmers market", "20261121T070000", "20261121T120000"},
	{"puppets", "Puppet theatre", "20261121T150000", "20261121T160000"},
	{"jazz", "Jazz at the boathouse", "20261121T200000", ""},
	{"disco", "Silent disco", "20261122T010000", "20261122T030000"},
	{"glass", "Glass art", "20261121", "20261123"},
	{"walk", "City walk", "20261122T110000", "20261122T130000"},
	{"vespers", "Vespers", "20261122T183000", "20261122T193000"},
}

// partsBench opens the programme, with further events.
func partsBench(t testing.TB, more ...string) (b bench, names map[string]string) {
	t.Helper()
	names = map[string]string{}
	events := more
	for _, e := range partsEvents {
		names[e.title] = e.name
		lines := "DTSTART;TZID=Europe/Berlin:" + e.start + "\n"
		if e.end != "" {
			lines += "DTEND;TZID=Europe/Berlin:" + e.end + "\n"
		}
		if !strings.Contains(e.start, "T") {
			lines = strings.ReplaceAll(lines, "TZID=Europe/Berlin", "VALUE=DATE")
		}
		events = append(events, partsEvent(e.title, lines))
	}
	return opened(t, values{}, "BEGIN:VCALENDAR\nVERSION:2.0\n"+strings.Join(events, "")+"END:VCALENDAR\n"), names
}

func partsEvent(title, lines string) string {
	return "BEGIN:VEVENT\nUID:" + title + "\nSUMMARY:" + title + "\n" + lines + "END:VEVENT\n"
}

func TestAPartOfADayNarrowsIt(t *testing.T) {
	b, names := partsBench(t)
	morning := time.Date(2026, 11, 20, 9, 0, 0, 0, b.zone)
	wrong, all := 0, 0
	for i, line := range strings.Split(file(t, "parts.txt"), "\n") {
		fields := strings.Split(line, " | ")
		if strings.HasPrefix(line, "#") || len(fields) < 2 {
			continue
		}
		if len(fields) == 2 {
			fields = append(fields, "")
		}
		var got []string
		for _, it := range b.ask(strings.TrimSpace(fields[1]), fields[0], morning) {
			got = append(got, names[it.Title])
		}
		all++
		if told := strings.Join(got, " "); told != strings.TrimSpace(fields[2]) {
			wrong++
			t.Errorf("%d %s %q tells %q; want %q", i+1, fields[0], fields[1], told, fields[2])
		}
	}
	t.Logf("%d of %d", all-wrong, all)
}

// TestAPartIsOfTheMomentOfTheAsk asks for parts of days as the day goes on.
func TestAPartIsOfTheMomentOfTheAsk(t *testing.T) {
	b, names := partsBench(t)
	for _, c := range []struct{ at, argument, want string }{
		{"20 20:00", "tonight", "choir club"},
		{"20 22:00", "tonight", "club"},
		{"21 00:30", "tonight", "club"},
		{"21 00:30", "this evening", "jazz glass"},
		{"21 08:00", "tonight", "jazz disco glass"},
		{"22 01:30", "tonight", "disco glass"},
		{"20 22:00", "in the morning", "market glass"},
		{"20 14:00", "this morning", "fair story"},
		{"20 14:00", "this afternoon", "fair"},
		{"20 22:30", "in the afternoon", "puppets glass"},
		{"20 09:00", "yesterday evening", ""},
		{"20 09:00", "23 november evening", ""},
		{"20 09:00", "organ in the evening", ""},
		{"20 09:00", "evening organ", ""},
		{"20 09:00", "art in the evening", "glass"},
		{"20 09:00", "theatre in the afternoon", "puppets"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-"+c.at, b.zone)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range b.ask(c.argument, "en", at) {
			got = append(got, names[it.Title])
		}
		if told := strings.Join(got, " "); told != c.want {
			t.Errorf("%s %q tells %q; want %q", c.at, c.argument, told, c.want)
		}
	}
}

// TestATitleGoesBeforeAPartOfADay has events that are called by a part of the day at another
// time of it.
func TestATitleGoesBeforeAPartOfADay(t *testing.T) {
	b, _ := partsBench(t, partsEvent("Jazz evening for children", "DTSTART;TZID=Europe/Berlin:20261121T163000\n"),
		partsEvent("Soirée contes", "DTSTART;TZID=Europe/Berlin:20261122T150000\n"), partsEvent("Night market", "DTSTART;TZID=Europe/Berlin:20261121T170000\n"),
		partsEvent("Lange Nacht der Museen", "DTSTART;TZID=Europe/Berlin:20261122T170000\n"))
	morning := time.Date(2026, 11, 20, 9, 0, 0, 0, b.zone)
	for _, c := range []struct{ language, argument, want string }{
		{"en", "jazz evening", "Jazz evening for children"}, {"en", "jazz evening tomorrow", "Jazz evening for children"}, {"fr", "soirée contes", "Soirée contes"},
		{"en", "night market", "Night market"}, {"de", "wann ist die lange nacht der museen", "Lange Nacht der Museen"},
		{"en", "tomorrow afternoon", "Puppet theatre; Jazz evening for children; Night market; Glass art"},
	} {
		if got := titles(b.ask(c.argument, c.language, morning)); got != c.want {
			t.Errorf("%s %q tells %q; want %q", c.language, c.argument, got, c.want)
		}
	}
}
