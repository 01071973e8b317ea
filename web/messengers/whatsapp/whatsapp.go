// Package whatsapp is the messenger kind for numbers on WhatsApp's Cloud API,
// directly at Meta or by 360dialog, which hands the same on.
//
// A reply is one message: Meta bills by the message, and no more than one in six
// seconds goes to a reader.
package whatsapp

import (
	"cmp"
	"embed"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:   "whatsapp",
	Words:  own,
	Files:  files,
	Look:   messengers.Wall,
	Events: events,
	Agents: []string{"whatsapp"},
	App:    &meta.AppKind,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Auth: bearer, HookHeader: "Authorization", Rate: defaultRate, SecretProof: true, APIVersion: meta.Version}
	},
	Preview: func() messengers.Messenger {
		return &number{Settings: Settings{Auth: bearer}, Graph: meta.NewGraph(messengers.Env{Clock: time.Now}, meta.GraphURL, meta.Version, "")}
	},
}

// The ways in: Meta's own, and that of 360dialog.
const (
	bearer = "bearer"
	d360   = "d360"

	d360URL = "https://waba-v2.360dialog.io"
	d360Key = "D360-API-KEY"
)

// Limits of a message (Cloud API, messages), in UTF-16 units, and what is left of
// them for words: the signs that set bold and slanted text count as well.
const (
	maxText     = 4096
	maxBody     = 1024 // beside buttons, a list or a medium
	forText     = maxText - 96
	forBody     = maxBody - 64
	maxButtons  = 3
	maxLabel    = 20
	maxURL      = 2000
	maxRows     = 10
	maxRow      = 24
	maxDetail   = 72
	maxPicture  = 5 << 20
	maxMedium   = 16 << 20
	maxDocument = 100 << 20
	defaultRate = 80
)

