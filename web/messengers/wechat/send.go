package wechat

import (
	"context"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// outgoing is the body of a customer service message.
type outgoing struct {
	To   string  `json:"touser"`
	Type string  `json:"msgtype"`
	Text content `json:"text"`
}

type content struct {
	Content string `json:"content"`
}

// Send sends what is later than WeChat waits, as a customer service message. The
// key is not used: WeChat has no idempotency.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if s.Text == "" {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_text", nil)}}
	}
	return "", a.fault(a.call(ctx, "/cgi-bin/message/custom/send", body(s), nil))
}

func body(s messengers.Sending) outgoing {
	return outgoing{To: s.Address, Type: "text", Text: content{s.Text}}
}

// Wire returns the body of the first request that Send would make.
func (a *account) Wire(s messengers.Sending) ([]byte, error) { return messengers.JSON(body(s)), nil }

// Type shows that an answer is being written.
func (a *account) Type(ctx context.Context, s messengers.Sending) error {
	return a.call(ctx, "/cgi-bin/message/custom/typing", map[string]string{"touser": s.Address, "command": "Typing"}, nil)
}

// The codes that say more than yes or no (Global return codes).
const (
	codeBusy       = -1
	codeNoReader   = 40003
	codeNoApp      = 40013
	codeNoSecret   = 40125
	codeSecretOver = 40243
	codeForeignIP  = 40164
	codeNoFollower = 43004
	codeTooLong    = 45002
	codeDayFull    = 45009
	codeTooFast    = 45011
	codeTooLate    = 45015
	codeTooMany    = 45047
	codeNoRight    = 48001
	codeRefuses    = 48002
	codeFrozen     = 50002
)

// stale says that an access token is over.
func stale(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

// faults are what the codes mean for a message; what stands nowhere is final.
func faults() map[int]messengers.Fault {
	return map[int]messengers.Fault{
		codeBusy: messengers.Temporary, codeNoReader: messengers.Permanent, codeNoFollower: messengers.Blocked, codeRefuses: messengers.Blocked,
		codeTooLate: messengers.WindowClosed, codeTooMany: messengers.WindowClosed, codeDayFull: messengers.LimitedUntil, codeTooFast: messengers.LimitedUntil,
		codeTooLong: messengers.Permanent, codeNoRight: messengers.Permanent, codeFrozen: messengers.TokenInvalid,
		codeForeignIP: messengers.TokenInvalid, codeNoApp: messengers.TokenInvalid, codeNoSecret: messengers.TokenInvalid, codeSecretOver: messengers.TokenInvalid,
	}
}

// fault sorts an error of a call into the closed set of faults.
func (a *account) fault(err error) error {
	if err == nil {
		return nil
	}
	var no *refusal
	var by *messengers.SendError
	switch {
	case errors.As(err, &no):
		out := &messengers.SendError{Fault: faults()[no.code], Err: no.told()}
		switch {
		case stale(no.code):
			out.Fault = messengers.TokenInvalid
		case out.Fault == "":
			out.Fault = messengers.Permanent
		case no.code == codeDayFull:
			out.RetryAt = a.clock().Add(time.Hour)
		case no.code == codeTooFast:
			out.RetryAt = a.clock().Add(time.Minute)
		}
		return out
	case errors.As(err, &by):
		if by.Fault == messengers.Blocked {
			// A status of HTTP is about the account, never about a reader.
			by.Fault = messengers.TokenInvalid
		}
		return by
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}

// told is the refusal with what to do, where there is something.
func (r *refusal) told() error {
	switch r.code {
	case codeForeignIP:
		return &pull.Error{Kind: pull.Denied, Op: "wechat", Hint: own.Text("foreign_ip", words.Args{"said": r.text}), Err: r}
	case codeNoRight:
		return &pull.Error{Kind: pull.Denied, Op: "wechat", Hint: own.Text("no_right", nil), Err: r}
	case codeFrozen:
		return &pull.Error{Kind: pull.Denied, Op: "wechat", Err: r}
	case codeNoApp, codeNoSecret, codeSecretOver:
		return &pull.Error{Kind: pull.Denied, Op: "wechat", Field: "app_secret", Hint: own.Text("secret_unknown", nil), Err: r}
	}
	return r
}
