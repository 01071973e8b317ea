package console

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// AskRun is the input of "ask.run": a message as a reader would send it.
type AskRun struct {
	Of
	Channel string `json:"channel" doc:"Id of the channel whose limits and body to show; none where empty, and where it is all every channel and kind of messenger in channels."`
	// Reader is the platform's id of the reader.
	Reader   string    `json:"reader" doc:"The platform's id of the reader."`
	Text     string    `json:"text" doc:"The message."`
	Language string    `json:"language,omitempty" doc:"The language that the platform would tell."`
	At       time.Time `json:"at,omitzero" doc:"The moment of the ask; now where not given."`
	As       string    `json:"as,omitempty" doc:"Id of a keyword that is not for everybody: answer as to one for whom it is. Not given: as to the reader, of whom no more is known than what is kept."`
	// Keep writes the reader's document; otherwise nothing is stored but, as the
	// publisher's own try, a word that no keyword knows.
	Keep bool `json:"keep,omitempty" doc:"Write the reader's document; only editors may."`
}

// AskAnswer is the output: the reply, the messages as the channel would carry
// them, and the trace.
type AskAnswer struct {
	Reply    *pull.Reply   `json:"reply"`
	Messages []WireMessage `json:"messages"`
	Channels []Preview     `json:"channels,omitempty" doc:"The same reply on every channel, and on every kind that the publisher has none of; there where channel is all."`
	Trace    journal.Trace `json:"trace"`
}

// everyChannel asks for a reply as every channel carries it, where none is
// called so.
const everyChannel = "all"

// WireMessage is a message within a channel's limits and, where the kind can
// show it, the body of the request that would send it.
type WireMessage struct {
	Text    string        `json:"text"`
	Buttons []pull.Button `json:"buttons,omitempty"`
	Media   []what.Media  `json:"media,omitempty"`
	Plain   string        `json:"plain,omitempty" doc:"The text as a reader sees it, where it is marked up."`
	HTML    string        `json:"html,omitempty" doc:"The text as a reader sees it, with b, i and a where the channel sets words strong or slanted or makes links of them."`
	Subject string        `json:"subject,omitempty" doc:"The title, where the channel shows one."`
	Voice   string        `json:"voice,omitempty" doc:"The text as it is spoken, where the channel speaks."`
	// Rows stand in the place of too many buttons.
	Rows []messengers.Row `json:"rows,omitempty" doc:"A list to choose from, in the place of more buttons than there is room for."`
	Wire json.RawMessage  `json:"wire,omitempty"`
	// Before are the bodies of requests that go before that of Wire.
	Before []json.RawMessage `json:"before,omitempty"`
}

// Readers is what asking needs of the store.
type Readers interface {
	Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error)
	Put(ctx context.Context, key who.Key, r who.Reader, revision uint64) (uint64, error)
}

// AskRunner is what "ask.run" works with.
type AskRunner struct {
	Resolver  *pull.Resolver
	Editions  pipeline.Editions
	Channels  *messengers.Channels
	Readers   Readers
	Pseudonym func(publisher, channel, reader string) who.Key
	// Learn, where set, reads what a message needs to be understood and nothing has
	// read yet.
	Learn func(ctx context.Context, publisher, text string)
	// Forget erases a reader who wants that; it is ReaderRights.Forget.
	Forget func(ctx context.Context, publisher string, key who.Key) error
	// Tried is told of what was asked and not kept; nobody is where nil.
	Tried  TryLog
	Clock  func() time.Time
	Logger *slog.Logger
	// Previews shows a reply on every channel of a publisher.
	Previews func(publisher, address string, reply pull.Reply) []Preview
}

// TryLog keeps what a publisher itself tried in vain.
type TryLog interface {
	Try(ctx context.Context, publisher string, t journal.Trace) error
}

// RunAsk is "ask.run".
var RunAsk = Declare[AskRun, AskAnswer](Declaration{
	Name: "ask.run", Permission: Read, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/ask",
	Summary: "Answer one message as a channel would, without sending it.",
	Help:    "It counts nowhere. What no keyword knows stands in demand at once, marked as the publisher's own try, unless keep is set.",
})

// Operation returns "ask.run".
func (a AskRunner) Operation() Bound {
	return RunAsk.Bind(a.runAsk)
}

