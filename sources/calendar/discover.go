package calendar

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"

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
		if f, ok := findOpeningHours(d); ok {
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
	found := sources.Found{Title: f.name, Form: "iCalendar", Settings: map[string]any{"url": secure(d.Address)}, Phrase: own.Text("phrase", nil)}
	for _, e := range f.events[:min(len(f.events), maxGlance)] {
		if e.title != "" && !e.hidden && !e.cancelled {
			found.Shows = append(found.Shows, e.title)
		}
	}
	return []sources.Found{found}
}

// named returns the calendars that a page names: in its head, or by links.
func named(d sources.Document) []sources.Found {
	base := d.URL
	var found []sources.Found
	seen := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(d.Body[:min(len(d.Body), maxPageBytes)]))
	z.SetMaxBuf(maxPageBytes)
	for len(found) < maxNamed {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			a := map[string]string{}
			for _, attribute := range t.Attr {
				if _, twice := a[attribute.Key]; !twice {
					a[attribute.Key] = strings.TrimSpace(attribute.Val)
				}
			}
			if t.Data == "base" && a["href"] != "" {
				base = sources.SafeLink(d.URL, a["href"])
				continue
			}
			if at := sources.SafeLink(base, secure(a["href"])); at != "" && leads(t.Data, a) && !seen[at] {
				seen[at] = true
				found = append(found, sources.Found{At: at, Title: sources.Line(a["title"])})
			}
		}
	}
	return found
}

// leads says whether a tag leads to a calendar.
func leads(tag string, a map[string]string) bool {
	switch tag {
	case "link":
		return strings.EqualFold(a["type"], "text/calendar")
	case "a":
		u, err := url.Parse(a["href"])
		return err == nil && (strings.EqualFold(u.Scheme, "webcal") || strings.EqualFold(u.Scheme, "webcals") ||
			strings.HasSuffix(strings.ToLower(u.Path), ".ics") || strings.EqualFold(a["type"], "text/calendar"))
	}
	return false
}

// secure writes webcal, which is no protocol of its own, as https.
func secure(address string) string {
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if len(address) > len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
			return "https://" + address[len(scheme):]
		}
	}
	return address
}
