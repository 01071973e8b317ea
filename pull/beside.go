package pull

import (
	"context"
	"sync"

	"keypull/pull/what"
)

// brought is what became of bringing a snapshot.
type brought struct {
	found Found
	err   error
}

// bringBeside brings the snapshots that several keywords need beside each other, so that a
// slow source holds up nobody for longer than its own deadline. Those that can't be told
// beforehand are brought when they are answered.
func (w answering) bringBeside(ctx context.Context, all []wish) {
	if len(all) < 2 {
		return
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	together := map[SnapshotID]brought{}
	for _, one := range all {
		k := w.edition.keywordByID(one.Keyword)
		if one.from != nil || k == nil || !k.isAvailable(w.ask.At, w.edition.Zone) {
			continue
		}
		argument := w.savedArgument(k, one.Candidate)
		own := *w.work
		part := &own
		part.setLocalizer()
		key, err := asking{part}.snapshotKey(k, asking{part}.newQuery(k, argument))
		if err != nil {
			continue
		}
		id := k.source.SnapshotID(w.edition.ID, k.Source, key)
		mu.Lock()
		_, known := together[id]
		if !known {
			together[id] = brought{}
		}
		mu.Unlock()
		if known {
			continue
		}
		group.Go(func() {
			found, err := asking{part}.bringCaught(ctx, k, key)
			mu.Lock()
			defer mu.Unlock()
			together[id] = brought{found: found, err: err}
		})
	}
	group.Wait()
	w.beside = together
}

// bringWanted brings a snapshot, if it was not brought beside others.
func (w asking) bringWanted(ctx context.Context, want Want) (Found, error) {
	if b, ok := w.beside[want.ID]; ok {
		return b.found, b.err
	}
	return w.cache.Bring(ctx, want) //nolint:wrapcheck // the cache's own
}

// bringCaught is bringKey where nobody else would catch its panic.
func (w asking) bringCaught(ctx context.Context, k *keyword, key string) (found Found, err error) {
	defer Caught("bring "+k.Source, &err)
	return w.bringKey(ctx, k, key)
}

// savedArgument returns what a keyword is asked for by a candidate, its phrase where that is
// what it is looked up by.
func (w answering) savedArgument(k *keyword, c what.Candidate) string {
	if argument := w.parseArgument(k, c.Argument); argument != "" {
		return argument
	}
	argument, own := k.defaultArgument()
	if own {
		return c.Phrase
	}
	return argument
}
