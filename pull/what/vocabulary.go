package what

import (
	"slices"
	"sync"

	"keypull/pull/what/textform"
)

// Vocabulary is what a source is known to answer, made ready for matching: the
// entries are found by the same rules as phrases. It is immutable, and worth
// keeping, since making it ready takes seconds for 200,000 entries.
type Vocabulary struct {
	terms []Term
	ready func() *lexicon
}

// NewVocabulary returns the vocabulary of some terms, which must not be changed
// any more, or nil if there are none. The work is done when the first index is
// built that needs it.
func NewVocabulary(terms []Term) *Vocabulary {
	if len(terms) == 0 {
		return nil
	}
	return &Vocabulary{terms: terms, ready: sync.OnceValue(func() *lexicon { return termLexicon(terms) })}
}

// Terms lists the entries; they must not be changed.
func (v *Vocabulary) Terms() []Term {
	if v == nil {
		return nil
	}
	return v.terms
}

// vocabulary finds the term that words name.
type vocabulary struct {
	*lexicon
	terms []Term
	wish  func(text string, alone bool, known func(folded string) bool) bool
}

// isWish reports whether a text names no entry, and asks for some by what they are.
func (v *vocabulary) isWish(text string, alone bool, probes *int) bool {
	return v != nil && v.wish != nil && len(v.named(text, probes)) == 0 &&
		v.wish(text, alone, func(folded string) bool { return v.knows(folded, probes) })
}

// vocabulary makes a vocabulary ready, once for all keywords that share it.
func (b *builder) vocabulary(v *Vocabulary) *vocabulary {
	known, ok := b.shared[v]
	if !ok {
		known = &vocabulary{lexicon: v.ready(), terms: v.terms}
		b.shared[v] = known
	}
	return known
}

func termLexicon(terms []Term) *lexicon {
	b := newLexiconBuilder(2 * len(terms))
	b.entries = true
	for i := range terms {
		t := &terms[i]
		t.names(func(name string) {
			b.add(phrase{text: name, id: t.Value, owner: index32(i)}, "")
		})
	}
	return b.finish()
}

// names calls f with every name of the term.
func (t *Term) names(f func(string)) {
	f(t.Value)
	for _, name := range t.Names {
		f(name)
	}
}

// name returns what readers know the term by.
func (t *Term) name() string {
	if len(t.Names) > 0 {
		return t.Names[0]
	}
	return t.Value
}

// reading is what a vocabulary makes of an argument.
type reading struct {
	// terms are those that it may name: one where it is sure, several where it is
	// not.
	terms []int32
	// corrected says that it is not spelt so; doubtful that it is written like a
	// symbol, or stands for one, and not as that is: another letter is another paper.
	corrected, doubtful bool
}

// canonical returns the terms that an argument may name, best tier first.
func (v *vocabulary) canonical(text string, probes *int) reading {
	if terms := v.owners(v.named(text, probes)); len(terms) > 0 {
		return reading{terms: terms}
	}
	return v.nearly(text, probes)
}

// nearly returns the terms that an argument may name that is none as it stands.
func (v *vocabulary) nearly(text string, probes *int) reading {
	symbol := textform.IsSymbol(text)
	var tokens [16]textform.Token
	words := textform.Units(textform.Tokenise(text, tokens[:0]), nil)
	if len(words) == 0 || len(words) > maxTypedWords {
		return reading{}
	}
	ways := [][]int32{v.joined(words, nil, probes)}
	if !symbol {
		ways = [][]int32{v.ordered(words, nil, probes), v.inflected(words, nil, probes), ways[0]}
	}
	for _, hits := range ways {
		if terms := v.owners(hits); len(terms) > 0 {
			return reading{terms: terms, doubtful: symbol || slices.ContainsFunc(hits, v.isTerse)}
		}
	}
	limit := errorsAllowed(words)
	if limit == 0 {
		return reading{}
	}
	all, crowded := v.misspelt(words, limit, nil, probes)
	nearest := far
	for _, s := range all {
		nearest = min(nearest, s.edits)
	}
	var hits []int32
	for _, s := range all {
		if s.edits == nearest {
			hits = append(hits, s.hit)
		}
	}
	terms := v.owners(hits)
	if crowded && len(terms) == 1 {
		return reading{}
	}
	return reading{terms: terms, corrected: true, doubtful: symbol || slices.ContainsFunc(hits, v.isSymbol)}
}

// owners returns the terms of some names.
func (v *vocabulary) owners(hits []int32) (terms []int32) {
	for _, hit := range hits {
		owner := v.phrases[hit].owner
		again := false
		for _, t := range terms {
			again = again || t == owner
		}
		if !again {
			terms = append(terms, owner)
		}
	}
	return terms
}
