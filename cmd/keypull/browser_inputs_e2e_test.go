package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// counted is somebody who counts what they type, choose and press until a word answers.
type counted struct {
	*seat
	inputs int
}

func (c *counted) types(label, text string) {
	c.t.Helper()
	c.inputs++
	c.fill(label, text)
}

func (c *counted) goes(words string) {
	c.t.Helper()
	c.inputs++
	c.follow(words)
}

func (c *counted) presses(words, then string) {
	c.t.Helper()
	c.inputs++
	c.press(words)
	c.until(calm + ` && ` + then)
}

// looks pastes an address and has it looked at.
func (c *counted) looks(address string) {
	c.t.Helper()
	c.types("Paste an address", address)
	c.presses("Look", `document.querySelector("#found")`)
}

// world serves documents as outlets have them.
func world(t *testing.T) string {
	t.Helper()
	documents := map[string][2]string{
		"/canteen.csv": {"text/csv", "dish,price,allergens\nGoulash,9.80,celery\nDumplings,7.20,gluten\nPea soup,5.90,celery\n"},
		"/quote":       {"application/json", `{"ticker":"ORSK","price":"12.40","currency":"EUR"}`},
		"/pool.html": {"text/html", `<!doctype html><html lang="en"><head><title>Questions</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[
			{"@type":"Question","name":"When is the pool open?","acceptedAnswer":{"@type":"Answer","text":"Every day from 7 to 21."}},
			{"@type":"Question","name":"What does a ticket cost?","acceptedAnswer":{"@type":"Answer","text":"4 euros, 2 for children."}}]}</script></head><body><h1>Questions</h1></body></html>`},
		"/events.ics": {"text/calendar", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nX-WR-CALNAME:Town hall\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20261101T000000Z\r\n" +
			"DTSTART:20991203T180000Z\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Choir night\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2@x\r\nDTSTAMP:20261101T000000Z\r\n" +
			"DTSTART:20260101T180000Z\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Budget debate\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, ok := documents[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", d[0])
		_, _ = fmt.Fprint(w, d[1])
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestAnAnswerTakesFewInputs sets up a price, a table, questions and events from nothing, and
// counts every word typed and every press until a keyword is live.
func TestAnAnswerTakesFewInputs(t *testing.T) {
	const most = 8
	at := world(t)
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	saves := func(c *counted) {
		if c.eval(`document.querySelector("#f-phrases-en").value`) == "" {
			c.types("Phrases: English", "canteen")
		}
		c.goes("Save")
	}
	use := func(c *counted, address string) {
		c.looks(at + address)
		c.inputs++
		c.eval(`window.before = true`)
		c.point(`document.querySelector(".offers button")`)
		c.until(`!window.before && ` + calm)
		saves(c)
	}
	for _, tt := range []struct {
		name string
		walk func(c *counted)
	}{
		{"a price at an address", func(c *counted) { use(c, "/quote?s=ORSK") }},
		{"a price by hand", func(c *counted) {
			c.goes("Quotes")
			c.presses("Another service, or another address", `field("Address").checkVisibility()`)
			c.types("Address", at+"/quote?s={symbol}")
			c.types("Symbol to begin with", "ORSK")
			c.goes("Save")
			c.types("Phrases: English", "ticker")
			c.goes("Save")
		}},
		{"a table", func(c *counted) { use(c, "/canteen.csv") }},
		{"questions and answers", func(c *counted) { use(c, "/pool.html") }},
		{"a list of events", func(c *counted) { use(c, "/events.ics") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &counted{seat: b}
			b.open(s.URL + "/console/p/lecker/sources/new")
			tt.walk(c)
			b.reads("It is live")
			t.Logf("%d inputs", c.inputs)
			if c.inputs > most {
				t.Errorf("it took %d inputs, want %d at most", c.inputs, most)
			}
		})
	}
}
