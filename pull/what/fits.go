package what

import (
	"strings"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// FitsMessage reports whether a message can be as long as a phrase. What is
// longer is no part of an index.
func FitsMessage(phrase string) bool {
	text := strings.TrimSpace(phrase)
	return len(phrase) <= maxPhrase && utf8.RuneCountInString(text) <= maxRunes && len(textform.Normal(text)) <= maxNormal
}

// Wordy reports whether a phrase has so many words that only a message of
// exactly these finds it: none with a word more, in another order, or misspelt.
func Wordy(phrase string) bool {
	if len(phrase) < 2*maxCore {
		return false
	}
	var tokens [24]textform.Token
	return len(textform.Units(textform.Tokenise(phrase, tokens[:0]), nil)) > maxCore
}
