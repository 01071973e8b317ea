// Package hook is the source kind for a publisher's own endpoint: it is told
// what was asked, signed, and says what is answered; and it may hand over
// before it is asked what it would say. What readers are told of is all here;
// what a messenger makes of it is not.
package hook

import (
	"embed"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "hook",
	Words: own,
	Files: files,
	New:   func() sources.Opener { return &Settings{Dialect: native} },
}

// The ways in which an endpoint is asked and answers.
const (
	native   = "native"
	kannel   = "kannel"
	manychat = "manychat"
)

// Settings configure an endpoint.
type Settings struct {
	URL        string          `name:"url" label:"Address" help:"Your endpoint. With the dialect kannel it holds the escapes of a get-url, such as %k, %s and %r. Not set: what you push is all there is." check:"max=2000" example:"https://www.example.org/ask.php" is:"address"`
	Secret     settings.Secret `name:"secret" label:"Secret" help:"Signs every ask as Standard Webhooks has it, so that your endpoint answers nobody else." check:"max=200" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" is:"made"`
	Dialect    string          `name:"dialect" label:"Dialect" help:"How your endpoint is asked and answers: JSON of our own, the get-url of an SMS gateway, or ManyChat's dynamic content." choices:"native,kannel,manychat" more:"true"`
	Reader     []string        `name:"reader" label:"Told of the reader" help:"What your endpoint may know of who asks: language, time_zone, address, or the name of a preference. What is answered then is told to this reader alone, and not kept." check:"max=10" example:"time_zone" more:"true"`
	Timed      bool            `name:"timed" label:"Time of the fact" help:"The answers' as_of is the time of the fact, as of a price or a score: they always tell their age." more:"true"`
	PushSecret settings.Secret `name:"push_secret" label:"Push secret" help:"Lets your systems push items to /in/<publisher>/<source>, signed as Standard Webhooks has it. Not set: nobody may." check:"max=200" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" more:"true"`

	sources.Access `settings:"inline"`
}

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	pushed := s.PushSecret.Reveal() != ""
	switch {
	case s.URL == "" && !pushed:
		problems = append(problems, settings.Wrong("url", own.Text("no_address", nil)))
	case s.URL != "" && !s.isAddress():
		problems = append(problems, settings.Wrong("url", own.Text("bad_address", nil)))
	case s.URL != "" && s.Secret.Reveal() == "" && s.Dialect != kannel:
		problems = append(problems, settings.Wrong("secret", own.Text("no_secret", nil)))
	}
	for _, name := range s.Reader {
		if name == "" || len(name) > maxFactName || strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(factRunes, r) }) {
			problems = append(problems, settings.Wrong("reader", own.Text("bad_fact", nil)))
			break
		}
	}
	return problems
}

// Bounds of the names of what is known of a reader.
const (
	maxFactName = 40
	factRunes   = "abcdefghijklmnopqrstuvwxyz0123456789_-"
)

// isAddress says whether the name of the host stands before anything that an
// ask could fill in.
func (s *Settings) isAddress() bool {
	address := s.URL
	if s.Dialect == kannel {
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"), "/")
		if strings.Contains(host, "%") {
			return false
		}
		address = fillGetURL(address, ask{}, time.Time{})
	}
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && u.Opaque == "" && (u.Scheme == "http" || u.Scheme == "https")
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{settings: *s, env: env, inbound: sources.Inbound{PushSecret: s.PushSecret}}
	if len(s.Reader) > 0 && s.URL != "" {
		return &personal{src}, nil
	}
	return src, nil
}

type source struct {
	settings Settings
	env      sources.Env
	inbound  sources.Inbound
	// drawing guards env.Rand, which is one stream.
	drawing sync.Mutex
}

// personal is a source that is told of the reader.
type personal struct{ *source }

var (
	_ settings.Checker = (*Settings)(nil)
	_ pull.Speaker     = (*source)(nil)
	_ pull.Timed       = (*source)(nil)
	_ pull.Receiver    = (*source)(nil)
	_ pull.Passive     = (*source)(nil)
	_ pull.Personal    = (*personal)(nil)
)

// Wants lists what the endpoint may know of a reader.
func (p *personal) Wants() []string { return slices.Clone(p.settings.Reader) }

// IsPassive reports whether there is no endpoint to ask.
func (s *source) IsPassive() bool { return s.settings.URL == "" }

// TimeOfFact reports whether the publisher says so, and of what is pushed: a
// price or a score is of the moment that it was pushed for.
func (s *source) TimeOfFact() bool { return s.settings.Timed || s.settings.PushSecret.Reveal() != "" }

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
