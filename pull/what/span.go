package what

import (
	"slices"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// span is a run of words of the message that is a phrase.
type span struct {
	from, to int
	all      []ranked
	// spelt is how well it is spelt, up to 1, tier the rule that found it.
	spelt float64
	tier  Tier
	// joins says that "and" is written to it.
	joins bool
}

const (
	// maxSpan is the longest phrase looked for within a message, in words;
	// maxSpacelessSpan is that in letters of scripts without spaces.
	maxSpan, maxSpacelessSpan = 7, 14
	// maxSpanned is the longest message that is looked through.
	maxSpanned = textform.MaxTokens
)

// spans returns the longest phrases within the message that do not overlap.
func (q *query) spans() []span {
	if !q.looked {
		q.naming, q.looked = q.findSpans(), true
	}
	return slices.Clone(q.naming)
}

func (q *query) findSpans() []span {
	n := len(q.tokens)
	if n > maxSpanned {
		return nil
	}
	var found []span
	taken := make([]bool, n)
	for size := min(n, maxSpacelessSpan); size > 0; size-- {
		for from := 0; from+size <= n; from++ {
			to := from + size
			if taken[from] || taken[to-1] || q.tokens[from].Spaceless && !q.begins(from) || !q.whole(from, to) {
				continue
			}
			s := span{from: from, to: to, all: q.spelt(from, to), spelt: 1, tier: TierFiller}
			if len(s.all) == 0 && size > 1 && q.tokens[from].JoinedFrom > 0 {
				s = q.joinedTo(from, to)
			}
			if len(s.all) == 0 {
				continue
			}
			found = append(found, s)
			take(taken, from, to)
		}
	}
	if len(found) > 0 {
		// Beside a phrase another one may be meant as well, or instead.
		found = q.inflectedSpans(found, taken)
		if q.parted([2]int{0, n}) {
			found = append(found, q.slippedSpans(taken)...)
		}
	}
	return q.withoutPrepositions(slices.DeleteFunc(found, func(s span) bool { return q.sayingHolds(s) || q.asksWhatIs(s) }))
}

// asksWhatIs reports whether a span only asks what the thing is that stands behind it, though it is a
// phrase alone: "c'est quoi la quiche". What no article leads to may be the service: "what is this app".
func (msg *message) asksWhatIs(s span) bool {
	only := msg.tokens[s.from].Roles&speech.Question != 0
	for i := s.from; i < s.to; i++ {
		only = only && isFiller(&msg.tokens[i]) && !msg.tokens[i].Spaceless
	}
	if !only || s.to-s.from < 2 || s.to >= len(msg.tokens) {
		return false
	}
	next := &msg.tokens[s.to]
	if next.Roles&speech.Article != 0 {
		return s.to+1 < len(msg.tokens) && !isFiller(&msg.tokens[s.to+1])
	}
	return msg.tokens[s.to-1].Roles&speech.Article != 0 && (isUnknown(next) || next.Capital)
}

// sayingHolds reports whether a span is a part of a saying: "no news is good news".
func (msg *message) sayingHolds(s span) bool {
	says := func(i int) bool {
		return 0 <= i && i < len(msg.tokens) && msg.tokens[i].Roles&speech.Idiom != 0
	}
	for i := s.from; i < s.to; i++ {
		if !says(i) {
			return false
		}
	}
	return says(s.from-1) || says(s.to)
}

// withoutPrepositions leaves out the prepositions that are phrases as well, "about" and
// "sur", where they stand beside another phrase or before what they belong to.
func (q *query) withoutPrepositions(found []span) []span {
	links := func(s span) bool {
		return s.to-s.from == 1 && q.tokens[s.from].Roles&speech.Joint != 0 && !q.tokens[s.from].Spaceless && !slices.ContainsFunc(s.all, ranked.isSymbol)
	}
	others := slices.ContainsFunc(found, func(s span) bool { return !links(s) })
	return slices.DeleteFunc(found, func(s span) bool {
		return links(s) && (others || slices.ContainsFunc(q.tokens[s.to:], func(k textform.Token) bool { return !isFiller(&k) && !isNoise(&k) }))
	})
}

// spelt finds what some words are: phrases, or entries that alone call a keyword.
func (q *query) spelt(from, to int) []ranked {
	all := q.among(func(l *lexicon, hits []int32) []int32 { return l.reads(q.normalOf(from, to), hits, &q.probes) })
	if len(q.ix.bare) == 0 || !q.cuts(from, to) && !q.tokens[from].Spaceless {
		return all
	}
	return q.entries(all, q.asTyped(from, to))
}

// entries adds the entries that alone call a keyword and are written so.
func (q *query) entries(all []ranked, raw string) []ranked {
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		all = q.terms(all, b, b.named(raw, &q.probes))
	}
	return all
}

// begins reports whether some phrase may begin with a word.
func (q *query) begins(i int) bool {
	k := &q.tokens[i]
	for at := range q.ix.layers {
		if q.ix.layers[at].begins.has(k.Normal) || q.ix.layers[at].begins.has(k.Folded) {
			return true
		}
	}
	for at := range q.ix.bare {
		if q.ix.bare[at].begins.has(k.Normal) || q.ix.bare[at].begins.has(k.Folded) {
			return true
		}
	}
	return false
}

// beginnings is about the set of the letters that texts begin with: one that is
// in it may be reported for another.
type beginnings [16]uint64

func (b *beginnings) add(text string) {
	r, _ := utf8.DecodeRuneInString(text)
	b[r>>6&15] |= 1 << (r & 63)
}

func (b *beginnings) has(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return b[r>>6&15]&(1<<(r&63)) != 0
}

// furtherSpans finds what is not spelt so, the likelier first.
func (q *query) furtherSpans() []span {
	if len(q.tokens) > maxSpanned {
		return nil
	}
	taken := make([]bool, len(q.tokens))
	found := q.inflectedSpans(nil, taken)
	if len(found) == 0 {
		found = q.slippedSpans(taken)
	}
	if len(found) == 0 {
		found = q.joinedSpans(taken)
	}
	return found
}

func (msg *message) normalOf(from, to int) string {
	if to-from == 1 {
		return msg.tokens[from].Normal
	}
	return textform.Normal(msg.raw(from, to))
}

// whole reports whether a run of words can be a phrase: not too long, and not
// torn out of a word.
func (msg *message) whole(from, to int) bool {
	first, last := &msg.tokens[from], &msg.tokens[to-1]
	if to-from > maxSpan && (!first.Spaceless || !last.Spaceless) {
		return false
	}
	if from > 0 && first.Glued && torn(&msg.tokens[from-1], first) || msg.tears(from, to) {
		return false
	}
	if to < len(msg.tokens) && msg.tokens[to].Glued && torn(last, &msg.tokens[to]) {
		return false
	}
	if to-from > 1 || !first.Spaceless {
		return true
	}
	// A single letter within a longer word is not that letter's word.
	if from > 0 && first.Glued && msg.tokens[from-1].Spaceless {
		return false
	}
	return to == len(msg.tokens) || !msg.tokens[to].Glued || !msg.tokens[to].Spaceless
}

// torn reports whether two words that touch belong together: katakana, and
// what an apostrophe parts.
func torn(a, b *textform.Token) bool {
	if textform.IsKatakana(a.Normal) && textform.IsKatakana(b.Normal) {
		return true
	}
	return !a.Spaceless && !b.Spaceless && !isNoise(a) && !isNoise(b) && a.End < b.Start
}
