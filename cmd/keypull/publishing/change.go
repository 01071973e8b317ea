package publishing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

var _ console.Catalogue = (*Publishers)(nil)

// Outlet returns a publisher as it is set up, or nil.
func (n *Publishers) Outlet(id string) *console.Outlet {
	if d := n.desk(id); d != nil {
		return d.outlet
	}
	return nil
}

// Outlets returns all publishers, ordered by id.
func (n *Publishers) Outlets() []*console.Outlet {
	n.mu.RLock()
	defer n.mu.RUnlock()
	all := make([]*console.Outlet, 0, len(n.desks))
	for _, d := range n.desks {
		all = append(all, d.outlet)
	}
	slices.SortFunc(all, func(a, b *console.Outlet) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Save writes a change down and has readers answered by it before it returns.
// Opening costs no network: what a source has is fetched when it is asked.
func (n *Publishers) Save(ctx context.Context, c console.Change) (console.Meta, error) {
	n.changing.Lock()
	defer n.changing.Unlock()
	d := n.desk(c.Publisher)
	if err := n.changeable(d, c); err != nil {
		return console.Meta{}, err
	}
	kept, err := n.kept(c)
	if err != nil {
		return console.Meta{}, err
	}
	revision, err := n.Options.Outlets.Put(ctx, kept, c.When)
	if err != nil {
		return console.Meta{}, fmt.Errorf("save %s %s: %w", c.Noun, c.ID, err)
	}
	meta := console.Meta{Version: revision, Changed: kept.Changed, By: kept.By}
	// From here on it is saved, whether or not whoever asked still waits.
	n.apply(context.WithoutCancel(ctx), d, c, meta)
	return meta, nil
}

// Remove takes a thing away, a publisher with all it has.
func (n *Publishers) Remove(ctx context.Context, c console.Change) error {
	n.changing.Lock()
	defer n.changing.Unlock()
	c.Value = nil
	d := n.desk(c.Publisher)
	if err := n.changeable(d, c); err != nil {
		return err
	}
	noun, id := drawer(c)
	if err := n.Options.Outlets.Delete(ctx, noun, c.Publisher, id, c.When); err != nil {
		return fmt.Errorf("remove %s %s: %w", c.Noun, c.ID, err)
	}
	if c.Noun == console.NounPublisher {
		n.dismiss(d)
		return nil
	}
	n.apply(context.WithoutCancel(ctx), d, c, console.Meta{})
	return nil
}

func (n *Publishers) changeable(d *desk, c console.Change) error {
	switch {
	case n.Options.Outlets == nil:
		return &pull.Error{Kind: pull.Denied, Hint: "nothing can be changed here; start the server"}
	case d != nil && d.outlet.Provisioned:
		return &pull.Error{Kind: pull.Denied, Hint: "this publisher stands in the configuration file and is changed there alone"}
	case d == nil && c.Noun != console.NounPublisher:
		return console.NoPublisher(c.Publisher)
	}
	return nil
}

// apply makes a change that has been written down the one that answers.
func (n *Publishers) apply(ctx context.Context, d *desk, c console.Change, m console.Meta) {
	if d == nil {
		n.found(ctx, c, m)
		return
	}
	next := d.copy()
	next.outlet = d.outlet.With(c, m)
	next.outlet.Linter.Follow(next.outlet, c)
	next.outlet.Broken = map[console.Noun]map[string]string{
		console.NounSource:  maps.Clone(d.outlet.Broken[console.NounSource]),
		console.NounChannel: maps.Clone(d.outlet.Broken[console.NounChannel]),
	}
	switch v := c.Value.(type) {
	case catalogue.Publisher:
		n.alter(ctx, d, next)
		return
	case catalogue.Source:
		n.replaceSource(ctx, next, v)
		n.put(next)
		n.runSource(next, v)
		return
	case catalogue.Channel:
		n.replaceChannel(next, d, v)
		return
	case nil:
		n.drop(next, d, c)
	}
	n.put(next)
}

// found opens a publisher that is new.
func (n *Publishers) found(ctx context.Context, c console.Change, m console.Meta) {
	p, ok := c.Value.(catalogue.Publisher)
	if !ok {
		return
	}
	o := console.NewOutlet(p, map[console.Noun]map[string]console.Meta{console.NounPublisher: {p.ID: m}})
	if err := n.open(ctx, o); err != nil {
		n.Logger.Warn("a publisher could not be opened whole", "publisher", p.ID, "error", err)
	}
}

// alter takes a publisher's own fields over. Where they concern its sources
// and channels, these are opened anew.
func (n *Publishers) alter(ctx context.Context, d, next *desk) {
	before, now := d.outlet.Publisher, next.outlet.Publisher
	if slices.Equal(before.Languages, now.Languages) && before.TimeZone == now.TimeZone {
		n.put(next)
		return
	}
	for _, s := range now.Sources {
		n.replaceSource(ctx, next, s)
	}
	n.put(next)
	for _, s := range now.Sources {
		n.runSource(next, s)
	}
}

func (n *Publishers) replaceSource(ctx context.Context, next *desk, s catalogue.Source) {
	delete(next.outlet.Broken[console.NounSource], s.ID)
	if before := next.sources[s.ID]; before.Mark != "" && before.Mark != mark(s) {
		n.Keeper.Forget(next.outlet.ID, s.ID)
	}
	if err := n.setSource(ctx, next, s); err != nil {
		n.Logger.Warn("a source could not be opened", "publisher", next.outlet.ID, "source", s.ID, "error", err)
	}
}

// replaceChannel opens a channel anew. The old one stops fetching deliveries
// first, so that none is fetched twice, and is closed once nobody finds it any
// more.
func (n *Publishers) replaceChannel(next, d *desk, c catalogue.Channel) {
	delete(next.outlet.Broken[console.NounChannel], c.ID)
	delete(next.opened, c.ID)
	delete(next.channels, c.ID)
	n.runs.stop(next.outlet.ID + "/channel/" + c.ID)
	if err := n.setChannel(next, c); err != nil {
		n.Logger.Warn("a channel could not be opened", "publisher", next.outlet.ID, "channel", c.ID, "error", err)
	}
	n.put(next)
	n.runChannel(next, c.ID)
	n.closeChannel(d.opened[c.ID])
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

// drop takes what was removed off a desk.
func (n *Publishers) drop(next, d *desk, c console.Change) {
	switch c.Noun {
	case console.NounSource:
		n.runs.stop(c.Publisher + "/source/" + c.ID)
		delete(next.sources, c.ID)
		delete(next.terms, c.ID)
		delete(next.outlet.Broken[console.NounSource], c.ID)
		n.forget(c.Publisher, c.ID)
	case console.NounChannel:
		n.runs.stop(c.Publisher + "/channel/" + c.ID)
		delete(next.opened, c.ID)
		delete(next.channels, c.ID)
		delete(next.outlet.Broken[console.NounChannel], c.ID)
		n.put(next)
		n.closeChannel(d.opened[c.ID])
	}
}

// dismiss closes a publisher.
func (n *Publishers) dismiss(d *desk) {
	if d == nil {
		return
	}
	id := d.outlet.ID
	n.runs.stop(id + "/")
	n.mu.Lock()
	delete(n.desks, id)
	n.mu.Unlock()
	n.Channels.Set(id, nil)
	for _, c := range d.opened {
		n.closeChannel(c)
	}
	for _, s := range d.outlet.Sources {
		n.forget(id, s.ID)
	}
}

// drawer is where a thing lies in the store.
func drawer(c console.Change) (noun, id string) {
	if c.Noun == console.NounPublisher {
		return store.OutletNoun, ""
	}
	return string(c.Noun), c.ID
}

// errUnknownKind keeps what this binary cannot open from being lost.
var errUnknownKind = errors.New("its kind is not known to this keypull")
