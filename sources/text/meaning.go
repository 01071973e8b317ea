package text

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// How much a word says, by what it does in a question: one that a question
// begins with tells how long from how much, one that only asks nothing.
const (
	saysAll      = 1.0
	saysCommon   = 0.6
	saysQuestion = 0.3
	saysFunction = 0.1
)

// When a wording is taken for the question that was asked: how much of both has
// to agree, how far behind the next entry must be, and from where on it comes
// near enough to be offered.
const (
	sureFrom  = 0.72
	sureSaid  = 0.7
	sureApart = 0.12
	nearFrom  = 0.3
	// Where all that was asked stands in a wording, half of it is enough, if no
	// other entry is near.
	wholeSaid  = 0.95
	wholeFrom  = 0.45
	wholeApart = 0.25
)

// meanings finds questions by the words that say something, each by what its
// inflected forms share, weighed by how few of the questions have it.
type meanings struct {
	// languages has one reading of all questions for each language.
	languages map[string]*reading
	entries   int
}

// reading is the questions as they are read in one language.
type reading struct {
	language string
	// tongues are those in which a word that says little is known as one.
	tongues  speech.Tongues
	wordings []wording
	// known counts the entries that have a word.
	known   map[string]int
	entries int
}

type wording struct {
	entry int
	words map[string]float64
	turns bool
}

func newMeanings(entries []entry, languages []string) meanings {
	m := meanings{languages: map[string]*reading{}, entries: len(entries)}
	var tongues speech.Tongues
	for _, language := range languages {
		tongues |= speech.Of(language)
	}
	for i, e := range entries {
		for _, language := range e.languagesAmong(languages) {
			r := m.languages[language]
			if r == nil {
				r = &reading{language: language, tongues: tongues | speech.Of(language), known: map[string]int{}}
				m.languages[language] = r
			}
			r.addWordings(i, e.names)
		}
	}
	return m
}

func (r *reading) addWordings(entry int, names []string) {
	r.entries++
	seen := map[string]bool{}
	for _, name := range names {
		w := wording{entry: entry}
		w.words, w.turns = r.readWords(name)
		for word := range w.words {
			if !seen[word] {
				seen[word] = true
				r.known[word]++
			}
		}
		r.wordings = append(r.wordings, w)
	}
}

// maxWords is how many words of a message are read.
const maxWords = 60

// saysNothing reports whether a text is no question at all: words that ask and please alone.
func (m meanings) saysNothing(text string) bool {
	for _, r := range m.languages {
		if words, _ := r.readWords(text); len(words) > 0 {
			return false
		}
	}
	return len(m.languages) > 0
}

// readWords takes a text apart into what its words share with their other forms, and
// how much each says; turns is whether it is turned round.
func (r *reading) readWords(text string) (words map[string]float64, turns bool) {
	words = map[string]float64{}
	tokens := textform.Tokenise(text, nil)
	tokens = tokens[:min(len(tokens), maxWords)]
	speech.Mark(tokens, r.language)
	before := ""
	for _, t := range tokens {
		if !strings.ContainsFunc(t.Folded, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }) {
			before = ""
			continue
		}
		if t.Spaceless {
			// Two letters that stand together say what one alone does not.
			if before != "" {
				words[before+t.Folded] = saysAll
			}
			before = t.Folded
			continue
		}
		before = ""
		if speech.Does(t.Folded, speech.Negation|speech.NegationBehind) {
			turns = true
		}
		says := saysAll
		switch {
		case speech.IsPolite(t.Folded):
			continue
		case speech.Does(t.Folded, speech.Question|speech.QuestionBehind):
			says = saysQuestion
		case t.Carried && t.Roles&speech.Request != 0, speech.IsFunction(t.Folded, r.tongues) && speech.Surrounds(t.Folded, r.tongues):
			says = saysFunction
		case speech.IsAsking(t.Folded):
			says = saysQuestion
		case speech.IsCommon(t.Folded, r.tongues):
			says = saysCommon
		}
		word := stem.Of(t.Folded, r.language)
		words[word] = max(words[word], says)
	}
	return words, turns
}

