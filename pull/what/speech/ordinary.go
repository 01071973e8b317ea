package speech

import (
	"strings"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// IsOrdinary reports whether a phrase is a word that readers of a language
// write all the time without asking for it: an article, a pronoun, a preposition,
// a negation and the like, or one of the most common words if it has three
// letters at most. Of languages that the index knows no words of, none is. Words of scripts that write no vowels, or syllables
// as one sign, are short without being ordinary.
func IsOrdinary(phrase, language string) bool {
	folded := textform.Fold(phrase)
	return isFunctionOf(folded, language) || isAmong(knownSpeech().short, folded, language)
}

// IsEmpty reports whether a folded word of a language tells nothing of what a message is about:
// an article and the like, or one of the most common words, which are verbs and adverbs of
// all texts before they are things.
func IsEmpty(folded, language string) bool {
	return isFunctionOf(folded, language) || isAmong(knownSpeech().empty, folded, language)
}

func isFunctionOf(folded, language string) bool {
	return knownSpeech().in(folded, knownSpeech().tongues[languages.Base(language)])&functionRoles != 0
}

func isAmong(words *hashtable.Frozen[Tongues], folded, language string) bool {
	of := words.Find(folded)
	return of != nil && *of&knownSpeech().tongues[languages.Base(language)] != 0
}

// IsPoliteIn reports whether a phrase of a language is a greeting, or thanks, or
// another form of politeness and nothing else.
func IsPoliteIn(phrase, language string) bool {
	normal := textform.Normal(phrase)
	folded := textform.FoldNormal(normal)
	if greetingWords().Has(folded) {
		return true
	}
	own, known := knownSpeech().tongues[languages.Base(language)]
	if !known {
		return politeWords().Has(normal)
	}
	roles := knownSpeech().in(folded, own)
	polite := roles&Greeting != 0 || roles&Request != 0 && IsPolite(folded)
	return polite && (politeWords().Has(folded) || strings.Contains(folded, " "))
}

// maxOrdinary is the most letters of a common word that is ordinary as a
// keyword: longer ones are what readers ask for, such as news and weather.
const maxOrdinary = 3

// maxFrequent is how many words of the section [common], which begins with the
// most frequent ones, are ordinary as keywords.
const maxFrequent = 1500

// maxEmpty is how many words of that section tell nothing of what a message is about.
const maxEmpty = 600

const functionRoles = Glue | Article | Joint | Link | Negation | Auxiliary