func (a AskRunner) runAsk(ctx context.Context, in AskRun) (AskAnswer, error) {
	if p, _ := Caller(ctx); in.Keep && !p.May(in.Publisher, Write) {
		return AskAnswer{}, &pull.Error{Kind: pull.Denied, Field: "keep", Hint: refusalFor(Write)}
	}
	if a.Learn != nil {
		a.Learn(ctx, in.Publisher, in.Text)
	}
	e := a.Editions.Edition(in.Publisher)
	if e == nil {
		return AskAnswer{}, NoPublisher(in.Publisher)
	}
	limits := messengers.Limits{Text: 4096, Unit: messengers.Runes, Buttons: 20, LabelRunes: 60, Media: map[what.MediaType]int64{what.Image: 0}}
	var channel *messengers.Channel
	everywhere := in.Channel == everyChannel && a.Previews != nil && a.Channels.Find(in.Publisher, everyChannel) == nil
	if everywhere {
		in.Channel = ""
	}
	if in.Channel != "" {
		if channel = a.Channels.Find(in.Publisher, in.Channel); channel == nil {
			return AskAnswer{}, NoThing(catalogue.ResourceChannel, in.Channel)
		}
		limits = channel.Limits
	}
	if in.At.IsZero() {
		in.At = a.Clock()
	}
	ask := pull.Ask{
		ID: 1, Publisher: in.Publisher, Channel: in.Channel, Reader: a.Pseudonym(in.Publisher, in.Channel, in.Reader), At: in.At,
		Incoming: pull.Incoming{ID: "ask", Address: in.Reader, Text: in.Text, Language: in.Language},
	}
	reader, revision, err := a.Readers.Reader(ctx, ask.Reader)
	if err != nil {
		return AskAnswer{}, err
	}
	p, _ := Caller(ctx)
	o := a.Resolver.Resolve(ctx, pull.Request{Edition: e, Ask: ask, Reader: reader, Like: in.As, Tried: !p.May(in.Publisher, Own)})
	a.noteTry(ctx, in, o.Trace)
	if in.Keep {
		if err := a.keepReader(ctx, ask, o.Reader, revision); err != nil {
			return AskAnswer{}, err
		}
	}
	out := askAnswer(ctx, o, channel, limits, in.Reader)
	if everywhere && o.Reply != nil {
		out.Channels = a.Previews(in.Publisher, in.Reader, *o.Reply)
	}
	return out, nil
}

// keepReader writes down what an ask has left of its reader, or erases a reader who wanted
// that.
func (a AskRunner) keepReader(ctx context.Context, ask pull.Ask, r who.Reader, revision uint64) error {
	if r.Leaves.IsZero() || a.Forget == nil {
		_, err := a.Readers.Put(ctx, ask.Reader, r, revision)
		return err
	}
	err := a.Forget(ctx, ask.Publisher, ask.Reader)
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	return err
}

// noteTry tells demand what an ask that is not kept did not find. The answer stands
// whether or not that could be written.
func (a AskRunner) noteTry(ctx context.Context, in AskRun, t journal.Trace) {
	if in.Keep || a.Tried == nil {
		return
	}
	if err := a.Tried.Try(ctx, in.Publisher, t); err != nil {
		a.Logger.Warn("a try could not be noted", "publisher", in.Publisher, "error", err)
	}
}

func askAnswer(ctx context.Context, o pull.Resolved, channel *messengers.Channel, limits messengers.Limits, address string) AskAnswer {
	out := AskAnswer{Reply: o.Reply, Trace: traceOf(ctx, o), Messages: []WireMessage{}}
	if o.Reply == nil {
		return out
	}
	var m messengers.Messenger
	if channel != nil {
		m = channel.Messenger
	}
	out.Messages = wireMessages(*o.Reply, limits, m, address)
	return out
}

// wireMessages returns a reply as the messages that a channel would carry, each with the
// body that would be sent where the messenger can show it; m may be nil.
func wireMessages(reply pull.Reply, limits messengers.Limits, m messengers.Messenger, address string) []WireMessage {
	messages := []WireMessage{}
	presenter, shows := m.(messengers.Presenter)
	seen, readable := messengers.Shape(reply, limits.Unmarked()), messengers.Shape(reply, limits.Readable())
	for i, message := range messengers.Shape(reply, limits) {
		w := WireMessage{Text: message.Text, Buttons: message.Buttons, Media: message.Media, Subject: message.Subject, Voice: message.Voice, Rows: message.Rows}
		if i < len(seen) && seen[i].Text != w.Text {
			w.Plain = seen[i].Text
		}
		if i < len(readable) && messengers.Unmarked(readable[i].Text, "", "") == cmp.Or(w.Plain, w.Text) {
			w.HTML = readable[i].Text
		}
		if shows {
			w.Wire, w.Before = wireBodies(presenter, address, message)
		}
		messages = append(messages, w)
	}
	return messages
}

// wireBodies returns the body that would be sent, and those that would go before it. A made-up reader has no address that
// the platform could have given; a plain number then stands in its place. A body
// that is no JSON, as a form or a letter, is told as text.
func wireBodies(p messengers.Presenter, address string, m messengers.Message) (body json.RawMessage, before []json.RawMessage) {
	for _, a := range []string{address, "1"} {
		s := messengers.Sending{Message: m, Address: a, Why: messengers.Trial}
		raw, err := p.Wire(s)
		if err != nil {
			continue
		}
		if several, ok := p.(messengers.Stepwise); ok {
			for _, step := range several.Before(s) {
				before = append(before, asJSON(step))
			}
		}
		return asJSON(raw), before
	}
	return nil, nil
}

func asJSON(body []byte) json.RawMessage {
	if !json.Valid(body) {
		body, _ = json.Marshal(string(body)) // a string always can be
	}
	return body
}
