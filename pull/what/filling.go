package what

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// talks reports whether words are a sentence rather than an argument: they say
// no, begin with words that say nothing alone, or have a verb.
func (msg *message) talks(from, to int) bool {
	if to-from > 2 && msg.states(from, to) {
		return true
	}
	for i := from; i < to; i++ {
		k := &msg.tokens[i]
		if k.Symbol {
			continue
		}
		links := k.Roles&(speech.Joint|speech.Article) != 0
		glue := k.Roles&speech.Glue != 0 && k.Roles&speech.Request == 0 && !links
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

// plainWords is the most words of an argument that is plainly one, without those that only join
// them, plainHangul of one in Korean, whose verbs show by their endings alone, and plainLetters the most
// letters of one that is written to its phrase.
const plainWords, plainHangul, plainLetters = 3, 2, 6

// leastPlain is how sure it has to be at least that what is plainly an argument is one, leastPrepared that it is
// behind a preposition, and leastSeveral that several words are beside a phrase that is spelt otherwise.
const leastPlain, leastPrepared, leastSeveral = 0.04, 0.02, 0.6

// filledCertainty returns that of a keyword with words of the message as its
// argument, which nobody knows.
func (q *query) filledCertainty(c ranked, from, to int, whole [2]int, spans []span) Certainty {
	mine := q.named(c, spans)
	if len(mine) == 0 {
		return Certainty{Value: 1}
	}
	s := mine[0]
	argument := span{from: from, to: to}
	both := []span{s, argument}
	if from < s.from {
		both = []span{argument, s}
	}
	all, part := q.around(append(mine, argument))
	var e Certainty
	q.weighAround(&e.evidence, both, all, part)
	ordinary := q.everyday(s)
	q.weighArgument(&e.evidence, c, s, argument)
	joins := q.parted(whole) && !q.isName(from, to) || !q.prepared(from) && q.tokens[argument.beside(s)].Part != q.tokens[s.from].Part
	e.evidence[pieceParted] = float64(one(joins))
	e.evidence[pieceOrdinary] = float64(ordinary)
	e.evidence[pieceWords] = float64(q.length(s))
	said := all.unknown+all.negations+all.tellingWords() > 0 || e.evidence[pieceArgumentTold] > 0 || len(spans) > len(mine)
	plain := !said && ordinary != idle && q.onlyLinks(mine, argument) && q.plainly(s, argument, &e.evidence)
	e.listen(&q.message, both, 0)
	e.settle()
	least := leastPlain
	if e.evidence[piecePrepared] > 0 {
		least = leastPrepared
	}
	if s.spelt < 1 && s.tier != TierStem && q.saysSeveral(argument) {
		least = leastSeveral
	}
	if plain && (e.Value >= least || q.lengthOf(c, argument) < to-from) {
		// "weather in Graz", "weather Graz", "天气北京", and nothing else: what a keyword takes an argument for.
		// "events jazz saturday evening": a time of the day makes it no less sure.
		e.Value = max(e.Value, q.ix.runFrom)
	}
	if ordinary == idle && s.from > 0 && s.to < len(q.tokens) {
		return Certainty{}
	}
	// "peux-tu garder les enfants": a verb that shares its stem with a phrase has objects, too.
	strange := s.spelt < 1 && s.tier == TierStem && e.evidence[piecePrepared]+e.evidence[pieceName] == 0
	// "the whole day traffic": a few words in front, or everyday ones, tell how it is, unless something asks.
	tells := e.evidence[pieceInFront] > 0 && e.evidence[pieceArgument] > 1 && e.evidence[pieceArgumentCommon] > max(0, e.evidence[pieceArgument]-plainWords) && e.evidence[pieceName] == 0 && all.requests == 0 && !q.wonders(mine) && !q.marksQuestion()
	if strange || tells || q.talks(from, to) || ordinary == idle && to-from > maxGuardedArgument {
		e.Value = min(e.Value, q.unsure())
	}
	return e
}

// onlyLinks reports whether all but some spans and an argument links the two, asks, or is a date:
// "here" and "every" tell something.
func (msg *message) onlyLinks(spans []span, argument span) bool {
	const links = speech.Joint | speech.Article | speech.Request | speech.Cue | speech.Question | speech.Greeting
	for i := range msg.tokens {
		k := &msg.tokens[i]
		if !within(spans, i) && !within([]span{argument}, i) && k.Roles&links == 0 && !isNoise(k) && !slot.Fits(slot.Date, k.Normal) {
			return false
		}
	}
	return true
}

// saysSeveral reports whether an argument has several words that are neither dates nor numbers.
func (msg *message) saysSeveral(argument span) bool {
	words := 0
	for i := argument.from; i < argument.to; i++ {
		k := &msg.tokens[i]
		words += one(!k.Spaceless && !slot.Fits(slot.Date, k.Normal) && !strings.ContainsFunc(k.Normal, unicode.IsDigit))
	}
	return words > 1
}

// plainly reports whether words look like the argument of a phrase: a few behind a preposition, or all that stands
// behind it or before it, but for what only asks.
func (q *query) plainly(phrase, argument span, e *evidence) bool {
	if q.writtenTo(phrase, argument, e) {
		return true
	}
	most := plainWords
	if strings.ContainsFunc(q.tokens[argument.to-1].Normal, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
		most = plainHangul
	}
	parted := q.tokens[argument.from].Part != q.tokens[argument.to-1].Part || e[pieceArgument] > 1 && q.tokens[argument.from].Part != q.tokens[phrase.from].Part
	if joins, rest := q.joiningWords(argument); parted || int(e[pieceArgument])-joins > most || rest > most {
		return false
	}
	behind := phrase.from == 0 && argument.from >= phrase.to && !q.linked(phrase.to, argument.from) && !q.states(phrase.to, argument.from) && q.onlyAsks(argument.to, len(q.tokens))
	before := argument.from == 0 && argument.to <= phrase.from && !q.linked(argument.to, phrase.from) && q.onlyAsks(phrase.to, len(q.tokens))
	return e[piecePrepared] > 0 || (behind || before && e[pieceArgumentCommon] < e[pieceArgument]) && e[pieceQuoted] == 0
}

// writtenTo reports whether a message is nothing but a phrase and its argument, a few letters without a space: "天气北京".
func (msg *message) writtenTo(phrase, argument span, e *evidence) bool {
	letters := e[pieceArgumentLetters]
	return msg.tokens[argument.beside(phrase)].Spaceless && e[pieceArgumentCommon] < letters && letters <= plainLetters && len(msg.tokens) == argument.to-argument.from+phrase.to-phrase.from
}

// joiningWords counts the words of an argument that join others or say when, "chicken with rice", "new york tomorrow",
// and the rest of those that are no names.
func (msg *message) joiningWords(argument span) (joining, rest int) {
	for i := argument.from; i < argument.to; i++ {
		k := &msg.tokens[i]
		switch joins := k.Roles&(speech.Joint|speech.Article|speech.Link) != 0 || speech.IsSmall(k.Normal) || slot.Fits(slot.Date, k.Normal); {
		case k.Spaceless, k.Capital:
		case joins && i > argument.from:
			joining++
		default:
			rest++
		}
	}
	return joining, rest
}

// states reports whether a verb stands among some words behind a phrase, of which a question would begin: "is".
func (msg *message) states(from, to int) bool {
	return from < to && slices.ContainsFunc(msg.tokens[from:to], func(k textform.Token) bool {
		return !k.Spaceless && k.Roles&speech.Question != 0 && k.Roles&(speech.Joint|speech.Article) == 0
	})
}

// linked reports whether a word among some, of which there may be none, joins two wishes.
func (msg *message) linked(from, to int) bool {
	return from < to && slices.ContainsFunc(msg.tokens[from:to], func(k textform.Token) bool { return k.Roles&speech.Link != 0 })
}

// beside returns the word of a span next to a phrase.
func (s span) beside(phrase span) int {
	if s.to <= phrase.from {
		return s.to - 1
	}
	return s.from
}

// weighArgument counts what words that nobody knows are, as the argument of a phrase.
func (q *query) weighArgument(e *evidence, c ranked, phrase, argument span) {
	count := func(p piece, n int) { e[p] = float64(n) }
	words, letters, common, told, name := 0, 0, 0, 0, false
	telling := speech.Telling
	if argument.to-argument.from == 1 {
		// A name may be what somebody is called: "quote tata".
		telling &^= speech.Talk
	}
	for i, end := argument.from, argument.from+q.lengthOf(c, argument); i < end; i++ {
		k := &q.tokens[i]
		name = name || k.Capital
		told += one(k.Roles&telling != 0 && !q.entitled(c, k))
		if k.Symbol || name && k.Roles&speech.Glue == 0 {
			// However many words a name has.
			words = max(words, 1)
			continue
		}
		if words += one(!k.Spaceless); k.Spaceless {
			letters += textform.Weight(k.Normal)
		}
		common += one(k.Roles&(speech.Common|speech.Greeting|speech.Telling) != 0)
	}
	letters = (letters + 1) / 2
	count(pieceArgument, words+(letters+lettersOfWord-1)/lettersOfWord)
	count(pieceArgumentLetters, letters)
	count(pieceArgumentCommon, common)
	count(pieceArgumentTold, told)
	count(pieceName, one(name))
	count(piecePrepared, one(argument.from >= phrase.to && q.prepared(argument.from)))
	count(pieceInFront, one(argument.from < phrase.from))
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
