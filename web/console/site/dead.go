package site

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// deadPages are those of dead letters.
type deadPages struct{ *request }

// deadPlace is where dead letters are, among the channels.
const deadPlace = "dead"

func (s *Site) deadRoutes() {
	const at = Root + "/p/{publisher}/" + channelSection + "/" + deadPlace
	s.route("GET "+at, pageAction(deadPages.deadPage))
	s.route("POST "+at, gatedFor(console.ResendDead, confirmFirst(func(r *request) pages.Confirm {
		c := pages.Confirm{Title: r.t("asks.resend"), Text: r.t("asks.resend_text"), Yes: r.t("dead.resend"), Cancel: r.pathTo(channelSection, deadPlace)}
		if channel := r.postedValue("channel"); r.postedValue("all") != "" {
			c.Title, c.Text, c.Yes = r.t("dead.release", "channel", channel)+"?", r.t("dead.release_sure"), r.t("dead.resend")
		}
		return c
	}, pageAction(deadPages.resendDead))))
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

func (r deadPages) deadPage() error {
	return r.showDead(http.StatusOK, "", r.URL.Query().Get("channel"))
}

func (r deadPages) showDead(status int, message, channel string) error {
	listed, err := console.ListDead.Call(r.callContext(), console.DeadList{Of: r.publisherInput(), Channel: channel, Page: r.pageAsked()})
	if err != nil {
		return err
	}
	body := r.deadBody(listed, channel)
	body.Message = message
	return r.showAs(status, "page_dead", pages.Page{Title: body.Head.Title, Body: body,
		Crumbs: r.crumbsTo(channelSection, body.Head.Title)})
}

func (r deadPages) deadBody(listed console.DeadListed, channel string) deadBody {
	at := r.pathTo(channelSection, deadPlace)
	b := deadBody{
		Head: pages.Header{Title: r.t("dead.title"), Lead: r.t("dead.lead")}, Channel: channel, Dropped: listed.Dropped,
		Pager: r.pagerTo(listed.Next), Empty: pages.Empty{Icon: "check", Title: r.t("dead.none"), Text: r.t("dead.none_text")},
		Channels: pages.Tabs{Label: r.t("nav.channels"), Items: []pages.Tab{{Label: r.t("dead.every"), Href: at, Current: channel == ""}}},
	}
	for _, c := range listed.Channels {
		b.Channels.Items = append(b.Channels.Items, pages.Tab{Label: c.Channel, Count: c.Letters, Current: c.Channel == channel,
			Href: at + "?channel=" + url.QueryEscape(c.Channel)})
	}
	if r.mayDo(console.ResendDead) {
		b.Send = at
	}
	if b.Send != "" && channel != "" && len(listed.Dead) > 0 {
		b.Head.Actions = []pages.Action{{
			Label: r.t("dead.release", "channel", channel), Href: at, Icon: "play", Post: true, CSRF: r.session.CSRF,
			Confirm: r.t("dead.release_sure"), Hidden: []pages.Hidden{{Name: "channel", Value: channel}, {Name: "all", Value: "on"}},
		}}
	}
	for i := range listed.Dead {
		b.Rows = append(b.Rows, r.deadRow(&listed.Dead[i]))
	}
	return b
}

func (r deadPages) deadRow(e *console.DeadEntry) deadRow {
	const most = 160
	row := deadRow{
		Ask: strconv.FormatUint(e.Ask, 10), Channel: e.Channel, Href: channelPages(r).deadOf(e.Channel), Why: e.Why,
		Text: shorten(e.Text, most), Since: e.Since,
	}
	switch {
	case e.Lost, e.Ended:
		row.Badge = &pages.Badge{State: "bad", Text: r.t("dead.lost")}
	case e.Queued:
		row.Badge = &pages.Badge{State: "info", Text: r.t("dead.queued")}
	}
	if e.Trace != nil {
		row.Trace = r.deadTrace(e.Trace)
		if !e.Lost {
			row.Trace = append(row.Trace, pages.Fact{Label: r.t("sends.ask"), Value: traceNumber(e.Ask), Href: r.traceAt(e.Ask)})
		}
	}
	return row
}

// deadTrace tells how far an ask got, as far as that is known.
func (r deadPages) deadTrace(t *journal.Trace) (facts []pages.Fact) {
	outcome := ""
	if t.Outcome != "" {
		outcome = r.t("ask.outcome_" + string(t.Outcome))
	}
	all := []pages.Fact{{Label: r.t("ask.outcome"), Value: outcome}}
	for w := range t.Ran() {
		all = append(all, pages.Fact{Label: r.t("ask.keyword"), Value: r.nameOf(catalogue.ResourceKeyword, w.Keyword)},
			pages.Fact{Label: r.t("ask.source"), Value: r.nameOf(catalogue.ResourceSource, w.When.Source)})
	}
	for _, f := range append(all, pages.Fact{Label: r.t("ask.error"), Value: t.Error}) {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// resendDead sends one letter again, or all of a channel.
func (r deadPages) resendDead() error {
	channel := r.postedValue("channel")
	done := "dead_queued"
	var err error
	if r.postedValue("all") != "" {
		done, err = r.releaseDead(channel)
	} else {
		_, err = console.ResendDead.Call(r.callContext(), console.DeadOf{Of: r.publisherInput(), Ask: r.postedValue("ask")})
	}
	if err == nil {
		to := r.pathTo(channelSection, deadPlace)
		if channel != "" {
			to += "?channel=" + url.QueryEscape(channel)
		}
		return r.redirectDone(to, done)
	}
	message, ok := r.sayRefusal(err)
	if console.KindOf(err) == pull.Unknown {
		message, ok = r.hintText(err), true
	}
	if !ok {
		return err
	}
	return r.showDead(console.StatusOf(err), message, channel)
}

// releaseDead sends all of a channel, and returns what to tell of it.
func (r deadPages) releaseDead(channel string) (done string, err error) {
	out, err := console.ReleaseDead.Call(r.callContext(), console.DeadRelease{Of: r.publisherInput(), Channel: channel})
	if out.Refused > 0 {
		return "dead_some", err
	}
	return "dead_released", err
}
