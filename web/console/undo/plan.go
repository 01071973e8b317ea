package undo

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
)

// plan puts the things of a change back: things are restored in the order of the
// resources, a publisher before what it has, and removed in the reverse order.
type plan struct {
	*Undo
	steps []console.Step
}

// check returns why the things can't be put back, before anything is done.
func (p plan) check(ctx context.Context) error {
	kept := p.idsOf(func(s console.Step) bool { return s.Was != nil })
	gone := p.idsOf(func(s console.Step) bool { return s.Was == nil })
	for _, s := range p.steps {
		pub := p.Catalogue.Publisher(s.Publisher)
		var err error
		switch {
		case pub == nil && s.Resource != catalogue.ResourcePublisher && !kept[thingID{catalogue.ResourcePublisher, s.Publisher, s.Publisher}]:
			err = console.NoPublisher(s.Publisher)
		case s.Was == nil:
			err = p.checkRemoval(pub, s, kept, gone)
		case s.Resource == catalogue.ResourceKeyword:
			err = p.checkSourceOf(pub, s, kept, gone)
		}
		if err != nil {
			return err
		}
	}
	for _, id := range p.publishers() {
		if err := p.checkPhrases(ctx, p.Catalogue.Publisher(id)); err != nil {
			return err
		}
	}
	return nil
}

// publishers returns those of the things, each once.
func (p plan) publishers() (all []string) {
	for _, s := range p.steps {
		if !slices.Contains(all, s.Publisher) {
			all = append(all, s.Publisher)
		}
	}
	return all
}

// thingID names a thing.
type thingID struct {
	resource      catalogue.Resource
	publisher, id string
}

func (p plan) idsOf(of func(console.Step) bool) map[thingID]bool {
	all := map[thingID]bool{}
	for _, s := range p.steps {
		if of(s) {
			all[thingID{s.Resource, s.Publisher, s.ID}] = true
		}
	}
	return all
}

// checkRemoval refuses to remove a thing that something else still needs.
func (p plan) checkRemoval(pub *catalogue.Setup, s console.Step, kept, gone map[thingID]bool) error {
	if pub == nil {
		return nil
	}
	switch s.Resource {
	case catalogue.ResourceSource:
		for _, id := range pub.KeywordsOf(s.ID, -1) {
			// One that is put back has the source that it had.
			if k := (thingID{catalogue.ResourceKeyword, s.Publisher, id}); !gone[k] && !kept[k] {
				return conflictError("refusal.in_use", words.Args{"keywords": id})
			}
		}
	case catalogue.ResourcePublisher:
		for _, n := range catalogue.Parts() {
			for _, id := range n.IDs(&pub.Publisher) {
				if !gone[thingID{n, s.Publisher, id}] {
					return conflictError("undo.more", words.Args{"id": s.Publisher})
				}
			}
		}
	}
	return nil
}

// checkSourceOf refuses to restore a keyword whose source is gone.
func (p plan) checkSourceOf(pub *catalogue.Setup, s console.Step, kept, gone map[thingID]bool) error {
	thing, err := valueOf(s)
	if err != nil {
		return err
	}
	k, ok := thing.(catalogue.Keyword)
	if !ok || k.Source == "" {
		return nil
	}
	source := thingID{catalogue.ResourceSource, s.Publisher, k.Source}
	there := kept[source]
	if pub != nil && !gone[source] {
		_, now := pub.Source(k.Source)
		there = there || now
	}
	if !there {
		return conflictError("undo.no_source", words.Args{"id": s.ID, "source": k.Source})
	}
	return nil
}

