package what

import "slices"

// vocabulary finds the term that an argument names.
type vocabulary struct {
	terms         []Term
	exact, folded map[string]int32
}

// ambiguous marks a folded form that two terms share.
const ambiguous = -1

// vocabularyKey tells vocabularies apart, so that keywords of one source share
// one.
type vocabularyKey struct {
	first *Term
	size  int
}

func (b *builder) vocabulary(terms []Term) *vocabulary {
	key := vocabularyKey{first: &terms[0], size: len(terms)}
	if v, ok := b.shared[key]; ok {
		return v
	}
	v := newVocabulary(terms)
	b.shared[key] = v
	return v
}

func newVocabulary(terms []Term) *vocabulary {
	v := &vocabulary{
		terms:  append([]Term(nil), terms...),
		exact:  make(map[string]int32, len(terms)),
		folded: map[string]int32{},
	}
	for i := range v.terms {
		v.terms[i].names(func(name string) { v.add(Normal(name), place(i)) })
	}
	return v
}

func (v *vocabulary) add(normal string, term int32) {
	if normal == "" {
		return
	}
	put(v.exact, normal, term)
	for _, form := range folds(normal) {
		if form != normal {
			put(v.folded, form, term)
		}
	}
}

func put(m map[string]int32, form string, term int32) {
	if held, ok := m[form]; ok && held != term {
		term = ambiguous
	}
	m[form] = term
}

// names calls f with every name of the term.
func (t *Term) names(f func(string)) {
	f(t.Value)
	for _, name := range t.Names {
		f(name)
	}
}

// canonical returns the value of the term that a normal form names, exactly or
// folded. A form that several terms share names none.
func (v *vocabulary) canonical(normal string, probes *int) (string, bool) {
	*probes++
	if i, ok := v.exact[normal]; ok {
		return v.value(i)
	}
	for _, form := range folds(normal) {
		*probes += 2
		i, ok := v.exact[form]
		j, also := v.folded[form]
		switch {
		case ok && also && i != j:
			return "", false
		case ok:
			return v.value(i)
		case also:
			return v.value(j)
		}
	}
	return "", false
}

func (v *vocabulary) value(i int32) (string, bool) {
	if i == ambiguous {
		return "", false
	}
	return v.terms[i].Value, true
}

// termForms maps the forms of the terms that call a keyword alone.
type termForms struct{ exact, folded map[string][]termRef }

// termRef is a term of a bare keyword.
type termRef struct{ keyword, term int32 }

// bare makes every entry of a vocabulary call the keyword.
func (b *builder) bare(number int32, v *vocabulary) {
	if v == nil {
		return
	}
	for i := range v.terms {
		ref := termRef{keyword: number, term: place(i)}
		v.terms[i].names(func(name string) { b.term(Normal(name), ref) })
	}
}

func (b *builder) term(normal string, ref termRef) {
	if normal == "" {
		return
	}
	putRef(b.ix.terms.exact, normal, ref)
	for _, form := range folds(normal) {
		if form != normal {
			putRef(b.ix.terms.folded, form, ref)
		}
	}
}

func putRef(m map[string][]termRef, form string, ref termRef) {
	if list := m[form]; len(list) < maxTies && !slices.Contains(list, ref) {
		m[form] = append(list, ref)
	}
}
