package calendar_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/calendar"
	"keypull/sources/sourcetest"
)

type values = map[string]any

// soon returns a calendar whose events are to come whenever the tests run.
func soon() string {
	day := func(n int) string { return time.Now().AddDate(0, 0, n).Format("20060102") }
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Town hall\r\n" +
		"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:" + day(1) + "T180000Z\r\nDTEND:" + day(1) + "T200000Z\r\nSUMMARY:Concert in the park\r\nLOCATION:Park\r\nDESCRIPTION:Bring a chair.\r\nURL:https://example.org/a\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:b\r\nDTSTART:" + day(3) + "T180000Z\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nSUMMARY:Reading circle\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:c\r\nDTSTART;VALUE=DATE:" + day(9) + "\r\nSUMMARY:Fair\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func bad() []sourcetest.Bad {
	return []sourcetest.Bad{
		{Name: "nothing", Settings: values{}, Field: "url"},
		{Name: "address and file", Settings: values{"url": "https://example.org/a.ics", "file": "a.ics"}, Field: "file"},
		{Name: "free times without hours", Settings: values{"url": "https://example.org/a.ics", "slots": "30m"}, Field: "hours"},
		{Name: "hours that are none", Settings: values{"hours": []any{"mon 9 to 5"}}, Field: "hours"},
		{Name: "holidays that are none", Settings: values{"hours": []any{"daily 09:00-17:00"}, "holidays": []any{"Easter"}}, Field: "holidays"},
		{Name: "a zone that is none", Settings: values{"hours": []any{"daily 09:00-17:00"}, "zone": "Mars/Olympus"}, Field: "zone"},
		{Name: "an address that is none", Settings: values{"url": "events.ics"}, Field: "url"},
	}
}

