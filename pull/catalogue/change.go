package catalogue

import (
	"maps"
	"time"
)

// Change is one change of one thing.
type Change struct {
	Publisher string
	Resource  Resource
	ID        string
	// Value is a thing of the resource, filled and checked; a Publisher counts for
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
	for _, resource := range rows {
		var own []Change
		for i, c := range changes {
			if c.Resource != resource.resource {
				continue
			}
			if own = append(own, c); resource.change == nil {
				next.alter(c, metas[i])
			}
		}
		if len(own) > 0 && resource.change != nil {
			next.follow(resource, own)
		}
	}
	return &next
}

// follow makes changes of one resource's things.
func (s *Setup) follow(resource row, changes []Change) {
	from := resource.change(&s.Publisher, s.places[resource.resource](), changes)
	s.places = maps.Clone(s.places)
	s.places[resource.resource] = placesOf(resource.resource, s.Publisher)
	s.former = formerOf(&s.Publisher)
	if resource.resource == ResourceKeyword {
		s.search, s.counts, s.phrases = s.search.afterMove(s.Keywords, from), countKeywords(s.Keywords), foldPhrases(s.Keywords)
	}
}

// At returns the publisher with another meta of a thing, which is as it was.
func (s *Setup) At(n Resource, id string, m Meta) *Setup {
	next := *s
	next.metas = s.metas.with([]Change{{Resource: n, ID: id, Value: struct{}{}}}, []Meta{m})
	if n == ResourcePublisher {
		next.Meta = m
	}
	return &next
}

// with returns the metas as they are after changes.
func (all Metas) with(changes []Change, metas []Meta) Metas {
	next, own := maps.Clone(all), map[Resource]bool{}
	if next == nil {
		next = Metas{}
	}
	for i, c := range changes {
		if !own[c.Resource] {
			own[c.Resource] = true
			if next[c.Resource] = maps.Clone(all[c.Resource]); next[c.Resource] == nil {
				next[c.Resource] = map[string]Meta{}
			}
		}
		if c.Value == nil {
			delete(next[c.Resource], c.ID)
		} else {
			next[c.Resource][c.ID] = metas[i]
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
	p.takeResources(&s.Publisher)
	s.Publisher, s.Meta = p, m
	s.Names = namesOf(s.Name, s.ID)
}
