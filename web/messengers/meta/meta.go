// Package meta is what the messengers of Meta have in common: the app that
// carries channels of many publishers, how it proves what it delivers, the
// envelope that it delivers in, and calls to the Graph API with what its
// refusals mean. It is no messenger itself.
package meta

import (
	"context"
	"embed"
	"slices"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// AppKind is an app of Meta: WhatsApp numbers, pages and Instagram accounts of
// any publishers are connected to it, and it delivers for all of them.
var AppKind = messengers.AppKind{
	Name:  "meta",
	Words: own,
	New:   func() settings.Opener[messengers.Env, messengers.App] { return &AppSettings{} },
}

// AppSettings configure an app.
type AppSettings struct {
	Secret settings.Secret `name:"app_secret" label:"App secret" help:"What Meta signs its deliveries by: in the app’s dashboard, App settings, Basic." check:"required" example:"0123456789abcdef0123456789abcdef"`
	Verify settings.Secret `name:"verify_token" label:"Verify token" help:"A long random word of your own, which you write into the app’s webhook form as well." check:"required" example:"a-long-random-word" is:"made"`
}

// Open returns an *App.
func (s *AppSettings) Open(messengers.Env) (messengers.App, error) {
	return &App{proof: Proof{Secret: s.Secret, Verify: s.Verify}, numbers: messengers.Recent[string, []string]{Most: 5000}}, nil
}

// App verifies what Meta delivers for all channels of an app.
type App struct {
	proof Proof
	// numbers are those of WhatsApp that each business has.
	numbers messengers.Recent[string, []string]
}

// Receive verifies a delivery once and takes it apart, a part for each account
// that something in it is for.
func (a *App) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	d.Verified = false
	r, proven := a.proof.Judge(d)
	if !proven {
		return r, nil, nil
	}
	e, _ := Read(d.Body)
	return messengers.Receipt{}, a.parts(e), nil
}

// Has notes that a business has a number: what Meta tells of the business it tells
// of no number.
func (a *App) Has(business, number string) {
	if known := a.numbers.Get(business); business != "" && !slices.Contains(known, number) {
		a.numbers.Put(business, append(slices.Clip(known), number))
	}
}

// ProofOf returns what a channel believes deliveries by: its own secrets, or those of
// the app that carries it.
func ProofOf(app messengers.App, secret, verify settings.Secret) Proof {
	p := Proof{Secret: secret, Verify: verify, carried: app != nil}
	if a, ok := app.(*App); ok && secret.Reveal() == "" {
		p.ofApp = &a.proof
	}
	return p
}

// Version is that of the Graph API which channels begin with.
const Version = "v25.0"

// Unproven returns what a channel says that nobody could prove a delivery to.
func Unproven() error {
	return &pull.Error{Kind: pull.Invalid, Field: "app_secret", Hint: own.Text("no_secret", nil)}
}

//go:embed words
var files embed.FS

// own is what is said to editors. A test finds what is wrong with it.
var own = settings.Own(files, &AppSettings{})
