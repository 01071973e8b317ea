package passage

import (
	"slices"
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
	halved      = 0.4
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
	known   map[string][]hit
}

// hit is a term that a word of a text says, and how well.
type hit struct {
	term    int
	quality float64
	half    half
}

// half says which part of the compound that a term is a word of a text says: where a sentence
// has both, it says the term.
type half uint8

const (
	firstHalf half = 1 << iota
	lastHalf
	bothHalves = firstHalf | lastHalf
)

// newMatcher returns the matcher of a question for texts of a language.
func newMatcher(q Question, language string, unknown []bool) *matcher {
	m := &matcher{language: languages.Base(language), terms: q.terms, unknown: unknown, known: map[string][]hit{}}
	m.lexicon = lexiconOf(m.language)
	for _, t := range q.terms {
		m.stems = append(m.stems, stem.Of(t.folded, m.language))
		m.verbs = append(m.verbs, verbRoot(t.folded, m.language))
	}
	return m
}

// matchTerms returns the terms that a word says, and how well.
func (m *matcher) matchTerms(w word) []hit {
	found, ok := m.known[w.folded]
	if !ok {
		for i := range m.terms {
			if quality := m.matchQuality(i, w); quality > 0 {
				found = append(found, hit{term: i, quality: quality})
			} else if part := m.matchHalf(i, w); part != 0 {
				found = append(found, hit{i, halved, part})
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
	case m.verbs[i] != "" && m.verbs[i] == verbRoot(w.folded, m.language):
		return oneVerb
	case haveCommon(m.lexicon.groups[w.stem], t.groups):
		return sameMeaning
	case stem.HasRules(m.language) && !t.capital && shareRoot(m.stems[i], w.stem):
		return rooted
	case t.hard && m.unknown[i] && !t.capital && utf8.RuneCountInString(t.folded) >= 7 && textform.OneError([]rune(t.folded), []rune(w.folded)):
		return misspelt
	}
	return 0
}

// matchHalf returns which part of the i-th term a word is, 0 if it is none.
func (m *matcher) matchHalf(i int, w word) half {
	t := m.terms[i]
	if !writesCompounds(m.language) || t.number != "" || w.number != "" || m.lexicon.stop[w.folded] || speech.IsFunction(w.folded, speech.Of(m.language)) || !isCompoundPart(w.stem, t.folded, m.stems[i]) {
		return 0
	}
	if strings.HasPrefix(t.folded, w.stem) {
		return firstHalf
	}
	return lastHalf
}

// verbRoot returns what the forms of a verb have in common that stands with or without
// its beginning, such as wandern, ausgewandert, wanderten: only of languages that part them.
func verbRoot(folded, language string) string {
	const least = 4
	v := verbForms[language]
	if v == nil {
		return ""
	}
	root := folded
	for _, begin := range v.begins {
		if rest, ok := strings.CutPrefix(root, begin); ok && len(rest) > least {
			root = rest
			break
		}
	}
	for _, middle := range v.middles {
		if rest, ok := strings.CutPrefix(root, middle); ok && len(rest) > least {
			root = rest
			break
		}
	}
	for _, end := range v.ends {
		if rest, ok := strings.CutSuffix(root, end); ok && len(rest) >= least {
			return rest
		}
	}
	return root
}

// verbForms are by language what verbs begin with that may stand alone, what their
// participles and infinitives have behind that, and their endings, the longest first.
var verbForms = map[string]*struct{ begins, middles, ends []string }{
	"de": {
		strings.Fields("zusammen zuruck weiter wieder unter durch uber nach fest auf aus bei ein her hin los mit vor weg ab an um zu"),
		strings.Fields("ge zu"),
		strings.Fields("etest eten test ete est end ten te et st en t n e"),
	},
	"nl": {
		strings.Fields("samen terug onder door over tegen voor toe aan bij mee neer uit weg in na om op af"),
		strings.Fields("ge te"),
		strings.Fields("den ten end de te en d t n e"),
	},
}

// shareRoot reports whether two stems begin alike for most of their length: discover and
// discovery, gestaltet and gestaltung.
func shareRoot(a, b string) bool {
	const least, most = 5, 3
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n >= least && len(x)-n <= most && len(y)-n <= most
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
