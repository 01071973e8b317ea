// Package gateway is a messenger kind for tests: messages come over a websocket,
// from where it was left, and a little mail goes out: a subject, a text with
// stars, what is to be spoken, and the thread that it belongs to. A server that
// can't hold a websocket may push the same messages.
package gateway

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name: "gateway", Title: "Gateway", Help: "A gateway that keeps a line open.",
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Base: "https://gateway.example.org"}
	},
}

// Settings configure one account.
type Settings struct {
	Token settings.Secret `name:"token" label:"Token" help:"What both sides show." check:"required" example:"a-long-random-word"`
	Base  string          `name:"base" label:"Address" help:"Where the gateway is." check:"required,url" example:"https://gateway.example.org"`
}

// Open returns the account.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	return &account{Settings: *s, client: env.Client, clock: env.Clock, place: env.PlaceFor()}, nil
}

type account struct {
	Settings
	client *outside.Client
	clock  func() time.Time
	place  messengers.Place
}

var _ messengers.Listener = (*account)(nil)

// Limits returns those of a short letter.
func (*account) Limits() messengers.Limits {
	return messengers.Limits{
		Text: 1000, Unit: messengers.UTF16, Messages: 2, Subject: 60, Speech: true, Idempotent: true,
		Media: map[what.MediaType]int64{what.Image: 0, what.Document: 1 << 20}, Caption: 1000,
		Markup: messengers.Markup{
			Name: "markdown", Bold: [2]string{"*", "*"}, Link: "[{text}]({url})", Bullet: "+ ",
			Escape:    strings.NewReplacer("*", `\*`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, `\`, `\\`).Replace,
			EscapeURL: strings.NewReplacer(")", "%29", "(", "%28", "*", "%2A", "<", "%3C", ">", "%3E", `\`, "%5C").Replace,
		},
	}
}

type event struct {
	Seq     int64
	ID      string
	From    string
	Subject string
	Text    string
	Thread  string
	Files   []what.Media
}

func (e event) receipt() messengers.Receipt {
	if e.ID == "" || e.From == "" {
		return messengers.Receipt{}
	}
	in := messengers.Incoming{ID: e.ID, Reader: e.From, Address: e.From, Text: e.Text, Thread: e.Thread, Attachments: e.Files}
	if in.Text == "" {
		in.Text = e.Subject
	}
	return messengers.Receipt{Asks: []messengers.Incoming{in}}
}

// Receive reads a message that is pushed.
func (a *account) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	shown := strings.Join(d.Header["Authorization"], ",")
	if subtle.ConstantTimeCompare([]byte(shown), []byte("Bearer "+a.Token.Reveal())) != 1 {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	var e event
	if json.Unmarshal(d.Body, &e) != nil {
		return messengers.Receipt{}, nil //nolint:nilerr // what is not understood is acknowledged
	}
	return e.receipt(), nil
}

// Listen keeps a line open, and goes on behind what was taken last.
func (a *account) Listen(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	for ctx.Err() == nil {
		if err := a.line(ctx, accept); err == nil {
			continue
		}
		pause := time.NewTimer(time.Duration(50+rand.N(100)) * time.Millisecond) //nolint:gosec // it spreads load
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
	return ctx.Err()
}

func (a *account) line(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	last, err := a.place.Load(ctx)
	if err != nil {
		return err
	}
	s, err := a.client.Socket(ctx, outside.Request{
		URL: strings.Replace(a.Base, "http", "ws", 1) + "/events?after=" + string(last), Redact: a.Token.Reveal(), MaxBytes: 1 << 16,
		Header: map[string]string{"Authorization": "Bearer " + a.Token.Reveal()},
	})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	for {
		raw, err := s.Read(ctx)
		if err != nil {
			return err
		}
		var e event
		if json.Unmarshal(raw, &e) != nil {
			continue
		}
		if r := e.receipt(); len(r.Asks) > 0 {
			if err := accept(ctx, r); err != nil {
				return err
			}
		}
		if err := a.place.Keep(ctx, strconv.AppendInt(nil, e.Seq, 10)); err != nil {
			return err
		}
	}
}

// Send sends one letter. The key lets the gateway drop a repeated one.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	body, err := json.Marshal(map[string]any{
		"to": s.Address, "subject": s.Subject, "text": s.Text, "voice": s.Voice, "media": s.Media, "thread": s.Thread,
	})
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	res, err := a.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: a.Base + "/messages", Body: body, Single: true, Redact: a.Token.Reveal(),
		Header: map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + a.Token.Reveal(), "Idempotency-Key": s.Key},
	})
	if err != nil {
		return "", messengers.Failed(err)
	}
	return "", messengers.Judged(res, a.clock())
}