func TestCalendar(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Lacks:    sourcetest.Because("an event begins, and does not come out", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:     calendar.Kind,
		Settings: func(upstream string) map[string]any { return values{"url": upstream + "/events.ics"} },
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
			_, _ = w.Write([]byte(soon()))
		}),
		Query: pull.Query{Argument: "concert", Count: 1}, Other: "reading",
		Bad: bad(),
		Discovered: []sourcetest.Discovered{
			{Name: "a calendar", Document: sources.Document{Address: "https://example.org/a.ics", URL: "https://example.org/a.ics", Type: "text/calendar", Body: []byte(soon()), Fetched: time.Now()},
				Settings: values{"url": "https://example.org/a.ics"}},
			{Name: "a page", Document: sources.Document{Address: "https://example.org/", URL: "https://example.org/", Type: "text/html",
				Body: []byte(`<html><link rel="alternate" type="text/calendar" href="/head.ics"><a href="webcal://cal.example.org/b">Subscribe</a><a href="x/C.ICS?y=1">file</a><a href="/about">about</a>`)},
				Leads: []string{"https://example.org/head.ics", "https://cal.example.org/b", "https://example.org/x/C.ICS?y=1"}},
			{Name: "opening hours", Document: hoursPage(`{"@type":"Library","name":"Town library","openingHoursSpecification":[
				{"dayOfWeek":["https://schema.org/Monday","Tuesday"],"opens":"8:30","closes":"17:00:00"},
				{"dayOfWeek":"Saturday","opens":"09:00","closes":"12:00"},
				{"dayOfWeek":"Sunday","opens":"10:00","closes":"12:00","validFrom":"2026-12-20"}]}`),
				Settings: values{"hours": []any{"mon,tue 08:30-17:00", "sat 09:00-12:00"}}},
			{Name: "opening hours in a line", Document: hoursPage(`{"@graph":[{"@type":"Store","openingHours":["Mo-Fr 09:00-18:00","Sa 9:00-13:00; PH off"]}]}`),
				Settings: values{"hours": []any{"mon-fri 09:00-18:00", "sat 09:00-13:00"}}},
			{Name: "two shops with hours of their own", Document: hoursPage(`[{"@type":"Store","openingHours":"Mo 09:00-18:00"},{"@type":"Store","openingHours":"Mo 10:00-18:00"}]`)},
			{Name: "hours shown in a list", Document: shownPage("de", `<h2>Öffnungszeiten</h2><ul><li>Mo–Fr 9–18 Uhr</li><li>Samstag und Sonntag: 10.00–12.30 und 14–19:30 Uhr</li></ul>`),
				Settings: values{"hours": []any{"mon-fri 09:00-18:00", "sat,sun 10:00-12:30", "sat,sun 14:00-19:30"}}},
			{Name: "hours shown with days that are closed", Document: shownPage("en", `<h3>Opening hours</h3><ul><li>Monday: closed</li><li>Tuesday to Thursday, Saturday: 9 am – 1:30 pm</li><li>Friday 9–5pm</li></ul>`),
				Settings: values{"hours": []any{"tue-thu,sat 09:00-13:30", "fri 09:00-17:00"}}},
			{Name: "hours shown in paragraphs", Document: shownPage("fr", `<h2>Horaires</h2><p>Du mardi au vendredi : 10h – 18h</p><p>Samedi : 10h30 – 19h</p>`),
				Settings: values{"hours": []any{"tue-fri 10:00-18:00", "sat 10:30-19:00"}}},
			{Name: "a day of rest and holidays", Document: shownPage("de", `<h1>Öffnungszeiten</h1><ul><li><b>Mittwoch</b> Ruhetag</li><li>Montags und dienstags von 11 bis 15 Uhr</li><li>Do – Sa 11:30–22 Uhr</li><li>Sonn- und Feiertage 11–20 Uhr</li></ul>`),
				Settings: values{"hours": []any{"mon,tue 11:00-15:00", "thu-sat 11:30-22:00", "sun 11:00-20:00"}}},
			{Name: "hours below a line that says so", Document: shownPage("it", `<h1>Contatti</h1><p>Via dello Sport 8, 52100 Montefiore</p><p>La segreteria è aperta:<br>lunedì e mercoledì 17:00-19:00<br>sabato 10:00-12:00</p><p>Presidente: Ada Rossi</p>`),
				Settings: values{"hours": []any{"mon,wed 17:00-19:00", "sat 10:00-12:00"}}},
			{Name: "every day except one", Document: shownPage("fr", `<h2>Heures d'ouverture</h2><p>Tous les jours sauf le mardi : 9h30 – 18h</p>`),
				Settings: values{"hours": []any{"mon,wed-sun 09:30-18:00"}}},
			{Name: "every day, and a day that is closed behind", Document: shownPage("it", `<h2>Orari</h2><ul><li>Tutti i giorni dalle ore 10:00 alle 19:00</li><li>Lunedì chiuso</li></ul>`),
				Settings: values{"hours": []any{"tue-sun 10:00-19:00"}}},
			{Name: "hours in a table", Document: shownPage("nl", `<h1>Openingstijden</h1><table><tr><th>Woensdag t/m vrijdag<td>9.00 - 12.30<td>13.30 - 17.00 uur<tr><th>Zon- en feestdagen<td>gesloten</table>`),
				Settings: values{"hours": []any{"wed-fri 09:00-12:30", "wed-fri 13:30-17:00"}}},
			{Name: "hours of mornings and afternoons", Document: shownPage("es", `<h1>Horario de atención</h1><table><tr><th>Día<th>Mañana<th>Tarde<tr><td>Lunes<td>9:00 - 14:00<td>16:30 - 18:30<tr><td>Martes a viernes<td>9:00 - 14:00<td>Cerrado<tr><td>Sábado y domingo<td>Cerrado<td>Cerrado</table>`),
				Settings: values{"hours": []any{"mon 09:00-14:00", "mon 16:30-18:30", "tue-fri 09:00-14:00"}}},
			{Name: "hours with words behind them", Document: shownPage("en", `<h2>Opening times</h2><p>Monday: closed<br>Tuesday to Friday: 9am – 5pm</p><p>The tea room closes half an hour earlier.</p>`),
				Settings: values{"hours": []any{"tue-fri 09:00-17:00"}}},
			{Name: "hours of a part of the year", Document: shownPage("en", `<h2>Opening times</h2><ul><li>Monday to Friday: 9am – 5pm</li><li>Winter: 10am – 4pm</li></ul>`)},
			{Name: "hours with a break of every day", Document: shownPage("sv", `<h2>Öppettider telefon</h2><p>Måndag–torsdag: 9.00–16.00<br>Fredag: kl. 9.00–14.00<br>Lunchstängt 12.00–13.00</p>`),
				Settings: values{"hours": []any{"mon-thu 09:00-12:00", "mon-thu 13:00-16:00", "fri 09:00-12:00", "fri 13:00-14:00"}}},
			{Name: "hours with a name of days in two words", Document: shownPage("pt", `<h3>Horário de atendimento</h3><ul><li>Segunda-feira a sexta-feira: 9h00–13h00 e 14h00–18h00</li><li>Sábado: 9h30–12h30</li><li>Domingo e feriados: encerrado</li></ul>`),
				Settings: values{"hours": []any{"mon-fri 09:00-13:00", "mon-fri 14:00-18:00", "sat 09:30-12:30"}}},
			{Name: "hours in boxes", Document: shownPage("es", `<h2>Horario</h2><section><div><span>Lunes a jueves</span><span>8:00 – 14:00</span></div><div><span>Lunes y miércoles</span><span>16:00 – 19:00</span></div><div><span>Domingos y festivos</span><span>cerrado</span></div></section>`),
				Settings: values{"hours": []any{"mon,wed 08:00-14:00", "mon,wed 16:00-19:00", "tue,thu 08:00-14:00"}}},
			{Name: "hours in a list of terms", Document: shownPage("en", `<h2>Opening times</h2><dl><dt>Closed on Mondays<dd>and bank holidays<dt>Tuesdays to Sundays<dd>10am to 4pm</dl>`),
				Settings: values{"hours": []any{"tue-sun 10:00-16:00"}}},
			{Name: "hours that contradict each other", Document: shownPage("en", `<h2>Opening hours</h2><ul><li>Daily 9:00–17:00</li><li>Friday 10:00–16:00</li></ul>`)},
			{Name: "times of training", Document: shownPage("en", `<h2>Training</h2><ul><li>Monday 18:00–19:00</li><li>Friday 18:00–20:00</li></ul>`)},
			{Name: "hours by appointment", Document: shownPage("en", `<h2>Opening hours</h2><ul><li>Monday 9–17</li><li>Friday: by appointment</li></ul>`)},
			{Name: "hours of two places", Document: shownPage("en", `<h2>Opening hours</h2><ul><li>Monday 9–17</li><li>Friday 9–17</li></ul><ul><li>Monday 10–17</li><li>Friday 9–17</li></ul>`)},
			{Name: "hours with a remark", Document: shownPage("de", `<h2>Öffnungszeiten</h2><ul><li>Mo 9–12 Uhr (nur mit Termin)</li><li>Di 9–12 Uhr</li></ul>`)},
			{Name: "other things below hours", Document: shownPage("en", `<h2>Opening hours</h2><ul><li>We have 3 floors</li><li>Call 555 200</li></ul>`)},
			{Name: "hours of a place of the outlet's, below its name", Document: placePage("fr", `<h1>Médiathèque Colette</h1><p><b>Mardi</b> 15h-18h<br><b>Mercredi</b> 10h-12h et 14h-18h<br><b>Samedi</b> 10h-17h<br><b>Lundi, jeudi, dimanche</b> fermé</p>`),
				Settings: values{"name": "Médiathèque Colette", "hours": []any{"tue 15:00-18:00", "wed 10:00-12:00", "wed 14:00-18:00", "sat 10:00-17:00"}}},
			{Name: "times of two days below the name of a course", Document: placePage("en", `<h1>Yoga</h1><p>Monday 18:00–19:00<br>Friday 18:00–20:00</p>`)},
			{Name: "hours of school days beside those of holidays", Document: placePage("fr", `<h1>Piscine</h1><h2>Horaires</h2><table><tr><td><td><b>Période scolaire</b><td><b>Vacances</b><tr><td>Lundi<td>12h00 – 14h00<td>12h00 – 18h00<tr><td>Samedi<td>14h – 18h<td>14h – 18h</table>`)},
			{Name: "hours that are none", Document: hoursPage(`{"@type":"Store","openingHours":"by appointment"}`)},
		},
		Hostile: map[string]string{
			"markup":      strings.ReplaceAll(soon(), "Concert", "<script>alert(1)</script>"),
			"links":       strings.ReplaceAll(soon(), "https://example.org/a", "javascript:alert(1)"),
			"endless":     strings.ReplaceAll(soon(), "FREQ=WEEKLY;COUNT=5", "FREQ=SECONDLY"),
			"never":       strings.ReplaceAll(soon(), "FREQ=WEEKLY;COUNT=5", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
			"no end":      soon()[:len(soon())/2],
			"many nested": strings.Repeat("BEGIN:VEVENT\n", 100_000),
		},
	})
}

func TestCalendarInAFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.ics"), []byte(soon()), 0o600); err != nil {
		t.Fatal(err)
	}
	sourcetest.Run(t, sourcetest.Case{
		Kind: calendar.Kind, Base: folder,
		Settings: func(string) map[string]any { return values{"file": "a.ics"} },
		Query:    pull.Query{Argument: "concert", Count: 1}, Other: "reading", Bad: bad(),
		Down: func(t *testing.T, env sources.Env, _ map[string]any) {
			if err := os.Remove(filepath.Join(env.Base, "a.ics")); err != nil {
				t.Fatal(err)
			}
		},
	})
}

func TestHoursAlone(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: calendar.Kind, Bad: bad(),
		Settings: func(string) map[string]any {
			return values{"hours": []any{"mon-fri 09:00-18:00", "sat 10:00-14:00"}, "holidays": []any{"2026-12-25"}, "name": "Library"}
		},
		Query: pull.Query{Argument: "now", Count: 1, At: now}, Other: "tomorrow",
	})
}

// now is a Friday at noon in Berlin.
var now = time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)

// bench is a calendar as it stands, asked at a moment.
type bench struct {
	t        testing.TB
	source   pull.Source
	snapshot pull.Snapshot
	zone     *time.Location
}

// opened opens a calendar at the moment now; body is what the address sends.
func opened(t testing.TB, settings values, body string) bench {
	t.Helper()
	b, err := tried(t, settings, body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tried(t testing.TB, settings values, body string) (bench, error) {
	t.Helper()
	env := sourcetest.Env(t, "testdata")
	env.Clock = func() time.Time { return now }
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	env.Zone = zone
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(body), Fetched: now}, nil
	}})
	if body != "" {
		settings["url"] = "https://example.org/a.ics"
	}
	b := bench{t: t, source: sourcetest.Open(t, calendar.Kind, env, settings), zone: zone}
	b.snapshot, err = b.source.Fetch(t.Context(), "calendar", nil)
	return b, err
}

