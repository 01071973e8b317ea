package site

import (
	"net/http"
	"net/url"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) todayRoutes() {
	at := Root + "/p/{publisher}/today"
	s.page("GET "+at, (*visit).todayPage)
	s.page("GET "+at+"/live", (*visit).todayLive)
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

func (v *visit) readToday() (console.TodayAnswer, error) {
	return do[console.TodayGet, console.TodayAnswer](v, "today.get", console.TodayGet{Of: v.of()})
}

func (v *visit) todayPage() error {
	answer, err := v.readToday()
	if err != nil {
		return err
	}
	chat, err := v.chat()
	if err != nil {
		return err
	}
	b := today{Head: pages.Header{Title: v.t("nav.today"), Lead: v.t("today.lead", "zone", answer.Zone)}, Live: v.todayLiveOf(answer)}
	if chat != "" {
		b.Head.Actions = []pages.Action{{Label: v.t("today.chat"), Href: chat, Icon: "channel"}}
	}
	if b.Steps, err = v.firstSteps(answer, chat); err != nil {
		return err
	}
	return v.show("page_today", pages.Page{Title: v.t("nav.today"), Body: b})
}

// todayLive answers the part that changes, and 204 where nothing has.
func (v *visit) todayLive() error {
	answer, err := v.readToday()
	if err != nil {
		return err
	}
	if v.r.URL.Query().Get("version") == answer.Version {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if !v.partial() {
		return v.leave(v.at("today"), "")
	}
	return v.part("part_today", v.todayLiveOf(answer))
}

// chat is the address of the first page on which the publisher can be asked;
// "" where it has none.
func (v *visit) chat() (string, error) {
	all, err := v.channelEntries()
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
func (v *visit) firstSteps(answer console.TodayAnswer, chat string) ([]todayStep, error) {
	o := v.summary()
	if o == nil || o.Provisioned || !v.may(console.Write) {
		return nil, nil
	}
	entry, err := do[console.PublisherGet, console.PublisherEntry](v, "publisher.get", console.PublisherGet{Of: v.of()})
	if err != nil {
		return nil, err
	}
	asked := answer.Day.Asks > 0 || v.Clock().Sub(entry.Changed) >= newcomerFor || chat == ""
	steps := []todayStep{
		{Title: v.t("today.step_source"), Text: v.t("today.step_source_text"), Href: v.at("sources", "new") + "?first=1", Action: v.t("today.step_source_do"), Done: o.Sources > 0},
		{Title: v.t("today.step_keyword"), Text: v.t("today.step_keyword_text"), Href: v.at("keywords", "new"), Action: v.t("today.step_keyword_do"), Done: o.Keywords > 0},
		{Title: v.t("today.step_ask"), Text: v.t("today.step_ask_text"), Href: chat, Action: v.t("today.step_ask_do"), Done: asked},
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
func (v *visit) keywordFor(phrase string) string {
	return v.at("keywords", "new") + "?" + url.Values{"phrase": {phrase}}.Encode()
}
