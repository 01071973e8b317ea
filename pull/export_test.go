package pull

import (
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// Words lets the tests walk the service's own texts.
func Words() map[Word]map[string]string { return words }

// Understand puts f before the index of an edition; f says whether it knows
// the message.
func (e *Edition) Understand(f func(text string) (what.Match, bool)) {
	e.index = understanding{e.index, f}
}

type understanding struct {
	matcher
	first func(text string) (what.Match, bool)
}

func (u understanding) Match(text string, languages ...string) what.Match {
	if m, ok := u.first(text); ok {
		return m
	}
	return u.matcher.Match(text, languages...)
}

// Choices returns how often each folded word is listed as an answer to a
// question, by what it answers.
func Choices() map[string]map[int]bool {
	all := map[string]map[int]bool{}
	for _, entry := range choiceTexts {
		for text := range strings.SplitSeq(entry.texts, "|") {
			folded := textform.Fold(text)
			if all[folded] == nil {
				all[folded] = map[int]bool{}
			}
			all[folded][int(entry.choice)] = true
		}
	}
	return all
}

// HeldBytes is about how much memory the snapshots take.
func (k *Keeper) HeldBytes() uint64 {
	k.kept.CleanUp()
	return k.kept.WeightedSize()
}
