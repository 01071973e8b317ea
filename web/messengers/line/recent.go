package line

import "sync"

// remembered is how much of each kind is remembered.
const remembered = 1024

// recent are the last things that were noted, each with a word of its own.
type recent struct {
	mu    sync.Mutex
	of    map[string]string
	order []string
}

// get returns what was noted of a thing; "" of an unknown one.
func (r *recent) get(thing string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[thing]
}

// put notes something of a thing.
func (r *recent) put(thing, note string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(thing, note)
}

// first notes something of a thing of which nothing was noted before, and returns
// what was noted first.
func (r *recent) first(thing, note string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if former, known := r.of[thing]; known {
		return former
	}
	r.note(thing, note)
	return note
}

func (r *recent) note(thing, note string) {
	if _, known := r.of[thing]; !known {
		if r.of == nil {
			r.of = map[string]string{}
		}
		if len(r.order) == remembered {
			delete(r.of, r.order[0])
			r.order = r.order[1:]
		}
		r.order = append(r.order, thing)
	}
	r.of[thing] = note
}
