package site

import (
	"net/url"
	"strings"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// channelPages are those of channels.
type channelPages struct{ *request }

// channelSection is where the channels live.
const channelSection = "channels"

func (s *Site) channelRoutes() {
	const section = Root + "/p/{publisher}/" + channelSection
	s.page("GET "+section, on(channelPages.channels))
	s.page("GET "+section+"/new", on(channelPages.newChannel))
	s.page("POST "+section, writing(on(channelPages.createChannel)))
	s.page("POST "+section+"/check", writing(on(channelPages.checkChannel)))
	s.page("GET "+section+"/{channel}", on(channelPages.channel))
	s.page("POST "+section+"/{channel}", writing(on(channelPages.updateChannel)))
	s.page("POST "+section+"/{channel}/test", writing(on(channelPages.testChannel)))
	s.page("GET "+section+"/{channel}/delete", on(channelPages.askDeleteChannel))
	s.page("POST "+section+"/{channel}/delete", writing(on(channelPages.deleteChannel)))
}

// channelsPage is the list of channels.
type channelsPage struct {
	Head  pages.Header
	Rows  []channelRow
	Pager pages.Pager
	Empty pages.Empty
	Fixed string
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

func (r channelPages) channels() error {
	listed, err := do[console.ChannelList, console.ChannelListed](r.request, "channel.list", console.ChannelList{Of: r.of(), Page: r.cursor()})
	if err != nil {
		return err
	}
	body := channelsPage{
		Head: pages.Header{Title: r.t("nav.channels"), Lead: r.t("channel.lead")}, Pager: r.pager(listed.Next), Fixed: r.fixed(),
		Empty: pages.Empty{Icon: "channel", Title: r.t("channel.none"), Text: r.t("channel.none_text")},
	}
	if r.mayChange() {
		add := pages.Action{Label: r.t("channel.new"), Href: r.at(channelSection, "new"), Icon: "plus", Style: "primary"}
		body.Empty.Actions = []pages.Action{add}
		if len(listed.Channels) > 0 {
			body.Head.Actions = []pages.Action{add}
		}
	}
	if len(listed.Channels) > 0 {
		dead := pages.Action{Label: r.t("dead.title"), Href: r.at(channelSection, deadPlace)}
		body.Head.Actions = append([]pages.Action{dead}, body.Head.Actions...)
	}
	for _, e := range listed.Channels {
		body.Rows = append(body.Rows, r.channelRow(e))
	}
	return r.show("page_channels", pages.Page{Title: r.t("nav.channels"), Body: body})
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
	Head                                pages.Header
	Action, Cancel, Delete, Check, Test string
	Kind, KindTitle, Stored, Version    string
	Fields                              pages.FieldList
	// Marks are the fields that carry a problem, for a check to clear.
	Marks    []string
	Checked  *checkedView
	Tested   *testedView
	Fixed    string
	Editor   bool
	About    []pages.Fact
	Sentence string
	// Webhook is where the platform calls, Page the chat's own page and Tag
	// what embeds it elsewhere; each a text to copy where it is not empty.
	Webhook, Tag *pages.Code
	Page         string
	// Address is what the test asks for, with its Help by kind.
	Address, AddressHelp string
}

// checkedView is what the platform says of the account.
type checkedView struct {
	OK               bool
	Error, At, Label string
	Marks            []string
	Again            pages.FieldList
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
