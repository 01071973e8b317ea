package matrix

import (
	"bytes"
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

// timeout bounds every call but the sync.
const timeout = 20 * time.Second

// refusal is a no of the homeserver.
type refusal struct {
	op     string
	status int
	code   string
	text   string
	// wait is when to come again.
	wait time.Time
}

// Error tells what the homeserver said.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: the homeserver answered %d %s %s", r.op, r.status, r.code, r.text)
}

// Said quotes what the homeserver said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"code": strconv.Itoa(r.status) + " " + r.code, "said": r.text})
}

var errUnclear error = &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}

// call asks the homeserver for something and reads its answer into result,
// unless that is nil. The steps of the path are ids as they are.
func (a *account) call(ctx context.Context, method string, path []string, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return a.exchange(ctx, method, "/_matrix/client/v3/"+escaped(path), body, result)
}

func escaped(path []string) string {
	steps := make([]string, len(path))
	for i, step := range path {
		steps[i] = url.PathEscape(step)
	}
	return strings.Join(steps, "/")
}

// exchange is call without a time limit of its own.
func (a *account) exchange(ctx context.Context, method, path string, body, result any) error {
	r := outside.Request{Method: method, URL: a.base + path, Header: map[string]string{"Accept": "application/json"}, MaxBytes: 8 << 20}
	if body != nil {
		encoded, err := encode(body)
		if err != nil {
			return fmt.Errorf("matrix: %w", err)
		}
		r.Body, r.Header["Content-Type"] = encoded, "application/json"
	}
	return a.ask(ctx, r, result)
}

// encode writes JSON as homeservers count it: with no sign escaped that need not
// be.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// ask sends a request with the token, to the homeserver alone.
func (a *account) ask(ctx context.Context, r outside.Request, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	token := a.AccessToken.Reveal()
	r.Single, r.Redact, r.Header["Authorization"] = true, token, "Bearer "+token
	op, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.URL, a.base), "/_matrix/client/v3/"), "?")
	res, err := a.client.Do(ctx, r)
	if err != nil {
		return fmt.Errorf("matrix: %w", err)
	}
	var said struct {
		Code    string `json:"errcode"`
		Text    string `json:"error"`
		Soft    bool   `json:"soft_logout"`
		RetryMS int64  `json:"retry_after_ms"`
	}
	read := json.Unmarshal(res.Body, &said)
	if res.Status >= 200 && res.Status < 300 && said.Code == "" {
		if result == nil {
			return nil
		}
		if read != nil || json.Unmarshal(res.Body, result) != nil {
			return fmt.Errorf("matrix: %w", errUnclear)
		}
		return nil
	}
	refused := &refusal{op: first(op, "/"), status: res.Status, code: short(said.Code, 60), text: short(strings.ReplaceAll(said.Text, token, "…"), 300), wait: res.RetryAt}
	if refused.wait.IsZero() && said.RetryMS > 0 {
		const longest = 24 * 60 * 60 * 1000
		refused.wait = a.clock().Add(time.Duration(min(said.RetryMS, longest)) * time.Millisecond)
	}
	return refused
}

func first(s, separator string) string {
	before, _, _ := strings.Cut(s, separator)
	return before
}

func short(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// fault sorts an error of a call into the closed set of faults (client-server
// API, standard error response).
func fault(err error, now time.Time) error {
	var refused *refusal
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	case !errors.As(err, &refused):
		return messengers.Failed(err)
	}
	e := &messengers.SendError{Fault: refused.fault(), Err: err}
	if e.Fault == messengers.LimitedUntil {
		const usual = 30 * time.Second
		if e.RetryAt = refused.wait; e.RetryAt.IsZero() {
			e.RetryAt = now.Add(usual)
		}
	}
	return e
}

func (r *refusal) fault() messengers.Fault {
	switch r.code {
	case "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_SUSPENDED", "M_USER_LOCKED", "M_CONSENT_NOT_GIVEN":
		return messengers.TokenInvalid
	case "M_LIMIT_EXCEEDED":
		return messengers.LimitedUntil
	case "M_RESOURCE_LIMIT_EXCEEDED":
		return messengers.Temporary
	case "M_TOO_LARGE", "M_BAD_JSON", "M_NOT_JSON", "M_UNRECOGNIZED":
		return messengers.Permanent
	case "M_FORBIDDEN", "M_GUEST_ACCESS_FORBIDDEN":
		return messengers.Blocked
	}
	switch {
	case r.status == http.StatusUnauthorized:
		return messengers.TokenInvalid
	case r.status == http.StatusTooManyRequests:
		return messengers.LimitedUntil
	case r.status == http.StatusForbidden:
		return messengers.Blocked
	case r.status == http.StatusRequestTimeout || r.status >= http.StatusInternalServerError:
		return messengers.Temporary
	}
	return messengers.Permanent
}

// dead tells whether the homeserver no longer knows the token. One that is only
// to be renewed (soft_logout) is dead for us as well.
func dead(err error) bool {
	var refused *refusal
	return errors.As(err, &refused) && refused.fault() == messengers.TokenInvalid
}

// absent tells whether the homeserver says that there is no such thing.
func absent(err error) bool {
	var refused *refusal
	return errors.As(err, &refused) && (refused.code == "M_NOT_FOUND" || refused.status == http.StatusNotFound)
}
