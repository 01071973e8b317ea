package teams

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

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

// bearer gets the token that the service takes from us.
type bearer struct {
	app    registration
	url    string
	scope  string
	client *outside.Client
}

// exchange gets a token for our secret.
func (b *bearer) exchange(ctx context.Context) (token string, lasts time.Duration, err error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {b.app.id}, "client_secret": {b.app.secret.Reveal()}, "scope": {b.scope}}
	res, err := b.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: b.url, Body: []byte(form.Encode()), Redact: b.app.secret.Reveal(), Single: true,
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
	})
	if err != nil {
		return "", 0, fmt.Errorf("sign in: %w", err)
	}
	var got struct {
		Token string `json:"access_token"`
		Lasts int64  `json:"expires_in"`
		Error string `json:"error"`
		Said  string `json:"error_description"`
	}
	read := json.Unmarshal(res.Body, &got) == nil
	switch {
	case res.Status == http.StatusOK && read && got.Token != "":
		const usual, longest = 3600, 24 * 3600
		return got.Token, time.Duration(min(max(cmp.Or(got.Lasts, usual), 1), longest)) * time.Second, nil
	case res.Status == http.StatusTooManyRequests || res.Status >= http.StatusInternalServerError:
		return "", 0, &pull.Error{Kind: pull.Unavailable, Op: "sign in", Hint: own.Text("busy", words.Args{"code": fmt.Sprint(res.Status)}), RetryAt: res.RetryAt}
	case read && got.Error != "":
		return "", 0, denied(got.Said)
	}
	return "", 0, &pull.Error{Kind: pull.Unusable, Op: "sign in", Field: "api_base", Hint: own.Text("unclear", nil)}
}

// number is what Microsoft calls a reason by.
var number = regexp.MustCompile(`AADSTS\d{1,9}`)

// denied says what is wrong with the account, by the number that the refusal
// begins with.
func denied(said string) error {
	code := number.FindString(said)
	e := &pull.Error{Kind: pull.Denied, Op: "sign in", Field: "app_secret", Hint: own.Text("refused", words.Args{"code": cmp.Or(code, "invalid_client")})}
	switch code {
	case "AADSTS700016", "AADSTS90013", "AADSTS900971":
		e.Field, e.Hint = "app_id", own.Text("unknown_app", nil)
	case "AADSTS90002", "AADSTS900023", "AADSTS900021":
		e.Field, e.Hint = "tenant", own.Text("unknown_tenant", nil)
	case "AADSTS7000215":
		e.Hint = own.Text("wrong_secret", nil)
	case "AADSTS7000222":
		e.Hint = own.Text("expired_secret", nil)
	}
	return e
}

// unsent sorts what kept us from a token: no message has left yet.
func unsent(err error) *messengers.SendError {
	e := &messengers.SendError{Fault: messengers.Temporary, Err: err}
	if kind := pull.KindOf(err); kind == pull.Denied || kind == pull.Unusable {
		e.Fault = messengers.TokenInvalid
	}
	return e
}
