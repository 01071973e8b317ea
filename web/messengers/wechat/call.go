package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

// refusal is an answer of WeChat that says no: with HTTP status 200.
type refusal struct {
	code int
	text string
}

// Error tells what WeChat said.
func (r *refusal) Error() string { return fmt.Sprintf("WeChat answered %d %s", r.code, r.text) }

// Said quotes what WeChat said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"code": strconv.Itoa(r.code), "said": r.text})
}

var errUnclear error = &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}

// call calls a method with an access token, and once more with a new one where
// WeChat says that it is over. The error is a *refusal, a *SendError, an
// *outside.Error or the context's.
func (a *account) call(ctx context.Context, path string, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	for range 2 {
		var token string
		if token, err = a.accessToken(ctx); err != nil {
			return err
		}
		err = a.exchange(ctx, outside.Request{URL: a.base + path + "?access_token=" + url.QueryEscape(token), Redact: token}, body, result)
		var no *refusal
		if !errors.As(err, &no) || !stale(no.code) {
			return err
		}
		a.access.forget(token)
	}
	return err
}

// exchange makes one request, a GET without a body, and reads its answer into
// result, unless that is nil.
func (a *account) exchange(ctx context.Context, r outside.Request, body, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.Single, r.Method = true, http.MethodGet
	if body != nil {
		r.Method, r.Body, r.Header = http.MethodPost, messengers.JSON(body), map[string]string{"Content-Type": "application/json; charset=utf-8"}
	}
	res, err := a.client.Do(ctx, r)
	if err != nil {
		return fmt.Errorf("wechat: %w", err)
	}
	if err := messengers.Judged(res, a.clock()); err != nil {
		return err
	}
	// An answer with something to tell has no code, one without has one.
	var said struct {
		Code *int   `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if json.Unmarshal(res.Body, &said) != nil || said.Code == nil && result == nil {
		return fmt.Errorf("wechat: %w", errUnclear)
	}
	if said.Code != nil && *said.Code != 0 {
		const most = 300
		text := strings.ReplaceAll(said.Text, r.Redact, "…")
		return &refusal{code: *said.Code, text: strings.ToValidUTF8(text[:min(len(text), most)], "")}
	}
	if result != nil && json.Unmarshal(res.Body, result) != nil {
		return fmt.Errorf("wechat: %w", errUnclear)
	}
	return nil
}

// access is the access token: one for all, got by one at a time.
type access struct {
	// turn is held by whoever looks at it or gets a new one.
	turn  chan struct{}
	token string
	until time.Time
}

// take waits for its turn.
func (c *access) take(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *access) give() { <-c.turn }

// forget drops a token that is over, unless there is another one by now.
func (c *access) forget(token string) {
	c.turn <- struct{}{}
	defer c.give()
	if c.token == token {
		c.token = ""
	}
}

// renewed is how long before its end a token is renewed: the former one is then
// good as well.
const renewed = 3 * time.Minute

// accessToken is the one that holds, or a new one.
func (a *account) accessToken(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := a.access.take(ctx); err != nil {
		return "", err
	}
	defer a.access.give()
	if a.access.token != "" && a.clock().Before(a.access.until) {
		return a.access.token, nil
	}
	token, lasts, err := a.newToken(ctx)
	if err != nil {
		return "", unsent(err)
	}
	a.access.token, a.access.until = token, a.clock().Add(max(lasts-renewed, lasts/2))
	return token, nil
}

// newToken gets a token: a stable one, which others who ask for one don't end;
// where WeChat has none, the usual one.
func (a *account) newToken(ctx context.Context) (string, time.Duration, error) {
	var got struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	secret := a.secret.Reveal()
	body := map[string]any{"grant_type": "client_credential", "appid": a.appID, "secret": secret, "force_refresh": false}
	err := a.exchange(ctx, outside.Request{URL: a.base + "/cgi-bin/stable_token", Redact: secret}, body, &got)
	var by *messengers.SendError
	if errors.As(err, &by) && by.Fault == messengers.Permanent {
		query := url.Values{"grant_type": {"client_credential"}, "appid": {a.appID}, "secret": {secret}}
		err = a.exchange(ctx, outside.Request{URL: a.base + "/cgi-bin/token?" + query.Encode(), Redact: secret}, nil, &got)
	}
	if err == nil && got.Token == "" {
		err = errUnclear
	}
	const day = 24 * 60 * 60
	return got.Token, time.Duration(min(max(got.Seconds, 60), day)) * time.Second, err
}

// unsent says of a failure to get a token that no message has left.
func unsent(err error) error {
	var no *refusal
	var by *messengers.SendError
	switch {
	case errors.As(err, &no), errors.As(err, &by):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	e := messengers.Failed(err)
	if e.Fault == messengers.Uncertain {
		e.Fault = messengers.Temporary
	}
	return e
}
