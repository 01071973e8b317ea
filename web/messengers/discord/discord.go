// Package discord is the messenger kind for apps of Discord by their
// interactions: commands with words that complete themselves, buttons and lists.
//
// Discord delivers no plain messages by HTTP, so that readers ask by a command.
// The answer travels in the response, or follows by the interaction's own token
// for a quarter of an hour, and as a direct message after that. In a server the
// asker alone sees it.
package discord

import (
	"crypto/ed25519"
	"embed"
	"encoding/hex"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:       "discord",
	Workspaces: true,
	Words:      own,
	Files:      files,
	Look:       messengers.Wide,
	New:        func() messengers.Opener { return &Settings{APIBase: "https://discord.com/api/v10"} },
	Preview:    func() messengers.Messenger { return &Bot{} },
	App:        &AppKind,
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors, and of its commands. A test finds what is
// wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one app.
type Settings struct {
	ApplicationID string          `name:"application_id" label:"Application" help:"The application’s id, under General Information. Leave it empty only where an app of this installation carries the channel." example:"1103422135406551040"`
	PublicKey     string          `name:"public_key" label:"Public key" help:"Stands under General Information; Discord’s deliveries are checked by it. Leave it empty only where an app of this installation carries the channel." example:"3a7c1f0d5b9e2468ace013579bdf02468ace13579bdf02468ace13579bdf0246"`
	BotToken      settings.Secret `name:"bot_token" label:"Bot token" help:"Stands under Bot, where Reset Token shows it once." example:"MTEwMzQyMjEzNTQwNjU1MTA0MA.Gh…" check:"required"`
	GuildID       string          `name:"guild_id" label:"Server" help:"The id of the one server that the channel is for. Needed where an app carries the channel; elsewhere the commands are then shown in that server alone." example:"197038439483310086"`
	APIBase       string          `name:"api_base" label:"API address" help:"Another one only for tests." example:"https://discord.com/api/v10" check:"required,url" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	found := checkApp(s.ApplicationID, s.PublicKey)
	if strings.ContainsFunc(s.BotToken.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		found = append(found, settings.Wrong("bot_token", own.Text("odd_token", nil)))
	}
	if s.GuildID != "" && !isID(s.GuildID) {
		found = append(found, settings.Wrong("guild_id", own.Text("odd_id", nil)))
	}
	return found
}

func checkApp(id, key string) settings.Problems {
	var found settings.Problems
	if id != "" && !isID(id) {
		found = append(found, settings.Wrong("application_id", own.Text("odd_id", nil)))
	}
	if key != "" && keyOf(key) == nil {
		found = append(found, settings.Wrong("public_key", own.Text("odd_key", nil)))
	}
	return found
}

// keyOf reads a public key; nil if it is none.
func keyOf(s string) ed25519.PublicKey {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil
	}
	return raw
}

// Bot is one app, or one server of an app.
type Bot struct {
	*httpapi.Client
	application string
	key         ed25519.PublicKey
	guild       string
	hook        string
	carried     bool
	suggest     func(language, typed string, most int) []messengers.Word

	// me is what Discord tells of the app, known once it was tried.
	me atomic.Pointer[application]

	// direct are the channels in which people are reached directly, rests until
	// when a route of the API takes nothing.
	direct messengers.Recent[string, string]
	rests  messengers.Recent[string, time.Time]
}

// Account returns the server, by which an app's deliveries are told apart.
func (b *Bot) Account() string { return b.guild }

// Open returns a *Bot.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	b := &Bot{application: s.ApplicationID, key: keyOf(s.PublicKey), guild: s.GuildID, hook: env.Hook, suggest: env.Suggest}
	b.Client, b.direct.Most = b.client(s, env), maxDirect
	carrier, carried := env.App.(*app)
	switch {
	case carried && s.GuildID == "":
		return nil, complaint("no_guild")
	case carried:
		b.application, b.carried = carrier.application, true
	case b.application == "" || b.key == nil:
		return nil, complaint("no_application")
	}
	return b, nil
}

// patience is how long Discord waits for an answer, less half a second: what
// comes too late is lost.
const patience = 2500 * time.Millisecond

// Limits returns those of a message: 2,000 characters, labels of 80, lists of 25. Of
// its 25 buttons nobody finds the right one: more than ten are a list. All of an
// answer in the response is one message. A bot sends fifty requests a second.
func (*Bot) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Codes: true, Text: maxContent, Unit: messengers.UTF16, Marked: true, Messages: 2, Markup: markdown,
		Buttons: 10, LabelRunes: maxLabel, Opens: messengers.Opens(maxURL), Taps: "@", Rows: maxOptions, RowRunes: maxOption, DetailRunes: maxOption,
		Media: map[what.MediaType]int64{what.Image: 0}, Caption: maxContent, InBand: patience, Rate: 45, Idempotent: true,
	}
}

// isID tells whether a word may be an id of Discord's: digits.
func isID(s string) bool {
	const longest = 20
	return s != "" && len(s) <= longest && strings.Trim(s, "0123456789") == ""
}

// Link has somebody add the app to a server, or to themselves. Discord's links
// carry no words to ask.
func (b *Bot) Link(string) string {
	if b.application == "" {
		return ""
	}
	return "https://discord.com/oauth2/authorize?" + url.Values{"client_id": {b.application}}.Encode()
}

// Identify takes the id of a person, as Discord's own mention of it or with the
// channel of an address behind it. Names change hands, and none is kept.
func (*Bot) Identify(typed string) (string, bool) {
	id, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimLeft(typed, "<@!"), ">"), "/")
	return id, isID(id)
}

// Forget drops where a person is reached directly.
func (b *Bot) Forget(id string) { b.direct.Drop(id) }
