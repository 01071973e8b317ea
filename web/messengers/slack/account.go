package slack

import (
	"context"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// meet asks Slack whose token it is.
func (b *Bot) meet(ctx context.Context) error {
	var got struct {
		Team   string `json:"team"`
		TeamID string `json:"team_id"`
		User   string `json:"user"`
		AppID  string `json:"app_id"`
	}
	if err := b.Post(ctx, "/auth.test", struct{}{}, &got); err != nil {
		return err
	}
	me := self{App: got.AppID, Team: got.TeamID}
	if known := b.me.Load(); known != nil && me.App == "" {
		me.App = known.App
	}
	b.me.Store(&me)
	b.Belongs(own.Text("whose", words.Args{"name": "@" + got.User, "workspace": got.Team}))
	return nil
}

// Try asks Slack whose token it is, and whether it is that of the workspace.
func (b *Bot) Try(ctx context.Context) error {
	if err := b.Client.Try(ctx); err != nil {
		return err
	}
	if me := b.me.Load(); b.team != "" && me.Team != b.team {
		return &pull.Error{Kind: pull.Denied, Op: "auth.test", Field: "team_id", Hint: own.Text("other_team", words.Args{"team": me.Team})}
	}
	return nil
}

// Link opens the app in its workspace. Slack's links carry no words to ask, and
// there is none before the app's id is known.
func (b *Bot) Link(string) string {
	me := b.me.Load()
	if me == nil || me.App == "" || me.Team == "" {
		return ""
	}
	return "https://slack.com/app_redirect?" + url.Values{"app": {me.App}, "team": {me.Team}}.Encode()
}

// Identify takes the id of a person or channel with the workspace's before it;
// without, it is of the workspace that the channel is for.
func (b *Bot) Identify(typed string) (string, bool) {
	typed = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(typed, "<@"), "<#"), ">")
	team, id, both := strings.Cut(typed, "/")
	if !both {
		team, id = b.team, typed
		if me := b.me.Load(); team == "" && me != nil {
			team = me.Team
		}
	}
	id, _, _ = strings.Cut(id, "/")
	if !isID(team) || !isID(id) {
		return "", false
	}
	return team + "/" + id, true
}

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
	var team string
	var r messengers.Receipt
	switch form, ok := formOf(d); {
	case ok && form.Get("payload") != "":
		var p interaction
		_ = messengers.Decode([]byte(form.Get("payload")), &p) // what can't be read names no workspace
		team = p.workspace()
	case ok:
		if team = commandTeam(form); team != "" {
			r.ContentType, r.Body = contentType, messengers.JSON(post{Response: "ephemeral", Text: own.Say("en", "stranger", nil)})
		}
	default:
		var e envelope
		if messengers.Decode(d.Body, &e) && e.Type == handshake {
			return e.accept(), nil, nil
		}
		team = e.workspace()
	}
	if !isID(team) {
		return r, nil, nil
	}
	return r, []messengers.Part{{Account: team, Delivery: d}}, nil
}
