package linear

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// Lengths of the beginnings of words that are looked at, in characters, and of the n-grams of scripts
// that write words together.
const (
	shortStem, longStem = 4, 5
	mostJoined          = 4
)

// Kinds of features of a text.
const (
	kindWord   = 'w'
	kindStem   = 'p'
	kindJoined = 'j'
	kindSize   = '#'
)

// Words appends the features of some words of a message.
func Words(features []Feature, tokens []textform.Token) []Feature {
	for at := 0; at < len(tokens); at++ {
		if !tokens[at].Spaceless {
			features = appendWord(features, tokens[at].Folded)
			continue
		}
		var run strings.Builder
		for ; at < len(tokens) && tokens[at].Spaceless; at++ {
			run.WriteString(tokens[at].Folded)
		}
		at--
		features = appendGrams(features, run.String())
	}
	return features
}

// Text appends the features of a whole message: those of its words, and of how many there are.
func Text(features []Feature, tokens []textform.Token) []Feature {
	return append(Words(features, tokens), Hash(kindSize, sizeOf(len(tokens))))
}

// Once returns features without those that are there more than once.
func Once(features []Feature) []Feature {
	slices.Sort(features)
	return slices.Compact(features)
}

// sizeOf returns about how many tokens a message has: words, or letters of scripts without spaces.
func sizeOf(words int) string {
	switch {
	case words <= 1:
		return "1"
	case words <= 3:
		return "3"
	case words <= 7:
		return "7"
	case words <= 15:
		return "15"
	}
	return "more"
}

// appendWord appends the features of a word. Korean joins to a word what others write beside it.
func appendWord(features []Feature, folded string) []Feature {
	if r, _ := utf8.DecodeRuneInString(folded); unicode.Is(unicode.Hangul, r) {
		return appendGrams(features, folded)
	}
	features = append(features, Hash(kindWord, folded))
	letters := 0
	for at := range folded {
		if letters == shortStem || letters == longStem {
			features = append(features, Hash(kindStem, folded[:at]))
		}
		letters++
	}
	return features
}

// Stem returns the beginning of a word, which its other forms have too.
func Stem(folded string) string {
	letters := 0
	for at := range folded {
		if letters == shortStem {
			return folded[:at]
		}
		letters++
	}
	return folded
}

// appendGrams appends the n-grams of a text.
func appendGrams(features []Feature, text string) []Feature {
	for from := range text {
		n := 0
		for to := range text[from:] {
			if n > 0 {
				features = append(features, Hash(kindJoined, text[from:from+to]))
			}
			if n++; n > mostJoined {
				break
			}
		}
		if n <= mostJoined {
			features = append(features, Hash(kindJoined, text[from:]))
		}
	}
	return features
}
