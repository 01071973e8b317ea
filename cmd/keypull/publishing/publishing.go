// Package newsroom opens publishers: their sources and channels, and the
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
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Outlets is where that is kept which is set up in the console.
type Outlets interface {
	Load(ctx context.Context) iter.Seq2[store.Kept, error]
	Put(ctx context.Context, k store.Kept, when uint64) (uint64, error)
	Delete(ctx context.Context, noun, publisher, id string, when uint64) error
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
	Checks     settings.Checks
	Client     *outside.Client
	Keeper     *pull.Keeper
	Resolver   *pull.Resolver
	Channels   *messengers.Channels
	Clock      func() time.Time
	Logger     *slog.Logger
	// Base is what relative paths count from, Folder where sources may keep
	// files of their own.
	Base, Folder string
	// Room is the memory that messengers share for readers who are away.
	Room *messengers.Room
	// PublicURL is where platforms reach this server.
	PublicURL string
	// Outlets and Vault are nil where nothing is ever changed.
	Outlets Outlets
	Vault   Vault
	// ChannelKey gives a channel 32 secret bytes for a purpose, the same at
	// every start; nil where none last.
	ChannelKey func(publisher, channel, purpose string) []byte
	// Known tells whether a document is held of a channel's reader; nil: of
	// nobody.
	Known func(ctx context.Context, publisher, channel, reader string) (bool, error)
}

// Publishers is the opened publishers of an installation. It is safe for
// concurrent use.
type Publishers struct {
	Options
	runs runs

	// changing keeps two changes from losing one of them.
	changing sync.Mutex

	mu    sync.RWMutex
	desks map[string]*desk
	// parked names the publishers of which something could not be read at the
	// start; "" is any.
	parked map[string]bool
}

// desk is one opened publisher: immutable, replaced as a whole.
type desk struct {
	outlet   *console.Outlet
	edition  *pull.Edition
	sources  map[string]pull.Opened
	channels map[string]pull.Channel
	opened   map[string]*messengers.Channel
	terms    map[string]*what.Vocabulary
}

// New returns a Publishers without publishers.
func New(o Options) *Publishers {
	return &Publishers{Options: o, desks: map[string]*desk{}, parked: map[string]bool{}}
}

func (n *Publishers) desk(publisher string) *desk {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.desks[publisher]
}

// Edition returns the current edition of a publisher, or nil.
func (n *Publishers) Edition(id string) *pull.Edition {
	if d := n.desk(id); d != nil {
		return d.edition
	}
	return nil
}

// Working is what a publisher says while an answer takes long.
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
	o := console.NewOutlet(p, nil)
	o.Provisioned = true
	return n.open(ctx, o)
}

func (n *Publishers) open(ctx context.Context, o *console.Outlet) error {
	d := &desk{outlet: o, sources: map[string]pull.Opened{}, channels: map[string]pull.Channel{},
		opened: map[string]*messengers.Channel{}, terms: map[string]*what.Vocabulary{}}
	o.Broken = map[console.Noun]map[string]string{console.NounSource: {}, console.NounChannel: {}}
	var problems []error
	for _, s := range o.Sources {
		if err := n.setSource(ctx, d, s); err != nil {
			problems = append(problems, fmt.Errorf("source %s: %w", s.ID, err))
		}
	}
	for _, c := range o.Channels {
		if err := n.setChannel(d, c); err != nil {
			problems = append(problems, fmt.Errorf("channel %s: %w", c.ID, err))
		}
	}
	if err := n.publish(d); err != nil {
		problems = append(problems, err)
		n.park(o.ID)
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("publisher %s: %w", o.ID, err)
	}
	return nil
}

// publish makes the edition of a desk and puts it in place of the last one,
// with its channels.
func (n *Publishers) publish(d *desk) error {
	p := d.outlet.Publisher
	e, err := pull.NewEdition(p, d.sources, d.channels, d.terms, d.edition)
	if e == nil {
		return err
	}
	e.Matcher = n.matcher(d.outlet)
	d.edition = e
	n.mu.Lock()
	n.desks[p.ID] = d
	n.mu.Unlock()
	n.Channels.Set(p.ID, opened(d))
	return err
}

func opened(d *desk) []*messengers.Channel {
	all := make([]*messengers.Channel, 0, len(d.opened))
	for _, c := range d.outlet.Channels {
		if channel := d.opened[c.ID]; channel != nil {
			all = append(all, channel)
		}
	}
	return all
}

// Close ends what runs and closes what sources and channels hold open.
func (n *Publishers) Close() error {
	n.runs.close()
	n.mu.Lock()
	defer n.mu.Unlock()
	var all error
	for _, d := range n.desks {
		for _, s := range d.sources {
			if c, ok := s.Source.(pull.Closer); ok {
				all = errors.Join(all, c.Close())
			}
		}
		for _, c := range d.opened {
			if closer, ok := c.Messenger.(messengers.Closer); ok {
				all = errors.Join(all, closer.Close())
			}
		}
	}
	n.desks = map[string]*desk{}
	return all
}

// newRand returns a generator with a seed of its own.
func newRand() *rand.Rand {
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads load, guards nothing
}
