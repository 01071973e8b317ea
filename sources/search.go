package sources

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
)

// Search finds texts by the words of an argument, folded as keywords are.
type Search struct{ words []string }

// NewSearch returns the search for the words of an argument; an empty one
// finds everything.
func NewSearch(argument string) Search { return Search{words: split(what.Fold(argument))} }

// Empty says that there is no word to look for.
func (s Search) Empty() bool { return len(s.words) == 0 }

// Finds says whether every word begins some word of the texts.
func (s Search) Finds(texts ...string) bool {
	if s.Empty() {
		return true
	}
	var words []string
	for _, text := range texts {
		words = append(words, split(what.Fold(text))...)
	}
	for _, wanted := range s.words {
		if !begins(words, wanted) {
			return false
		}
	}
	return true
}

func begins(words []string, wanted string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, wanted) {
			return true
		}
		if spaceless(wanted) && strings.Contains(w, wanted) {
			return true
		}
	}
	return false
}

// spaceless says whether a word is of a script that writes no spaces, where a
// whole sentence is one word.
func spaceless(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}
