package site

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// standInPages have a text answer for a keyword for a while.
type standInPages struct{ keywordPages }

// standInPlace is where that is done, below a keyword's page.
const standInPlace = "now"

func (s *Site) standInRoutes() {
	at := Root + "/p/{publisher}/" + keywordSection + "/{id}/" + standInPlace
	on := func(f func(standInPages) error) action {
		return func(r *request) error { return f(standInPages{keywordPages{r}}) }
	}
	s.route("GET "+at, on(func(r standInPages) error { return r.redirectDone(r.pageOf(keywordSection, r.thingID()), "") }))
	s.route("POST "+at, gatedFor(console.StandInKeyword, on(standInPages.putStandIn)))
	s.route("POST "+at+"/end", gatedFor(console.EndStandIn, on(standInPages.end)))
}

// standInView is what a keyword's page shows of it.
type standInView struct {
	Action, End, Message string
	// Until is when the text goes that stands now; zero where none does.
	Until  time.Time
	Stands string
	Texts  []crisisText
	Before bool
	// Times are the moments to choose from, Own the one that was typed, Zone where they are meant.
	Times     []pages.Option
	Own, Zone string
	Open      bool
}

// localMoment is how browsers write a moment without its zone.
const localMoment = "2006-01-02T15:04"

// The hours of the day until which a text is usually wanted.
const (
	eveningHour = 18
	morningHour = 9
)

// publisherZone returns the time zone of the publisher at work.
func (r *request) publisherZone() *time.Location {
	if o := r.summary(); o != nil {
		if zone, err := time.LoadLocation(o.Zone); err == nil {
			return zone
		}
	}
	return time.UTC
}

// standInTimes returns the moments until which a text may be put up by one press: this
// evening, or midnight where that is over, and tomorrow morning.
func standInTimes(now time.Time) (times [2]time.Time) {
	year, month, day := now.Date()
	if times[0] = time.Date(year, month, day, eveningHour, 0, 0, 0, now.Location()); !times[0].After(now) {
		times[0] = time.Date(year, month, day+1, 0, 0, 0, 0, now.Location())
	}
	times[1] = time.Date(year, month, day+1, morningHour, 0, 0, 0, now.Location())
	return times
}

// standInView returns the part of a keyword's page; nil for who may not change it.
func (r standInPages) standInView(e console.KeywordEntry) *standInView {
	if !r.mayChange(console.StandInKeyword) {
		return nil
	}
	zone := r.publisherZone()
	now, id := r.clock().In(zone), e.Keyword.Text("id")
	v := &standInView{Action: r.pageOf(keywordSection, id, standInPlace), Zone: zone.String(), Own: r.postedValue("own"), Before: r.PostForm.Has("before")}
	v.End = v.Action + "/end"
	text, stands := e.Keyword.Table("stand_in").Table("text"), e.Keyword.Table("stand_in")
	if until, err := time.Parse(time.RFC3339, stands.Text("until")); err == nil && until.After(now) && (len(text) > 0 || stands.Text("text") != "") {
		v.Until, v.Stands = until, cmp.Or(stands.Text("text"), text.Text(""))
		v.Before, _ = stands["before"].(bool)
		for _, l := range r.spokenFirst(text) {
			v.Stands = cmp.Or(v.Stands, text.Text(l))
		}
	}
	for _, l := range r.publisherLanguages() {
		v.Texts = append(v.Texts, crisisText{l, r.languageName(l), cmp.Or(r.postedValue("text." + l))})
	}
	for _, at := range standInTimes(now) {
		v.Times = append(v.Times, pages.Option{Value: at.Format(time.RFC3339), Label: r.t("stand_in.until", "when", pages.When(r.language, at, now))})
	}
	return v
}

// putStandIn has the text answer until the chosen moment.
func (r standInPages) putStandIn() error {
	text := map[string]any{}
	for _, l := range r.publisherLanguages() {
		if typed := strings.TrimSpace(r.postedValue("text." + l)); typed != "" {
			text[l] = typed
		}
	}
	until := r.postedValue("until")
	if until == "own" {
		// A moment that daylight saving skips is the one after it.
		at, err := time.ParseInLocation(localMoment, r.postedValue("own"), r.publisherZone())
		if until = ""; err == nil {
			until = at.Format(time.RFC3339)
		}
	}
	if len(text) == 0 || until == "" {
		return r.showRefused(r.t("stand_in.write"))
	}
	in := console.KeywordStandIn{Of: r.publisherInput(), ID: r.thingID(), StandIn: console.Doc{"text": text, "until": until, "before": r.PostForm.Has("before")}}
	_, err := console.StandInKeyword.Call(r.callContext(), in)
	if err == nil {
		return r.redirectDone(r.pageOf(keywordSection, r.thingID()), "stand_in_up")
	}
	problems, ok := r.problemsOf(err, string(r.resource().name))
	if !ok {
		return err
	}
	var said []string
	for _, p := range problems {
		said = append(said, p.In(r.language))
	}
	return r.showRefused(strings.Join(said, " "))
}

// showRefused shows the keyword's page with why nothing was put up, and what was typed.
func (r standInPages) showRefused(message string) error {
	f, v, err := storedForm(r.keywordPages, r.thingID())
	if err != nil {
		return err
	}
	return r.showWith(http.StatusUnprocessableEntity, f, v, keywordNotes{refused: message})
}

// end has the keyword answer by itself again. It leads back to where it was pressed.
func (r standInPages) end() error {
	if _, err := console.EndStandIn.Call(r.callContext(), console.KeywordGet{Of: r.publisherInput(), ID: r.thingID()}); err != nil {
		return err
	}
	if r.postedValue("to") == "today" {
		return r.redirectDone(r.pathTo("today"), "stand_in_over")
	}
	return r.redirectDone(r.pageOf(keywordSection, r.thingID()), "stand_in_over")
}
