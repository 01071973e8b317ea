package what

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// lexicon finds the texts that a word or a phrase may stand for: the phrases
// of keywords, or the names of the terms of a vocabulary. It is immutable and
// made of hash tables alone.
type lexicon struct {
	phrases   []phrase
	languages []string
	// lists holds the phrases of the forms that have more than one.
	lists [][]int32
	// exact maps normal forms, keys all other relations.
	exact *forms
	keys  *hashtable.Table
	// typing finds misspelt words, and misspelt phrases without their spaces;
	// compacts numbers the phrases of the latter.
	typing   *typing
	compacts []int32
	// postings lists the phrases of several words by their words.
	postings postings
	// begins are the letters that phrases begin with.
	begins beginnings
	// stems are the languages by whose rules words are inflected.
	stems []stemming
	// latin are the ways in which phrases are written in Latin letters.
	latin [sound.ThaiLatin + 1]bool
}

// phrase is one text of a lexicon as its editor spelt it.
type phrase struct {
	text string
	// id names whose it is, owner is its number.
	id       string
	owner    int32
	language int32
	nature   nature
}

// nature is what a phrase is like, as a set.
type nature uint8

const (
	// natureCode marks tickers and numbers: no inflection, no typing errors in
	// short ones, and no notice within sentences.
	natureCode nature = 1 << iota
	// natureCommon marks ordinary words and very short ones, which fire within
	// a sentence only beside words that ask for something.
	natureCommon
	// natureSmall marks phrases that are made of words that only ask.
	natureSmall
	// natureReserved marks phrases that are words of the service too, which
	// keep their meaning.
	natureReserved
	// natureFunction marks words that say nothing alone, and those of up to three
	// letters.
	natureFunction
	// natureSymbol marks the symbols of a vocabulary: what is not written so, but
	// for its case, is another one.
	natureSymbol
)

func (n nature) guarded() bool { return n&(natureCode|natureCommon) != 0 }

// stemming is a language whose rules apply to words of a script.
type stemming struct {
	language string
	script   textform.Writing
}

// postings lists numbers by the number of a word.
type postings struct {
	starts []uint32
	items  []int32
	// total is how many phrases have the word, of which maxPostings are listed.
	total []int32
}

// maxPostings bounds the phrases that are listed for one word.
const maxPostings = 32

func (p *postings) of(word int32) (list []int32, total int) {
	if int(word) >= len(p.total) {
		return nil, 0
	}
	return p.items[p.starts[word]:p.starts[word+1]], int(p.total[word])
}

// look appends the phrases of a value to hits.
func (l *lexicon) look(number int32, ok bool, hits []int32) []int32 {
	switch {
	case !ok:
		return hits
	case number >= 0:
		return append(hits, number)
	default:
		return append(hits, l.lists[^number]...)
	}
}

// by appends the phrases that stand in a relation to a text.
func (l *lexicon) by(r relation, text string, hits []int32, probes *int) []int32 {
	*probes++
	number, ok := l.keys.Find(hashOf(l.keys, r, text))
	return l.look(number, ok, hits)
}

// spelt appends the phrases that are spelt so, but for case and punctuation.
func (l *lexicon) spelt(normal string, hits []int32, probes *int) []int32 {
	*probes++
	number, ok := l.exact.find(normal)
	return l.look(number, ok, hits)
}

// folded appends the phrases that are spelt so but for diacritics.
func (l *lexicon) folded(normal string, hits []int32, probes *int) []int32 {
	for _, form := range textform.FoldsNormal(normal) {
		if form != normal {
			hits = l.spelt(form, hits, probes)
		}
		hits = l.by(byFold, form, hits, probes)
	}
	return hits
}

// reads appends the phrases spelt so, or, where there are none, those that are
// but for diacritics.
func (l *lexicon) reads(normal string, hits []int32, probes *int) []int32 {
	if found := l.spelt(normal, hits, probes); len(found) > len(hits) {
		return found
	}
	return l.folded(normal, hits, probes)
}

