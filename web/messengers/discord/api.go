package discord

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

const contentType = "application/json"

// client calls the HTTP API.
func (b *Bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "discord", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Words: own, Header: map[string]string{"User-Agent": "DiscordBot (" + env.Hook + ", 1)"},
		Secret: s.BotToken, Field: "bot_token", Auth: httpapi.Header("Authorization", "Bot "), Read: b.answerOf, Account: b.meet, Faults: faults,
	}
}

// faults are what refusals mean (Discord's table of error codes); tooFast is how long
// it rests where people are met too fast.
var faults = httpapi.Faults{
	{Status: http.StatusTooManyRequests, Means: messengers.LimitedUntil, Wait: tooFast},
	{Codes: "40003", Means: messengers.LimitedUntil, Wait: tooFast},
	{Codes: "40001", Means: messengers.TokenInvalid},
	{Codes: "50007 50278", Means: messengers.Blocked},
	{Status: http.StatusForbidden, Means: messengers.Permanent},
}

const tooFast = time.Minute

// answerOf reads why Discord says no, and minds the limits that it tells of.
func (b *Bot) answerOf(res outside.Response) (httpapi.Answer, bool) {
	b.mind(strings.TrimPrefix(res.URL, strings.TrimRight(b.Base, "/")), res)
	var no struct {
		Code    int     `json:"code"`
		Message string  `json:"message"`
		After   float64 `json:"retry_after"`
	}
	if res.Status < http.StatusMultipleChoices {
		return httpapi.Answer{}, true
	}
	err := json.Unmarshal(res.Body, &no)
	said := httpapi.Answer{Text: messengers.Short(messengers.Clean(no.Message), maxAlt), Wait: within(max(no.After, 0))}
	if no.Code != 0 {
		said.Code = strconv.Itoa(no.Code)
	}
	return said, err == nil
}

// over tells that an interaction can't be answered any more: it or its hook is not
// known, or its token is over.
func over(err error) bool {
	no, refused := httpapi.Refused(err)
	return refused && (httpapi.Says(err, "10062 10015 10008 50027 40060") ||
		no.Status == http.StatusNotFound || no.Status == http.StatusUnauthorized || no.Status == http.StatusForbidden)
}

func complaint(key string) error { return messengers.Invalid(own.Text(key, nil)) }

// call makes a request once its route takes something again.
func (b *Bot) call(ctx context.Context, r httpapi.Request, result any) error {
	if err := b.rest(ctx, r.Path); err != nil {
		return err
	}
	return b.Call(ctx, r, result)
}

// patient is how long a message waits for its route, rather than the whole channel
// with it.
const patient = 5 * time.Second

// mind remembers that a route takes nothing more for a while, as Discord tells
// with what it took last.
func (b *Bot) mind(path string, res outside.Response) {
	seconds, err := strconv.ParseFloat(res.Header.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || res.Header.Get("X-RateLimit-Remaining") != "0" || !(seconds > 0) {
		return
	}
	b.rests.Put(path, b.Clock().Add(within(seconds)))
}

// within returns a wait of so many seconds, a day at most.
func within(seconds float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(math.Ceil(min(seconds, day)*1000)) * time.Millisecond
}

// rest waits until a route takes something again.
func (b *Bot) rest(ctx context.Context, path string) error {
	until := b.rests.Get(path)
	b.rests.Drop(path)
	wait := until.Sub(b.Clock())
	if wait > patient {
		return &messengers.SendError{Fault: messengers.LimitedUntil, RetryAt: until, Err: complaint("resting")}
	}
	if pull.Sleep(ctx, wait); ctx.Err() != nil {
		return &messengers.SendError{Fault: messengers.Temporary, Err: ctx.Err()}
	}
	return nil
}
