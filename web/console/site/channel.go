package site

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/profile"
)

// channelPages are those of channels.
type channelPages struct{ *request }

// channelSection is where the channels live.
const channelSection = "channels"

func (s *Site) channelRoutes() {
	const at = Root + "/p/{publisher}/" + channelSection
	s.route("GET "+at, pageAction(channelPages.listChannels))
	s.route("POST "+at+"/check", gatedFor(console.CheckChannel, pageAction(channelPages.checkChannel)))
	s.route("POST "+at+"/{id}/test", gatedFor(console.TestChannel, confirmFirst(func(r *request) pages.Confirm {
		if r.postedValue("address") == "" {
			return pages.Confirm{}
		}
		return pages.Confirm{Title: r.t("asks.test", "address", r.postedValue("address")), Text: r.t("asks.test_text"), Yes: r.t("channel.send"), Cancel: r.pageOf(channelSection, r.thingID())}
	}, pageAction(channelPages.testChannel))))
	s.route("POST "+at+"/{id}/compare", gatedFor(profile.ShowDrift, pageAction(channelPages.showDrift)))
	s.route("POST "+at+"/{id}/setup", gatedFor(profile.SetUp, pageAction(channelPages.setUpChannel)))
	addEditRoutes(s, channelSection, func(r *request) editable[console.ChannelEntry] { return channelPages{r} })
}

func (r channelPages) resource() resource {
	return resource{name: catalogue.ResourceChannel, section: channelSection, kinds: r.Kinds.Messengers, icon: "channel",
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
	Asked                          pages.Asked
}

func (r channelPages) listChannels() error {
	listed, err := console.ListChannels.Call(r.callContext(), console.ChannelList{Of: r.publisherInput(), Page: r.pageAsked()})
	if err != nil {
		return err
	}
	body := r.resource().newListPage(r.request, "", listed.Next, len(listed.Channels) == 0)
	if len(listed.Channels) > 0 {
		dead := pages.Action{Label: r.t("dead.title"), Href: r.pathTo(channelSection, deadPlace)}
		body.Head.Actions = append([]pages.Action{dead}, body.Head.Actions...)
	}
	rows := make([]channelRow, len(listed.Channels))
	for i, e := range listed.Channels {
		rows[i] = r.channelRow(e)
	}
	showAsked(r.request, catalogue.ResourceChannel, rows, func(row *channelRow) (string, *pages.Asked) { return row.ID, &row.Asked })
	body.Rows = rows
	return r.showPage("page_channels", pages.Page{Title: r.t("nav.channels"), Body: body})
}

func (r channelPages) channelRow(e console.ChannelEntry) channelRow {
	id := e.Channel.Text("id")
	const most = 160
	row := channelRow{
		ID: id, Href: r.pageOf(channelSection, id), Kind: r.kindTitle(r.Kinds.Messengers, e.Channel.Text("kind")), Page: e.Page,
		Sentence: shorten(cmp.Or(e.Error, e.Remark, e.Silent, e.Foreign), most), Badge: r.channelBadge(e), Sent: e.Health.Sent, Failed: e.Health.Dead, Good: e.Health.Good,
		Dead: e.DeadLetters, Letters: r.deadOf(id),
	}
	if e.Health.Paused.After(r.clock()) {
		row.Paused = e.Health.Paused
	}
	return row
}

// deadOf returns where the dead letters of a channel are.
func (r channelPages) deadOf(id string) string {
	return r.pathTo(channelSection, deadPlace) + "?channel=" + url.QueryEscape(id)
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
	// Compare and SetUp ask the platform what it has and put that right, Standing
	// is what came of either, Silent says that nothing has come for long, and Remark
	// what is odd.
	Compare, SetUp, Silent, Remark string
	// Foreign names pages that show the chat to nobody.
	Foreign  string
	Standing *standingView
}

// standingView is how a channel stands at its platform.
type standingView struct {
	// Lead says what the rows are, Level how good that is.
	Lead, Level string
	Faults      []string
	// Doubts are what will keep it from working, or does for some readers.
	Doubts []string
	Rows   []driftRow
}

// driftRow is a part that stands otherwise there.
type driftRow struct{ Part, Has, Wants string }

// showDrift asks the platform what it has of a channel.
func (r channelPages) showDrift() error {
	s, err := profile.ShowDrift.Call(r.callContext(), console.ChannelGet{Of: r.publisherInput(), ID: r.thingID()})
	if err != nil {
		return err
	}
	return r.showStanding(s, "face.standing")
}

// setUpChannel puts it right there.
func (r channelPages) setUpChannel() error {
	s, err := profile.SetUp.Call(r.callContext(), console.ChannelGet{Of: r.publisherInput(), ID: r.thingID()})
	if err != nil {
		return err
	}
	return r.showStanding(s, "face.mended")
}

func (r channelPages) showStanding(s profile.Standing, lead string) error {
	view := &standingView{Level: "ok", Lead: r.t("face.same")}
	switch {
	case len(s.Drift) > 0:
		view.Lead = r.t(lead)
	case !s.Fixed && s.OK:
		view.Lead = r.t("face.unable")
	case !s.OK:
		view.Lead = ""
	}
	if lead == "face.standing" && len(s.Drift) > 0 || !s.OK {
		view.Level = "warning"
	}
	for _, f := range s.Faults {
		view.Faults = append(view.Faults, f.Error)
	}
	for _, d := range s.Doubts {
		view.Doubts = append(view.Doubts, d.Error)
	}
	for _, d := range s.Drift {
		part := r.t("face.part." + d.Part)
		if d.Language != "" {
			part = r.t("face.fields", "part", part, "language", r.languageName(d.Language))
		}
		view.Rows = append(view.Rows, driftRow{part, d.Has, d.Wants})
	}
	if r.wantsPart() {
		return r.showPart("part_standing", *view)
	}
	f, v, err := storedForm(r, s.Channel)
	if err != nil {
		return err
	}
	return r.showWith(http.StatusOK, f, v, outcome{standing: view})
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

// scriptTag returns what shows a chat on other pages.
func scriptTag(page string) string {
	return `<script src="` + strings.TrimSuffix(page, "/") + `/chat.js" async></script>`
}
