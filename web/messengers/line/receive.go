package line

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// tokenLife is for how long a reply token is good: a minute, less what a call
// may take.
const tokenLife = 50 * time.Second

// Receive reads a delivery. What it can't read it acknowledges: LINE stops
// delivering to those who fail often.
func (b *bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if status := d.Refused(b.proof.Proves(d, d.Body)); status != 0 {
		return messengers.Receipt{Status: status}, nil
	}
	var r messengers.Receipt
	var e envelope
	if len(d.Body) <= maxBytes {
		_ = json.Unmarshal(d.Body, &e) // what can't be read brings nothing
	}
	for _, raw := range e.Events[:min(len(e.Events), maxEvents)] {
		var ev event
		if json.Unmarshal(raw, &ev) == nil {
			b.read(&ev, d.At, &r)
		}
	}
	return r, nil
}

// read tells what one event means.
func (b *bot) read(e *event, at time.Time, r *messengers.Receipt) {
	chat, group := e.Source.chat()
	if chat == "" {
		if kind := standings[cmp.Or(e.Module.Type, e.Type)]; kind != "" {
			r.Events = append(r.Events, messengers.Event{Kind: kind, Code: e.Type})
		}
		return
	}
	tell := func(kind messengers.EventKind, of string) {
		r.Events = append(r.Events, messengers.Event{Kind: kind, Reader: chat, Message: of})
	}
	switch e.Type {
	case "follow", "join":
		tell(messengers.Back, "")
	case "unfollow", "leave":
		tell(messengers.Gone, "")
	case "unsend":
		if e.Unsend != nil && e.Unsend.Message != "" {
			tell(messengers.Deleted, e.Unsend.Message)
		}
	case "message", "messageEdited", "postback":
		// In standby another service answers, and we only listen.
		if in, ok := b.asked(e, at); ok && e.Mode != "standby" {
			in.Reader, in.Address, in.Group = chat, chat, group
			r.Asks = append(r.Asks, in)
		}
	}
}

// standings tell that the account was suspended, or that LINE took it from the program
// that we are.
var standings = map[string]messengers.EventKind{
	"botSuspended": messengers.Suspended, "detached": messengers.Suspended, "botResumed": messengers.Restored, "attached": messengers.Restored,
}

// asked reads a message, or the press of a button.
func (b *bot) asked(e *event, at time.Time) (in messengers.Incoming, ok bool) {
	if fresh := at.Sub(time.UnixMilli(e.Timestamp)) < tokenLife; fresh || !e.Delivery.Again {
		in.Thread = messengers.Clean(e.ReplyToken)
	}
	if e.Type == "postback" {
		// Who turns another tool's menu over asks nothing.
		if e.Postback != nil && e.Postback.Params.Menu == "" {
			in.ID, in.Tap = messengers.Clean(e.ID), messengers.Clean(e.Postback.Data)
		}
		return in, in.ID != "" && in.Tap != ""
	}
	m := e.Message
	if m == nil || messengers.Clean(m.ID) == "" || b.repeats(m) {
		return in, false
	}
	// The id of the message and not that of the event: it is the same in each
	// delivery, and the one that is taken back.
	in.ID, in.Edit = messengers.Clean(m.ID), e.Type == "messageEdited"
	if in.Edit {
		in.Thread = ""
	}
	m.bring(&in)
	if _, group := e.Source.chat(); group {
		var ours bool
		in.Text, ours = b.addressed(m)
		in.Overheard, in.Quote = !ours, messengers.Clean(m.Quote)
	}
	return in, true
}

// repeats says that a picture belongs to an album which another one of it is
// answered for.
func (b *bot) repeats(m *message) bool {
	return m.Album.ID != "" && (m.Album.Index > 1 || b.albums.First(m.Album.ID, m.ID) != m.ID)
}

// held returns what a file of a message is called that LINE keeps; "" where another does, or none.
func (m *message) held(t what.MediaType) string {
	if t == what.Sticker || m.Provider.Original != "" {
		return ""
	}
	return m.ID
}

// Fetch fetches what came with a message.
func (b *bot) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	return b.Download(ctx, httpapi.Request{Path: b.data + "/v2/bot/message/" + url.PathEscape(m.Ref) + "/content"}, most)
}

// bring reads what a message holds.
func (m *message) bring(in *messengers.Incoming) {
	attach := func(t what.MediaType) {
		in.Attachments = []what.Media{{Type: t, URL: m.Provider.Original, Ref: m.held(t), Bytes: max(m.Bytes, 0), Seconds: int(max(m.Duration, 0) / 1000)}}
	}
	switch m.Type {
	case "text":
		in.Text = messengers.Clean(m.Text)
	case "sticker":
		in.Text = messengers.Clean(m.Text) // what is written on it, if anything is
		attach(what.Sticker)
	case "image":
		attach(what.Image)
	case "video":
		attach(what.Video)
	case "audio":
		attach(what.Sound)
	case "file":
		attach(what.Document)
	case "location":
		in.Location = &pull.Location{Latitude: m.Latitude, Longitude: m.Longitude, Name: cmp.Or(m.Title, m.Address)}
	}
}

// addressed tells whether what is said in a group is said to us, by our name, by
// the prefix or in answer to us, and takes the name or prefix out of it.
func (b *bot) addressed(m *message) (text string, ours bool) {
	text = messengers.Clean(m.Text)
	for _, of := range m.Mention.Of {
		if of.Self {
			return messengers.Clean(without(m.Text, of)), true
		}
	}
	if rest, ok := strings.CutPrefix(text, b.prefix); ok && b.prefix != "" {
		return strings.TrimSpace(rest), true
	}
	return text, m.Quoted != "" && b.said.Get(m.Quoted) != ""
}

// without returns a text without a name in it.
func without(text string, of mentionee) string {
	units := utf16.Encode([]rune(text))
	if of.Index < 0 || of.Length < 0 || of.Index > len(units) || of.Length > len(units)-of.Index {
		return text
	}
	before, after := units[:of.Index], units[of.Index+of.Length:]
	return string(utf16.Decode(before)) + string(utf16.Decode(after))
}