// named returns the texts that are written so, signs within a word and all: what
// is no symbol may be written with others.
func (l *lexicon) named(raw string, probes *int) []int32 {
	written := textform.Written(raw)
	found := l.reads(written, nil, probes)
	if strings.Contains(written, "'") { // W's is no WS
		found = slices.DeleteFunc(found, func(hit int32) bool { return l.isSymbol(hit) && !strings.Contains(l.phrases[hit].text, "'") })
	}
	if len(found) == 0 {
		if normal := textform.Normal(raw); normal != written {
			found = slices.DeleteFunc(l.reads(normal, nil, probes), l.isSymbol)
		}
	}
	return l.preferred(found, raw)
}

// preferred returns the symbols among some texts that are written so letter by letter,
// where there are some, else all: RDSa.L and RDSA.L may be two.
func (l *lexicon) preferred(found []int32, raw string) []int32 {
	raw = textform.Trim(raw)
	exactly := func(hit int32) bool { return l.isSymbol(hit) && l.phrases[hit].text == raw }
	if len(found) > 1 && slices.ContainsFunc(found, exactly) {
		return slices.DeleteFunc(found, func(hit int32) bool { return !exactly(hit) })
	}
	return found
}

func (l *lexicon) isSymbol(hit int32) bool { return l.phrases[hit].nature&natureSymbol != 0 }

// isTerse reports whether a text is a symbol whose letters alone do not tell it: it
// is short, or has signs. TATAMOTORS is told by "tata motors".
func (l *lexicon) isTerse(hit int32) bool { return l.isSymbol(hit) && isTerse(l.phrases[hit].text) }

func isTerse(symbol string) bool {
	return textform.Weight(symbol) <= maxCode || textform.Written(symbol) != textform.Normal(symbol)
}

// ordered appends the phrases of the same words in any order, articles aside.
func (l *lexicon) ordered(words []string, hits []int32, probes *int) []int32 {
	rest := speech.Content(words)
	return l.by(byBag, bag(rest), hits, probes)
}

// inflected appends the phrases of the same words in other inflections.
func (l *lexicon) inflected(words []string, hits []int32, probes *int) []int32 {
	rest := speech.Content(words)
	script := textform.WritingOf(rest[0])
	var buf [8]string
	for _, s := range l.stems {
		if s.script != script {
			continue
		}
		stems := buf[:0]
		for _, w := range rest {
			stems = append(stems, stem.Of(w, s.language))
		}
		hits = l.by(byStem, s.language+":"+bag(stems), hits, probes)
	}
	stems := buf[:0]
	for _, w := range rest {
		stems = append(stems, stem.Light(w))
	}
	return l.by(byLightStem, bag(stems), hits, probes)
}

// stemLanguages returns the languages by whose rules the phrases are inflected.
func (l *lexicon) stemLanguages() (all []string) {
	for _, s := range l.stems {
		all = append(all, s.language)
	}
	return all
}

// joined appends the phrases of the same letters, spaces aside.
func (l *lexicon) joined(words []string, hits []int32, probes *int) []int32 {
	whole := textform.Compact(words)
	hits = l.by(byCompact, whole, hits, probes)
	if len(words) > 1 {
		hits = l.spelt(whole, hits, probes)
		hits = l.by(byFold, whole, hits, probes)
	}
	return hits
}

// having returns the phrases that have all the words, the shortest first, and how
// many there are: of very many only some are told.
func (l *lexicon) having(words []string, probes *int) (hits []int32, total int) {
	for i, w := range words {
		*probes++
		number, ok := l.keys.Find(hashOf(l.keys, byWord, w))
		if !ok || textform.Weight(w) < 3 {
			return nil, 0
		}
		list, n := l.postings.of(number)
		if i == 0 {
			hits, total = slices.Clone(list), n
			continue
		}
		hits = slices.DeleteFunc(hits, func(p int32) bool { return !slices.Contains(list, p) })
		total = len(hits)
	}
	length := func(hit int32) int { return utf8.RuneCountInString(l.phrases[hit].text) }
	slices.SortStableFunc(hits, func(a, b int32) int { return length(a) - length(b) })
	return hits, total
}

// knows reports whether some phrase has that word.
func (l *lexicon) knows(w string, probes *int) bool {
	*probes++
	_, ok := l.keys.Find(hashOf(l.keys, byWord, w))
	return ok
}
