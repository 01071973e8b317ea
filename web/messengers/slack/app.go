package slack

import (
	"context"
	"encoding/json"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

// AppKind is an app that is installed in many workspaces, each of which may be
// another publisher's channel.
var AppKind = messengers.AppKind{
	Name: "slack", Title: "Slack app", Help: "An app of Slack that is installed in several workspaces.", Words: own,
	New: func() settings.Opener[messengers.Env, messengers.App] { return &AppSettings{} },
}

// AppSettings configure an app.
type AppSettings struct {
	SigningSecret settings.Secret `name:"signing_secret" label:"Signing secret" help:"Stands under Basic Information; Slack signs by it what it delivers." example:"8f742231b10e8888abcd99yyyzzz85a5" check:"required"`
}

// Open returns the app.
func (s *AppSettings) Open(messengers.Env) (messengers.App, error) { return &app{s.SigningSecret}, nil }

type app struct{ signing settings.Secret }

// Receive verifies a delivery and tells whose workspace it is from: Slack
// delivers for one at a time. Who sends a command where no channel is for the
// workspace is told so.
func (a *app) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	if refused := d.Refused(trusts(a.signing, d)); refused != 0 {
		return messengers.Receipt{Status: refused}, nil, nil
	}
	team, r := "", messengers.Receipt{}
	switch form, ok := formOf(d); {
	case ok && form.Get("payload") != "":
		var p interaction
		if json.Unmarshal([]byte(form.Get("payload")), &p) == nil {
			team = p.workspace()
		}
	case ok:
		if team = commandTeam(form); team != "" {
			r.ContentType, r.Body = contentType, messengers.JSON(post{Response: "ephemeral", Text: own.Say("en", "stranger", nil)})
		}
	default:
		var e envelope
		if json.Unmarshal(d.Body, &e) != nil {
			break
		}
		if e.Type == handshake {
			return e.accept(), nil, nil
		}
		team = e.workspace()
	}
	if !isID(team) {
		return r, nil, nil
	}
	return r, []messengers.Part{{Account: team, Delivery: d}}, nil
}
