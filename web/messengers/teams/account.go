package teams

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Try signs in, and reads the keys that deliveries are signed with. Whether the
// bot is installed anywhere, Microsoft does not say.
func (b *Bot) Try(ctx context.Context) error {
	if _, _, err := b.newToken(ctx); err != nil {
		return fmt.Errorf("teams: %w", err)
	}
	if err := b.app.keys.renew(ctx, nil); err != nil {
		return fmt.Errorf("teams: %w", err)
	}
	b.signIn.Belongs(own.Text("whose", words.Args{"app": b.app.id}))
	return nil
}

// Whose says which app it is.
func (b *Bot) Whose() words.Text { return b.signIn.Whose() }

// Account returns the tenant whose part of an app's deliveries the channel gets.
func (b *Bot) Account() string { return strings.ToLower(b.tenant) }

// Link opens a chat with the bot, in which the words are ready to be sent.
func (b *Bot) Link(words string) string {
	link := "https://teams.microsoft.com/l/chat/0/0?users=" + url.QueryEscape(botPrefix+b.app.id)
	if words == "" {
		return link
	}
	return link + "&message=" + messengers.Query(words)
}

// Identify takes the object ID of a person, the id that Teams gave the person for
// this bot, or that of a group or channel: all but the first have a colon.
func (*Bot) Identify(typed string) (string, bool) {
	typed, _, _ = strings.Cut(typed, threadMark)
	if !strings.Contains(typed, ":") {
		typed = strings.ToLower(typed)
	}
	return typed, typed != "" && !strings.ContainsAny(typed, " /\n")
}

// AppKind is one bot that is installed in the tenants of many publishers.
var AppKind = messengers.AppKind{
	Name: "teams", Title: "Microsoft Teams app",
	Help: "A bot that is installed in the tenants of several publishers: each delivery goes to the channel of its tenant.",
	New:  func() settings.Opener[messengers.Env, messengers.App] { return &AppSettings{OpenID: openID} },
}

// AppSettings configure an app.
type AppSettings struct {
	AppID  string          `name:"app_id" label:"App ID" help:"The application (client) ID of the bot’s app registration." check:"required" example:"11111111-2222-3333-4444-555555555555"`
	Secret settings.Secret `name:"app_secret" label:"Client secret" help:"The value of a client secret of that registration, not its ID." check:"required" example:"a-long-random-word"`
	Tenant string          `name:"tenant" label:"Home tenant" help:"The directory (tenant) ID of the registration, which gives our token. Not set: botframework.com, as for an old multi-tenant bot." example:"99999999-8888-7777-6666-555555555555"`
	OpenID string          `name:"openid_url" label:"Published keys" help:"The document that says which keys Microsoft signs deliveries with; another one for a national cloud." check:"required,url" example:"https://login.botframework.com/v1/.well-known/openidconfiguration"`
}

// Open returns the app.
func (s *AppSettings) Open(env messengers.Env) (messengers.App, error) {
	return &app{s.AppID, s.Secret, cmp.Or(s.Tenant, multiTenant), newKeys(s.OpenID, env)}, nil
}

// multiTenant gives the tokens of bots that belong to no tenant.
const multiTenant = "botframework.com"

// app is a registration as Microsoft knows it, whose deliveries the keys prove.
type app struct {
	id     string
	secret settings.Secret
	// home is the tenant that gives the token.
	home string
	keys *keys
}

// Receive verifies an activity, all of which is for one tenant.
func (a *app) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	act, status, err := a.check(ctx, d)
	if err != nil || status != 0 {
		return messengers.Receipt{Status: status}, nil, err
	}
	tenant := act.tenant()
	if tenant == "" {
		return messengers.Receipt{}, nil, nil
	}
	return messengers.Receipt{}, []messengers.Part{{Account: tenant, Delivery: messengers.Delivery{Method: d.Method, Body: d.Body, URL: d.URL}}}, nil
}
