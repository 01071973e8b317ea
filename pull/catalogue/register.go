package catalogue

import "slices"

// register finds the uses that a phrase may be confused with: by folded form,
// by what is left without one character, by stems. It holds hashes alone, so
// that whoever asks looks at what is found.
type register struct {
	folded, near, stems chains
	terms               terms
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
	return &register{folded: newChains(phrases), near: newChains(letters), stems: newChains(phrases), terms: newTerms()}
}

// know takes over what is known of a source.
func (r *register) know(source string, a About, by rules) {
	v := r.terms.of(source)
	if read := readTerms(a.Terms); !slices.EqualFunc(v.terms, read, term.equals) {
		r.set(v, read)
	}
	v.about = a
	v.listen(by)
}

func (r *register) put(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.add(spread(sum(u.folded)), u)
			for _, h := range shortened(u) {
				r.near.add(h, u)
			}
			if u.stems != "" {
				r.stems.add(stemHash(u), u)
			}
		}
	}
	r.terms.put(e)
}

func (r *register) drop(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.remove(spread(sum(u.folded)), u)
			for _, h := range shortened(u) {
				r.near.remove(h, u)
			}
			if u.stems != "" {
				r.stems.remove(stemHash(u), u)
			}
		}
	}
	r.terms.drop(e)
}

// stemHash hashes the stems of a phrase in its language.
func stemHash(u *use) uint32 { return spread(sum(u.language)*radix + sum(u.stems)) }

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
		for other := range r.stems.of(stemHash(u)) {
			f(other.entry)
		}
	}
	r.terms.relatives(e, f)
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
			if other.language == u.language && clash(other, u) && tooNear(u, other) {
				found = first(found, other)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// stemmed returns the first use in the same language of the same words in
// another form or order, typing errors aside.
func (r *register) stemmed(u *use) *use {
	if u.stems == "" {
		return nil
	}
	var found *use
	for other := range r.stems.of(stemHash(u)) {
		if other.language == u.language && other.stems == u.stems && other.folded != u.folded && clash(other, u) && !tooNear(u, other) {
			found = first(found, other)
		}
	}
	return found
}
