// Package alexa is the messenger kind for custom skills of Amazon's Alexa: a
// request that is signed by a chain of certificates, and one answer to it, in the
// response, that is spoken. What is not ready by then is said when it is asked
// for again; nothing is ever sent later.
package alexa

import (
	"context"
	"crypto/x509"
	"embed"
	"os"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:    "alexa",
	Words:   own,
	Files:   files,
	New:     func() settings.Opener[messengers.Env, messengers.Messenger] { return &Settings{} },
	Preview: func() messengers.Messenger { return &Skill{} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one skill.
type Settings struct {
	SkillID string   `name:"skill_id" label:"Skill ID" help:"As the developer console shows it below the skill’s name." check:"required" example:"amzn1.ask.skill.11111111-2222-3333-4444-555555555555"`
	Hosts   []string `name:"cert_hosts" label:"Certificate hosts" help:"Where the certificates of signed requests may come from, for a stand-in of your own. Not set: Amazon’s host alone." example:"certs.example.org" more:"true"`
	CAFile  string   `name:"ca_file" label:"CA file" help:"A PEM file of the authorities that the certificates of a stand-in of your own go back to. Not set: those that this system trusts. In the configuration file only." example:"stand-in-ca.pem" more:"true" local:"true"`
}

// Skill is one skill.
type Skill struct {
	id     string
	name   func() string
	rules  rules
	chains *chains
}

// Open returns a *Skill.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	c := &chains{client: env.Client, clock: env.Clock, turn: make(chan struct{}, 1), kept: messengers.Recent[string, chain]{Most: 64}}
	if s.CAFile != "" {
		pem, err := os.ReadFile(s.CAFile)
		c.roots = x509.NewCertPool()
		if err != nil || !c.roots.AppendCertsFromPEM(pem) {
			return nil, &pull.Error{Kind: pull.Invalid, Field: "ca_file", Hint: own.Text("no_authorities", nil), Err: err}
		}
		c.own = env.Client.Trusting(withSystem(pem))
		c.client = c.own
	}
	return &Skill{id: s.SkillID, name: env.Name, rules: rulesOf(s.Hosts), chains: c}, nil
}

// Close closes what is open to a stand-in.
func (s *Skill) Close() error {
	if s.chains != nil && s.chains.own != nil {
		s.chains.own.Close()
	}
	return nil
}

// withSystem returns the authorities of a file beside those of the system.
func withSystem(pem []byte) *x509.CertPool {
	all, err := x509.SystemCertPool()
	if err != nil {
		all = x509.NewCertPool()
	}
	all.AppendCertsFromPEM(pem)
	return all
}

// Limits returns a few minutes of speech; Alexa waits for eight seconds, its own way
// to us among them, and takes nothing later.
func (s *Skill) Limits() messengers.Limits {
	const maxText, maxTitle, maxPicture = 3000, 100, 2 << 20
	return messengers.Limits{
		OneID: true, Text: maxText, Unit: messengers.Bytes, Messages: 1, Subject: maxTitle, Speech: true,
		Media: map[what.MediaType]int64{what.Image: maxPicture}, Caption: maxText,
		InBand: 7 * time.Second, Window: 8 * time.Second,
	}
}

// Send can't: Alexa speaks when it is spoken to.
func (s *Skill) Send(context.Context, messengers.Sending) (string, error) {
	return "", &messengers.SendError{Fault: messengers.WindowClosed, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("never_late", nil)}}
}

// Link opens the skill; it can't bring words.
func (s *Skill) Link(string) string {
	if s.id == "" {
		return ""
	}
	return "https://alexa-skills.amazon.com/apis/custom/skills/" + s.id + "/launch"
}
