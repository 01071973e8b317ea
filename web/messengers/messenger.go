package messengers

import (
	"cmp"
	"context"
	"io/fs"
	"iter"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Kind is a messenger plug-in: its name, its words, and its Settings.
type Kind struct {
	// Name is the word in configuration files; Title and Help are for people, in
	// English, Words what they and the settings say in other languages.
	Name  string
	Title string
	Help  string
	Words *words.Set
	// New returns a pointer to a Settings struct that holds the defaults. It has
	// no side effects.
	New func() Opener
	// Files are what the kind brings beside its code: "icon.svg", and in the folder
	// words what it says, with "en/guide.txt".
	Files fs.FS
	// Look is how a preview shows what readers see.
	Look Look
	// Events are those to subscribe to that the guide doesn't name, as the platform
	// calls them.
	Events []string
	// Agents are what the names of the platform's programs begin with, in small letters,
	// that fetch links to show what is behind them, where Previews does not know them.
	Agents []string
	// Preview returns a messenger without account, which shows what would be
	// sent and can send nothing, or nil if the kind has none.
	Preview func() Messenger
	// Writers says who can write to a channel of the kind.
	Writers Writers
	// Workspaces: it tells in which workspace something was written.
	Workspaces bool
	// Route is what the paths begin with at which channels are reached; "hook"
	// where empty.
	Route string
	// App is the account of a platform's developer that may carry channels of
	// this kind; nil where each channel is its own. Kinds may share one.
	App *AppKind
}

// TellWorkspaces returns what says of the name of a kind whether its channels tell in which
// workspace something was written.
func TellWorkspaces(kinds []Kind) func(name string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(kinds, func(k Kind) bool { return k.Name == name && k.Workspaces })
	}
}

// Writers says who can write to a channel.
type Writers int

// Who can write to a channel.
const (
	// Anybody who is on the platform can.
	Anybody Writers = iota
	// Members of a workspace can, whom its owner has let in.
	Members
	// Visitors can, who find what the service itself serves: a page, a server for programs.
	Visitors
)

// Opener is a pointer to a kind's Settings.
type Opener = settings.Opener[Env, Messenger]

// In returns the title and help in a language.
func (k Kind) In(language string) (title, help string) {
	return settings.Said(k.Words, language, "title", k.Title), settings.Said(k.Words, language, "help", k.Help)
}

// Icon returns a small picture of the platform, an SVG document, or "" if there is none.
func (k Kind) Icon() string { return settings.Icon(k.Files) }

// Path returns where a channel of the kind is reached.
func (k Kind) Path(publisher, channel string) string {
	return "/" + cmp.Or(k.Route, HookRoute) + "/" + publisher + "/" + channel
}

// Routes returns what the paths of kinds begin with, beside HookRoute.
func Routes(kinds []Kind) (all []string) {
	for _, k := range kinds {
		if k.Route != "" && !slices.Contains(all, k.Route) {
			all = append(all, k.Route)
		}
	}
	return all
}

// Look is how messages stand on a platform.
type Look string

// The looks: bubbles on the page itself, where empty; such in which a line with an address
// below it leads there; bubbles on a coloured ground with wide buttons below; texts over
// the whole width.
const (
	Chat Look = "chat"
	Wall Look = "wall"
	Wide Look = "wide"
)

// HookRoute is the route of kinds that name none.
const HookRoute = "hook"

// Env is all of the world that a messenger can reach.
type Env struct {
	// Publisher and ID name the channel, for logs; Hook is the URL below which
	// the platform reaches it. An app has no publisher.
	Publisher string
	ID        string
	Hook      string
	// App is what carries the channel; nil if it stands alone.
	App App
	// Name tells what readers know the publisher by, as it stands now. Ids are
	// shown to nobody who reads.
	Name func() string
	// Greet tells what a page may show to a reader of a language who has not asked
	// yet. Nil: nothing.
	Greet func(language string) pull.Reply
	// Suggest returns what readers of a language can ask that begins with what one
	// of them has typed so far, best first, at most so many. Nil: nothing.
	Suggest func(language, typed string, most int) []Word
	// Words walks what can be asked in a language, what the publisher puts first
	// before the others; "" is the publisher's own language. Nil: nothing.
	Words func(language string) iter.Seq[pull.Askable]
	// Key gives 32 secret bytes for a purpose, this channel's own and the same
	// after a restart; where it is nil, they are drawn anew (see KeyFor).
	Key func(purpose string) []byte
	// Known tells whether the service holds a document of the reader of that
	// platform id. Nil: of nobody.
	Known func(ctx context.Context, reader string) (bool, error)
	// Sent tells what was sent to the reader of that platform id since a moment, the
	// oldest first, but for what travelled in an answer and what waits still. Nil: nothing.
	Sent func(ctx context.Context, reader string, since time.Time) ([]Past, error)
	// Place keeps a few bytes of the channel's own over restarts, sealed; see
	// PlaceFor.
	Place  Place
	Client *outside.Client
	Clock  func() time.Time
	Rand   *rand.Rand
	Logger *slog.Logger
	// Room is the memory for readers who are away, shared with other channels;
	// see RoomFor.
	Room *Room
}

