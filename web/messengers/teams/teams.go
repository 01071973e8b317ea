// Package teams is the messenger kind for Microsoft Teams: activities of the Bot
// Connector in, proven by its published keys, and activities out, with a token
// that goes to hosts of the service alone.
//
// An address is a conversation and the service that it is reached by, which each
// activity names. Every message is text; what can be pressed, and a picture,
// stand on an adaptive card below it.
package teams

import (
	"embed"
	"log/slog"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:       "teams",
	Words:      own,
	Writers:    messengers.Members,
	Workspaces: true,
	Files:      files,
	Look:       messengers.Wide,
	App:        &AppKind,
	New: func() messengers.Opener {
		return &Settings{APIBase: "https://login.microsoftonline.com", OpenID: openID, Service: globalService, Rate: 25}
	},
	Preview: func() messengers.Messenger { return &Bot{app: &app{}, service: globalService} },
}

//go:embed words icon.svg color.png outline.png
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The addresses of the public cloud.
const (
	openID        = "https://login.botframework.com/v1/.well-known/openidconfiguration"
	globalService = "https://smba.trafficmanager.net/teams"
)

// Settings configure one bot, or one tenant that an app carries.
type Settings struct {
	AppID   string          `name:"app_id" label:"App ID" help:"The application (client) ID of the bot’s app registration. Left out where an [[app]] carries the channel." example:"11111111-2222-3333-4444-555555555555"`
	Secret  settings.Secret `name:"app_secret" label:"Client secret" help:"The value of a client secret of that registration, not its ID. Left out where an [[app]] carries the channel." example:"a-long-random-word"`
	Tenant  string          `name:"tenant" label:"Tenant ID" help:"The directory (tenant) ID of the registration; botframework.com for an old multi-tenant bot. Where an [[app]] carries the channel, the tenant whose readers it is for." check:"required" example:"99999999-8888-7777-6666-555555555555"`
	APIBase string          `name:"api_base" label:"Sign-in address" help:"Where our token comes from; another one for a national cloud." check:"required,url" example:"https://login.microsoftonline.com" more:"true"`
	OpenID  string          `name:"openid_url" label:"Published keys" help:"The document that says which keys Microsoft signs deliveries with; another one for a national cloud." check:"required,url" example:"https://login.botframework.com/v1/.well-known/openidconfiguration" more:"true"`
	Service string          `name:"service_url" label:"Service address" help:"Where a message goes whose conversation names no address of its own." check:"required,url" example:"https://smba.trafficmanager.net/teams" more:"true"`
	Hosts   []string        `name:"allow_service_hosts" label:"Further service hosts" help:"Hosts that our token may go to beside Microsoft’s own, for a service of your own: a name, and a port where only that one is meant." example:"connector.example.org" more:"true"`
	Rate    int             `name:"rate" label:"Messages per second" help:"Send no more than this; Teams takes 50 of an app in one tenant." check:"min=0,max=50" example:"25" more:"true"`
}

// CheckAlone finds what a bot lacks that no app carries.
func (s *Settings) CheckAlone() settings.Problems {
	var found settings.Problems
	if s.AppID == "" {
		found = append(found, settings.NewProblem("app_id", "required"))
	}
	if s.Secret.Reveal() == "" {
		found = append(found, settings.NewProblem("app_secret", "required"))
	}
	return found
}

// Bot is one bot, or one tenant's part of an app.
type Bot struct {
	app     *app
	tenant  string
	service string
	hook    string
	rate    int
	carried bool
	hosts   hosts

	// signIn gives the token, api the service that takes it.
	signIn  *httpapi.Client
	token   *httpapi.Lease
	api     *httpapi.Client
	presses messengers.Recent[press, pressed]
	logger  *slog.Logger
}

// Open returns a *Bot.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	b := &Bot{
		tenant: strings.TrimSpace(s.Tenant), service: s.Service, hook: env.Hook,
		rate: s.Rate, hosts: hostsOf(s.Hosts), logger: env.LoggerFor(), api: service(env),
	}
	if b.app, b.carried = env.App.(*app); !b.carried {
		b.app = &app{s.AppID, s.Secret, b.tenant, newKeys(s.OpenID, env)}
	}
	if b.app.id == "" || b.app.secret.Reveal() == "" {
		return nil, &pull.Error{Kind: pull.Invalid, Field: "app_id", Hint: own.Text("no_app", nil)}
	}
	const mostPresses = 4096
	b.presses.Most, b.signIn = mostPresses, b.login(s.APIBase, env)
	b.token = httpapi.NewLease(env.Clock, renewBefore, b.newToken)
	return b, nil
}

// Limits keep a message below 28,000 units of text with all of its escapes, of
// which one takes five, and its card below 25 KB: Teams takes 100 KB in all.
func (b *Bot) Limits() messengers.Limits {
	const maxText, maxPicture = 5600, 1 << 20
	return messengers.Limits{
		OneID: true, Codes: true, Text: maxText, Unit: messengers.UTF16, Marked: true, Messages: 4, Markup: markdown,
		Buttons: 6, LabelRunes: 60, Rows: 10, RowRunes: 60, DetailRunes: 100,
		Media: map[what.MediaType]int64{what.Image: maxPicture}, Caption: maxText, Rate: float64(b.rate),
	}
}
