package meta

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// events returns those of an entry. What another app handles, as a desk of people
// that has taken the thread over, is no event of ours: it stands in "standby".
func (e Entry) events() []json.RawMessage {
	all := e.Messaging
	for _, raw := range e.Changes {
		var change Change
		if Decode(raw, &change) && change.Field == "messages" {
			all = append(all, change.Value)
		}
	}
	return all
}

// event is one that happened between a person and the account.
type event struct {
	Sender, Recipient struct{ ID Word }
	Timestamp         Word
	Message           *message
	Postback          *struct {
		MID, Payload Word
		Title        string
		Referral     *referral
	}
	Referral, Optin *referral
	Reaction        *struct {
		MID, Action, Emoji, Reaction Word
	}
	Edit *struct {
		MID  Word
		Text string
	} `json:"message_edit"`
	Policy   *policy `json:"policy_enforcement"`
	Hyphened *policy `json:"policy-enforcement"`
	Delivery *struct{ MIDs []Word }
	Read     *struct{ MID Word }
}

// sent returns when it happened: milliseconds, or seconds in an event of Changes.
func (e event) sent() time.Time {
	const digits = len("1795165200")
	if len(e.Timestamp) <= digits {
		return messengers.Seconds(string(e.Timestamp))
	}
	return messengers.Millis(string(e.Timestamp))
}

// policy is what Meta did to the account for what it said or sent.
type policy struct{ Action Word }

type referral struct{ Ref Word }

type message struct {
	MID         Word
	Text        string
	Echo        bool                    `json:"is_echo"`
	Self        bool                    `json:"is_self"`
	Deleted     bool                    `json:"is_deleted"`
	Quick       *struct{ Payload Word } `json:"quick_reply"`
	Attachments []json.RawMessage
}

type attached struct {
	Type, Title string
	Payload     struct {
		URL         string
		Title       string
		Sticker     Word `json:"sticker_id"`
		Coordinates *struct{ Lat, Long float64 }
	}
}

// read tells what an event means.
func (e *event) read(own string, r *messengers.Receipt) {
	if p := cmp.Or(e.Policy, e.Hyphened); p != nil && string(e.Recipient.ID) == own {
		if kind := standings[p.Action]; kind != "" {
			r.Events = append(r.Events, messengers.Event{Kind: kind, Code: "policy_enforcement"})
		}
		return
	}
	reader := string(e.Sender.ID)
	if reader == "" || reader == own || e.Recipient.ID != "" && string(e.Recipient.ID) != own {
		return
	}
	in := messengers.Incoming{Reader: reader, Address: reader, Sent: e.sent()}
	switch {
	case e.Message != nil:
		e.Message.read(in, r)
	case e.Postback != nil:
		in.ID, in.Text, in.Tap = string(e.Postback.MID), e.Postback.Title, string(e.Postback.Payload)
		in.Start = in.Tap == Started
		e.opened(in, e.Postback.Referral, r)
	case e.Referral != nil:
		e.opened(in, e.Referral, r)
	case e.Optin != nil:
		e.opened(in, e.Optin, r)
	case e.Edit != nil && e.Edit.MID != "":
		in.ID, in.Text, in.Edit = string(e.Edit.MID), e.Edit.Text, true
		r.Asks = append(r.Asks, in)
	default:
		e.became(reader, r)
	}
}

// standings are what becomes of an account by what its policy does.
var standings = map[Word]messengers.EventKind{"block": messengers.Suspended, "unblock": messengers.Restored}

// Started is the payload of the button that begins a conversation.
const Started = "c:start"

// opened reads what a deep link brought, or a button of the account's own menu
// without one.
func (e *event) opened(in messengers.Incoming, by *referral, r *messengers.Receipt) {
	if by != nil && by.Ref != "" {
		in.Text, in.Tap, in.Start = asked(string(by.Ref)), "", true
	}
	if in.ID == "" && e.Timestamp != "" {
		in.ID = "at/" + in.Reader + "/" + string(e.Timestamp)
	}
	if in.ID != "" && (in.Text != "" || in.Tap != "") {
		r.Asks = append(r.Asks, in)
	}
}

// became reads what became of a message.
func (e *event) became(reader string, r *messengers.Receipt) {
	tell := func(kind messengers.EventKind, message Word, thumb int) {
		if message != "" {
			r.Events = append(r.Events, messengers.Event{Kind: kind, Reader: reader, Message: string(message), Thumb: thumb})
		}
	}
	switch {
	case e.Delivery != nil:
		for _, id := range e.Delivery.MIDs {
			tell(messengers.Delivered, id, 0)
		}
	case e.Read != nil:
		tell(messengers.Read, e.Read.MID, 0)
	case e.Reaction != nil && e.Reaction.Action != "unreact":
		thumb := pull.ThumbOf(string(e.Reaction.Emoji))
		if thumb == 0 {
			thumb = map[Word]int{"like": 1, "love": 1, "dislike": -1, "angry": -1}[e.Reaction.Reaction]
		}
		if thumb != 0 {
			tell(messengers.Reacted, e.Reaction.MID, thumb)
		}
	}
}

// read tells what a message means. Our own come back as echoes.
func (m *message) read(in messengers.Incoming, r *messengers.Receipt) {
	in.ID = string(m.MID)
	switch {
	case m.MID == "" || m.Echo || m.Self:
		return
	case m.Deleted:
		r.Events = append(r.Events, messengers.Event{Kind: messengers.Deleted, Reader: in.Reader, Message: in.ID})
		return
	}
	in.Text = messengers.Clean(m.Text)
	if m.Quick != nil {
		in.Tap = string(m.Quick.Payload)
	}
	for _, raw := range m.Attachments {
		var a attached
		if !Decode(raw, &a) {
			continue
		}
		if a.Type == "story_mention" && in.Text == "" {
			return // somebody named the account in a story: nobody asked it anything
		}
		a.add(&in)
	}
	r.Asks = append(r.Asks, in)
}

// thumbs are the stickers that Messenger's own button of a raised thumb sends,
// in three sizes.
const thumbs = " 369239263222822 369239343222814 369239383222810 "

// add tells what came with a message. Links that it unfurled are in its text.
func (a attached) add(in *messengers.Incoming) {
	at := a.Payload.Coordinates
	switch {
	case at != nil:
		in.Location = &pull.Location{Latitude: at.Lat, Longitude: at.Long, Name: a.Title}
	case a.Payload.Sticker != "" && strings.Contains(thumbs, " "+string(a.Payload.Sticker)+" "):
		if in.Text == "" {
			in.Text = "👍"
		}
	default:
		kind := map[string]what.MediaType{
			"image": what.Image, "sticker": what.Sticker, "audio": what.Sound, "video": what.Video,
			"reel": what.Video, "ig_reel": what.Video, "file": what.Document,
		}[a.Type]
		if a.Payload.Sticker != "" {
			kind = what.Sticker // which came as a picture in former times
		}
		if kind != "" {
			in.Attachments = append(in.Attachments, what.Media{Type: kind, URL: a.Payload.URL})
		}
	}
}

// types are what the API calls media.
var types = map[what.MediaType]string{what.Image: "image", what.Sound: "audio", what.Video: "video", what.Document: "file"}
