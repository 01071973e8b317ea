package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the Bot API: https://api.telegram.org/bot<token>/<method>.
func (b *Bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "telegram", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Words: own,
		Secret: s.Token, Field: "token", Auth: httpapi.Path("/bot"), Read: b.answerOf, Account: b.getMe,
		Known: func() bool { return b.name.Load() != nil },
		Faults: httpapi.Faults{
			{Codes: moved, Means: messengers.Temporary},
			{Status: http.StatusNotFound, Means: messengers.TokenInvalid},
			{Status: http.StatusTooManyRequests, Means: messengers.LimitedUntil, Wait: 5 * time.Second},
		},
	}
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
	if result, ok := b.plainResult(res); ok {
		return httpapi.Answer{Result: result}, true
	}
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

// plainResult finds the result where nothing stands behind it and the bot has
// nothing to learn from it, as in the answer to nearly every message.
func (b *Bot) plainResult(res outside.Response) ([]byte, bool) {
	result, ok := bytes.CutPrefix(res.Body, []byte(`{"ok":true,"result":`))
	result, closed := bytes.CutSuffix(result, []byte("}"))
	learned := b.name.Load() != nil || !bytes.Contains(result, []byte(`"is_bot":true`))
	return result, ok && closed && learned && res.Status == http.StatusOK && json.Valid(result)
}

// recognise learns the bot's name from a message that it sent.
func (b *Bot) recognise(result json.RawMessage) {
	var sent struct {
		From user `json:"from"`
	}
	if b.name.Load() == nil && json.Unmarshal(result, &sent) == nil && sent.From.ID == b.id && sent.From.IsBot {
		b.learn(sent.From.Username)
	}
}

// getMe asks Telegram whose bot it is.
func (b *Bot) getMe(ctx context.Context) error {
	var me struct {
		user
		FirstName string `json:"first_name"`
	}
	if err := b.Post(ctx, "/getMe", struct{}{}, &me); err != nil {
		return err
	}
	b.learn(me.Username)
	b.title.Store(&me.FirstName)
	return nil
}
