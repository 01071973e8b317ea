package command

import (
	"strings"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// checkWords are what is said beside a code that is to be checked, with the place of
// the language that says it so, and one, or 0 where several do. Alone they are no
// command: "check" may be any keyword's.
var checkWords = sync.OnceValue(func() *hashtable.Map[uint8] {
	words := hashtable.NewMap[uint8]()
	for i, tag := range languages.Tags() {
		for _, line := range languages.Lines(tag, "commands.txt", "check") {
			normal, of := textform.Normal(line), uint8(i)+1
			if tag == "en" && !strings.Contains(normal, " ") {
				of = 0
			}
			for _, form := range []string{normal, textform.FoldNormal(normal)} {
				if before := words.Find(form); before != nil && *before != of {
					words.Set(form, 0)
				} else {
					words.Set(form, of)
				}
			}
		}
	}
	words.Fit()
	return words
})

// AsksToCheck reports whether a message from which a code was taken asks whether it is
// true, and in which language, where one alone says it so.
func AsksToCheck(rest string) (language string, asks bool) {
	normal := bounded(rest)
	for _, form := range [...]string{normal, speech.WithoutPoliteness(normal)} {
		if of := checkWords().Find(form); of != nil && form != "" {
			if *of == 0 {
				return "", true
			}
			return languages.Tags()[*of-1], true
		}
	}
	return "", false
}
