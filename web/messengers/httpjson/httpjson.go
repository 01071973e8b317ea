// Package httpjson is the messenger kind for anything that speaks HTTP: a
// partner posts what readers write as JSON or as a form, and takes the answer in
// its response or at an address of its own, signed both ways.
//
// What a partner's messages look like is data, a profile: the code knows none of
// them by name but its own, "native".
package httpjson

import (
	"cmp"
	"embed"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:  "http",
	Words: own,
	Files: files,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Profile: native, Signature: asProfiled, Reply: both}
	},
	Preview: func() messengers.Messenger {
		return &Replier{&Partner{profile: profiles[native], clock: time.Now}}
	},
}

//go:embed words icon.svg profiles
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

const (
	native     = "native"
	asProfiled = "profile"

	byURL = "url" // the ways to answer, beside "inline"
	both  = "both"
)

// Settings configure one partner.
type Settings struct {
	Secret    settings.Secret   `name:"secret" label:"Secret" help:"What messages are signed by, in both directions: whsec_ and base64, as Standard Webhooks have it. For other signatures the key, the user and password with a colon between them, the token, the public key, or the last part of the hook’s address." check:"required" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" is:"made"`
	Former    settings.Secret   `name:"former_secret" label:"Former secret" help:"Believed as well, while the partner changes over." more:"true"`
	ReplyURL  string            `name:"reply_url" label:"Reply address" help:"Where answers are posted that the response can’t carry. Not set: all travel in the response." check:"url" example:"https://partner.example.org/replies"`
	Profile   string            `name:"profile" label:"Profile" help:"How the partner’s messages are written. native: as the documentation says. The others are those of well-known partners." choices:"native,rcs-telnyx,sinch,ussd-at"`
	Signature string            `name:"signature" label:"Signature" help:"How the partner proves itself, the strongest first. profile: as its profile says." choices:"profile,standard-webhooks,hmac,basic,bearer,path" more:"true"`
	HMAC      HMAC              `name:"hmac" label:"HMAC" help:"How such a signature is made, where the signature is hmac." more:"true"`
	Networks  []string          `name:"networks" label:"Networks" help:"Where the partner calls from. Not set: from anywhere." example:"192.0.2.0/24" more:"true"`
	Token     settings.Secret   `name:"authorization" label:"Authorization" help:"The header of that name on what is posted to the partner." example:"Bearer …" more:"true"`
	Values    map[string]string `name:"values" label:"Values" help:"What the profile wants to know of the account: app_id for sinch; agent_id and messaging_profile_id for rcs-telnyx." example:"{ app_id = \"01F…\" }" more:"true"`
	Country   string            `name:"country" label:"Country" help:"Whose numbers come without the code of their country, by its two letters." example:"KE" check:"max=2" more:"true"`
	Reply     string            `name:"reply" label:"Answers" help:"inline: in the response. url: at the reply address. both: in the response where it is in time." choices:"inline,url,both" more:"true"`
	Seconds   int               `name:"inband_seconds" label:"Patience" help:"For how many seconds the partner waits for a response. Not set: as its profile says." check:"min=0,max=25" example:"5" more:"true"`
	Limits    Sizes             `name:"limits" label:"Limits" help:"What the partner carries, where it is not what its profile says." more:"true"`
	Rate      int               `name:"rate" label:"Messages per second" help:"Post no more than this. Not set: as fast as the partner takes them." check:"min=0,max=1000" example:"30" more:"true"`
}

// HMAC says how a partner signs that can't do it by Standard Webhooks.
type HMAC struct {
	Header   string `json:"header" name:"header" label:"Header" help:"The one that holds the signature." example:"X-Signature"`
	Prefix   string `json:"prefix" name:"prefix" label:"Prefix" help:"What stands before it." example:"sha256="`
	Stamp    string `json:"stamp" name:"timestamp" label:"Timestamp" help:"The header with the moment, where one is signed." example:"X-Timestamp"`
	Nonce    string `json:"nonce" name:"nonce" label:"Nonce" help:"The header with a word used once, where one is signed." example:"X-Nonce"`
	Encoding string `json:"encoding" name:"encoding" label:"Encoding" help:"How the signature is written." choices:",hex,base64"`
	Hash     string `json:"hash" name:"hash" label:"Hash" help:"By which it is made." choices:",sha256,sha512"`
	Of       string `json:"of" name:"of" label:"Signed" help:"What is signed: {body}, and around it {timestamp}, {nonce} or {url}." example:"{timestamp}.{body}"`
}

