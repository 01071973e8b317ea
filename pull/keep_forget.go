package pull

import "maps"

// Forget drops the health of a source that was removed or changed, and what is
// held in memory of it. A fetch that is under way still answers whoever waits
// for it, and leaves nothing behind. What lies on the Shelf stays there, and so
// does the moment before which upstream does not want to be asked again.
func (k *Keeper) Forget(publisher, source string) {
	of := func(p Place) bool { return p.Publisher == publisher && p.Source == source }
	name := publisher + "/" + source
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.health, name)
	delete(k.gates, name)
	for p, f := range k.flying {
		f.forgotten = f.forgotten || of(p)
	}
	maps.DeleteFunc(k.flying, func(p Place, _ *flight) bool { return of(p) })
	for p := range k.kept.Keys() {
		if of(p) {
			k.kept.Invalidate(p)
		}
	}
}

// hold keeps what a flight brought, unless its source was forgotten meanwhile.
func (k *Keeper) hold(f *flight, p Place, h *holding) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !f.forgotten {
		k.kept.Set(p, h)
	}
}

func (k *Keeper) forgot(f *flight) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return f.forgotten
}
