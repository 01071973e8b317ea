package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the Bot API: https://api.telegram.org/bot<token>/<method>.
func (b *Bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "telegram", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Words: own,
		Secret: s.Token, Field: "token", Auth: httpapi.Path("/bot"), Read: b.answerOf, Account: b.getMe,
		Faults: httpapi.Faults{
			{Codes: moved, Means: messengers.Temporary},
			{Status: http.StatusNotFound, Means: messengers.TokenInvalid},
			{Status: http.StatusTooManyRequests, Means: messengers.LimitedUntil, Wait: 5 * time.Second},
		},
	}
}

// Fetch asks where a file lies, and fetches it from there: /file/bot<token>/<path>.
func (b *Bot) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	if err := b.Post(ctx, "/getFile", map[string]string{"file_id": m.Ref}, &file); err != nil {
		return nil, httpapi.Unfetched(err)
	}
	return b.Download(ctx, httpapi.Request{Path: "/file/bot" + b.Secret.Reveal() + "/" + file.Path, Bare: true}, most)
}

// moved is what we call a refusal that tells a chat's new id.
const moved = "moved"

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

// answerOf reads the frame of a response.
func (b *Bot) answerOf(res outside.Response) (httpapi.Answer, bool) {
	var a answer
	if json.Unmarshal(res.Body, &a) != nil || !a.OK && a.Code == 0 {
		return httpapi.Answer{}, false
	}
	if a.OK {
		b.recognise(a.Result)
		return httpapi.Answer{Result: a.Result}, true
	}
	said := httpapi.Answer{Refused: true, Text: a.Description, Wait: time.Duration(a.Parameters.RetryAfter) * time.Second}
	if res.Status == http.StatusOK {
		said.Status = a.Code
	}
	if to := a.Parameters.MigrateTo; to != 0 {
		said.Code, said.Address = moved, strconv.FormatInt(to, 10)
	}
	return said, true
}

// recognise learns the bot's name from a message that it sent.
func (b *Bot) recognise(result json.RawMessage) {
	var sent struct {
		From user `json:"from"`
	}
	if b.username() == "" && json.Unmarshal(result, &sent) == nil && sent.From.ID == b.id && sent.From.IsBot {
		b.learn(sent.From.Username)
	}
}
