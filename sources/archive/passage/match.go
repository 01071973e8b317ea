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
	sameMeaning = 0.75
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
	known   map[string]fit
}

// fit is what one word of a text has to do with the terms: the quality of each,
// and the terms that it is the opposite of.
type fit struct {
	terms    []hit
	opposite []int
}

type hit struct {
	term    int
	quality float64
}

func newMatcher(q Question, language string, unknown []bool) *matcher {
	m := &matcher{language: languages.Base(language), terms: q.terms, unknown: unknown, known: map[string]fit{}}
	m.lexicon = lexiconOf(m.language)
	for _, t := range q.terms {
		m.stems = append(m.stems, stem.Of(t.folded, m.language))
	}
	return m
}

// of is what a word has to do with the question.
func (m *matcher) of(w word) fit {
	if f, ok := m.known[w.folded]; ok {
		return f
	}
	var f fit
	groups := m.lexicon.groups[w.stem]
	for i, t := range m.terms {
		quality := m.quality(i, w, groups)
		if quality > 0 {
			f.terms = append(f.terms, hit{i, quality})
		} else if opposed(t.groups, groups) {
			f.opposite = append(f.opposite, i)
		}
	}
	m.known[w.folded] = f
	return f
}

func (m *matcher) quality(i int, w word, groups []int) float64 {
	t := m.terms[i]
	switch {
	case t.number != "" || w.number != "":
		if t.number != "" && t.number == w.number || t.folded == w.folded {
			return sameWord
		}
		return 0
	case t.folded == w.folded, m.stems[i] == w.stem, t.stem == w.stem:
		return sameWord
	case t.month > 0:
		if m.lexicon.month[w.folded] == t.month {
			return sameWord
		}
		return 0
	case t.code:
		return 0
	case t.hard && stemmed(t.folded, w.folded):
		return derived
	case !t.hard && derives(m.stems[i], w.stem):
		return derived
	case m.compounds() && within(m.stems[i], w.folded, w.stem):
		return compounded
	case shares(groups, t.groups):
		return sameMeaning
	case t.hard && m.unknown[i] && !t.capital && utf8.RuneCountInString(t.folded) >= 7 && textform.OneError([]rune(t.folded), []rune(w.folded)):
		return misspelt
	}
	return 0
}

// compounds says whether the language writes compounds as one word.
func (m *matcher) compounds() bool {
	return slices.Contains([]string{"de", "nl", "da", "nb", "sv", "fi", "hu"}, m.language)
}

// derives says whether two stems are those of words that come from each other:
// repair and repairman, sanier and saniert.
func derives(a, b string) bool {
	const least, most = 5, 4
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= least && len(a)-n <= most && len(b)-n <= most && (len(a) == n || len(b) == n || 4*n >= 3*max(len(a), len(b)))
}

// stemmed says whether one word is the other with an ending: Galicia and Galician.
func stemmed(a, b string) bool {
	const least, most = 5, 3
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= least && len(b)-len(a) <= most && strings.HasPrefix(b, a)
}

// within says whether a word is a part of the compound that another one is.
func within(wanted, folded, stemmed string) bool {
	const least = 4
	if len(wanted) < least || len(folded)-len(wanted) < 3 {
		return false
	}
	return strings.HasPrefix(folded, wanted) || len(wanted) > least && (strings.HasSuffix(stemmed, wanted) || strings.HasSuffix(folded, wanted))
}
