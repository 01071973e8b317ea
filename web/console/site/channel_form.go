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

// channelForm is the form of a channel of a kind.
func (r channelPages) channelForm(kind string) (*form, error) {
	k, ok := r.Kinds.Messenger(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: r.t("channel.no_kind", "kind", kind)}
	}
	d := &form{request: r.request, kindFirst: true, words: []settings.Words{catalogue.ChannelWords()}}
	if err := d.withKind(k); err != nil {
		return nil, err
	}
	fields, err := r.ownFields(&catalogue.Channel{}, catalogue.ChannelWords(), "+id")
	d.own = settings.Form{Fields: fields, Zone: r.zone}
	return d, err
}

// newChannel shows the kinds, then the form of one.
func (r channelPages) newChannel() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	if err := r.toChange(); err != nil {
		return err
	}
	kind := r.URL.Query().Get("kind")
	if kind == "" {
		body := kindsPage{
			Head:  pages.Header{Title: r.t("channel.new"), Lead: r.t("channel.new_lead")},
			Kinds: sourcePages{r.request}.kindTiles(r.Kinds.Messengers, channelSection, "channel"),
		}
		return r.show("page_channel_kinds", pages.Page{Title: r.t("channel.new"), Body: body, Crumbs: r.crumbs(channelSection, r.t("nav.channels"), r.t("channel.new"))})
	}
	d, err := r.channelForm(kind)
	if err != nil {
		return err
	}
	return r.showChannel(http.StatusOK, d, channelView{shown: shown{values: d.stored(console.Doc{})}})
}

// channelView is what the form of a channel is shown with.
type channelView struct {
	shown
	entry   *console.ChannelEntry
	version string
	checked *checkedView
	tested  *testedView
}

func (r channelPages) getChannel(id string) (console.ChannelEntry, error) {
	return do[console.ChannelGet, console.ChannelEntry](r.request, "channel.get", console.ChannelGet{Of: r.of(), ID: id})
}

// channel shows one that is there.
func (r channelPages) channel() error { return r.showStored(http.StatusOK, r.id("channel"), nil, nil) }

// showStored shows a channel as it was saved.
func (r channelPages) showStored(status int, id string, checked *checkedView, tested *testedView) error {
	e, err := r.getChannel(id)
	if err != nil {
		return err
	}
	d, err := r.channelForm(textOf(e.Channel, "kind"))
	if err != nil {
		return err
	}
	d.id = id
	return r.showChannel(status, d, channelView{entry: &e, checked: checked, tested: tested, shown: shown{values: d.stored(e.Channel)}})
}

// showChannel shows the form of a new channel, or of the entry.
func (r channelPages) showChannel(status int, d *form, c channelView) error {
	title := r.kindTitle(r.Kinds.Messengers, d.kindName)
	c.disabled = r.fixed() != ""
	k, _ := r.Kinds.Messenger(d.kindName)
	body := channelPage{
		Head:   pages.Header{Title: r.t("channel.new_of", "kind", title), Lead: k.Words.Say(r.language, "help", k.Help)},
		Action: r.at(channelSection), Cancel: r.at(channelSection), Kind: d.kindName, KindTitle: title, Checked: c.checked, Tested: c.tested,
		Fixed: r.fixed(), Editor: r.may(console.Write), Fields: d.list(c.shown),
	}
	body.Marks = wrong(body.Fields)
	if !k.Page {
		// A chat of our own has no account that could be wrong.
		body.Check = r.at(channelSection, "check")
	}
	crumb := r.t("channel.new")
	if c.entry != nil {
		crumb = textOf(c.entry.Channel, "id")
		r.aboutChannel(&body, c, k)
	}
	return r.showAs(status, "page_channel", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(channelSection, r.t("nav.channels"), crumb)})
}

