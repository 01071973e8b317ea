package catalogue

import (
	"maps"
	"slices"
	"time"
)

// Change is one change of one thing.
type Change struct {
	Publisher string
	Noun      Noun
	ID        string
	// Value is a thing of the noun, filled and checked; a Publisher counts for
	// its own fields alone. Nil removes the thing.
	Value any
	// When is the version that is replaced: 0 where there must be none yet.
	When uint64
	// By is the name of whoever changes it.
	By string
	// Changed is when it was changed, where that is brought back too; now where
	// zero.
	Changed time.Time
}

// With returns the publisher as it is after a change: a new one that shares what
// did not change. Lists stay ordered by id. Its Linter is the same, which whoever
// makes the change has Follow it.
func (s *Setup) With(c Change, m Meta) *Setup {
	next := *s
	next.metas = s.metas.with(c, m)
	change := c.Noun.row().change
	if change == nil {
		next.alter(c, m)
		return &next
	}
	place, was, is := change(&next.Publisher, s.places[c.Noun], c)
	if was != is {
		next.places = maps.Clone(s.places)
		next.places[c.Noun] = placesOf(c.Noun.IDs(&next.Publisher))
	}
	if c.Noun == NounKeyword {
		next.searchChanged(place, was, is)
	}
	return &next
}

// with returns the metas as they are after a change.
func (all Metas) with(c Change, m Meta) Metas {
	next, of := maps.Clone(all), maps.Clone(all[c.Noun])
	if next == nil {
		next = Metas{}
	}
	if of == nil {
		of = map[string]Meta{}
	}
	if next[c.Noun] = of; c.Value == nil {
		delete(of, c.ID)
	} else {
		of[c.ID] = m
	}
	return next
}

// alter takes a publisher's own fields over.
func (s *Setup) alter(c Change, m Meta) {
	p, ok := c.Value.(Publisher)
	if !ok {
		return
	}
	p.take(&s.Publisher)
	s.Publisher, s.Meta = p, m
}

// searchChanged follows a change of the keyword at a place.
func (s *Setup) searchChanged(place int, was, is bool) {
	s.search, s.counts = slices.Clone(s.search), countKeywords(s.Keywords)
	switch {
	case is && was:
		s.search[place] = searchable(&s.Keywords[place])
	case is:
		s.search = slices.Insert(s.search, place, searchable(&s.Keywords[place]))
	case was:
		s.search = slices.Delete(s.search, place, place+1)
	}
}
