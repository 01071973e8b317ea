package what

import (
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// ClusterKey is by which texts that nobody's keyword is are counted as one:
// their words in any order, without articles and without the endings of
// plurals, in whatever case, accents and signs. It is for comparing, not for
// reading.
func ClusterKey(text string) string {
	var tokens [16]textform.Token
	words := textform.Units(textform.Tokenise(text, tokens[:0]), nil)
	if len(words) == 0 {
		return textform.Fold(text)
	}
	stems := make([]string, 0, len(words))
	for _, w := range speech.Content(words) {
		stems = append(stems, stem.Light(w))
	}
	return bag(stems)
}

// Stems returns what two phrases of a language share if they have the same
// words, in any order and inflection, with or without articles and accents. It
// is a key for comparing and not for reading, and empty for what is never
// inflected: codes, numbers, signs.
func Stems(phrase, language string) string {
	var tokens [24]textform.Token
	words := textform.Units(textform.Tokenise(phrase, tokens[:0]), nil)
	if len(words) == 0 || hasNoLetter(phrase) || len(words) == 1 && textform.Weight(words[0]) <= maxCode && textform.IsCode(phrase) {
		return ""
	}
	rest := speech.Content(words)
	tag, _ := stem.Language(language, rest[0])
	ruled := stem.HasRules(tag)
	stems := make([]string, 0, len(rest))
	for _, w := range rest {
		if !ruled {
			stems = append(stems, stem.Light(w))
			continue
		}
		stems = append(stems, stem.Of(w, tag))
	}
	return bag(stems)
}
