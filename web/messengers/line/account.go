package line

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// info is what LINE says of an account: its id for people, and its name.
type info struct {
	ID      string `json:"basicId"`
	Premium string `json:"premiumId"`
	Name    string `json:"displayName"`
}

// ask asks LINE whose account it is.
func (b *bot) ask(ctx context.Context) error {
	var i info
	if err := b.call(ctx, http.MethodGet, "/v2/bot/info", nil, &i); err != nil {
		return err
	}
	if i.ID == "" {
		return errUnclear
	}
	b.info.Store(&i)
	return nil
}

// Introduce asks for the account's id, which its links are made of. A failure is
// no trouble: the console asks as well.
func (b *bot) Introduce(ctx context.Context) {
	if b.info.Load() == nil {
		_ = b.ask(ctx)
	}
}

// SetUp asks for the account's id. Where deliveries go is set by Front, which the
// operator calls: an account may answer elsewhere until then.
func (b *bot) SetUp(ctx context.Context) error {
	b.Introduce(ctx)
	return nil
}

// Try asks LINE whose account it is.
func (b *bot) Try(ctx context.Context) error { return tried(b.ask(ctx)) }

// tried says what to do where a call of ours was refused.
func tried(err error) error {
	var no *refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no) && (no.status == http.StatusUnauthorized || no.status == http.StatusForbidden):
		return &pull.Error{Kind: pull.Denied, Op: "line", Field: "channel_access_token", Hint: own.Text("token_unknown", nil), Err: err}
	case errors.As(err, &no) && (no.status >= http.StatusInternalServerError || no.status == http.StatusTooManyRequests):
		return &pull.Error{Kind: pull.Unavailable, Op: "line", Hint: own.Text("busy", words.Args{"code": strconv.Itoa(no.status)}), Err: err}
	case errors.Is(err, errUnclear), errors.As(err, &no) && no.text == "":
		return &pull.Error{Kind: pull.Unusable, Op: "line", Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	}
	return fmt.Errorf("line: %w", err)
}

// Whose says whose account it is.
func (b *bot) Whose() words.Text {
	i := b.info.Load()
	if i == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": i.Name, "id": i.ID})
}

// Answers asks LINE whose account it is and takes whatever it says for an answer,
// but that it has failed itself.
func (b *bot) Answers(ctx context.Context) error {
	err := b.ask(ctx)
	var no *refusal
	if errors.Is(err, errUnclear) || errors.As(err, &no) && no.status < http.StatusInternalServerError {
		return nil
	}
	return err
}

// Link opens the chat with the words ready to be sent, or the account to be
// followed. There is none before LINE has told the account's id.
func (b *bot) Link(asked string) string {
	i := b.info.Load()
	if i == nil {
		return ""
	}
	id := i.ID
	if i.Premium != "" {
		id = i.Premium
	}
	if asked == "" {
		return "https://line.me/R/ti/p/" + url.PathEscape(id)
	}
	return "https://line.me/R/oaMessage/" + url.QueryEscape(id) + "/?" + messengers.Query(asked)
}
