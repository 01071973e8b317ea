package passage

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// How well a word of a text says what a word of the question does.
const (
	sameWord    = 1.0
	derived     = 0.85
	compounded  = 0.8
	oneVerb     = 0.7
	rooted      = 0.5
	sameMeaning = 0.6
	misspelt    = 0.7
)

// matcher compares the words of a question with those of texts of one language.
type matcher struct {
	language string
	lexicon  *lexicon
	terms    []term
	stems    []string
	// verbs are what is left of the terms as verbs.
	verbs []string
	// unknown are the terms that no article has as they are written.
	unknown []bool
	// ruled says that the language has rules for stems, compounds that it writes those as one word.
	ruled, compounds bool
	known            map[*form][]hit
}

// hit is a term that a word of a text says, and how well; part are the letters of the term
// that the word says where that is a part of it.
type hit struct {
	term    int
	quality float64
	part    uint64
}

// newMatcher returns the matcher of a question for texts of a language.
func newMatcher(q Question, language string, unknown []bool) *matcher {
	m := &matcher{language: languages.Base(language), terms: q.terms, unknown: unknown, known: map[*form][]hit{}}
	m.ruled, m.compounds = stem.HasRules(m.language), languages.WritesCompounds(m.language)
	m.lexicon = lexiconOf(m.language)
	for _, t := range q.terms {
		m.stems = append(m.stems, stem.Of(t.folded, m.language))
		m.verbs = append(m.verbs, verbRoot(t.folded, m.language))
	}
	return m
}

// matchTerms returns the terms that a word says, and how well.
func (m *matcher) matchTerms(w word) []hit {
	found, ok := m.known[w.form]
	if !ok {
		for i := range m.terms {
			if quality := m.matchQuality(i, w); quality > 0 {
				found = append(found, hit{term: i, quality: quality})
			} else if part := m.matchPart(i, w); part != 0 {
				found = append(found, hit{i, m.partQuality(i, part), part})
			}
		}
		m.known[w.form] = found
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
	case !m.ruled && beginAlike(t.folded, w.folded, 4):
		return derived
	case m.compounds && isCompoundPart(m.stems[i], w.folded, w.stem):
		return compounded
	case m.verbs[i] != "" && m.verbs[i] == w.verb:
		return oneVerb
	case haveCommon(m.lexicon.groups[w.stem], t.groups):
		return sameMeaning
	case m.ruled && !t.capital && beginAlike(m.stems[i], w.stem, 5):
		return rooted
	case t.hard && m.unknown[i] && !t.capital && utf8.RuneCountInString(t.folded) >= 7 && textform.OneError([]rune(t.folded), []rune(w.folded)):
		return misspelt
	}
	return 0
}

// matchPart returns which letters of the i-th term, a compound, a word says: of a part of it,
// or of its first part and its last.
func (m *matcher) matchPart(i int, w word) uint64 {
	const least, inside, most = 4, 5, 64
	t := m.terms[i].folded
	if !m.compounds || m.terms[i].number != "" || w.number != "" || len(t) > most || len(w.stem) < least-1 ||
		m.lexicon.stop[w.folded] || speech.IsFunction(w.folded, speech.Of(m.language)) || len(t)-len(w.stem) < least-1 {
		return 0
	}
	letters := func(from, to int) uint64 { return 1<<to - 1<<from }
	switch {
	case strings.HasPrefix(t, w.stem) && (len(w.stem) >= least || w.upper && m.lexicon.knowsWord(t[len(w.stem):], stem.Of(t[len(w.stem):], m.language), m.language)):
		return letters(0, len(w.stem))
	case len(w.stem) > least && strings.HasSuffix(m.stems[i], w.stem):
		return letters(len(m.stems[i])-len(w.stem), len(t))
	case len(w.stem) > least && strings.HasSuffix(t, w.stem):
		return letters(len(t)-len(w.stem), len(t))
	case w.upper && len(w.stem) > inside && strings.Contains(t, w.stem):
		from := strings.Index(t, w.stem)
		return letters(from, from+len(w.stem))
	}
	begin := commonBytes(w.stem, t)
	if rest := w.stem[begin:]; begin >= least && len(rest) > least && strings.HasSuffix(m.stems[i], rest) {
		return letters(0, begin) | letters(len(m.stems[i])-len(rest), len(t))
	}
	return 0
}

// partQuality returns how well some letters of the i-th term say it.
func (m *matcher) partQuality(i int, part uint64) float64 {
	const joint = 2
	all := len(m.terms[i].folded)
	said := bits.OnesCount64(part)
	if all-said <= joint {
		return compounded
	}
	return compounded * float64(said) / float64(all)
}

// verbRoot returns what the forms of a verb have in common that stands with or without
// its beginning, such as wandern, ausgewandert, wanderten: only of languages that part them.
func verbRoot(folded, language string) string {
	const least = 4
	verbs := lexiconOf(language).verbs
	if verbs == nil {
		return ""
	}
	root := folded
	for _, section := range []string{"verb-begin", "verb-middle"} {
		for _, begin := range verbs[section] {
			if rest, ok := strings.CutPrefix(root, begin); ok && len(rest) > least {
				root = rest
				break
			}
		}
	}
	for _, end := range verbs["verb-end"] {
		if rest, ok := strings.CutSuffix(root, end); ok && len(rest) >= least {
			return rest
		}
	}
	return root
}

// beginAlike reports whether two words, or stems, have so many letters at their beginning in
// common, and few behind: discover and discovery, gestaltet and gestaltung.
func beginAlike(a, b string, least int) bool {
	const most = 3
	n := commonBytes(a, b)
	return utf8.RuneCountInString(a[:n]) >= least && utf8.RuneCountInString(a[n:]) <= most && utf8.RuneCountInString(b[n:]) <= most
}

// commonBytes returns how many bytes of whole letters two words begin with alike.
func commonBytes(a, b string) int {
	for i := range a {
		if _, size := utf8.DecodeRuneInString(a[i:]); !strings.HasPrefix(b[min(i, len(b)):], a[i:i+size]) {
			return i
		}
	}
	return len(a)
}

// isCompoundPart reports whether a word is a part of the compound that another one is.
func isCompoundPart(wanted, folded, stemmed string) bool {
	const least = 4
	if len(wanted) < least || len(folded)-len(wanted) < 3 {
		return false
	}
	return strings.HasPrefix(folded, wanted) || len(wanted) > least && (strings.HasSuffix(stemmed, wanted) || strings.HasSuffix(folded, wanted))
}
