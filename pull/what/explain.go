package what

import (
	"cmp"
	"slices"
	"strings"

	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// within decides by the phrases that stand within the message: one that is
// asked for runs, several are offered, and one that an ordinary sentence
// merely mentions is offered at most.
func (t *tiers) within() (Match, bool) {
	return t.decide(t.spans())
}

// nearly decides by what stands within the message and is not spelt so.
func (t *tiers) nearly() (Match, bool) { return t.decide(t.furtherSpans()) }

// decide decides on the phrases that a message names.
func (t *tiers) decide(spans []span) (Match, bool) {
	if len(spans) == 0 {
		return Match{}, false
	}
	inOrder := slices.SortedStableFunc(slices.Values(spans), func(a, b span) int { return a.from - b.from })
	if m, ok := t.amend(inOrder); ok {
		return m, true
	}
	filled, ok := t.withArgument(spans)
	if ok && filled.Certainty.Value == 1 {
		// The keyword is known to take what stands beside it.
		return filled, true
	}
	spans = inOrder
	if m, ok := t.wished(spans); ok {
		return m, true
	}
	if ok && (filled.Candidates[0].Argument != "" || !t.asksFurther(spans)) {
		return filled, true
	}
	if sameKeywords(spans) {
		return t.one(spans)
	}
	return t.several(spans)
}

// asksFurther reports whether a sentence asks for another keyword than the one before: "what
// films are on? what concerts are on?"
func (t *tiers) asksFurther(spans []span) bool {
	first := &spans[0]
	return slices.ContainsFunc(spans[1:], func(s span) bool {
		return t.tokens[s.from].Sentence != t.tokens[first.from].Sentence && t.everyday(s) != idle && !t.negated(s, spans) && !sameKeywords([]span{*first, s})
	})
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

// around counts what stands around some spans in the whole message, and near them:
// between the commas next to them, and in a long message not far away.
func (msg *message) around(spans []span) (all, near residue) {
	for i := range msg.tokens {
		k := &msg.tokens[i]
		covered, inPart, touching := false, false, false
		for _, s := range spans {
			first, last := &msg.tokens[s.from], &msg.tokens[s.to-1]
			covered = covered || s.from <= i && i < s.to
			touching = touching || (i == s.from-1 || i == s.to) && first.Part <= k.Part && k.Part <= last.Part
			near := msg.wordsApart(i, s.from) <= maxAround && msg.wordsApart(s.to-1, i) <= maxNear
			inPart = inPart || near && first.Part <= k.Part && k.Part <= last.Part
		}
		beside := one(touching && isUnknown(k))
		covered = covered || !k.Spaceless && k.Roles&^speech.Common == 0 && slot.Fits(slot.Date, k.Normal)
		all.note(k, covered, beside)
		if inPart {
			near.note(k, covered, beside)
		}
	}
	return all, near
}

// maxAround is how many words away from a phrase something is near it.
const maxAround = 8

// wordsApart returns about how many words one token stands before another.
func (msg *message) wordsApart(before, behind int) int {
	if before < behind && msg.tokens[before].Spaceless && msg.tokens[behind].Spaceless {
		return (behind - before) / lettersOfWord
	}
	return behind - before
}

// one decides on a message in which one keyword, or one tie, is named.
func (t *tiers) one(spans []span) (Match, bool) {
	candidates := spans[0].all
	switch {
	case !slices.ContainsFunc(spans, func(s span) bool { return !t.negated(s, spans) }):
		if t.marksQuestion() || t.wonders(spans) { // "where can I leave the car without paying for parking"
			return offeredMatch(TierPart, ReasonNegated, candidates), true
		}
		return declinedMatch(TierPart, ReasonNegated, candidates), true
	case t.idiom(spans), len(spans) > 1 && !slices.ContainsFunc(spans, func(s span) bool { return t.everyday(s) != idle }):
		return declinedMatch(TierPart, ReasonCommon, candidates), true
	}
	best := slices.MaxFunc(spans, func(a, b span) int { return cmp.Compare(a.spelt, b.spelt) })
	c := t.certainty(spans, best.spelt)
	if len(candidates) == 1 && t.takes(candidates[0]) {
		candidates[0].Argument = t.nameElsewhere(spans)
	}
	m, ok := t.judged(best.tier, c, candidates)
	if m.Decision != Run && best.tier == TierFiller {
		m.Tier = TierPart
	}
	if m.Corrected = m.Decision == Run && best.tier == TierTyping; m.Corrected && candidates[0].autocorrect == AutocorrectOffer {
		return offeredMatch(best.tier, ReasonUnsure, candidates), true
	}
	return m, ok
}

// nameElsewhere returns the one name behind a preposition apart from some phrases: "in Graz, what films are
// on?", or "" where there is none, or several.
func (q *query) nameElsewhere(spans []span) (name string) {
	for i := 1; i < len(q.tokens); i++ {
		if !q.isName(i, i+1) || q.tokens[i].Roles != 0 || !q.prepared(i) || within(spans, i) {
			continue
		}
		end := i + 1
		for end < len(q.tokens) && q.isName(end, end+1) && q.tokens[end].Part == q.tokens[i].Part && !within(spans, end) {
			end++
		}
		if name != "" {
			return ""
		}
		name = q.asTyped(i, end)
		i = end
	}
	return name
}

// inCapitals reports whether a code is written as its editor wrote it, in a
// message that is not all in capitals.
func (msg *message) inCapitals(spans []span) bool {
	rest := msg.text
	for _, s := range spans {
		rest = strings.Replace(rest, msg.raw(s.from, s.to), "", 1)
	}
	if rest != strings.ToLower(rest) && rest == strings.ToUpper(rest) {
		return false
	}
	return slices.ContainsFunc(spans, func(s span) bool {
		raw := msg.raw(s.from, s.to)
		return slices.ContainsFunc(s.all, func(c ranked) bool { return c.Phrase == raw })
	})
}

// idiom reports whether words that say nothing alone belong to a longer saying:
// "how are you".
func (t *tiers) idiom(spans []span) bool {
	for _, s := range spans {
		ordinary := t.everyday(s)
		for i := s.from; i < s.to; i++ {
			k := &t.tokens[i]
			if !k.Carried || ordinary != idle && (k.Spaceless || k.Roles&speech.Greeting == 0 || k.Roles&(speech.Request|speech.Cue) != 0) {
				return false
			}
		}
	}
	return true
}

// several decides on a message in which several keywords are named. What it says
// that it does not mean is left out, and so is a word that merely asks for
// another: "tiramisu recipe".
func (t *tiers) several(spans []span) (Match, bool) {
	meant := slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return t.negated(s, spans) })
	if len(meant) < len(spans) { // a word that only asks is nothing to be had instead: "WIPRO is not"
		meant = slices.DeleteFunc(meant, func(s span) bool {
			typed := t.raw(s.from, s.to)
			return t.tokens[s.from].Roles != 0 && t.everyday(s) == idle && typed == strings.ToLower(typed)
		})
	}
	if len(meant) == 0 {
		return declinedMatch(TierPart, ReasonNegated, joined(spans)), true
	}
	if len(meant) < len(spans) {
		return t.rather(meant, spans)
	}
	if sure := t.main(meant); len(sure) > 0 {
		meant = sure
	}
	meant = joinEntries(meant)
	if sameKeywords(meant) {
		return t.one(meant)
	}
	all := joined(meant)
	c := t.certainty(meant, 1)
	m := offeredMatch(TierFiller, ReasonTie, all)
	m.Certainty = c
	unsure := c.Value < offerFrom
	if (unsure || c.evidence[pieceTold] > 0) && !t.listsPhrases(meant) {
		if one := t.likeliest(meant, c); unsure || one.Decision == Offer {
			return one, true
		}
	}
	t.withArguments(m.Candidates, meant)
	return m, true
}

