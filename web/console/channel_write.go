package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
)

// ChannelList is the input of "channel.list".
type ChannelList struct {
	Of
	Page
	Q string `json:"q,omitempty" query:"q" doc:"Text that the id or the kind holds."`
}

// ChannelListed is the output.
type ChannelListed struct {
	Channels []ChannelEntry `json:"channels"`
	Next     string         `json:"next,omitempty"`
}

// ChannelGet is the input of "channel.get".
type ChannelGet struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
}

// ChannelCreate is the input of "channel.create".
type ChannelCreate struct {
	Of
	Channel Doc `json:"channel" required:"true"`
}

// ChannelUpdate is the input of "channel.update".
type ChannelUpdate struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
	Guarded
	Channel Doc `json:"channel" required:"true"`
}

// ChannelDelete is the input of "channel.delete".
type ChannelDelete struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
	Guarded
}

func (p Publishing) channelOperations() []Operation {
	const list, one = "/publishers/{publisher}/channels", "/publishers/{publisher}/channels/{channel}"
	s := p.channels()
	return []Operation{
		Declare(Operation{
			Name: "channel.list", Permission: Read, Method: http.MethodGet, Path: list,
			Summary: "List the channels of a publisher and how they are doing.",
		}, p.listChannels),
		Declare(Operation{
			Name: "channel.get", Permission: Read, Method: http.MethodGet, Path: one,
			Summary: "Show a channel; its secrets are masked.",
		}, func(ctx context.Context, in ChannelGet) (ChannelEntry, error) {
			return p.withLetters(ctx, in.Publisher)(s.get(in.Publisher, in.ID))
		}),
		Declare(Operation{
			Name: "channel.create", Permission: Write, Audit: true, Method: http.MethodPost, Path: list,
			Status: http.StatusCreated, Summary: "Add a channel; readers can write to it at once. Without an id it gets one.",
		}, func(ctx context.Context, in ChannelCreate) (ChannelEntry, error) {
			return p.withLetters(ctx, in.Publisher)(s.create(ctx, in.Publisher, in.Channel))
		}),
		Declare(Operation{
			Name: "channel.update", Permission: Write, Audit: true, Method: http.MethodPut, Path: one,
			Summary: "Replace a channel. A secret that is sent as its mask stays as it is.",
		}, func(ctx context.Context, in ChannelUpdate) (ChannelEntry, error) {
			return p.withLetters(ctx, in.Publisher)(s.update(ctx, in.Publisher, in.ID, in.Version, in.Channel))
		}),
		Declare(Operation{
			Name: "channel.delete", Permission: Write, Audit: true, Method: http.MethodDelete, Path: one,
			Summary: "Remove a channel; who writes to it gets no answer any more.",
		}, func(ctx context.Context, in ChannelDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		p.channelCheck(), p.channelTest(),
	}
}

func (p Publishing) listChannels(ctx context.Context, in ChannelList) (ChannelListed, error) {
	out := ChannelListed{Channels: []ChannelEntry{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return o.Channels[i].ID }
	l, err := in.list(behind(o, catalogue.NounChannel, len(o.Channels), id))
	if err != nil {
		return out, err
	}
	for i, c := range o.Channels {
		if named(in.Q, c.ID, c.Kind) {
			l.add(i)
		}
	}
	for _, i := range l.places {
		e, err := p.channelEntry(o, id(i))
		if err != nil {
			return out, err
		}
		out.Channels = append(out.Channels, e)
	}
	out.Next = l.next(id)
	return out, p.countLetters(ctx, o.ID, out.Channels)
}
