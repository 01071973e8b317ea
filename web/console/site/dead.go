package site

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// deadPlace is where dead letters are, among the channels.
const deadPlace = "dead"

func (s *Site) deadRoutes() {
	const at = Root + "/p/{publisher}/" + channelRoom + "/" + deadPlace
	s.page("GET "+at, (*visit).deadPage)
	s.page("POST "+at, writing((*visit).resendDead))
}

// deadBody is the list of dead letters.
type deadBody struct {
	Head     pages.Header
	Channels pages.Tabs
	Message  string
	// Send is where letters are sent again; "" for who may not.
	Send    string
	Channel string
	Rows    []deadRow
	Pager   pages.Pager
	Dropped int
	Empty   pages.Empty
}

// deadRow is one letter. Text is what the reader was to be told, and stands as
// plain text.
type deadRow struct {
	Ask, Channel, Href, Why, Text string
	Since                         time.Time
	// Badge stands in place of the button.
	Badge *pages.Badge
	Trace []pages.Fact
}

func (v *visit) deadPage() error {
	return v.showDead(http.StatusOK, "", v.r.URL.Query().Get("channel"))
}

func (v *visit) showDead(status int, message, channel string) error {
	listed, err := do[console.DeadList, console.DeadListed](v, "dead.list", console.DeadList{Of: v.of(), Channel: channel, Page: v.cursor()})
	if err != nil {
		return err
	}
	body := v.deadBody(listed, channel)
	body.Message = message
	return v.showAs(status, "page_dead", pages.Page{Title: body.Head.Title, Body: body,
		Crumbs: v.crumbs(channelRoom, v.t("nav.channels"), body.Head.Title)})
}

func (v *visit) deadBody(listed console.DeadListed, channel string) deadBody {
	at := v.at(channelRoom, deadPlace)
	b := deadBody{
		Head: pages.Header{Title: v.t("dead.title"), Lead: v.t("dead.lead")}, Channel: channel, Dropped: listed.Dropped,
		Pager: v.pager(listed.Next), Empty: pages.Empty{Icon: "check", Title: v.t("dead.none"), Text: v.t("dead.none_text")},
		Channels: pages.Tabs{Label: v.t("nav.channels"), Items: []pages.Tab{{Label: v.t("dead.every"), Href: at, Current: channel == ""}}},
	}
	for _, c := range listed.Channels {
		b.Channels.Items = append(b.Channels.Items, pages.Tab{Label: c.Channel, Count: c.Letters, Current: c.Channel == channel,
			Href: at + "?channel=" + url.QueryEscape(c.Channel)})
	}
	if v.may(console.Write) {
		b.Send = at
	}
	if b.Send != "" && channel != "" && len(listed.Dead) > 0 {
		b.Head.Actions = []pages.Action{{
			Label: v.t("dead.release", "channel", channel), Href: at, Icon: "play", Post: true, CSRF: v.session.CSRF,
			Confirm: v.t("dead.release_sure"), Hidden: []pages.Hidden{{Name: "channel", Value: channel}, {Name: "all", Value: "on"}},
		}}
	}
	for i := range listed.Dead {
		b.Rows = append(b.Rows, v.deadRow(&listed.Dead[i]))
	}
	return b
}

func (v *visit) deadRow(e *console.DeadEntry) deadRow {
	const most = 160
	row := deadRow{
		Ask: strconv.FormatUint(e.Ask, 10), Channel: e.Channel, Href: v.deadOf(e.Channel), Why: e.Why,
		Text: cut(e.Text, most), Since: e.Since,
	}
	switch {
	case e.Lost, e.Ended:
		row.Badge = &pages.Badge{State: "bad", Text: v.t("dead.lost")}
	case e.Queued:
		row.Badge = &pages.Badge{State: "info", Text: v.t("dead.queued")}
	}
	if e.Trace != nil {
		row.Trace = v.deadTrace(e.Trace)
	}
	return row
}

// deadTrace tells how far an ask got, as far as that is known.
func (v *visit) deadTrace(t *journal.Trace) (facts []pages.Fact) {
	outcome := ""
	if t.Outcome != "" {
		outcome = v.t("ask.outcome_" + string(t.Outcome))
	}
	for _, f := range []pages.Fact{
		{Label: v.t("ask.outcome"), Value: outcome}, {Label: v.t("ask.keyword"), Value: t.What.Keyword, Code: true},
		{Label: v.t("ask.source"), Value: t.When.Source, Code: true}, {Label: v.t("ask.error"), Value: t.Error},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// resendDead sends one letter again, or all of a channel.
func (v *visit) resendDead() error {
	channel := v.posted("channel")
	done := "dead_queued"
	var err error
	if v.posted("all") != "" {
		done, err = v.releaseDead(channel)
	} else {
		_, err = do[console.DeadOf, console.DeadResent](v, "dead.resend", console.DeadOf{Of: v.of(), Ask: v.posted("ask")})
	}
	if err == nil {
		to := v.at(channelRoom, deadPlace)
		if channel != "" {
			to += "?channel=" + url.QueryEscape(channel)
		}
		return v.leave(to, done)
	}
	message, ok := v.said(err)
	if console.KindOf(err) == pull.Unknown {
		message, ok = v.hint(hint(err)), true
	}
	if !ok {
		return err
	}
	status, _ := statusOf(err)
	return v.showDead(status, message, channel)
}

// releaseDead sends all of a channel, and returns what to tell of it.
func (v *visit) releaseDead(channel string) (done string, err error) {
	out, err := do[console.DeadRelease, console.DeadResent](v, "dead.release", console.DeadRelease{Of: v.of(), Channel: channel})
	if out.Refused > 0 {
		return "dead_some", err
	}
	return "dead_released", err
}
