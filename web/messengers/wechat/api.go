package wechat

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the API, which says no with the HTTP status 200.
func (a *account) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "wechat", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Timeout: 15 * time.Second, Words: own,
		Secret: s.Secret, Field: "app_secret", Auth: httpapi.Query("access_token"), Read: answerOf, Faults: faults,
		Account: func(ctx context.Context) error {
			_, err := a.access.Token(ctx, "")
			return err
		},
	}
}

// stale are the codes of an access token that is over; to a secret that it does not
// know WeChat says the same.
const stale = "40001 40014 42001"

// faults are what the codes mean (Global return codes); what stands nowhere is final.
// A status of HTTP is about the account, never about a reader.
var faults = httpapi.Faults{
	{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
	{Codes: stale, Means: messengers.TokenInvalid},
	{Codes: "40013 40125 40243", Means: messengers.TokenInvalid, Key: "token_unknown"},
	{Codes: "40164", Means: messengers.TokenInvalid, Key: "foreign_ip"},
	{Codes: "50002", Means: messengers.TokenInvalid, Key: "answered"},
	{Codes: "-1", Means: messengers.Temporary},
	{Codes: "43004 48002", Means: messengers.Blocked},
	{Codes: "45015 45047", Means: messengers.WindowClosed},
	{Codes: "45009", Means: messengers.LimitedUntil, Wait: time.Hour},
	{Codes: "45011", Means: messengers.LimitedUntil, Wait: time.Minute},
	{Codes: "48001", Means: messengers.Permanent, Key: "no_right"},
}

// answerOf reads the code in the body. An answer with something to tell has none.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}
	switch {
	case res.Status != http.StatusOK, json.Unmarshal(res.Body, &no) != nil:
		return httpapi.Answer{}, false
	case no.Code == 0:
		return httpapi.Answer{}, true
	}
	return httpapi.Answer{Code: strconv.Itoa(no.Code), Text: no.Text}, true
}

// call calls a method with an access token, and once more with a new one where
// WeChat says that it is over.
func (a *account) call(ctx context.Context, path string, body, result any) (err error) {
	token := ""
	for range 2 {
		if token, err = a.access.Token(ctx, token); err != nil {
			return a.Unsent(err)
		}
		err = a.Call(ctx, httpapi.Request{Path: path, Body: body, Secret: token}, result)
		if !httpapi.Says(err, stale) {
			return err
		}
	}
	return err
}

// act calls a method that says no more than whether it has done its work.
func (a *account) act(ctx context.Context, path string, body any) error {
	var done struct {
		Code *int `json:"errcode"`
	}
	if err := a.call(ctx, path, body, &done); err != nil {
		return err
	}
	if done.Code == nil {
		return a.Unclear()
	}
	return nil
}

// newToken gets a token: a stable one, which others who ask for one don't end;
// where WeChat has none, the usual one.
func (a *account) newToken(ctx context.Context) (string, time.Duration, error) {
	var got struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	body := map[string]any{"grant_type": "client_credential", "appid": a.appID, "secret": a.Secret.Reveal(), "force_refresh": false}
	err := a.Call(ctx, httpapi.Request{Path: "/cgi-bin/stable_token", Body: body, Bare: true}, &got)
	if no, refused := httpapi.Refused(err); refused && !no.Own && no.Fault.Means == messengers.Permanent {
		query := url.Values{"grant_type": {"client_credential"}, "appid": {a.appID}, "secret": {a.Secret.Reveal()}}
		err = a.Call(ctx, httpapi.Request{Path: "/cgi-bin/token", Query: query, Bare: true}, &got)
	}
	if err == nil && got.Token == "" {
		err = a.Unclear()
	}
	const day = 24 * 60 * 60
	return got.Token, time.Duration(min(max(got.Seconds, 60), day)) * time.Second, err
}
