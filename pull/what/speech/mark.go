package speech

import (
	"strings"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// Mark tells of each token what it does in the languages that the message is
// written in, and returns these. Hints are languages that its reader knows.
func Mark(tokens []textform.Token, hints ...string) Tongues {
	s := knownSpeech()
	m := marker{speech: s, tokens: tokens}
	m.find()
	m.tongues = m.vote(hints)
	for i := range m.entries {
		m.play(&m.entries[i])
	}
	m.turn()
	for i := range tokens {
		m.part(&tokens[i])
		m.end(&tokens[i])
	}
	for i := range tokens {
		if tokens[i].Roles&Because != 0 && i > 0 && tokens[i-1].Roles&Because == 0 {
			parts(tokens[i:])
		}
	}
	return m.tongues
}

// marker reads the tokens of one message.
type marker struct {
	*speech
	tokens  []textform.Token
	entries []entry
	tongues Tongues
}

// entry is a run of tokens that some languages know.
type entry struct {
	from, to int
	set      []said
	// does are its roles in the message.
	does Role
}

// turn lets the longest entry say whether words turn something round or give thanks for it,
// and not the words in it: "no" says one thing alone, and others in "no wait" and in "no need
// for", and "thanks for" no more than thanks in "thanks for your help".
func (m *marker) turn() {
	const turns, thanks = Negation | NegationBehind | Instead, Thanks | ThanksBehind
	var longest [textform.MaxTokens]int
	for i := range m.entries {
		e := &m.entries[i]
		size, over := e.to-e.from, Negation
		if e.does&turns != 0 {
			over = turns
		}
		if size == 1 || e.does == 0 || m.tokens[e.from].Spaceless && over == Negation || m.breaksWithin(e) {
			continue
		}
		for at := e.from; at < e.to; at++ {
			if size > longest[at] {
				longest[at] = size
				m.tokens[at].Roles = m.tokens[at].Roles&^(over|thanks) | e.does&(turns|thanks)
			}
		}
	}
}

// breaksWithin reports whether the message breaks off within an entry that says no, so that
// its first word does by itself: "no, quiero …".
func (m *marker) breaksWithin(e *entry) bool {
	return e.does&Negation != 0 && e.does&Instead == 0 && m.tokens[e.from].Part != m.tokens[e.to-1].Part
}

// parts begins a new part of the message.
func parts(tokens []textform.Token) {
	for i := range tokens {
		tokens[i].Part++
	}
}

// minJoined is the fewest letters of a word beside an affix.
const minJoined = 2

// part finds the word in a token to which "and" is written.
func (m *marker) part(k *textform.Token) {
	if k.Roles&^Common != 0 {
		return
	}
	for _, a := range m.affixes {
		if m.tongues != 0 && !m.tongues.has(a.tongue) {
			continue
		}
		from, to := 0, len(k.Folded)
		switch {
		case a.begins && strings.HasPrefix(k.Folded, a.text):
			from = len(a.text)
		case !a.begins && strings.HasSuffix(k.Folded, a.text):
			to -= len(a.text)
		default:
			continue
		}
		if utf8.RuneCountInString(k.Folded[from:to]) >= minJoined {
			k.JoinedFrom, k.JoinedTo = from, to
			k.Roles |= m.in(k.Folded[from:to], m.tongues) & Negation // "and not"
			return
		}
	}
}

// end tells of a word what its ending says.
func (m *marker) end(k *textform.Token) {
	if k.Roles&^Common != 0 || k.Spaceless || k.Capital {
		return
	}
	for _, a := range m.suffixes {
		if m.tongues.has(a.tongue) && utf8.RuneCountInString(k.Folded) >= utf8.RuneCountInString(a.text)+minJoined && strings.HasSuffix(k.Folded, a.text) {
			k.Roles |= a.roles
		}
	}
}

// Play tells of each token what it does in some languages.
func Play(tokens []textform.Token, tongues Tongues) {
	m := marker{speech: knownSpeech(), tokens: tokens, tongues: tongues}
	m.find()
	for i := range m.entries {
		m.play(&m.entries[i])
	}
}

// find finds the entries, those that begin first and the shorter ones first.
func (m *marker) find() {
	var buf [96]byte
	m.entries = make([]entry, 0, 2*len(m.tokens))
	for i := range m.tokens {
		longest := m.longest(m.tokens[i].Folded)
		key := buf[:0]
		for n := range min(longest, len(m.tokens)-i) {
			if n > 0 {
				key = append(key, ' ')
			}
			key = append(key, m.tokens[i+n].Folded...)
			set := m.of(string(key))
			if len(set) > 0 && !tornAt(m.tokens, i) && !tornAt(m.tokens, i+n+1) {
				m.entries = append(m.entries, entry{from: i, to: i + n + 1, set: set})
			}
		}
	}
}

// tornAt reports whether a word of katakana goes on across the beginning of a
// token.
func tornAt(tokens []textform.Token, i int) bool {
	return i > 0 && i < len(tokens) && tokens[i].Glued && textform.IsKatakana(tokens[i].Normal) && textform.IsKatakana(tokens[i-1].Normal)
}

// play tells the tokens of an entry what they do.
func (m *marker) play(e *entry) {
	tokens := m.tokens[e.from:e.to]
	r := e.roles(m.tongues)
	if r == 0 {
		r = e.roles(Any) & borrowed
		if len(tokens) == 1 {
			r &^= Request | Cue
			if textform.Weight(tokens[0].Folded) < minBorrowed || tokens[0].Spaceless {
				r = 0
			}
		}
	}
	if len(tokens) == 1 && tokens[0].Capital {
		// A name, not a word that asks.
		r &^= Request | Cue
	}
	if r == 0 {
		return
	}
	if len(tokens) > 1 != tokens[0].Spaceless {
		// What is ordinary as a whole need not be so word by word, and one sign of
		// a script without spaces is no word.
		r &^= Common
	}
	if r&(NegationBehind|Instead) == NegationBehind && tokens[0].Part != tokens[len(tokens)-1].Part {
		// It refuses what stands behind: "Kino will ich, nicht Theater".
		r &^= NegationBehind
	}
	e.does = r
	for i := range tokens {
		tokens[i].Roles |= r
		tokens[i].Carried = tokens[i].Carried || len(tokens) > 1
	}
	if r&Signature != 0 {
		tokens[0].Signs = true
	}
}

// borrowed are the roles that phrases of other languages keep in a message, and
// single words from minBorrowed letters on, unless they ask: readers greet and ask in a second one.
const (
	borrowed    = Request | Greeting | Signature | Cue | Thanks | ThanksBehind
	minBorrowed = 4
)

// roles returns what an entry does in some languages.
func (e *entry) roles(t Tongues) (roles Role) {
	for _, one := range e.set {
		if t.has(one.tongue) {
			roles |= one.roles
		}
	}
	return roles
}
