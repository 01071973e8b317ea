package what

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writing is the script of a text, as far as rules differ by it.
type writing uint8

const (
	writingOther writing = iota
	writingLatin
	writingCyrillic
	writingGreek
	writingArabic
	writingHebrew
	writingDevanagari
	writingHangul
	writingSpaceless
)

// writingOf is the script of a text's first letter.
func writingOf(s string) writing {
	for _, r := range s {
		switch {
		case r < 0x80 && !isWordRune(r) || '0' <= r && r <= '9':
			continue
		case r < 0x370 || 0x1e00 <= r && r < 0x1f00:
			return writingLatin
		case r < 0x400 || 0x1f00 <= r && r < 0x2000:
			return writingGreek
		case r < 0x530:
			return writingCyrillic
		case unicode.Is(unicode.Hebrew, r):
			return writingHebrew
		case unicode.Is(unicode.Arabic, r):
			return writingArabic
		case unicode.Is(unicode.Devanagari, r):
			return writingDevanagari
		case unicode.Is(unicode.Hangul, r):
			return writingHangul
		case isSpaceless(r):
			return writingSpaceless
		}
		return writingOther
	}
	return writingOther
}

// stemLanguage is the language by whose rules a phrase is inflected: the one
// it is entered under, if it is written in its script, else the one that the
// script is best known for.
func stemLanguage(language, folded string) (string, writing) {
	script := writingOf(folded)
	language = baseLanguage(language)
	switch script {
	case writingLatin:
		if slices.Contains(notLatin, language) || language == "" || language == "mul" || language == "und" {
			return "", script
		}
		return language, script
	case writingSpaceless, writingOther:
		return "", script
	}
	languages := languagesOf[script]
	if slices.Contains(languages, language) {
		return language, script
	}
	return languages[0], script
}

// languagesOf lists the languages that are written in a script, the one that
// it is best known for first.
var languagesOf = map[writing][]string{
	writingCyrillic: {"ru", "uk", "bg", "sr"}, writingGreek: {"el"}, writingArabic: {"ar", "fa", "ur"},
	writingHebrew: {"he"}, writingDevanagari: {"hi", "mr", "ne"}, writingHangul: {"ko"},
}

// notLatin are languages that are not written in Latin letters.
var notLatin = strings.Fields("ru uk bg sr mk be el ar fa ur he hi mr ne ko ja zh th lo km my")

// content returns the words without those that may be missing, unless nothing
// is left.
func content(words []string) []string {
	kept := words[:0:0]
	for i, w := range words {
		if isSmall(w) {
			if kept == nil {
				kept = append(make([]string, 0, len(words)), words[:i]...)
			}
			continue
		}
		if kept != nil {
			kept = append(kept, w)
		}
	}
	switch {
	case kept == nil:
		return words
	case len(kept) == 0:
		return words
	}
	return kept
}

// bag joins words in alphabetical order.
func bag(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	var buf [12]string
	sorted := append(buf[:0], words...)
	slices.Sort(sorted)
	return strings.Join(sorted, " ")
}

// analysis is what a lexicon keeps of a text.
type analysis struct {
	normal string
	words  []string
	nature nature
	keys   []uint64
	// whole is the text without spaces where it has several words.
	whole string
	stem  stemming
}

// analyse works a text out. It depends on nothing but its arguments, so that
// many texts are worked out side by side.
func analyse(t *table, text, language string) analysis {
	a := analysis{normal: Normal(text)}
	if a.normal == "" {
		return a
	}
	var tokens [24]token
	split := tokenise(text, tokens[:0])
	knownSpeech().mark(split)
	a.words = units(split, make([]string, 0, len(split)))
	if len(a.words) == 0 {
		a.words = []string{a.normal}
	}
	a.nature = natureOf(text, a.normal, split, a.words)
	add := func(r relation, key string) { a.keys = append(a.keys, t.hash(r, key)) }
	for _, form := range folds(a.normal) {
		if form != a.normal {
			add(byFold, form)
		}
	}
	a.relate(language, add)
	return a
}

// relate adds the keys of all relations but spelling.
func (a *analysis) relate(language string, add func(relation, string)) {
	rest := content(a.words)
	if len(a.words) > 1 {
		a.whole = compact(a.words)
		add(byCompact, a.whole)
	}
	if len(rest) > 1 || len(rest) < len(a.words) && weight(rest[0]) > 3 && !isCommon(rest[0]) {
		add(byBag, bag(rest))
	}
	if a.nature&natureCode != 0 || hasNoLetter(a.normal) {
		return
	}
	folded := strings.Join(a.words, " ")
	if language, script := stemLanguage(language, folded); language != "" {
		a.stem = stemming{language, script}
		stems := make([]string, 0, len(rest))
		for _, w := range rest {
			stems = append(stems, stem(w, language))
		}
		add(byStem, language+":"+bag(stems))
	}
	light := make([]string, 0, len(rest))
	for _, w := range rest {
		light = append(light, stemLight(w))
	}
	add(byLightStem, bag(light))
	if s := sound(folded); weight(s) >= minSound {
		add(bySound, s)
	}
	relation := byLatinSkeleton
	switch script := writingOf(folded); {
	case leavesVowelsOut(script):
		relation = bySkeleton
	case script != writingLatin:
		return
	}
	if s := skeleton(folded); weight(s) >= minSkeleton {
		add(relation, s)
	}
}

// leavesVowelsOut covers the scripts in which vowels are not all written.
func leavesVowelsOut(w writing) bool {
	return w == writingArabic || w == writingHebrew || w == writingDevanagari
}

const (
	// minSound and minSkeleton are from how many letters on a sound tells
	// enough.
	minSound, minSkeleton = 4, 3
	// maxCode is the longest code, in letters.
	maxCode = 6
)

// natureOf tells what a phrase is like. Its editor shows a code by writing it
// in capitals or with digits: "RUN", "1COV", "7751".
func natureOf(text, normal string, tokens []token, words []string) nature {
	n := nature(0)
	if len(words) == 1 && weight(words[0]) <= maxCode && isCode(text) {
		n |= natureCode
	}
	if len(words) == 1 && (weight(words[0]) <= 3 || isCommon(words[0])) && !isEmojiWord(words[0]) {
		n |= natureCommon
	}
	asks := len(tokens) > 0
	for i := range tokens {
		asks = asks && tokens[i].roles&roleFiller != 0
	}
	if asks {
		n |= natureSmall
	}
	if isReserved(normal) {
		n |= natureReserved
	}
	return n
}

func isEmojiWord(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return isEmojiPart(r)
}

// isCode reports whether a word is written in capitals, or has a digit.
func isCode(text string) bool {
	upper := false
	for _, r := range text {
		switch {
		case unicode.IsLower(r), unicode.IsLetter(r) && !unicode.IsUpper(r):
			return hasDigit([]rune(text))
		case unicode.IsUpper(r) || '0' <= r && r <= '9':
			upper = true
		}
	}
	return upper
}

func hasNoLetter(normal string) bool { return strings.IndexFunc(normal, unicode.IsLetter) < 0 }
