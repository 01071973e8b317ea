package demo

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// calendars are those of the demo's town, by language, with the words that call each.
var calendars = []struct {
	id, language string
	phrases      []string
}{
	{"events", "en", []string{"events", "what's on"}},
	{"agenda", "fr", []string{"agenda", "sorties"}},
	{"termine", "de", []string{"termine", "veranstaltungen"}},
}

// happening is what comes again each week, by its name and place in the languages.
type happening struct {
	day          time.Weekday
	begins, ends string
	title, place map[string]string
}

var happenings = []happening{
	{time.Saturday, "090000", "130000",
		map[string]string{"en": "Farmers' market", "fr": "Marché des producteurs", "de": "Wochenmarkt"},
		map[string]string{"en": "Town square", "fr": "Place de la mairie", "de": "Rathausplatz"}},
	{time.Saturday, "200000", "223000",
		map[string]string{"en": "Jazz at the boathouse", "fr": "Soirée jazz au hangar à bateaux", "de": "Jazzabend im Bootshaus"},
		map[string]string{"en": "Boathouse", "fr": "Hangar à bateaux", "de": "Bootshaus"}},
	{time.Sunday, "100000", "160000",
		map[string]string{"en": "Flea market on the quay", "fr": "Brocante sur le quai", "de": "Flohmarkt am Kai"},
		map[string]string{"en": "South quay", "fr": "Quai sud", "de": "Südkai"}},
	{time.Wednesday, "160000", "170000",
		map[string]string{"en": "Story hour for children", "fr": "L’heure du conte", "de": "Vorlesestunde für Kinder"},
		map[string]string{"en": "Town library", "fr": "Bibliothèque municipale", "de": "Stadtbibliothek"}},
	{time.Thursday, "190000", "210000",
		map[string]string{"en": "Pottery evening for newcomers", "fr": "Atelier de poterie pour débutants", "de": "Töpferkurs für Anfänger"},
		map[string]string{"en": "Old dairy", "fr": "Ancienne laiterie", "de": "Alte Molkerei"}},
}

// serveCalendar answers /events/en.ics, /events/fr.ics, /events/de.ics. Its times are those
// of the publisher's zone.
func (w *World) serveCalendar(rw http.ResponseWriter, r *http.Request) {
	language, ics := strings.CutSuffix(r.PathValue("page"), ".ics")
	if _, ok := siteWords[language]; !ok || !ics {
		http.NotFound(rw, r)
		return
	}
	var b strings.Builder
	add := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\r\n", args...) }
	add("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//keypull//demo//EN\r\nX-WR-CALNAME:%s", siteName)
	for i, h := range happenings {
		first := opened.AddDate(0, 0, (int(h.day-opened.Weekday())+7)%7).Format("20060102")
		add("BEGIN:VEVENT\r\nUID:%d@demo\r\nDTSTAMP:%s\r\nRRULE:FREQ=WEEKLY", i, opened.UTC().Format("20060102T150405Z"))
		add("DTSTART:%sT%s\r\nDTEND:%sT%s\r\nSUMMARY:%s\r\nLOCATION:%s\r\nEND:VEVENT", first, h.begins, first, h.ends, h.title[language], h.place[language])
	}
	add("END:VCALENDAR")
	document{kind: "text/calendar; charset=utf-8", body: []byte(b.String()), changed: opened}.serveDocument(rw, r)
}
