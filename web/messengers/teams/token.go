package teams

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// login gives the token that the service takes from us.
func (b *Bot) login(base string, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "sign in", Base: base, HTTP: env.Client, Clock: env.Clock, Words: own, Header: map[string]string{"Accept": "application/json"},
		Secret: b.app.secret, Field: "app_secret", Read: whyNoToken, Faults: httpapi.Faults{
			{Codes: "AADSTS700016 AADSTS90013 AADSTS900971", Means: messengers.TokenInvalid, Key: "unknown_app", Field: "app_id"},
			{Codes: "AADSTS90002 AADSTS900023 AADSTS900021", Means: messengers.TokenInvalid, Key: "unknown_tenant", Field: "tenant"},
			{Codes: "AADSTS7000215", Means: messengers.TokenInvalid, Key: "wrong_secret"},
			{Codes: "AADSTS7000222", Means: messengers.TokenInvalid, Key: "expired_secret"},
			{Codes: "*", Means: messengers.TokenInvalid, Key: "refused"},
			// What says no without a reason is not Microsoft's.
			{Status: http.StatusUnauthorized, Means: messengers.Permanent},
			{Status: http.StatusForbidden, Means: messengers.Permanent},
		},
	}
}

// number is what Microsoft calls a reason by.
var number = regexp.MustCompile(`AADSTS\d{1,9}`)

// whyNoToken reads the number that a refusal begins with; where the service has too
// much to do or is broken, its status tells more.
func whyNoToken(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Error string `json:"error"`
		Said  string `json:"error_description"`
	}
	err := json.Unmarshal(res.Body, &no)
	if res.Status == http.StatusTooManyRequests || res.Status >= http.StatusInternalServerError || no.Error == "" {
		return httpapi.Answer{}, err == nil
	}
	return httpapi.Answer{Code: cmp.Or(number.FindString(no.Said), "invalid_client")}, true
}

// scopeOf returns what our token is for, in the cloud that it comes from.
func scopeOf(login string) string {
	switch u, err := url.Parse(login); {
	case err == nil && strings.HasSuffix(u.Hostname(), ".us"):
		return "https://api.botframework.us/.default"
	case err == nil && strings.HasSuffix(u.Hostname(), ".cn"):
		return "https://api.botframework.azure.cn/.default"
	}
	return "https://api.botframework.com/.default"
}

// renewBefore is how long before its end a token is not used any more.
const renewBefore = 5 * time.Minute

// newToken gets a token for our secret.
func (b *Bot) newToken(ctx context.Context) (string, time.Duration, error) {
	var got struct {
		Token string `json:"access_token"`
		Lasts int64  `json:"expires_in"`
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {b.app.id}, "client_secret": {b.app.secret.Reveal()}, "scope": {scopeOf(b.signIn.Base)},
	}
	err := b.signIn.Call(ctx, httpapi.Request{Name: "sign in", Path: "/" + b.app.home + "/oauth2/v2.0/token", Body: form}, &got)
	if err == nil && got.Token == "" {
		err = b.signIn.Unclear()
	}
	const usual, longest = 3600, 24 * 3600
	return got.Token, time.Duration(min(max(cmp.Or(got.Lasts, usual), 1), longest)) * time.Second, b.signIn.Tried(err)
}

// unsent sorts what kept us from a token: no message has left yet.
func unsent(err error) *messengers.SendError {
	e := &messengers.SendError{Fault: messengers.Temporary, Err: err}
	if kind := pull.KindOf(err); kind == pull.Denied || kind == pull.Unusable {
		e.Fault = messengers.TokenInvalid
	}
	return e
}
