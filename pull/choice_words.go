package pull

import (
	"sync"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// choiceFile holds, in the folder of each language, the words that answer a
// question. Those of all languages count at once: a reader may say yes in
// another language than the one that was asked in.
const choiceFile = "choice.txt"

// choiceSections are the sections of such a file with what their words answer.
var choiceSections = []struct {
	section string
	choice
}{{"yes", choiceYes}, {"no", choiceNo}, {"first", 1}, {"second", 2}, {"third", 3}, {"last", choiceLast}, {"both", choiceBoth}, {"all", choiceAll}}

// choiceWords maps folded words to what they answer.
var choiceWords = sync.OnceValue(func() map[string]choice {
	table := map[string]choice{}
	for _, s := range choiceSections {
		for text := range saidInQuestions(s.section) {
			table[text] = s.choice
		}
	}
	return table
})

// What may stand before and behind a number that answers a question.
var (
	countHeads = sync.OnceValue(func() map[string]bool { return saidInQuestions("before-number") })
	countTails = sync.OnceValue(func() map[string]bool { return saidInQuestions("after-number") })
)

// saidInQuestions returns the set of folded texts of some sections in all languages.
func saidInQuestions(sections ...string) map[string]bool {
	set := map[string]bool{}
	for _, tag := range languages.Tags() {
		for _, text := range languages.Lines(tag, choiceFile, sections...) {
			set[textform.Fold(text)] = true
		}
	}
	return set
}
