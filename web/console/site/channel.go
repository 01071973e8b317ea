package site

import (
	"net/url"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// channelPages are those of channels.
type channelPages struct{ *request }

// channelSection is where the channels live.
const channelSection = "channels"

func (s *Site) channelRoutes() {
	const at = Root + "/p/{publisher}/" + channelSection
	s.page("GET "+at, on(channelPages.list))
	s.page("POST "+at+"/check", gated(console.CheckChannel, on(channelPages.check)))
	s.page("POST "+at+"/{id}/test", gated(console.TestChannel, asked(func(r *request) pages.Confirm {
		if r.posted("address") == "" {
			return pages.Confirm{}
		}
		return pages.Confirm{Title: r.t("asks.test", "address", r.posted("address")), Text: r.t("asks.test_text"), Yes: r.t("channel.send"), Cancel: r.pageOf(channelSection, r.id())}
	}, on(channelPages.test))))
	edited(s, channelSection, func(r *request) editable[console.ChannelEntry] { return channelPages{r} })
}

func (r channelPages) noun() noun {
	return noun{name: catalogue.NounChannel, section: channelSection, kinds: r.Kinds.Messengers, icon: "channel",
		add: console.CreateChannel, change: console.UpdateChannel, drop: console.DeleteChannel, try: console.CheckChannel}
}

// channelRow is one channel of the list.
type channelRow struct {
	ID, Href, Kind, Sentence, Page string
	Badge                          pages.Badge
	Sent, Failed, Dead             int
	Letters                        string
	Paused                         time.Time
	Good                           time.Time
}

func (r channelPages) list() error {
	listed, err := console.ListChannels.Call(r.context(), console.ChannelList{Of: r.of(), Page: r.cursor()})
	if err != nil {
		return err
	}
	body := r.noun().list(r.request, "", listed.Next, len(listed.Channels) == 0)
	if len(listed.Channels) > 0 {
		dead := pages.Action{Label: r.t("dead.title"), Href: r.at(channelSection, deadPlace)}
		body.Head.Actions = append([]pages.Action{dead}, body.Head.Actions...)
	}
	rows := make([]channelRow, len(listed.Channels))
	for i, e := range listed.Channels {
		rows[i] = r.channelRow(e)
	}
	body.Rows = rows
	return r.request.show("page_channels", pages.Page{Title: r.t("nav.channels"), Body: body})
}

func (r channelPages) channelRow(e console.ChannelEntry) channelRow {
	id := textOf(e.Channel, "id")
	const most = 160
	row := channelRow{
		ID: id, Href: r.pageOf(channelSection, id), Kind: r.kindTitle(r.Kinds.Messengers, textOf(e.Channel, "kind")), Page: e.Page,
		Sentence: cut(e.Error, most), Badge: r.channelBadge(e), Sent: e.Health.Sent, Failed: e.Health.Dead, Good: e.Health.Good,
		Dead: e.DeadLetters, Letters: r.deadOf(id),
	}
	if e.Health.Paused.After(r.clock()) {
		row.Paused = e.Health.Paused
	}
	return row
}

// deadOf is where the dead letters of a channel are.
func (r channelPages) deadOf(id string) string {
	return r.at(channelSection, deadPlace) + "?channel=" + url.QueryEscape(id)
}

// channelBadge tells how a channel is doing; a doubtful one pauses.
func (r channelPages) channelBadge(e console.ChannelEntry) pages.Badge {
	switch e.State {
	case console.Doubtful:
		return pages.Badge{State: "warning", Text: r.t("channel.paused")}
	case console.Idle:
		return pages.Badge{State: "idle", Text: r.t("channel.idle")}
	}
	return r.stateBadge(e.State)
}

// channelPage is the form of a channel, new or there already.
type channelPage struct {
	formPage
	Check, Test string
	Checked     *checkedView
	Tested      *testedView
	Sentence    string
	// Webhook is where the platform calls, Page the chat's own page, Tag what
	// embeds it elsewhere, and Link what opens the account at its platform; each a
	// text to copy where it is not empty.
	Webhook, Tag, Link *pages.Code
	Page               string
	// Address is what the test asks for, with its Help by kind.
	Address, AddressHelp string
}

// checkedView is what the platform says of the account.
type checkedView struct {
	OK bool
	// Account says whose it is, where that is known.
	Account string
	attempt
}

// testedView is what became of a test message.
type testedView struct {
	Sent                 bool
	Error, Address, Text string
	// Wrong are the problems of the address.
	Wrong []string
}

// scriptTag is what shows a chat on other pages.
func scriptTag(page string) string {
	return `<script src="` + strings.TrimSuffix(page, "/") + `/chat.js" async></script>`
}
