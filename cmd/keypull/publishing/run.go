package publishing

import (
	"context"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/when"
	"keypull/web/messengers"
)

// setUpTimeout bounds telling a platform where a channel is.
const setUpTimeout = 30 * time.Second

// runs are the goroutines of sources and channels, by name; each ends when its
// source or channel is changed.
type runs struct {
	mu     sync.Mutex
	life   context.Context
	end    context.CancelFunc
	accept func(context.Context, *messengers.Channel, messengers.Receipt) error
	attend Attend
	ends   map[string]context.CancelFunc
	wait   sync.WaitGroup
	logger *slog.Logger
}

// Attend keeps a channel at work until ctx ends: begin is called when that begins,
// and accept takes what the channel fetches.
type Attend func(ctx context.Context, c *messengers.Channel, begin func(context.Context) error, accept func(context.Context, messengers.Receipt) error)

// Run starts what sources and channels do by themselves: vocabularies that are
// not there yet are fetched, schedules kept, deliveries polled, until Close.
// accept takes what a channel has polled, attend keeps one at work.
func (n *Publishers) Run(accept func(context.Context, *messengers.Channel, messengers.Receipt) error, attend Attend) {
	n.changing.Lock()
	defer n.changing.Unlock()
	n.runs.mu.Lock()
	n.runs.life, n.runs.end = context.WithCancel(context.Background())
	n.runs.logger = n.Logger
	n.runs.accept, n.runs.attend, n.runs.ends = accept, attend, map[string]context.CancelFunc{}
	n.runs.mu.Unlock()
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, ed := range n.editions {
		runner{n}.runAll(ed)
	}
}

// hasRuns reports whether anything does what it does by itself.
func (r *runs) hasRuns() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.life != nil && r.life.Err() == nil
}

// runner has sources and channels do what they do by themselves.
type runner struct{ *Publishers }

func (n runner) runAll(ed *edition) {
	for _, s := range ed.publisher.Sources {
		n.runSource(ed, s)
	}
	for _, c := range ed.publisher.Channels {
		n.runChannel(ed, c.ID)
	}
}

