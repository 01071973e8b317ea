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
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

var _ console.Catalogue = (*Publishers)(nil)

// Publisher returns one as it is set up, or nil.
func (n *Publishers) Publisher(id string) *catalogue.Setup {
	if ed := n.currentEdition(id); ed != nil {
		return ed.publisher
	}
	return nil
}

// Publishers returns all publishers, ordered by id.
func (n *Publishers) Publishers() []*catalogue.Setup {
	n.mu.RLock()
	defer n.mu.RUnlock()
	sorted := n.sorted.Load()
	if sorted == nil {
		all := slices.SortedFunc(maps.Values(n.editions), func(a, b *edition) int { return strings.Compare(a.publisher.ID, b.publisher.ID) })
		sorted = &all
		n.sorted.Store(sorted)
	}
	all := make([]*catalogue.Setup, len(*sorted))
	for i, ed := range *sorted {
		all[i] = ed.publisher
	}
	return all
}

// setEdition has a publisher answer by an edition, or by none where that is nil.
func (n *Publishers) setEdition(id string, ed *edition) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.sorted.Store(nil); ed == nil {
		delete(n.editions, id)
		delete(n.wrong, id)
		return
	}
	n.editions[id] = ed
}

// Save writes a change down and has readers answered by it before it returns.
// Opening costs no network: what a source has is fetched when it is asked.
func (n *Publishers) Save(ctx context.Context, c catalogue.Change) (catalogue.Meta, error) {
	metas, err := n.SaveAll(ctx, []catalogue.Change{c})
	if err != nil {
		return catalogue.Meta{}, err
	}
	return metas[0], nil
}

// Remove takes a thing away, a publisher with all it has.
func (n *Publishers) Remove(ctx context.Context, c catalogue.Change) error {
	c.Value = nil
	if c.Resource != catalogue.ResourcePublisher {
		_, err := n.SaveAll(ctx, []catalogue.Change{c})
		return err
	}
	n.changing.Lock()
	defer n.changing.Unlock()
	ed := n.currentEdition(c.Publisher)
	if err := (drawer{n}).checkChange(ed, c); err != nil {
		return err
	}
	if err := n.Store.Delete(ctx, c.Resource, c.Publisher, "", c.When); err != nil {
		return fmt.Errorf("remove %s %s: %w", c.Resource, c.ID, err)
	}
	n.closeEdition(ed)
	return nil
}

// SaveAll makes changes of different things of one publisher as one: all of them
// are written, or none, and readers meet no half of them. A change without a value
// removes. Every change of what a publisher has comes through here.
func (n *Publishers) SaveAll(ctx context.Context, changes []catalogue.Change) ([]catalogue.Meta, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	n.changing.Lock()
	defer n.changing.Unlock()
	ed := n.currentEdition(changes[0].Publisher)
	kept := make([]store.Writing, len(changes))
	for i, c := range changes {
		if err := (drawer{n}).checkChange(ed, c); err != nil {
			return nil, err
		}
		var err error
		if kept[i], err = (drawer{n}).encodeChange(ed, c); err != nil {
			return nil, err
		}
	}
	metas, err := drawer{n}.writeChanges(ctx, changes, kept)
	if err != nil {
		return nil, err
	}
	// From here on it is saved, whether or not whoever asked still waits.
	n.applyChanges(context.WithoutCancel(ctx), ed, changes, metas)
	return metas, nil
}

// writeChanges writes changes down; one alone by itself, so that the store tells what is
// not there from what is at another version.
func (n drawer) writeChanges(ctx context.Context, changes []catalogue.Change, kept []store.Writing) ([]catalogue.Meta, error) {
	var (
		revisions = make([]uint64, 1)
		err       error
	)
	switch c := changes[0]; {
	case len(changes) > 1:
		revisions, err = n.Store.Write(ctx, kept)
	case c.Value == nil:
		err = n.Store.Delete(ctx, c.Resource, c.Publisher, keptID(c), c.When)
	default:
		revisions[0], err = n.Store.Put(ctx, kept[0].Stored, c.When)
	}
	if err != nil {
		return nil, fmt.Errorf("save %s %s: %w", changes[0].Resource, changes[0].ID, err)
	}
	metas := make([]catalogue.Meta, len(changes))
	for i, c := range changes {
		if c.Value != nil {
			metas[i] = catalogue.Meta{Version: revisions[i], Changed: kept[i].Changed, By: kept[i].By}
		}
	}
	return metas, nil
}

