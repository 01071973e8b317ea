package what

import (
	"slices"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// How well something is spelt that is not spelt so: in another inflection, with
// one typing error and with two, and as a part of a longer word whose rest only
// asks, or says something else.
const (
	speltInflected = 0.95
	speltSlipped   = 0.9
	speltMangled   = 0.7
	speltJoined    = 0.9
	speltWithin    = 0.6
)

// Bounds of what is looked for within a sentence if it is not spelt so.
const (
	// maxInflected is the most words of a phrase in another inflection.
	maxInflected = 3
	// minInflected, minSlipped and minJoined are the fewest letters of a word.
	minInflected, minSlipped, minJoined = 4, 5, 3
	// maxSlipped bounds the words that are taken for misspelt, and those that are
	// cut in two, maxWithin those of a message in which a word may be a part of a
	// longer one.
	maxSlipped, maxWithin = 4, 4
	// minMangled is the fewest letters of a word with two errors, maxJoined the
	// most of one that is cut in two, in its normal form in bytes.
	minMangled, maxJoined = 10, 64
)

// inflectedSpans finds phrases in other inflections among the words that are no
// phrase themselves.
func (q *query) inflectedSpans(found []span, taken []bool) []span {
	beside := len(found) > 0
	for size := min(len(q.tokens), maxInflected); size > 0; size-- {
		for from := 0; from+size <= len(q.tokens); from++ {
			to := from + size
			if slices.Contains(taken[from:to], true) || q.tears(from, to) || !q.inflects(from, to, beside) {
				continue
			}
			words := textform.Units(q.tokens[from:to], nil)
			c := core{from: from, to: to, words: words}
			if q.tokens[q.joinedAt(from, to)].JoinedTo > 0 {
				if s := q.joinedTo(from, to); len(s.all) > 0 {
					found = append(found, s)
					take(taken, from, to)
					continue
				}
			}
			all := q.everywhere(func(l *lexicon, hits []int32) []int32 { return l.inflected(words, hits, &q.probes) })
			if len(all) == 0 {
				all = q.inflectedHere(words)
			}
			all = slices.DeleteFunc(all, func(r ranked) bool { return r.nature&natureCode != 0 })
			if len(all) == 0 || farInflected(c, all, q.tongues) {
				continue
			}
			found = append(found, span{from: from, to: to, all: all, spelt: speltInflected, tier: TierStem})
			take(taken, from, to)
		}
	}
	return found
}

// inflectedHere finds the phrases of one word in another inflection by the rules of the message's own
// languages, where they are filed under others: "sinemada" of one in a German list.
func (q *query) inflectedHere(words []string) []ranked {
	if len(words) != 1 || q.tongues == 0 || q.tongues == speech.Any {
		return nil
	}
	return q.among(func(l *lexicon, hits []int32) []int32 {
		of := l.stemLanguages()
		own := slices.DeleteFunc(slices.Clone(stem.Languages()), func(language string) bool {
			return speech.Of(language)&q.tongues == 0 || slices.Contains(of, language)
		})
		if form := q.inflectedPart(l, words[0], own); form != "" {
			hits = l.reads(form, hits, &q.probes)
		}
		return hits
	})
}

// joinedAt returns the word of a phrase to which "and" may be written: the first, where its
// language has it in front, or the last.
func (msg *message) joinedAt(from, to int) int {
	if msg.tokens[from].JoinedFrom > 0 {
		return from
	}
	return to - 1
}

// joinedTo finds a phrase to one word of which "and" is written.
func (q *query) joinedTo(from, to int) span {
	words := textform.Units(q.tokens[from:to], nil)
	at := q.joinedAt(from, to)
	k := &q.tokens[at]
	if len(words) != to-from {
		return span{}
	}
	words[at-from] = k.Folded[k.JoinedFrom:k.JoinedTo]
	all := q.everywhere(func(l *lexicon, hits []int32) []int32 {
		if found := l.reads(strings.Join(words, " "), hits, &q.probes); len(found) > len(hits) {
			return found
		}
		return l.inflected(words, hits, &q.probes)
	})
	all = slices.DeleteFunc(all, func(r ranked) bool { return r.nature&natureCode != 0 })
	return span{from: from, to: to, all: all, spelt: speltInflected, tier: TierStem, joins: true}
}

// inflects reports whether words may be a phrase in another inflection: the
// first and the last of them say something, and none that asks does beside a phrase.
func (q *query) inflects(from, to int, beside bool) bool {
	roles := speech.Common | speech.Request | speech.Cue | speech.Aspect
	if beside {
		roles = speech.Common
	}
	for _, i := range [...]int{from, to - 1} {
		k := &q.tokens[i]
		if k.Spaceless || k.Roles&^roles != 0 || textform.Weight(k.Folded) < minInflected {
			return false
		}
	}
	return true
}

func take(taken []bool, from, to int) {
	for i := from; i < to; i++ {
		taken[i] = true
	}
}

// slippedSpans finds phrases of one word with typing errors among the words of
// which nothing is known.
func (q *query) slippedSpans(taken []bool) (found []span) {
	tried := 0
	for i := range q.tokens {
		k := &q.tokens[i]
		letters := textform.Weight(k.Folded)
		if taken[i] || q.tears(i, i+1) || k.Spaceless || k.Roles != 0 || letters < minSlipped || tried == maxSlipped {
			continue
		}
		tried++
		words := []string{k.Folded}
		all, crowded := q.slips(words, errorsAllowed(words))
		if len(all) == 0 || crowded {
			continue
		}
		nearest := all[:1]
		for len(nearest) < len(all) && all[len(nearest)].edits == all[0].edits {
			nearest = all[:len(nearest)+1]
		}
		s := span{from: i, to: i + 1, all: nearest, spelt: speltSlipped, tier: TierTyping}
		if all[0].edits > 1 && letters < minMangled {
			continue
		}
		if all[0].edits > 1 || all[0].slip >= 3 || letters < twoErrors {
			s.spelt = speltMangled
		}
		found = append(found, s)
	}
	return found
}

// joinedSpans finds phrases within longer words: "wetterbitte".
func (q *query) joinedSpans(taken []bool) (found []span) {
	tried := 0
	for i := range q.tokens {
		k := &q.tokens[i]
		if taken[i] || q.tears(i, i+1) || k.Spaceless || k.Roles != 0 || textform.Weight(k.Folded) < 2*minJoined || len(k.Normal) > maxJoined || tried == maxSlipped {
			continue
		}
		tried++
		if s := q.joinedSpan(i); len(s.all) > 0 {
			found = append(found, s)
		}
	}
	return found
}

// joinedSpan cuts one word in two, the longer part of which it finds first.
func (q *query) joinedSpan(i int) (best span) {
	word := q.tokens[i].Normal
	for at := range word {
		for _, cut := range [...][2]string{{word[:at], word[at:]}, {word[at:], word[:at]}} {
			part, rest := cut[0], cut[1]
			if textform.Weight(part) < minJoined+1 || textform.Weight(rest) < minJoined {
				continue
			}
			spelt := speltWithin
			if speech.IsAsking(textform.Fold(rest)) {
				spelt = speltJoined
			} else if len(q.tokens) > maxWithin || textform.Weight(part) < minSlipped || !strings.HasPrefix(word, part) {
				continue
			}
			all := q.among(func(l *lexicon, hits []int32) []int32 { return l.reads(part, hits, &q.probes) })
			all = slices.DeleteFunc(all, func(r ranked) bool { return r.nature&natureCode != 0 })
			if len(all) > 0 && (spelt > best.spelt || spelt == best.spelt && len(part) > best.to-best.from) {
				best = span{from: i, to: i + 1, all: all, spelt: spelt, tier: TierFolded}
			}
		}
	}
	return best
}
