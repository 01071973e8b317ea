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

// setAbout takes over what is known of a source.
func (r *register) setAbout(source string, a About, by rules) {
	v := r.terms.vocabularyOf(source)
	if read := readTerms(a.Terms); !slices.EqualFunc(v.terms, read, term.equalsTerm) {
		r.setTerms(v, read)
	}
	v.about = a
	v.findCommands(by)
}

func (r *register) putEntry(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.addUse(spreadBits(hashText(u.folded)), u)
			for _, h := range shortenedHashes(u) {
				r.near.addUse(h, u)
			}
			if u.stems != "" {
				r.stems.addUse(stemHash(u), u)
			}
		}
	}
	r.terms.putEntry(e)
}

func (r *register) dropEntry(e *entry) {
	for i := range e.uses {
		if u := &e.uses[i]; u.normal != "" {
			r.folded.removeUse(spreadBits(hashText(u.folded)), u)
			for _, h := range shortenedHashes(u) {
				r.near.removeUse(h, u)
			}
			if u.stems != "" {
				r.stems.removeUse(stemHash(u), u)
			}
		}
	}
	r.terms.dropEntry(e)
}

// stemHash hashes the stems of a phrase in its language.
func stemHash(u *use) uint32 { return spreadBits(hashText(u.language)*radix + hashText(u.stems)) }

// walkRelatives calls f with every keyword whose findings may depend on e.
func (r *register) walkRelatives(e *entry, f func(*entry)) {
	for i := range e.uses {
		u := &e.uses[i]
		if u.normal == "" {
			continue
		}
		for other := range r.folded.usesOf(spreadBits(hashText(u.folded))) {
			f(other.entry)
		}
		for _, h := range shortenedHashes(u) {
			for other := range r.near.usesOf(h) {
				f(other.entry)
			}
		}
		for other := range r.stems.usesOf(stemHash(u)) {
			f(other.entry)
		}
	}
	r.terms.walkRelatives(e, f)
}

// sharedUses returns the first use of the same phrase in the same language, and
// the first of one that folds to the same.
func (r *register) sharedUses(u *use) (same, alike *use) {
	for other := range r.folded.usesOf(spreadBits(hashText(u.folded))) {
		switch {
		case other.folded != u.folded || !usesClash(other, u):
		case other.normal == u.normal && other.language == u.language:
			same = firstUse(same, other)
		default:
			alike = firstUse(alike, other)
		}
	}
	return same, alike
}

// typoNeighbour returns the first use in the same language that is one typing
// error away.
func (r *register) typoNeighbour(u *use) *use {
	for _, h := range shortenedHashes(u) {
		var found *use
		for other := range r.near.usesOf(h) {
			if other.language == u.language && usesClash(other, u) && tooNear(u, other) {
				found = firstUse(found, other)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// stemmedUse returns the first use in the same language of the same words in
// another form or order, typing errors aside.
func (r *register) stemmedUse(u *use) *use {
	if u.stems == "" {
		return nil
	}
	var found *use
	for other := range r.stems.usesOf(stemHash(u)) {
		if other.language == u.language && other.stems == u.stems && other.folded != u.folded && usesClash(other, u) && !tooNear(u, other) {
			found = firstUse(found, other)
		}
	}
	return found
}
