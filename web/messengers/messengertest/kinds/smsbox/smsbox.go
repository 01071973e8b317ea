// Package smsbox is a messenger kind for tests: a gateway that asks by GET and
// takes the text of the response for the answer, as Kannel does.
package smsbox

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name: "smsbox", Title: "SMS box", Help: "A gateway of short messages.",
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{SendURL: "http://127.0.0.1:13013"}
	},
}

// Settings configure one gateway.
type Settings struct {
	Secret   settings.Secret `name:"secret" label:"Secret" help:"The last part of the address that the gateway calls." check:"required" example:"a-long-random-word"`
	SendURL  string          `name:"sendsms_url" label:"Send address" help:"Where messages are sent to." check:"required,url" example:"http://127.0.0.1:13013"`
	Username string          `name:"username" label:"User" help:"Who we are to the gateway." check:"required" example:"keypull"`
	Password settings.Secret `name:"password" label:"Password" help:"What we show the gateway." check:"required" example:"…"`
}

// Open returns the gateway.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	return &box{Settings: *s, client: env.Client, clock: env.Clock, hook: env.Hook}, nil
}

type box struct {
	Settings
	client *outside.Client
	clock  func() time.Time
	hook   string
}

var _ messengers.InBand = (*box)(nil)

// Limits returns those of short messages.
func (*box) Limits() messengers.Limits {
	l := messengers.SMSLimits()
	l.InBand = 5 * time.Second
	return l
}

// Receive reads a message, or what became of one that was sent.
func (b *box) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	secret, report, _ := strings.Cut(d.Path, "/")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(b.Secret.Reveal())) != 1 {
		return messengers.Receipt{Status: http.StatusNotFound}, nil
	}
	q := url.Values(d.Query)
	if report == "dlr" {
		if q.Get("d") != "1" || q.Get("message") == "" {
			return messengers.Receipt{}, nil
		}
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Delivered, Message: q.Get("message")}}}, nil
	}
	number, ok := b.Identify(q.Get("from"))
	if !ok || q.Get("id") == "" || d.Method != http.MethodGet {
		return messengers.Receipt{}, nil
	}
	return messengers.Receipt{Asks: []messengers.Incoming{{
		ID: q.Get("id"), Reader: number, Address: number, Text: strings.ToValidUTF8(q.Get("text"), "\uFFFD"), InBand: true,
	}}}, nil
}

// Identify takes a number in any of the ways that people write them.
func (*box) Identify(typed string) (string, bool) {
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()/.", r) {
			return -1
		}
		return r
	}, typed)
	if after, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + after
	}
	digits := strings.TrimPrefix(number, "+")
	return number, len(digits) > 2 && len(digits) < 16 && strings.Trim(digits, "0123456789") == ""
}

// Answer returns the text of the response; a header of its own says that it is not in
// the alphabet of short messages.
func (*box) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	r.ContentType = "text/plain; charset=utf-8"
	var texts []string
	for _, s := range said {
		texts = append(texts, s.Text)
	}
	text := strings.Join(texts, "\n")
	if coding(text) != "0" {
		r.Header = map[string]string{"X-Kannel-Coding": coding(text)}
	}
	r.Body = []byte(text)
	return r
}

// coding returns how a text travels.
func coding(text string) string {
	if _, encoding := messengers.Segments(text); encoding == messengers.UCS2 {
		return "2"
	}
	return "0"
}

// Send asks the gateway for one message, and for word of its arrival.
func (b *box) Send(ctx context.Context, s messengers.Sending) (string, error) {
	report := b.hook + "/" + b.Secret.Reveal() + "/dlr?d=%d&message=" + url.QueryEscape(s.Key)
	q := url.Values{
		"to": {s.Address}, "text": {s.Text}, "username": {b.Username}, "password": {b.Password.Reveal()}, "charset": {"UTF-8"}, "coding": {coding(s.Text)},
		"dlr-mask": {"1"}, "dlr-url": {report},
	}
	query := q.Encode()
	res, err := b.client.Do(ctx, outside.Request{URL: b.SendURL + "/cgi-bin/sendsms?" + query, Single: true, Redact: query})
	if err != nil {
		return "", messengers.Failed(err)
	}
	if res.Status == http.StatusForbidden {
		res.Status = http.StatusUnauthorized // it is we who are refused
	}
	if err := messengers.Judged(res, b.clock()); err != nil {
		return "", err
	}
	return s.Key, nil
}
