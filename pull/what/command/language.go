package command

import (
	"math/bits"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Language returns the language that a message asks for, or else the one in which it says
// a command, where no other says it so; else "".
func Language(text string) string {
	if len(text) > maxMessage {
		return ""
	}
	normal := textform.Normal(text)
	if tag := namedLanguage(normal); tag != "" {
		return tag
	}
	for _, form := range [...]string{normal, speech.WithoutPoliteness(normal)} {
		if tag := ownLanguages().Find(form); tag != nil {
			return *tag
		}
	}
	if found := worded(normal, wanted{commands: onlyStop | notStop, tongues: speech.Any}).tongues; bits.OnesCount64(found) == 1 {
		return knownGrammars().all[bits.TrailingZeros64(found)].tag
	}
	return knownPaid().read(normal, true).language()
}

// ownLanguages maps commands, in their normal and folded forms, to the language
// that has them, and to "" where several do. A single English word is of no
// language: readers of all of them send it.
var ownLanguages = sync.OnceValue(func() *hashtable.Frozen[string] {
	tags := languages.Tags()
	return hashtable.Open(languages.Table(tableOwn), func(numbers []uint64) string {
		if numbers[0] == 0 {
			return ""
		}
		return tags[numbers[0]-1]
	})
})
