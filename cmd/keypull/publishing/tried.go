package publishing

import (
	"context"
	"sync"

	"keypull/pull"
)

// maxTried is how many sources are remembered that were tried and not saved.
const maxTried = 64

// tried remembers what was fetched for sources that may be saved next, so that
// the first reader's ask asks nobody: where it lies, by publisher and mark.
type tried struct {
	mu     sync.Mutex
	places []pull.SnapshotID
}

// keepTrial lays down what a trial has brought: for the sources that have these
// settings, and for one that is saved with them next.
func (n *Publishers) keepTrial(ctx context.Context, publisher, mark, key string, s pull.Snapshot) {
	// No source has this id.
	next := pull.SnapshotID{Publisher: publisher, Mark: mark, Key: key}
	n.Cache.Adopt(ctx, next, s)
	n.tried.mu.Lock()
	n.tried.places = append(n.tried.places, next)
	n.tried.places = n.tried.places[max(0, len(n.tried.places)-maxTried):]
	n.tried.mu.Unlock()
	if ed := n.currentEdition(publisher); ed != nil {
		for id, opened := range ed.sources {
			if opened.Mark == mark {
				place := opened.SnapshotID(publisher, id, key)
				n.Cache.Adopt(ctx, place, s)
				n.latest.Store([2]string{publisher, id}, place)
			}
		}
	}
}

// adoptTrial gives a source what was brought when its settings were tried.
func (n *Publishers) adoptTrial(ctx context.Context, publisher, id string, opened pull.Opened) {
	n.tried.mu.Lock()
	places := n.tried.places
	n.tried.mu.Unlock()
	for _, p := range places {
		if p.Publisher != publisher || p.Mark != opened.Mark {
			continue
		}
		if s := n.Cache.Last(ctx, p); s != nil {
			place := opened.SnapshotID(publisher, id, p.Key)
			n.Cache.Adopt(ctx, place, *s)
			n.latest.Store([2]string{publisher, id}, place)
		}
	}
}
