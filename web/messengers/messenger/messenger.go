// Package messenger is the messenger kind for pages of Facebook: what people
// write to a page in Messenger, and what the page answers.
package messenger

import (
	"context"
	"embed"
	"net/url"
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
	Name:   "messenger",
	Words:  own,
	Files:  files,
	Events: events,
	Agents: []string{"facebookcatalog"},
	App:    &meta.AppKind,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{APIBase: meta.GraphURL, APIVersion: meta.Version, TextLimit: maxText, Rate: defaultRate, SecretProof: true}
	},
	Preview: func() messengers.Messenger {
		return &page{
			Settings: Settings{TextLimit: maxText},
			Direct:   &meta.Direct{Graph: meta.NewGraph(messengers.Env{Clock: time.Now}, meta.GraphURL, meta.Version, ""), Object: meta.Page},
		}
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Limits of a message (Messenger Platform, Send API and quick replies).
const (
	maxText     = 2000
	maxButtons  = 13
	maxLabel    = 20
	maxPicture  = 8 << 20
	maxMedium   = 25 << 20
	defaultRate = 250
)

// events are those that a page tells its app of.
var events = []string{"messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_edits", "message_reactions", "message_deliveries", "messaging_policy_enforcement"}

// Settings configure one page.
type Settings struct {
	PageID      string          `name:"page_id" label:"Page" help:"The page’s number: on the page, About, Page transparency." check:"required" example:"102030405060708"`
	AccessToken settings.Secret `name:"access_token" label:"Page access token" help:"One that does not expire, of a system user with pages_messaging, pages_manage_metadata and pages_read_engagement." check:"required" example:"EAAG…"`
	AppSecret   settings.Secret `name:"app_secret" label:"App secret" help:"Of the app that the page is connected to: App settings, Basic. Empty where an app of this server carries the page." example:"0123456789abcdef0123456789abcdef"`
	VerifyToken settings.Secret `name:"verify_token" label:"Verify token" help:"A long random word of your own, which you write into the app’s webhook form as well. Empty where an app of this server carries the page." example:"a-long-random-word" is:"made"`
	TextLimit   int             `name:"text_limit" label:"Length of a message" help:"How many characters Meta takes in one message." check:"min=100,max=2000" example:"2000" more:"true"`
	Rate        int             `name:"rate" label:"Messages per second" help:"Send no more than this; 0: as fast as Meta takes them." check:"min=0,max=300" example:"250" more:"true"`
	SecretProof bool            `name:"secret_proof" label:"Prove the token" help:"Show with each call that we know the app secret, so that a stolen token is of no use. Turn it off where the token is of another app than the secret." more:"true"`
	APIBase     string          `name:"api_base" label:"API address" help:"Another one only for tests." check:"required,url" example:"https://graph.facebook.com" more:"true"`
	APIVersion  string          `name:"api_version" label:"API version" help:"The version of the Graph API that is called." example:"v25.0" more:"true"`
}

// Open returns a *page.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	proof := meta.ProofOf(env.App, s.AppSecret, s.VerifyToken)
	if !proof.Enough() {
		return nil, meta.Unproven()
	}
	p := &page{Settings: *s, hook: env.Hook, Direct: &meta.Direct{
		Graph: meta.NewGraph(env, s.APIBase, s.APIVersion, s.AccessToken),
		Proof: proof, Object: meta.Page, Own: s.PageID,
	}}
	if p.Client.Account = p.ask; s.SecretProof {
		p.ProvenBy = proof.AppSecret()
	}
	return p, nil
}

type page struct {
	Settings
	*meta.Direct
	hook string
}

// Limits returns those of the Send API: plain text, quick replies below it, and a
// day to answer, for people of the publisher a week.
func (p *page) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: p.TextLimit, Unit: messengers.UTF16, Messages: 4, Buttons: maxButtons, LabelRunes: maxLabel, LinksInText: true,
		Media: map[what.MediaType]int64{
			what.Image: maxPicture, what.Sound: maxMedium, what.Video: maxMedium, what.Document: maxMedium,
		},
		Window: meta.Window, After: []messengers.Why{messengers.Human}, Human: meta.HumanWindow, Rate: float64(p.Rate),
	}
}

// Link opens the page in Messenger, and asks the words when the conversation
// begins.
func (p *page) Link(asked string) string {
	return meta.Link("https://m.me/"+url.PathEscape(p.PageID), asked)
}

// ask asks Meta whose page the token is of.
func (p *page) ask(ctx context.Context) error {
	var me struct {
		ID   meta.Word `json:"id"`
		Name string    `json:"name"`
	}
	if err := p.Get(ctx, "/me", url.Values{"fields": {"id,name"}}, &me); err != nil {
		return err
	}
	if string(me.ID) != p.PageID {
		return &pull.Error{Kind: pull.Denied, Op: "me", Field: "page_id", Hint: own.Text("another", words.Args{"name": me.Name, "id": string(me.ID)})}
	}
	p.Belongs(own.Text("whose", words.Args{"title": me.Name}))
	return nil
}

// SyncProfile compares and puts right where the page's app delivers to, which events
// the page tells it, and what people see before they write: the greeting, the
// button that begins, questions to ask and the menu.
func (p *page) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	return p.Direct.SyncProfile(ctx, f, meta.Shown{Greeting: true}, meta.Hooked{
		Object: meta.Page, URL: p.hook, Secret: p.Proof.AppSecret(), Verify: p.Proof.Token(), Events: events,
	}, mend)
}
