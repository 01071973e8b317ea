package catalogue

import (
	"cmp"
	"fmt"
	"slices"

	"keypull/pull/settings"
)

// Resource is what a publisher is made of.
type Resource string

// The resources, as they stand in the audit log.
const (
	ResourcePublisher Resource = "publisher"
	ResourceSource    Resource = "source"
	ResourceKeyword   Resource = "keyword"
	ResourceChannel   Resource = "channel"
)

// parts is the table of the resources of which a publisher has many things: all that
// the store, the console and whoever opens publishers must know to keep them. A
// thing is the value of a struct of this package.
var parts = []row{
	list(ResourceSource, func(p *Publisher) *[]Source { return &p.Sources }, func(s *Source) string { return s.ID },
		func(s *Source) (string, *map[string]any) { return s.Kind, &s.Settings }),
	list(ResourceKeyword, func(p *Publisher) *[]Keyword { return &p.Keywords }, func(k *Keyword) string { return k.ID }, nil),
	list(ResourceChannel, func(p *Publisher) *[]Channel { return &p.Channels }, func(c *Channel) string { return c.ID },
		func(c *Channel) (string, *map[string]any) { return c.Kind, &c.Settings }),
}

// rows are all resources: the publisher's own fields before its parts.
var rows = append([]row{{
	resource: ResourcePublisher, fill: newFilled[Publisher],
	values: func(thing any) (map[string]any, error) {
		if p, ok := thing.(Publisher); ok {
			thing = p.Own()
		}
		return valuesOf[Publisher](thing)
	},
	put: func(p *Publisher, thing any) {
		if own, ok := thing.(Publisher); ok {
			own.takeResources(p)
			*p = own
		}
	},
	secrets: func(thing any, f SettingsOf) (any, error) {
		own, ok := thing.(Publisher)
		if !ok || own.Person.Bridge.Kind == "" {
			return thing, nil
		}
		values, err := f(own.Person.Bridge.Kind, own.Person.Bridge.Settings)
		own.Person.Bridge.Settings = values
		return own, err
	},
}}, parts...)

// row is one resource.
type row struct {
	resource Resource
	// fill makes a thing of its values, values takes it apart again.
	fill   func(values map[string]any) (any, error)
	values func(thing any) (map[string]any, error)
	// secrets returns the thing with f applied to its kind's settings, of a publisher its
	// bridge's; nil where things of the resource have no kind.
	secrets func(thing any, f SettingsOf) (any, error)
	// put gives a publisher a thing that it does not have yet.
	put func(p *Publisher, thing any)
	// room makes room for so many things; nil for the publisher's own fields.
	room func(p *Publisher, n int)
	// What follows is nil for the publisher's own fields.

	// ids are those of a publisher's things, in their order.
	ids func(p *Publisher) []string
	// kinds are theirs; nil where things of the resource have none.
	kinds func(p *Publisher) []string
	sort  func(p *Publisher)
	// take has one publisher's things be those of another.
	take func(to, from *Publisher)
	// at is the thing at a place of its list.
	at func(p *Publisher, place int) any
	// change sets and removes things in a list of its own, and returns where each
	// of the list was before: -1 where it is another.
	change func(p *Publisher, places map[string]int, changes []Change) (from []int)
	// former tells the ids that a publisher's things had before, by those that
	// they have.
	former func(p *Publisher) map[string][]string
	// renames: its things may be given other ids.
	renames bool
}

// SettingsOf returns other settings for those of a kind.
type SettingsOf func(kind string, values map[string]any) (map[string]any, error)

