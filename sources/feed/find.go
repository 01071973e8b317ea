package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
	"keypull/sources"
)

// How much a word counts that is found in a part of an item, and how well it
// fits there, in hundredths.
const (
	inTitle, inCategory, inSummary, inBody = 100, 60, 30, 10

	fitsWhole, fitsStem, fitsBegin = 100, 85, 70
)

const (
	// maxWords bounds the words that are looked for, maxSearched how many bytes
	// of bodies are looked through for one of them that stands nowhere else.
	maxWords    = 12
	maxSearched = 2 << 20
)

// seeker looks for words in items.
type seeker struct {
	words []wanted
	// room is how many bytes of bodies may still be looked through.
	room int
}

// wanted is one word, folded, with its stems.
type wanted struct {
	word  string
	stems []string
}

// newSeeker looks for the words of a text that mean something.
func newSeeker(text string, languages ...string) *seeker {
	k := &seeker{room: maxSearched}
	all := speech.Content(strings.FieldsFunc(textform.Fold(text), isSeparator))
	for _, word := range all[:min(len(all), maxWords)] {
		w := wanted{word: word}
		for _, l := range languages {
			if s := stem.Of(word, l); l != "" && s != "" && !slices.Contains(w.stems, s) {
				w.stems = append(w.stems, s)
			}
		}
		k.words = append(k.words, w)
	}
	return k
}

// isSeparator reports whether r separates words.
func isSeparator(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
}

// passage is a text of an item and what a word in it counts.
type passage struct {
	text   string
	weight int
}

// score returns how well an item fits all words; zero where one of them is missing.
// Where any will do, it is how well it fits those that are there.
func (k *seeker) score(it what.Item, language string, anyWord bool) int {
	parts := []passage{{it.Title, inTitle}}
	if categories, ok := it.Facts.Find(factCategories); ok {
		parts = append(parts, passage{strings.Join(categories.List, " , "), inCategory})
	}
	parts = append(parts, passage{it.Summary, inSummary})
	found := make([]int, len(k.words))
	k.look(parts, found, cmp.Or(it.Language, language))
	if slices.Contains(found, 0) && it.Body != "" && k.room > 0 {
		k.room -= len(it.Body)
		k.look([]passage{{it.Body, inBody}}, found, cmp.Or(it.Language, language))
	}
	sum := 0
	for _, n := range found {
		if n == 0 && !anyWord {
			return 0
		}
		sum += n
	}
	return sum
}

// look notes how well each word fits the parts, the best place of each.
func (k *seeker) look(parts []passage, found []int, language string) {
	for _, p := range parts {
		if p.text == "" {
			continue
		}
		folded := textform.Fold(p.text)
		for i, w := range k.words {
			if fit := w.fits(folded, language); fit*p.weight > found[i] {
				found[i] = fit * p.weight
			}
		}
	}
}

// fits returns how well a word fits a folded text.
func (w wanted) fits(folded, language string) int {
	first, _ := utf8.DecodeRuneInString(w.word)
	if unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
		if strings.Contains(folded, w.word) {
			return fitsWhole
		}
		return 0
	}
	best := 0
	for rest := folded; best < fitsWhole; {
		i := strings.IndexFunc(rest, func(r rune) bool { return !isSeparator(r) })
		if i < 0 {
			break
		}
		rest = rest[i:]
		end := strings.IndexFunc(rest, isSeparator)
		if end < 0 {
			end = len(rest)
		}
		best, rest = max(best, w.fit(rest[:end], language)), rest[end:]
	}
	return best
}

func (w wanted) fit(word, language string) int {
	switch {
	case word == w.word:
		return fitsWhole
	case word[0] != w.word[0]:
		return 0
	}
	for _, s := range w.stems {
		if len(s) > 2 && strings.HasPrefix(word, s[:2]) && s == stem.Of(word, language) {
			return fitsStem
		}
	}
	if strings.HasPrefix(word, w.word) {
		return fitsBegin
	}
	return 0
}

// ranked is an item that fits, and how well.
type ranked struct {
	item  what.Item
	score int
}

// searchItems returns the items that fit a text, the best first, of those that fit
// alike in their order, what is still to come behind all others. Without words
// that is all of them. Where upstream has searched, and found by more than is
// told here, those that hold a word of it stand in for those that hold all.
func searchItems(items []what.Item, text string, q pull.Query, upstream bool) []what.Item {
	language := q.Language
	k := newSeeker(text, append(languagesOf(items), language)...)
	if len(k.words) == 0 {
		return items
	}
	found := k.all(items, language, false)
	if len(found) == 0 && upstream {
		k.room = maxSearched
		found = k.all(items, language, true)
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		if later, than := isUpcoming(a.item, q.First()), isUpcoming(b.item, q.First()); later != than {
			if later {
				return 1
			}
			return -1
		}
		return b.score - a.score
	})
	kept := make([]what.Item, len(found))
	for i, f := range found {
		kept[i] = f.item
	}
	return kept
}

func (k *seeker) all(items []what.Item, language string, anyWord bool) []ranked {
	var found []ranked
	for _, it := range items {
		if n := k.score(it, language, anyWord); n > 0 {
			found = append(found, ranked{it, n})
		}
	}
	return found
}

// languagesOf returns the languages of items, each once.
func languagesOf(items []what.Item) []string {
	var all []string
	for _, it := range items {
		if it.Language != "" && !slices.Contains(all, it.Language) {
			all = append(all, it.Language)
		}
	}
	return all
}

// ofReader puts the items of the reader's language first, of what is out and of
// what is still to come; a feed of one language stays as it is.
func ofReader(items []what.Item, q pull.Query) []what.Item {
	if len(languagesOf(items)) < 2 {
		return items
	}
	out := slices.IndexFunc(items, func(it what.Item) bool { return isUpcoming(it, q.First()) })
	if out < 0 {
		out = len(items)
	}
	return slices.Concat(sources.InLanguage(items[:out], q.Language), sources.InLanguage(items[out:], q.Language))
}

// publishedWithin returns the items that were published, or else first seen, in a
// period.
func publishedWithin(items []what.Item, from, to time.Time) []what.Item {
	var kept []what.Item
	for _, it := range items {
		at := it.Published
		if at.IsZero() {
			at = it.Seen
		}
		if !at.Before(from) && (to.IsZero() || at.Before(to)) {
			kept = append(kept, it)
		}
	}
	return kept
}
