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
	Q string `json:"q,omitempty" query:"q" doc:"What the id or the kind holds or nearly is."`
}

// ChannelListed is the output.
type ChannelListed struct {
	Channels []ChannelEntry `json:"channels"`
	Next     string         `json:"next,omitempty"`
}

// ChannelGet is the input of what concerns one channel, such as "channel.get".
type ChannelGet struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
}

// Asked is embedded in the input of what saves a channel.
type Asked struct {
	Ask bool `json:"ask,omitempty" doc:"Ask the platform first whose account it is: one that it refuses is not saved, one that it could not be asked about is."`
}

// ChannelCreate is the input of "channel.create".
type ChannelCreate struct {
	Of
	Asked
	Channel Doc `json:"channel" required:"true"`
}

// ChannelUpdate is the input of "channel.update".
type ChannelUpdate struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
	Guarded
	Asked
	Channel Doc `json:"channel" required:"true"`
}

// ChannelDelete is the input of "channel.delete".
type ChannelDelete struct {
	Of
	ID string `json:"id" path:"channel" doc:"Id of the channel."`
	Guarded
}

// The operations channel.*.
var (
	ListChannels = Declare[ChannelList, ChannelListed](Declaration{
		Name: "channel.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/channels",
		Summary: "List the channels of a publisher and how they are doing.",
	})

	GetChannel = Declare[ChannelGet, ChannelEntry](Declaration{
		Name: "channel.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/channels/{channel}",
		Summary: "Show a channel; its secrets are masked.",
	})

	CreateChannel = Declare[ChannelCreate, ChannelEntry](Declaration{
		Name: "channel.create", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/channels",
		Status: http.StatusCreated, Summary: "Add a channel; readers can write to it at once. Without an id it gets one.",
		Help: "The platform is asked about the account: one that it refuses is not saved, and one that could not be asked about is.",
	})

	UpdateChannel = Declare[ChannelUpdate, ChannelEntry](Declaration{
		Name: "channel.update", Permission: Write, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}/channels/{channel}",
		Summary: "Replace a channel. A secret that is sent as its mask stays as it is.",
	})

	DeleteChannel = Declare[ChannelDelete, None](Declaration{
		Name: "channel.delete", Permission: Write, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/channels/{channel}",
		Summary: "Remove a channel; who writes to it gets no answer any more.",
	})
)

func (p channels) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListChannels.Bind(p.listChannels),
		GetChannel.Bind(func(ctx context.Context, in ChannelGet) (ChannelEntry, error) {
			return p.withLetters(ctx, in.Publisher)(s.get(ctx, in.Publisher, in.ID))
		}),
		CreateChannel.Bind(func(ctx context.Context, in ChannelCreate) (ChannelEntry, error) {
			return p.saveChannel(ctx, in.Publisher, in.Ask, func(ctx context.Context) (ChannelEntry, error) { return s.create(ctx, in.Publisher, in.Channel) })
		}),
		UpdateChannel.Bind(func(ctx context.Context, in ChannelUpdate) (ChannelEntry, error) {
			return p.saveChannel(ctx, in.Publisher, in.Ask, func(ctx context.Context) (ChannelEntry, error) {
				return s.update(ctx, in.Publisher, in.ID, in.Version, in.Channel)
			})
		}),
		DeleteChannel.Bind(func(ctx context.Context, in ChannelDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		CheckChannel.Bind(p.checkChannel), TestChannel.Bind(p.testChannel),
	}
}

func (p channels) listChannels(ctx context.Context, in ChannelList) (ChannelListed, error) {
	out := ChannelListed{Channels: []ChannelEntry{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	shown := searchFilter(in.Q, len(o.Channels), func(i int) []string { return []string{o.Channels[i].ID, o.Channels[i].Kind} })
	out.Channels, out.Next, err = listPage(in.Page, o, catalogue.ResourceChannel, shown, func(i int) (ChannelEntry, error) {
		return p.channelEntry(ctx, o, o.Channels[i].ID)
	})
	if err != nil {
		return out, err
	}
	return out, p.countLetters(ctx, o.ID, out.Channels)
}