// joinEntries has what names a keyword stand for the entry of it that is named as well: "how much is
// the price of wipro" names one thing.
func joinEntries(spans []span) []span {
	joined := slices.Clone(spans)
	for i, s := range joined {
		at := slices.IndexFunc(spans, func(o span) bool { return isEntryOf(o, s) })
		if at >= 0 {
			joined[i].all = spans[at].all
		}
	}
	return joined
}

// isEntryOf reports whether a span is an entry of the keyword that another one names.
func isEntryOf(entry, of span) bool {
	return len(entry.all) == 1 && len(of.all) == 1 && entry.all[0].Keyword == of.all[0].Keyword && entry.all[0].Argument != "" && of.all[0].Argument == ""
}

// likeliest offers the one of several keywords that is asked for by itself, where one is surer
// than all of them: "I read the news, weather please".
func (t *tiers) likeliest(spans []span, all Certainty) Match {
	m := declinedMatch(TierPart, ReasonSentence, joined(spans))
	m.Certainty = all
	for _, s := range spans {
		if c := t.certainty([]span{s}, s.spelt); c.Value >= offerFrom && c.Value > m.Certainty.Value {
			m = offeredMatch(TierPart, ReasonSentence, s.all)
			m.Certainty = c
		}
	}
	return m
}

