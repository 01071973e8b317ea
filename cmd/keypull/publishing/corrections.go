package publishing

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/when"
	"keypull/pull/withdrawal"
	"keypull/web/console"
)

// Corrections puts right what the readers of publishers are told.
type Corrections struct{ *Publishers }

// maxRefreshed is how many answers of one source are fetched anew at a time.
const maxRefreshed = 50

// Refresh fetches what a source answers without an argument, and what is held of it
// in memory, whatever the age of that. The first error is told, and stops nothing.
func (n Corrections) Refresh(ctx context.Context, publisher, id string) error {
	ed := n.currentEdition(publisher)
	if ed == nil {
		return console.NoPublisher(publisher)
	}
	s, ok := ed.sources[id]
	switch {
	case !ok:
		return console.NoThing(catalogue.ResourceSource, id)
	case s.Problem != nil:
		return s.Problem
	}
	var keys []string
	if key, err := s.Key(n.plainly(ed)); err == nil {
		keys = append(keys, key)
	}
	for _, key := range n.Cache.Keys(publisher, id, s.Mark) {
		if !slices.Contains(keys, key) && len(keys) < maxRefreshed {
			keys = append(keys, key)
		}
	}
	return n.refreshKeys(ctx, publisher, id, s, keys)
}

// refreshKeys fetches answers of a source anew.
func (n Corrections) refreshKeys(ctx context.Context, publisher, id string, s pull.Opened, keys []string) (first error) {
	for _, key := range keys {
		err := n.Cache.Refresh(ctx, pull.Want{
			ID: s.SnapshotID(publisher, id, key), Source: s.Source, Shared: s.Shared, At: n.Clock(),
			Freshness: when.Freshness{MaxAge: s.Freshness.MaxAge},
		})
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return first
}

// mostLooked is how many answers of one source are looked at that failed.
const mostLooked = 3

// Look fetches a source anew to see how it is doing: what failed of it, else what it answers
// without an argument, else what was asked of it before. The first error is told.
func (n Corrections) Look(ctx context.Context, publisher, id string) error {
	ed := n.currentEdition(publisher)
	if ed == nil {
		return console.NoPublisher(publisher)
	}
	s, ok := ed.sources[id]
	if !ok || s.Problem != nil {
		return console.NoThing(catalogue.ResourceSource, id)
	}
	keys := n.Cache.Failing(publisher, id, s.Mark)
	if len(keys) == 0 {
		if key, err := s.Key(n.plainly(ed)); err == nil {
			keys = []string{key}
		} else if keys = n.Cache.Keys(publisher, id, s.Mark); len(keys) > 1 {
			keys = keys[:1]
		}
	}
	return n.refreshKeys(ctx, publisher, id, s, keys[:min(len(keys), mostLooked)])
}

// plainly returns what asks a source without an argument.
func (n Corrections) plainly(ed *edition) pull.Query {
	return pull.Query{Count: 1, Language: ed.publisher.Languages[0], At: n.Clock()}
}

// Withdraw has a rule hold for a publisher: see pull.Cache. What its sources have on
// disk is looked at too, for which items the rule is about.
func (n Corrections) Withdraw(ctx context.Context, publisher string, r withdrawal.Rule) (withdrawal.Rule, error) {
	if err := n.readHeld(ctx, publisher); err != nil {
		return r, err
	}
	r, err := n.Cache.Withdraw(ctx, publisher, r)
	n.relearn(ctx, publisher)
	return r, err
}

// FindItems returns a rule with the items that it would be about, and changes nothing.
func (n Corrections) FindItems(ctx context.Context, publisher string, r withdrawal.Rule) (withdrawal.Rule, error) {
	if err := n.readHeld(ctx, publisher); err != nil {
		return r, err
	}
	return n.Cache.MeetItems(publisher, r), nil
}

// readHeld reads what the sources of a publisher have on disk.
func (n Corrections) readHeld(ctx context.Context, publisher string) error {
	ed := n.currentEdition(publisher)
	if ed == nil {
		return console.NoPublisher(publisher)
	}
	for id, s := range ed.sources {
		if s.Problem != nil {
			continue
		}
		if key, err := s.Key(n.plainly(ed)); err == nil {
			n.Cache.Last(ctx, s.SnapshotID(publisher, id, key))
		}
	}
	return nil
}

// Restore ends a rule.
func (n Corrections) Restore(ctx context.Context, publisher, id string) (withdrawal.Rule, bool, error) {
	r, found, err := n.Cache.Restore(ctx, publisher, id)
	n.relearn(ctx, publisher)
	return r, found, err
}

// Withdrawals lists the rules of a publisher.
func (n Corrections) Withdrawals(ctx context.Context, publisher string) ([]withdrawal.Rule, error) {
	return n.Cache.Withdrawals(ctx, publisher)
}

// relearn takes over what sources are known to answer by now.
func (n Corrections) relearn(ctx context.Context, publisher string) {
	ed := n.currentEdition(publisher)
	if ed == nil {
		return
	}
	for id, s := range ed.sources {
		if place, ok := s.VocabularyPlace(publisher, id, ed.publisher.Languages); ok && s.Problem == nil && ctx.Err() == nil {
			n.Changed(place)
		}
	}
}