func (n drawer) checkChange(ed *edition, c catalogue.Change) error {
	switch {
	case n.Store == nil:
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "refusal.server_needed"}}
	case ed != nil && ed.publisher.Provisioned:
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "settings.provisioned"}}
	case ed == nil && n.hasLeft(c.Publisher):
		return &pull.Error{Kind: pull.Conflict, Field: string(catalogue.ResourcePublisher), Hint: words.Text{Key: "publisher.left", Args: words.Args{"publisher": c.Publisher}}}
	case ed == nil && c.Resource != catalogue.ResourcePublisher:
		return console.NoPublisher(c.Publisher)
	}
	return nil
}

// applyChanges makes changes that have been written down those that answer.
func (n *Publishers) applyChanges(ctx context.Context, ed *edition, changes []catalogue.Change, metas []catalogue.Meta) {
	if ed == nil {
		n.addPublisher(ctx, changes[0], metas[0])
		return
	}
	next := ed.copyMaps()
	next.publisher = ed.publisher.WithAll(changes, metas)
	next.publisher.Linter.Follow(next.publisher, changes...)
	next.publisher.Broken = map[catalogue.Resource]map[string]words.Text{
		catalogue.ResourceSource:  maps.Clone(ed.publisher.Broken[catalogue.ResourceSource]),
		catalogue.ResourceChannel: maps.Clone(ed.publisher.Broken[catalogue.ResourceChannel]),
	}
	var after []func()
	for _, c := range changes {
		switch v := c.Value.(type) {
		case catalogue.Publisher:
			after = append(after, n.replacePart(ctx, ed, next))
		case catalogue.Source:
			after = append(after, n.replaceSource(ctx, ed, next, v))
		case catalogue.Channel:
			after = append(after, n.replaceChannel(ed, next, v))
		case nil:
			after = append(after, n.dropPart(ed, next, c))
		}
	}
	n.republish(next)
	for _, f := range after {
		f()
	}
}

// addPublisher opens a publisher that is new.
func (n *Publishers) addPublisher(ctx context.Context, c catalogue.Change, m catalogue.Meta) {
	p, ok := c.Value.(catalogue.Publisher)
	if !ok {
		return
	}
	o := catalogue.NewSetup(p, catalogue.Metas{catalogue.ResourcePublisher: {p.ID: m}})
	if err := n.openPublisher(ctx, o); err != nil {
		n.Logger.Warn("a publisher could not be opened whole", "publisher", p.ID, "error", err)
	}
}

// replacePart takes a publisher's own fields over. Where they concern its sources
// and channels, these are opened anew. What is returned is done once the next
// edition answers; so it is of those below.
func (n *Publishers) replacePart(ctx context.Context, ed, next *edition) func() {
	before, now := &ed.publisher.Publisher, &next.publisher.Publisher
	var after []func()
	if concernsSources(before, now) {
		for _, s := range now.Sources {
			after = append(after, n.replaceSource(ctx, ed, next, s))
		}
	}
	if concernsChannels(before, now) {
		for _, c := range now.Channels {
			after = append(after, n.replaceChannel(ed, next, c))
		}
	}
	return func() {
		for _, f := range after {
			f()
		}
	}
}

// concernsSources reports whether a publisher's sources are other ones by its own fields.
func concernsSources(before, now *catalogue.Publisher) bool {
	return !slices.Equal(before.Languages, now.Languages) || before.TimeZone != now.TimeZone
}

// concernsChannels is concernsSources of channels.
func concernsChannels(before, now *catalogue.Publisher) bool {
	return before.UnderAge != now.UnderAge || before.StaffOnly != now.StaffOnly || before.Clicks != now.Clicks
}

func (n *Publishers) replaceSource(ctx context.Context, ed, next *edition, s catalogue.Source) func() {
	delete(next.publisher.Broken[catalogue.ResourceSource], s.ID)
	before, was := next.sources[s.ID]
	if was && before.Mark != "" && before.Mark != sourceMark(s) {
		n.Cache.Forget(next.publisher.ID, s.ID)
	}
	if !was {
		drawer{n}.moveIn(ctx, ed, s)
	}
	if err := (opener{n}).setSource(ctx, next, s); err != nil {
		n.Logger.Warn("a source could not be opened", "publisher", next.publisher.ID, "source", s.ID, "error", err)
	}
	return func() {
		runner{n}.runSource(next, s)
		parting{n}.closeSource(next.publisher.ID, s.ID, before)
	}
}

