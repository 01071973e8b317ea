// Package publishing opens publishers: their sources and channels, and the
// edition that answers for them, and replaces what an editor changes while
// readers go on asking. What stands in the configuration file and what was set
// up in the console are the same to it, but for who may change them.
//
// It judges nothing: what is handed to it has been checked. How an ask is
// answered is package pull's, how a platform is spoken to the messengers'.
package publishing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/store"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// Store is where that is kept which is set up in the console.
type Store interface {
	Load(ctx context.Context) iter.Seq2[store.Stored, error]
	Put(ctx context.Context, k store.Stored, when uint64) (uint64, error)
	Delete(ctx context.Context, resource catalogue.Resource, publisher, id string, when uint64) error
	Write(ctx context.Context, all []store.Writing) ([]uint64, error)
}

// Vault seals secrets for one purpose.
type Vault interface {
	Seal(purpose string, plaintext []byte) []byte
	Unseal(purpose string, sealed []byte) ([]byte, error)
}

// Options are what a Publishers works with.
type Options struct {
	Sources    []sources.Kind
	Messengers []messengers.Kind
	Bridges    []desk.Kind
	Checks     settings.Checks
	Client     *outside.Client
	Cache      *pull.Cache
	// Items finds what sources hold; nil where nothing does.
	Items    pull.ItemIndex
	Resolver *pull.Resolver
	Channels *messengers.Channels
	Clock    func() time.Time
	Logger   *slog.Logger
	// Base is what relative paths count from, Folder where sources may keep
	// files of their own.
	Base, Folder string
	// Room is the memory that messengers share for readers who are away.
	Room *messengers.Room
	// PublicURL is where platforms reach this server.
	PublicURL string
	// Store and Vault are nil where nothing is ever changed.
	Store Store
	Vault Vault
	// ChannelKey gives a channel 32 secret bytes for a purpose, the same at
	// every start; nil where none last.
	ChannelKey func(publisher, channel, purpose string) []byte
	// Place gives a channel where it keeps a few bytes, sealed; nil if nothing
	// lasts.
	Place func(publisher, channel string) messengers.Place
	// Asked returns the ids of what readers of a publisher ask most of late; nil where
	// nothing is counted.
	Asked func(publisher string) []string
	// Left says of an id that its publisher left for good: nobody gets it again; nil:
	// nobody left.
	Left func(publisher string) bool
	// Known tells whether a document is held of a channel's reader; nil: of
	// nobody.
	Known func(ctx context.Context, publisher, channel, reader string) (bool, error)
	// Sent tells what a channel sent to a reader since a moment, the oldest first; nil:
	// nothing.
	Sent func(ctx context.Context, publisher, channel, reader string, since time.Time) ([]messengers.Past, error)
}

// Publishers is the opened publishers of an installation. It is safe for
// concurrent use.
type Publishers struct {
	Options
	runs     runs
	learning learning
	// leaving are sources that were removed, while they undo what they arranged
	// elsewhere, by publisher and id.
	leaving sync.Map
	tried   tried
	// latest is where the snapshot lies that a source brought last, by publisher and
	// source.
	latest sync.Map
	// watch is told of publishers at whom something is new.
	watch atomic.Pointer[func(publisher string)]

	// changing keeps two changes from losing one of them.
	changing sync.Mutex
	// receiving has a *sync.Mutex for each publisher's source that was pushed to.
	receiving sync.Map

	mu       sync.RWMutex
	editions map[string]*edition
	// sorted are the editions by their publishers' ids, as they were listed last; nil once one changed.
	sorted atomic.Pointer[[]*edition]
	// parked names the publishers of which something could not be read at the
	// start; "" is any.
	parked map[string]bool
	// wrong is what is wrong with publishers as a whole, since they were opened last; "" is
	// with all.
	wrong map[string]error
	// apps is what is wrong with the apps.
	apps error
}

// edition is one publisher with what was opened of it and what answers for it:
// immutable, replaced as a whole.
type edition struct {
	publisher *catalogue.Setup
	compiled  *pull.Edition
	sources   map[string]pull.Opened
	channels  map[string]pull.Channel
	opened    map[string]*messengers.Channel
	terms     map[string]*what.Vocabulary
}

// New returns a Publishers without publishers.
func New(o Options) *Publishers {
	return &Publishers{Options: o, editions: map[string]*edition{}, parked: map[string]bool{}, wrong: map[string]error{}}
}

func (n *Publishers) currentEdition(publisher string) *edition {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.editions[publisher]
}

// Edition returns the current edition of a publisher, or nil.
func (n *Publishers) Edition(id string) *pull.Edition {
	if ed := n.currentEdition(id); ed != nil {
		return ed.compiled
	}
	return nil
}

