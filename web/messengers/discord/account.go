package discord

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// application is what Discord tells of the app that a token belongs to.
type application struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	VerifyKey   string `json:"verify_key"`
	Interaction string `json:"interactions_endpoint_url"`
	Description string `json:"description"`
}

// meet asks Discord whose token it is.
func (b *Bot) meet(ctx context.Context) (application, error) {
	var me application
	err := b.call(ctx, request{method: http.MethodGet, path: "/applications/@me", safe: true}, nil, &me)
	return me, err
}

// known is meet with an error as people are told it, and with the token, the id
// and the key held against each other.
func (b *Bot) known(ctx context.Context) (application, error) {
	me, err := b.meet(ctx)
	var e *messengers.SendError
	switch {
	case errors.As(err, &e) && e.Fault == messengers.TokenInvalid:
		return me, &pull.Error{Kind: pull.Denied, Op: "applications", Field: "bot_token", Hint: own.Text("token_unknown", nil), Err: err}
	case errors.As(err, &e) && e.Fault == messengers.Uncertain && pull.KindOf(e.Err) == pull.Unusable, err == nil && !isID(me.ID):
		return me, &pull.Error{Kind: pull.Unusable, Op: "applications", Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	case err != nil:
		return me, &pull.Error{Kind: pull.Unavailable, Op: "applications", Hint: own.Text("away", nil), Err: err}
	case b.application != me.ID:
		return me, &pull.Error{Kind: pull.Denied, Op: "applications", Field: "application_id", Hint: own.Text("other_application", words.Args{"id": me.ID})}
	case b.key != nil && me.VerifyKey != "" && me.VerifyKey != hex.EncodeToString(b.key):
		return me, &pull.Error{Kind: pull.Denied, Op: "applications", Field: "public_key", Hint: own.Text("other_key", nil)}
	}
	b.name.Store(&me.Name)
	return me, nil
}

// Try asks Discord whose token it is, and whether id and key are of the same
// app.
func (b *Bot) Try(ctx context.Context) error {
	_, err := b.known(ctx)
	return err
}

// Whose says whose app it is.
func (l *Lone) Whose() words.Text {
	name := l.name.Load()
	if name == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": *name})
}

// Answers asks Discord for the app's name and takes whatever it says for an
// answer, but that it has failed itself.
func (b *Bot) Answers(ctx context.Context) error {
	_, err := b.meet(ctx)
	var e *messengers.SendError
	if errors.As(err, &e) && e.Fault != messengers.Temporary && e.Fault != messengers.Uncertain {
		return nil
	}
	return err
}
