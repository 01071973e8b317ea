package viber

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// timeout bounds every call.
const timeout = 15 * time.Second

// refusal is an answer of Viber that says no: with HTTP status 200.
type refusal struct {
	status int
	text   string
}

// Error tells what Viber said.
func (r *refusal) Error() string { return fmt.Sprintf("Viber answered %d %s", r.status, r.text) }

// Said quotes what Viber said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"code": strconv.Itoa(r.status), "said": r.text})
}

var errUnclear error = &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}

// Send hands one message to Viber, and without its buttons to an app that is too
// old for them. The key is not used: Viber has no idempotency.
func (b *bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	o := b.body(s.Address, s.Message)
	if o.Text == "" && o.Media == "" {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_text", nil)}}
	}
	var sent struct {
		Token int64 `json:"message_token"`
	}
	err := b.call(ctx, "send_message", o, &sent)
	var no *refusal
	if errors.As(err, &no) && no.tooOld() && o.Keyboard != nil {
		err = b.call(ctx, "send_message", o.plain(), &sent)
	}
	if err != nil {
		return "", b.fault(err)
	}
	if sent.Token == 0 {
		return "", nil
	}
	return strconv.FormatInt(sent.Token, 10), nil
}

// Answer is the welcome, in the response to an opened chat.
func (b *bot) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if len(said) > 0 {
		r.ContentType, r.Body = "application/json", messengers.JSON(b.body("", said[0].Message))
	}
	return r
}

// Wire returns the body of the first request that Send would make.
func (b *bot) Wire(s messengers.Sending) ([]byte, error) {
	return messengers.JSON(b.body(s.Address, s.Message)), nil
}

// call calls a method and reads its answer into result, unless that is nil. The
// error is a *refusal, a *SendError, an *outside.Error or the context's.
func (b *bot) call(ctx context.Context, method string, body, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	token := b.token.Reveal()
	res, err := b.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: b.base + "/" + method, Body: messengers.JSON(body), Redact: token, Single: true,
		Header: map[string]string{"Content-Type": "application/json", "X-Viber-Auth-Token": token},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := messengers.Judged(res, b.clock()); err != nil {
		return err
	}
	var said struct {
		Status *int   `json:"status"`
		Text   string `json:"status_message"`
	}
	if json.Unmarshal(res.Body, &said) != nil || said.Status == nil {
		return fmt.Errorf("%s: %w", method, errUnclear)
	}
	if *said.Status != 0 {
		const most = 300
		text := strings.ReplaceAll(said.Text, token, "…")
		return &refusal{status: *said.Status, text: strings.ToValidUTF8(text[:min(len(text), most)], "")}
	}
	if result != nil && json.Unmarshal(res.Body, result) != nil {
		return fmt.Errorf("%s: %w", method, errUnclear)
	}
	return nil
}

// The statuses of Viber (REST API, error codes).
const (
	statusToken      = 2
	statusNotThere   = 6
	statusTooMany    = 12
	statusOldAPI     = 13
	statusOldApp     = 14
	statusDevice     = 11
	statusNoQuota    = 23
	statusNoBalance  = 24
	statusNotAllowed = 15
	statusPayment    = 22
)

// tooOld says that the reader's app can't show the message, and may show less.
func (r *refusal) tooOld() bool {
	return r.status == statusOldAPI || r.status == statusOldApp || r.status == statusDevice
}

// faults are what the statuses mean; any other is a fault of Viber's own, as it
// says itself.
func faults() map[int]messengers.Fault {
	return map[int]messengers.Fault{
		1: messengers.Permanent, statusToken: messengers.TokenInvalid, 3: messengers.Permanent, 4: messengers.Permanent,
		5: messengers.Permanent, statusNotThere: messengers.Blocked, 7: messengers.TokenInvalid, 8: messengers.TokenInvalid,
		9: messengers.TokenInvalid, 10: messengers.TokenInvalid, statusDevice: messengers.Permanent, statusTooMany: messengers.LimitedUntil,
		statusOldAPI: messengers.Permanent, statusOldApp: messengers.Permanent, statusNotAllowed: messengers.TokenInvalid,
		19: messengers.LimitedUntil, 20: messengers.Permanent, 21: messengers.Permanent, statusPayment: messengers.TokenInvalid,
		statusNoQuota: messengers.WindowClosed, statusNoBalance: messengers.WindowClosed,
	}
}

// fault sorts an error of a call into the closed set of faults.
func (b *bot) fault(err error) error {
	const wait = time.Minute
	var no *refusal
	var done *messengers.SendError
	switch {
	case errors.As(err, &no):
		out := &messengers.SendError{Fault: faults()[no.status], Err: no}
		switch out.Fault {
		case "":
			out.Fault = messengers.Temporary
		case messengers.LimitedUntil:
			out.RetryAt = b.clock().Add(wait)
		}
		return out
	case errors.As(err, &done):
		if done.Fault == messengers.Blocked {
			// A status of HTTP is about the account, never about a reader.
			done.Fault = messengers.TokenInvalid
		}
		return done
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}
