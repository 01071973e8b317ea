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
	// One part of a compound that the question has: another bridge than the harbour's.
	partial = 0.4
)

// matcher compares the words of a question with those of texts of one language.
type matcher struct {
	language string
	lexicon  *lexicon
	terms    []term
	stems    []string
	// parts are the two words of those terms that are compounds.
	parts [][]string
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
	// side is which part of the term the word is, where it is one of a compound.
	side side
}

// side is a part of a compound; both make it whole.
type side int

const (
	whole side = iota
	modifier
	head
)

func newMatcher(q Question, language string, unknown []bool) *matcher {
	m := &matcher{language: languages.Base(language), terms: q.terms, unknown: unknown, known: map[string]fit{}}
	m.lexicon = lexiconOf(m.language)
	for _, t := range q.terms {
		m.stems = append(m.stems, stem.Of(t.folded, m.language))
		m.parts = append(m.parts, q.parts(t.word))
	}
	return m
}

// of returns what a word has to do with the question.
func (m *matcher) of(w word) fit {
	if f, ok := m.known[w.folded]; ok {
		return f
	}
	var f fit
	groups := m.lexicon.groups[w.stem]
	for i, t := range m.terms {
		quality := m.quality(i, w, groups)
		if quality > 0 {
			f.terms = append(f.terms, hit{i, quality, whole})
		} else if part := m.part(i, w, groups); part != whole {
			f.terms = append(f.terms, hit{i, partial, part})
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
	case !t.hard && (derives(m.stems[i], w.stem) || m.participle(m.stems[i], w.stem)):
		return derived
	case compounds(m.language) && within(m.stems[i], w.folded, w.stem):
		return compounded
	case shares(groups, t.groups):
		return sameMeaning
	case t.hard && m.unknown[i] && !t.capital && utf8.RuneCountInString(t.folded) >= 7 && textform.OneError([]rune(t.folded), []rune(w.folded)):
		return misspelt
	}
	return 0
}

// compounds says whether a language writes compounds as one word.
func compounds(language string) bool {
	return slices.Contains([]string{"de", "nl", "da", "nb", "sv", "fi", "hu"}, language)
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

// part returns which part a word is of the compound that a term is: barracks of the
// grounds of the barracks.
func (m *matcher) part(i int, w word, groups []int) side {
	const first, last = 5, 4
	t := m.terms[i]
	switch {
	case !compounds(m.language), t.number != "", w.number != "", t.code:
	case m.parts[i] != nil:
		for n, part := range m.parts[i] {
			s := stem.Of(part, m.language)
			if s == w.stem || part == w.folded || derives(s, w.stem) || m.participle(s, w.stem) || shares(m.lexicon.groups[s], groups) {
				return []side{modifier, head}[n]
			}
		}
	case len(m.stems[i])-len(w.stem) < 3:
	case len(w.stem) >= first && strings.HasPrefix(t.folded, w.stem):
		return modifier
	case len(w.stem) >= last && strings.HasSuffix(m.stems[i], w.stem):
		return head
	}
	return whole
}

// participle says whether of two German or Dutch stems one is the participle of the
// other: klag and geklagt.
func (m *matcher) participle(a, b string) bool {
	if m.language != "de" && m.language != "nl" {
		return false
	}
	const least = 3
	root := func(s string) string {
		if rest, ok := strings.CutPrefix(s, "ge"); ok && len(rest) > least {
			s = rest
		}
		if rest, ok := strings.CutSuffix(s, "t"); ok && len(rest) > least {
			s = rest
		}
		return s
	}
	ra, rb := root(a), root(b)
	return ra == rb && len(ra) > least && (ra != a || rb != b)
}
