package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/sources"
	"keypull/web/messengers"
)

// newsroom opens publishers: their sources and channels, and the edition that
// answers for them. An edition is replaced when a vocabulary changes.
type newsroom struct {
	kinds    kinds
	client   *outside.Client
	keeper   *pull.Keeper
	channels *messengers.Channels
	clock    func() time.Time
	logger   *slog.Logger
	// base is what relative paths count from, folder where sources may keep
	// files of their own.
	base, folder string
	publicURL    string

	// rebuilding keeps two changes of one publisher from losing one of them.
	rebuilding sync.Mutex

	mu       sync.RWMutex
	desks    map[string]*desk
	editions map[string]*pull.Edition
}

// desk is one opened publisher.
type desk struct {
	publisher catalogue.Publisher
	sources   map[string]pull.Opened
	channels  map[string]pull.Channel
	terms     map[string][]what.Term
}

// Edition returns the current edition of a publisher, or nil.
func (n *newsroom) Edition(id string) *pull.Edition {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.editions[id]
}

// Working is what a publisher says while an answer takes long.
func (n *newsroom) Working(publisher, language string) pull.Reply {
	e := n.Edition(publisher)
	if e == nil {
		return pull.Reply{}
	}
	return e.Working(language)
}

// Open makes a publisher ready. A source or channel that cannot be opened does
// not stop the rest: its keywords refuse, and the error tells why.
func (n *newsroom) Open(ctx context.Context, p catalogue.Publisher) error {
	d := &desk{publisher: p, sources: map[string]pull.Opened{}, channels: map[string]pull.Channel{}, terms: map[string][]what.Term{}}
	var problems []error
	for _, s := range p.Sources {
		opened := pull.Opened{Freshness: s.Freshness, Refresh: s.Refresh}
		source, err := n.openSource(p, s)
		if err != nil {
			opened.Problem = &pull.Error{Kind: pull.Unavailable, Op: "open " + s.ID, Hint: err.Error()}
			problems = append(problems, fmt.Errorf("source %s: %w", s.ID, err))
		}
		opened.Source = source
		d.sources[s.ID] = opened
		d.terms[s.ID] = n.terms(ctx, p, source, s.ID)
	}
	var channels []*messengers.Channel
	for _, c := range p.Channels {
		channel, facts, err := n.openChannel(p, c)
		if err != nil {
			problems = append(problems, fmt.Errorf("channel %s: %w", c.ID, err))
			continue
		}
		channels = append(channels, channel)
		d.channels[c.ID] = facts
	}
	if err := n.publish(d); err != nil {
		problems = append(problems, err)
	}
	n.channels.Set(p.ID, channels)
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("publisher %s: %w", p.ID, err)
	}
	return nil
}

func (n *newsroom) openSource(p catalogue.Publisher, s catalogue.Source) (pull.Source, error) {
	i := slices.IndexFunc(n.kinds.sources, func(k sources.Kind) bool { return k.Name == s.Kind })
	if i < 0 {
		return nil, fmt.Errorf("there is no source kind %q", s.Kind)
	}
	filled := n.kinds.sources[i].New()
	if err := settings.FillWith(filled, s.Settings, checks()); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	source, err := filled.Open(sources.Env{
		ID: s.ID, Languages: p.Languages, Client: n.client, Clock: n.clock, Rand: newRand(),
		Logger: n.logger.With("publisher", p.ID, "source", s.ID),
		Folder: filepath.Join(n.folder, p.ID, s.ID), Base: n.base,
	})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return source, nil
}

func (n *newsroom) openChannel(p catalogue.Publisher, c catalogue.Channel) (*messengers.Channel, pull.Channel, error) {
	i := slices.IndexFunc(n.kinds.messengers, func(k messengers.Kind) bool { return k.Name == c.Kind })
	if i < 0 {
		return nil, pull.Channel{}, fmt.Errorf("there is no messenger kind %q", c.Kind)
	}
	filled := n.kinds.messengers[i].New()
	if err := settings.FillWith(filled, c.Settings, checks()); err != nil {
		return nil, pull.Channel{}, fmt.Errorf("settings: %w", err)
	}
	m, err := filled.Open(messengers.Env{
		Publisher: p.ID, ID: c.ID, Hook: n.publicURL + "/hook/" + p.ID + "/" + c.ID,
		Client: n.client, Clock: n.clock, Rand: newRand(),
		Logger: n.logger.With("publisher", p.ID, "channel", c.ID),
	})
	if err != nil {
		return nil, pull.Channel{}, fmt.Errorf("open: %w", err)
	}
	facts := pull.Channel{SMS: m.Limits().SMS, InBand: m.Limits().InBand}
	if asks, ok := m.(messengers.Consenting); ok {
		facts.Consent = asks.Consent()
	}
	return messengers.NewChannel(p.ID, c.ID, c.Kind, m), facts, nil
}

