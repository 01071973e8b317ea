package line

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

// refusal is an answer of LINE that says no.
type refusal struct {
	status int
	text   string
	// picture says that a picture is the trouble, retry when to come again.
	picture bool
	retry   time.Time
	judged  error
}

// Error tells what LINE said.
func (r *refusal) Error() string { return fmt.Sprintf("LINE answered %d %s", r.status, r.text) }

// Said quotes what LINE said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"code": strconv.Itoa(r.status), "said": r.text})
}

var errUnclear error = &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}

// sent posts messages and returns what LINE calls the first of them.
func (b *bot) sent(ctx context.Context, path string, body any, key string) (string, error) {
	var answer struct {
		Sent []struct {
			ID string `json:"id"`
		} `json:"sentMessages"`
	}
	header := map[string]string{}
	if key != "" {
		header["X-Line-Retry-Key"] = key
	}
	err := b.exchange(ctx, outside.Request{Method: http.MethodPost, URL: b.base + path, Header: header, Body: messengers.JSON(body)}, &answer)
	if err != nil || len(answer.Sent) == 0 {
		return "", err
	}
	return answer.Sent[0].ID, nil
}

// call asks the API and reads its answer into result, unless that is nil. The
// error is a *refusal, an *outside.Error or the context's.
func (b *bot) call(ctx context.Context, method, path string, body, result any) error {
	r := outside.Request{Method: method, URL: b.base + path, Header: map[string]string{}}
	if body != nil {
		r.Body = messengers.JSON(body)
	}
	return b.exchange(ctx, r, result)
}

func (b *bot) exchange(ctx context.Context, r outside.Request, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.Single, r.Redact = true, b.token.Reveal()
	r.Header["Authorization"] = "Bearer " + b.token.Reveal()
	if r.Body != nil && r.Header["Content-Type"] == "" {
		r.Header["Content-Type"] = "application/json"
	}
	res, err := b.client.Do(ctx, r)
	if err != nil {
		return fmt.Errorf("line: %w", err)
	}
	// 409 says that the key has been taken before: the message is on its way.
	if known := res.Status == http.StatusConflict && r.Header["X-Line-Retry-Key"] != ""; known {
		_ = json.Unmarshal(res.Body, result)
		return nil
	}
	if judged := messengers.Judged(res, b.clock()); judged != nil {
		return b.refused(res, judged)
	}
	if result != nil && json.Unmarshal(res.Body, result) != nil {
		return fmt.Errorf("line: %w", errUnclear)
	}
	return nil
}

// refused reads why LINE says no.
func (b *bot) refused(res outside.Response, judged error) *refusal {
	var said struct {
		Message string `json:"message"`
		Details []struct {
			Message  string `json:"message"`
			Property string `json:"property"`
		} `json:"details"`
	}
	_ = json.Unmarshal(res.Body, &said) // what is not LINE's says nothing
	r := &refusal{status: res.Status, retry: res.RetryAt, judged: judged}
	text := said.Message
	for _, d := range said.Details {
		text += "; " + d.Property + ": " + d.Message
		r.picture = r.picture || strings.Contains(d.Property, "ContentUrl") || strings.Contains(d.Property, "previewImageUrl")
	}
	const most = 300
	text = strings.ReplaceAll(text, b.token.Reveal(), "…")
	r.text = strings.ToValidUTF8(text[:min(len(text), most)], "")
	return r
}

// fault sorts an error of a call into the closed set of faults.
func fault(err error) error {
	var no *refusal
	var done *messengers.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		return no.sort()
	case errors.As(err, &done):
		return done
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}

func (r *refusal) sort() *messengers.SendError {
	out := &messengers.SendError{Fault: messengers.Permanent, Err: r}
	var usual *messengers.SendError
	if errors.As(r.judged, &usual) {
		out.Fault, out.RetryAt = usual.Fault, usual.RetryAt
	}
	switch said := strings.ToLower(r.text); {
	case r.status == http.StatusForbidden:
		out.Fault = messengers.TokenInvalid
	case r.status == http.StatusBadRequest && strings.Contains(said, "failed to send messages"):
		out.Fault = messengers.Blocked
	case r.status == http.StatusTooManyRequests && strings.Contains(said, "monthly limit"):
		// Replies are free and go on: only this push can't be sent.
		out.Fault, out.RetryAt, out.Err = messengers.Permanent, time.Time{}, &pull.Error{Kind: pull.Denied, Hint: own.Text("monthly", nil), Err: r}
	}
	return out
}
