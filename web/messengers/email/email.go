// Package email is the messenger kind for a mailbox: letters come by IMAP, or
// are pushed, and answers leave by SMTP, in the thread of their question.
//
// It answers people alone: what machines write is recognised and left alone,
// and how often one address is answered has an end.
package email

import (
	"cmp"
	"embed"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:  "email",
	Words: own,
	Files: files,
	Look:  messengers.Wide,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{TLS: byPort, SMTPLogin: sameLogin, Folder: "INBOX", Hourly: 30}
	},
	Preview: func() messengers.Messenger {
		return &account{address: "news@example.org", domain: "example.org", clock: time.Now}
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// The ways to keep a connection private.
const (
	byPort   = "auto"
	implicit = "implicit"
	startTLS = "starttls"
	inClear  = "none"
)

// The ways to sign in to the SMTP server.
const (
	sameLogin = "same"
	ownLogin  = "own"
	noLogin   = "none"
)

// Settings configure one mailbox.
type Settings struct {
	Address      string          `name:"address" label:"Address" help:"Where readers write to, and who answers them." example:"news@example.org" check:"required"`
	IMAP         string          `name:"imap" label:"IMAP server" help:"Where letters are read, with its port where that is not 993." example:"imap.example.org:993"`
	SMTP         string          `name:"smtp" label:"SMTP server" help:"Where answers are handed in, with its port where that is not 465." example:"smtp.example.org:587" check:"required"`
	Username     string          `name:"username" label:"User name" help:"The mailbox's; often the address itself. Left empty, nobody signs in." example:"news@example.org"`
	Password     settings.Secret `name:"password" label:"Password" help:"The mailbox's, or an app password where the provider wants one." example:"a-long-random-word"`
	SMTPLogin    string          `name:"smtp_login" label:"SMTP sign-in" help:"By what the SMTP server is signed in to: the mailbox's name and password, others, or none, as a relay has it that knows us by our address." choices:"same,own,none" more:"true"`
	SMTPUsername string          `name:"smtp_username" label:"SMTP user name" help:"Where the SMTP sign-in is one of its own." example:"relay-user" more:"true"`
	SMTPPassword settings.Secret `name:"smtp_password" label:"SMTP password" help:"Where the SMTP sign-in is one of its own." example:"another-random-word" more:"true"`
	TLS          string          `name:"tls" label:"Encryption" help:"auto goes by the ports; none only reaches private addresses." choices:"auto,implicit,starttls,none" more:"true"`
	Folder       string          `name:"folder" label:"Folder" help:"The one that is read." example:"INBOX" check:"required" more:"true"`
	Hourly       int             `name:"hourly" label:"Answers an hour" help:"How many letters of one address that answer ours are answered in an hour: where two machines answer each other in ever new words, it ends there." check:"min=1,max=1000" example:"30" more:"true"`
	Verifier     string          `name:"verifier" label:"Verifying server" help:"The name by which the mailbox's own server signs its Authentication-Results. Set, only letters that passed there are answered." example:"mx.example.org" more:"true"`
	Plus         bool            `name:"plus" label:"Plus addresses" help:"Letters to news+anything@… arrive in this mailbox, too. Set, what your people answer to a conversation goes to an address of its own, so that it finds its reader even from programs that drop the subject." more:"true"`
	Secret       settings.Secret `name:"hook_secret" label:"Webhook secret" help:"Set, raw letters may be posted to the channel's webhook with the header “Authorization: Bearer” and this word." example:"another-long-random-word" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if _, ok := mailbox(s.Address); s.Address != "" && !ok {
		found = append(found, settings.Wrong("address", own.Text("no_address", nil)))
	}
	if s.IMAP == "" && s.Secret.Reveal() == "" {
		found = append(found, settings.Wrong("imap", own.Text("no_way_in", nil)))
	}
	if s.SMTPLogin == ownLogin && s.SMTPUsername == "" {
		found = append(found, settings.Wrong("smtp_username", own.Text("no_smtp_name", nil)))
	}
	for field, server := range map[string]string{"imap": s.IMAP, "smtp": s.SMTP} {
		if _, err := placeOf(server, "993", s.TLS); server != "" && err != nil {
			found = append(found, settings.Wrong(field, own.Text("no_server", nil)))
		}
	}
	return found
}

// submitter is by what the SMTP server is signed in to; no name is nobody.
func (s *Settings) submitter() (name, word string) {
	switch s.SMTPLogin {
	case ownLogin:
		return s.SMTPUsername, s.SMTPPassword.Reveal()
	case noLogin:
		return "", ""
	}
	return s.Username, s.Password.Reveal()
}

// account is one mailbox.
type account struct {
	Settings
	address string
	domain  string
	name    func() string
	client  *outside.Client
	clock   func() time.Time
	logger  *slog.Logger
	random  *rand.Rand
	place   messengers.Place
	// seal proves that a Message-ID is one of ours.
	seal seal

	imap, smtp server
	idle       chan *submission
	loops      loops
	done       done
	// tried says that both servers have let us in.
	tried atomic.Bool
}

// reader is an account whose mailbox is read.
type reader struct{ *account }

// Open returns the account; it listens where a mailbox is to be read.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	if env.Client == nil || env.Clock == nil {
		return nil, errors.New("email: a client and a clock are needed")
	}
	a := &account{
		Settings: *s, client: env.Client, clock: env.Clock, logger: cmp.Or(env.Logger, slog.New(slog.DiscardHandler)), random: env.Rand, name: env.Name,
		done: done{news: make(chan struct{}, 1)}, place: env.PlaceFor(), seal: env.KeyFor("message-id"), idle: make(chan *submission, idleConnections),
	}
	a.address, _ = mailbox(s.Address)
	_, a.domain, _ = strings.Cut(a.address, "@")
	var err error
	if a.smtp, err = placeOf(s.SMTP, "465", s.TLS); err != nil {
		return nil, err
	}
	if s.IMAP == "" {
		return a, nil
	}
	if a.imap, err = placeOf(s.IMAP, "993", s.TLS); err != nil {
		return nil, err
	}
	return &reader{a}, nil
}

// Limits returns those of a letter that is still read: a mail server takes more.
func (*account) Limits() messengers.Limits {
	const maxText, maxSubject = 12_000, 100
	return messengers.Limits{
		Text: maxText, Unit: messengers.Runes, Marked: true, Messages: 1, Markup: markup, Subject: maxSubject,
		Buttons: 12, LabelRunes: 60, Media: map[what.MediaType]int64{what.Image: 0}, Caption: maxText, Files: maxFile,
	}
}

// Close ends the connections that are kept.
func (a *account) Close() error {
	for {
		select {
		case s := <-a.idle:
			s.end()
		default:
			return nil
		}
	}
}
