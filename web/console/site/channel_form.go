package site

import (
	"cmp"
	"errors"
	"net/http"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// channelDraft is the form of a channel of a kind.
func (v *visit) channelDraft(kind string) (*draft, error) {
	k, ok := v.Kinds.Messenger(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: v.t("channel.no_kind", "kind", kind)}
	}
	d := &draft{v: v, kindFirst: true, words: []settings.Words{catalogue.ChannelWords()}}
	if err := d.withKind(k); err != nil {
		return nil, err
	}
	fields, err := v.ownFields(&catalogue.Channel{}, catalogue.ChannelWords(), "+id")
	d.own = settings.Form{Fields: fields, Zone: v.zone}
	return d, err
}

// newChannel shows the kinds, then the form of one.
func (v *visit) newChannel() error {
	if err := v.toWrite(); err != nil {
		return err
	}
	if err := v.toChange(); err != nil {
		return err
	}
	kind := v.r.URL.Query().Get("kind")
	if kind == "" {
		body := kindsPage{
			Head:  pages.Header{Title: v.t("channel.new"), Lead: v.t("channel.new_lead")},
			Kinds: v.kindTiles(v.Kinds.Messengers, channelRoom, "channel"),
		}
		return v.show("page_channel_kinds", pages.Page{Title: v.t("channel.new"), Body: body, Crumbs: v.crumbs(channelRoom, v.t("nav.channels"), v.t("channel.new"))})
	}
	d, err := v.channelDraft(kind)
	if err != nil {
		return err
	}
	return v.showChannel(http.StatusOK, d, channelView{shown: shown{values: d.stored(console.Doc{})}})
}

// channelView is what the form of a channel is shown with.
type channelView struct {
	shown
	entry   *console.ChannelEntry
	version string
	checked *checkedView
	tested  *testedView
}

func (v *visit) getChannel(id string) (console.ChannelEntry, error) {
	return do[console.ChannelGet, console.ChannelEntry](v, "channel.get", console.ChannelGet{Of: v.of(), ID: id})
}

// channel shows one that is there.
func (v *visit) channel() error { return v.showStored(http.StatusOK, v.id("channel"), nil, nil) }

// showStored shows a channel as it was saved.
func (v *visit) showStored(status int, id string, checked *checkedView, tested *testedView) error {
	e, err := v.getChannel(id)
	if err != nil {
		return err
	}
	d, err := v.channelDraft(textOf(e.Channel, "kind"))
	if err != nil {
		return err
	}
	d.id = id
	return v.showChannel(status, d, channelView{entry: &e, checked: checked, tested: tested, shown: shown{values: d.stored(e.Channel)}})
}

// showChannel shows the form of a new channel, or of the entry.
func (v *visit) showChannel(status int, d *draft, c channelView) error {
	title := v.kindTitle(v.Kinds.Messengers, d.kindName)
	c.disabled = v.fixed() != ""
	k, _ := v.Kinds.Messenger(d.kindName)
	body := channelPage{
		Head:   pages.Header{Title: v.t("channel.new_of", "kind", title), Lead: k.Words.Say(v.language, "help", k.Help)},
		Action: v.at(channelRoom), Cancel: v.at(channelRoom), Kind: d.kindName, KindTitle: title, Checked: c.checked, Tested: c.tested,
		Fixed: v.fixed(), Editor: v.may(console.Write), Fields: d.list(c.shown),
	}
	body.Marks = wrong(body.Fields)
	if !k.Page {
		// A chat of our own has no account that could be wrong.
		body.Check = v.at(channelRoom, "check")
	}
	crumb := v.t("channel.new")
	if c.entry != nil {
		crumb = textOf(c.entry.Channel, "id")
		v.aboutChannel(&body, c, k)
	}
	return v.showAs(status, "page_channel", pages.Page{Title: body.Head.Title, Body: body, Crumbs: v.crumbs(channelRoom, v.t("nav.channels"), crumb)})
}