// replaceChannel opens a channel anew. The old one stops fetching deliveries
// first, so that none is fetched twice, and is closed once nobody finds it any
// more.
func (n *Publishers) replaceChannel(ed, next *edition, c catalogue.Channel) func() {
	n.stopChannel(next, c.ID)
	if err := (opener{n}).setChannel(next, c); err != nil {
		n.Logger.Warn("a channel could not be opened", "publisher", next.publisher.ID, "channel", c.ID, "error", err)
	}
	return func() {
		runner{n}.runChannel(next, c.ID)
		n.closeChannel(ed.opened[c.ID])
	}
}

func (n *Publishers) closeChannel(c *messengers.Channel) {
	if c == nil {
		return
	}
	if err := closeMessengers(c); err != nil {
		n.Logger.Warn("a channel did not close", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
}

// dropPart takes what was removed off an edition.
func (n *Publishers) dropPart(ed, next *edition, c catalogue.Change) func() {
	switch c.Resource {
	case catalogue.ResourceSource:
		n.stopSource(next, c.ID)
		return func() {
			parting{n}.leaveSource(c.Publisher, c.ID, ed.sources[c.ID])
			n.removeSourceFiles(c.Publisher, c.ID)
		}
	case catalogue.ResourceChannel:
		n.stopChannel(next, c.ID)
		return func() {
			n.closeChannel(ed.opened[c.ID])
			n.clearState(c.Publisher, c.ID)
			n.clearState(c.Publisher, placeOfSecrets(c.ID))
		}
	}
	return func() {}
}

// stopSource takes a source off an edition that nobody sees yet.
func (n *Publishers) stopSource(next *edition, id string) {
	n.runs.stopRun(next.publisher.ID + "/source/" + id)
	n.runs.stopRun(vocabularyRun(next.publisher.ID, id))
	delete(next.sources, id)
	delete(next.terms, id)
	delete(next.publisher.Broken[catalogue.ResourceSource], id)
}

// stopChannel is stopSource of a channel.
func (n *Publishers) stopChannel(next *edition, id string) {
	n.runs.stopRun(next.publisher.ID + "/channel/" + id)
	delete(next.opened, id)
	delete(next.channels, id)
	delete(next.publisher.Broken[catalogue.ResourceChannel], id)
}

// closeEdition closes a publisher that was removed.
func (n *Publishers) closeEdition(ed *edition) {
	if ed == nil {
		return
	}
	n.stopEdition(ed)
	id := ed.publisher.ID
	for _, s := range ed.publisher.Sources {
		parting{n}.leaveSource(id, s.ID, ed.sources[s.ID])
		n.removeSourceFiles(id, s.ID)
	}
	for _, c := range ed.publisher.Channels {
		n.clearState(id, c.ID)
		n.clearState(id, placeOfSecrets(c.ID))
	}
}

// stopEdition has a publisher answer no more, and closes its channels.
func (n *Publishers) stopEdition(ed *edition) {
	id := ed.publisher.ID
	n.runs.stopRun(id + "/")
	n.setEdition(id, nil)
	n.Channels.Set(id, nil)
	if n.Items != nil {
		n.Items.Follow(id, nil, nil)
	}
	for _, c := range ed.opened {
		n.closeChannel(c)
	}
}

// clearState empties the place of a channel or source that is gone.
func (n *Publishers) clearState(publisher, channel string) {
	if n.Place == nil {
		return
	}
	if err := n.Place(publisher, channel).Keep(context.Background(), nil); err != nil {
		n.Logger.Warn("what was kept could not be removed", "publisher", publisher, "of", channel, "error", err)
	}
}

// keptID is by what id a thing lies in the store.
func keptID(c catalogue.Change) string {
	if c.Resource == catalogue.ResourcePublisher {
		return ""
	}
	return c.ID
}

// errUnknownKind keeps what this binary cannot open from being lost.
var errUnknownKind = words.Fail(nil, "document.kind_unknown", nil)
