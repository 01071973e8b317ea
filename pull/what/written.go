package what

import (
	"unicode"

	"keypull/pull/what/alphabet"
	"keypull/pull/what/speech"
)

// maxWritten bounds, in bytes, the text of which the language is looked for.
const maxWritten = 2000

// Written returns which of some languages a text is written in, by its letters and its
// words; "" if that can't be told, or is another one. Of what is recognised the
// phrase tells it better.
func Written(text string, among []string) string {
	if len(text) > maxWritten {
		return ""
	}
	var fitting []string
	for _, language := range among {
		if alphabet.Fits(text, language) {
			fitting = append(fitting, language)
		}
	}
	if len(fitting) == 1 && !isLatin(text) {
		return fitting[0]
	}
	return speech.Written(text, fitting)
}

// isLatin reports whether all letters of a text are Latin.
func isLatin(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return true
}
