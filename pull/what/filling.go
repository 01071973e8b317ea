package what

import (
	"math"

	"keypull/pull/what/speech"
)

// talks reports whether words are a sentence rather than an argument: they say
// no, or begin with words that say nothing alone.
func (msg *message) talks(from, to int) bool {
	for i := from; i < to; i++ {
		k := &msg.tokens[i]
		if k.Symbol {
			continue
		}
		glue := k.Roles&speech.Glue != 0 && k.Roles&(speech.Joint|speech.Article|speech.Request) == 0
		if k.Roles&(speech.Negation|speech.NegationBehind) != 0 || !k.Spaceless && glue && (to-from > 2 || i == from && to-from > 1) {
			return true
		}
	}
	return false
}

// bare returns the certainty of a keyword that takes an argument and has none.
func (q *query) bare(c ranked, spans []span) Certainty {
	t := tiers{query: *q}
	mine := q.named(c, spans)
	if len(mine) == 0 {
		return Certainty{Value: 1}
	}
	return t.certainty(mine, mine[0].spelt)
}

// named returns the spans that name a keyword.
func (q *query) named(c ranked, spans []span) (mine []span) {
	for _, s := range spans {
		if q.again(c, s.from, spans) {
			mine = append(mine, s)
		}
	}
	return mine
}

// Bounds of what an argument that no vocabulary knows may be.
const (
	// plainWords and plainLetters are how many words, or letters of a script
	// without spaces, of an argument raise no doubt.
	plainWords, plainLetters = 2, 4
	maxManyWords, maxOdd     = 4, 8
	// shortWords is the most words of a short message with an argument.
	shortWords = 4
)

// filledCertainty returns that of a keyword with words of the message as its
// argument, which nobody knows.
func (q *query) filledCertainty(c ranked, from, to int, whole [2]int, spans []span) Certainty {
	mine := q.named(c, spans)
	if len(mine) == 0 {
		return Certainty{Value: 1}
	}
	s := mine[0]
	all, part := q.around(append(mine, span{from: from, to: to}))
	words, letters, common, name := 0, 0, 0, false
	for i := from; i < to; i++ {
		k := &q.tokens[i]
		name = name || k.Capital
		if k.Symbol || name && k.Roles&speech.Glue == 0 {
			// However many words a name has.
			words = max(words, 1)
			continue
		}
		words, letters = words+one(!k.Spaceless), letters+one(k.Spaceless)
		common += one(k.Roles&(speech.Common|speech.Greeting) != 0)
	}
	var e Certainty
	set := func(p piece, n int) { e.evidence[p] = float64(n) }
	beside := from // the word next to the phrase
	if to <= s.from {
		beside = to - 1
	}
	set(pieceBase, 1)
	set(pieceArgument, 1)
	e.evidence[pieceWordy] = float64(one(q.length(s) > 1)) / 2
	set(pieceShort, one(q.size() <= shortWords))
	set(pieceExplained, one(all.unknown == 0))
	set(pieceAsked, one(part.requests > 0))
	set(pieceOneWord, one(words == 1 || words == 0 && letters <= plainLetters))
	set(pieceManyWords, min(maxManyWords, max(0, words-plainWords)))
	set(pieceManyLetters, min(maxOdd, max(0, letters-plainLetters)))
	set(pieceCommonArgument, min(maxBeside+1, common))
	set(pieceName, one(name))
	set(piecePrepared, one(from >= s.to && q.prepared(from)))
	set(pieceParted, one(q.parted(whole) && !q.isName(from, to) || !q.prepared(from) && q.tokens[beside].Part != q.tokens[s.from].Part))
	set(pieceInFront, one(from < s.from))
	e.settle()
	if q.everyday(s) == idle && s.from > 0 && s.to < len(q.tokens) {
		return Certainty{}
	}
	if q.talks(from, to) || q.everyday(s) == idle && to-from > maxGuardedArgument {
		e.Value = min(e.Value, math.Nextafter(runFrom, 0))
	}
	return e
}

// isName reports whether some words are one name, whatever joins its parts:
// "Trinidad and Tobago".
func (msg *message) isName(from, to int) bool {
	for i := from; i < to; i++ {
		if k := &msg.tokens[i]; !k.Capital && (i == from || i == to-1 || k.Roles&speech.Link == 0) {
			return false
		}
	}
	return true
}
