// Package smskannel is the messenger kind for gateways that speak as Kannel's
// smsbox does: a message comes as a GET at a secret address, whose response is
// the answer; later ones leave by sendsms.
//
// It speaks the protocol alone: what an ask means, and when a failed message is
// tried again, is decided elsewhere.
package smskannel

import (
	"embed"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:  "sms-kannel",
	Words: own,
	Files: files,
	New:   func() messengers.Opener { return &Settings{SendURL: "http://127.0.0.1:13013", Reply: inResponse} },
	Preview: func() messengers.Messenger {
		return &Replier{&Gateway{settings: Settings{SendURL: "http://127.0.0.1:13013"}}}
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The ways to answer.
const (
	inResponse = "response"
	bySendSMS  = "sendsms"
)

// Settings configure one gateway.
type Settings struct {
	Secret   settings.Secret `name:"secret" label:"Secret" help:"The last part of the address that the gateway calls: who knows it can speak as a reader. Letters, digits, _ and - only. Left empty in the console, one is made." check:"required" example:"a-long-random-word" is:"made"`
	SendURL  string          `name:"sendsms_url" label:"Address of sendsms" help:"Where the gateway takes messages: host and sendsms-port of its smsbox." check:"required,url" example:"http://127.0.0.1:13013"`
	Username string          `name:"username" label:"User" help:"The username of the group sendsms-user." check:"required" example:"keypull"`
	Password settings.Secret `name:"password" label:"Password" help:"The password of the group sendsms-user." check:"required" example:"another-long-random-word"`
	From     string          `name:"from" label:"Sender" help:"Number or short code that later messages come from. Not set: the gateway’s own, its global-sender." example:"36123"`
	Country  string          `name:"country" label:"Country" help:"Whose numbers come without the code of their country, by its two letters." example:"KE" check:"max=2" more:"true"`
	Reply    string          `name:"reply" label:"Answers" help:"response: in the response to what the gateway brings. sendsms: by a request of their own, for a service that does not accept X-Kannel headers." choices:"response,sendsms" more:"true"`
	Rate     int             `name:"rate" label:"Messages per second" help:"Send no more than this by sendsms. Not set: as fast as the gateway takes them." check:"min=0,max=1000" example:"10" more:"true"`
	Fold     bool            `name:"fold" label:"Letters without marks" help:"Letters that the alphabet of short messages lacks are written without their marks, ç as c and ș as s: one of them would more than double what each message costs. Other scripts stay as they are." more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if secret := s.Secret.Reveal(); strings.Trim(secret, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
		found = append(found, settings.Wrong("secret", own.Text("odd_word", nil)))
	}
	if s.Country != "" && !messengers.Country(s.Country) {
		found = append(found, settings.Wrong("country", own.Text("no_country", nil)))
	}
	return found
}

// Gateway is one account at a gateway, which answers by sendsms.
type Gateway struct {
	*httpapi.Client
	settings Settings
	hook     string
}

// Replier is a Gateway that answers in the response to what the gateway brings.
type Replier struct{ *Gateway }

// Open returns a *Replier, or a *Gateway where answers leave by sendsms.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	g := &Gateway{settings: *s, hook: env.Hook}
	g.Client = g.client(s, env)
	if s.Reply == bySendSMS {
		return g, nil
	}
	return &Replier{g}, nil
}

// patience is for how long the gateway is kept waiting: it waits for minutes,
// and each word that the answer follows has its price.
const patience = 20 * time.Second

// Limits returns those of short messages.
func (g *Gateway) Limits() messengers.Limits {
	l := messengers.SMSLimits()
	l.Folded = g.settings.Fold
	l.Rate = float64(g.settings.Rate)
	return l
}

// Limits returns a Gateway's, within the gateway's patience.
func (r *Replier) Limits() messengers.Limits {
	l := r.Gateway.Limits()
	l.InBand = patience
	return l
}

// Identify takes a number in any spelling; one whose country nobody knows stays
// as it is dialled there.
func (g *Gateway) Identify(typed string) (string, bool) {
	if number, ok := messengers.Phone(typed, g.settings.Country); ok {
		return number, true
	}
	const least, most = 3, 15
	typed = strings.NewReplacer(" ", "", "-", "", "/", "", ".", "", "(", "", ")", "").Replace(typed)
	return typed, len(typed) >= least && len(typed) <= most && strings.Trim(typed, "0123456789") == ""
}

// Link opens a message to the sender with the words in it.
func (g *Gateway) Link(words string) string {
	switch {
	case g.settings.From == "":
		return ""
	case words == "":
		return "sms:" + g.settings.From
	}
	return "sms:" + g.settings.From + "?body=" + messengers.Query(words)
}
