package slack

import (
	"cmp"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// handshake is by which Slack sees whether an address is ours.
const handshake = "url_verification"

// slackbot is Slack's own helper, which writes to apps as well.
const slackbot = "USLACKBOT"

// envelope is what an event comes in.
type envelope struct {
	Type           string `json:"type"`
	Challenge      string `json:"challenge"`
	Team           string `json:"team_id"`
	Enterprise     string `json:"enterprise_id"`
	App            string `json:"api_app_id"`
	Authorizations []struct {
		Team string `json:"team_id"`
		User string `json:"user_id"`
		Bot  bool   `json:"is_bot"`
	} `json:"authorizations"`
	// Shared: people of other organisations read the channel and write in it.
	Shared bool  `json:"is_ext_shared_channel"`
	Event  event `json:"event"`
}

type event struct {
	Type        string   `json:"type"`
	Subtype     string   `json:"subtype"`
	User        string   `json:"user"`
	Bot         string   `json:"bot_id"`
	Text        string   `json:"text"`
	TS          string   `json:"ts"`
	Thread      string   `json:"thread_ts"`
	Channel     string   `json:"channel"`
	ChannelType string   `json:"channel_type"`
	Deleted     string   `json:"deleted_ts"`
	Edited      any      `json:"edited"`
	Message     *event   `json:"message"`
	Previous    *event   `json:"previous_message"`
	Reaction    string   `json:"reaction"`
	Item        *item    `json:"item"`
	Files       []upload `json:"files"`
	// OldChannel and NewChannel tell the two ids of a channel that got another.
	OldChannel string `json:"old_channel_id"`
	NewChannel string `json:"new_channel_id"`
	// Tokens are those that are revoked, by whose they were.
	Tokens struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

type item struct {
	Type    string `json:"type"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

type upload struct {
	Name string `json:"name"`
	Type string `json:"mimetype"`
	URL  string `json:"url_private_download"`
	Size int64  `json:"size"`
}

// accept answers Slack's question whether the address is ours.
func (e *envelope) accept() messengers.Receipt {
	return messengers.Receipt{ContentType: "text/plain; charset=utf-8", Body: []byte(e.Challenge)}
}

// workspace returns where the app is installed by which the event is seen: in a
// channel that workspaces share, the event itself may come from another.
func (e *envelope) workspace() string {
	for _, a := range e.Authorizations {
		if a.Team != "" {
			return a.Team
		}
	}
	return cmp.Or(e.Team, e.Enterprise)
}

// bot returns the app's own user.
func (e *envelope) bot() string {
	for _, a := range e.Authorizations {
		if a.Bot {
			return a.User
		}
	}
	return ""
}

// read tells what an event means. What apps said, this one or another, is no
// question.
func (e *envelope) read() messengers.Receipt {
	v := e.Event
	switch v.Type {
	case "message", "app_mention":
		return e.message(v)
	case "reaction_added":
		return e.reacted(v)
	case "member_joined_channel":
		return e.moved(v, messengers.Back)
	case "member_left_channel":
		return e.moved(v, messengers.Gone)
	case "app_uninstalled":
		return telling(messengers.Event{Kind: messengers.Revoked})
	case "tokens_revoked":
		// Those of people are none that we have.
		if len(v.Tokens.Bot) > 0 {
			return telling(messengers.Event{Kind: messengers.Revoked})
		}
	case "channel_id_changed":
		if isID(v.OldChannel) && isID(v.NewChannel) {
			return telling(messengers.Event{Kind: messengers.Moved, Reader: e.reader(v.OldChannel), To: e.reader(v.NewChannel), Address: v.NewChannel})
		}
	}
	return messengers.Receipt{}
}

func telling(v messengers.Event) messengers.Receipt {
	return messengers.Receipt{Events: []messengers.Event{v}}
}

func (e *envelope) reader(of string) string { return e.workspace() + "/" + of }

// message reads what was written, corrected or taken back. One message may come
// twice, as itself and as a mention: both have the same id.
func (e *envelope) message(v event) messengers.Receipt {
	switch v.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		if in, ok := e.incoming(v); ok {
			return asking(in)
		}
	case "message_changed":
		// A preview of a link that comes later changes a message as well.
		if v.Message == nil || v.Message.Edited == nil {
			break
		}
		v.Message.Channel, v.Message.ChannelType = v.Channel, v.ChannelType
		if in, ok := e.incoming(*v.Message); ok {
			in.Edit = true
			return asking(in)
		}
	case "message_deleted":
		if v.Previous != nil && v.Previous.Bot != "" || !isID(v.Channel) || !isStamp(v.Deleted) {
			break
		}
		taken := messengers.Event{Kind: messengers.Deleted, Message: v.Channel + "/" + v.Deleted}
		switch {
		case v.ChannelType != "im" && !direct(v.Channel):
			taken.Reader = e.reader(v.Channel)
		case v.Previous != nil && isID(v.Previous.User):
			taken.Reader = e.reader(v.Previous.User)
		}
		return telling(taken)
	}
	return messengers.Receipt{}
}

// incoming reads a message of a person. In a channel only what names the app is
// for us, and the answer stands in the thread of it.
func (e *envelope) incoming(v event) (messengers.Incoming, bool) {
	channel := v.Channel
	if v.Bot != "" || !isID(v.User) || v.User == e.bot() || v.User == slackbot || !isID(channel) || !isStamp(v.TS) {
		return messengers.Incoming{}, false
	}
	in := messengers.Incoming{
		ID: channel + "/" + v.TS, Reader: e.reader(v.User), Address: channel, Text: messengers.Clean(plain(v.Text)), Attachments: attached(v.Files),
	}
	if isStamp(v.Thread) {
		in.Thread = v.Thread
	}
	if !e.Shared {
		in.Workspace = e.workspace()
	}
	if v.ChannelType == "im" || direct(channel) {
		return in, in.Text != "" || len(in.Attachments) > 0
	}
	in.Reader, in.Group = e.reader(channel), true
	in.Overheard = v.Type != "app_mention" && (e.bot() == "" || !strings.Contains(v.Text, "<@"+e.bot()+">"))
	if in.Thread != "" && in.Thread != v.TS {
		in.Posted = &pull.Posted{Below: []string{channel + "/" + in.Thread}, By: byPrefix + v.User, Proven: in.Workspace != "", Whole: in.Text}
	}
	if in.Thread == "" {
		in.Thread = v.TS
	}
	if in.Text == "" && len(in.Attachments) == 0 {
		in.Tap = menu
	}
	return in, true
}

// attached returns the files of a message; each takes the app's token to fetch.
func attached(files []upload) []what.Media {
	const most = 10
	var all []what.Media
	for _, f := range files[:min(len(files), most)] {
		all = append(all, what.Media{Type: messengers.MediaOf(f.Type), Alt: f.Name, Ref: f.URL, Bytes: max(f.Size, 0)})
	}
	return all
}

// thumbs are the reactions that say yes or no; all others say neither.
var thumbs = map[string]int{ //nolint:gochecknoglobals // it does not change
	"+1": 1, "thumbsup": 1, "heart": 1, "fire": 1, "clap": 1, "tada": 1, "pray": 1, "heart_eyes": 1,
	"-1": -1, "thumbsdown": -1, "rage": -1, "hankey": -1, "poop": -1, "shit": -1, "face_vomiting": -1,
}

// reacted reads a thumb, of a person or in a channel.
func (e *envelope) reacted(v event) messengers.Receipt {
	name, _, _ := strings.Cut(v.Reaction, "::") // the skin's tone stands behind
	thumb := thumbs[name]
	if thumb == 0 || !isID(v.User) || v.Item == nil || !isID(v.Item.Channel) || !isStamp(v.Item.TS) {
		return messengers.Receipt{}
	}
	reader := v.Item.Channel
	if direct(reader) {
		reader = v.User
	}
	return telling(messengers.Event{Kind: messengers.Reacted, Reader: e.reader(reader), Message: v.Item.Channel + "/" + v.Item.TS, Thumb: thumb})
}

// moved reads that the app itself was asked into a channel, or sent away.
func (e *envelope) moved(v event, kind messengers.EventKind) messengers.Receipt {
	if !isID(v.User) || v.User != e.bot() || !isID(v.Channel) {
		return messengers.Receipt{}
	}
	return telling(messengers.Event{Kind: kind, Reader: e.reader(v.Channel)})
}

// interaction is a pressed button, a choice, or a shortcut.
type interaction struct {
	Type       string `json:"type"`
	Trigger    string `json:"trigger_id"`
	Hook       string `json:"response_url"`
	Team       named  `json:"team"`
	Enterprise named  `json:"enterprise"`
	User       person `json:"user"`
	Channel    named  `json:"channel"`
	Message    event  `json:"message"`
	Container  struct {
		Ephemeral bool   `json:"is_ephemeral"`
		Thread    string `json:"thread_ts"`
	} `json:"container"`
	Actions []action `json:"actions"`
}

type named struct {
	ID string `json:"id"`
}

// person is who pressed, with the workspace that they are of.
type person struct {
	ID   string `json:"id"`
	Team string `json:"team_id"`
}

// home returns the workspace of who pressed; "" of people of others, who share a channel.
func (p *interaction) home() string {
	if of := p.User.Team; of != "" && of != p.Team.ID && of != p.Enterprise.ID {
		return ""
	}
	return p.workspace()
}

type action struct {
	Value    string  `json:"value"`
	URL      string  `json:"url"`
	TS       string  `json:"action_ts"`
	Text     caption `json:"text"`
	Selected struct {
		Value string  `json:"value"`
		Text  caption `json:"text"`
	} `json:"selected_option"`
}

type caption struct {
	Text string `json:"text"`
}

func (a action) value() string { return cmp.Or(a.Selected.Value, a.Value) }

func (a action) label() string { return cmp.Or(a.Selected.Text.Text, a.Text.Text) }

func (p *interaction) workspace() string { return cmp.Or(p.Team.ID, p.Enterprise.ID) }

// thread returns the one that what was pressed stands in.
func (p *interaction) thread() string {
	for _, ts := range []string{p.Container.Thread, p.Message.Thread} {
		if isStamp(ts) {
			return ts
		}
	}
	return ""
}
