package moment

import "strings"

// takeReminding takes the words off a message that ask to be reminded.
func (r *reading) takeReminding() {
	front := r.from
	for n := r.longest(front, r.to, filler); n > 0; n = r.longest(front, r.to, filler) {
		front += n
	}
	start, length := r.from, 0
	for _, f := range r.lexicon.frames {
		before, behind := wordCount(f.before), wordCount(f.behind)
		if before+behind <= length || before+behind > len(r.items) {
			continue
		}
		for _, from := range []int{start, front} {
			if from+before+behind <= len(r.items) && r.saysPhrase(from, f.before, before) && r.saysPhrase(len(r.items)-behind, f.behind, behind) {
				r.from, r.to, r.reminds, length = from+before, len(r.items)-behind, true, before+behind
				if before == 0 {
					r.from = start
				}
				break
			}
		}
	}
}

func wordCount(phrase string) int {
	if phrase == "" {
		return 0
	}
	return strings.Count(phrase, " ") + 1
}

// saysPhrase reports whether the items at a place are a phrase.
func (r *reading) saysPhrase(at int, phrase string, words int) bool {
	if at < 0 || at+words > len(r.items) {
		return false
	}
	i := 0
	for word := range strings.FieldsSeq(phrase) {
		if r.items[at+i].word != word {
			return false
		}
		i++
	}
	return true
}
