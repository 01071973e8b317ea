package console_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/web/console"
)

// noon is the moment of all tests.
func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// memory is a Catalogue that forgets everything with its test.
type memory struct {
	mu       sync.Mutex
	outlets  map[string]*console.Outlet
	revision uint64
	// before, where set, is called once before the next change is made: what
	// others do meanwhile.
	before func()
	// fails, where set, is the error of saving things of that noun.
	fails map[console.Noun]error
}

var _ console.Catalogue = (*memory)(nil)

// newMemory holds publishers as they were set up in the console.
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
	return console.Meta{Version: m.revision, Changed: noon(), By: by}
}

// provision makes a publisher one of the configuration file.
func (m *memory) provision(id string) {
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
	m.meanwhile()
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
		m.outlets[p.ID] = o.With(c, meta)
		return meta, nil
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
	m.meanwhile()
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

// meanwhile lets others act, once.
func (m *memory) meanwhile() {
	if f := m.before; f != nil {
		m.before = nil
		f()
	}
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

func TestTheMemoryOfTestsKeepsVersions(t *testing.T) {
	m := newMemory(lecker())
	change := console.Change{Publisher: "lecker", Noun: console.NounKeyword, ID: "news",
		Value: catalogue.Keyword{ID: "news"}, When: m.Outlet("lecker").MetaOf(console.NounKeyword, "news").Version}
	if _, err := m.Save(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Save(t.Context(), change); pull.KindOf(err) != pull.Conflict {
		t.Fatalf("an old version replaced a new one: %v", err)
	}
}