// checkPhrases refuses to restore a keyword whose phrase another keyword has now.
// Keywords that are restored together don't conflict.
func (p plan) checkPhrases(ctx context.Context, pub *catalogue.Setup) error {
	if pub == nil || pub.Linter == nil {
		return nil
	}
	var changes []catalogue.Change
	together := map[string]bool{}
	for _, s := range p.steps {
		if s.Resource != catalogue.ResourceKeyword || s.Publisher != pub.ID {
			continue
		}
		k, err := valueOf(s)
		if err != nil {
			return err
		}
		changes, together[s.ID] = append(changes, catalogue.Change{Publisher: pub.ID, Resource: s.Resource, ID: s.ID, Value: k}), true
	}
	if len(changes) == 0 {
		return nil
	}
	by, _ := console.Caller(ctx)
	for i, found := range pub.Linter.Judge(changes) {
		for _, f := range found {
			if f.Code == catalogue.CodeDuplicate && !together[f.Args["other"]] {
				return conflictError("undo.unfit", words.Args{"id": changes[i].ID, "reason": f.In(by.Language)})
			}
		}
	}
	return nil
}

// valueOf returns a thing as it was before, or nil if there was none.
func valueOf(s console.Step) (any, error) {
	if s.Was == nil {
		return nil, nil
	}
	return s.Resource.Fill(s.Was) //nolint:wrapcheck // it names the field
}

// carryOut puts everything back, all things of a publisher at once. A change by
// others meanwhile ends it; what was done until then can be undone itself.
func (p plan) carryOut(ctx context.Context) error {
	for _, s := range p.steps {
		if s.Resource == catalogue.ResourcePublisher && s.Was != nil {
			if err := p.saveSteps(ctx, []console.Step{s}); err != nil {
				return err
			}
		}
	}
	for _, id := range p.publishers() {
		if err := p.saveSteps(ctx, p.partSteps(id)); err != nil {
			return err
		}
	}
	for _, s := range p.steps {
		if s.Resource == catalogue.ResourcePublisher && s.Was == nil {
			if err := p.removePublisher(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// partSteps returns the steps of a publisher's things, needed things first. Removals of
// things that are gone already are left out.
func (p plan) partSteps(publisher string) []console.Step {
	var back, away []console.Step
	for _, n := range catalogue.Parts() {
		for _, s := range p.steps {
			switch {
			case s.Resource != n || s.Publisher != publisher:
			case s.Was != nil:
				back = append(back, s)
			case p.versionNow(s) != 0:
				away = append(away, s)
			}
		}
	}
	slices.Reverse(away)
	return append(back, away...)
}

// saveSteps restores things of one publisher under the names of their former
// authors, and removes those that the change had added.
func (p plan) saveSteps(ctx context.Context, steps []console.Step) error {
	if len(steps) == 0 {
		return nil
	}
	by, _ := console.Caller(ctx)
	changes := make([]catalogue.Change, len(steps))
	for i, s := range steps {
		changes[i] = catalogue.Change{Publisher: s.Publisher, Resource: s.Resource, ID: s.ID, When: p.versionNow(s), By: by.Name}
		if s.Was == nil {
			continue
		}
		thing, err := valueOf(s)
		if err != nil {
			return err
		}
		changes[i].Value, changes[i].By, changes[i].Changed = thing, s.By, s.Changed
	}
	if _, err := p.Catalogue.SaveAll(ctx, changes); err != nil {
		return p.explainConflict(err, steps, changes)
	}
	for _, s := range steps {
		if p.Catalogue.Health != nil && s.Health != nil {
			p.Catalogue.Health.Recall(s.Resource, s.Publisher, s.ID, s.Health)
		}
	}
	return nil
}

// removePublisher removes a publisher that the change had added.
func (p plan) removePublisher(ctx context.Context, s console.Step) error {
	by, _ := console.Caller(ctx)
	c := catalogue.Change{Publisher: s.Publisher, Resource: s.Resource, ID: s.ID, When: p.versionNow(s), By: by.Name}
	if c.When == 0 {
		return nil // somebody else has deleted it
	}
	return p.explainConflict(p.Catalogue.Remove(ctx, c), []console.Step{s}, []catalogue.Change{c})
}

// explainConflict returns who changed the first thing that has another version now.
func (p plan) explainConflict(err error, steps []console.Step, changes []catalogue.Change) error {
	if pull.KindOf(err) != pull.Conflict {
		return err
	}
	for i, s := range steps {
		if p.versionNow(s) != changes[i].When {
			return p.changedSince(s)
		}
	}
	return p.changedSince(steps[0])
}
