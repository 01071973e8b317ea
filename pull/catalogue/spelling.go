package catalogue

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/alphabet"
	"keypull/pull/what/speech"
)

// checkSpelling looks at a phrase alone: whether messages can be so, and whether
// readers write so without asking for anything.
func (c *checker) checkSpelling(u *use, beside []use, path string) {
	switch {
	case !what.FitsMessage(u.phrase):
		c.addFinding(Error, path, CodeUnreachable, keyTooLong)
	case what.Wordy(u.phrase):
		c.addFinding(Warning, path, CodeUnreachable, keyTooWordy, "phrase", u.phrase)
	case speech.IsPoliteIn(u.phrase, u.language):
		c.addFinding(Warning, path, CodeCommonWord, keyPolite, "phrase", u.phrase)
	case speech.IsOrdinary(u.phrase, u.language) && !slices.ContainsFunc(beside, u.explains):
		c.addFinding(Warning, path, CodeCommonWord, CodeCommonWord, "phrase", u.phrase)
	}
}

// explains says whether another phrase of the keyword in the language is found
// where this ordinary word is not.
func (u *use) explains(other use) bool {
	return utf8.RuneCountInString(other.folded) > utf8.RuneCountInString(u.folded) &&
		!speech.IsOrdinary(other.phrase, other.language) && !speech.IsPoliteIn(other.phrase, other.language)
}

// checkScript warns of phrases in letters that the language isn't written in. Where
// readers often write it in Latin letters, one such phrase among others is
// meant, and a keyword of nothing else is told once.
func (c *checker) checkScript(uses []use, path string) {
	foreign := func(u use) bool { return u.normal != "" && !alphabet.Fits(u.phrase, u.language) }
	meant := len(uses) > 0 && alphabet.Romanised(uses[0].language) && slices.ContainsFunc(uses, func(u use) bool {
		return u.normal != "" && !foreign(u)
	})
	for i := range uses {
		if u := &uses[i]; !meant && foreign(*u) {
			c.addFinding(Warning, path+"["+strconv.Itoa(i)+"]", CodeWrongScript, CodeWrongScript, "phrase", u.phrase, "language", u.language)
			if alphabet.Romanised(u.language) {
				return
			}
		}
	}
}
