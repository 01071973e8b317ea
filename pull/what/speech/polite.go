package speech

import (
	"strings"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// IsPolite covers words of politeness and emoji.
func IsPolite(form string) bool {
	if politeWords().Has(form) {
		return true
	}
	return textform.StartsWithEmoji(form)
}

// maxPolite is the most words of one form of politeness.
const maxPolite = 3

// WithoutPoliteness returns a normal form without the words of politeness and the emoji
// at its ends, which may leave nothing.
func WithoutPoliteness(normal string) string {
	for {
		rest := cutFront(cutBack(normal))
		if rest == normal {
			return rest
		}
		normal = rest
	}
}

func cutFront(s string) string {
	end := 0
	for range maxPolite {
		i := strings.IndexByte(s[end:], ' ')
		if i < 0 {
			if IsPolite(s) {
				return ""
			}
			return s
		}
		end += i
		if IsPolite(s[:end]) {
			return s[end+1:]
		}
		end++
	}
	return s
}

func cutBack(s string) string {
	start := len(s)
	for range maxPolite {
		i := strings.LastIndexByte(s[:start], ' ')
		if i < 0 {
			if IsPolite(s) {
				return ""
			}
			return s
		}
		if IsPolite(s[i+1:]) {
			return s[:i]
		}
		start = i
	}
	return s
}

// politeWords is a set of words of politeness, which change no message's meaning:
// normal forms, folded ones among them. greetingWords is one of words that are
// greetings in whatever language they stand.
var (
	politeWords   = sync.OnceValue(func() *Set { return Forms("polite.txt", "polite") })
	greetingWords = sync.OnceValue(func() *Set { return Forms("polite.txt", "hello") })
	topicWords    = sync.OnceValue(func() *Set { return Forms("topics.txt", "topics") })
)

// politeIn are the languages whose own a word of politeness is: others borrow it.
var politeIn = sync.OnceValue(func() map[string]Tongues {
	own := map[string]Tongues{}
	for _, tag := range languages.Tags() {
		for _, text := range languages.Lines(tag, "polite.txt") {
			own[textform.Normal(text)] |= Of(tag)
		}
	}
	return own
})

// IsTopic reports whether a folded word that asks names a thing as well, in
// whatever language: "weather" does, "show" does not.
func IsTopic(folded string) bool { return topicWords().Has(folded) }

// Set is a set of forms.
type Set = hashtable.Map[bool]

// Forms returns the set of what stands in some sections of a file of every language, in
// its normal and its folded forms.
func Forms(file string, sections ...string) *Set {
	set := hashtable.NewMap[bool]()
	for _, tag := range languages.Tags() {
		for _, text := range languages.Lines(tag, file, sections...) {
			normal := textform.Normal(text)
			set.Set(normal, true)
			set.Set(textform.FoldNormal(normal), true)
		}
	}
	set.Fit()
	return set
}
