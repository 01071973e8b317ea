package console

import (
	"context"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// ChannelEntry is a channel as it is answered.
type ChannelEntry struct {
	Channel Doc `json:"channel"`
	Standing
	Webhook string `json:"webhook" doc:"Where the platform has to send its deliveries."`
	Page    string `json:"page,omitempty" doc:"The channel's own page, where it has one."`
	Link    string `json:"link,omitempty" doc:"Opens the account at its platform; empty where that has no such address, or has not told it yet."`
	// Account and Unreached are told once, of a channel that was just saved.
	Account   string            `json:"account,omitempty" doc:"Whose account it is, as its platform told when the channel was saved just now."`
	Unreached string            `json:"unreached,omitempty" doc:"Why its platform could not be asked about the account when it was saved just now."`
	State     State             `json:"state" enum:"ok,warning,bad,idle"`
	Error     string            `json:"error,omitempty" doc:"What went wrong last; empty while all is well."`
	Silent    string            `json:"silent,omitempty" doc:"Says that nothing has been delivered for long, while other channels were written to."`
	Foreign   string            `json:"foreign,omitempty" doc:"Names pages that asked for the web chat and may not show it, since they are not listed, each with how often it asked in the last seven days."`
	Remark    string            `json:"remark,omitempty" doc:"What is odd while it works, such as a machine that answers our answers."`
	Health    messengers.Health `json:"health"`
	// DeadLetters are those of all processes; Health counts since the start.
	DeadLetters int `json:"dead_letters" doc:"How many answers could not be sent and are kept; dead.list shows them."`
}

// channels is the collection of channels.
func (p channels) collection() collection[catalogue.Channel, ChannelEntry] {
	return collection[catalogue.Channel, ChannelEntry]{
		publishing: p.Publishing, resource: catalogue.ResourceChannel,
		find: (*catalogue.Setup).Channel, judge: p.judgeChannel,
		called: func(_ *catalogue.Setup, d Doc) string { return d.Text("kind") },
		entry:  p.channelEntry, ready: p.checkAccount,
	}
}

func (p channels) judgeChannel(r *review, _ *catalogue.Setup, d Doc, was *catalogue.Channel) catalogue.Channel {
	var c catalogue.Channel
	r.fillDraft(catalogue.ResourceChannel, &c, d, p.Checks)
	before := kept{}
	if was != nil {
		before = kept{was.Kind, was.Settings}
	}
	c.Settings = p.withMadeSecrets(c, before)
	c.Settings = r.kindSettings(string(catalogue.ResourceChannel), p.Kinds.Messengers, c.Kind, c.Settings, before, p.Checks)
	return c
}

func (p channels) channelEntry(ctx context.Context, pub *catalogue.Setup, id string) (ChannelEntry, error) {
	c, ok := pub.Channel(id)
	if !ok {
		return ChannelEntry{}, NoThing(catalogue.ResourceChannel, id)
	}
	doc, err := p.MaskedDoc(catalogue.ResourceChannel, *c)
	e := ChannelEntry{
		Channel: doc, Standing: standingOf(pub, pub.MetaOf(catalogue.ResourceChannel, id)),
		Webhook: p.PublicURL + "/hook/" + pub.ID + "/" + id,
	}
	k, ok := p.Kinds.Messenger(c.Kind)
	if ok && k.Path != nil {
		e.Webhook = p.PublicURL + k.Path(pub.ID, id)
	}
	if c.App != "" {
		e.Webhook = p.PublicURL + "/hook/app/" + c.App
	}
	if ok && k.Page && !pub.StaffOnly {
		e.Page = p.PublicURL + "/chat/" + pub.ID + "/" + id
	}
	if opened := p.Channels.Find(pub.ID, id); opened != nil {
		e.Health = opened.Health()
		if p.Channels.Silent(opened, p.Clock()) {
			e.Silent = words.Text{Key: "face.silent"}.In(CallerLanguage(ctx))
		}
		if of, ok := opened.Messenger.(messengers.Embedded); ok {
			e.Foreign = foreignPages(ctx, of.Foreigners())
		}
		if of, ok := opened.Messenger.(messengers.Remarking); ok {
			e.Remark = of.Remark().In(CallerLanguage(ctx))
		}
		if of, ok := opened.Messenger.(messengers.Linker); ok {
			e.Link = of.Link("")
		}
	}
	var why words.Text
	e.State, why = channelState(e.Health, pub.Broken[catalogue.ResourceChannel][id], p.Clock())
	e.Error, e.Health.Error = why.In(CallerLanguage(ctx)), e.Health.Why.In(CallerLanguage(ctx))
	return e, err
}

// foreignPages returns which pages show a chat to nobody; "" if there are none.
func foreignPages(ctx context.Context, pages []messengers.Foreigner) string {
	if len(pages) == 0 {
		return ""
	}
	said := make([]string, len(pages))
	for i, p := range pages {
		said[i] = p.Origin + " (" + strconv.Itoa(p.Asks) + ")"
	}
	return words.Text{Key: "face.foreign", Args: words.Args{"pages": strings.Join(said, ", ")}}.In(CallerLanguage(ctx))
}

// countLetters adds how many dead letters channels have.
func (p channels) countLetters(ctx context.Context, publisher string, entries []ChannelEntry) error {
	if p.Letters == nil || len(entries) == 0 {
		return nil
	}
	counts, err := p.Letters.Counts(ctx, publisher)
	for i := range entries {
		entries[i].DeadLetters = counts[entries[i].Channel.Text("id")]
	}
	return err
}

// withLetters returns an entry with its count, where there is one.
func (p channels) withLetters(ctx context.Context, publisher string) func(ChannelEntry, error) (ChannelEntry, error) {
	return func(e ChannelEntry, err error) (ChannelEntry, error) {
		if err != nil {
			return e, err
		}
		one := []ChannelEntry{e}
		err = p.countLetters(ctx, publisher, one)
		return one[0], err
	}
}

// channelState sorts the health of a channel; broken is why it could not be
// opened.
func channelState(h messengers.Health, broken words.Text, now time.Time) (State, words.Text) {
	switch {
	case !broken.IsZero():
		return Bad, broken
	case !h.Why.IsZero():
		return Bad, h.Why
	case h.Paused.After(now):
		return Doubtful, words.Text{}
	case h.Good.IsZero():
		return Idle, words.Text{}
	}
	return OK, words.Text{}
}
