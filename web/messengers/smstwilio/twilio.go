// Package smstwilio is the messenger kind for Twilio's numbers: short messages,
// and the WhatsApp senders of the same account. Messages come signed by webhook;
// answers travel in its response, or by the Messages API.
//
// It speaks the protocol alone: what an ask means, and when a failed message is
// tried again, is decided elsewhere.
package smstwilio

import (
	"embed"
	"log/slog"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:  "sms-twilio",
	Words: own,
	Files: files,
	New: func() messengers.Opener {
		return &Settings{APIBase: "https://api.twilio.com", Reply: "response", OptOut: "twilio"}
	},
	Preview: func() messengers.Messenger { return &Number{settings: Settings{From: "+15005550006"}} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The setting of who answers in requests of their own, and of who answers STOP.
const (
	byAPI     = "api"
	optOutOwn = "keypull"
)

// Settings configure one number, sender or messaging service.
type Settings struct {
	AccountSID string          `name:"account_sid" label:"Account SID" help:"As Twilio’s console shows it: AC and 32 digits and letters." example:"AC0123456789abcdef0123456789abcdef" check:"required"`
	AuthToken  settings.Secret `name:"auth_token" label:"Auth token" help:"Beside the account SID. Twilio signs by it what it brings, and takes it for what we send." example:"0123456789abcdef0123456789abcdef" check:"required"`
	From       string          `name:"from" label:"Sender" help:"Who answers: a number, as +15005550006; a WhatsApp sender, as whatsapp:+15005550006; a short code; or the SID of a messaging service, which begins with MG." example:"+15005550006" check:"required"`
	Reply      string          `name:"reply" label:"Answers" help:"response: in the response to what Twilio brings, which is quickest. api: by a request of their own." choices:"response,api" more:"true"`
	OptOut     string          `name:"opt_out" label:"STOP is answered by" help:"twilio: Twilio answers STOP, START and HELP itself, as it does on phone numbers unless you had that switched off. keypull: we do. On WhatsApp and short codes we always do, unless Twilio says that it has." choices:"twilio,keypull" more:"true"`
	Template   string          `name:"template" label:"Approved text" help:"WhatsApp alone: the SID of an approved content template with one variable, which carries answers later than a day." example:"HX0123456789abcdef0123456789abcdef" more:"true"`
	Buttons    []string        `name:"buttons" label:"Button templates" help:"WhatsApp alone: the SIDs of content templates with one, two and three quick replies, in that order. Without them choices are numbered in the text. With them answers leave by requests of their own." example:"HX01, HX02, HX03" more:"true"`
	Rate       int             `name:"rate" label:"Messages per second" help:"Send no more than this. Not set: as fast as Twilio takes them; a long number sends about one a second, and Twilio keeps the rest." check:"min=0,max=1000" example:"1" more:"true"`
	Fold       bool            `name:"fold" label:"Letters without marks" help:"Letters that the alphabet of short messages lacks are written without their marks, ç as c and ș as s: one of them would more than double what each message costs. Other scripts stay as they are." more:"true"`
	APIBase    string          `name:"api_base" label:"API address" help:"Where messages are sent to, and whom the token is shown." example:"https://api.twilio.com" check:"required,url" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	if s.From != "" && !s.service() {
		if _, ok := messengers.Phone(bare(s.From), ""); !ok {
			return settings.Problems{settings.Wrong("from", own.Text("odd_sender", nil))}
		}
	}
	return nil
}

// service says that a messaging service chooses the number.
func (s *Settings) service() bool { return strings.HasPrefix(s.From, "MG") }

// whatsapp is how WhatsApp's addresses begin, rcs those of RCS.
const (
	whatsapp = "whatsapp:"
	rcs      = "rcs:"
)

func (s *Settings) onWhatsApp() bool { return strings.HasPrefix(s.From, whatsapp) }

// bare returns an address without the system that it is of.
func bare(address string) string {
	return strings.TrimPrefix(strings.TrimPrefix(address, whatsapp), rcs)
}

// Number is one sender of an account, which answers by requests of their own.
type Number struct {
	*httpapi.Client
	settings Settings
	hook     string
	logger   *slog.Logger
	// doubts are the keys of messages whose requests left and were not answered, and
	// when. Twilio drops no repeated message, and can be asked what it has.
	doubts messengers.Recent[string, time.Time]
}

// Replier is a Number that answers in the response to what Twilio brings.
type Replier struct{ *Number }

// Open returns a *Number, or a *Replier where answers travel in the response; a
// *Line or a *ReplyingLine where the sender is a number.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	n := &Number{settings: *s, hook: env.Hook, logger: env.LoggerFor()}
	n.Client = n.client(s, env)
	line := strings.HasPrefix(s.From, "+")
	switch {
	case !n.inResponse() && line:
		return &Line{n, dialled{n}}, nil
	case !n.inResponse():
		return n, nil
	case line:
		return &ReplyingLine{&Replier{n}, dialled{n}}, nil
	}
	return &Replier{n}, nil
}

// inResponse says that answers travel in responses, which have no buttons.
func (n *Number) inResponse() bool {
	return n.settings.Reply != byAPI && (!n.settings.onWhatsApp() || len(n.settings.Buttons) == 0)
}

// patience is for how long Twilio is kept waiting: it gives up after 15 seconds,
// the connection's included.
const patience = 10 * time.Second

// Limits returns those of short messages, or of WhatsApp by Twilio: 1,600 characters
// and one message an ask, for a day after the reader's last.
func (n *Number) Limits() messengers.Limits {
	l := messengers.SMSLimits()
	l.Folded = n.settings.Fold
	if n.settings.onWhatsApp() {
		const megabyte, maxButtons = 1 << 20, 3
		l = messengers.Limits{
			Text: 1600, Unit: messengers.UTF16, Messages: 1, Markup: whatsAppMarkup, LinksInText: true, Caption: 1024,
			Media: map[what.MediaType]int64{
				what.Image: 5 * megabyte, what.Sound: 16 * megabyte, what.Video: 16 * megabyte, what.Document: 16 * megabyte,
			},
			Window: 24 * time.Hour, Template: n.settings.Template,
			Buttons: min(len(n.settings.Buttons), maxButtons), LabelRunes: 20, ButtonText: 1024,
		}
	}
	l.OneID, l.Rate = true, float64(n.settings.Rate)
	return l
}

// Limits returns a Number's, within Twilio's patience.
func (r *Replier) Limits() messengers.Limits {
	l := r.Number.Limits()
	l.InBand = patience
	return l
}

// whatsAppMarkup has no escape for its signs: letters that look like them take
// their places.
var whatsAppMarkup = messengers.Markup{
	Name: "whatsapp", Bold: [2]string{"*", "*"}, Italic: [2]string{"_", "_"},
	Escape:    strings.NewReplacer("*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ").Replace,
	EscapeURL: func(s string) string { return s },
}

// Identify takes a number in any spelling, without a country one of the sender's,
// and the id of somebody on WhatsApp who shows none.
func (n *Number) Identify(typed string) (string, bool) {
	typed = bare(typed)
	if scoped(typed) {
		return typed, true
	}
	if number, ok := messengers.Phone(typed, ""); ok {
		return number, true
	}
	return messengers.Phone(typed, messengers.CountryOf(bare(n.settings.From)))
}

// scoped says that an id is one that WhatsApp gives people who show no number: a
// country, a dot, letters and digits.
func scoped(id string) bool {
	country, rest, ok := strings.Cut(id, ".")
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return ok && len(country) == 2 && rest != "" && len(rest) <= 128 && strings.Trim(country+rest, letters) == ""
}