// aboutChannel adds what there is to tell of a channel that has been saved.
func (v *visit) aboutChannel(body *channelPage, c channelView, k console.Kind) {
	e := c.entry
	id := textOf(e.Channel, "id")
	badge := v.channelBadge(*e)
	body.Head = pages.Header{Title: id, Badge: &badge, Lead: v.t("channel.of_kind", "kind", body.KindTitle)}
	body.Action, body.Stored, body.Version = v.thing(channelRoom, id), id, cmp.Or(c.version, e.Version)
	body.Sentence = e.Error
	count := func(key string, n int) pages.Fact {
		text, err := pages.Number(v.language, n)
		if err != nil {
			text = "?"
		}
		return pages.Fact{Label: v.t(key), Value: text}
	}
	body.About = []pages.Fact{count("channel.sent", e.Health.Sent), count("channel.failed", e.Health.Dead)}
	if e.DeadLetters > 0 {
		letters := count("dead.title", e.DeadLetters)
		letters.Href = v.deadOf(id)
		body.About = append(body.About, letters)
	}
	if !e.Health.Good.IsZero() {
		body.About = append(body.About, pages.Fact{Label: v.t("channel.good"), Value: v.ago(e.Health.Good)})
	}
	if e.Health.Paused.After(v.Clock()) {
		body.About = append(body.About, pages.Fact{Label: v.t("channel.until"), Value: v.ago(e.Health.Paused)})
	}
	body.About = append(body.About, v.changedFacts(e.Standing)...)
	if e.Page != "" {
		body.Page, body.Tag = e.Page, &pages.Code{ID: "tag", Label: v.t("channel.tag"), Text: scriptTag(e.Page)}
	}
	if !k.Page {
		body.Webhook = &pages.Code{ID: "webhook", Label: v.t("channel.webhook"), Text: e.Webhook}
		body.Test = v.thing(channelRoom, id, "test")
		body.AddressHelp = v.t("channel.address_help")
		if k.Name == "telegram" {
			body.AddressHelp = v.t("channel.address_telegram")
		}
	}
	if c.tested != nil {
		body.Address = c.tested.Address
	}
	if v.mayChange() {
		body.Delete = v.thing(channelRoom, id, "delete")
	}
}

// postedChannel is the form that was sent, and the form of its kind.
func (v *visit) postedChannel() (*draft, channelView, error) {
	d, err := v.channelDraft(v.posted("kind"))
	if err != nil {
		return nil, channelView{}, err
	}
	values, add, asked := pages.Edited(v.r.PostForm)
	v.r.PostForm = values
	c := channelView{shown: shown{values: d.typed(values), add: add}, version: v.posted("version")}
	if id := v.posted("stored"); id != "" {
		d.id = id
		e, err := v.getChannel(id)
		if err != nil {
			return nil, c, err
		}
		c.entry = &e
	}
	if asked {
		return d, c, errAsked
	}
	return d, c, nil
}

func (v *visit) createChannel() error {
	d, c, err := v.postedChannel()
	if errors.Is(err, errAsked) {
		return v.showChannel(http.StatusOK, d, c)
	}
	if err != nil {
		return err
	}
	e, err := do[console.ChannelCreate, console.ChannelEntry](v, "channel.create", console.ChannelCreate{Of: v.of(), Channel: d.doc(v.r.PostForm)})
	if err != nil {
		return v.refuseChannel(d, c, err)
	}
	return v.leave(v.thing(channelRoom, textOf(e.Channel, "id")), "channel_saved")
}

func (v *visit) updateChannel() error {
	id := v.id("channel")
	v.r.PostForm.Set("stored", id)
	d, c, err := v.postedChannel()
	if errors.Is(err, errAsked) {
		return v.showChannel(http.StatusOK, d, c)
	}
	if err != nil {
		return err
	}
	in := console.ChannelUpdate{Of: v.of(), ID: id, Channel: d.doc(v.r.PostForm)}
	in.Version = v.posted("version")
	_, err = do[console.ChannelUpdate, console.ChannelEntry](v, "channel.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.ChannelEntry)
		return v.showStale(staleView{d: d, room: channelRoom, title: v.t("nav.channels"), id: id, doc: now.Channel, standing: now.Standing})
	}
	if err != nil {
		return v.refuseChannel(d, c, err)
	}
	return v.leave(v.thing(channelRoom, id), "channel_saved")
}

// refuseChannel shows the form again with what is wrong at its fields.
func (v *visit) refuseChannel(d *draft, c channelView, err error) error {
	problems, ok := v.problems(err, string(catalogue.NounChannel))
	if !ok {
		return err
	}
	c.problems = problems
	return v.showChannel(http.StatusUnprocessableEntity, d, c)
}

func (v *visit) askDeleteChannel() error {
	if err := v.toWrite(); err != nil {
		return err
	}
	return v.showDeleteChannel(http.StatusOK, "")
}

func (v *visit) showDeleteChannel(status int, refusal string) error {
	id := v.id("channel")
	e, err := v.getChannel(id)
	if err != nil {
		return err
	}
	body := deletePage{Back: v.thing(channelRoom, id), Text: refusal, Confirm: pages.Confirm{
		Title: v.t("channel.delete_title", "id", id), Text: v.t("channel.delete_text"), Action: v.thing(channelRoom, id, "delete"),
		Yes: v.t("channel.delete"), Cancel: v.thing(channelRoom, id), CSRF: v.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
	}}
	return v.showAs(status, "page_channel_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: v.crumbs(channelRoom, v.t("nav.channels"), id)})
}

func (v *visit) deleteChannel() error {
	in := console.ChannelDelete{Of: v.of(), ID: v.id("channel")}
	in.Version = v.posted("version")
	_, err := do[console.ChannelDelete, console.None](v, "channel.delete", in)
	if err == nil {
		return v.leave(v.at(channelRoom), "channel_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return v.showDeleteChannel(status, v.conflict(err))
	}
	return err
}
