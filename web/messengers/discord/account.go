package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
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
	b.Belongs(own.Text("whose", words.Args{"name": me.Name}))
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

// AppKind is an app that is added to many servers, each of which may be another
// publisher's channel.
var AppKind = messengers.AppKind{
	Name: "discord", Title: "Discord app", Help: "An app of Discord that is added to several servers.", Words: own,
	New: func() settings.Opener[messengers.Env, messengers.App] { return &AppSettings{} },
}

// AppSettings configure an app.
type AppSettings struct {
	ApplicationID string `name:"application_id" label:"Application" help:"The application’s id, under General Information." example:"1103422135406551040" check:"required"`
	PublicKey     string `name:"public_key" label:"Public key" help:"Stands under General Information; Discord’s deliveries are checked by it." example:"3a7c1f0d5b9e2468ace013579bdf02468ace13579bdf02468ace13579bdf0246" check:"required"`
}

// Check finds what single fields don't show.
func (s *AppSettings) Check() settings.Problems { return checkApp(s.ApplicationID, s.PublicKey) }

// Open returns the app.
func (s *AppSettings) Open(messengers.Env) (messengers.App, error) {
	return &app{s.ApplicationID, keyOf(s.PublicKey)}, nil
}

type app struct {
	application string
	key         ed25519.PublicKey
}

// Receive verifies a delivery and tells whose server it is from: Discord delivers
// one interaction at a time. Where no channel is for the server, or nobody can
// tell which, the asker is told so.
func (a *app) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	if refused := d.Refused(trusts(a.key, d)); refused != 0 {
		return messengers.Receipt{Status: refused}, nil, nil
	}
	var i interaction
	if !messengers.Decode(d.Body, &i) || i.Application != "" && i.Application != a.application {
		return messengers.Receipt{}, nil, nil // what is not understood is acknowledged
	}
	r, asked := i.handshake()
	if !asked {
		return r, nil, nil
	}
	if guild := i.server(); isID(guild) {
		return i.stranger(), []messengers.Part{{Account: guild, Delivery: d}}, nil
	}
	return i.stranger(), nil, nil
}
