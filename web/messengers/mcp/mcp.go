// Package mcp is the messenger kind for readers' own assistants: a server of the
// Model Context Protocol, at which a program asks in a reader's place.
//
// The library speaks the protocol's revisions. Its handler never waits: a tool
// that asks notes the ask and leaves a gap in its result, and Answer fills the gap
// with what the service said. Nothing here has an effect, and nothing tells of
// readers.
package mcp

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:    "mcp",
	Words:   own,
	Writers: messengers.Visitors,
	Files:   files,
	Look:    messengers.Wide,
	Route:   "mcp",
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Budget: Budget{Channel: 600, Address: 60}, SharedNetworks: []string{"160.79.104.0/21"}}
	},
	Preview: func() messengers.Messenger {
		m, _ := (&Settings{}).Open(messengers.Env{Clock: time.Now}) // which is all that it needs
		return m
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and to those who ask.
var own = settings.Own(files, &Settings{})

// Settings configure one server.
type Settings struct {
	Tokens         []Token  `name:"tokens" label:"Tokens" help:"Secret words that let an assistant ask, each with a name. One that is taken away opens nothing any more."`
	Anonymous      bool     `name:"anonymous" label:"Anybody may ask" help:"Without a token, too: assistants on the web can show none. The budget below bounds what comes so."`
	Budget         Budget   `name:"budget" label:"Budget of those without a token" help:"How much may be asked without a token, so that a burst costs nobody else." more:"true"`
	SharedNetworks []string `name:"shared_networks" label:"Networks of assistants" help:"Networks from which one maker's assistant asks for many readers: the budget of an address does not count there. Makers publish theirs; Anthropic's stands here from the start." check:"cidr" example:"160.79.104.0/21" more:"true"`
	Origins        []string `name:"origins" label:"Sites that ask" help:"Websites whose pages may ask from a browser, each with https:// and without what comes behind its name, such as https://chat.example.org. Programs that are no pages need none." example:"https://chat.example.org" more:"true"`
	Listed         bool     `name:"listed" label:"Listed" help:"Name the server in this host's public catalogue for assistants." more:"true"`
}

// Token is one key of the channel.
type Token struct {
	Name  string          `name:"name" label:"Name" help:"Whose it is: the record of each ask says so." check:"required,max=40" example:"newsroom"`
	Token settings.Secret `name:"token" label:"Token" help:"At least 12 letters, digits and signs, without spaces." check:"required" example:"a-long-random-word"`
	Rate  int             `name:"rate" label:"Asks a minute" help:"How much may be asked with it; 0 for as much as comes." check:"min=0,max=1000000"`
}

// Defaults sets what a token is before it is filled.
func (t *Token) Defaults() { t.Rate = 600 }

// Budget is what may be asked in a minute by those who show no token.
type Budget struct {
	Channel int `name:"channel" label:"Of the channel" help:"How many asks a minute in all; 0 for as many as come." check:"min=0,max=1000000"`
	Address int `name:"address" label:"Of an address" help:"How many asks a minute from one address; an IPv6 network of 64 bits is one. 0 for as many as come." check:"min=0,max=1000000"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if len(s.Tokens) == 0 && !s.Anonymous {
		found = append(found, settings.Wrong("tokens", own.Text("closed", nil)))
	}
	names, tokens := map[string]bool{}, map[string]bool{}
	for _, t := range s.Tokens {
		word := t.Token.Reveal()
		switch {
		case names[t.Name] || tokens[word]:
			found = append(found, settings.Wrong("tokens", own.Text("token_twice", nil)))
		case len(word) < 12 || strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r > '~' }):
			found = append(found, settings.Wrong("tokens", own.Text("token_odd", nil)))
		}
		names[t.Name], tokens[word] = true, true
	}
	for _, origin := range s.Origins {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin || strings.ToLower(origin) != origin {
			found = append(found, settings.Wrong("origins", own.Text("odd_origin", nil)))
		}
	}
	return found
}

// Server is one opened channel.
type Server struct {
	publisher, id string
	hook          *url.URL
	settings      Settings
	shared        []netip.Prefix
	name          func() string
	words         func(language string) iter.Seq[pull.Askable]
	clock         func() time.Time
	logger        *slog.Logger
	paces         messengers.Paces
	sessions      sessions
	handler       http.Handler

	mu sync.Mutex
	// made is the library's server for what can be asked just now.
	made    *sdk.Server
	madeFor string
}

// Open returns a *Server.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	if env.Clock == nil {
		return nil, errors.New("mcp: a clock is needed")
	}
	hook, err := url.Parse(env.Hook)
	if err != nil {
		return nil, fmt.Errorf("mcp: %w", err)
	}
	m := &Server{
		publisher: env.Publisher, id: env.ID, hook: hook, settings: *s, name: env.Name, words: env.Words,
		clock: env.Clock, logger: cmp.Or(env.Logger, slog.New(slog.DiscardHandler)), paces: messengers.Paces{Per: time.Minute},
	}
	if m.name == nil {
		m.name = func() string { return m.publisher }
	}
	if m.words == nil {
		m.words = func(string) iter.Seq[pull.Askable] { return func(func(pull.Askable) bool) {} }
	}
	for _, network := range s.SharedNetworks {
		p, err := netip.ParsePrefix(network)
		if err != nil {
			return nil, fmt.Errorf("mcp: shared_networks: %w", err)
		}
		m.shared = append(m.shared, p.Masked())
	}
	m.handler = sdk.NewStreamableHTTPHandler(func(r *http.Request) *sdk.Server { return callOf(r.Context()).server }, &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: maxBody, PropagateRequestCancellation: true,
	})
	return m, nil
}

// Limits keep an answer small enough for the memory of an assistant, and the wait for it
// short: some give up soon.
func (*Server) Limits() messengers.Limits {
	return messengers.Limits{
		Text: 6000, Unit: messengers.Runes, Messages: 1, Buttons: 30, LabelRunes: 80,
		Media:   map[what.MediaType]int64{what.Image: 0, what.Sound: 0, what.Video: 0, what.Document: 0},
		Caption: 6000, InBand: 10 * time.Second, Guests: true, Idempotent: true, Proxy: true, Data: true, PlainLinks: true,
	}
}

// Send has nobody to send to: an answer travels in its response or not at all.
func (*Server) Send(ctx context.Context, _ messengers.Sending) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	return "", &messengers.SendError{Fault: messengers.Blocked, Err: &pull.Error{Kind: pull.Unavailable, Hint: own.Text("gone", nil)}}
}

// Wire returns the result that a message would be.
func (m *Server) Wire(s messengers.Sending) ([]byte, error) {
	said, structured := m.tell(ask{language: s.Language}, []messengers.Sending{s})
	return messengers.JSON(object{"content": said, "structuredContent": structured}), nil
}

// Link returns the page that says how to add the server; no address asks.
func (m *Server) Link(words string) string {
	if words != "" {
		return ""
	}
	return m.hook.String()
}

// title returns what the publisher is called.
func (m *Server) title() string { return clean(m.name(), maxTitle) }
