package messengers

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// Recent remembers something of the last things that were noted, 1024 of them where
// Most is 0. It is safe for concurrent use; the zero value remembers nothing yet.
type Recent[K comparable, V any] struct {
	Most int

	mu    sync.Mutex
	of    map[K]V
	order []K
}

// Get returns what was noted of a thing, the zero value of an unknown one.
func (r *Recent[K, V]) Get(thing K) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[thing]
}

// Put notes something of a thing.
func (r *Recent[K, V]) Put(thing K, note V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.putLocked(thing, note)
}

// First notes something of a thing of which nothing was noted before, and returns
// what was noted first.
func (r *Recent[K, V]) First(thing K, note V) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	if former, known := r.of[thing]; known {
		return former
	}
	r.putLocked(thing, note)
	return note
}

// Drop forgets a thing.
func (r *Recent[K, V]) Drop(thing K) {
	r.Forget(func(other K, _ V) bool { return other == thing })
}

// Forget drops the things of which is true what is asked.
func (r *Recent[K, V]) Forget(is func(thing K, note V) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.of, is)
	r.order = slices.DeleteFunc(r.order, func(thing K) bool {
		_, kept := r.of[thing]
		return !kept
	})
}

func (r *Recent[K, V]) putLocked(thing K, note V) {
	const usual = 1024
	if _, known := r.of[thing]; !known {
		if r.of == nil {
			r.of = map[K]V{}
		}
		if len(r.order) == cmp.Or(r.Most, usual) {
			delete(r.of, r.order[0])
			r.order = r.order[1:]
		}
		r.order = append(r.order, thing)
	}
	r.of[thing] = note
}
