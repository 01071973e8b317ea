package what

import (
	"slices"
	"strings"

	"keypull/pull/what/speech"
)

// maxSentence is how many unknown words may stand around a phrase that is
// still offered.
const maxSentence = 6

// within decides by the phrases that stand within the message: one that is
// asked for runs, several are offered, and one that an ordinary sentence
// merely mentions is offered at most.
func (t *tiers) within() (Match, bool) {
	spans := t.spans()
	if len(spans) == 0 {
		return Match{}, false
	}
	if m, ok := t.withArgument(spans); ok {
		return m, true
	}
	slices.SortStableFunc(spans, func(a, b span) int { return a.from - b.from })
	if sameKeywords(spans) {
		return t.one(spans)
	}
	return t.several(spans)
}

// sameKeywords reports whether all spans stand for the same keywords.
func sameKeywords(spans []span) bool {
	for _, s := range spans[1:] {
		if len(s.all) != len(spans[0].all) {
			return false
		}
		for i := range s.all {
			if s.all[i].Keyword != spans[0].all[i].Keyword || s.all[i].Argument != spans[0].all[i].Argument {
				return false
			}
		}
	}
	return true
}

// around counts what stands around some spans in the whole message, in their
// own clauses, and between the commas next to them.
func (msg *message) around(spans []span) (all, own, near residue) {
	for i := range msg.tokens {
		k := &msg.tokens[i]
		covered, inClause, inPart := false, false, false
		for _, s := range spans {
			first, last := &msg.tokens[s.from], &msg.tokens[s.to-1]
			covered = covered || s.from <= i && i < s.to
			inClause = inClause || first.Clause <= k.Clause && k.Clause <= last.Clause
			inPart = inPart || first.Part <= k.Part && k.Part <= last.Part
		}
		if covered {
			continue
		}
		all.add(k)
		if inClause {
			own.add(k)
		}
		if inPart {
			near.add(k)
		}
	}
	return all, own, near
}

// one decides on a message in which one keyword, or one tie, is named.
func (t *tiers) one(spans []span) (Match, bool) {
	all, own, near := t.around(spans)
	candidates := spans[0].all
	guarded, code := true, true
	for _, s := range spans {
		for _, c := range s.all {
			guarded = guarded && c.nature.guarded()
			code = code && c.nature&natureCode != 0
		}
	}
	asked := all.asks() || own.asks() || near.begs() || t.cued(spans)
	if guarded {
		asked = all.orders() || all == (residue{greetings: t.noise()}) || own.orders() || near.orders()
	}
	if code {
		asked = all.begs() && (all.words() <= maxAroundCode || t.inCapitals(spans))
	}
	switch {
	case own.negations > 0:
		return declinedMatch(TierPart, ReasonNegated, candidates), true
	case guarded && t.idiom(spans):
		return declinedMatch(TierPart, ReasonCommon, candidates), true
	case asked:
		return decideRanked(TierFiller, candidates)
	case guarded:
		return declinedMatch(TierPart, ReasonCommon, candidates), true
	case all.unknown > maxSentence || candidates[0].nature&natureSmall != 0:
		return declinedMatch(TierPart, ReasonSentence, candidates), true
	}
	return offeredMatch(TierPart, ReasonSentence, candidates), true
}

// maxAroundCode is how many words may ask for a code that is not written in
// capitals.
const maxAroundCode = 2

// inCapitals reports whether a code is written as its editor wrote it, in a
// message that is not all in capitals.
func (msg *message) inCapitals(spans []span) bool {
	if strings.ToUpper(msg.text) == msg.text {
		return false
	}
	return slices.ContainsFunc(spans, func(s span) bool {
		raw := msg.raw(s.from, s.to)
		return slices.ContainsFunc(s.all, func(c ranked) bool { return c.Phrase == raw })
	})
}

// noise counts the emoji of a message.
func (msg *message) noise() int {
	n := 0
	for i := range msg.tokens {
		if isNoise(&msg.tokens[i]) {
			n++
		}
	}
	return n
}

// idiom reports whether the words belong to a longer saying: "how are you".
func (msg *message) idiom(spans []span) bool {
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			if !msg.tokens[i].Carried {
				return false
			}
		}
	}
	return true
}

// cued reports whether a sentence ends with what it asks for, right behind
// words that ask: "… whether you might send me tiramisu?"
func (msg *message) cued(spans []span) bool {
	if len(spans) != 1 || spans[0].from == 0 {
		return false
	}
	s := spans[0]
	before := &msg.tokens[s.from-1]
	if before.Clause != msg.tokens[s.from].Clause || before.Roles&(speech.Cue|speech.Request) == 0 || !before.Carried {
		return false
	}
	for i := s.to; i < len(msg.tokens) && msg.tokens[i].Clause == msg.tokens[s.to-1].Clause; i++ {
		if !isFiller(&msg.tokens[i]) {
			return false
		}
	}
	return true
}

// several decides on a message in which several keywords are named.
func (t *tiers) several(spans []span) (Match, bool) {
	all, _, _ := t.around(spans)
	var plain, doubtful []ranked
	for _, s := range spans {
		for _, c := range s.all {
			if c.nature.guarded() || c.nature&natureSmall != 0 {
				doubtful = joinRanked(doubtful, c)
			} else {
				plain = joinRanked(plain, c)
			}
		}
	}
	if all.unknown == 0 && all.negations == 0 && all.ors > 0 {
		return offeredMatch(TierFiller, ReasonTie, append(plain, doubtful...)), true
	}
	sure := slices.DeleteFunc(slices.Clone(spans), func(s span) bool {
		return slices.ContainsFunc(s.all, func(c ranked) bool { return c.nature.guarded() || c.nature&natureSmall != 0 })
	})
	if len(sure) > 0 && len(sure) < len(spans) && sameKeywords(sure) {
		return t.one(sure)
	}
	switch {
	case all.negations > 0:
		return declinedMatch(TierPart, ReasonNegated, append(plain, doubtful...)), true
	case all.unknown > 0 && len(plain) == 0:
		return declinedMatch(TierPart, ReasonCommon, doubtful), true
	case all.unknown > maxSentence:
		return declinedMatch(TierPart, ReasonSentence, plain), true
	case all.unknown == 0:
		return offeredMatch(TierFiller, ReasonTie, append(plain, doubtful...)), true
	}
	return offeredMatch(TierPart, ReasonSentence, plain), true
}
