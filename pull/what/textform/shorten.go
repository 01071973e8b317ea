package textform

import (
	"strings"
	"unicode"
)

// ShortenText cuts text to at most limit runes, the ellipsis that then ends it
// included: at the end of a sentence where one ends in the second half, else
// between words.
func ShortenText(text string, limit int) string {
	begins := cutRunes(text, limit+1)
	runes := []rune(begins)
	if len(runes) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	word := 0
	for i := limit - 1; i > limit/2; i-- {
		if ends := strings.ContainsRune("。！？", runes[i-1]); ends || i < limit-1 && unicode.IsSpace(runes[i]) && strings.ContainsRune(".!?…", runes[i-1]) {
			return string(runes[:i]) + stopGap(runes[i-1]) + "…"
		}
		if word == 0 && unicode.IsSpace(runes[i]) {
			word = i
		}
	}
	if word == 0 {
		word = limit - 1
	}
	return strings.TrimRight(string(runes[:word]), " \n,;:–-…") + "…"
}

// cutRunes returns the first runes of a text, of which it reads no more.
func cutRunes(text string, most int) string {
	for i := range text {
		if most <= 0 {
			return text[:i]
		}
		most--
	}
	return text
}

// stopGap parts the ellipsis from the stop before it, so that the sentence is seen
// to be whole and the text not.
func stopGap(stop rune) string {
	if strings.ContainsRune(".!?", stop) {
		return " "
	}
	return ""
}
