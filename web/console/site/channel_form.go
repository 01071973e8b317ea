package site

import (
	"errors"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/profile"
	"keypull/web/messengers"
)

// channelView is what the form of a channel is shown with.
type channelView = formView[console.ChannelEntry]

func (r channelPages) form(kind string) (*form, error) {
	k, ok := r.Kinds.Messenger(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "channel.no_kind", Args: words.Args{"kind": kind}}}
	}
	f, err := r.newForm(r.resource(), &catalogue.Channel{}, "channel.", "+note", "+id")
	if err != nil {
		return nil, err
	}
	return f, f.withKind(k)
}

func (r channelPages) apart(e console.ChannelEntry) (console.Doc, console.Standing) {
	return e.Channel, e.Standing
}

func (r channelPages) get(id string) (console.ChannelEntry, error) {
	return console.GetChannel.Call(r.callContext(), console.ChannelGet{Of: r.publisherInput(), ID: id})
}

func (r channelPages) create(d console.Doc) (console.ChannelEntry, error) {
	return console.CreateChannel.Call(r.callContext(), console.ChannelCreate{Of: r.publisherInput(), Asked: console.Asked{Ask: true}, Channel: d})
}

func (r channelPages) update(id, version string, d console.Doc) (console.ChannelEntry, error) {
	in := console.ChannelUpdate{Of: r.publisherInput(), ID: id, Asked: console.Asked{Ask: true}, Channel: d}
	in.Version = version
	return console.UpdateChannel.Call(r.callContext(), in)
}

func (r channelPages) remove(id, version string) error {
	in := console.ChannelDelete{Of: r.publisherInput(), ID: id}
	in.Version = version
	_, err := console.DeleteChannel.Call(r.callContext(), in)
	return err
}

// begin fills in what a new channel begins with on a server that no platform can
// call.
func (r channelPages) begin(values map[string][]string) {
	k, ok := r.Kinds.Messenger(r.URL.Query().Get("kind"))
	if !ok || messengers.Reachable(r.PublicURL) {
		return
	}
	usual, begun := k.New(), k.New()
	u, ok := begun.(messengers.Unreached)
	if !ok {
		return
	}
	u.BeginUnreached()
	before, err := settings.Values(usual)
	after, err2 := settings.Values(begun)
	if errors.Join(err, err2) != nil {
		return
	}
	for name, value := range after {
		if text, is := value.(string); is && before[name] != value {
			values[belowKind+"."+name] = []string{text}
		}
	}
}

// lead leads to the channel that was saved; one whose account its platform could
// not be asked about says so.
func (r channelPages) lead(e console.ChannelEntry) (to, done string) {
	done = "channel_saved"
	if e.Unreached != "" {
		done = "channel_unreached"
	}
	return r.pageOf(channelSection, e.Channel.Text("id")), done
}

func (r channelPages) show(status int, f *form, v channelView) error {
	return r.showWith(status, f, v, outcome{})
}

// outcome is what came of a check or a test, or of asking the platform.
type outcome struct {
	checked  *checkedView
	tested   *testedView
	standing *standingView
}

