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
	"keypull/web/console"
)

// Noon is the moment of all that is set up.
func Noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// Memory is a Catalogue that forgets everything with its test.
type Memory struct {
	mu       sync.Mutex
	outlets  map[string]*console.Outlet
	revision uint64
	// Before, where set, is called once before the next change is made: what
	// others do meanwhile.
	Before func()
	// Fails, where set, is the error of saving things of that noun.
	Fails map[console.Noun]error
}

var _ console.Catalogue = (*Memory)(nil)

// New holds publishers as they were set up in the console.
func New(publishers ...catalogue.Publisher) *Memory {
	m := &Memory{outlets: map[string]*console.Outlet{}, Fails: map[console.Noun]error{}}
	for _, p := range publishers {
		m.Put(p)
	}
	return m
}

// Put has a publisher as it was set up in the console; the caller sees to it that
// nobody else works with the Memory.
func (m *Memory) Put(p catalogue.Publisher) *console.Outlet {
	metas := map[console.Noun]map[string]console.Meta{
		console.NounPublisher: {p.ID: m.meta("setup")}, console.NounSource: {}, console.NounKeyword: {}, console.NounChannel: {},
	}
	for _, s := range p.Sources {
		metas[console.NounSource][s.ID] = m.meta("setup")
	}
	for _, k := range p.Keywords {
		metas[console.NounKeyword][k.ID] = m.meta("setup")
	}
	for _, c := range p.Channels {
		metas[console.NounChannel][c.ID] = m.meta("setup")
	}
	o := console.NewOutlet(p, metas)
	m.outlets[p.ID] = o
	return o
}

func (m *Memory) meta(by string) console.Meta {
	m.revision++
	return console.Meta{Version: m.revision, Changed: Noon(), By: by}
}

// Provision makes a publisher one of the configuration file.
func (m *Memory) Provision(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := *m.outlets[id]
	o.Provisioned = true
	m.outlets[id] = &o
}

// Outlet returns a publisher, or nil.
func (m *Memory) Outlet(id string) *console.Outlet {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.outlets[id]
}

// Outlets returns all, ordered by id.
func (m *Memory) Outlets() []*console.Outlet {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []*console.Outlet
	for _, o := range m.outlets {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b *console.Outlet) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Save changes a thing.
func (m *Memory) Save(_ context.Context, c console.Change) (console.Meta, error) {
	m.meanwhile()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.Fails[c.Noun]; err != nil {
		return console.Meta{}, err
	}
	if err := m.check(c); err != nil {
		return console.Meta{}, err
	}
	meta := m.meta(c.By)
	o := m.outlets[c.Publisher]
	if p, ok := c.Value.(catalogue.Publisher); ok && o == nil {
		o = m.Put(p)
		o.Meta = meta
		m.outlets[p.ID] = o.With(c, meta)
		return meta, nil
	}
	m.follow(c, meta)
	return meta, nil
}

// Remove takes a thing away.
func (m *Memory) Remove(_ context.Context, c console.Change) error {
	m.meanwhile()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(c); err != nil {
		return err
	}
	c.Value = nil
	if c.Noun == console.NounPublisher {
		delete(m.outlets, c.Publisher)
		return nil
	}
	m.follow(c, console.Meta{})
	return nil
}

func (m *Memory) follow(c console.Change, meta console.Meta) {
	o := m.outlets[c.Publisher].With(c, meta)
	o.Linter.Follow(o, c)
	m.outlets[c.Publisher] = o
}

// meanwhile lets others act, once.
func (m *Memory) meanwhile() {
	if f := m.Before; f != nil {
		m.Before = nil
		f()
	}
}

func (m *Memory) check(c console.Change) error {
	var there uint64
	o := m.outlets[c.Publisher]
	switch {
	case o != nil:
		there = o.MetaOf(c.Noun, c.ID).Version
	case c.Noun != console.NounPublisher:
		return console.NoPublisher(c.Publisher)
	}
	if there != c.When {
		return fmt.Errorf("save %s: %w", c.ID, &pull.Error{Kind: pull.Conflict, Hint: "another version is there"})
	}
	return nil
}
