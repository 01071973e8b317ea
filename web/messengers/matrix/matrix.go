// Package matrix is the messenger kind for an account on a Matrix homeserver:
// it syncs as a client, or is pushed to as an application service.
//
// It reads and writes rooms that are not encrypted. In one that is, it says so
// once, and nothing else.
package matrix

import (
	"embed"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:    "matrix",
	Words:   own,
	Writers: messengers.Members,
	Files:   files,
	Agents:  []string{"synapse"},
	New:     func() messengers.Opener { return &Settings{Rooms: 2000} },
	Preview: func() messengers.Messenger { return &account{} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and to rooms that it can't read. A test
// finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one account.
type Settings struct {
	Homeserver  string          `name:"homeserver" label:"Homeserver" help:"The address that clients are given, not the name behind the colon of ids." example:"https://matrix.example.org" check:"required,url"`
	AccessToken settings.Secret `name:"access_token" label:"Access token" help:"Of the account that answers; of an application service its as_token." example:"syt_bmV3cw_…" check:"required"`
	UserID      string          `name:"user_id" label:"User id" help:"Whose token it is. Left empty, the homeserver is asked." example:"@news:example.org" more:"true"`
	HSToken     settings.Secret `name:"hs_token" label:"Homeserver token" help:"Of an application service: set, the homeserver brings events to the channel’s webhook, and nothing is fetched." example:"a-long-random-word" more:"true"`
	Rooms       int             `name:"rooms" label:"Rooms" help:"Who invites the account into more rooms than this is turned down." check:"min=1,max=100000" example:"2000" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	if s.UserID == "" || userID(s.UserID) {
		return nil
	}
	return settings.Problems{settings.Wrong("user_id", own.Text("odd_user", nil))}
}

// account is one account on a homeserver.
type account struct {
	Settings
	*httpapi.Client
	logger *slog.Logger
	random *rand.Rand
	place  messengers.Place

	// me is the account's own id, name what rooms call it; known once told.
	me, name atomic.Pointer[string]
	rooms    rooms
	// sent are the messages of ours that are answered by name.
	sent     messengers.Recent[string, bool]
	pictures messengers.Recent[string, picture]
	joins    joins
	kept     kept
}

// reader is an account that syncs.
type reader struct{ *account }

// Open returns the account; it listens where no homeserver brings its events.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	a := &account{
		Settings: *s, logger: env.LoggerFor(), random: env.RandFor(), place: env.PlaceFor(),
	}
	a.Client, a.sent.Most, a.pictures.Most = a.client(s, env), maxSent, maxPictures
	if s.UserID != "" {
		a.me.Store(&s.UserID)
	}
	if s.HSToken.Reveal() != "" {
		return a, nil
	}
	return &reader{a}, nil
}

// The most of a message: an event has 65,536 bytes, in which the text stands
// twice, and once more where signs are escaped.
const (
	maxText    = 8_000
	maxPicture = 8 << 20
)

// Limits returns those of an event. Nothing can be pressed there: what can be chosen
// is numbered.
func (*account) Limits() messengers.Limits {
	return messengers.Limits{
		Text: maxText, Unit: messengers.Bytes, Marked: true, Messages: 2, Markup: messengers.HTML, Taps: "@",
		Media: map[what.MediaType]int64{what.Image: maxPicture}, Caption: maxText, Idempotent: true,
	}
}

// maxSent messages of ours are remembered.
const maxSent = 5000

// self returns the account's own id, and called what rooms call it; "" while it is not
// known.
func (a *account) self() string   { return loadText(&a.me) }
func (a *account) called() string { return loadText(&a.name) }

func loadText(of *atomic.Pointer[string]) string {
	if text := of.Load(); text != nil {
		return *text
	}
	return ""
}

// userID tells whether a text is the id of somebody.
func userID(s string) bool {
	local, server, ok := strings.Cut(s, ":")
	return ok && len(s) <= 255 && len(local) > 1 && local[0] == '@' && server != "" && !strings.ContainsFunc(s, odd)
}

// roomID tells whether a text is the id of a room; newer ones name no server.
func roomID(s string) bool {
	return len(s) > 1 && len(s) <= 255 && s[0] == '!' && !strings.ContainsFunc(s, odd)
}

// odd returns the characters that no id has.
func odd(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`/?#"<>\`, r) }
