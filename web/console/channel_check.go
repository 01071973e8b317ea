package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
	"keypull/web/messengers"
)

// ChannelCheck is the input of "channel.check": a channel as it might be
// saved.
type ChannelCheck struct {
	Of
	Channel Doc    `json:"channel" required:"true"`
	ID      string `json:"id,omitempty" doc:"Id of a channel that is there, for the secrets that are masked."`
}

// ChannelChecked is the output. Where the account is not good, Error says why
// and Field which setting is at fault, as far as that is known.
type ChannelChecked struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	Field string `json:"field,omitempty" doc:"Path of the field at fault."`
}

// CheckChannel is "channel.check".
var CheckChannel = Declare[ChannelCheck, ChannelChecked](Declaration{
	Name: "channel.check", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/check/channel",
	Summary: "Ask the platform whether an account is good; no reader notices.",
})

func (p channels) check(ctx context.Context, in ChannelCheck) (out ChannelChecked, err error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	was, ok := pub.Channel(in.ID)
	if !ok && in.ID != "" {
		r.unknown("id", string(catalogue.NounChannel), in.ID, channelIDs(pub))
	}
	in.Channel = r.plain(catalogue.NounChannel, in.Channel)
	id := in.ID
	if id == "" {
		id = "trial"
	}
	c := p.judge(r, pub, in.Channel.with("id", id), was)
	if err := r.err(); err != nil {
		return out, err
	}
	if err := p.knock(ctx, func() (messengers.Messenger, error) { return p.Trials.Channel(pub.ID, c) }); err != nil {
		reason, field := told(err, string(catalogue.NounChannel))
		out.Error, out.Field = reason.In(spoken(ctx)), field
		return out, nil
	}
	out.OK = true
	return out, nil
}

// knock asks the platform of a channel that is opened for this alone.
func (p channels) knock(ctx context.Context, open func() (messengers.Messenger, error)) error {
	m, err := open()
	if err != nil {
		return err
	}
	if c, ok := m.(messengers.Closer); ok {
		// It was opened here and has told what it had to.
		defer func() { _ = c.Close() }()
	}
	t, ok := m.(messengers.Trier)
	if !ok {
		return nil
	}
	return t.Try(ctx)
}

func channelIDs(pub *catalogue.Setup) []string {
	ids := make([]string, len(pub.Channels))
	for i, c := range pub.Channels {
		ids[i] = c.ID
	}
	return ids
}
