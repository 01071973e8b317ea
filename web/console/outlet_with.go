package console

import (
	"cmp"
	"maps"
	"slices"

	"keypull/pull/catalogue"
)

// With returns the outlet as it is after a change: a new one that shares what
// did not change. Lists stay ordered by id. Its Linter is the same, which whoever
// makes the change has Follow it.
func (o *Outlet) With(c Change, m Meta) *Outlet {
	next := *o
	next.metas = maps.Clone(o.metas)
	if next.metas == nil {
		next.metas = map[Noun]map[string]Meta{}
	}
	of := maps.Clone(o.metas[c.Noun])
	if of == nil {
		of = map[string]Meta{}
	}
	if next.metas[c.Noun] = of; c.Value == nil {
		delete(of, c.ID)
	} else {
		of[c.ID] = m
	}
	switch c.Noun {
	case NounPublisher:
		next.alter(c, m)
	case NounSource:
		next.Sources, next.sources, _ = changed(o.Sources, o.sources, c, func(s catalogue.Source) string { return s.ID })
	case NounChannel:
		next.Channels, next.channels, _ = changed(o.Channels, o.channels, c, func(s catalogue.Channel) string { return s.ID })
	case NounKeyword:
		next.withKeyword(c, o)
	}
	return &next
}

// alter takes a publisher's own fields over.
func (o *Outlet) alter(c Change, m Meta) {
	p, ok := c.Value.(catalogue.Publisher)
	if !ok {
		return
	}
	p.Sources, p.Keywords, p.Channels = o.Sources, o.Keywords, o.Channels
	o.Publisher, o.Meta = p, m
}

func (o *Outlet) withKeyword(c Change, last *Outlet) {
	var at int
	o.Keywords, o.keywords, at = changed(last.Keywords, last.keywords, c, func(k catalogue.Keyword) string { return k.ID })
	k, stays := c.Value.(catalogue.Keyword)
	_, was := last.keywords[c.ID]
	o.search, o.counts = slices.Clone(last.search), countKeywords(o.Keywords)
	switch {
	case stays && was:
		o.search[at] = searchable(&k)
	case stays:
		o.search = slices.Insert(o.search, at, searchable(&k))
	case was:
		o.search = slices.Delete(o.search, at, at+1)
	}
}

// changed returns a list with one entry set or removed, the places of all, and
// the place where that happened.
func changed[T any](list []T, places map[string]int, c Change, id func(T) string) ([]T, map[string]int, int) {
	value, stays := c.Value.(T)
	at, was := places[c.ID]
	list = slices.Clone(list)
	switch {
	case stays && was:
		list[at] = value
		return list, places, at
	case stays:
		at, _ = slices.BinarySearchFunc(list, c.ID, func(e T, wanted string) int { return cmp.Compare(id(e), wanted) })
		list = slices.Insert(list, at, value)
	case was:
		list = slices.Delete(list, at, at+1)
	default:
		return list, places, 0
	}
	places = make(map[string]int, len(list))
	for i, e := range list {
		places[id(e)] = i
	}
	return list, places, at
}