// Now returns the id that a keyword of a publisher has today which had this one.
func (n *Publishers) Now(publisher, keyword string) string {
	if ed := n.currentEdition(publisher); ed != nil {
		return ed.publisher.Now(catalogue.ResourceKeyword, keyword)
	}
	return keyword
}

// Working returns what a publisher says while an answer takes long.
func (n *Publishers) Working(publisher, language string) pull.Reply {
	e := n.Edition(publisher)
	if e == nil {
		return pull.Reply{}
	}
	return e.Working(language)
}

// Open makes a publisher of the configuration file ready. A source or channel
// that cannot be opened does not stop the rest: its keywords refuse, and the
// error tells why.
func (n *Publishers) Open(ctx context.Context, p catalogue.Publisher) error {
	o := catalogue.NewSetup(p, nil)
	o.Provisioned = true
	return n.openPublisher(ctx, o)
}

func (n *Publishers) hasLeft(publisher string) bool { return n.Left != nil && n.Left(publisher) }

func (n *Publishers) openPublisher(ctx context.Context, o *catalogue.Setup) error {
	if n.hasLeft(o.ID) {
		err := words.Fail(nil, "publisher.left", words.Args{"publisher": o.ID})
		n.setWrong(o.ID, err)
		return err
	}
	o.Linter.Tell(messengers.TellWorkspaces(n.Messengers))
	ed := &edition{publisher: o, sources: map[string]pull.Opened{}, channels: map[string]pull.Channel{},
		opened: map[string]*messengers.Channel{}, terms: map[string]*what.Vocabulary{}}
	o.Broken = map[catalogue.Resource]map[string]words.Text{catalogue.ResourceSource: {}, catalogue.ResourceChannel: {}}
	var problems []error
	for _, s := range o.Sources {
		if err := (opener{n}).setSource(ctx, ed, s); err != nil {
			problems = append(problems, fmt.Errorf("source %s: %w", s.ID, err))
		}
	}
	for _, c := range o.Channels {
		if err := (opener{n}).setChannel(ed, c); err != nil {
			problems = append(problems, fmt.Errorf("channel %s: %w", c.ID, err))
		}
	}
	err := n.publishEdition(ed)
	if n.setWrong(o.ID, err); err != nil {
		problems = append(problems, err)
		n.parkPublisher(o.ID)
	}
	if n.runs.hasRuns() {
		runner{n}.runAll(ed)
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("publisher %s: %w", o.ID, err)
	}
	return nil
}

// publishEdition compiles an edition and puts it in place of the last one,
// with its channels.
func (n *Publishers) publishEdition(ed *edition) error {
	p := ed.publisher.Publisher
	e, err := pull.NewEdition(p, ed.sources, ed.channels, ed.terms, ed.compiled)
	if e == nil {
		return err
	}
	e.Matcher = opener{n}.newMatcher(ed.publisher)
	ed.compiled = e
	n.setEdition(p.ID, ed)
	n.Channels.Set(p.ID, opened(ed))
	if n.Items != nil {
		n.Items.Follow(p.ID, e.Languages, e.Findable())
	}
	n.stir(p.ID)
	return err
}

// Watch has f told from now on of publishers at whom something is new: another edition or
// other items. It must not block.
func (n *Publishers) Watch(f func(publisher string)) { n.watch.Store(&f) }

func (n *Publishers) stir(publisher string) {
	if f := n.watch.Load(); f != nil {
		(*f)(publisher)
	}
}

func opened(ed *edition) []*messengers.Channel {
	all := make([]*messengers.Channel, 0, len(ed.opened))
	for _, c := range ed.publisher.Channels {
		if channel := ed.opened[c.ID]; channel != nil {
			all = append(all, channel)
		}
	}
	return all
}

// Close ends what runs and closes what sources and channels hold open.
func (n *Publishers) Close() error {
	n.runs.closeRuns()
	n.mu.Lock()
	defer n.mu.Unlock()
	var all error
	for _, ed := range n.editions {
		for _, s := range ed.sources {
			if c, ok := s.Source.(pull.Closer); ok {
				all = errors.Join(all, c.Close())
			}
		}
		for _, c := range ed.opened {
			if closer, ok := c.Messenger.(messengers.Closer); ok {
				all = errors.Join(all, closer.Close())
			}
		}
	}
	n.editions = map[string]*edition{}
	n.sorted.Store(nil)
	return errors.Join(all, n.closeApps())
}

// newRand returns a generator with a seed of its own.
func newRand() *rand.Rand {
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads load, guards nothing
}
