package speech

import (
	"slices"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Tongues is a set of languages.
type Tongues uint64

// Any are all languages.
const Any = ^Tongues(0)

// maxTongues bounds the languages that are known.
const maxTongues = 64

// Of returns the set of one language, by its tag; of one that is not known, all.
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
		case one.roles&^(Common|Aspect) != 0:
			t[one.tongue] += wordPoints
		default:
			t[one.tongue] += commonPoints
		}
	}
}

// leaders returns the languages that have at least so many points, and hardly less
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
			first.hint(t)
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

// sentence is how many words of a language a message has at least that is written
// in it; fewer may be names, or borrowed. Greetings tell it alone.
const sentence = 3

// Written returns which of some languages a text is written in: that whose words it has,
// and hardly any other's as many; "" where several are as near, or the text is too
// short to tell.
func Written(text string, among []string) string {
	tokens := textform.Tokenise(text, nil)
	if len(tokens) == 0 || len(tokens) > textform.MaxTokens {
		return ""
	}
	m := marker{speech: knownSpeech(), tokens: tokens}
	m.find()
	var points tally
	for i := range m.entries {
		points.add(&m.entries[i])
	}
	for i := range tokens {
		points.hint(politeIn()[tokens[i].Normal])
	}
	points.keep(among)
	found := ""
	for _, language := range among {
		t := Of(language)
		if t == Any || t&points.leaders(1) == 0 {
			continue
		}
		if found != "" && Of(found) != t || !m.tells(t, &points) {
			return ""
		}
		if found == "" {
			found = language
		}
	}
	return found
}

// hint favours some languages, where they have points at all.
func (t *tally) hint(tongues Tongues) {
	for i := range t {
		if tongues.has(uint8(i)) && t[i] > 0 {
			t[i] += hintPoints
		}
	}
}

// keep leaves the points of some languages alone.
func (t *tally) keep(among []string) {
	var kept Tongues
	for _, language := range among {
		if one := Of(language); one != Any {
			kept |= one
		}
	}
	for i := range t {
		if !kept.has(uint8(i)) {
			t[i] = 0
		}
	}
}

// tells reports whether the words of one language are a sentence's, of which one at
// least does more than name something, or greetings all.
func (m *marker) tells(t Tongues, points *tally) bool {
	roles, greets := make([]Role, len(m.tokens)), make([]bool, len(m.tokens))
	for i := range m.entries {
		e := &m.entries[i]
		does := e.roles(t)
		for at := e.from; at < e.to; at++ {
			roles[at] |= does
			greets[at] = greets[at] || does&(Greeting|Signature) != 0 || does != 0 && e.to == e.from+1 && IsPolite(m.tokens[at].Normal)
		}
	}
	if !slices.Contains(greets, false) {
		return true
	}
	words, together := 0, Role(0)
	for _, r := range roles {
		if r != 0 {
			words++
		}
		together |= r
	}
	return words >= sentence && together&^Common != 0 && points.leaders(enough)&t != 0
}
