package what

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCuts bounds the places at which a message is cut into phrase and
// argument, from each of its ends.
const maxCuts = 24

// withArgument finds the longest phrase at the beginning or the end of the
// message whose keyword takes the rest as its argument.
func (q *question) withArgument() (Match, bool) {
	reach := min(maxCuts, q.ix.longestWords+q.ix.longestRunes)
	if reach == 0 {
		return Match{}, false
	}
	cuts := cutsOf(q.text)
	var front, back span
	for _, c := range cuts[:min(len(cuts), reach)] {
		q.span(&front, q.text[:c.end], q.text[c.end:])
	}
	for _, c := range cuts[max(0, len(cuts)-reach):] {
		q.span(&back, q.text[c.next:], q.text[:c.next])
	}
	return q.choose(front, back)
}

// span is the best phrase found at one end of the message.
type span struct {
	hits []int32
	// size is the phrase's length in bytes of its normal form.
	size int
	rest string
}

// span looks a part of the message up and keeps it where it is longer than
// what was found before. Exact beats folded for the same part.
func (q *question) span(best *span, part, rest string) {
	normal := Normal(part)
	if len(normal) <= best.size {
		return
	}
	hits := q.takers(q.phrases(q.ix.exact, normal, nil))
	for _, form := range folds(normal) {
		if len(hits) > 0 {
			break
		}
		hits = q.phrases(q.ix.folded, form, hits)
		if form != normal {
			hits = q.phrases(q.ix.exact, form, hits)
		}
		hits = q.takers(hits)
	}
	if len(hits) > 0 {
		*best = span{hits: hits, size: len(normal), rest: rest}
	}
}

// takers keeps the phrases whose keywords take an argument.
func (q *question) takers(hits []int32) []int32 {
	kept := hits[:0:0]
	for _, hit := range hits {
		if q.ix.keywords[q.ix.phrases[hit].keyword].argument {
			kept = append(kept, hit)
		}
	}
	return kept
}

// choose decides between a phrase at the beginning and one at the end. The one
// whose argument its vocabulary knows wins; else both keywords are offered.
func (q *question) choose(front, back span) (Match, bool) {
	if len(front.hits) == 0 || len(back.hits) == 0 {
		all, _ := q.arguments(front)
		more, _ := q.arguments(back)
		return q.decideArgument(append(all, more...))
	}
	first, firstKnown := q.arguments(front)
	last, lastKnown := q.arguments(back)
	switch {
	case firstKnown && !lastKnown:
		return q.decideArgument(first)
	case lastKnown && !firstKnown:
		return q.decideArgument(last)
	case back.size > front.size:
		first, last = last, first
	}
	all := slices.Concat(first, last)
	for i := range all {
		all[i].rank = 0
	}
	return q.decideArgument(all)
}

// arguments turns the phrases of a span into candidates with their arguments,
// and reports whether a vocabulary knows one of them.
func (q *question) arguments(s span) ([]ranked, bool) {
	if len(s.hits) == 0 {
		return nil, false
	}
	known := false
	typed := trimArgument(s.rest)
	normal := Normal(typed)
	var all []ranked
	for _, hit := range s.hits {
		for _, c := range q.candidates([]int32{hit}) {
			k := &q.ix.keywords[q.ix.phrases[hit].keyword]
			c.Argument = typed
			if value, ok := q.canonical(k.vocabulary, normal); ok {
				c.Argument, known = value, true
			} else if isCourtesy(normal) {
				c.Argument = ""
			}
			all = join(all, c)
		}
	}
	return all, known
}

// isCourtesy reports whether there is nothing but politeness in an argument,
// which is then none. An emoji is one: signs of the zodiac are asked for so.
func isCourtesy(normal string) bool {
	return impolite(normal) == "" && strings.IndexFunc(normal, isEmojiPart) < 0
}

func (q *question) canonical(v *vocabulary, normal string) (string, bool) {
	if v == nil {
		return "", false
	}
	return v.canonical(normal, &q.probes)
}

// decideArgument never runs a keyword on a message that may ask to stop.
func (q *question) decideArgument(all []ranked) (Match, bool) {
	m, ok := q.decide(TierArgument, all)
	if ok && isStop(Normal(m.Candidates[0].Argument)) {
		m.Outcome = Offer
	}
	return m, ok
}

// trimArgument removes what stands around an argument but is no part of it.
func trimArgument(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"“”„«»‹›`,;:=…?!¿¡。、！？，：；*", r) || isInvisible(r)
	})
	s = strings.TrimLeft(s, "/#-–—.' ")
	return strings.TrimRight(s, "-–—.' ")
}

// cut is a place between two words of a message: one ends at end, the other
// begins at next.
type cut struct{ end, next int }

// cutsOf lists the places between the words of a text. In scripts without
// spaces every letter may end a word.
func cutsOf(text string) []cut {
	var cuts []cut
	end, before := -1, rune(0)
	for i, r := range text {
		kind := kindOf(r)
		if kind == gap {
			continue
		}
		if end >= 0 && (i > end || parts(before, r)) && kind != rider {
			cuts = append(cuts, cut{end, i})
		}
		end = i + max(1, utf8.RuneLen(r))
		if kind != rider {
			before = r
		}
	}
	return cuts
}

// kind is what a character is to the cutting of words.
type kind uint8

const (
	// gap stands between words, rider belongs to the character before it.
	gap kind = iota
	rider
	inWord
)

func kindOf(r rune) kind {
	switch {
	case isWordRune(r) && !isSmallKana(r), isEmoji(r), r == '&':
		return inWord
	case r == utf8.RuneError || unicode.IsSpace(r):
		return gap
	case isSmallKana(r) || isTag(r) || isInvisible(r) || unicode.IsMark(r) || unified(r) == '\'':
		return rider
	default:
		return gap
	}
}

// parts reports whether two characters that touch may belong to two words.
func parts(a, b rune) bool {
	if isSpaceless(a) || isSpaceless(b) {
		return true
	}
	return isEmoji(a) != isEmoji(b)
}
