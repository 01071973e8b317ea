package linear

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// Lengths, in characters: of the beginnings of words, of the longest n-grams of scripts that write
// words together, and of the n-grams of other words, their ends among them.
const (
	shortStem, longStem = 4, 5
	mostJoined          = 4
	gramLength          = 4
	// mostSkipped is how far apart the words of a skip-gram are at most.
	mostSkipped = 4
)

// Begin and End stand for what is before the first word of a message and behind its last, and for the
// ends of a word in its n-grams.
const (
	Begin = "^"
	End   = "$"
)

// Kinds of features of a text.
const (
	kindWord   = 'w'
	kindStem   = 'p'
	kindJoined = 'j'
	kindPair   = 's'
	kindSkip   = 'g'
	kindFrame  = 'f'
	kindCommon = 'v'
	kindGram   = 'c'
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
		features = appendJoined(features, run.String())
	}
	return features
}

// Bigrams appends the features of each two tokens that follow each other (words, or letters of scripts
// without spaces), by their beginnings, what stands before the first and behind the last among them.
func Bigrams(features []Feature, tokens []textform.Token, before, behind string) []Feature {
	for i := range tokens {
		word := Stem(tokens[i].Folded)
		features = append(features, Hash(kindPair, before+" "+word))
		before = word
	}
	return append(features, Hash(kindPair, before+" "+behind))
}

// Text returns the features of a whole message: those of its words, of the n-grams of their characters, of
// its bigrams, and of how many words there are. One may be there more than once.
func Text(tokens []textform.Token) []Feature {
	features := Bigrams(Words(nil, tokens), tokens, Begin, End)
	for i := range tokens {
		if !tokens[i].Spaceless {
			features = appendGrams(features, Begin+tokens[i].Folded+End)
		}
	}
	return append(features, Hash(kindSize, sizeOf(len(tokens))))
}

// SkipGrams appends the features of each two tokens that stand apart, by their beginnings.
func SkipGrams(features []Feature, tokens []textform.Token) []Feature {
	for i := range tokens {
		first := Stem(tokens[i].Folded)
		for far := 2; far <= mostSkipped && i+far < len(tokens); far++ {
			features = append(features, Hash(kindSkip, first+" "+Stem(tokens[i+far].Folded)))
		}
	}
	return features
}

// Common is the feature that a model holds for a word which many messages have.
func Common(folded string) Feature { return Hash(kindCommon, folded) }

// rare stands for words that are not common, however many follow each other.
const rare = "_"

// Frames appends the features of a message's delexicalised bigrams and trigrams: those of its common
// words, with one mark where others stand. "Stop in the tunnel" has the frame of "stop in the city".
func Frames(features []Feature, tokens []textform.Token, common func(folded string) bool) []Feature {
	frame := make([]string, 1, len(tokens)+2)
	frame[0] = Begin
	for i := range tokens {
		word := tokens[i].Folded
		if !tokens[i].Spaceless && !common(word) {
			if word = rare; frame[len(frame)-1] == rare {
				continue
			}
		}
		frame = append(frame, word)
	}
	frame = append(frame, End)
	for i := range len(frame) - 1 {
		pair := frame[i] + " " + frame[i+1]
		features = append(features, Hash(kindFrame, pair))
		if i+2 < len(frame) {
			features = append(features, Hash(kindFrame, pair+" "+frame[i+2]))
		}
	}
	return features
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
		return appendJoined(features, folded)
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

// appendGrams appends the n-grams of one length of a word.
func appendGrams(features []Feature, word string) []Feature {
	letters := []rune(word)
	for from := range len(letters) - gramLength + 1 {
		features = append(features, Hash(kindGram, string(letters[from:from+gramLength])))
	}
	return features
}

// appendJoined appends the n-grams of a text, up to the longest that are looked at.
func appendJoined(features []Feature, text string) []Feature {
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
