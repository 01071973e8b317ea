package site_test

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

// memory is a Catalogue that forgets everything with its test.
type memory struct {
	mu       sync.Mutex
	outlets  map[string]*console.Outlet
	revision uint64
	// fails, where set, is the error of saving things of that noun.
	fails map[console.Noun]error
}

var _ console.Catalogue = (*memory)(nil)

func newMemory(publishers ...catalogue.Publisher) *memory {
	m := &memory{outlets: map[string]*console.Outlet{}, fails: map[console.Noun]error{}}
	for _, p := range publishers {
		m.put(p)
	}
	return m
}

func (m *memory) put(p catalogue.Publisher) *console.Outlet {
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
	o.Linter = catalogue.NewLinter(p)
	m.outlets[p.ID] = o
	return o
}

func (m *memory) meta(by string) console.Meta {
	m.revision++
	return console.Meta{Version: m.revision, Changed: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), By: by}
}

// provision makes a publisher one of the configuration file.
func (m *memory) provision(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := *m.outlets[id]
	o.Provisioned = true
	m.outlets[id] = &o
}

func (m *memory) Outlet(id string) *console.Outlet {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.outlets[id]
}

func (m *memory) Outlets() []*console.Outlet {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []*console.Outlet
	for _, o := range m.outlets {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b *console.Outlet) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (m *memory) Save(_ context.Context, c console.Change) (console.Meta, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fails[c.Noun]; err != nil {
		return console.Meta{}, err
	}
	if err := m.check(c); err != nil {
		return console.Meta{}, err
	}
	meta := m.meta(c.By)
	o := m.outlets[c.Publisher]
	if p, ok := c.Value.(catalogue.Publisher); ok && o == nil {
		o = m.put(p)
		o.Meta = meta
	}
	switch v := c.Value.(type) {
	case catalogue.Keyword:
		o.Linter.Put(v)
	case catalogue.Publisher:
		o.Linter.Settings(v)
	}
	m.outlets[c.Publisher] = o.With(c, meta)
	return meta, nil
}

func (m *memory) Remove(_ context.Context, c console.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(c); err != nil {
		return err
	}
	c.Value = nil
	switch c.Noun {
	case console.NounPublisher:
		delete(m.outlets, c.Publisher)
		return nil
	case console.NounKeyword:
		m.outlets[c.Publisher].Linter.Drop(c.ID)
	}
	m.outlets[c.Publisher] = m.outlets[c.Publisher].With(c, console.Meta{})
	return nil
}

func (m *memory) check(c console.Change) error {
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
