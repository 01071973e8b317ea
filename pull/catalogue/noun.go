package catalogue

import (
	"cmp"
	"fmt"
	"slices"

	"keypull/pull/settings"
)

// Noun is what a publisher is made of.
type Noun string

// The nouns, as they stand in the audit log.
const (
	NounPublisher Noun = "publisher"
	NounSource    Noun = "source"
	NounKeyword   Noun = "keyword"
	NounChannel   Noun = "channel"
)

// parts is the table of the nouns of which a publisher has many things: all that
// the store, the console and whoever opens publishers must know to keep them. A
// thing is the value of a struct of this package.
var parts = []row{
	list(NounSource, func(p *Publisher) *[]Source { return &p.Sources }, func(s *Source) string { return s.ID },
		func(s *Source) (string, *map[string]any) { return s.Kind, &s.Settings }),
	list(NounKeyword, func(p *Publisher) *[]Keyword { return &p.Keywords }, func(k *Keyword) string { return k.ID }, nil),
	list(NounChannel, func(p *Publisher) *[]Channel { return &p.Channels }, func(c *Channel) string { return c.ID },
		func(c *Channel) (string, *map[string]any) { return c.Kind, &c.Settings }),
}

// rows are all nouns: the publisher's own fields before its parts.
var rows = append([]row{{
	noun: NounPublisher, fill: filled[Publisher],
	values: func(thing any) (map[string]any, error) {
		if p, ok := thing.(Publisher); ok {
			thing = p.Own()
		}
		return valuesOf[Publisher](thing)
	},
	put: func(p *Publisher, thing any) {
		if own, ok := thing.(Publisher); ok {
			own.take(p)
			*p = own
		}
	},
}}, parts...)

// row is one noun.
type row struct {
	noun Noun
	// fill makes a thing of its values, values takes it apart again.
	fill   func(values map[string]any) (any, error)
	values func(thing any) (map[string]any, error)
	// secrets returns the thing with f applied to its kind's settings; nil where
	// things of the noun have no kind.
	secrets func(thing any, f SettingsOf) (any, error)
	// put gives a publisher a thing that it does not have yet.
	put func(p *Publisher, thing any)
	// What follows is nil for the publisher's own fields.

	// ids are those of a publisher's things, in their order.
	ids  func(p *Publisher) []string
	sort func(p *Publisher)
	// take has one publisher's things be those of another.
	take func(to, from *Publisher)
	// at is the thing at a place of its list.
	at func(p *Publisher, place int) any
	// change sets or removes one thing in a list of its own, and returns its
	// place and whether it was and is there.
	change func(p *Publisher, places map[string]int, c Change) (at int, was, is bool)
}

// SettingsOf returns other settings for those of a kind.
type SettingsOf func(kind string, values map[string]any) (map[string]any, error)

// list is the row of a noun of which a publisher has many things, ordered by id.
func list[T any](n Noun, of func(*Publisher) *[]T, id func(*T) string, kind func(*T) (string, *map[string]any)) row {
	r := row{
		noun: n, fill: filled[T], values: valuesOf[T],
		put: func(p *Publisher, thing any) {
			if v, ok := thing.(T); ok {
				*of(p) = append(*of(p), v)
			}
		},
		ids: func(p *Publisher) []string {
			all := make([]string, len(*of(p)))
			for i := range all {
				all[i] = id(&(*of(p))[i])
			}
			return all
		},
		sort: func(p *Publisher) {
			slices.SortFunc(*of(p), func(a, b T) int { return cmp.Compare(id(&a), id(&b)) })
		},
		take: func(to, from *Publisher) { *of(to) = *of(from) },
		at:   func(p *Publisher, place int) any { return (*of(p))[place] },
		change: func(p *Publisher, places map[string]int, c Change) (int, bool, bool) {
			return replace(of(p), places, c, id)
		},
	}
	if kind != nil {
		r.secrets = func(thing any, f SettingsOf) (any, error) {
			v, _ := thing.(T)
			name, held := kind(&v)
			values, err := f(name, *held)
			*held = values
			return v, err
		}
	}
	return r
}

// replace sets or removes an entry of a list that others hold too.
func replace[T any](list *[]T, places map[string]int, c Change, id func(*T) string) (at int, was, is bool) {
	value, is := c.Value.(T)
	at, was = places[c.ID]
	next := slices.Clone(*list)
	switch {
	case is && was:
		next[at] = value
	case is:
		at, _ = slices.BinarySearchFunc(next, c.ID, func(e T, wanted string) int { return cmp.Compare(id(&e), wanted) })
		next = slices.Insert(next, at, value)
	case was:
		next = slices.Delete(next, at, at+1)
	}
	*list = next
	return at, was, is
}

func filled[T any](values map[string]any) (any, error) {
	var v T
	if d, ok := any(&v).(interface{ Defaults() }); ok {
		d.Defaults()
	}
	err := settings.Fill(&v, values)
	return v, err //nolint:wrapcheck // settings names the field
}

func valuesOf[T any](thing any) (map[string]any, error) {
	v, ok := thing.(T)
	if !ok {
		return nil, fmt.Errorf("a %T is not a %T", thing, v)
	}
	values, err := settings.Values(&v)
	if err != nil {
		return nil, fmt.Errorf("take apart: %w", err)
	}
	return values, nil
}

// row finds a noun; one that is not known has no functions.
func (n Noun) row() row {
	i := slices.IndexFunc(rows, func(r row) bool { return r.noun == n })
	if i < 0 {
		return row{}
	}
	return rows[i]
}

// Nouns lists all nouns, the publisher's own fields first.
func Nouns() []Noun { return nounsOf(rows) }

// Parts lists the nouns of which a publisher has many things.
func Parts() []Noun { return nounsOf(parts) }

func nounsOf(rows []row) []Noun {
	all := make([]Noun, len(rows))
	for i, r := range rows {
		all[i] = r.noun
	}
	return all
}

// Fill makes a thing of a noun of its values. Where one of them is not good the
// thing has the others, beside the error.
func (n Noun) Fill(values map[string]any) (any, error) {
	if fill := n.row().fill; fill != nil {
		return fill(values)
	}
	return nil, fmt.Errorf("%q is nothing that a publisher has", n)
}

// Values takes a thing apart, as Fill takes it; a publisher's own fields alone.
func (n Noun) Values(thing any) (map[string]any, error) {
	if values := n.row().values; values != nil {
		return values(thing)
	}
	return nil, fmt.Errorf("%q is nothing that a publisher has", n)
}

// Secrets returns a thing with f applied to the settings of its kind, where it
// has one. The thing is there beside an error too.
func (n Noun) Secrets(thing any, f SettingsOf) (any, error) {
	if secrets := n.row().secrets; secrets != nil {
		return secrets(thing, f)
	}
	return thing, nil
}

// IDs are those of the things that a publisher has of a noun, in their order.
func (n Noun) IDs(p *Publisher) []string {
	if ids := n.row().ids; ids != nil {
		return ids(p)
	}
	return []string{p.ID}
}

// Own returns the publisher's own fields, without its things.
func (p *Publisher) Own() Publisher {
	own := *p
	own.take(&Publisher{})
	return own
}

// take has the things of another publisher.
func (p *Publisher) take(from *Publisher) {
	for _, r := range parts {
		r.take(p, from)
	}
}