// list returns the row of a resource of which a publisher has many things, ordered by id.
func list[T any](n Resource, of func(*Publisher) *[]T, id func(*T) string, kind func(*T) (string, *map[string]any)) row {
	texts := func(text func(*T) string) func(p *Publisher) []string {
		return func(p *Publisher) []string {
			all := make([]string, len(*of(p)))
			for i := range all {
				all[i] = text(&(*of(p))[i])
			}
			return all
		}
	}
	r := row{
		resource: n, fill: newFilled[T], values: valuesOf[T], ids: texts(id),
		put: func(p *Publisher, thing any) {
			if v, ok := thing.(T); ok {
				*of(p) = append(*of(p), v)
			}
		},
		room: func(p *Publisher, n int) { *of(p) = slices.Grow(*of(p), n) },
		sort: func(p *Publisher) {
			slices.SortFunc(*of(p), func(a, b T) int { return cmp.Compare(id(&a), id(&b)) })
		},
		take: func(to, from *Publisher) { *of(to) = *of(from) },
		at:   func(p *Publisher, place int) any { return (*of(p))[place] },
		change: func(p *Publisher, places map[string]int, changes []Change) (from []int) {
			*of(p), from = merged(*of(p), places, changes, id)
			return from
		},
		former: func(p *Publisher) map[string][]string {
			all := map[string][]string{}
			for i := range *of(p) {
				thing := &(*of(p))[i]
				if r, ok := any(thing).(renamed); ok && len(r.formerIDs()) > 0 {
					all[id(thing)] = r.formerIDs()
				}
			}
			return all
		},
	}
	_, r.renames = any(new(T)).(renamed)
	if kind != nil {
		r.kinds = texts(func(v *T) string {
			name, _ := kind(v)
			return name
		})
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

// merged returns a list, which others hold too, after changes: ordered by id. from
// tells of each entry where it was before; -1 if it is another.
func merged[T any](list []T, places map[string]int, changes []Change, id func(*T) string) (next []T, from []int) {
	gone, added := map[int]bool{}, []T{}
	for _, c := range changes {
		if at, was := places[c.ID]; was {
			gone[at] = true
		}
		if value, is := c.Value.(T); is {
			added = append(added, value)
		}
	}
	slices.SortStableFunc(added, func(a, b T) int { return cmp.Compare(id(&a), id(&b)) })
	next, from = make([]T, 0, len(list)+len(added)), make([]int, 0, len(list)+len(added))
	take := func(before string, all bool) {
		for len(added) > 0 && (all || id(&added[0]) < before) {
			next, from, added = append(next, added[0]), append(from, -1), added[1:]
		}
	}
	for i := range list {
		take(id(&list[i]), false)
		if !gone[i] {
			next, from = append(next, list[i]), append(from, i)
		}
	}
	take("", true)
	return next, from
}

func newFilled[T any](values map[string]any) (any, error) {
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

// tableRow finds a resource; one that is not known has no functions.
func (n Resource) tableRow() row {
	i := slices.IndexFunc(rows, func(r row) bool { return r.resource == n })
	if i < 0 {
		return row{}
	}
	return rows[i]
}

// Resources lists all resources, the publisher's own fields first.
func Resources() []Resource { return nounsOf(rows) }

// Parts lists the resources of which a publisher has many things.
func Parts() []Resource { return nounsOf(parts) }

func nounsOf(rows []row) []Resource {
	all := make([]Resource, len(rows))
	for i, r := range rows {
		all[i] = r.resource
	}
	return all
}

// Fill makes a thing of a resource of its values. Where one of them is not good the
// thing has the others, beside the error.
func (n Resource) Fill(values map[string]any) (any, error) {
	if fill := n.tableRow().fill; fill != nil {
		return fill(values)
	}
	return nil, fmt.Errorf("%q is nothing that a publisher has", n)
}

// Values takes a thing apart, as Fill takes it; a publisher's own fields alone.
func (n Resource) Values(thing any) (map[string]any, error) {
	if values := n.tableRow().values; values != nil {
		return values(thing)
	}
	return nil, fmt.Errorf("%q is nothing that a publisher has", n)
}

// Secrets returns a thing with f applied to the settings of its kind, where it
// has one. The thing is there beside an error too.
func (n Resource) Secrets(thing any, f SettingsOf) (any, error) {
	if secrets := n.tableRow().secrets; secrets != nil {
		return secrets(thing, f)
	}
	return thing, nil
}

// IDs returns those of the things that a publisher has of a resource, in their order.
func (n Resource) IDs(p *Publisher) []string {
	if ids := n.tableRow().ids; ids != nil {
		return ids(p)
	}
	return []string{p.ID}
}

// Kinds returns those of the same things, or nil if the resource has none.
func (n Resource) Kinds(p *Publisher) []string {
	if kinds := n.tableRow().kinds; kinds != nil {
		return kinds(p)
	}
	return nil
}

// Own returns the publisher's own fields, without its things.
func (p *Publisher) Own() Publisher {
	own := *p
	own.takeResources(&Publisher{})
	return own
}

// takeResources has the things of another publisher.
func (p *Publisher) takeResources(from *Publisher) {
	for _, r := range parts {
		r.take(p, from)
	}
}
