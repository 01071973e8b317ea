package publishing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

var _ console.Catalogue = (*Publishers)(nil)

// Publisher returns one as it is set up, or nil.
func (n *Publishers) Publisher(id string) *catalogue.Setup {
	if ed := n.current(id); ed != nil {
		return ed.publisher
	}
	return nil
}

// Publishers returns all publishers, ordered by id.
func (n *Publishers) Publishers() []*catalogue.Setup {
	n.mu.RLock()
	defer n.mu.RUnlock()
	all := make([]*catalogue.Setup, 0, len(n.editions))
	for _, ed := range n.editions {
		all = append(all, ed.publisher)
	}
	slices.SortFunc(all, func(a, b *catalogue.Setup) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Save writes a change down and has readers answered by it before it returns.
// Opening costs no network: what a source has is fetched when it is asked.
func (n *Publishers) Save(ctx context.Context, c catalogue.Change) (catalogue.Meta, error) {
	n.changing.Lock()
	defer n.changing.Unlock()
	ed := n.current(c.Publisher)
	if err := n.changeable(ed, c); err != nil {
		return catalogue.Meta{}, err
	}
	kept, err := drawer{n}.kept(c)
	if err != nil {
		return catalogue.Meta{}, err
	}
	revision, err := n.Store.Put(ctx, kept, c.When)
	if err != nil {
		return catalogue.Meta{}, fmt.Errorf("save %s %s: %w", c.Noun, c.ID, err)
	}
	meta := catalogue.Meta{Version: revision, Changed: kept.Changed, By: kept.By}
	// From here on it is saved, whether or not whoever asked still waits.
	n.apply(context.WithoutCancel(ctx), ed, c, meta)
	return meta, nil
}

// Remove takes a thing away, a publisher with all it has.
func (n *Publishers) Remove(ctx context.Context, c catalogue.Change) error {
	n.changing.Lock()
	defer n.changing.Unlock()
	c.Value = nil
	ed := n.current(c.Publisher)
	if err := n.changeable(ed, c); err != nil {
		return err
	}
	if err := n.Store.Delete(ctx, c.Noun, c.Publisher, keptID(c), c.When); err != nil {
		return fmt.Errorf("remove %s %s: %w", c.Noun, c.ID, err)
	}
	if c.Noun == catalogue.NounPublisher {
		n.dismiss(ed)
		return nil
	}
	n.apply(context.WithoutCancel(ctx), ed, c, catalogue.Meta{})
	return nil
}

func (n *Publishers) changeable(ed *edition, c catalogue.Change) error {
	switch {
	case n.Store == nil:
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "refusal.server_needed"}}
	case ed != nil && ed.publisher.Provisioned:
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "settings.provisioned"}}
	case ed == nil && c.Noun != catalogue.NounPublisher:
		return console.NoPublisher(c.Publisher)
	}
	return nil
}

// apply makes a change that has been written down the one that answers.
func (n *Publishers) apply(ctx context.Context, ed *edition, c catalogue.Change, m catalogue.Meta) {
	if ed == nil {
		n.found(ctx, c, m)
		return
	}
	next := ed.copy()
	next.publisher = ed.publisher.With(c, m)
	next.publisher.Linter.Follow(next.publisher, c)
	next.publisher.Broken = map[catalogue.Noun]map[string]words.Text{
		catalogue.NounSource:  maps.Clone(ed.publisher.Broken[catalogue.NounSource]),
		catalogue.NounChannel: maps.Clone(ed.publisher.Broken[catalogue.NounChannel]),
	}
	switch v := c.Value.(type) {
	case catalogue.Publisher:
		n.alter(ctx, ed, next)
		return
	case catalogue.Source:
		n.replaceSource(ctx, next, v)
		n.put(next)
		runner{n}.runSource(next, v)
		return
	case catalogue.Channel:
		n.replaceChannel(next, ed, v)
		return
	case nil:
		n.drop(next, ed, c)
	}
	n.put(next)
}

// found opens a publisher that is new.
func (n *Publishers) found(ctx context.Context, c catalogue.Change, m catalogue.Meta) {
	p, ok := c.Value.(catalogue.Publisher)
	if !ok {
		return
	}
	o := catalogue.NewSetup(p, catalogue.Metas{catalogue.NounPublisher: {p.ID: m}})
	if err := n.open(ctx, o); err != nil {
		n.Logger.Warn("a publisher could not be opened whole", "publisher", p.ID, "error", err)
	}
}

