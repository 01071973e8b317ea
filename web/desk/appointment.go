package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/web/messengers"
)

// Appointments is where readers fetch their appointments for their own calendars.
const Appointments = "/appointment"

// looksAMinute is how many appointments an address may fetch a minute.
const looksAMinute = 60

// AppointmentPage implements pull.Requests.
func (d *Desk) AppointmentPage(publisher, number string) string {
	if d.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(d.PublicURL, "/") + Appointments + "/" + publisher + "/" + number + ".ics"
}

// AppointmentHandler serves appointments as iCalendar files to whoever knows their numbers: their readers.
func (d *Desk) AppointmentHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.mayLook(w, r) {
			return
		}
		publisher, file, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Appointments+"/"), "/")
		number := proof.ParseCode(strings.TrimSuffix(file, ".ics"))
		body := ""
		if number != "" {
			t, ask, err := d.findRequest(r.Context(), publisher, number)
			if found, missing := requestIn(&t, ask); err == nil && missing == nil && !found.From.IsZero() {
				body = d.calendarFile(publisher, &found)
			}
		}
		if body == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		header := w.Header()
		header.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
		header.Set("Content-Disposition", `attachment; filename="appointment.ics"`)
		_, _ = w.Write([]byte(body))
	})
}

// mayLook reports whether a request for what a link leads to is one that is answered, and says so
// where it is not.
func (d *Desk) mayLook(w http.ResponseWriter, r *http.Request) bool {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	header.Set("X-Content-Type-Options", "nosniff")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case d.paces.Take("address "+messengers.Network(r.RemoteAddr), looksAMinute, d.Clock()) > 0:
		w.WriteHeader(http.StatusTooManyRequests)
	default:
		return true
	}
	return false
}

// calendarFile writes an appointment as RFC 5545 has it. Its times are in UTC, which every
// calendar shows in the zone of whoever looks.
func (d *Desk) calendarFile(publisher string, r *request.Request) string {
	name := publisher
	if pub := d.Catalogue.Publisher(publisher); pub != nil {
		name = pub.Name
	}
	at, _ := url.Parse(d.PublicURL)
	utc := func(t time.Time) string { return t.UTC().Format("20060102T150405Z") }
	status, sequence := "CONFIRMED", "0"
	if !r.Open() && r.State == request.Cancelled {
		status, sequence = "CANCELLED", "1"
	}
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//keypull//appointment//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
		"UID:" + r.Number + "@" + cmp.Or(at.Hostname(), "keypull"), "DTSTAMP:" + utc(r.Changed), "SEQUENCE:" + sequence,
		"DTSTART:" + utc(r.From), "DTEND:" + utc(r.To), "SUMMARY:" + calendarText(r.Name+" – "+name), "DESCRIPTION:" + r.Number,
		"STATUS:" + status, "END:VEVENT", "END:VCALENDAR",
	}
	var b strings.Builder
	for _, line := range lines {
		foldLine(&b, line)
	}
	return b.String()
}

// calendarText returns a text as a value of a calendar.
func calendarText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// foldLine writes a line, in pieces of at most 75 bytes.
func foldLine(b *strings.Builder, line string) {
	const most = 75
	for room := most; len(line) > room; room = most - 1 {
		end := room
		for !utf8.RuneStart(line[end]) {
			end--
		}
		_, _ = b.WriteString(line[:end] + "\r\n ")
		line = line[end:]
	}
	_, _ = b.WriteString(line + "\r\n")
}