// Messenger speaks one platform's protocol for one account. Implementations
// are safe for concurrent use.
type Messenger interface {
	// Receive verifies a delivery over its raw bytes and tells what it means
	// and what the platform must get. What is not understood is acknowledged,
	// never an error; an error is a failure of our own (503).
	Receive(ctx context.Context, d Delivery) (Receipt, error)
	// Send hands one message to the platform and returns what the platform calls
	// it, or "" if it does not say. Any failure is a *SendError.
	Send(ctx context.Context, s Sending) (id string, err error)
	// Limits say what the platform can carry.
	Limits() Limits
}

// Delivery is what a platform hands over at once.
type Delivery struct {
	Method string
	// Path is what follows the hook's own path, without the leading slash.
	Path  string
	Query map[string][]string
	// Header has canonical names (net/textproto).
	Header map[string][]string
	// Body is raw: never decompressed, never parsed.
	Body []byte
	// URL is the public URL that the platform called.
	URL string
	// Address is the client's own, as trusted proxies tell it; empty where
	// nobody called.
	Address string
	// At is the moment of arrival.
	At time.Time
	// Verified says that the channel's app has proven whose delivery it is.
	Verified bool
}

// Incoming is one message of a reader as the platform tells it.
type Incoming = pull.Incoming

// Receipt is what a delivery meant, and the answer it must get.
type Receipt struct {
	Asks   []Incoming
	Events []Event
	// Status 0 means 200; Body may be empty.
	Status      int
	ContentType string
	Header      map[string]string
	Body        []byte
	// RetryAfter is when to come again after a 429 or 503; a second where zero.
	RetryAfter time.Duration
	// Hold is for how long the platform goes on to repeat a delivery whose
	// in-band answer has not come: until its last try nothing is said, whichever
	// try comes after the answer gets it, and there is one answer to all. Zero
	// where a delivery that was not answered in time has had its turn.
	Hold time.Duration
	// Progress: who delivers listens on while an in-band answer takes longer than the
	// platform's usual patience; nil if nobody does.
	Progress *Progress
	// Stream writes the body bit by bit, in the place of Body.
	Stream func(write func([]byte) error)
}

// EventKind is something that happened to a reader without a question.
type EventKind string

// The events that the service knows; others are counted by the kind.
const (
	// Gone: the reader blocked the account or left.
	Gone EventKind = "gone"
	// Back: the reader came back.
	Back EventKind = "back"
	// Moved: the platform calls a person or group by another id, or reaches
	// them at another address, from now on.
	Moved EventKind = "moved"
	// Deleted: the reader took back the message that Incoming.ID named.
	Deleted EventKind = "deleted"
	// Delivered, Read, Clicked and Reacted tell what became of a message that
	// Send named: it reached the reader, was seen, a link of it was followed, and
	// what the reader thinks of it.
	Delivered EventKind = "delivered"
	Read      EventKind = "read"
	Clicked   EventKind = "clicked"
	Reacted   EventKind = "reacted"
	// Undelivered: a message that Send named did not reach the reader after all;
	// Fault says why, where the platform does.
	Undelivered EventKind = "undelivered"
	// Revoked: the platform has taken our account away, or what it may do.
	// Suspended: so it has until it says that the account is Restored, or takes a
	// message; whatever Trier.Try finds.
	Revoked   EventKind = "revoked"
	Suspended EventKind = "suspended"
	Restored  EventKind = "restored"
)

// Event is one such happening, to a person or to a group.
type Event struct {
	Kind   EventKind `json:"kind"`
	Reader string    `json:"reader,omitempty"`
	// To is the new id, and Address the new address, of who moved. Of what did not
	// arrive, Address is where it went.
	To      string `json:"to,omitempty"`
	Address string `json:"address,omitempty"`
	// Message is the id of the message that it is about.
	Message string `json:"message,omitempty"`
	// Thumb is 1 where the reaction says yes; -1 if it says no.
	Thumb int `json:"thumb,omitempty"`
	// Key is ours of that message, where the platform tells it.
	Key string `json:"key,omitempty"`
	// Fault is why a message was not delivered. Code is what the platform calls
	// that, or why it has taken the account away.
	Fault Fault  `json:"fault,omitempty"`
	Code  string `json:"code,omitempty"`
}
