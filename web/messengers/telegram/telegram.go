// Package telegram is the messenger kind for bots of Telegram's Bot API:
// webhooks or long polling in, sendMessage and sendPhoto out.
//
// It speaks the protocol alone: what an ask means, when a failed message is
// tried again and how text is split is decided elsewhere. An answer never
// travels in the webhook's response, where its errors would be lost.
package telegram

import (
	"embed"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:   "telegram",
	Words:  own,
	Files:  files,
	Look:   messengers.Wall,
	Events: allowed(),
	New: func() messengers.Opener {
		return &Settings{APIBase: "https://api.telegram.org", Updates: webhook}
	},
	Preview: func() messengers.Messenger { return Preview() },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The ways to get updates.
const (
	webhook = "webhook"
	poll    = "poll"
)

// Settings configure one bot.
type Settings struct {
	Token       settings.Secret `name:"token" label:"Bot token" help:"As @BotFather gave it: digits, a colon, letters." example:"123456:AAEx…" check:"required"`
	SecretToken settings.Secret `name:"secret_token" label:"Webhook secret" help:"Telegram sends it with each update, so that nobody else can speak as a reader. Left empty in the console, one is made; in a configuration file a webhook needs one: 1 to 256 letters, digits, _ or -." example:"a-long-random-word" is:"made"`
	APIBase     string          `name:"api_base" label:"API address" help:"Another one only for a Bot API server of your own." example:"https://api.telegram.org" check:"required,url" more:"true"`
	Rate        int             `name:"rate" label:"Messages per second" help:"Send no more than this. Not set: as fast as Telegram takes them; when it asks for a pause, it gets one." check:"min=0,max=1000" example:"30" more:"true"`
	Updates     string          `name:"updates" label:"Updates by" help:"webhook: Telegram calls us, on a public https address. poll: we ask Telegram, from anywhere." choices:"webhook,poll"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if token := s.Token.Reveal(); token != "" && !tokenWord(strings.ReplaceAll(token, ":", "")) {
		found = append(found, settings.Wrong("token", own.Text("as_bot_father", nil)))
	}
	secret := s.SecretToken.Reveal()
	switch {
	case secret == "" && s.Updates != poll:
		found = append(found, settings.Wrong("secret_token", own.Text("hook_unguarded", nil)))
	case secret != "" && (!tokenWord(secret) || len(secret) > 256):
		found = append(found, settings.Wrong("secret_token", own.Text("odd_word", nil)))
	}
	return found
}

// BeginUnreached has a new bot fetch its updates: Telegram could not bring them.
func (s *Settings) BeginUnreached() { s.Updates = poll }

// tokenWord tells whether s is made of the characters that Telegram allows in
// tokens, and has any.
func tokenWord(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '_' && c != '-' {
			return false
		}
	}
	return s != ""
}

// Bot is one account. It polls for nothing: see Poller.
type Bot struct {
	*httpapi.Client
	secret settings.Secret
	hook   string
	id     int64
	rate   int
	logger *slog.Logger
	random *rand.Rand

	// name is the bot's user name, known once Telegram has told it.
	name atomic.Pointer[string]
	// albums and messages are known by the updates that brought them.
	albums   messengers.Recent[string, int64]
	messages messengers.Recent[[2]int64, int64]

	acks *acks
}

// Poller is a Bot that fetches its updates itself.
type Poller struct{ *Bot }

// Open returns a *Bot, or a *Poller where updates are polled.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	// The number before the colon is the bot's own id. Bot API servers of one's
	// own may hand out other tokens; the bot then knows no id of its own.
	id, _, _ := strings.Cut(s.Token.Reveal(), ":")
	number, _ := strconv.ParseInt(id, 10, 64)
	b := &Bot{
		secret: s.SecretToken, hook: env.Hook, id: number, rate: s.Rate, logger: env.LoggerFor(), random: env.RandFor(),
	}
	b.Client = b.client(s, env)
	b.acks = newAcks(b.answerCallback)
	if s.Updates == poll {
		return &Poller{Bot: b}, nil
	}
	return b, nil
}

// Limits returns those of the Bot API: text of 4,096 and captions of 1,024 UTF-16
// units, counted after the markup is parsed. Telegram says itself when it is
// asked too fast, and for how long to wait.
func (b *Bot) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: maxText, Unit: messengers.UTF16, Messages: 4, Markup: messengers.HTML,
		Buttons: 20, LabelRunes: 40, Opens: messengers.Opens(maxText), Taps: "@/", Media: map[what.MediaType]int64{what.Image: 0}, Caption: maxCaption, Rate: float64(b.rate),
	}
}

// Close ends what the bot still does behind the scenes, and waits for it.
func (b *Bot) Close() error {
	b.acks.close()
	return nil
}

// Preview returns a bot without account or client: it shows what would be
// sent, and can send nothing.
func Preview() *Bot { return &Bot{acks: newAcks(nil)} }
