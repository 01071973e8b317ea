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
	"keypull/pull/words"
	"keypull/web/messengers"
)

const contentType = "application/json"

// request is one call of the API.
type request struct {
	method, path string
	// token is the interaction's own, by which alone the call is allowed; the
	// app's goes nowhere then.
	token string
	// safe says that the call may be repeated: it tells nobody anything.
	safe bool
}

// refusal is what Discord says no by.
type refusal struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	After   float64 `json:"retry_after"`
}

func complaint(key string) error {
	return &pull.Error{Kind: pull.Invalid, Hint: own.Text(key, nil)}
}

// call calls a method of the API and reads its result. The error is a
// *SendError.
func (b *Bot) call(ctx context.Context, r request, body, result any) error {
	if err := b.rest(ctx, r.path); err != nil {
		return err
	}
	header := map[string]string{"User-Agent": "DiscordBot (" + b.hook + ", 1)"}
	secret := r.token
	if secret == "" {
		secret = b.token.Reveal()
		header["Authorization"] = "Bot " + secret
	}
	var raw []byte
	if body != nil {
		header["Content-Type"], raw = contentType, messengers.JSON(body)
	}
	res, err := b.client.Do(ctx, outside.Request{Method: r.method, URL: b.base + r.path, Body: raw, Header: header, Single: true, Redact: secret})
	if err != nil {
		e := messengers.Failed(err)
		if r.safe && e.Fault == messengers.Uncertain {
			e.Fault = messengers.Temporary
		}
		return e
	}
	b.mind(r.path, res)
	if res.Status < http.StatusOK || res.Status >= http.StatusMultipleChoices {
		return b.fault(r, res)
	}
	if result != nil && json.Unmarshal(res.Body, result) != nil {
		return &messengers.SendError{Fault: messengers.Uncertain, Err: &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}}
	}
	return nil
}

const (
	// patient is how long a message waits for its route, rather than the whole
	// channel with it; tooFast is how long it rests where people are met too fast.
	patient = 5 * time.Second
	tooFast = time.Minute
	// maxRests is how many routes are remembered.
	maxRests = 1000
)

// mind remembers that a route takes nothing more for a while, as Discord tells
// with what it took last.
func (b *Bot) mind(path string, res outside.Response) {
	seconds, err := strconv.ParseFloat(res.Header.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || res.Header.Get("X-RateLimit-Remaining") != "0" || !(seconds > 0) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rests == nil || len(b.rests) >= maxRests {
		b.rests = map[string]time.Time{}
	}
	b.rests[path] = b.clock().Add(within(seconds))
}

// within is a wait of so many seconds, a day at most.
func within(seconds float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(math.Ceil(min(seconds, day)*1000)) * time.Millisecond
}

// rest waits until a route takes something again.
func (b *Bot) rest(ctx context.Context, path string) error {
	b.mu.Lock()
	until := b.rests[path]
	delete(b.rests, path)
	b.mu.Unlock()
	wait := until.Sub(b.clock())
	switch {
	case wait <= 0:
		return nil
	case wait > patient:
		return &messengers.SendError{Fault: messengers.LimitedUntil, RetryAt: until, Err: complaint("resting")}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &messengers.SendError{Fault: messengers.Temporary, Err: ctx.Err()}
	}
}

// fault sorts what Discord says no by (its table of error codes).
func (b *Bot) fault(r request, res outside.Response) *messengers.SendError {
	var no refusal
	if json.Unmarshal(res.Body, &no) != nil {
		no = refusal{}
	}
	code := strconv.Itoa(res.Status)
	if no.Code != 0 {
		code += " " + strconv.Itoa(no.Code)
	}
	text := strings.ReplaceAll(messengers.Clean(no.Message), b.token.Reveal(), "…")
	e := &messengers.SendError{Fault: messengers.Permanent}
	key := "answered"
	switch {
	case res.Status == http.StatusTooManyRequests:
		e.Fault, e.RetryAt = messengers.LimitedUntil, res.RetryAt
		if no.After > 0 {
			e.RetryAt = b.clock().Add(within(no.After))
		} else if e.RetryAt.IsZero() {
			e.RetryAt = b.clock().Add(tooFast)
		}
	case no.Code == 40003:
		e.Fault, e.RetryAt = messengers.LimitedUntil, b.clock().Add(tooFast)
	case res.Status >= http.StatusInternalServerError || res.Status == http.StatusRequestTimeout:
		e.Fault = messengers.Temporary
	case r.token != "" && (gone(no.Code) || res.Status == http.StatusNotFound || res.Status == http.StatusUnauthorized || res.Status == http.StatusForbidden):
		e.Fault, key = messengers.WindowClosed, "token_over"
	case res.Status == http.StatusUnauthorized || no.Code == 40001:
		e.Fault, key = messengers.TokenInvalid, "token_dead"
	case no.Code == 50007 || no.Code == 50278:
		e.Fault = messengers.Blocked
	}
	e.Err = &pull.Error{Kind: pull.Unavailable, Op: r.method, Hint: own.Text(key, words.Args{"code": code, "said": messengers.Short(text, maxAlt)})}
	return e
}

// gone tells whether a code says that an interaction can't be answered any more:
// it or its hook is not known, or the token is over.
func gone(code int) bool {
	return code == 10062 || code == 10015 || code == 10008 || code == 50027 || code == 40060
}