// showWith shows the form, and what came of something.
func (r channelPages) showWith(status int, f *form, v channelView, came outcome) error {
	begun, crumbs := pageOfForm(r, f, &v)
	body := channelPage{formPage: begun, Checked: came.checked, Tested: came.tested, Standing: came.standing}
	k, _ := r.Kinds.Messenger(f.kindName)
	if !k.Page {
		// A chat of our own has no account that could be wrong.
		body.Check = r.pathTo(channelSection, "check")
	}
	if came.tested != nil {
		body.Address = came.tested.Address
	}
	if v.entry != nil {
		r.addFacts(&body, *v.entry, k)
	}
	return r.showAs(status, "page_channel", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

// addFacts adds what there is to tell of a channel that has been saved.
func (r channelPages) addFacts(body *channelPage, e console.ChannelEntry, k console.Kind) {
	badge := r.channelBadge(e)
	body.Head.Badge, body.Sentence = &badge, e.Error
	body.About = []pages.Fact{{Label: r.t("channel.sent"), Value: r.numberText(e.Health.Sent)}, {Label: r.t("channel.failed"), Value: r.numberText(e.Health.Dead)}}
	if e.DeadLetters > 0 {
		body.About = append(body.About, pages.Fact{Label: r.t("dead.title"), Value: r.numberText(e.DeadLetters), Href: r.deadOf(body.Stored)})
	}
	body.About = append(body.About, r.heardFacts(e.Health)...)
	if !e.Health.Good.IsZero() {
		body.About = append(body.About, pages.Fact{Label: r.t("channel.good"), Value: r.agoText(e.Health.Good)})
	}
	if e.Health.Paused.After(r.clock()) {
		body.About = append(body.About, pages.Fact{Label: r.t("channel.until"), Value: r.agoText(e.Health.Paused)})
	}
	body.About = append(body.About, r.changedFacts(e.Standing)...)
	if e.Link != "" {
		body.Link = &pages.Code{ID: "link", Label: r.t("channel.link"), Text: e.Link}
	}
	if e.Page != "" {
		body.Foreign = e.Foreign
		body.Page, body.Tag = e.Page, &pages.Code{ID: "tag", Label: r.t("channel.tag"), Text: scriptTag(e.Page)}
	}
	if k.Page {
		return
	}
	body.Webhook = &pages.Code{ID: "webhook", Label: r.t("channel.webhook"), Text: e.Webhook}
	body.Test = r.pageOf(channelSection, body.Stored, "test")
	if profile.SetUp.Allowed(r.callContext(), r.publisher) {
		body.Compare = r.pageOf(channelSection, body.Stored, "compare")
		body.SetUp = r.pageOf(channelSection, body.Stored, "setup")
	}
	body.Silent, body.Remark = e.Silent, e.Remark
	body.AddressHelp = k.Address(r.language, r.t("channel.address_help"))
}

// heardFacts returns what the platform told of what was sent, as far as it did.
func (r channelPages) heardFacts(h messengers.Health) (facts []pages.Fact) {
	for _, f := range []struct {
		key string
		n   int
	}{{"delivered", h.Delivered}, {"undelivered", h.Undelivered}, {"read", h.Read}, {"clicked", h.Clicked}, {"liked", h.Liked}, {"disliked", h.Disliked},
		{"again", h.Again}, {"anew", h.Anew}} {
		if f.n > 0 {
			facts = append(facts, pages.Fact{Label: r.t("face.heard." + f.key), Value: r.numberText(f.n)})
		}
	}
	if !h.Heard.IsZero() {
		facts = append(facts, pages.Fact{Label: r.t("face.heard.last"), Value: r.agoText(h.Heard)})
	}
	return facts
}

// checkChannel asks the platform whether the account is good, by the form as it is.
func (r channelPages) checkChannel() error {
	f, v, doc, err := workingForm(r)
	if err != nil {
		return err
	}
	got, err := console.CheckChannel.Call(r.callContext(), console.ChannelCheck{Of: r.publisherInput(), Channel: doc, ID: f.id})
	problems, refused := r.problemsOf(err, string(catalogue.ResourceChannel))
	if err != nil && !refused {
		return err
	}
	if got.Error != "" {
		problems = append(problems, problemAt(got.Field, catalogue.ResourceChannel, got.Error))
	}
	checked := &checkedView{OK: got.OK, Account: got.Account}
	v.problems = problems
	return f.showAttempt(&v.shown, &checked.attempt, func(status int) error {
		if r.wantsPart() {
			return r.showPart("part_checked", checked)
		}
		return r.showWith(status, f, v, outcome{checked: checked})
	})
}

// testChannel sends one message to the editor's own address.
func (r channelPages) testChannel() error {
	in := console.ChannelTest{Of: r.publisherInput(), ID: r.thingID(), Address: strings.TrimSpace(r.postedValue("address")), Text: r.postedValue("text")}
	view := &testedView{Address: in.Address, Text: in.Text}
	sent, err := console.TestChannel.Call(r.callContext(), in)
	problems, refused := r.problemsOf(err, "")
	if err != nil && !refused {
		return err
	}
	for _, p := range problems {
		view.Wrong = append(view.Wrong, p.Message)
	}
	view.Sent, view.Error = sent.Sent, sent.Error
	if r.wantsPart() {
		return r.showPart("part_tested", *view)
	}
	status := http.StatusOK
	if refused {
		status = http.StatusUnprocessableEntity
	}
	f, v, err := storedForm(r, in.ID)
	if err != nil {
		return err
	}
	return r.showWith(status, f, v, outcome{tested: view})
}
