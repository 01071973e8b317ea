package publishing

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Provision has the publishers of a configuration file answer that was read again: each goes over to what
// it is now as a whole, and what did not change of it is not opened anew. What left the file is closed as when the process
// ends: nothing that is kept for it is removed. It returns the ids of those that changed, and what could not be opened;
// Invalid where one of them was set up in the console, and nothing changes then.
func (n *Publishers) Provision(ctx context.Context, all []catalogue.Publisher) (changed []string, err error) {
	n.changing.Lock()
	defer n.changing.Unlock()
	stay := map[string]bool{}
	for _, p := range all {
		stay[p.ID] = true
		if ed := n.currentEdition(p.ID); ed != nil && !ed.publisher.Provisioned {
			return nil, &pull.Error{Kind: pull.Invalid, Field: "publisher.id", Hint: words.Text{Key: "reload.console", Args: words.Args{"publisher": p.ID}}}
		}
	}
	changed = n.stopOthers(stay)
	var problems []error
	if len(changed) > 0 {
		// What was set up in the console under the same id was put aside.
		problems = append(problems, n.load(ctx, changed))
	}
	for _, p := range all {
		switch ed := n.currentEdition(p.ID); {
		case ed == nil:
			problems = append(problems, n.Open(ctx, p))
		case reflect.DeepEqual(ed.publisher.Publisher, p):
			continue
		default:
			n.provision(ctx, ed, p)
		}
		changed = append(changed, p.ID)
	}
	return slices.Sorted(slices.Values(changed)), errors.Join(problems...)
}

// stopOthers has those publishers of the file answer no more that do not stay, and returns
// their ids.
func (n *Publishers) stopOthers(stay map[string]bool) (left []string) {
	for _, p := range n.Publishers() {
		if !p.Provisioned || stay[p.ID] {
			continue
		}
		ed := n.currentEdition(p.ID)
		n.stopEdition(ed)
		for id, s := range ed.sources {
			parting{n}.closeSource(p.ID, id, s)
		}
		left = append(left, p.ID)
	}
	return left
}

// provision has a publisher of the file go over to what it is now.
func (n *Publishers) provision(ctx context.Context, ed *edition, p catalogue.Publisher) {
	next := ed.copyMaps()
	next.publisher = catalogue.NewSetup(p, nil)
	next.publisher.Provisioned = true
	next.publisher.Linter.Tell(messengers.TellWorkspaces(n.Messengers))
	next.publisher.Broken = map[catalogue.Resource]map[string]words.Text{
		catalogue.ResourceSource:  maps.Clone(ed.publisher.Broken[catalogue.ResourceSource]),
		catalogue.ResourceChannel: maps.Clone(ed.publisher.Broken[catalogue.ResourceChannel]),
	}
	var after []func()
	before := &ed.publisher.Publisher
	for _, s := range p.Sources {
		if was, ok := ed.publisher.Source(s.ID); ok && reflect.DeepEqual(*was, s) && !concernsSources(before, &p) {
			next.publisher.Linter.Know(s.ID, opener{n}.aboutSource(next, s.ID))
			continue
		}
		after = append(after, n.replaceSource(ctx, ed, next, s))
	}
	for _, c := range p.Channels {
		if was, ok := ed.publisher.Channel(c.ID); !ok || !reflect.DeepEqual(*was, c) || concernsChannels(before, &p) {
			after = append(after, n.replaceChannel(ed, next, c))
		}
	}
	for _, s := range before.Sources {
		if _, stays := next.publisher.Source(s.ID); !stays {
			n.stopSource(next, s.ID)
			after = append(after, func() { parting{n}.closeSource(p.ID, s.ID, ed.sources[s.ID]) })
		}
	}
	for _, c := range before.Channels {
		if _, stays := next.publisher.Channel(c.ID); !stays {
			n.stopChannel(next, c.ID)
			after = append(after, func() { n.closeChannel(ed.opened[c.ID]) })
		}
	}
	n.republish(next)
	for _, f := range after {
		f()
	}
}
