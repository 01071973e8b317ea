package messengers

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
)

// Kind is a messenger plug-in: its name, its words, and its Settings.
type Kind = settings.Kind[Env, Messenger]

// Env is all of the world that a messenger can reach.
type Env struct {
	// Publisher and ID name the channel, for logs; Hook is the URL below which
	// the platform reaches it.
	Publisher string
	ID        string
	Hook      string
	// Name tells what readers know the publisher by, as it stands now. Ids are
	// shown to nobody who reads.
	Name func() string
	// Key gives 32 secret bytes for a purpose, this channel's own and the same
	// after a restart; where it is nil, they are drawn anew (see KeyFor).
	Key func(purpose string) []byte
	// Known tells whether the service holds a document of the reader of that
	// platform id. Nil: of nobody.
	Known  func(ctx context.Context, reader string) (bool, error)
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
	// Send hands one message to the platform. key is the idempotency key: the
	// same key is the same message. Any failure is a *SendError.
	Send(ctx context.Context, address string, m Message, key string) error
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
}

// Receipt is what a delivery meant, and the answer it must get.
type Receipt struct {
	Asks   []Incoming
	Events []Event
	// Status 0 means 200; Body may be empty.
	Status      int
	ContentType string
	Body        []byte
	// RetryAfter is when to come again after a 429 or 503; a second where zero.
	RetryAfter time.Duration
}

// Incoming is one message of a reader as the platform tells it.
type Incoming struct {
	// ID is the platform's own, unique within the channel.
	ID string
	// Reader is the platform's id of the person, Address where to answer. They
	// often are the same. In a group both are the group's: it has one context,
	// and what its members have in private is neither shown nor changed there.
	Reader  string
	Address string
	// Group says that others read the message and its answer. Language and
	// Consent, which are a member's own, are then empty.
	Group bool
	// From is the address of the client, or its network, where anybody may be
	// as many readers as they like: it is counted by, and never kept.
	From     string
	Text     string
	Tap      string
	Language string
	Consent  string
	// Start says that the reader pressed the platform's own START to send
	// this, as a deep link has it: who said STOP before is back.
	Start bool
}

// EventKind is something that happened to a reader without a question.
type EventKind string

// The events that the service acts on; others are counted by the kind.
const (
	// Gone: the reader blocked the account or left.
	Gone EventKind = "gone"
	// Back: the reader came back.
	Back EventKind = "back"
	// Moved: the platform calls a group by another id from now on.
	Moved EventKind = "moved"
)

// Event is one such happening, to a person or to a group.
type Event struct {
	Kind   EventKind
	Reader string
	// To is the new id of a group that moved.
	To string
}

// Message is one message within a channel's limits.
type Message struct {
	// Text is plain, or in the channel's markup as Limits.Markup says.
	Text    string        `json:"text"`
	Media   []what.Media  `json:"media,omitempty"`
	Buttons []pull.Button `json:"buttons,omitempty"`
}

// Limits say what a platform can carry and how.
type Limits struct {
	// Text is the most of a message's text, counted in Unit, markup left out.
	Text int
	Unit Unit
	// Messages is into how many messages one reply may be split; the rest is
	// cut at a sentence end. Zero means 4.
	Messages int
	Markup   Markup
	// Buttons is how many one message may have; LabelRunes how long a label.
	// Zero buttons: they become a numbered or worded list in the text.
	Buttons    int
	LabelRunes int
	// Images: pictures can be sent by URL, with a caption of Caption units.
	Images  bool
	Caption int
	// SMS: the channel bills by segment and knows no STOP but the final one.
	SMS bool
	// InBand is the most that the platform waits for an answer in its own
	// request; zero where there is no such answer.
	InBand time.Duration
	// Rate is how many messages per second the account may send; zero: any.
	Rate float64
	// Guests: whoever writes is a new reader as often as they like, and what is
	// kept of one who agreed to nothing ends soon.
	Guests bool
	// Idempotent: the platform itself drops a repeated key.
	Idempotent bool
}

// Unit is what a platform counts text in.
type Unit string

// The units.
const (
	Runes   Unit = "runes"
	UTF16   Unit = "utf16"
	Bytes   Unit = "bytes"
	Segment Unit = "segments"
)

// Markup is a platform's way of setting text.
type Markup string

// The markups.
const (
	Plain Markup = "plain"
	// HTML is Telegram's subset: b, i, a; & < > escaped.
	HTML Markup = "html"
)

// Presenter is the option of a messenger that can show a message as it would
// go over the wire, without sending it.
type Presenter interface {
	// Wire returns the request body that Send would send first.
	Wire(address string, m Message) ([]byte, error)
}

// Listener is the option of a messenger that fetches deliveries itself: a long
// poll, a gateway, a mailbox.
type Listener interface {
	// Listen hands each delivery to accept and goes on when it returned nil,
	// until ctx ends. It returns only then, or when it can never work.
	Listen(ctx context.Context, accept func(context.Context, Receipt) error) error
}

// InBand is the option of a messenger whose answers travel in the response to
// the delivery itself. Send is used for what comes later.
type InBand interface {
	// Answer builds that response from the receipt that Receive returned and
	// the messages that answer its asks; messages is empty where nothing is to
	// be said.
	Answer(r Receipt, messages []Message) Receipt
}

// Consenting is the option of a messenger that shows a text to agree to before
// anything but the answer is kept.
type Consenting interface {
	// Consent returns that text; empty where none is asked for.
	Consent() string
}

// Closer is the option of a messenger that holds something open.
type Closer interface {
	Close() error
}

// Trier is the option of a messenger that can ask its platform whether the
// account is good, without a reader's noticing.
type Trier interface {
	// Try returns one sentence as an error where it is not.
	Try(ctx context.Context) error
}

// Answering is the option of a messenger that can ask whether its platform
// answers at all, without a reader's noticing.
type Answering interface {
	// Answers returns an error while the platform is silent, or fails. That it
	// refuses what it is asked is an answer.
	Answers(ctx context.Context) error
}

// Identifier is the option of a messenger whose readers may be named in more
// than one spelling.
type Identifier interface {
	// Identify returns the id that Incoming.Reader has for a reader's id or
	// address as somebody typed it, without space around; false where it can be
	// neither on this platform.
	Identify(typed string) (id string, ok bool)
}

// Forgetter is the option of a messenger that keeps something of its readers in
// memory.
type Forgetter interface {
	// Forget drops what is kept of the reader of that id.
	Forget(id string)
}
