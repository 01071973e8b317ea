package telegram

import (
	"bytes"
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

// refusal is an answer of Telegram other than ok.
type refusal struct {
	method string
	code   int
	text   string
	// wait is when to try again (429), moved the chat's new id (400).
	wait  time.Time
	moved int64
}

// Error tells what Telegram said.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: Telegram answered %d %s", r.method, r.code, r.text)
}

// Said quotes what Telegram said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"method": r.method, "code": strconv.Itoa(r.code), "said": r.text})
}

// answer is the frame of every response (Bot API, making requests).
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call calls a method and reads its result into result, unless that is nil.
// The error is a *refusal, an *outside.Error or the context's.
func (b *Bot) call(ctx context.Context, method string, body, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := b.within(ctx)
	defer cancel()
	return b.exchange(ctx, method, body, result)
}

// inJSON are the headers of every call.
var inJSON = map[string]string{"Content-Type": "application/json"} //nolint:gochecknoglobals // nobody changes it

// exchange is call without a time limit of its own.
func (b *Bot) exchange(ctx context.Context, method string, body, result any) error {
	token := b.token.Reveal()
	res, err := b.client.Do(ctx, outside.Request{
		Method: http.MethodPost,
		URL:    b.base + "/bot" + token + "/" + method,
		Header: inJSON,
		Body:   messengers.JSON(body),
		Redact: token,
		Single: true,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return b.judge(method, res, result)
}

var errUnclear error = &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear", nil)}

func (b *Bot) judge(method string, res outside.Response, result any) error {
	if sent, ok := result.(*messageID); b.nothingToLearn(res) && (ok || result == nil) {
		if !ok {
			return nil
		}
		if *sent = first(res.Body); *sent != 0 {
			return nil
		}
	}
	var a answer
	err := json.Unmarshal(res.Body, &a)
	if res.Status == http.StatusOK && err == nil && a.OK {
		b.recognise(a.Result)
		if result == nil {
			return nil
		}
		if err := json.Unmarshal(a.Result, result); err != nil {
			return fmt.Errorf("%s: %w", method, errUnclear)
		}
		return nil
	}
	if res.Status == http.StatusOK && a.Code == 0 {
		return fmt.Errorf("%s: %w", method, errUnclear)
	}
	r := &refusal{method: method, code: res.Status, moved: a.Parameters.MigrateTo, wait: res.RetryAt}
	if res.Status == http.StatusOK {
		r.code = a.Code
	}
	r.text = strings.ReplaceAll(strings.ToValidUTF8(a.Description, ""), b.token.Reveal(), "…")
	if len(r.text) > 300 {
		r.text = strings.ToValidUTF8(r.text[:300], "")
	}
	if s := a.Parameters.RetryAfter; s > 0 {
		r.wait = b.clock().Add(time.Duration(min(s, longestWait)) * time.Second)
	}
	if r.wait.IsZero() {
		r.wait = b.clock().Add(shortestWait)
	}
	return r
}

// nothingToLearn tells whether an answer says yes, and nothing else that the
// bot wants to know: it is told so for every message it sends.
func (b *Bot) nothingToLearn(res outside.Response) bool {
	return res.Status == http.StatusOK && bytes.HasPrefix(res.Body, []byte(`{"ok":true,`)) && json.Valid(res.Body) &&
		(b.name.Load() != nil || !bytes.Contains(res.Body, []byte(`"is_bot":true`)))
}

// first is the id of a message that was sent where Telegram tells it first of all,
// as it does; else 0.
func first(body []byte) messageID {
	rest, ok := bytes.CutPrefix(body, []byte(`{"ok":true,"result":{"message_id":`))
	if !ok {
		return 0
	}
	digits, _, _ := bytes.Cut(rest, []byte(","))
	id, err := strconv.ParseInt(string(bytes.TrimRight(digits, "} ")), 10, 64)
	if err != nil {
		return 0
	}
	return messageID(id)
}

// Bounds of a wait that Telegram asks for: seconds at most, and where it
// names none.
const (
	longestWait  = 24 * 60 * 60
	shortestWait = 5 * time.Second
)

// recognise learns the bot's name from a message that it sent.
func (b *Bot) recognise(result json.RawMessage) {
	if b.name.Load() != nil || len(result) == 0 || result[0] != '{' {
		return
	}
	var sent struct {
		From user `json:"from"`
	}
	if json.Unmarshal(result, &sent) == nil && sent.From.ID == b.id && sent.From.IsBot {
		b.learn(sent.From.Username)
	}
}

// fault sorts an error of call into the closed set of faults (Bot API server,
// Client.cpp, for what the codes mean).
func fault(err error) error {
	if err == nil {
		return nil
	}
	var refusal *refusal
	switch {
	case errors.As(err, &refusal):
		out := &messengers.SendError{Err: err}
		refusal.sort(out)
		return out
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}

func (r *refusal) sort(out *messengers.SendError) {
	switch {
	case r.moved != 0:
		out.Fault, out.Address = messengers.Temporary, strconv.FormatInt(r.moved, 10)
	case r.code == http.StatusTooManyRequests:
		out.Fault, out.RetryAt = messengers.LimitedUntil, r.wait
	case r.code == http.StatusForbidden:
		out.Fault = messengers.Blocked
	case r.code == http.StatusUnauthorized || r.code == http.StatusNotFound:
		out.Fault = messengers.TokenInvalid
	case r.code == http.StatusConflict || r.code == http.StatusRequestTimeout || r.code >= http.StatusInternalServerError:
		out.Fault = messengers.Temporary
	default:
		out.Fault = messengers.Permanent
	}
}
