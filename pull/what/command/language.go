package command

import (
	"math/bits"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Language returns the language in which a whole message says a command, where no
// other says it so; else "".
func Language(text string) string {
	if len(text) > maxMessage {
		return ""
	}
	normal := textform.Normal(text)
	for _, form := range [...]string{normal, speech.WithoutPoliteness(normal)} {
		if tag := ownLanguages().Find(form); tag != nil {
			return *tag
		}
	}
	if found := worded(normal, wanted{commands: onlyStop | notStop, tongues: speech.Any}).tongues; bits.OnesCount64(found) == 1 {
		return knownGrammars().all[bits.TrailingZeros64(found)].tag
	}
	return paidLanguage(normal)
}

// ownLanguages maps commands, in their normal and folded forms, to the language
// that has them, and to "" where several do. A single English word is of no
// language: readers of all of them send it.
var ownLanguages = sync.OnceValue(func() *hashtable.Map[string] {
	own := hashtable.NewMap[string]()
	add := func(form, tag string) {
		if before := own.Find(form); before != nil && *before != tag {
			tag = ""
		}
		own.Set(form, tag)
	}
	for _, tag := range languages.Tags() {
		for _, file := range []string{"commands.txt", "stop.txt"} {
			for section, text := range languages.Lines(tag, file) {
				if _, listed := wordsOf(section); file == "stop.txt" && section != "core" && section != "alone" || file != "stop.txt" && !listed {
					continue
				}
				normal, of := textform.Normal(text), tag
				if tag == "en" && !strings.Contains(normal, " ") {
					of = ""
				}
				add(normal, of)
				for _, form := range textform.FoldsNormal(normal) {
					if form != normal && utf8.RuneCountInString(form) >= minFolded {
						add(form, of)
					}
				}
			}
		}
	}
	own.Fit()
	return own
})
