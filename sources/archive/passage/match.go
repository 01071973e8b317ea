package passage

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// How well a word of a text says what a word of the question does.
const (
	sameWord    = 1.0
	derived     = 0.85
	compounded  = 0.8
	sameMeaning = 0.6
	misspelt    = 0.7
)

// matcher compares the words of a question with those of texts of one language.
type matcher struct {
	language string
	lexicon  *lexicon
	terms    []term
	stems    []string
	// unknown are the terms that no article has as they are written.
	unknown []bool
	known   map[string][]hit
}

// hit is a term that a word of a text says, and how well.
type hit struct {
	term    int
	quality float64
}

// newMatcher returns the matcher of a question for texts of a language.
func newMatcher(q Question, language string, unknown []bool) *matcher {
	m := &matcher{language: languages.Base(language), terms: q.terms, unknown: unknown, known: map[string][]hit{}}
	m.lexicon = lexiconOf(m.language)
	for _, t := range q.terms {
		m.stems = append(m.stems, stem.Of(t.folded, m.language))
	}
	return m
}

// matchTerms returns the terms that a word says, and how well.
func (m *matcher) matchTerms(w word) []hit {
	found, ok := m.known[w.folded]
	if !ok {
		for i := range m.terms {
			if quality := m.matchQuality(i, w); quality > 0 {
				found = append(found, hit{i, quality})
			}
		}
		m.known[w.folded] = found
	}
	return found
}

// matchQuality returns how well a word says the i-th term, from 0 to 1.
func (m *matcher) matchQuality(i int, w word) float64 {
	t := m.terms[i]
	switch {
	case t.folded == w.folded:
		return sameWord
	case t.number != "" || w.number != "":
		if t.number == w.number {
			return sameWord
		}
		return 0
	case m.stems[i] == w.stem, t.stem == w.stem, t.month > 0 && m.lexicon.month[w.folded] == t.month:
		return sameWord
	case t.month > 0, t.code:
		return 0
	case !stem.HasRules(m.language) && differInEnding(t.folded, w.folded):
		return derived
	case writesCompounds(m.language) && isCompoundPart(m.stems[i], w.folded, w.stem):
		return compounded
	case haveCommon(m.lexicon.groups[w.stem], t.groups):
		return sameMeaning
	case t.hard && m.unknown[i] && !t.capital && utf8.RuneCountInString(t.folded) >= 7 && textform.OneError([]rune(t.folded), []rune(w.folded)):
		return misspelt
	}
	return 0
}

// writesCompounds reports whether a language writes compounds as one word.
func writesCompounds(language string) bool {
	return slices.Contains([]string{"de", "nl", "da", "nb", "sv", "fi", "hu"}, language)
}

// differInEnding reports whether two words of a language whose endings are not known begin alike
// and end otherwise.
func differInEnding(a, b string) bool {
	const least, most = 4, 3
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n >= least && len(x)-n <= most && len(y)-n <= most
}

// isCompoundPart reports whether a word is a part of the compound that another one is.
func isCompoundPart(wanted, folded, stemmed string) bool {
	const least = 4
	if len(wanted) < least || len(folded)-len(wanted) < 3 {
		return false
	}
	return strings.HasPrefix(folded, wanted) || len(wanted) > least && (strings.HasSuffix(stemmed, wanted) || strings.HasSuffix(folded, wanted))
}
