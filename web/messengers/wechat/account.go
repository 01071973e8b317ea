package wechat

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Try asks WeChat for an access token.
func (a *account) Try(ctx context.Context) error {
	_, err := a.accessToken(ctx)
	return tried(err)
}

// tried says what to do where a call of ours was refused.
func tried(err error) error {
	var no *refusal
	var by *messengers.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no) && (faults()[no.code] == messengers.TokenInvalid || no.code == codeNoRight):
		return no.told()
	case errors.As(err, &no) && stale(no.code):
		// To a secret that it does not know WeChat says the same as to a token.
		return &pull.Error{Kind: pull.Denied, Op: "wechat", Field: "app_secret", Hint: own.Text("secret_unknown", nil), Err: err}
	case errors.As(err, &no):
		return &pull.Error{Kind: pull.Unavailable, Op: "wechat", Hint: own.Text("busy", words.Args{"code": strconv.Itoa(no.code)}), Err: err}
	case errors.Is(err, errUnclear), errors.As(err, &by) && (by.Fault == messengers.Permanent || by.Fault == messengers.Blocked || by.Fault == messengers.TokenInvalid):
		return &pull.Error{Kind: pull.Unusable, Op: "wechat", Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	}
	return fmt.Errorf("wechat: %w", err)
}

// Answers asks WeChat for an access token and takes whatever it says for an
// answer, but that it has failed itself.
func (a *account) Answers(ctx context.Context) error {
	_, err := a.accessToken(ctx)
	var no *refusal
	var by *messengers.SendError
	if errors.Is(err, errUnclear) || errors.As(err, &no) || errors.As(err, &by) && by.Fault != messengers.Temporary && by.Fault != messengers.Uncertain {
		return nil
	}
	return err
}
