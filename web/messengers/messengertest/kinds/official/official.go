// Package official is a messenger kind for tests: a platform that gives up each
// try after a few seconds and repeats the message, as WeChat does. Whichever try
// comes after the answer takes it; what is later than the last needs a token.
package official

import (
	"context"
	"crypto/sha1" //nolint:gosec // the platform's own
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name: "official", Title: "Official account", Help: "An account that readers follow.",
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{APIBase: "https://official.example.org", Try: 5 * time.Second}
	},
}

// Settings configure one account.
type Settings struct {
	Token   settings.Secret `name:"token" label:"Token" help:"What the platform signs by." check:"required" example:"a-long-random-word"`
	Secret  settings.Secret `name:"app_secret" label:"Secret" help:"What we get our tokens by." check:"required" example:"…"`
	APIBase string          `name:"api_base" label:"API address" help:"Where later messages are sent to." check:"required,url" example:"https://official.example.org"`
	Try     time.Duration   `name:"try" label:"Try" help:"For how long the platform waits at each of its three tries."`
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

var (
	_ messengers.InBand = (*account)(nil)
	_ messengers.Typist = (*account)(nil)
)

// Limits returns one message an ask, counted in bytes, within two days.
func (a *account) Limits() messengers.Limits {
	return messengers.Limits{Text: 2048, Unit: messengers.Bytes, Messages: 1, InBand: a.Try, Window: 48 * time.Hour}
}

// Sign returns the signature of what stands in a query.
func Sign(token, stamp, nonce string) string {
	parts := []string{token, stamp, nonce}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's own
	return hex.EncodeToString(sum[:])
}

type message struct {
	XMLName  xml.Name `xml:"xml"`
	From     string   `xml:"FromUserName"`
	Kind     string   `xml:"MsgType"`
	ID       string   `xml:"MsgId"`
	Content  string   `xml:"Content"`
	Heard    string   `xml:"Recognition"`
	Event    string   `xml:"Event"`
	Key      string   `xml:"EventKey"`
	Language string   `xml:"Language"`
	Label    string   `xml:"Label"`
	Created  int64    `xml:"CreateTime"`
	X        float64  `xml:"Location_X"`
	Y        float64  `xml:"Location_Y"`
}

// Receive reads a message, which comes three times where it is not answered.
func (a *account) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	q := url.Values(d.Query)
	want := Sign(a.Token.Reveal(), q.Get("timestamp"), q.Get("nonce"))
	if subtle.ConstantTimeCompare([]byte(want), []byte(q.Get("signature"))) != 1 {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if d.Method == http.MethodGet {
		return messengers.Receipt{ContentType: "text/plain", Body: []byte(q.Get("echostr"))}, nil
	}
	var m message
	if xml.Unmarshal(d.Body, &m) != nil || m.From == "" {
		return messengers.Receipt{}, nil //nolint:nilerr // what is not understood is acknowledged
	}
	switch {
	case m.Event == "unsubscribe":
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Gone, Reader: m.From}}}, nil
	case m.Event == "subscribe":
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Back, Reader: m.From}}}, nil
	case m.ID == "":
		return messengers.Receipt{}, nil
	}
	in := messengers.Incoming{ID: m.ID, Reader: m.From, Address: m.From, Text: m.Content, Language: m.Language, InBand: true}
	if m.Created > 0 {
		in.Sent = time.Unix(m.Created, 0)
	}
	switch m.Kind {
	case "voice":
		in.Text, in.Spoken = m.Heard, true
	case "location":
		in.Location, in.Text = &pull.Location{Latitude: m.X, Longitude: m.Y, Name: m.Label}, m.Label
	}
	const tries = 3
	return messengers.Receipt{Asks: []messengers.Incoming{in}, Hold: tries * a.Try}, nil
}

type answer struct {
	XMLName xml.Name `xml:"xml"`
	To      string   `xml:"ToUserName"`
	Kind    string   `xml:"MsgType"`
	Content string   `xml:"Content"`
}

// Answer returns one message in the response, or a word that nothing follows.
func (*account) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if len(said) == 0 {
		r.ContentType, r.Body = "text/plain", []byte("success")
		return r
	}
	r.ContentType = "text/xml"
	r.Body, _ = xml.Marshal(answer{To: said[0].Address, Kind: "text", Content: said[0].Text}) // strings always can be
	return r
}

// Send sends what is later than the platform waits.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	return "", a.call(ctx, "/message/custom/send", map[string]any{"touser": s.Address, "msgtype": "text", "text": map[string]string{"content": s.Text}})
}

// Type shows that an answer is being written.
func (a *account) Type(ctx context.Context, s messengers.Sending) error {
	return a.call(ctx, "/message/custom/typing", map[string]any{"touser": s.Address, "command": "Typing"})
}

// token returns the one that was exchanged, from the account's place where it has
// lasted over a restart.
func (a *account) token(ctx context.Context) (string, error) {
	if kept, err := a.place.Load(ctx); err == nil && len(kept) > 0 {
		return string(kept), nil
	}
	res, err := a.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: a.APIBase + "/stable_token", Body: []byte(`{"secret":"` + a.Secret.Reveal() + `"}`), Redact: a.Secret.Reveal(),
	})
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	if err := messengers.Judged(res, a.clock()); err != nil {
		return "", err
	}
	var got struct {
		Token string `json:"access_token"`
	}
	if json.Unmarshal(res.Body, &got) != nil || got.Token == "" {
		return "", &messengers.SendError{Fault: messengers.TokenInvalid, Err: errors.New("the platform gives no token")}
	}
	return got.Token, a.place.Keep(ctx, []byte(got.Token))
}

func (a *account) call(ctx context.Context, path string, body any) error {
	if err := ctx.Err(); err != nil {
		return messengers.Failed(err)
	}
	token, err := a.token(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	res, err := a.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: a.APIBase + path + "?access_token=" + url.QueryEscape(token), Body: raw, Single: true, Redact: token,
	})
	if err != nil {
		return messengers.Failed(err)
	}
	if err := messengers.Judged(res, a.clock()); err != nil {
		return err
	}
	var said struct{ Errcode int }
	if json.Unmarshal(res.Body, &said) != nil {
		return &messengers.SendError{Fault: messengers.Uncertain, Err: errors.New("the answer is not the platform's")}
	}
	faults := map[int]messengers.Fault{40001: messengers.TokenInvalid, 43004: messengers.Blocked, 45015: messengers.WindowClosed, -1: messengers.Temporary}
	switch fault := faults[said.Errcode]; {
	case said.Errcode == 0:
		return nil
	case fault == messengers.TokenInvalid:
		_ = a.place.Keep(ctx, nil) // the next call gets a new one
		fallthrough
	case fault != "":
		return &messengers.SendError{Fault: fault, Err: errors.New("the platform said no")}
	}
	return &messengers.SendError{Fault: messengers.Permanent, Err: errors.New("the platform said no")}
}
