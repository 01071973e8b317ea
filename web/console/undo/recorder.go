// Package undo takes changes of the catalogue back. A Recorder stands before
// the catalogue and has every act note what its things were before; the
// operations change.* put them back as they were, by compare-and-set, for as
// long as that is kept.
package undo

import (
	"context"
	"encoding/json"

	"keypull/pull/catalogue"
	"keypull/web/console"
)

// Health knows how things have been doing, and takes that of a restored thing back.
type Health interface {
	// Health returns how a thing has been doing, or nil if that is not known.
	Health(n catalogue.Resource, publisher, id string) json.RawMessage
	Recall(n catalogue.Resource, publisher, id string, health json.RawMessage)
}

// Recorder is a Catalogue that notes every change in the act that makes it.
type Recorder struct {
	console.Catalogue
	// Health may be nil.
	Health Health
}

var _ console.Catalogue = Recorder{}

// Save changes a thing. What is replaced is what was read before: the
// catalogue refuses where that is another version.
func (r Recorder) Save(ctx context.Context, c catalogue.Change) (catalogue.Meta, error) {
	was, err := r.stepOf(r.Publisher(c.Publisher), c.Resource, c.Publisher, c.ID)
	if err != nil {
		return catalogue.Meta{}, err
	}
	meta, err := r.Catalogue.Save(ctx, c)
	if err == nil {
		was.Version = meta.Version
		console.RecordStep(ctx, was)
	}
	return meta, err //nolint:wrapcheck // it is the catalogue's
}

// SaveAll makes many changes of one publisher as one, which is undone as one.
func (r Recorder) SaveAll(ctx context.Context, changes []catalogue.Change) ([]catalogue.Meta, error) {
	taken := make([]console.Step, len(changes))
	for i, c := range changes {
		var err error
		if taken[i], err = r.stepOf(r.Publisher(c.Publisher), c.Resource, c.Publisher, c.ID); err != nil {
			return nil, err
		}
	}
	metas, err := r.Catalogue.SaveAll(ctx, changes)
	if err != nil {
		return nil, err //nolint:wrapcheck // it is the catalogue's
	}
	for i, s := range taken {
		s.Version = metas[i].Version
		console.RecordStep(ctx, s)
	}
	return metas, nil
}

// Remove takes a thing away, a publisher with all it has.
func (r Recorder) Remove(ctx context.Context, c catalogue.Change) error {
	taken, err := r.removalSteps(c)
	if err != nil {
		return err
	}
	err = r.Catalogue.Remove(ctx, c)
	if pub := r.Publisher(c.Publisher); err != nil && (pub != nil || c.Resource != catalogue.ResourcePublisher) {
		return err //nolint:wrapcheck // it is the catalogue's
	}
	for _, s := range taken {
		console.RecordStep(ctx, s)
	}
	return err //nolint:wrapcheck // it is the catalogue's
}

// removalSteps returns those of all that goes with a removal.
func (r Recorder) removalSteps(c catalogue.Change) ([]console.Step, error) {
	pub := r.Publisher(c.Publisher)
	if c.Resource != catalogue.ResourcePublisher || pub == nil {
		one, err := r.stepOf(pub, c.Resource, c.Publisher, c.ID)
		return []console.Step{one}, err
	}
	var all []console.Step
	for _, n := range catalogue.Resources() {
		for _, id := range n.IDs(&pub.Publisher) {
			s, err := r.stepOf(pub, n, c.Publisher, id)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// stepOf returns a thing as it is, without values if it does not exist.
func (r Recorder) stepOf(pub *catalogue.Setup, n catalogue.Resource, publisher, id string) (console.Step, error) {
	s := console.Step{Resource: n, Publisher: publisher, ID: id}
	if pub == nil {
		return s, nil
	}
	thing, meta, ok := pub.Thing(n, id)
	if !ok {
		return s, nil
	}
	var err error
	s.Was, err = n.Values(thing)
	s.Changed, s.By, s.From = meta.Changed, meta.By, meta.Version
	if r.Health != nil {
		s.Health = r.Health.Health(n, publisher, id)
	}
	return s, err //nolint:wrapcheck // it says what it is about
}
