package what

import (
	"slices"
	"strings"

	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// maxDate and maxDateLetters are the most words of a date, and its letters in
// scripts without spaces.
const maxDate, maxDateLetters = 3, 8

// undated takes the words of a date off an argument that is more than one.
func (q *query) undated(from, to int) (int, int) {
	longest := maxDate
	if q.tokens[from].Spaceless {
		longest = maxDateLetters
	}
	dated := func(from, to int) bool {
		return q.cuts(from, to) && !q.tokens[from].Symbol && slot.Fits(slot.Date, textform.Normal(q.raw(from, to)))
	}
	if dated(from, to) {
		return from, to
	}
	for n := min(longest, to-from-1); n > 0; n-- {
		switch {
		case dated(to-n, to):
			first, last := q.trim(from, to-n, ranked{}, nil)
			if first == last {
				return to - n, to
			}
			return max(first, from), max(last, from+1)
		case dated(from, from+n):
			first, last := q.trim(from+n, to, ranked{}, nil)
			if first == last {
				return from, from + n
			}
			return min(first, to-1), min(max(last, first+1), to)
		}
	}
	return from, to
}

// trim takes off both ends what only asks, links an argument to its phrase, or is
// polite.
func (q *query) trim(from, to int, c ranked, spans []span) (int, int) {
	off := func(i int) bool {
		k := &q.tokens[i]
		if q.again(c, i, spans) {
			return true
		}
		if slot.Fits(slot.Date, k.Normal) && k.Roles&speech.Greeting == 0 || q.entitled(c, k) {
			return false
		}
		if k.Spaceless {
			return isParticle(k) || k.Carried && k.Roles&speech.Filler != 0
		}
		if k.Capital && (k.Roles&speech.Greeting == 0 || strings.HasPrefix(k.Normal, "đ")) && !speech.IsPolite(k.Normal) {
			return false
		}
		return !isLatinLetter(k) && (k.Carried && k.Roles&speech.Filler != 0 ||
			k.Roles&(speech.Joint|speech.Article|speech.Greeting|speech.Request|speech.Cue|speech.Link|speech.Glue) != 0 || speech.IsPolite(k.Normal) || isNoise(k))
	}
	first, last := q.stripEnds(from, to, off)
	if first == last {
		// A word that only asks somewhere may be what is asked for: "horoscope leo".
		first, last = q.stripEnds(from, to, func(i int) bool {
			k := &q.tokens[i]
			idle := k.Roles&(speech.Joint|speech.Article|speech.Greeting|speech.Link) != 0 || k.Carried || isParticle(k) || speech.IsPolite(k.Normal) || isNoise(k)
			return q.again(c, i, spans) || idle || k.Roles&speech.Request != 0 && k.Roles&speech.Common != 0
		})
	}
	if first < last {
		return first, last
	}
	// There is nothing but words that only ask: an argument only if it is more
	// than politeness.
	for i := from; i < to; i++ {
		if k := &q.tokens[i]; !speech.IsPolite(k.Normal) && k.Roles&speech.Greeting == 0 && slot.Fits(slot.Date, k.Normal) {
			return i, i + 1
		}
	}
	return to, to
}

// entitled reports whether a word that asks elsewhere stands in an entry of a
// keyword's vocabulary: "quote tata".
func (q *query) entitled(c ranked, k *textform.Token) bool {
	v := q.ix.keywords[c.number].vocabulary
	const links = speech.Article | speech.Joint | speech.Glue | speech.Link
	return v != nil && k.Roles&links == 0 && !k.Carried && textform.Weight(k.Folded) > 2 && v.knows(k.Folded, &q.probes)
}

// stripEnds leaves out the words at both ends that a rule takes off, none of them
// in part, and no symbol.
func (q *query) stripEnds(first, last int, off func(i int) bool) (from, to int) {
	all := func(from, to int) bool {
		for i := from; i < to; i++ {
			if q.tokens[i].Symbol || !off(i) {
				return false
			}
		}
		return true
	}
	for first < last {
		end := min(q.run(first), last)
		if !all(first, end) {
			break
		}
		first = end
	}
	for first < last {
		begin := last - 1
		for begin > first && q.ties(begin) {
			begin--
		}
		if !all(begin, last) {
			break
		}
		last = begin
	}
	return first, last
}

// again reports whether a word names the same keyword once more.
func (q *query) again(c ranked, i int, spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool {
		return s.from <= i && i < s.to && slices.ContainsFunc(s.all, func(other ranked) bool { return other.Keyword == c.Keyword && other.Argument == "" })
	})
}

// impolite takes off nothing but politeness.
func (msg *message) impolite(from, to int) (int, int) {
	for from < to && !msg.tokens[from].Symbol && speech.IsPolite(msg.tokens[from].Normal) {
		from++
	}
	for to > from && !msg.tokens[to-1].Symbol && speech.IsPolite(msg.tokens[to-1].Normal) {
		to--
	}
	return from, to
}

// particles link words in scripts without spaces.
const particles = "のをはがにでともへ的在吗呢吧啊了去到往"

// isParticle covers what links an argument to the phrase beside it in scripts
// without spaces: 東京の天気.
func isParticle(k *textform.Token) bool {
	return k.Spaceless && strings.Contains(particles, k.Normal)
}

// isLatinLetter covers single letters, which are names of roads and stations, unless they
// link in the language of the message.
func isLatinLetter(k *textform.Token) bool {
	return len(k.Normal) == 1 && k.Normal != "a" && !isNoise(k) && k.Roles&speech.Joint == 0
}
