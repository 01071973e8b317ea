package sources

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// Search finds texts by the words of an argument, folded as keywords are.
type Search struct {
	words []string
	// whole says that words are not looked for as beginnings of others.
	whole bool
}

// NewSearch returns the search for the words of an argument; an empty one
// finds everything.
func NewSearch(argument string) Search {
	return Search{words: strings.FieldsFunc(textform.Fold(argument), func(r rune) bool { return !inWord(r) })}
}

// Whole returns the search for texts that have the words as they stand: the symbol DE is
// no beginning of "delayed".
func (s Search) Whole() Search {
	s.whole = true
	return s
}

// Empty says that there is no word to look for.
func (s Search) Empty() bool { return len(s.words) == 0 }

// Finds says whether every word begins some word of the texts.
func (s Search) Finds(texts ...string) bool {
	folded := make([]string, 0, len(texts))
	for _, text := range texts {
		folded = append(folded, textform.Fold(text))
	}
	return s.FindsFolded(folded...)
}

// FindsFolded is Finds for texts that were folded before, by textform.Fold.
func (s Search) FindsFolded(texts ...string) bool {
	left := s.words
	for _, text := range texts {
		if len(left) == 0 {
			return true
		}
		left = s.missing(left, text)
	}
	return len(left) == 0
}

// missing returns the words that begin none of a folded text.
func (s Search) missing(words []string, text string) []string {
	var left []string
	for _, word := range words {
		if !s.begins(text, word) {
			left = append(left, word)
		}
	}
	return left
}

// begins says whether a word of text begins with word, or is it. In scripts that write
// no spaces a whole sentence is one word, so that any place will do.
func (s Search) begins(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+i])
		behind, _ := utf8.DecodeRuneInString(text[at+i+len(word):])
		if (at+i == 0 || !inWord(before)) && (!s.whole || !inWord(behind)) || spaceless(word) {
			return true
		}
		at += i + 1
	}
}

// spaceless says whether a word is of a script that writes no spaces.
func spaceless(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
