package what

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// misspelt returns the phrases that are some typing errors away from the
// words, with the number of errors; crowded says that there may be more. It
// looks for one error first, and for more only if there is nothing that near.
// Phrases that counts says no to are passed over; nil is no such thing.
func (l *lexicon) misspelt(words []string, limit int, counts func(hit int32) bool, probes *int) (all []slipped, crowded bool) {
	t := typist{lexicon: l, words: words, limit: limit, counts: counts, probes: probes}
	whole := textform.Compact(words)
	if len(words) > 1 || textform.Weight(whole) >= twoErrors {
		for _, n := range t.near(whole, true, 1) {
			t.add(l.look(l.compacts[n.phrase], true, t.hits[:0]))
		}
	}
	if len(words) > maxTypedWords || len(words) > 1 && len(t.all) > 0 {
		return t.all, t.crowded
	}
	for errors := 1; errors <= min(limit, 2) && len(t.all) == 0; errors++ {
		t.respell(errors, false)
	}
	if len(words) > 1 && len(t.all) == 0 {
		t.shorten()
	}
	if len(words) > 1 && len(t.all) == 0 {
		// What was typed in several words may be one.
		for _, n := range t.near(whole, false, 1) {
			t.add(l.reads(n.text, t.hits[:0], probes))
		}
		if slices.ContainsFunc(words, t.has) {
			t.respell(1, true)
		}
	}
	return t.all, t.crowded
}

// typist looks for what somebody meant to type.
type typist struct {
	*lexicon
	words   []string
	limit   int
	counts  func(hit int32) bool
	probes  *int
	all     []slipped
	crowded bool
	hits    [8]int32
}

func (t *typist) near(typed string, phrase bool, errors int) []near {
	found, crowded := t.typing.find(typed, phrase, errors, t.probes)
	t.crowded = t.crowded || crowded
	return found
}

func (t *typist) add(found []int32) {
	for _, hit := range found {
		if t.counts == nil || t.counts(hit) {
			t.all = t.slipped(t.all, hit, t.words, t.limit)
		}
	}
}

// respell replaces words by others that are near. Those that phrases are made
// of stay, unless also says that they may have been mistaken for each other.
func (t *typist) respell(errors int, also bool) {
	options := make([][]near, 0, len(t.words))
	changed := false
	for _, w := range t.words {
		list := []near{{text: w}}
		if letters := textform.Weight(w); letters > 2 && (also || len(t.words) == 1 || !t.has(w)) {
			if letters < 4 || letters < twoErrors && len(t.words) == 1 {
				errors = 1
			}
			list = t.options(w, errors)
			changed = true
		}
		options = append(options, list)
	}
	if !changed {
		return
	}
	spellings(options, t.limit, func(words []string) {
		if len(words) == 1 {
			t.add(t.reads(words[0], t.hits[:0], t.probes))
		}
		t.add(t.by(byBag, bag(speech.Content(words)), t.hits[:0], t.probes))
	})
}

// shorten leaves out words that are too short to tell what they were.
func (t *typist) shorten() {
	const short = 3
	long := slices.DeleteFunc(slices.Clone(t.words), func(w string) bool { return textform.Weight(w) <= short && !t.has(w) })
	if len(long) == 0 || len(long) == len(t.words) {
		return
	}
	if len(long) == 1 {
		t.add(t.reads(long[0], t.hits[:0], t.probes))
	}
	t.add(t.by(byBag, bag(speech.Content(long)), t.hits[:0], t.probes))
}

// has reports whether some phrase has that word.
func (t *typist) has(w string) bool { return t.knows(w, t.probes) }

// options returns the words that one may stand for, the nearest first.
func (t *typist) options(w string, errors int) []near {
	found := t.near(w, false, errors)
	slices.SortStableFunc(found, func(a, b near) int { return a.edits - b.edits })
	if len(found) == 0 || found[0].edits > 0 {
		// A small word may be missing in the phrase.
		found = append([]near{{text: w}}, found...)
	}
	if len(found) > 4*maxOptions {
		found, t.crowded = found[:4*maxOptions], true
	}
	return found
}

const (
	// maxTypedWords bounds the words of a message with typing errors,
	// maxOptions the spellings tried of each, maxSpellings those of all.
	maxTypedWords, maxOptions, maxSpellings = 6, 4, 24
)

// spellings calls f with every choice of one option for each word that makes
// at most limit errors, and at least one.
func spellings(options [][]near, limit int, f func([]string)) {
	words := make([]string, len(options))
	left := maxSpellings
	var choose func(i, errors int)
	choose = func(i, errors int) {
		if i == len(options) {
			if errors > 0 && left > 0 {
				left--
				f(words)
			}
			return
		}
		for n, o := range options[i] {
			if len(options) > 1 && n > maxOptions {
				return
			}
			if errors+o.edits <= limit {
				words[i] = o.text
				choose(i+1, errors+o.edits)
			}
		}
	}
	choose(0, 0)
}

// slipped is a phrase that may have been misspelt.
type slipped struct {
	hit int32
	// edits is how many errors, slip how likely they are: see slip.
	edits, slip int
}

// slipped adds a phrase with its distance to the words, if it is near enough.
func (l *lexicon) slipped(all []slipped, hit int32, words []string, limit int) []slipped {
	if slices.ContainsFunc(all, func(s slipped) bool { return s.hit == hit }) {
		return all
	}
	var tokens [16]textform.Token
	var buf [12]string
	meant := textform.Units(textform.Tokenise(l.phrases[hit].text, tokens[:0]), buf[:0])
	if !sameFigures(words, meant) {
		// Another number is another line, and no slip.
		return all
	}
	d, likely := farther(words, meant, limit)
	if d > limit {
		return all
	}
	return append(all, slipped{hit: hit, edits: d, slip: likely})
}

// sameFigures reports whether two lists of words have the same figures in the
// same order.
func sameFigures(one, other []string) bool {
	figures := func(words []string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, textform.Compact(words))
	}
	return figures(one) == figures(other)
}

// farther returns the distance of two lists of words: of their letters in order, or
// of their words in any order without the small ones.
func farther(typed, meant []string, limit int) (edits, likely int) {
	var one, other [maxPhraseLetters]rune
	a, b := appendLetters(one[:0], textform.Compact(typed)), appendLetters(other[:0], textform.Compact(meant))
	if len(a) == 0 || len(b) == 0 {
		return far, 0
	}
	edits, likely = distance(a, b, limit), slip(a, b)
	if edits <= limit && edits <= 1 || len(meant) == 1 && len(typed) == 1 {
		return edits, likely
	}
	x, y := speech.Content(typed), speech.Content(meant)
	a, b = appendLetters(one[:0], bag(x)), appendLetters(other[:0], bag(y))
	if d := distance(a, b, limit); d < edits {
		// The same words in their order are meant rather than in another.
		return max(d, min(d+1, limit)), slip(a, b)
	}
	return edits, likely
}