// Settings configure one number.
type Settings struct {
	Auth             string          `name:"auth" label:"Connected by" help:"bearer: directly at Meta. d360: by 360dialog." choices:"bearer,d360"`
	PhoneNumberID    string          `name:"phone_number_id" label:"Phone number id" help:"The number’s id, not the number itself: in the app’s dashboard, WhatsApp, API setup. With d360 it may stay empty." example:"106540352242922"`
	AccessToken      settings.Secret `name:"access_token" label:"Access token" help:"Of a system user, one that does not expire, with whatsapp_business_messaging and whatsapp_business_management. With d360: the API key of the number." check:"required" example:"EAAG…"`
	AppSecret        settings.Secret `name:"app_secret" label:"App secret" help:"Of the app that the number is connected to: App settings, Basic. Empty where an app of this server carries the number. With d360: the platform’s secret, if you are a partner." example:"0123456789abcdef0123456789abcdef"`
	VerifyToken      settings.Secret `name:"verify_token" label:"Verify token" help:"A long random word of your own, which Meta shows when it registers the address. Empty where an app of this server carries the number." example:"a-long-random-word" is:"made"`
	HookHeader       string          `name:"hook_header" label:"Webhook header" help:"With d360: the header that carries the webhook secret." example:"Authorization" more:"true"`
	HookSecret       settings.Secret `name:"hook_secret" label:"Webhook secret" help:"With d360: what 360dialog shows with each delivery, since it signs none; keypull channel setup tells it." example:"a-long-random-word" is:"made"`
	Number           string          `name:"number" label:"Telephone number" help:"The number itself, for links. Empty: Meta is asked." example:"+49 30 1234567" more:"true"`
	AccountID        string          `name:"account_id" label:"Business account" help:"The id of the WhatsApp Business account, so that setup can connect it to the app." example:"102290129340398" more:"true"`
	Template         string          `name:"template" label:"Template" help:"The approved text, with one place to fill in, that carries an answer later than a day after the reader’s message. Empty: such answers are not sent." example:"late_answer" more:"true"`
	TemplateLanguage string          `name:"template_language" label:"Template language" help:"The language that the text was approved in. Empty: the reader’s." example:"en_US" more:"true"`
	Rate             int             `name:"rate" label:"Messages per second" help:"Send no more than this; 0: as fast as Meta takes them." check:"min=0,max=1000" example:"80" more:"true"`
	SecretProof      bool            `name:"secret_proof" label:"Prove the token" help:"Show with each call that we know the app secret, so that a stolen token is of no use. Turn it off where the token is of another app than the secret." more:"true"`
	APIBase          string          `name:"api_base" label:"API address" help:"Empty: Meta’s, or 360dialog’s. Another one only for tests." check:"url" example:"https://graph.facebook.com" more:"true"`
	APIVersion       string          `name:"api_version" label:"API version" help:"The version of the Graph API that is called; 360dialog has none." example:"v25.0" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if s.PhoneNumberID == "" && s.Auth != d360 || strings.Trim(s.PhoneNumberID, "0123456789") != "" {
		found = append(found, settings.Wrong("phone_number_id", own.Text("no_number_id", nil)))
	}
	if s.Auth == d360 && s.HookSecret.Reveal() == "" {
		found = append(found, settings.Wrong("hook_secret", own.Text("hook_unguarded", nil)))
	}
	if s.Auth == d360 && (s.HookHeader == "" || !messengers.Alphanumeric(s.HookHeader, "-_")) {
		found = append(found, settings.Wrong("hook_header", own.Text("odd_header", nil)))
	}
	if _, ok := messengers.Phone(s.Number, ""); s.Number != "" && !ok {
		found = append(found, settings.Wrong("number", own.Text("odd_number", nil)))
	}
	return found
}

// Open returns a *number.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	n := &number{Settings: *s, hook: env.Hook, Graph: meta.NewGraph(env, cmp.Or(s.APIBase, meta.GraphURL), s.APIVersion, s.AccessToken)}
	n.Client.Account = n.ask
	if n.learn(s.Number); s.AccountID != "" {
		n.business.Store(&s.AccountID)
	}
	if s.Auth == d360 {
		n.Base, n.Version, n.KeyHeader = cmp.Or(s.APIBase, d360URL), "", d360Key
		n.shown = shown{header: textproto.CanonicalMIMEHeaderKey(s.HookHeader), secret: s.HookSecret, platform: s.AppSecret}
		return n, nil
	}
	if app, carried := env.App.(*meta.App); carried {
		app.Has(s.AccountID, s.PhoneNumberID)
	}
	n.proof = meta.ProofOf(env.App, s.AppSecret, s.VerifyToken)
	if !n.proof.Enough() {
		return nil, meta.Unproven()
	}
	if n.path = "/" + url.PathEscape(s.PhoneNumberID); s.SecretProof {
		n.ProvenBy = n.proof.AppSecret()
	}
	return n, nil
}

// number is one account. What is asked of it stands below path, which 360dialog
// has not.
type number struct {
	Settings
	*meta.Graph
	proof meta.Proof
	shown shown
	hook  string
	path  string
	// phone is the number itself, in digits, and
	// business whose it is: known once they were told.
	phone, business atomic.Pointer[string]
}

// Account returns what Meta calls the number.
func (n *number) Account() string { return n.PhoneNumberID }

// Limits returns those of the Cloud API: one message a reply, with three buttons or a
// list of ten beside a short text, and a day to answer.
func (n *number) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: forText, Unit: messengers.UTF16, Marked: true, Messages: 1, Markup: markup, ButtonText: forBody, Caption: forBody,
		Buttons: maxButtons, LabelRunes: maxLabel, LinksInText: true, LinkAlone: true, Opens: messengers.Opens(maxURL),
		Rows: maxRows, RowRunes: maxRow, DetailRunes: maxDetail,
		Media: map[what.MediaType]int64{
			what.Image: maxPicture, what.Sound: maxMedium, what.Video: maxMedium, what.Document: maxDocument,
		},
		Window: meta.Window, Template: n.Template, Rate: float64(n.Rate),
	}
}

// markup is WhatsApp's. It has no escape: another letter takes the place of its
// signs, but in addresses, where they set nothing.
var markup = messengers.Markup{
	Name: "whatsapp", Bold: [2]string{"*", "*"}, Italic: [2]string{"_", "_"},
	Escape: others.Replace, EscapeURL: func(address string) string { return address },
}

var others = strings.NewReplacer("*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ")

// plain takes the signs out of a text in which they have made it too long.
func plain(text string) string {
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		if !strings.Contains(word, "://") {
			words[i] = strings.NewReplacer("*", "", "_", "").Replace(word)
		}
	}
	return strings.Join(words, "")
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// events are those to subscribe to.
var events = []string{"messages", "account_update", "account_review_update"}
