package what

import (
	"slices"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// negated reports whether a span is what the message says that it does not mean:
// a word in front of it, with no other phrase between them, or one right behind.
func (msg *message) negated(s span, spans []span) bool {
	for i := s.from - 1; i >= msg.reachOfNegation(s); i-- {
		k := &msg.tokens[i]
		if k.Part != msg.tokens[s.from].Part || k.Roles&speech.Instead != 0 && k.Roles&speech.Negation == 0 || within(spans, i) || msg.concludes(i) || msg.refusesBefore(i) {
			break
		}
		if k.Roles&speech.Negation != 0 && !msg.exclaims(i) && (k.Roles&speech.NegationBehind == 0 || !msg.follows(i, spans) || msg.touches(i, s)) {
			return true
		}
	}
	if msg.deniedLast(s) || msg.thanked(s.from, s.to) {
		return true
	}
	for i := s.to; i < len(msg.tokens) && i < s.to+maxBehind; i++ {
		k := &msg.tokens[i]
		if k.Clause != msg.tokens[s.to-1].Clause || within(spans, i) {
			break
		}
		if k.Roles&speech.NegationBehind != 0 {
			return k.Roles&speech.Negation == 0 || !slices.ContainsFunc(spans, func(other span) bool { return other.from > i && msg.touches(i, other) })
		}
	}
	return false
}

// refusesBefore reports whether a word asks, and what is refused before it is named already, by
// a word of which nothing is known: "instead of the tv guide send me the news".
func (msg *message) refusesBefore(asks int) bool {
	if !asksOfUs(&msg.tokens[asks]) {
		return false
	}
	named := false
	for i := asks - 1; i >= 0 && msg.tokens[i].Part == msg.tokens[asks].Part; i-- {
		k := &msg.tokens[i]
		if k.Roles&speech.Negation != 0 {
			return named && k.Roles&speech.NegationBehind == 0
		}
		named = named || k.Roles == 0 && !k.Spaceless
	}
	return false
}

// concludes reports whether a word leads from what is told to what is asked: "my phone is not
// with me so tell me when the bus goes".
func (msg *message) concludes(i int) bool {
	if msg.tokens[i].Roles&speech.Therefore == 0 {
		return false
	}
	end := min(i+1+concluded, len(msg.tokens))
	return slices.ContainsFunc(msg.tokens[i+1:end], func(k textform.Token) bool { return asksOfUs(&k) })
}

// concluded is within how many words of one that concludes something asks.
const concluded = 3

// asksOfUs reports whether a word asks, and is not only polite.
func asksOfUs(k *textform.Token) bool {
	return k.Roles&(speech.Request|speech.Cue|speech.Question) != 0 && !speech.IsPolite(k.Normal)
}

// reachOfNegation returns from which word on one that says no may turn a span round. Who tells a
// story without a stop says no to things in it, "my phone does not show it any more so tell me
// when the bus goes", and of that no more than the last words are about what is asked.
func (msg *message) reachOfNegation(s span) int {
	part := msg.tokens[s.from].Part
	first, end := s.from, s.to
	for first > 0 && msg.tokens[first-1].Part == part {
		first--
	}
	for end < len(msg.tokens) && msg.tokens[end].Part == part {
		end++
	}
	if end-first <= storyLength {
		return first
	}
	asks := -1
	for i := s.from - 1; i > max(first, s.from-storyReach); i-- {
		if asksOfUs(&msg.tokens[i]) {
			asks = i
		}
		if asks-i == askReach {
			return i
		}
	}
	return max(first, s.from-storyReach)
}

// storyLength is from how many words without a stop on a message is a story. In one a word that
// says no turns round what follows within storyReach words, and within askReach words before
// what asks.
const (
	storyLength = 20
	storyReach  = 10
	askReach    = 5
)

// readAlternatives takes "or not" for what it is, a question, and no refusal: "is the pool
// open or not", "ouverte ou pas la piscine".
func (msg *message) readAlternatives() {
	for i := range msg.tokens[:max(0, len(msg.tokens)-1)] {
		if msg.tokens[i].Roles&speech.Or == 0 {
			continue
		}
		// "or not yet" has the word in between in some languages: "ou ainda não".
		for at := i + 1; at < min(i+3, len(msg.tokens)); at++ {
			k, last := &msg.tokens[at], at+1 == len(msg.tokens)
			if k.Roles&(speech.Negation|speech.NegationBehind) != 0 && (at == i+1 || last) {
				k.Roles = k.Roles&^(speech.Negation|speech.NegationBehind|speech.Instead) | speech.QuestionBehind
				break
			}
		}
	}
}

// exclaims reports whether a word that says no is the first of a part that turns
// something else round: "no I said results not fixtures".
func (msg *message) exclaims(i int) bool {
	if i > 0 && msg.tokens[i-1].Part == msg.tokens[i].Part {
		return false
	}
	return slices.ContainsFunc(msg.tokens[i+1:], func(k textform.Token) bool {
		return k.Part == msg.tokens[i].Part && k.Roles&(speech.Negation|speech.NegationBehind) != 0
	})
}

// deniedLast reports whether nothing but a negation, and politeness, stands behind
// a span: "news no thanks".
func (msg *message) deniedLast(s span) bool {
	if s.to == len(msg.tokens) || msg.tokens[s.to].Roles&speech.Negation == 0 || msg.tokens[s.to].Part != msg.tokens[s.to-1].Part {
		return false
	}
	for i := s.from - 1; i >= 0 && msg.tokens[i].Part == msg.tokens[s.from].Part; i-- {
		if !isFiller(&msg.tokens[i]) {
			return false
		}
	}
	for i := s.to + 1; i < len(msg.tokens) && msg.tokens[i].Part == msg.tokens[s.to].Part; i++ {
		if k := &msg.tokens[i]; k.Roles&(speech.Greeting|speech.Negation) == 0 && !speech.IsPolite(k.Normal) {
			return false
		}
	}
	return true
}

// touches reports whether nothing but words that say no stand between one of them
// and a span behind it.
func (msg *message) touches(i int, s span) bool {
	for ; i < s.from; i++ {
		if msg.tokens[i].Roles&(speech.Negation|speech.Article) == 0 {
			return false
		}
	}
	return true
}

// follows reports whether a span stands before a word, in the same part.
func (msg *message) follows(i int, spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.to <= i && msg.tokens[s.to-1].Part == msg.tokens[i].Part })
}

// maxBehind is how many words behind a phrase may turn it round.
const maxBehind = 4
