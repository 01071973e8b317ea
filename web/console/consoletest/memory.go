// Package consoletest stands in for what the console works with, in tests of
// its operations and of its faces.
package consoletest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
)

// Noon is the moment of all that is set up.
func Noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// Memory is a Catalogue that forgets everything with its test.
type Memory struct {
	mu         sync.Mutex
	publishers map[string]*catalogue.Setup
	revision   uint64
	// Before, where set, is called once before the next change is made: what
	// others do meanwhile.
	Before func()
	// Fails, where set, is the error of saving things of that resource.
	Fails map[catalogue.Resource]error
}

var _ console.Catalogue = (*Memory)(nil)

// New holds publishers as they were set up in the console.
func New(publishers ...catalogue.Publisher) *Memory {
	m := &Memory{publishers: map[string]*catalogue.Setup{}, Fails: map[catalogue.Resource]error{}}
	for _, p := range publishers {
		m.Put(p)
	}
	return m
}

// Put has a publisher as it was set up in the console; the caller sees to it that
// nobody else works with the Memory.
func (m *Memory) Put(p catalogue.Publisher) *catalogue.Setup {
	metas := catalogue.Metas{}
	for _, n := range catalogue.Resources() {
		metas[n] = map[string]catalogue.Meta{}
		for _, id := range n.IDs(&p) {
			metas[n][id] = m.meta("setup")
		}
	}
	o := catalogue.NewSetup(p, metas)
	m.publishers[p.ID] = o
	return o
}

func (m *Memory) meta(by string) catalogue.Meta {
	m.revision++
	return catalogue.Meta{Version: m.revision, Changed: Noon(), By: by}
}

// Provision makes a publisher one of the configuration file.
func (m *Memory) Provision(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := *m.publishers[id]
	o.Provisioned = true
	m.publishers[id] = &o
}

// Publisher returns a publisher, or nil.
func (m *Memory) Publisher(id string) *catalogue.Setup {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.publishers[id]
}

// Publishers returns all, ordered by id.
func (m *Memory) Publishers() []*catalogue.Setup {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []*catalogue.Setup
	for _, o := range m.publishers {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b *catalogue.Setup) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Save changes a thing.
func (m *Memory) Save(ctx context.Context, c catalogue.Change) (catalogue.Meta, error) {
	metas, err := m.SaveAll(ctx, []catalogue.Change{c})
	if err != nil {
		return catalogue.Meta{}, err
	}
	return metas[0], nil
}

// Remove takes a thing away.
func (m *Memory) Remove(ctx context.Context, c catalogue.Change) error {
	c.Value = nil
	_, err := m.SaveAll(ctx, []catalogue.Change{c})
	return err
}

// SaveAll changes things, all of them or none.
func (m *Memory) SaveAll(_ context.Context, changes []catalogue.Change) ([]catalogue.Meta, error) {
	m.meanwhile()
	m.mu.Lock()
	defer m.mu.Unlock()
	metas := make([]catalogue.Meta, len(changes))
	for i, c := range changes {
		if err := m.Fails[c.Resource]; err != nil && c.Value != nil {
			return nil, err
		}
		if err := m.check(c); err != nil {
			return nil, err
		}
		if c.Value == nil {
			continue
		}
		if metas[i] = m.meta(c.By); !c.Changed.IsZero() {
			metas[i].Changed = c.Changed
		}
	}
	c := changes[0]
	o := m.publishers[c.Publisher]
	p, own := c.Value.(catalogue.Publisher)
	switch {
	case own && o == nil:
		o = m.Put(p)
		o.Meta = metas[0]
		m.publishers[p.ID] = o.With(c, metas[0])
	case c.Resource == catalogue.ResourcePublisher && c.Value == nil:
		delete(m.publishers, c.Publisher)
	default:
		o = o.WithAll(changes, metas)
		o.Linter.Follow(o, changes...)
		m.publishers[c.Publisher] = o
	}
	return metas, nil
}

// meanwhile lets others act, once.
func (m *Memory) meanwhile() {
	if f := m.Before; f != nil {
		m.Before = nil
		f()
	}
}

func (m *Memory) check(c catalogue.Change) error {
	var there uint64
	o := m.publishers[c.Publisher]
	switch {
	case o != nil:
		there = o.MetaOf(c.Resource, c.ID).Version
	case c.Resource != catalogue.ResourcePublisher:
		return console.NoPublisher(c.Publisher)
	}
	if there != c.When {
		return fmt.Errorf("save %s: %w", c.ID, &pull.Error{Kind: pull.Conflict, Hint: words.Text{Key: "hint.stale"}})
	}
	return nil
}