// alter takes a publisher's own fields over. Where they concern its sources
// and channels, these are opened anew.
func (n *Publishers) alter(ctx context.Context, ed, next *edition) {
	before, now := ed.publisher.Publisher, next.publisher.Publisher
	if slices.Equal(before.Languages, now.Languages) && before.TimeZone == now.TimeZone {
		n.put(next)
		return
	}
	for _, s := range now.Sources {
		n.replaceSource(ctx, next, s)
	}
	n.put(next)
	for _, s := range now.Sources {
		runner{n}.runSource(next, s)
	}
}

func (n *Publishers) replaceSource(ctx context.Context, next *edition, s catalogue.Source) {
	delete(next.publisher.Broken[catalogue.NounSource], s.ID)
	if before := next.sources[s.ID]; before.Mark != "" && before.Mark != mark(s) {
		n.Cache.Forget(next.publisher.ID, s.ID)
	}
	if err := (opener{n}).setSource(ctx, next, s); err != nil {
		n.Logger.Warn("a source could not be opened", "publisher", next.publisher.ID, "source", s.ID, "error", err)
	}
}

// replaceChannel opens a channel anew. The old one stops fetching deliveries
// first, so that none is fetched twice, and is closed once nobody finds it any
// more.
func (n *Publishers) replaceChannel(next, ed *edition, c catalogue.Channel) {
	delete(next.publisher.Broken[catalogue.NounChannel], c.ID)
	delete(next.opened, c.ID)
	delete(next.channels, c.ID)
	n.runs.stop(next.publisher.ID + "/channel/" + c.ID)
	if err := (opener{n}).setChannel(next, c); err != nil {
		n.Logger.Warn("a channel could not be opened", "publisher", next.publisher.ID, "channel", c.ID, "error", err)
	}
	n.put(next)
	runner{n}.runChannel(next, c.ID)
	n.closeChannel(ed.opened[c.ID])
}

func (n *Publishers) closeChannel(c *messengers.Channel) {
	if c == nil {
		return
	}
	closer, ok := c.Messenger.(messengers.Closer)
	if !ok {
		return
	}
	if err := closer.Close(); err != nil {
		n.Logger.Warn("a channel did not close", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
}

// drop takes what was removed off an edition.
func (n *Publishers) drop(next, ed *edition, c catalogue.Change) {
	switch c.Noun {
	case catalogue.NounSource:
		n.runs.stop(c.Publisher + "/source/" + c.ID)
		delete(next.sources, c.ID)
		delete(next.terms, c.ID)
		delete(next.publisher.Broken[catalogue.NounSource], c.ID)
		n.forget(c.Publisher, c.ID)
	case catalogue.NounChannel:
		n.runs.stop(c.Publisher + "/channel/" + c.ID)
		delete(next.opened, c.ID)
		delete(next.channels, c.ID)
		delete(next.publisher.Broken[catalogue.NounChannel], c.ID)
		n.put(next)
		n.closeChannel(ed.opened[c.ID])
		n.vacate(c.Publisher, c.ID)
	}
}

// dismiss closes a publisher.
func (n *Publishers) dismiss(ed *edition) {
	if ed == nil {
		return
	}
	id := ed.publisher.ID
	n.runs.stop(id + "/")
	n.mu.Lock()
	delete(n.editions, id)
	n.mu.Unlock()
	n.Channels.Set(id, nil)
	for _, c := range ed.opened {
		n.closeChannel(c)
	}
	for _, s := range ed.publisher.Sources {
		n.forget(id, s.ID)
	}
	for _, c := range ed.publisher.Channels {
		n.vacate(id, c.ID)
	}
}

// vacate empties the place of a channel that is gone.
func (n *Publishers) vacate(publisher, channel string) {
	if n.Place == nil {
		return
	}
	if err := n.Place(publisher, channel).Keep(context.Background(), nil); err != nil {
		n.Logger.Warn("what a channel kept could not be removed", "publisher", publisher, "channel", channel, "error", err)
	}
}

// keptID is by what id a thing lies in the store.
func keptID(c catalogue.Change) string {
	if c.Noun == catalogue.NounPublisher {
		return ""
	}
	return c.ID
}

// errUnknownKind keeps what this binary cannot open from being lost.
var errUnknownKind = words.Fail(nil, "document.kind_unknown", nil)
