package viber

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// maxBytes bounds a delivery: Viber's own have 30 kB.
const maxBytes = 1 << 20

// event is the part of a callback that matters here.
type event struct {
	Event string `json:"event"`
	// Token is a number beyond what others read exactly, and the event's id.
	Token      int64    `json:"message_token"`
	Sender     user     `json:"sender"`
	User       user     `json:"user"`
	UserID     string   `json:"user_id"`
	Context    string   `json:"context"`
	Subscribed bool     `json:"subscribed"`
	Message    *message `json:"message"`
}

type user struct {
	ID       string `json:"id"`
	Language string `json:"language"`
}

type message struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Media    string `json:"media"`
	Bytes    int64  `json:"size"`
	Duration int    `json:"duration"`
	Location *struct {
		Latitude  float64 `json:"lat"`
		Longitude float64 `json:"lon"`
		Address   string  `json:"address"`
	} `json:"location"`
}

// id returns what Viber calls the event, or the message that it is about.
func (e *event) id() string { return strconv.FormatInt(e.Token, 10) }

// Receive reads a callback. What it can't read it acknowledges: Viber would
// repeat it for an hour.
func (b *bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if status := d.Refused(b.proof.Proves(d, d.Body)); status != 0 {
		return messengers.Receipt{Status: status}, nil
	}
	var e event
	if len(d.Body) > maxBytes || json.Unmarshal(d.Body, &e) != nil || e.Token <= 0 {
		e = event{}
	}
	return e.read(), nil
}

// read tells what an event means.
func (e *event) read() (r messengers.Receipt) {
	tell := func(kind messengers.EventKind, reader, message string) {
		if reader = messengers.Clean(reader); reader != "" {
			r.Events = []messengers.Event{{Kind: kind, Reader: reader, Message: message}}
		}
	}
	switch e.Event {
	case "message":
		r.Asks = e.asked()
	case "conversation_started":
		r.Asks = e.opened()
	case "subscribed":
		tell(messengers.Back, e.User.ID, "")
	case "unsubscribed":
		tell(messengers.Gone, e.UserID, "")
	case "delivered":
		tell(messengers.Delivered, e.UserID, e.id())
	case "seen":
		tell(messengers.Read, e.UserID, e.id())
	case "failed":
		tell(messengers.Undelivered, e.UserID, e.id())
	}
	return r
}

// asked reads a message. What a button sends comes as a text.
func (e *event) asked() []messengers.Incoming {
	in, m := e.from(e.Sender), e.Message
	if in.Reader == "" || m == nil {
		return nil
	}
	in.Text = messengers.Clean(m.Text)
	attach := func(t what.MediaType) {
		in.Attachments = []what.Media{{Type: t, URL: m.Media, Bytes: max(m.Bytes, 0), Seconds: max(m.Duration, 0)}}
	}
	switch m.Type {
	case "picture":
		attach(what.Image)
	case "video":
		attach(what.Video)
	case "file":
		attach(what.Document)
	case "sticker":
		attach(what.Sticker)
	case "contact":
		attach(what.Contact)
	case "url":
		in.Text = cmp.Or(in.Text, m.Media)
	case "location":
		if at := m.Location; at != nil {
			in.Location = &pull.Location{Latitude: at.Latitude, Longitude: at.Longitude, Name: at.Address}
		}
	}
	return []messengers.Incoming{in}
}

// opened reads that somebody opened the chat, by a deep link with a context or
// for the first time: the answer is the welcome. Who follows us and came back
// without one wants nothing.
func (e *event) opened() []messengers.Incoming {
	in := e.from(e.User)
	in.Text, in.InBand = wordsOf(e.Context), true
	if in.Start = in.Text != ""; !in.Start {
		in.Tap = "c:start"
	}
	if in.Reader == "" || e.Subscribed && !in.Start {
		return nil
	}
	return []messengers.Incoming{in}
}

func (e *event) from(u user) messengers.Incoming {
	id := messengers.Clean(u.ID)
	return messengers.Incoming{ID: e.id(), Reader: id, Address: id, Language: messengers.Clean(u.Language)}
}

// wordsOf returns those of a deep link's context, in which a space is often written
// otherwise.
func wordsOf(context string) string { return messengers.Clean(strings.ReplaceAll(context, "_", " ")) }
