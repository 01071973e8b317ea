package site

import (
	"net/http"
	"net/url"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// todayPages are those of the day.
type todayPages struct{ *request }

func (s *Site) todayRoutes() {
	at := Root + "/p/{publisher}/today"
	s.page("GET "+at, on(todayPages.todayPage))
	s.page("GET "+at+"/live", on(todayPages.todayLive))
}

// today is what the page of the day shows.
type today struct {
	Head  pages.Header
	Steps []todayStep
	Live  todayLive
}

// todayStep is one of the first steps of a publisher.
type todayStep struct {
	Title, Text, Href, Action string
	Done, Next                bool
}

func (r todayPages) readToday() (console.TodayAnswer, error) {
	return do[console.TodayGet, console.TodayAnswer](r.request, "today.get", console.TodayGet{Of: r.of()})
}

func (r todayPages) todayPage() error {
	answer, err := r.readToday()
	if err != nil {
		return err
	}
	chat, err := r.chat()
	if err != nil {
		return err
	}
	b := today{Head: pages.Header{Title: r.t("nav.today"), Lead: r.t("today.lead", "zone", answer.Zone)}, Live: r.todayLiveOf(answer)}
	if chat != "" {
		b.Head.Actions = []pages.Action{{Label: r.t("today.chat"), Href: chat, Icon: "channel"}}
	}
	if b.Steps, err = r.firstSteps(answer, chat); err != nil {
		return err
	}
	return r.show("page_today", pages.Page{Title: r.t("nav.today"), Body: b})
}

// todayLive answers the part that changes, and 204 where nothing has.
func (r todayPages) todayLive() error {
	answer, err := r.readToday()
	if err != nil {
		return err
	}
	if r.URL.Query().Get("version") == answer.Version {
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if !r.partial() {
		return r.leave(r.at("today"), "")
	}
	return r.part("part_today", r.todayLiveOf(answer))
}

// chat is the address of the first page on which the publisher can be asked;
// "" where it has none.
func (r todayPages) chat() (string, error) {
	all, err := r.channelEntries()
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Page != "" {
			return c.Page, nil
		}
	}
	return "", nil
}

// newcomerFor is how long a publisher counts as new, so that the last of the
// first steps is shown until somebody has asked, and not each morning anew.
const newcomerFor = 24 * time.Hour

// firstSteps are what is left to do until readers are answered; nil where
// nothing is.
func (r todayPages) firstSteps(answer console.TodayAnswer, chat string) ([]todayStep, error) {
	o := r.summary()
	if o == nil || o.Provisioned || !r.may(console.Write) {
		return nil, nil
	}
	entry, err := do[console.PublisherGet, console.PublisherEntry](r.request, "publisher.get", console.PublisherGet{Of: r.of()})
	if err != nil {
		return nil, err
	}
	asked := answer.Day.Asks > 0 || r.clock().Sub(entry.Changed) >= newcomerFor || chat == ""
	steps := []todayStep{
		{Title: r.t("today.step_source"), Text: r.t("today.step_source_text"), Href: r.at("sources", "new") + "?first=1", Action: r.t("today.step_source_do"), Done: o.Sources > 0},
		{Title: r.t("today.step_keyword"), Text: r.t("today.step_keyword_text"), Href: r.at("keywords", "new"), Action: r.t("today.step_keyword_do"), Done: o.Keywords > 0},
		{Title: r.t("today.step_ask"), Text: r.t("today.step_ask_text"), Href: chat, Action: r.t("today.step_ask_do"), Done: asked},
	}
	for n := range steps {
		if !steps[n].Done {
			steps[n].Next = true
			return steps, nil
		}
	}
	return nil, nil
}

// keywordFor is where a text that nothing answers becomes a keyword.
func (r todayPages) keywordFor(phrase string) string {
	return r.at("keywords", "new") + "?" + url.Values{"phrase": {phrase}}.Encode()
}
