package who

import "slices"

// HasSettled reports whether that ask has its answer. Whatever can come again
// is known: what waits to be sent however long ago it was settled, and of what
// has ended the last ones.
func (r Reader) HasSettled(ask uint64) bool {
	return slices.Contains(r.Settled, ask) || slices.Contains(r.Unsent, ask)
}

// Settle returns r with the ask settled. With unsent, its reply is one that
// still has to leave; ended lists the asks whose replies wait no longer.
func (r Reader) Settle(ask uint64, unsent bool, ended ...uint64) Reader {
	r.Settled = last(append(slices.Clone(r.Settled), ask), MaxSettled)
	r.Unsent = slices.DeleteFunc(slices.Clone(r.Unsent), func(id uint64) bool {
		return slices.Contains(ended, id)
	})
	if unsent {
		r.Unsent = last(append(r.Unsent, ask), MaxUnsent)
	}
	return r
}

func last(ids []uint64, n int) []uint64 {
	if len(ids) > n {
		return ids[len(ids)-n:]
	}
	return ids
}