// Sizes are limits other than the profile's.
type Sizes struct {
	Text    int `name:"text" label:"Text" help:"The most of a message, in what the profile counts." check:"min=0,max=20000" example:"1000"`
	Buttons int `name:"buttons" label:"Buttons" help:"How many one message may have; -1: none." check:"min=-1,max=50" example:"3"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if _, err := networksOf(s.Networks); err != nil {
		found = append(found, settings.Wrong("networks", own.Text("no_network", nil)))
	}
	if s.Country != "" && !messengers.Country(s.Country) {
		found = append(found, settings.Wrong("country", own.Text("no_country", nil)))
	}
	if s.Signature == byHMAC && (s.HMAC.Header == "" || !strings.Contains(s.HMAC.Of, "{body}")) {
		found = append(found, settings.Wrong("hmac", own.Text("no_hmac", nil)))
	}
	of := profiles[s.Profile]
	if s.ReplyURL == "" && of != nil && !s.inBand(of) {
		found = append(found, settings.Wrong("reply_url", own.Text("no_reply_url", nil)))
	}
	return found
}

// inBand says that answers travel in responses.
func (s *Settings) inBand(of *profile) bool {
	return s.Reply != byURL && (of.Reply != nil || of.Screens != nil)
}

func networksOf(written []string) (all []netip.Prefix, err error) {
	for _, one := range written {
		p, err := netip.ParsePrefix(one)
		if ip, ipErr := netip.ParseAddr(one); ipErr == nil {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// proof returns how the partner proves itself: by its profile, or otherwise.
func (s *Settings) proof(p *profile) proof {
	switch s.Signature {
	case "", asProfiled:
		return p.Proof
	case byHMAC:
		return proof{byHMAC, s.HMAC}
	}
	return proof{Kind: s.Signature}
}

// Partner is one account at a partner, which is answered at an address of its
// own.
type Partner struct {
	settings  Settings
	profile   *profile
	proof     proof
	secrets   []string
	networks  []netip.Prefix
	hook      string
	client    *outside.Client
	clock     func() time.Time
	name      func() string
	greet     func(language string) pull.Reply
	dialogues dialogues
}

// Replier is a Partner that is answered in the response to what it brings.
type Replier struct{ *Partner }

// Open returns a *Replier, or a *Partner where no answer travels in a response.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	if env.Client == nil || env.Clock == nil {
		return nil, errors.New("http: a client and a clock are needed")
	}
	if errProfiles != nil {
		return nil, errProfiles
	}
	of := profiles[s.Profile]
	if of == nil {
		of = profiles[native]
	}
	networks, err := networksOf(s.Networks)
	if err != nil {
		return nil, err
	}
	p := &Partner{settings: *s, profile: of, proof: s.proof(of), networks: networks, hook: env.Hook, client: env.Client, clock: env.Clock, name: env.Name, greet: env.Greet}
	p.dialogues.of.Most = mostDialogues
	p.secrets = slices.DeleteFunc([]string{s.Secret.Reveal(), s.Former.Reveal()}, func(secret string) bool { return secret == "" })
	if !s.inBand(of) {
		return p, nil
	}
	return &Replier{p}, nil
}

// Limits returns the profile's, or those of the settings.
func (p *Partner) Limits() messengers.Limits {
	l := p.profile.Limits
	if p.profile.Screens != nil {
		l.Markup = onScreen
	} else {
		l.Text = cmp.Or(p.settings.Limits.Text, l.Text)
		l.Caption, l.Buttons = l.Text, max(cmp.Or(p.settings.Limits.Buttons, l.Buttons), 0)
	}
	l.Rate, l.Idempotent = float64(p.settings.Rate), p.profile.Idempotent
	return l
}

// Limits returns a Partner's, within the partner's patience.
func (r *Replier) Limits() messengers.Limits {
	l := r.Partner.Limits()
	l.InBand = time.Duration(cmp.Or(r.settings.Seconds, r.profile.Seconds)) * time.Second
	return l
}

// Identify takes a number in any spelling; whatever else a partner calls its
// readers stays as it is.
func (p *Partner) Identify(typed string) (string, bool) {
	const most = 256
	if number, ok := messengers.Phone(typed, p.settings.Country); ok && (len(number) > 7 || strings.HasPrefix(typed, "+")) {
		return number, true
	}
	return typed, typed != "" && len(typed) <= most
}

// Forget drops what is kept of a reader's dialogues.
func (p *Partner) Forget(id string) {
	p.dialogues.mu.Lock()
	defer p.dialogues.mu.Unlock()
	p.dialogues.of.Forget(func(_ string, of *dialogue) bool { return of.reader == id })
}
