package speech

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

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
	words := knownOrdinary()[languages.Base(language)]
	if words == nil {
		return false
	}
	folded := textform.Fold(phrase)
	return words.function.Has(folded) || words.short.Has(folded)
}

// IsEmpty reports whether a folded word of a language tells nothing of what a message is about:
// an article and the like, or one of the most common words, which are verbs and adverbs of
// all texts before they are things.
func IsEmpty(folded, language string) bool {
	words := knownOrdinary()[languages.Base(language)]
	return words != nil && (words.function.Has(folded) || words.empty.Has(folded))
}

// IsPoliteIn reports whether a phrase of a language is a greeting, or thanks, or
// another form of politeness and nothing else.
func IsPoliteIn(phrase, language string) bool {
	normal := textform.Normal(phrase)
	folded := textform.FoldNormal(normal)
	if greetingWords().Has(folded) {
		return true
	}
	words := knownOrdinary()[languages.Base(language)]
	if words == nil {
		return politeWords().Has(normal)
	}
	return words.polite.Has(folded) && (politeWords().Has(folded) || strings.Contains(folded, " "))
}

// ordinaryWords are folded words and phrases of one language.
type ordinaryWords struct{ function, short, polite, empty *Set }

// maxOrdinary is the most letters of a common word that is ordinary as a
// keyword: longer ones are what readers ask for, such as news and weather.
const maxOrdinary = 3

// maxFrequent is how many words of the section [common], which begins with the
// most frequent ones, are ordinary as keywords.
const maxFrequent = 1500

// maxEmpty is how many words of that section tell nothing of what a message is about.
const maxEmpty = 600

const functionRoles = Glue | Article | Joint | Link | Negation

// knownOrdinary maps a base tag to the words of its language. Unlike those of
// knownSpeech they are kept apart: a French conjunction is an English vehicle.
var knownOrdinary = sync.OnceValue(func() map[string]*ordinaryWords {
	all := map[string]*ordinaryWords{}
	for _, tag := range languages.Tags() {
		words := &ordinaryWords{hashtable.NewMap[bool](), hashtable.NewMap[bool](), hashtable.NewMap[bool](), hashtable.NewMap[bool]()}
		if words.read(tag); words.function.Len() > 0 {
			all[tag] = words
		}
	}
	return all
})

func (o *ordinaryWords) read(tag string) {
	frequent := maxFrequent
	for name, line := range languages.Lines(tag, "words.txt") {
		switch section := sections[name]; {
		case section&functionRoles != 0:
			o.function.Set(textform.Fold(line), true)
		case section&(Greeting|Request) != 0 && (section == Greeting || IsPolite(textform.Normal(line))):
			o.polite.Set(textform.Fold(line), true)
		case section == Common:
			for word := range strings.FieldsSeq(line) {
				frequent--
				if frequent >= maxFrequent-maxEmpty && isAlphabetic(word) {
					o.empty.Set(textform.Fold(word), true)
				}
				if frequent >= 0 && utf8.RuneCountInString(word) <= maxOrdinary && isAlphabetic(word) {
					o.short.Set(textform.Fold(word), true)
				}
			}
		}
	}
	for _, set := range [...]*Set{o.function, o.short, o.polite, o.empty} {
		set.Fit()
	}
}

// isAlphabetic reports whether a word is written in letters for both consonants
// and vowels.
func isAlphabetic(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
	}) < 0
}
