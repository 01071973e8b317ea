package main

import (
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// within fails where more inputs were needed since the last call.
func (c *counted) within(what string, most int) {
	c.t.Helper()
	if c.inputs > most {
		c.t.Errorf("%s takes %d inputs, want %d at most", what, c.inputs, most)
	}
	c.inputs = 0
}

// TestAStrangerWithASiteIsLiveInAFewInputs goes from the link that the terminal prints to
// words of a site that answer, by what a phone answers before there is an account, and
// makes a second publisher.
func TestAStrangerWithASiteIsLiveInAFewInputs(t *testing.T) {
	site := siteOf(t, "quay")
	f := &emptyFolder{t: t, dir: t.TempDir(), book: newLogBook(t)}
	p, link := f.terminal()
	f.book.keepOut(link, personPassword)
	home, _, _ := strings.Cut(link, "/console/")
	c := &counted{seat: newSeat(t)}
	c.open(link)
	c.goes("Try it with your site")
	c.types("Paste an address", site)
	c.goes("Ask my site")
	c.reads("Lantern Quay Kitchen", "Oysters are back", "12:00 – 21:30", "Adult · £12.50")
	c.within("a first answer", 3)
	c.goes("Make it yours")
	c.types("Your name", "Ann Marsh")
	c.types("E-mail", "ann@quay.example")
	c.types("Password", personPassword)
	c.wants(`field("Name").value`, "Lantern Quay Kitchen")
	c.goes("Begin")
	c.within("an account", 5)
	c.wants(`field("Paste an address").value.replace(/\/$/, "")`, site)
	c.presses("Look", `pressable("Set all up")`)
	c.goes("Set all up")
	c.within("words of one's own", 6)
	for words, want := range map[string][]string{
		"news": {"Oysters are back"}, "opening hours": {"12:00 – 21:30"}, "prices": {"Adult · £12.50", "Family · £30.00"},
		"what's on": {"Sea shanties", "Upstairs room"}, "recipe chowder": {"400 g smoked haddock"}, "prices child": {"Child", "£6.00"},
	} {
		asks(t, p.url, "lantern-quay-kitchen", words, want...)
	}

	c.open(home + "/console/new")
	c.types("Name", "Harbour Lights")
	c.goes("Create the publisher")
	c.within("a second publisher", 3)
	c.reads("New source", "Paste an address")
	const begin = "/console/p/harbour-lights/sources/new"
	c.goes("Written answers")
	c.presses("Add", `field("Text")`)
	c.types("Text", "The ferry sails at ten.")
	c.goes("Save")
	c.types("Phrases: English", "ferry")
	c.goes("Save")
	c.reads("It is live")
	c.within("a written answer", 8)
	c.open(home + begin)
	c.goes("Calendar")
	c.types("Opening hours", "mon-sun 12:00-21:30")
	c.goes("Save")
	c.types("Phrases: English", "kitchen hours")
	c.goes("Save")
	c.reads("It is live")
	c.within("opening hours", 8)
	c.open(home + begin)
	c.looks(site + "/prices/list.csv")
	c.goes("Use this")
	c.types("Phrases: English", "tickets")
	c.goes("Save")
	c.within("a table", 8)
	for words, want := range map[string]string{"ferry": "The ferry sails at ten.", "kitchen hours": "12:00 – 21:30", "tickets": "Family · 30.00 · weekends"} {
		asks(t, p.url, "harbour-lights", words, want)
	}
	c.leaves()
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
}
