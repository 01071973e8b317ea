package desk

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Bridge carries conversations to where people of a publisher sit, and tells what they answer
// there. Implementations are safe for concurrent use, and know nothing of readers.
type Bridge interface {
	// Carry brings a post into its thread, which it opens where the post names none, and returns
	// what the thread is called from then on. It is called anew with the same Key while it fails,
	// and after a restart: a platform that knows a key by itself has the post once. The error is
	// one sentence that says what to do, or a *messengers.SendError: one that is Permanent is
	// about this post alone.
	Carry(ctx context.Context, p Post) (thread string, err error)
}

// Overhearing is the option of a bridge whose answers come by a channel of the publisher.
type Overhearing interface {
	// Overhear tells what a message says that came by a channel; false of what is none of this
	// bridge's.
	Overhear(c *messengers.Channel, in *messengers.Incoming) (Heard, bool)
	// Over reports whether answers come by a channel.
	Over(c *messengers.Channel) bool
}

// Called is the option of a bridge whose answers are posted to us, at /bridge/ and the publisher.
type Called interface {
	// Receive proves a request, over its raw bytes, and tells what it says; what it is not proven
	// gets a status from 400 on, and 0 means 200.
	Receive(d messengers.Delivery) (all []Heard, status int)
}

// Fetching is the option of a bridge that takes its account to fetch what people attach.
type Fetching interface {
	// Fetch returns a file, of at most so many bytes.
	Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error)
}

// Standing is the option of a bridge that knows by itself, without asking anybody, whether it can
// work.
type Standing interface {
	// Stands returns one sentence that says what to do where it can't.
	Stands() error
}

// Post is what is carried into a thread. Nothing in it tells who the reader is.
type Post struct {
	// Token is of 128 random bits: an answer that shows it is one to this conversation.
	Token string
	// Thread is what Carry returned for the conversation before; empty where it is to be opened.
	Thread string
	// Key is the post's own, and begins with messengers.StaffKey and the token; where the token is
	// not to be seen, ShownKey stands for it.
	Key string
	// Title names the thread, Text is what is carried, in paragraphs and in Language.
	Title    string
	Text     string
	Language string
	// Files came with it. Text names them; a bridge brings those that its platform takes, and says
	// where the others are.
	Files []File
}

// ShownKey returns what tells the post from others, as its key does, and nothing of the token.
func (p *Post) ShownKey() string { return messengers.StaffKey + messengers.Digest(p.Key) }

// File is one of a post.
type File struct {
	talk.File
	// Link is where it lies, as long as the conversation is kept.
	Link string
	// Read returns it.
	Read func(ctx context.Context) ([]byte, error)
}

// Heard is an answer that came back.
type Heard struct {
	// Tokens and Threads are what it names the conversation by: those of posts, and what Carry
	// called them. They are believed where one of them is known.
	Tokens  []string
	Threads []string
	// Key is the same for the same answer, By is who wrote it. Allowed says that this is certain,
	// and that the publisher lets them answer.
	Key     string
	By      string
	Allowed bool
	Text    string
	// Files are those that came with it.
	Files []what.Media
	// Release: the reader is handed back to the service.
	Release bool
}

// Kind is a kind of bridge: its name, its words and its Settings.
type Kind = settings.Kind[BridgeEnv, Bridge]

// Opener is a pointer to a kind's Settings.
type Opener = settings.Opener[BridgeEnv, Bridge]

// BridgeEnv is all of the world that a bridge can reach.
type BridgeEnv struct {
	Publisher string
	// Channel finds a channel of the publisher by its id, also by one that it had before; nil
	// where there is none now.
	Channel func(id string) *messengers.Channel
	Client  *outside.Client
	Clock   func() time.Time
	Logger  *slog.Logger
}

// Vault seals what lies in the store, with the installation's own keys.
type Vault interface {
	Seal(purpose string, plaintext []byte) []byte
	Unseal(purpose string, sealed []byte) ([]byte, error)
}