// aboutChannel adds what there is to tell of a channel that has been saved.
func (r channelPages) aboutChannel(body *channelPage, c channelView, k console.Kind) {
	e := c.entry
	id := textOf(e.Channel, "id")
	badge := r.channelBadge(*e)
	body.Head = pages.Header{Title: id, Badge: &badge, Lead: r.t("channel.of_kind", "kind", body.KindTitle)}
	body.Action, body.Stored, body.Version = r.pageOf(channelSection, id), id, cmp.Or(c.version, e.Version)
	body.Sentence = e.Error
	count := func(key string, n int) pages.Fact {
		text, err := pages.Number(r.language, n)
		if err != nil {
			text = "?"
		}
		return pages.Fact{Label: r.t(key), Value: text}
	}
	body.About = []pages.Fact{count("channel.sent", e.Health.Sent), count("channel.failed", e.Health.Dead)}
	if e.DeadLetters > 0 {
		letters := count("dead.title", e.DeadLetters)
		letters.Href = r.deadOf(id)
		body.About = append(body.About, letters)
	}
	if !e.Health.Good.IsZero() {
		body.About = append(body.About, pages.Fact{Label: r.t("channel.good"), Value: r.ago(e.Health.Good)})
	}
	if e.Health.Paused.After(r.clock()) {
		body.About = append(body.About, pages.Fact{Label: r.t("channel.until"), Value: r.ago(e.Health.Paused)})
	}
	body.About = append(body.About, r.changedFacts(e.Standing)...)
	if e.Page != "" {
		body.Page, body.Tag = e.Page, &pages.Code{ID: "tag", Label: r.t("channel.tag"), Text: scriptTag(e.Page)}
	}
	if !k.Page {
		body.Webhook = &pages.Code{ID: "webhook", Label: r.t("channel.webhook"), Text: e.Webhook}
		body.Test = r.pageOf(channelSection, id, "test")
		body.AddressHelp = r.t("channel.address_help")
		if k.Name == "telegram" {
			body.AddressHelp = r.t("channel.address_telegram")
		}
	}
	if c.tested != nil {
		body.Address = c.tested.Address
	}
	if r.mayChange() {
		body.Delete = r.pageOf(channelSection, id, "delete")
	}
}

// postedChannel is the form that was sent, and the form of its kind.
func (r channelPages) postedChannel() (*form, channelView, error) {
	d, err := r.channelForm(r.posted("kind"))
	if err != nil {
		return nil, channelView{}, err
	}
	values, add, asked := pages.Edited(r.PostForm)
	r.PostForm = values
	c := channelView{shown: shown{values: d.typed(values), add: add}, version: r.posted("version")}
	if id := r.posted("stored"); id != "" {
		d.id = id
		e, err := r.getChannel(id)
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

func (r channelPages) createChannel() error {
	d, c, err := r.postedChannel()
	if errors.Is(err, errAsked) {
		return r.showChannel(http.StatusOK, d, c)
	}
	if err != nil {
		return err
	}
	e, err := do[console.ChannelCreate, console.ChannelEntry](r.request, "channel.create", console.ChannelCreate{Of: r.of(), Channel: d.doc(r.PostForm)})
	if err != nil {
		return r.refuseChannel(d, c, err)
	}
	return r.leave(r.pageOf(channelSection, textOf(e.Channel, "id")), "channel_saved")
}

func (r channelPages) updateChannel() error {
	id := r.id("channel")
	r.PostForm.Set("stored", id)
	d, c, err := r.postedChannel()
	if errors.Is(err, errAsked) {
		return r.showChannel(http.StatusOK, d, c)
	}
	if err != nil {
		return err
	}
	in := console.ChannelUpdate{Of: r.of(), ID: id, Channel: d.doc(r.PostForm)}
	in.Version = r.posted("version")
	_, err = do[console.ChannelUpdate, console.ChannelEntry](r.request, "channel.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.ChannelEntry)
		return sourcePages{r.request}.showStale(staleView{d: d, section: channelSection, title: r.t("nav.channels"), id: id, doc: now.Channel, standing: now.Standing})
	}
	if err != nil {
		return r.refuseChannel(d, c, err)
	}
	return r.leave(r.pageOf(channelSection, id), "channel_saved")
}

// refuseChannel shows the form again with what is wrong at its fields.
func (r channelPages) refuseChannel(d *form, c channelView, err error) error {
	problems, ok := r.problems(err, string(catalogue.NounChannel))
	if !ok {
		return err
	}
	c.problems = problems
	return r.showChannel(http.StatusUnprocessableEntity, d, c)
}

func (r channelPages) askDeleteChannel() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	return r.showDeleteChannel(http.StatusOK, "")
}

func (r channelPages) showDeleteChannel(status int, refusal string) error {
	id := r.id("channel")
	e, err := r.getChannel(id)
	if err != nil {
		return err
	}
	body := deletePage{Back: r.pageOf(channelSection, id), Text: refusal, Confirm: pages.Confirm{
		Title: r.t("channel.delete_title", "id", id), Text: r.t("channel.delete_text"), Action: r.pageOf(channelSection, id, "delete"),
		Yes: r.t("channel.delete"), Cancel: r.pageOf(channelSection, id), CSRF: r.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
	}}
	return r.showAs(status, "page_channel_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: r.crumbs(channelSection, r.t("nav.channels"), id)})
}

func (r channelPages) deleteChannel() error {
	in := console.ChannelDelete{Of: r.of(), ID: r.id("channel")}
	in.Version = r.posted("version")
	_, err := do[console.ChannelDelete, console.None](r.request, "channel.delete", in)
	if err == nil {
		return r.leave(r.at(channelSection), "channel_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return r.showDeleteChannel(status, sourcePages{r.request}.conflict(err))
	}
	return err
}
