package calendar

import (
	"bytes"
	"net/url"
	"strings"

	"keypull/pull/words"
	"keypull/sources"
)

var _ sources.Discoverer = (*Settings)(nil)

// Limits of what a page leads to.
const (
	maxPageBytes = 1 << 20
	maxNamed     = 8
	maxGlance    = 20
)

// Discover takes a calendar for what it is, and a page for those that it leads
// to.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if d.IsPage() {
		found := named(d)
		f, ok := findOpeningHours(d)
		if !ok {
			f, ok = findShownHours(d)
		}
		if ok {
			found = append(found, f)
		}
		return found
	}
	if !bytes.Contains(d.Body[:min(len(d.Body), 4096)], []byte("BEGIN:VCALENDAR")) {
		return nil
	}
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body)
	f, err := readFile(text, d.Fetched.Add(-dayLength))
	if err != nil {
		return nil
	}
	found := sources.Found{Title: f.name, Form: "iCalendar", Settings: map[string]any{"url": sources.WebAddress(d.Address)}, Phrase: words.Text{Key: "asked.events"}, Usual: true}
	for _, e := range f.events[:min(len(f.events), maxGlance)] {
		if e.title != "" && !e.hidden && !e.cancelled {
			found.Shows = append(found.Shows, e.title)
		}
	}
	return []sources.Found{found}
}

// named returns the calendars that a page names: in its head, or by links.
func named(d sources.Document) (found []sources.Found) {
	seen := map[string]bool{}
	for _, l := range sources.ReadHead(d).Links {
		if len(found) < maxNamed && isCalendarLink(l) && !seen[l.URL] {
			seen[l.URL] = true
			found = append(found, sources.Found{At: l.URL, Title: l.Title})
		}
	}
	return found
}

// isCalendarLink says whether a link leads to a calendar.
func isCalendarLink(l sources.PageLink) bool {
	u, err := url.Parse(l.URL)
	return l.Type == "text/calendar" || l.Tag == "a" && err == nil && (sources.WebAddress(l.Href) != l.Href || strings.HasSuffix(strings.ToLower(u.Path), ".ics"))
}