// openBridge is a publisher's bridge.
type openBridge struct {
	Bridge
	publisher string
	// of is the publisher whose settings it was opened by, mark their fingerprint.
	of   *catalogue.Setup
	mark string
	// problem is why it could not be opened.
	problem error

	// mu guards what follows: since when it fails, why, how often in a row, and when it is tried
	// again; busy: something is being carried.
	mu       sync.Mutex
	busy     bool
	failures int
	since    time.Time
	why      words.Text
	next     time.Time
	// returned is since when posts come back that had left, last when the last did, and returnedWhy
	// why.
	returned, last time.Time
	returnedWhy    words.Text
}

// bridgeOf returns the bridge of a publisher as it is set now; nil where it has none.
func (d *Desk) bridgeOf(publisher string) *openBridge {
	if d.Catalogue == nil {
		return nil
	}
	pub := d.Catalogue.Publisher(publisher)
	if pub == nil || pub.Person.Bridge.Kind == "" {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.bridges[publisher]
	if b != nil && b.of == pub {
		return b
	}
	// What settings are made of always has a form in JSON.
	written, _ := json.Marshal(pub.Person.Bridge)
	mark := bridgeMark(written)
	if b != nil && b.mark == mark { // something else of the publisher has changed
		b.of = pub
		return b
	}
	b = &openBridge{publisher: publisher, of: pub, mark: mark}
	b.Bridge, b.problem = d.openKind(publisher, pub.Person.Bridge)
	d.bridges[publisher] = b
	return b
}

// openKind opens a bridge by its settings.
func (d *Desk) openKind(publisher string, of catalogue.Bridge) (Bridge, error) {
	i := slices.IndexFunc(d.Bridges, func(k Kind) bool { return k.Name == of.Kind })
	if i < 0 {
		return nil, words.Fail(nil, "document.no_kind", words.Args{"got": of.Kind})
	}
	filled := d.Bridges[i].New()
	if err := settings.FillWith(filled, of.Settings, d.Checks); err != nil {
		return nil, err //nolint:wrapcheck // it names the field
	}
	return filled.Open(BridgeEnv{
		Publisher: publisher, Client: d.Client, Clock: d.Clock, Logger: d.Logger.With("publisher", publisher, "bridge", of.Kind),
		Channel: func(id string) *messengers.Channel {
			if pub := d.Catalogue.Publisher(publisher); pub != nil {
				id = pub.Now(catalogue.ResourceChannel, id)
			}
			return d.Channels.Find(publisher, id)
		},
	})
}

// returns notes that a post came back.
func (b *openBridge) returns(at time.Time, why words.Text) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.returned.IsZero() || at.Sub(b.last) > talk.UnheardFor {
		b.returned = at
	}
	b.last, b.returnedWhy = at, why
}

// The longest time between two tries of a bridge that is down.
const longestPause = time.Minute

// begin reports whether something may be carried now, and marks the bridge as busy.
func (b *openBridge) begin(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy || now.Before(b.next) {
		return false
	}
	b.busy = true
	return true
}

// end notes what came of it.
func (b *openBridge) end(now time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.busy = false
	if err == nil {
		b.failures, b.since, b.why, b.next = 0, time.Time{}, words.Text{}, time.Time{}
		return
	}
	if b.failures == 0 {
		b.since = now
	}
	b.why = words.Said(err)
	b.next = now.Add(min(time.Second<<min(b.failures, 10), longestPause))
	b.failures++
}

// failing returns since when it fails at a moment and why; nothing where it does not. That posts
// came back is told for a day.
func (b *openBridge) failing(now time.Time) (since time.Time, why words.Text) {
	if b.problem != nil {
		return time.Time{}, words.Said(b.problem)
	}
	if s, knows := b.Bridge.(Standing); knows {
		if err := s.Stands(); err != nil {
			return time.Time{}, words.Said(err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.why.IsZero() && !b.returned.IsZero() && now.Sub(b.last) <= talk.UnheardFor {
		return b.returned, b.returnedWhy
	}
	return b.since, b.why
}