// scores are how well the entries fit, best first.
type scores []score

type score struct {
	entry int
	fits  float64
	// said is how much of what was asked the entry's wording has.
	said float64
}

// scoreText compares a text with all questions that hold.
func (m meanings) scoreText(text string, holds []bool) scores {
	best := make([]score, m.entries)
	for _, r := range m.languages {
		asked, turns := r.readWords(text)
		asked = r.corrected(asked)
		for _, w := range r.wordings {
			s := r.compare(asked, w.words)
			s.entry = w.entry
			if turns != w.turns {
				s.fits, s.said = min(s.fits, sureFrom-0.01), min(s.said, wholeSaid-0.01)
			}
			if holds[w.entry] && s.fits > best[w.entry].fits {
				best[w.entry] = s
			}
		}
	}
	best = slices.DeleteFunc(best, func(s score) bool { return s.fits == 0 })
	slices.SortStableFunc(best, func(a, b score) int {
		return cmp.Or(cmp.Compare(b.fits, a.fits), a.entry-b.entry)
	})
	return best
}

// compare weighs what two texts share.
func (r *reading) compare(asked, has map[string]float64) score {
	var both, all, own float64
	says := false
	for word, w := range asked {
		w *= r.rare(word)
		all += w
		if _, ok := has[word]; ok {
			both += w
			says = says || asked[word] >= saysCommon
		}
	}
	for word, w := range has {
		own += w * r.rare(word)
	}
	if !says || all == 0 || own == 0 {
		return score{}
	}
	said, whole := both/all, min(1, both/own)
	return score{fits: 2 * said * whole / (said + whole), said: said}
}

// rare weighs a word by how few of the entries have it, from a third to one.
func (r *reading) rare(word string) float64 {
	n := float64(r.entries)
	if n < 2 {
		return 1
	}
	const least = 0.35
	return least + (1-least)*math.Log(n/float64(max(1, r.known[word])))/math.Log(n)
}

// minTyped is how long a word must be to be taken for another, in characters.
const minTyped = 5

// corrected takes a word that no question has for the one that is a typing
// error away, where there is one alone.
func (r *reading) corrected(asked map[string]float64) map[string]float64 {
	all := map[string]float64{}
	for word, says := range asked {
		if r.known[word] == 0 && utf8.RuneCountInString(word) >= minTyped && says == saysAll {
			if other := r.nearWord(word); other != "" {
				word = other
			}
		}
		all[word] = max(all[word], says)
	}
	return all
}

func (r *reading) nearWord(word string) string {
	found := ""
	typed := []rune(word)
	for known := range r.known {
		if len(known) > 3*len(word) || utf8.RuneCountInString(known) < minTyped || !textform.OneError(typed, []rune(known)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = known
	}
	return found
}

// sureEntries returns the entries that were asked for: one, or several that fit alike.
func (s scores) sureEntries() []int {
	switch {
	case len(s) == 0:
		return nil
	case s[0].fits >= sureFrom && s[0].said >= sureSaid:
		return s.alike(sureApart)
	case s[0].said >= wholeSaid && s[0].fits >= wholeFrom:
		return s.alike(wholeApart)
	}
	return nil
}

// alike returns the entries that fit about as well as the best.
func (s scores) alike(apart float64) (all []int) {
	for _, o := range s {
		if s[0].fits-o.fits < apart && len(all) < maxNear {
			all = append(all, o.entry)
		}
	}
	return all
}

// nearEntries returns the entries that come near, best first.
func (s scores) nearEntries() (all []int) {
	for _, o := range s {
		if o.fits >= nearFrom && len(all) < maxNear {
			all = append(all, o.entry)
		}
	}
	return all
}

// isAmongBest says that no other entry fits clearly better than one.
func (s scores) isAmongBest(entry int) bool {
	const least, said = 0.5, 0.75
	for _, o := range s {
		if o.entry == entry {
			return o.fits >= least && o.said >= said && s[0].fits-o.fits < sureApart/2
		}
	}
	return false
}
