package catalogue

// register finds the uses that a phrase may be confused with: by folded form,
// and by what is left without one character. It holds hashes alone, so that
// whoever asks looks at what is found.
type register struct {
	folded chains
	near   chains
}

// newRegister returns an empty register with room for keywords.
func newRegister(keywords []Keyword) *register {
	phrases, letters := 0, 0
	for _, k := range keywords {
		for _, list := range k.Phrases {
			phrases += len(list)
			for _, phrase := range list {
				letters += len(phrase) + 1
			}
		}
	}
	return &register{folded: newChains(phrases), near: newChains(letters)}
}

func (r *register) put(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.add(spread(sum(u.folded)), u)
			for _, h := range shortened(u) {
				r.near.add(h, u)
			}
		}
	}
}

func (r *register) drop(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.remove(spread(sum(u.folded)), u)
			for _, h := range shortened(u) {
				r.near.remove(h, u)
			}
		}
	}
}

// relatives calls f with every keyword whose findings may depend on e.
func (r *register) relatives(e *entry, f func(*entry)) {
	for i := range e.uses {
		u := &e.uses[i]
		if u.normal == "" {
			continue
		}
		for other := range r.folded.of(spread(sum(u.folded))) {
			f(other.entry)
		}
		for _, h := range shortened(u) {
			for other := range r.near.of(h) {
				f(other.entry)
			}
		}
	}
}

// sharing returns the first use of the same phrase in the same language, and
// the first of one that folds to the same.
func (r *register) sharing(u *use) (same, alike *use) {
	for other := range r.folded.of(spread(sum(u.folded))) {
		switch {
		case other.folded != u.folded || !clash(other, u):
		case other.normal == u.normal && other.language == u.language:
			same = first(same, other)
		default:
			alike = first(alike, other)
		}
	}
	return same, alike
}

// neighbour returns the first use in the same language that is one typing
// error away.
func (r *register) neighbour(u *use) *use {
	for _, h := range shortened(u) {
		var found *use
		for other := range r.near.of(h) {
			if other.language == u.language && clash(other, u) && oneEdit(u.folded, other.folded) {
				found = first(found, other)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}
