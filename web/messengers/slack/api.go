package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// contentType is that of all requests: Slack reads JSON only where it is told.
const contentType = "application/json; charset=utf-8"

// client calls the Web API, which says no mostly with the HTTP status 200.
func (b *Bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "slack", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Words: own, Header: map[string]string{"Content-Type": contentType},
		Secret: s.BotToken, Field: "bot_token", Auth: httpapi.Bearer, Read: b.answerOf, Account: b.meet, Faults: faults,
	}
}

// faults are what the errors of chat.postMessage mean. Nobody can block an app of
// Slack's: a 403 is about the account.
var faults = httpapi.Faults{
	{Status: http.StatusForbidden, Means: messengers.TokenInvalid, Key: "answered"},
	{Codes: "invalid_auth not_authed account_inactive token_revoked token_expired team_access_not_granted " +
		"org_login_required enterprise_is_restricted two_factor_setup_required accesslimited team_not_found", Means: messengers.TokenInvalid},
	{Codes: "missing_scope no_permission not_allowed_token_type ekm_access_denied access_denied", Means: messengers.TokenInvalid, Key: "scope_missing"},
	{Codes: "ratelimited rate_limited message_limit_exceeded", Means: messengers.LimitedUntil},
	{Codes: "internal_error fatal_error service_unavailable request_timeout team_added_to_org", Means: messengers.Temporary},
}

// answerOf notes what the token may do, and reads the answer.
func (b *Bot) answerOf(res outside.Response) (httpapi.Answer, bool) {
	if rights := res.Header.Get("X-Oauth-Scopes"); rights != "" {
		b.rights.Store(&rights)
	}
	return answerOf(res)
}

// answerOf reads the error, and the scope that is missing; where Slack has too much to
// do or is broken, its status tells more.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		OK     bool   `json:"ok"`
		Error  string `json:"error"`
		Needed string `json:"needed"`
	}
	switch {
	case json.Unmarshal(res.Body, &no) != nil, !no.OK && no.Error == "":
		return httpapi.Answer{}, false
	case no.OK, res.Status == http.StatusTooManyRequests, res.Status >= http.StatusInternalServerError:
		return httpapi.Answer{}, true
	}
	return httpapi.Answer{Code: no.Error, Text: no.Needed}, true
}

// filesHost is where Slack keeps files.
const filesHost = "files.slack.com"

// Fetch fetches a file with the app's token (files:read), from Slack alone. Who may not see it is
// shown a page in its place.
func (b *Bot) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	at, err := url.Parse(m.Ref)
	if err != nil || !b.Near(m.Ref) && (at.Scheme != "https" || at.Host != filesHost) {
		return nil, &pull.Error{Kind: pull.Unknown, Op: "fetch a file"}
	}
	return b.Download(ctx, httpapi.Request{Path: m.Ref}, most)
}

func complaint(key string) error { return messengers.Invalid(own.Text(key, nil)) }
