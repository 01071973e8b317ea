// Package viber is the messenger kind for bots on Viber: webhooks in,
// send_message out. A reader who opens the chat is welcomed in the response to
// that very event, which is the only message that Viber takes there.
package viber

import (
	"embed"
	"sync/atomic"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:   "viber",
	Words:  own,
	Files:  files,
	Look:   messengers.Wall,
	Events: events(),
	Agents: []string{"viber"},
	New: func() messengers.Opener {
		return &Settings{APIBase: "https://chatapi.viber.com/pa", MinVersion: minVersion}
	},
	Preview: func() messengers.Messenger {
		return &bot{version: minVersion, name: func() string { return "keypull" }}
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// minVersion is that of clients which show our keyboards, and keep what their buttons
// send out of the reader's sight.
const minVersion = 7

// Settings configure one bot.
type Settings struct {
	Token      settings.Secret `name:"auth_token" label:"Authentication token" help:"As the admin panel of Viber shows it on the bot's page." example:"445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9" check:"required"`
	Sender     string          `name:"sender" label:"Sender's name" help:"What readers see above each message. Empty: the publisher's name." example:"Lecker" check:"max=28" more:"true"`
	Avatar     string          `name:"avatar" label:"Avatar" help:"The address of a picture of at most 100 kB that stands beside each message. Empty: the bot's own." example:"https://example.org/avatar.jpg" check:"url" more:"true"`
	MinVersion int             `name:"min_api_version" label:"Oldest version" help:"The oldest API version that buttons are sent to. Older apps get the text alone." check:"min=1,max=20" more:"true"`
	Rate       int             `name:"rate" label:"Messages per second" help:"Send no more than this. Not set: as fast as Viber takes them." check:"min=0,max=1000" example:"20" more:"true"`
	APIBase    string          `name:"api_base" label:"API address" help:"Another one only for a stand-in of Viber's." example:"https://chatapi.viber.com/pa" check:"required,url" more:"true"`
}

// bot is one account.
type bot struct {
	*httpapi.Client
	// proof signs each delivery's body.
	proof   messengers.Signature
	sender  string
	avatar  string
	version int
	rate    int
	hook    string
	name    func() string

	// info is what Viber says of the account, once it was asked.
	info atomic.Pointer[info]
}

// Open returns the bot.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	name := env.Name
	if name == nil {
		name = func() string { return "" }
	}
	b := &bot{
		proof:  messengers.Signature{Header: "X-Viber-Content-Signature", Secret: s.Token},
		sender: s.Sender, avatar: s.Avatar, version: s.MinVersion, rate: s.Rate, hook: env.Hook, name: name,
	}
	b.Client = b.client(s, env)
	return b, nil
}

// Limits of a message. Its JSON may have 30 kB, which 7,000 UTF-16 units with the
// largest keyboard fill. The response to an opened chat holds one message, so
// that an answer is one.
const (
	maxText    = 7000
	maxCaption = 512
	maxPicture = 1 << 20
	maxButtons = 12
	maxLabel   = 40
	maxURL     = 2000
	maxSender  = 28
	// waits is for how long Viber waits before it repeats an event.
	waits = 5 * time.Second
)

// Limits returns those of one message.
func (b *bot) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: maxText, Unit: messengers.UTF16, Messages: 1,
		Buttons: maxButtons, LabelRunes: maxLabel, Opens: messengers.Opens(maxURL),
		Media: map[what.MediaType]int64{what.Image: maxPicture}, Caption: maxCaption,
		InBand: waits, Rate: float64(b.rate),
	}
}
