package main

import (
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// siteOwner is somebody with a site who has never seen keypull; each press and each field
// that is filled in counts.
type siteOwner struct {
	*seat
	inputs []string
}

func (b *siteOwner) press(words string) {
	b.t.Helper()
	b.inputs = append(b.inputs, "press "+words)
	b.seat.press(words)
}

func (b *siteOwner) follow(words string) {
	b.t.Helper()
	b.inputs = append(b.inputs, "press "+words)
	b.seat.follow(words)
}

func (b *siteOwner) fill(label, text string) {
	b.t.Helper()
	b.inputs = append(b.inputs, "fill in "+label)
	b.seat.fill(label, text)
}

// within fails where more inputs were needed since the last call.
func (b *siteOwner) within(most int) {
	b.t.Helper()
	if len(b.inputs) > most {
		b.t.Errorf("it takes %d inputs, more than %d: %s", len(b.inputs), most, strings.Join(b.inputs, ", "))
	}
	b.inputs = nil
}

// beginsWith opens the link from the terminal, has a phone answer words of the site, and
// makes the outlet of it.
func (b *siteOwner) beginsWith(link, site string) {
	b.t.Helper()
	b.open(link)
	b.follow("Try it with your site")
	b.fill("Paste an address", site)
	b.follow("Ask my site")
	b.reads("Lantern Quay Kitchen", "Oysters are back", "Tuesday – Friday · 12:00 – 21:30", "Adult · £12.50")
	b.follow("Make it yours")
	b.within(4)
	b.fill("Your name", "Ann Marsh")
	b.fill("E-mail", "ann@quay.example")
	b.fill("Password", personPassword)
	b.wants(`field("Name").value`, "Lantern Quay Kitchen")
	b.follow("Begin")
	b.wants(`field("Paste an address").value.replace(/\/$/, "")`, site)
}

func TestAStrangerWithASiteIsLiveInAFewInputs(t *testing.T) {
	site := siteOf(t, "quay")
	f := &emptyFolder{t: t, dir: t.TempDir(), book: newLogBook(t)}
	p, link := f.terminal()
	f.book.keepOut(link, personPassword)
	b := &siteOwner{seat: newSeat(t)}
	b.beginsWith(link, site)

	b.inputs = nil
	b.press("Look")
	b.until(`pressable("Set all up")`)
	b.follow("Set all up")
	b.within(2)
	const outlet = "lantern-quay-kitchen"
	for words, want := range map[string][]string{
		"news": {"Oysters are back"}, "opening hours": {"Tuesday – Friday · 12:00 – 21:30"}, "prices": {"Adult · £12.50", "Family · £30.00"},
		"what's on": {"Sea shanties", "Upstairs room"}, "recipe chowder": {"400 g smoked haddock"}, "prices child": {"Child", "£6.00"},
	} {
		asks(t, p.url, outlet, words, want...)
	}

	home, _, _ := strings.Cut(link, "/console/")
	b.open(home + "/console/new")
	b.fill("Name", "Harbour Lights")
	b.follow("Create the publisher")
	b.within(2)
	b.reads("New source", "Paste an address")
	b.oneByOne(home, "harbour-lights", site)
	b.leaves()
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
}

// oneByOne sets up a price, a table, questions and events of an outlet, each from its
// address, and two of them by hand.
func (b *siteOwner) oneByOne(url, outlet, site string) {
	b.t.Helper()
	const most = 8
	begin := url + "/console/p/" + outlet + "/sources/new"
	for _, one := range []struct{ at, word, ask, want string }{
		{"/api/crab.json", "crab", "crab", "Price: 9.8 GBP"},
		{"/prices/list.csv", "tickets", "tickets", "Family · 30.00 · weekends"},
		{"/faq/", "questions", "questions dog", "Yes, dogs are welcome"},
		{"/whats-on/calendar.ics", "gigs", "gigs", "Sea shanties"},
	} {
		b.open(begin)
		b.fill("Paste an address", site+one.at)
		b.press("Look")
		b.until(`document.querySelector(".offers button")`)
		b.follow("Use this")
		b.fill("Phrases: English", one.word)
		b.follow("Save")
		b.reads("It is live")
		b.within(most)
		asks(b.t, url, outlet, one.ask, one.want)
	}
	b.open(begin)
	b.follow("Written answers")
	b.press("Add")
	b.until(`field("Text")`)
	b.fill("Text", "The ferry sails at ten.")
	b.follow("Save")
	b.fill("Phrases: English", "ferry")
	b.follow("Save")
	b.reads("It is live")
	b.within(most)
	b.open(begin)
	b.follow("Calendar")
	b.fill("Opening hours", "mon-sun 12:00-21:30")
	b.follow("Save")
	b.fill("Phrases: English", "kitchen hours")
	b.follow("Save")
	b.reads("It is live")
	b.within(most)
	asks(b.t, url, outlet, "ferry", "The ferry sails at ten.")
	asks(b.t, url, outlet, "kitchen hours", "12:00 – 21:30")
}
