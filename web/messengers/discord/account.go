package discord

import (
	"context"
	"encoding/hex"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers/httpapi"
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
func (b *Bot) meet(ctx context.Context) error {
	var me application
	if err := b.call(ctx, httpapi.Request{Path: "/applications/@me"}, &me); err != nil {
		return err
	}
	if !isID(me.ID) {
		return b.Unclear()
	}
	b.me.Store(&me)
	return nil
}

// Try asks Discord whose token it is, and whether id and key are of the same
// app.
func (b *Bot) Try(ctx context.Context) error {
	if err := b.Client.Try(ctx); err != nil {
		return err
	}
	switch me := b.me.Load(); {
	case b.application != me.ID:
		return &pull.Error{Kind: pull.Denied, Op: "applications", Field: "application_id", Hint: own.Text("other_application", words.Args{"id": me.ID})}
	case b.key != nil && me.VerifyKey != "" && me.VerifyKey != hex.EncodeToString(b.key):
		return &pull.Error{Kind: pull.Denied, Op: "applications", Field: "public_key", Hint: own.Text("other_key", nil)}
	}
	return nil
}

// Whose says whose app it is.
func (l *Lone) Whose() words.Text {
	me := l.me.Load()
	if me == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": me.Name})
}
