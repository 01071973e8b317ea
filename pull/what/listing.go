package what

import (
	"slices"
	"strings"

	"keypull/pull/what/textform"
)

// Limits of a message that names several entries: its words, and those of one
// name.
const (
	maxListedWords = 40
	maxEntryWords  = 4
)

// listing returns the entries that some words name one after the other, with
// nothing between them but a word that adds: "WIPRO and INFY". Every word belongs
// to a name, and every name is one entry's alone; less than two are no list.
func (v *vocabulary) listing(msg *message, from, to int, probes *int) (found []int32) {
	if v == nil || to-from < 2 || to-from > maxListedWords {
		return nil
	}
	for at := from; at < to; {
		n := 0
		for size := min(maxEntryWords, to-at); size > 0 && n == 0; size-- {
			name := textform.Normal(msg.text[msg.tokens[at].Start:msg.tokens[at+size-1].End])
			terms := v.owners(v.reads(name, nil, probes))
			if len(terms) != 1 {
				continue
			}
			n = size
			if !slices.Contains(found, terms[0]) {
				found = append(found, terms[0])
			}
		}
		switch {
		case n > 0:
		case len(found) > 0 && msg.adds(at):
			n = 1
		default:
			return nil
		}
		at += n
	}
	if len(found) < 2 {
		return nil
	}
	return found
}

// listed is the argument that names all of some entries.
func (v *vocabulary) listed(terms []int32) string {
	values := make([]string, len(terms))
	for i, t := range terms {
		values[i] = v.terms[t].Value
	}
	return strings.Join(values, ", ")
}

// severalTerms finds a message that is nothing but entries of the vocabulary of
// a keyword that they call alone, and of which one ask may name several.
func (t *tiers) severalTerms() (Match, bool) {
	var all []ranked
	for i := range t.ix.bare {
		b := &t.ix.bare[i]
		terms := b.listing(&t.message, 0, len(t.tokens), &t.probes)
		if len(terms) == 0 {
			continue
		}
		for _, number := range b.keywords {
			if k := &t.ix.keywords[number]; k.several {
				all = joinRanked(all, ranked{Candidate: Candidate{Keyword: k.id, Argument: b.listed(terms)}, number: number, autocorrect: k.autocorrect})
			}
		}
	}
	return decideRanked(TierVocabulary, all)
}
