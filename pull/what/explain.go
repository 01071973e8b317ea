package what

import "slices"

// maxSentence is how many unknown words may stand around a phrase that is
// still offered.
const maxSentence = 6

// within decides by the phrases that stand within the message: one that is
// asked for runs, several are offered, and one that an ordinary sentence
// merely mentions is offered at most.
func (q *question) within() (Match, bool) {
	spans := q.spans()
	if len(spans) == 0 {
		return Match{}, false
	}
	if m, ok := q.withArgument(spans); ok {
		return m, true
	}
	slices.SortStableFunc(spans, func(a, b span) int { return a.from - b.from })
	if sameKeywords(spans) {
		return q.one(spans)
	}
	return q.several(spans)
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

// around counts what stands around some spans in the whole message, and in
// their own sentences.
func (q *question) around(spans []span) (all, own residue) {
	for i := range q.tokens {
		k := &q.tokens[i]
		covered, near := false, false
		for _, s := range spans {
			covered = covered || s.from <= i && i < s.to
			near = near || q.tokens[s.from].clause <= k.clause && k.clause <= q.tokens[s.to-1].clause
		}
		if covered {
			continue
		}
		all.add(k)
		if near {
			own.add(k)
		}
	}
	return all, own
}

// one decides on a message in which one keyword, or one tie, is named.
func (q *question) one(spans []span) (Match, bool) {
	all, own := q.around(spans)
	candidates := spans[0].all
	guarded := true
	for _, s := range spans {
		for _, c := range s.all {
			guarded = guarded && c.nature.guarded()
		}
	}
	switch {
	case own.negations > 0:
		return declined(TierPart, ReasonNegated, candidates), true
	case guarded && q.idiom(spans):
		return declined(TierPart, ReasonCommon, candidates), true
	case guarded && all.begs(), !guarded && all.asks(), !guarded && all.negations == 0 && (own.asks() && all.unknown > 0 || q.cued(spans)):
		return q.decide(TierFiller, candidates)
	case guarded:
		return declined(TierPart, ReasonCommon, candidates), true
	case all.unknown > maxSentence || candidates[0].nature&natureSmall != 0:
		return declined(TierPart, ReasonSentence, candidates), true
	}
	return offered(TierPart, ReasonSentence, candidates), true
}

// idiom reports whether the words belong to a longer saying: "how are you".
func (q *question) idiom(spans []span) bool {
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			if !q.tokens[i].carried {
				return false
			}
		}
	}
	return true
}

// cued reports whether a sentence ends with what it asks for, right behind
// words that ask: "… whether you might send me tiramisu?"
func (q *question) cued(spans []span) bool {
	if len(spans) != 1 || spans[0].from == 0 {
		return false
	}
	s := spans[0]
	before := &q.tokens[s.from-1]
	if before.clause != q.tokens[s.from].clause || before.roles&(roleCue|roleRequest) == 0 || !before.carried {
		return false
	}
	for i := s.to; i < len(q.tokens) && q.tokens[i].clause == q.tokens[s.to-1].clause; i++ {
		if !q.tokens[i].isFiller() {
			return false
		}
	}
	return true
}

// several decides on a message in which several keywords are named.
func (q *question) several(spans []span) (Match, bool) {
	all, _ := q.around(spans)
	var clear, doubtful []ranked
	for _, s := range spans {
		for _, c := range s.all {
			if c.nature.guarded() || c.nature&natureSmall != 0 {
				doubtful = join(doubtful, c)
			} else {
				clear = join(clear, c)
			}
		}
	}
	sure := slices.DeleteFunc(slices.Clone(spans), func(s span) bool {
		return slices.ContainsFunc(s.all, func(c ranked) bool { return c.nature.guarded() || c.nature&natureSmall != 0 })
	})
	if len(sure) > 0 && len(sure) < len(spans) && sameKeywords(sure) {
		return q.one(sure)
	}
	switch {
	case all.negations > 0:
		return declined(TierPart, ReasonNegated, append(clear, doubtful...)), true
	case all.unknown > 0 && len(clear) == 0:
		return declined(TierPart, ReasonCommon, doubtful), true
	case all.unknown > maxSentence:
		return declined(TierPart, ReasonSentence, clear), true
	case all.unknown == 0:
		return offered(TierFiller, ReasonTie, append(clear, doubtful...)), true
	}
	return offered(TierPart, ReasonSentence, clear), true
}
