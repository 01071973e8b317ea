package speech

import (
	"keypull/pull/what/languages"
)

// Tongues is a set of languages.
type Tongues uint64

// Any are all languages.
const Any = ^Tongues(0)

// maxTongues bounds the languages that are known.
const maxTongues = 64

// Of is the set of one language, by its tag; of one that is not known, all.
func Of(language string) Tongues {
	if t, ok := knownSpeech().tongues[languages.Base(language)]; ok {
		return t
	}
	return Any
}

func (t Tongues) has(tongue uint8) bool { return t>>tongue&1 != 0 }

// Points that a language gets for the entries of a message that it knows: a word
// that does something in requests tells more than an ordinary one, an entry of
// several words most. What the reader is known to speak counts as a hint.
const (
	commonPoints = 2
	wordPoints   = 3
	phrasePoints = 4
	hintPoints   = 2
	// enough is from how many points on a second language is taken to be one of
	// the message's: two words at least.
	enough = 2 * wordPoints
)

// tally counts the points of each language.
type tally [maxTongues]int

func (t *tally) add(e *entry) {
	words := e.to - e.from
	for _, one := range e.set {
		switch {
		case words > 1:
			t[one.tongue] += phrasePoints * words
		case one.roles&^Common != 0:
			t[one.tongue] += wordPoints
		default:
			t[one.tongue] += commonPoints
		}
	}
}

// leaders are the languages that have at least so many points, and hardly less
// than the one with most.
func (t *tally) leaders(least int) (found Tongues) {
	best := 0
	for _, points := range t {
		best = max(best, points)
	}
	if best < least {
		return 0
	}
	for i, points := range t {
		if points*nearly >= best*(nearly-1) {
			found |= 1 << i
		}
	}
	return found
}

// nearly says what hardly less is: three quarters.
const nearly = 4

// vote finds the languages of a message: those that know most of its words, and
// those that know most of what the first ones do not.
func (m *marker) vote(hints []string) Tongues {
	var first tally
	for i := range m.entries {
		first.add(&m.entries[i])
	}
	for _, hint := range hints {
		if t := Of(hint); t != Any {
			for i := range first {
				if t.has(uint8(i)) && first[i] > 0 {
					first[i] += hintPoints
				}
			}
		}
	}
	found := first.leaders(1)
	known := make([]bool, len(m.tokens))
	for i := range m.entries {
		if e := &m.entries[i]; e.roles(found) != 0 {
			for at := e.from; at < e.to; at++ {
				known[at] = true
			}
		}
	}
	var second tally
	for i := range m.entries {
		if e := &m.entries[i]; !known[e.from] {
			second.add(e)
		}
	}
	return found | second.leaders(enough)
}
