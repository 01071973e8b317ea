package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// terms are what the sources of a publisher know by name, and where that meets
// the phrases of keywords: an entry alone may call a keyword too.
type terms struct {
	sources map[string]*vocabulary
	// named finds the entries of all vocabularies by their folded form.
	named map[string][]term
}

// vocabulary is what one source knows.
type vocabulary struct {
	source string
	terms  []term
	about  About
	// heard are the names that are commands.
	heard func() []heard
	// bare are the keywords that its entries call, taken the uses of phrases
	// that are spelt like an entry.
	bare  map[*entry]bool
	taken map[*use]term
}

// term is one name of one entry.
type term struct {
	vocabulary *vocabulary
	// name is spelt as the source does, value what the source is asked for.
	name, folded, value string
}

func (n term) equalsTerm(other term) bool {
	return n.name == other.name && n.folded == other.folded && n.value == other.value
}

func newTerms() terms { return terms{sources: map[string]*vocabulary{}, named: map[string][]term{}} }

// vocabularyOf returns the vocabulary of a source, which may be empty.
func (t *terms) vocabularyOf(source string) *vocabulary {
	v := t.sources[source]
	if v == nil {
		v = &vocabulary{source: source, heard: func() []heard { return nil }, bare: map[*entry]bool{}, taken: map[*use]term{}}
		t.sources[source] = v
	}
	return v
}

// readTerms returns every name that a list can be asked by, once.
func readTerms(list []what.Term) []term {
	all := make([]term, 0, 2*len(list))
	seen := make(map[string]bool, 2*len(list))
	for i := range list {
		add := func(name string) {
			if folded := textform.Fold(name); folded != "" && !seen[folded] {
				seen[folded] = true
				all = append(all, term{name: name, folded: folded, value: list[i].Value})
			}
		}
		for _, name := range list[i].Names {
			add(name)
		}
		add(list[i].Value)
	}
	return all
}

// setTerms replaces what a source knows.
func (r *register) setTerms(v *vocabulary, list []term) {
	for _, old := range v.terms {
		rest := slices.DeleteFunc(r.terms.named[old.folded], func(t term) bool { return t.vocabulary == v })
		if r.terms.named[old.folded] = rest; len(rest) == 0 {
			delete(r.terms.named, old.folded)
		}
	}
	v.terms = list
	clear(v.taken)
	for i := range list {
		t := &list[i]
		t.vocabulary = v
		r.terms.named[t.folded] = append(r.terms.named[t.folded], *t)
		for u := range r.folded.usesOf(spreadBits(hashText(t.folded))) {
			if u.folded == t.folded {
				v.taken[u] = *t
			}
		}
	}
}

func (t *terms) putEntry(e *entry) {
	if e.keyword.Bare {
		t.vocabularyOf(e.keyword.Source).bare[e] = true
	}
	for i := range e.uses {
		for _, n := range t.named[e.uses[i].folded] {
			n.vocabulary.taken[&e.uses[i]] = n
		}
	}
}

func (t *terms) dropEntry(e *entry) {
	if e.keyword.Bare {
		delete(t.vocabularyOf(e.keyword.Source).bare, e)
	}
	for i := range e.uses {
		for _, n := range t.named[e.uses[i].folded] {
			delete(n.vocabulary.taken, &e.uses[i])
		}
	}
}

// walkRelatives calls f with every keyword that meets e by a name.
func (t *terms) walkRelatives(e *entry, f func(*entry)) {
	if e.keyword.Bare {
		for u := range t.vocabularyOf(e.keyword.Source).taken {
			f(u.entry)
		}
	}
	for i := range e.uses {
		for _, n := range t.named[e.uses[i].folded] {
			for other := range n.vocabulary.bare {
				f(other)
			}
		}
	}
}

// calledBy returns the first keyword that a name spelt like a phrase calls, and
// the name.
func (t *terms) calledBy(u *use) (*entry, string) {
	var found *entry
	name := ""
	for _, n := range t.named[u.folded] {
		for e := range n.vocabulary.bare {
			if n.crosses(u, e) && (found == nil || before(e, found)) {
				found, name = e, n.name
			}
		}
	}
	return found, name
}

// taking returns the first phrase that goes before a name that alone would call
// the keyword, and the name.
func (t *terms) taking(e *entry) (*use, string) {
	v := t.sources[e.keyword.Source]
	if v == nil {
		return nil, ""
	}
	var found *use
	for u, n := range v.taken {
		if n.crosses(u, e) {
			found = firstUse(found, u)
		}
	}
	if found == nil {
		return nil, ""
	}
	return found, v.taken[found].name
}

// crosses says whether a phrase and a name call two keywords that answer
// differently. A keyword that asks the source for just this entry does not.
func (n term) crosses(u *use, bare *entry) bool {
	k := &u.entry.keyword
	same := k.Source == n.vocabulary.source && k.Query != "" && textform.Fold(k.Query) == textform.Fold(n.value)
	return !same && entriesClash(u.entry, bare)
}

// before says which of two keywords is named.
func before(a, b *entry) bool {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.keyword.ID, b.keyword.ID)) < 0
}

// checkNames warns where an entry of a source's vocabulary, which alone calls a
// keyword, is another keyword's phrase: told at both.
func (c *checker) checkNames(e *entry) {
	if !e.keyword.Bare {
		return
	}
	if u, name := c.others.terms.taking(e); u != nil {
		c.addFindingOfBoth(Warning, "bare", CodeVocabulary, keyNameTaken, [2]*Keyword{&e.keyword, &u.entry.keyword}, "phrase", name, "other_phrase", u.phrase)
	}
}

func (c *checker) checkTermNames(u *use, path string) {
	if other, name := c.others.terms.calledBy(u); other != nil {
		c.addFindingOfBoth(Warning, path, CodeVocabulary, CodeVocabulary, [2]*Keyword{&u.entry.keyword, &other.keyword}, "phrase", u.phrase, "other_phrase", name)
	}
}

// checkUnknownNames warns where a keyword is its own argument, and none of its phrases
// names an entry of its source as far as that is known.
func (c *checker) checkUnknownNames(e *entry) {
	k, v := &e.keyword, c.others.terms.sources[e.keyword.Source]
	if v == nil || !v.about.Named || len(v.terms) == 0 || k.takesArgument() || k.Query != "" || len(e.uses) == 0 {
		return
	}
	for i := range e.uses {
		if v.knows(c.others.terms.named[e.uses[i].folded], e.uses[i].folded) {
			return
		}
	}
	c.addFinding(Warning, "query", CodeUnnamed, CodeUnnamed, "phrase", e.uses[0].phrase)
}

// knows reports whether an entry goes by a name, or by names that have all its
// words; spelt are the entries of all sources that are spelt so.
func (v *vocabulary) knows(spelt []term, folded string) bool {
	if slices.ContainsFunc(spelt, func(t term) bool { return t.vocabulary == v }) {
		return true
	}
	words := strings.Fields(folded)
	return slices.ContainsFunc(v.terms, func(t term) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(" "+t.folded, " "+word) })
	})
}
