package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// contentType is that of all requests: Slack reads JSON only where it is told.
const contentType = "application/json; charset=utf-8"

// refusal is an answer of Slack's other than ok, mostly said with status 200.
type refusal struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	// Needed is the scope that is missing.
	Needed string `json:"needed"`
}

// refused is a refusal as an error.
type refused struct {
	code string
	said words.Text
}

// Error tells what Slack said.
func (r *refused) Error() string { return r.said.String() }

// Said quotes what Slack said.
func (r *refused) Said() words.Text { return r.said }

// said tells whether an error is one of these refusals of Slack's.
func said(err error, codes ...string) bool {
	var r *refused
	return errors.As(err, &r) && slices.Contains(codes, r.code)
}

func complaint(key string) error {
	return &pull.Error{Kind: pull.Invalid, Hint: own.Text(key, nil)}
}

// call calls a method and reads its result. The error is a *SendError.
func (b *Bot) call(ctx context.Context, method string, body, result any) error {
	token := b.token.Reveal()
	res, err := b.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: b.base + method, Body: messengers.JSON(body), Single: true, Redact: token,
		Header: map[string]string{"Content-Type": contentType, "Authorization": "Bearer " + token},
	})
	if err != nil {
		return messengers.Failed(err)
	}
	var no refusal
	unread := json.Unmarshal(res.Body, &no) != nil
	switch {
	case res.Status == http.StatusForbidden:
		// Nobody can block an app of Slack's: it is the account that is refused.
		return &messengers.SendError{Fault: messengers.TokenInvalid, Err: &refused{"forbidden", own.Text("answered", words.Args{"said": "403"})}}
	case !unread && no.Error != "" && !no.OK && res.Status != http.StatusTooManyRequests && res.Status < http.StatusInternalServerError:
		return b.fault(no, res)
	}
	if err := messengers.Judged(res, b.clock()); err != nil {
		return err
	}
	if unread || !no.OK || json.Unmarshal(res.Body, result) != nil {
		return &messengers.SendError{Fault: messengers.Uncertain, Err: &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}}
	}
	return nil
}

// pause is for how long nothing is sent where Slack asks for rest and does not
// say for how long.
const pause = 30 * time.Second

// fault sorts what Slack says no by (errors of chat.postMessage).
func (b *Bot) fault(no refusal, res outside.Response) *messengers.SendError {
	e := &messengers.SendError{Fault: messengers.Permanent}
	key, args := "answered", words.Args{"said": messengers.Short(no.Error, maxLabel)}
	switch no.Error {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "team_access_not_granted",
		"org_login_required", "enterprise_is_restricted", "two_factor_setup_required", "accesslimited", "team_not_found":
		e.Fault, key = messengers.TokenInvalid, "token_dead"
	case "missing_scope", "no_permission", "not_allowed_token_type", "ekm_access_denied", "access_denied":
		e.Fault, key = messengers.TokenInvalid, "scope_missing"
		args["scope"] = messengers.Short(no.Needed, maxLabel)
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		e.Fault, e.RetryAt = messengers.LimitedUntil, res.RetryAt
		if e.RetryAt.IsZero() {
			e.RetryAt = b.clock().Add(pause)
		}
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		e.Fault = messengers.Temporary
	}
	e.Err = &refused{no.Error, own.Text(key, args)}
	return e
}