// listsPhrases reports whether a message is nothing but phrases of different keywords, codes or
// no words of every day, and what joins them: "SAP & VNM".
func (t *tiers) listsPhrases(spans []span) bool {
	for i := range t.tokens {
		if k := &t.tokens[i]; !within(spans, i) && k.Roles&speech.Link == 0 && k.Normal != "+" && !isNoise(k) {
			return false
		}
	}
	of := map[string]bool{}
	return !slices.ContainsFunc(spans, func(s span) bool {
		again := of[s.all[0].Keyword]
		of[s.all[0].Keyword] = true
		return again || t.everyday(s) == idle && !slices.ContainsFunc(s.all, func(c ranked) bool { return c.nature&natureCode != 0 })
	})
}

// main returns the spans that are asked for, where others only ask for them.
func (t *tiers) main(spans []span) []span {
	linked := func(i int) bool {
		if spans[i].joins || i+1 < len(spans) && spans[i+1].joins {
			return true
		}
		for at := spans[i].to; i+1 < len(spans) && at < spans[i+1].from; at++ {
			if k := &t.tokens[at]; k.Roles&speech.Link != 0 || k.JoinedTo > 0 || k.Normal == "&" || spans[i+1].from-spans[i].to == 1 && t.addsAnywhere(at) {
				return true
			}
		}
		return i+1 < len(spans) && t.tokens[spans[i].to-1].Part != t.tokens[spans[i+1].from].Part
	}
	if t.listsPhrases(spans) {
		return spans
	}
	var sure []span
	for i, s := range spans {
		ordinary := t.everyday(s)
		if ordinary == rare || (ordinary == usual || t.isUnknownCode(s)) && (linked(i) || i > 0 && linked(i-1)) || t.isFurtherEntry(s, spans) {
			sure = append(sure, s)
		}
	}
	return sure
}

// isUnknownCode reports whether a span is a code that is no word of the message's languages.
func (t *tiers) isUnknownCode(s span) bool {
	first := &t.tokens[s.from]
	return s.to-s.from == 1 && first.Roles == 0 && textform.Weight(first.Normal) >= minToldCode
}

// isFurtherEntry reports whether a span is such a code, and another span an entry of the same keyword:
// "wipro or infosys" asks for either.
func (t *tiers) isFurtherEntry(s span, spans []span) bool {
	if !t.isUnknownCode(s) {
		return false
	}
	all := joined(spans)
	return slices.ContainsFunc(s.all, func(c ranked) bool {
		return c.Argument != "" && slices.ContainsFunc(all, func(d ranked) bool { return d.Keyword == c.Keyword && d.Argument != "" && d.Argument != c.Argument })
	})
}

// rather decides by what is meant instead of something else, which is as good as
// a request.
func (t *tiers) rather(meant, spans []span) (Match, bool) {
	all := joined(meant)
	if !sameKeywords(meant) {
		return offeredMatch(TierFiller, ReasonTie, all), true
	}
	t.instead = true
	c := t.certainty(spans, 1)
	c.Value = max(c.Value, offerFrom) // who says which of two is not meant means the other
	return t.judged(TierFiller, c, all)
}

func joined(spans []span) (all []ranked) {
	for _, s := range spans {
		for _, c := range s.all {
			all = joinRanked(all, c)
		}
	}
	return all
}
