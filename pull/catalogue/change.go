package catalogue

import (
	"maps"
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

// With returns the publisher as it is after a change: see WithAll.
func (s *Setup) With(c Change, m Meta) *Setup { return s.WithAll([]Change{c}, []Meta{m}) }

// WithAll returns the publisher as it is after changes of different things, each
// with its meta: a new one that shares what did not change. Lists stay ordered by
// id. Its Linter is the same, which whoever makes the changes has Follow them.
func (s *Setup) WithAll(changes []Change, metas []Meta) *Setup {
	next := *s
	next.metas = s.metas.with(changes, metas)
	for _, noun := range rows {
		var own []Change
		for i, c := range changes {
			if c.Noun != noun.noun {
				continue
			}
			if own = append(own, c); noun.change == nil {
				next.alter(c, metas[i])
			}
		}
		if len(own) > 0 && noun.change != nil {
			next.follow(noun, own)
		}
	}
	return &next
}

// follow makes changes of one noun's things.
func (s *Setup) follow(noun row, changes []Change) {
	from := noun.change(&s.Publisher, s.places[noun.noun](), changes)
	s.places = maps.Clone(s.places)
	s.places[noun.noun] = placesOf(noun.noun, s.Publisher)
	s.former = formerOf(&s.Publisher)
	if noun.noun == NounKeyword {
		s.search, s.counts = s.search.moved(s.Keywords, from), countKeywords(s.Keywords)
	}
}

// with returns the metas as they are after changes.
func (all Metas) with(changes []Change, metas []Meta) Metas {
	next, own := maps.Clone(all), map[Noun]bool{}
	if next == nil {
		next = Metas{}
	}
	for i, c := range changes {
		if !own[c.Noun] {
			own[c.Noun] = true
			if next[c.Noun] = maps.Clone(all[c.Noun]); next[c.Noun] == nil {
				next[c.Noun] = map[string]Meta{}
			}
		}
		if c.Value == nil {
			delete(next[c.Noun], c.ID)
		} else {
			next[c.Noun][c.ID] = metas[i]
		}
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