// startRun runs f under a name, in place of what ran under it before.
func (r *runs) startRun(name string, f func(context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.life == nil || r.life.Err() != nil {
		return
	}
	ctx, end := context.WithCancel(r.life)
	if before := r.ends[name]; before != nil {
		before()
	}
	r.ends[name] = end
	r.wait.Go(func() { pull.KeepRunning(ctx, r.logger, name, f) })
}

// stopRun ends what runs under a name, or under names that begin with it where it
// ends in a slash.
func (r *runs) stopRun(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for running, end := range r.ends {
		if running == name || strings.HasSuffix(name, "/") && strings.HasPrefix(running, name) {
			end()
			delete(r.ends, running)
		}
	}
}

func (r *runs) closeRuns() {
	r.mu.Lock()
	if r.end != nil {
		r.end()
	}
	r.mu.Unlock()
	r.wait.Wait()
}

// runSource fetches a source's vocabulary where it is not known, and from then
// on what its schedule says.
func (n runner) runSource(ed *edition, s catalogue.Source) {
	name := ed.publisher.ID + "/source/" + s.ID
	opened := ed.sources[s.ID]
	_, knows := opened.Source.(pull.Vocabulary)
	_, paged := opened.Source.(pull.Paged)
	if knows = (knows || paged) && opened.Problem == nil; knows {
		n.runList(ed, s.ID)
	} else {
		n.runs.stopRun(vocabularyRun(ed.publisher.ID, s.ID))
	}
	if opened.Problem == nil && s.Refresh == "" && !knows && n.lacksItems(ed, s.ID) {
		n.runs.startRun(name, func(ctx context.Context) {
			if pull.Sleep(ctx, itemsPause); ctx.Err() == nil && n.lacksItems(ed, s.ID) {
				n.ahead(ctx, ed.publisher.ID, s.ID, n.Resolver.Warm)
			}
		})
		return
	}
	if opened.Problem != nil || s.Refresh == "" {
		n.runs.stopRun(name)
		return
	}
	publisher, zone := ed.publisher.ID, zoneOf(ed.publisher.Publisher)
	n.runs.startRun(name, func(ctx context.Context) {
		schedule, err := when.ParseSchedule(s.Refresh, zone)
		if err != nil {
			n.Logger.Warn("a refresh schedule is not understood", "publisher", publisher, "source", s.ID, "error", err)
			return
		}
		runner := when.Runner{Schedule: schedule, Clock: n.Clock, Rand: newRand(), Logger: n.Logger}
		runner.Run(ctx, func(ctx context.Context) { n.ahead(ctx, publisher, s.ID, n.Resolver.Warm) })
	})
}

// itemsPause is how long readers have to ask for a source themselves before it is brought
// for those who find its items by their words. A miss brings it at once.
const itemsPause = 30 * time.Second

// lacksItems reports whether readers may find items of a source by their words of which
// nothing has ever been brought.
func (n runner) lacksItems(ed *edition, source string) bool {
	return n.Items != nil && slices.ContainsFunc(ed.compiled.Findable(), func(p pull.SnapshotID) bool {
		return p.Source == source && n.Cache.Last(context.Background(), p) == nil
	})
}

func zoneOf(p catalogue.Publisher) *time.Location {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ahead fetches before anybody asks, in the way that fetch says.
func (n runner) ahead(ctx context.Context, publisher, source string, fetch func(context.Context, *pull.Edition, string) error) {
	e := n.Edition(publisher)
	if e == nil {
		return
	}
	if err := fetch(ctx, e, source); err != nil && ctx.Err() == nil {
		n.Logger.Warn("a source could not be fetched ahead", "publisher", publisher, "source", source, "error", err)
	}
}

// runChannel tells the platform where the channel is, where the world can
// reach it, and polls its deliveries where it fetches them itself.
func (n runner) runChannel(ed *edition, id string) {
	name := ed.publisher.ID + "/channel/" + id
	c := ed.opened[id]
	if c == nil {
		n.runs.stopRun(name)
		return
	}
	n.runs.startRun(name, func(ctx context.Context) {
		begin := func(ctx context.Context) error { return n.begin(ctx, c) }
		n.runs.attend(ctx, c, begin, func(ctx context.Context, r messengers.Receipt) error { return n.runs.accept(ctx, c, r) })
	})
}

// begin tells a platform where a channel is and what it shows, or asks it by what
// name the channel is called in groups.
func (n runner) begin(ctx context.Context, c *messengers.Channel) error {
	if strings.HasPrefix(n.PublicURL, "https://") {
		err := n.setUp(ctx, c)
		n.front(ctx, c)
		return err
	}
	_, listens := c.Messenger.(messengers.Listener)
	if bot, ok := c.Messenger.(messengers.Introducer); ok && !listens {
		bot.Introduce(ctx)
	}
	return nil
}

// setUp tells a platform where its deliveries go. A platform that refuses is
// told to the operator and stops nothing: its webhook may be set by hand.
func (n runner) setUp(ctx context.Context, c *messengers.Channel) error {
	m, ok := c.Messenger.(messengers.Installer)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, setUpTimeout)
	defer cancel()
	err := m.SetUp(ctx)
	if err != nil && ctx.Err() == nil {
		n.Logger.Warn("a channel could not be set up at its platform", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
	return err //nolint:wrapcheck // whoever calls asks what kind it is of
}

// front has a platform show what the publisher's accounts show. One that can't
// be told is told to the operator.
func (n runner) front(ctx context.Context, c *messengers.Channel) {
	m, ok := c.Messenger.(messengers.ProfileSyncer)
	e := n.Edition(c.Publisher)
	if !ok || e == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, setUpTimeout)
	defer cancel()
	drift, err := m.SyncProfile(ctx, messengers.ProfileOf(e, n.Clock()), true)
	for _, d := range drift {
		n.Logger.Info("a channel's platform was told what it shows", "publisher", c.Publisher, "channel", c.ID, "part", d.Part, "language", d.Language)
	}
	if err != nil && ctx.Err() == nil {
		n.Logger.Warn("a channel's face could not be shown at its platform", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
}

// Changed makes a new edition where a snapshot brought a new vocabulary.
func (n *Publishers) Changed(place pull.SnapshotID) {
	if n.Items != nil {
		n.Items.Changed(place)
	}
	n.stir(place.Publisher)
	n.changing.Lock()
	defer n.changing.Unlock()
	ed := n.currentEdition(place.Publisher)
	if ed == nil || ed.sources[place.Source].Source == nil {
		return
	}
	n.latest.Store([2]string{place.Publisher, place.Source}, place)
	s := ed.sources[place.Source]
	at, ok := s.VocabularyPlace(place.Publisher, place.Source, ed.publisher.Languages)
	if !ok || at != place {
		return
	}
	terms := opener{n}.readTerms(context.Background(), ed.publisher.Publisher, s, place.Source)
	if reflect.DeepEqual(terms, ed.terms[place.Source].Terms()) {
		return
	}
	next := ed.copyMaps()
	opener{n}.setTerms(next, place.Source, terms)
	n.republish(next)
}

// republish publishes an edition whose problems have been told before.
func (n *Publishers) republish(ed *edition) {
	if err := n.publishEdition(ed); err != nil {
		n.Logger.Warn("a publisher's edition has problems", "publisher", ed.publisher.ID, "error", err)
	}
}

// copyMaps returns an edition whose maps may be changed.
func (ed *edition) copyMaps() *edition {
	next := *ed
	next.sources, next.channels = maps.Clone(ed.sources), maps.Clone(ed.channels)
	next.opened, next.terms = maps.Clone(ed.opened), maps.Clone(ed.terms)
	return &next
}
