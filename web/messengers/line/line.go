// Package line is the messenger kind for official accounts on LINE: webhooks in,
// reply messages out, and push messages where a reply token has died.
//
// A reply is free and a push is not, so an answer travels by the token of the
// message that it answers, which Incoming.Thread carries from Receive to Send:
// it lasts a minute and works once.
package line

import (
	"cmp"
	"embed"
	"encoding/base64"
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
	Name:    "line",
	Words:   own,
	Files:   files,
	Look:    messengers.Wall,
	New:     func() messengers.Opener { return &Settings{APIBase: apiBase} },
	Preview: func() messengers.Messenger { return &bot{Client: &httpapi.Client{Clock: time.Now}} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The hosts of LINE: pictures of menus go to the second.
const (
	apiBase  = "https://api.line.me"
	dataBase = "https://api-data.line.me"
)

// Settings configure one official account.
type Settings struct {
	Secret   settings.Secret `name:"channel_secret" label:"Channel secret" help:"What LINE signs each delivery with: LINE Developers Console, your channel, Basic settings." example:"8c570fa6dd201bb328f1c1eac23a96d8" check:"required"`
	Token    settings.Secret `name:"channel_access_token" label:"Channel access token" help:"What we show LINE when we send. Issue a long-lived one: LINE Developers Console, your channel, Messaging API." example:"eyJhbGciOiJIUzI1NiJ9…" check:"required"`
	Prefix   string          `name:"prefix" label:"Prefix in groups" help:"In a group the account answers what mentions it, and what begins with this. Empty: mentions alone." example:"!" check:"max=20" more:"true"`
	Rate     int             `name:"rate" label:"Messages per second" help:"Send no more than this. Not set: as fast as LINE takes them." check:"min=0,max=2000" example:"100" more:"true"`
	APIBase  string          `name:"api_base" label:"API address" help:"Another one only for a stand-in of LINE's." example:"https://api.line.me" check:"required,url" more:"true"`
	DataBase string          `name:"data_api_base" label:"Data API address" help:"Where pictures of menus go. Empty: LINE's own, or the API address where that is another one." example:"https://api-data.line.me" check:"url" more:"true"`
}

// bot is one account.
type bot struct {
	*httpapi.Client
	// proof signs each delivery's body.
	proof  messengers.Signature
	prefix string
	rate   int
	data   string
	hook   string

	// info is what LINE says of the account, once it was asked.
	info atomic.Pointer[info]
	// albums are the pictures that came first of several, tokens the messages that
	// reply tokens were used for, said our own messages in groups.
	albums, tokens, said messengers.Recent[string, string]
}

// Open returns the account.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	b := &bot{
		proof:  messengers.Signature{Header: "X-Line-Signature", Secret: s.Secret, Encode: base64.StdEncoding.EncodeToString},
		prefix: s.Prefix, rate: s.Rate, data: strings.TrimRight(cmp.Or(s.DataBase, s.APIBase), "/"), hook: env.Hook,
	}
	b.Client = b.client(s, env)
	// The token goes to LINE's second host only together with its first.
	if s.DataBase == "" && b.data == apiBase {
		b.data = dataBase
	}
	return b, nil
}

// Limits of a message (Messaging API reference): text in UTF-16 units, at most
// five objects a call, of which a picture is one; a preview of it may have a
// megabyte, and we have no other than the picture itself.
const (
	maxText     = 5000
	maxMessages = 4
	maxQuick    = 13
	maxLabel    = 20
	maxData     = 300
	maxURI      = 1000
	maxPreview  = 1 << 20
)

// Limits returns those of one call, which carries a whole reply.
func (b *bot) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: maxText, Unit: messengers.UTF16, Messages: maxMessages, Together: maxMessages,
		Buttons: maxQuick, LabelRunes: maxLabel, Opens: opens,
		Media: map[what.MediaType]int64{what.Image: maxPreview}, Caption: maxText,
		Rate: float64(b.rate), Idempotent: true,
	}
}