func (b bench) ask(argument, language string, at time.Time) []what.Item {
	b.t.Helper()
	found, err := b.source.Select(b.t.Context(), b.snapshot, pull.Query{Argument: argument, Count: 50, Language: language, At: at})
	if err != nil {
		b.t.Fatal(err)
	}
	return found.Items
}

// said returns the reply in a language, its blocks on lines of their own.
func (b bench) said(items []what.Item, language string, at time.Time) string {
	speaker, _ := b.source.(pull.Speaker)
	var lines []string
	for _, block := range speaker.Say(items, pull.Voice{Language: language, Zone: b.zone, At: at}).Blocks {
		lines = append(lines, append([]string{block.Text}, block.Lines...)...)
	}
	return strings.Join(lines, "\n")
}

func titles(items []what.Item) string {
	var all []string
	for _, it := range items {
		all = append(all, it.Title)
	}
	return strings.Join(all, "; ")
}

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name)) // #nosec G304 -- a test's own file
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hoursPage is a page that tells something in JSON-LD.
func hoursPage(data string) sources.Document {
	return sources.Document{Address: "https://example.org/", URL: "https://example.org/", Type: "text/html", Body: []byte(`<html><script type="application/ld+json">` + data + `</script>`)}
}

// placePage is shownPage of a part of a site.
func placePage(language, body string) sources.Document {
	d := shownPage(language, body)
	d.URL += "place.html"
	return d
}

// shownPage is a page in a language that shows something to people.
func shownPage(language, body string) sources.Document {
	return sources.Document{Address: "https://example.org/", URL: "https://example.org/", Type: "text/html", Body: []byte(`<!doctype html><html lang="` + language + `"><body>` + body)}
}
