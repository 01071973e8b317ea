package site

import (
	"net/url"
	"strings"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// channelRoom is where the channels live.
const channelRoom = "channels"

func (s *Site) channelRoutes() {
	const room = Root + "/p/{publisher}/" + channelRoom
	s.page("GET "+room, (*visit).channels)
	s.page("GET "+room+"/new", (*visit).newChannel)
	s.page("POST "+room, writing((*visit).createChannel))
	s.page("POST "+room+"/check", writing((*visit).checkChannel))
	s.page("GET "+room+"/{channel}", (*visit).channel)
	s.page("POST "+room+"/{channel}", writing((*visit).updateChannel))
	s.page("POST "+room+"/{channel}/test", writing((*visit).testChannel))
	s.page("GET "+room+"/{channel}/delete", (*visit).askDeleteChannel)
	s.page("POST "+room+"/{channel}/delete", writing((*visit).deleteChannel))
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

func (v *visit) channels() error {
	listed, err := do[console.ChannelList, console.ChannelListed](v, "channel.list", console.ChannelList{Of: v.of(), Page: v.cursor()})
	if err != nil {
		return err
	}
	body := channelsPage{
		Head: pages.Header{Title: v.t("nav.channels"), Lead: v.t("channel.lead")}, Pager: v.pager(listed.Next), Fixed: v.fixed(),
		Empty: pages.Empty{Icon: "channel", Title: v.t("channel.none"), Text: v.t("channel.none_text")},
	}
	if v.mayChange() {
		add := pages.Action{Label: v.t("channel.new"), Href: v.at(channelRoom, "new"), Icon: "plus", Style: "primary"}
		body.Empty.Actions = []pages.Action{add}
		if len(listed.Channels) > 0 {
			body.Head.Actions = []pages.Action{add}
		}
	}
	if len(listed.Channels) > 0 {
		dead := pages.Action{Label: v.t("dead.title"), Href: v.at(channelRoom, deadPlace)}
		body.Head.Actions = append([]pages.Action{dead}, body.Head.Actions...)
	}
	for _, e := range listed.Channels {
		body.Rows = append(body.Rows, v.channelRow(e))
	}
	return v.show("page_channels", pages.Page{Title: v.t("nav.channels"), Body: body})
}

func (v *visit) channelRow(e console.ChannelEntry) channelRow {
	id := textOf(e.Channel, "id")
	const most = 160
	row := channelRow{
		ID: id, Href: v.thing(channelRoom, id), Kind: v.kindTitle(v.Kinds.Messengers, textOf(e.Channel, "kind")), Page: e.Page,
		Sentence: cut(e.Error, most), Badge: v.channelBadge(e), Sent: e.Health.Sent, Failed: e.Health.Dead, Good: e.Health.Good,
		Dead: e.DeadLetters, Letters: v.deadOf(id),
	}
	if e.Health.Paused.After(v.Clock()) {
		row.Paused = e.Health.Paused
	}
	return row
}

// deadOf is where the dead letters of a channel are.
func (v *visit) deadOf(id string) string {
	return v.at(channelRoom, deadPlace) + "?channel=" + url.QueryEscape(id)
}

// channelBadge tells how a channel is doing; a doubtful one pauses.
func (v *visit) channelBadge(e console.ChannelEntry) pages.Badge {
	switch e.State {
	case console.Doubtful:
		return pages.Badge{State: "warning", Text: v.t("channel.paused")}
	case console.Idle:
		return pages.Badge{State: "idle", Text: v.t("channel.idle")}
	}
	return v.stateBadge(e.State)
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