// publish makes an edition of a desk and puts it in place of the last one.
func (n *newsroom) publish(d *desk) error {
	e, err := pull.NewEdition(d.publisher, d.sources, d.channels, d.terms)
	if e == nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.desks == nil {
		n.desks, n.editions = map[string]*desk{}, map[string]*pull.Edition{}
	}
	n.desks[d.publisher.ID], n.editions[d.publisher.ID] = d, e
	return err
}

// terms returns what a source knows to answer, from its last snapshot where it
// needs one.
func (n *newsroom) terms(ctx context.Context, p catalogue.Publisher, s pull.Source, id string) []what.Term {
	v, ok := s.(pull.Vocabulary)
	if !ok {
		return nil
	}
	place, ok := vocabularyPlace(p, s, id)
	if !ok {
		return v.Terms(nil)
	}
	return v.Terms(n.keeper.Last(ctx, place))
}

// vocabularyPlace is where the snapshot lies that names all a source answers;
// false where the source has no such snapshot.
func vocabularyPlace(p catalogue.Publisher, s pull.Source, id string) (pull.Place, bool) {
	key, err := s.Key(pull.Query{Count: 1, Language: p.Languages[0]})
	if err != nil {
		return pull.Place{}, false
	}
	return pull.Place{Publisher: p.ID, Source: id, Key: key}, true
}

// Changed makes a new edition where a snapshot brought a new vocabulary.
func (n *newsroom) Changed(place pull.Place) {
	n.rebuilding.Lock()
	defer n.rebuilding.Unlock()
	n.mu.RLock()
	d := n.desks[place.Publisher]
	n.mu.RUnlock()
	if d == nil || d.sources[place.Source].Source == nil {
		return
	}
	at, ok := vocabularyPlace(d.publisher, d.sources[place.Source].Source, place.Source)
	if !ok || at != place {
		return
	}
	terms := n.terms(context.Background(), d.publisher, d.sources[place.Source].Source, place.Source)
	if reflect.DeepEqual(terms, d.terms[place.Source]) {
		return
	}
	fresh := *d
	fresh.terms = map[string][]what.Term{}
	for id, t := range d.terms {
		fresh.terms[id] = t
	}
	fresh.terms[place.Source] = terms
	if err := n.publish(&fresh); err != nil {
		n.logger.Warn("a publisher's edition has problems", "publisher", place.Publisher, "error", err)
	}
}

// Start fetches vocabularies that are not there yet, and from then on what the
// schedules say, until ctx ends.
func (n *newsroom) Start(ctx context.Context, resolver *pull.Resolver, wait *sync.WaitGroup) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, d := range n.desks {
		for id, s := range d.sources {
			if s.Problem != nil {
				continue
			}
			warm := func(ctx context.Context) { n.warm(ctx, resolver, d.publisher.ID, id) }
			if _, ok := s.Source.(pull.Vocabulary); ok {
				wait.Go(func() { warm(ctx) })
			}
			if s.Refresh != "" {
				n.schedule(ctx, wait, d, s.Refresh, warm)
			}
		}
	}
}

func (n *newsroom) schedule(ctx context.Context, wait *sync.WaitGroup, d *desk, spec string, warm func(context.Context)) {
	zone, err := time.LoadLocation(d.publisher.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	s, err := when.ParseSchedule(spec, zone)
	if err != nil {
		n.logger.Warn("a refresh schedule is not understood", "publisher", d.publisher.ID, "error", err)
		return
	}
	runner := when.Runner{Schedule: s, Clock: n.clock, Rand: newRand(), Logger: n.logger}
	wait.Go(func() { runner.Run(ctx, warm) })
}

func (n *newsroom) warm(ctx context.Context, resolver *pull.Resolver, publisher, source string) {
	e := n.Edition(publisher)
	if e == nil {
		return
	}
	if err := resolver.Warm(ctx, e, source); err != nil && ctx.Err() == nil {
		n.logger.Warn("a source could not be fetched ahead", "publisher", publisher, "source", source, "error", err)
	}
}

// Close closes what sources hold open.
func (n *newsroom) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, d := range n.desks {
		for id, s := range d.sources {
			c, ok := s.Source.(pull.Closer)
			if !ok {
				continue
			}
			if err := c.Close(); err != nil {
				n.logger.Warn("a source did not close", "source", id, "error", err)
			}
		}
	}
}

// newRand returns a generator with a seed of its own.
func newRand() *rand.Rand {
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads load, guards nothing
}
