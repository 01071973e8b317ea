// Package instagram is the messenger kind for direct messages to professional
// accounts of Instagram, by either of its two APIs: that with Instagram's own
// login, and that of an account which is linked to a page of Facebook.
package instagram

import (
	"cmp"
	"context"
	"embed"
	"net/url"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:   "instagram",
	Words:  own,
	Files:  files,
	Events: events,
	App:    &meta.AppKind,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Login: byInstagram, APIVersion: meta.Version, TextLimit: maxText, Rate: defaultRate}
	},
	Preview: func() messengers.Messenger {
		return &account{
			Settings: Settings{TextLimit: maxText},
			Direct:   &meta.Direct{Graph: meta.NewGraph(messengers.Env{Clock: time.Now}, ownURL, meta.Version, ""), Object: meta.Instagram},
		}
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The ways to connect an account, each with an API of its own.
const (
	byInstagram = "instagram"
	byFacebook  = "facebook"

	ownURL = "https://graph.instagram.com"
)

// Limits of a message (Instagram messaging): the text counts in bytes.
const (
	maxText     = 1000
	maxButtons  = 13
	maxLabel    = 20
	maxPicture  = 8 << 20
	maxMedium   = 25 << 20
	defaultRate = 250
)

// events are those that an account tells its app of.
var events = []string{"messages", "messaging_postbacks", "messaging_referral", "messaging_seen", "message_reactions"}

// Settings configure one account.
type Settings struct {
	AccountID   string          `name:"account_id" label:"Account" help:"The number of the professional account, as deliveries name it." check:"required" example:"17841400000000000"`
	Login       string          `name:"login" label:"Connected by" help:"instagram: with Instagram’s own login, no page needed. facebook: the account is linked to a page, whose token is used." choices:"instagram,facebook"`
	AccessToken settings.Secret `name:"access_token" label:"Access token" help:"Of the account, with instagram_business_basic and instagram_business_manage_messages; or of the page that it is linked to, with instagram_manage_messages." check:"required" example:"IGAA…"`
	AppSecret   settings.Secret `name:"app_secret" label:"App secret" help:"With Instagram’s login that of the Instagram app, else that of the Meta app. Empty where an app of this server carries the account." example:"0123456789abcdef0123456789abcdef"`
	VerifyToken settings.Secret `name:"verify_token" label:"Verify token" help:"A long random word of your own, which you write into the app’s webhook form as well. Empty where an app of this server carries the account." example:"a-long-random-word" is:"made"`
	Username    string          `name:"username" label:"User name" help:"What readers find the account by, for links. Empty: the platform is asked." example:"lecker" more:"true"`
	TextLimit   int             `name:"text_limit" label:"Length of a message" help:"How many bytes Instagram takes in one message." check:"min=100,max=1000" example:"1000" more:"true"`
	Rate        int             `name:"rate" label:"Messages per second" help:"Send no more than this; 0: as fast as Meta takes them." check:"min=0,max=300" example:"250" more:"true"`
	APIBase     string          `name:"api_base" label:"API address" help:"Empty: that of the login. Another one only for tests." check:"url" example:"https://graph.instagram.com" more:"true"`
	APIVersion  string          `name:"api_version" label:"API version" help:"The version of the Graph API that is called." example:"v25.0" more:"true"`
}

// Open returns an *account.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	proof := meta.ProofOf(env.App, s.AppSecret, s.VerifyToken)
	if !proof.Enough() {
		return nil, meta.Unproven()
	}
	base := ownURL
	if s.Login == byFacebook {
		base = meta.GraphURL
	}
	a := &account{Settings: *s, hook: env.Hook, Direct: &meta.Direct{
		Graph: meta.NewGraph(env, cmp.Or(s.APIBase, base), s.APIVersion, s.AccessToken),
		Proof: proof, Object: meta.Instagram, Own: s.AccountID,
	}}
	if s.Login == byFacebook {
		a.ProvenBy = proof.AppSecret()
	}
	if s.Login == byInstagram {
		a.lease = &lease{place: env.PlaceFor(), of: messengers.Digest(s.AccessToken.Reveal())[:16]}
	}
	if a.Client.Account = a.ask; s.Username != "" {
		a.name.Store(&s.Username)
	}
	return a, nil
}

type account struct {
	Settings
	*meta.Direct
	hook string
	// lease is what keeps the token from expiring; nil if it does not.
	lease *lease
	// name is what readers find it by, known once it was told.
	name atomic.Pointer[string]
}

// Limits returns those of Instagram: plain text, quick replies below it, and a day to
// answer, for people of the publisher a week.
func (a *account) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: a.TextLimit, Unit: messengers.Bytes, Messages: 4, Buttons: maxButtons, LabelRunes: maxLabel, LinksInText: true, Taps: "@",
		Media:  map[what.MediaType]int64{what.Image: maxPicture, what.Sound: maxMedium, what.Video: maxMedium},
		Window: meta.Window, After: []messengers.Why{messengers.Human}, Human: meta.HumanWindow, Rate: float64(a.Rate),
	}
}

// Link opens the conversation, and asks the words when it begins; the platform
// hands them over only where questions to ask are set up. There is none before
// the account's user name is known.
func (a *account) Link(asked string) string {
	name := a.name.Load()
	if name == nil {
		return ""
	}
	return meta.Link("https://ig.me/m/"+url.PathEscape(*name), asked)
}

// ask asks the platform whose account it is.
func (a *account) ask(ctx context.Context) error {
	var me struct {
		ID       meta.Word `json:"id"`
		UserID   meta.Word `json:"user_id"`
		Username string    `json:"username"`
	}
	path, fields := "/me", "user_id,username"
	if a.Login == byFacebook {
		path, fields = "/"+url.PathEscape(a.AccountID), "username"
	}
	if err := a.Get(ctx, path, url.Values{"fields": {fields}}, &me); err != nil {
		return err
	}
	if string(me.ID) != a.AccountID && string(me.UserID) != a.AccountID {
		return &pull.Error{Kind: pull.Denied, Op: "me", Field: "account_id", Hint: own.Text("another", words.Args{
			"name": "@" + me.Username, "id": string(cmp.Or(me.UserID, me.ID)),
		})}
	}
	if me.Username != "" {
		a.name.Store(&me.Username)
		a.Belongs(own.Text("whose", words.Args{"name": "@" + me.Username}))
	}
	return nil
}

// Introduce asks for the user name; a failure is no trouble.
func (a *account) Introduce(ctx context.Context) {
	if a.name.Load() == nil {
		_ = a.ask(ctx)
	}
}

// SyncProfile compares and puts right which events the account tells its app, and what
// people see before they write: questions to ask and the menu. Where the app
// delivers to can be told by Facebook's login alone; an app with Instagram's own
// has its dashboard for it.
func (a *account) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	want := meta.Hooked{Object: meta.Instagram, Events: events}
	if a.Login == byFacebook {
		want.URL, want.Secret, want.Verify = a.hook, a.Proof.AppSecret(), a.Proof.Token()
	}
	return a.Direct.SyncProfile(ctx, f, meta.Shown{Platform: "instagram"}, want, mend)
}
