package sources

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// Field is a text of an item that is searched, and what a word counts that stands there.
type Field struct {
	Text   string
	Weight int
}

// What a word counts in the parts of an item. What stands in the body is looked at only
// for words that stand nowhere else.
const (
	InTitle   = 100
	InFacts   = 60
	InSummary = 30
	InBody    = 10
)

// How well a word fits there, in hundredths.
const fitsWhole, fitsStem, fitsBegin = 100, 85, 70

const (
	// maxSought bounds the words that are looked for, maxSearched how many bytes of
	// bodies are looked through for those that stand nowhere else.
	maxSought   = 60
	maxSearched = 2 << 20
)

// Search finds texts by the words of an argument, folded as keywords are.
type Search struct {
	words []sought
	// whole says that words are not looked for as beginnings of others, some that one
	// of the words is enough.
	whole, some bool
}

// sought is one word, with the stems that it has in the languages of a search.
type sought struct {
	word  string
	stems []string
}

// NewSearch returns the search for the words of an argument; an empty one
// finds everything.
func NewSearch(argument string) Search {
	var s Search
	for word := range strings.FieldsFuncSeq(textform.Fold(argument), func(r rune) bool { return !inWord(r) }) {
		if s.words = append(s.words, sought{word: word}); len(s.words) == maxSought {
			break
		}
	}
	return s
}

// Content returns the search without the small words of all languages, where there are
// others, that finds further forms of words of some languages.
func (s Search) Content(languages ...string) Search {
	all := make([]string, len(s.words))
	for i, w := range s.words {
		all[i] = w.word
	}
	s.words = nil
	for _, word := range speech.Content(all) {
		w := sought{word: word}
		for _, language := range languages {
			if form := stem.Of(word, language); language != "" && form != "" && !slices.Contains(w.stems, form) {
				w.stems = append(w.stems, form)
			}
		}
		s.words = append(s.words, w)
	}
	return s
}

// Whole returns the search for texts that have the words as they stand: the symbol DE is
// no beginning of "delayed".
func (s Search) Whole() Search {
	s.whole = true
	return s
}

// Some returns the search for texts that have any of the words.
func (s Search) Some() Search {
	s.some = true
	return s
}

// Empty says that there is no word to look for.
func (s Search) Empty() bool { return len(s.words) == 0 }

// Finds says whether every word begins some word of the texts.
func (s Search) Finds(texts ...string) bool {
	fields := make([]Field, len(texts))
	for i, text := range texts {
		fields[i] = Field{text, InTitle}
	}
	return s.Empty() || len(Ranked(s, [][]Field{fields}, func(f []Field) ([]Field, string) { return f, "" })) > 0
}

// Hit is something that a search finds.
type Hit[T any] struct {
	Found T
	// Score is how well it fits; Titled says that all words stand in its title.
	Score  int
	Titled bool
}

// Ranked returns what a search finds of some things, in the order in which they stand,
// by their fields and the language that each is written in.
func Ranked[T any](s Search, all []T, fields func(T) (of []Field, language string)) []Hit[T] {
	var hits []Hit[T]
	room := maxSearched
	for _, one := range all {
		of, language := fields(one)
		if h := (Hit[T]{Found: one}); s.score(of, language, &room, &h.Score, &h.Titled) {
			hits = append(hits, h)
		}
	}
	return hits
}

// FoundBy returns what the hits of a search are.
func FoundBy[T any](hits []Hit[T]) []T {
	found := make([]T, len(hits))
	for i, h := range hits {
		found[i] = h.Found
	}
	return found
}

// TitledFirst returns what is found by its title, where anything is, else all.
func TitledFirst[T any](hits []Hit[T]) []Hit[T] {
	if slices.ContainsFunc(hits, func(h Hit[T]) bool { return h.Titled }) {
		return slices.DeleteFunc(hits, func(h Hit[T]) bool { return !h.Titled })
	}
	return hits
}

// score adds up how well fields fit the words, the best place of each; false where one
// of them is missing.
func (s Search) score(fields []Field, language string, room, sum *int, titled *bool) bool {
	found := make([]int, len(s.words))
	for _, f := range fields {
		if f.Weight <= InBody && f.Text != "" {
			if *room <= 0 || !slices.Contains(found, 0) {
				continue
			}
			*room -= len(f.Text)
		}
		folded := textform.Fold(f.Text)
		for i, w := range s.words {
			if found[i] < fitsWhole*f.Weight {
				found[i] = max(found[i], s.fits(w, folded, language)*f.Weight)
			}
		}
	}
	*titled = true
	for _, n := range found {
		if n == 0 && !s.some {
			return false
		}
		*sum += n
		*titled = *titled && n >= fitsBegin*InTitle
	}
	return *sum > 0
}

// fits returns how well a word fits a folded text. In scripts that write no spaces a
// whole sentence is one word, so that any place will do.
func (s Search) fits(w sought, folded, language string) (best int) {
	anywhere := textform.BeginsSpaceless(w.word)
	eachPlace(folded, w.word, func(begins bool, behind string) bool {
		r, _ := utf8.DecodeRuneInString(behind)
		switch {
		case begins && !inWord(r), anywhere:
			best = fitsWhole
		case begins && !s.whole:
			best = fitsBegin
		}
		return best < fitsWhole
	})
	for _, form := range w.stems {
		const alike = 2 // bytes with which forms of a word begin alike
		if best >= fitsStem || len(form) <= alike {
			continue
		}
		eachPlace(folded, form[:alike], func(begins bool, behind string) bool {
			if !begins {
				return true
			}
			end := strings.IndexFunc(behind, func(r rune) bool { return !inWord(r) })
			if end < 0 {
				end = len(behind)
			}
			if form == stem.Of(form[:alike]+behind[:end], language) {
				best = fitsStem
			}
			return best < fitsStem
		})
	}
	return best
}

// eachPlace shows each place of a part in a text, until see says no: whether a word begins
// there, and what stands behind it.
func eachPlace(text, part string, see func(begins bool, behind string) bool) {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], part)
		if i < 0 {
			return
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		if !see(at == 0 || !inWord(before), text[at+len(part):]) {
			return
		}
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
