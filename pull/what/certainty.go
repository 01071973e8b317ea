package what

import (
	"math"
	"slices"
	"strings"

	"keypull/pull/what/command"
	"keypull/pull/what/linear"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Certainty is how sure it is that a message asks for what was found in it, by the
// evidence for and against. From one threshold on it is answered, from offerFrom on
// offered.
type Certainty struct {
	// Value is from 0 to 1.
	Value float64
	// evidence is what was counted, weighed that it was.
	evidence evidence
	weighed  bool
	// words are the features of what stands around what was found, sounds is what they say, as far as it counts: the logarithm of the odds.
	words  []linear.Feature
	sounds float64
	// narrowed says that a word that does not belong to asking stands beside what was found, or is joined to it.
	narrowed bool
}

// Equal reports whether two certainties come from the same evidence.
func (c Certainty) Equal(other Certainty) bool {
	return c.Value == other.Value && c.evidence == other.evidence && c.weighed == other.weighed && c.sounds == other.sounds
}

// Words are the features of what stands around what was found.
func (c *Certainty) Words() []linear.Feature { return c.words }

// IsNarrowed reports whether a word that does not belong to asking stands beside what was found, or is joined to it: what
// is asked for may be but a part of it, or another's.
func (c *Certainty) IsNarrowed() bool { return c.narrowed }

// evidence says of each piece how much of it there is.
type evidence [pieces]float64

// piece is one kind of evidence.
type piece int

const (
	pieceOrdinary piece = iota
	pieceWords
	pieceSpelling
	pieceSize
	pieceAround
	pieceSentences
	pieceRequests
	pieceRequestsElsewhere
	pieceCued
	pieceLeads
	pieceQuestion
	pieceQuestions
	pieceWonders
	pieceGreetings
	pieceLinks
	pieceUnknown
	pieceCommon
	pieceLetters
	pieceBeside
	pieceBefore
	pieceBehind
	pieceElsewhere
	pieceFirst
	pieceLast
	pieceExclaims
	pieceTrails
	pieceNegations
	piecePast
	pieceOpinions
	pieceDeeds
	pieceTalks
	pieceQuoted
	pieceTold
	pieceToldElsewhere
	pieceArgument
	pieceArgumentLetters
	pieceArgumentCommon
	pieceArgumentTold
	pieceName
	piecePrepared
	pieceParted
	pieceInFront
	pieceOnlySays
	pieceAspects
	pieceStops
	pieces
)

// pieceNames name the pieces to who asks why.
var pieceNames = [pieces]string{
	pieceOrdinary:          "how ordinary the phrase is",
	pieceWords:             "words of the phrase",
	pieceSpelling:          "spelt otherwise",
	pieceSize:              "words of the message",
	pieceAround:            "words around",
	pieceSentences:         "sentences",
	pieceRequests:          "asked for",
	pieceRequestsElsewhere: "asked for in another clause",
	pieceCued:              "right beside what asks",
	pieceLeads:             "begins with what asks",
	pieceQuestion:          "a question mark",
	pieceQuestions:         "words of questions",
	pieceWonders:           "a question by its words",
	pieceGreetings:         "a greeting",
	pieceLinks:             "words that link",
	pieceUnknown:           "words that are not known",
	pieceCommon:            "other everyday words",
	pieceLetters:           "letters that are not known",
	pieceBeside:            "unknown right beside",
	pieceBefore:            "something said before it",
	pieceBehind:            "something said behind it",
	pieceElsewhere:         "words in other clauses",
	pieceFirst:             "nothing said before it",
	pieceLast:              "nothing said behind it",
	pieceExclaims:          "an exclamation mark",
	pieceTrails:            "dots",
	pieceNegations:         "a negation",
	piecePast:              "something that has happened",
	pieceOpinions:          "an opinion",
	pieceDeeds:             "a deed and no wish",
	pieceTalks:             "talk to somebody else",
	pieceQuoted:            "a quotation",
	pieceTold:              "something told",
	pieceToldElsewhere:     "something told in another clause",
	pieceArgument:          "words as its argument",
	pieceArgumentLetters:   "letters as its argument",
	pieceArgumentCommon:    "everyday words in the argument",
	pieceArgumentTold:      "something told in the argument",
	pieceName:              "a name as the argument",
	piecePrepared:          "an argument behind a preposition",
	pieceParted:            "a word between that joins",
	pieceInFront:           "an argument in front",
	pieceOnlySays:          "more said than asked",
	pieceAspects:           "what is wanted of a thing",
	pieceStops:             "a full stop",
}

// firstPart returns the part that a message begins with, and those of some spans that stand in it.
func (msg *message) firstPart(spans []span) (*message, []span) {
	part := *msg
	end := 1
	for end < len(msg.tokens) && msg.tokens[end].Part == msg.tokens[0].Part {
		end++
	}
	if part.tokens = msg.tokens[:end]; end < len(msg.tokens) {
		part.text = msg.text[:msg.tokens[end].Start]
	}
	spans = slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return s.from >= end })
	for i := range spans {
		spans[i].to = min(spans[i].to, end)
	}
	return &part, spans
}

// How much of what the words around a phrase say counts beside the evidence, which comes from some of
// the same words: of telling, and of asking, which may be for something else.
const tellingShare, askingShare = 0.6, 0.45

// listen weighs the words around some spans, if there are enough to tell by. The more there are near them that do
// not belong to asking, the likelier something else is asked for.
func (c *Certainty) listen(msg *message, spans []span, unasked int) {
	spans = disjoint(spans)
	c.words, c.sounds = msg.wordsAround(spans), 0
	if msg.size()-msg.wordsOf(spans) < leastHeard {
		return
	}
	odds := soundsAsking(c.words)
	if odds < 0 {
		c.sounds = tellingShare * odds
		return
	}
	c.sounds = askingShare * odds / (1 + float64(unasked)/2)
}

// disjoint returns spans in their order, those that overlap as one.
func disjoint(spans []span) (all []span) {
	for _, s := range slices.SortedFunc(slices.Values(spans), func(a, b span) int { return a.from - b.from }) {
		if last := len(all) - 1; last >= 0 && s.from < all[last].to {
			all[last].to = max(all[last].to, s.to)
			continue
		}
		all = append(all, s)
	}
	return all
}

// leastHeard is how many words stand around a phrase at least that tell by themselves.
const leastHeard = 3

// settle weighs the evidence.
func (c *Certainty) settle() {
	c.weighed = true
	c.Value = 1 / (1 + math.Exp(-c.sounds-knownTrees().weighEvidence(&c.evidence)))
}

// Terms calls f with every piece of evidence, how much of it there is, and what that
// weighs: above 0 what speaks for it.
func (c *Certainty) Terms(f func(name string, count, weight float64)) {
	if !c.weighed {
		return
	}
	shares := knownTrees().sharesOf(&c.evidence)
	for i, n := range c.evidence {
		f(pieceNames[i], n, shares[i])
	}
	f(soundsName, c.sounds, c.sounds)
}

// soundsName names what the words around a phrase say to who asks why.
const soundsName = "words that ask or tell"

// Reasons calls f with the pieces of evidence that have changed the certainty, and by how
// much: above 0 what speaks for it.
func (c *Certainty) Reasons(f func(name string, weight float64)) {
	c.Terms(func(name string, _, weight float64) {
		if math.Abs(weight) >= leastReason {
			f(name, weight)
		}
	})
}

// leastReason is what a piece of evidence weighs at least of which people are told.
const leastReason = 0.1

// everydayness is how ordinary a phrase is in the language of its message.
type everydayness int

const (
	// rare phrases are written by those who mean them: names, several words.
	rare everydayness = iota
	// usual ones are words of every day: news, bread.
	usual
	// idle ones say nothing alone, or are too short to tell: are, or, MO.
	idle
)

// everyday returns how ordinary the least ordinary phrase of a span is.
func (q *query) everyday(s span) everydayness {
	least := idle
	for _, c := range s.all {
		least = min(least, q.everydayOf(s, &c))
	}
	return least
}

func (q *query) everydayOf(s span, c *ranked) everydayness {
	first := &q.tokens[s.from]
	switch {
	case c.nature&natureCode != 0 && isNumbered(c.Phrase):
		return rare
	case c.nature&natureCode != 0:
		if q.inCapitals([]span{s}) || s.to-s.from == 1 && first.Roles == 0 && textform.Weight(first.Normal) >= minToldCode && (q.led(s.from) || q.wonders([]span{s})) {
			return usual
		}
		return idle
	case c.nature&natureFunction != 0:
		return idle
	case s.to-s.from == 1 && !first.Spaceless && first.Roles != 0 && textform.Normal(c.Phrase) != first.Normal && s.spelt == 1 &&
		(first.Roles&^speech.Common != 0 || q.marksLetters()):
		// Another word of the language, but for its diacritics.
		return idle
	case c.nature&(natureCommon|natureSmall) != 0:
		return usual
	case s.to-s.from > 1 && !first.Spaceless:
		return rare
	case first.Roles&(speech.Common|speech.Glue|speech.Request|speech.Cue) != 0 && !first.Spaceless:
		return usual
	}
	return rare
}

// marksLetters reports whether a word of the message has a diacritic: who writes none may leave
// it out of the next word, too.
func (msg *message) marksLetters() bool {
	return slices.ContainsFunc(msg.tokens, func(k textform.Token) bool { return k.Normal != k.Folded })
}

// minToldCode is the fewest letters of a code that is no word of the message's
// languages and is told by that in a request.
const minToldCode = 3

// led reports whether what stands before a word asks for it.
func (msg *message) led(at int) bool {
	for i := at - 1; i >= 0 && msg.tokens[i].Part == msg.tokens[at].Part; i-- {
		if k := &msg.tokens[i]; k.Roles&(speech.Cue|speech.Request) != 0 {
			return true
		} else if k.Roles&(speech.Article|speech.Joint) == 0 {
			return false
		}
	}
	return false
}

// isNumbered covers what nobody writes who does not mean it: U5, bus 100.
func isNumbered(phrase string) bool {
	return strings.ContainsFunc(phrase, isFigure) && strings.ContainsFunc(phrase, isLetterRune)
}

func isFigure(r rune) bool { return '0' <= r && r <= '9' }

func isLetterRune(r rune) bool { return !isFigure(r) }

// certainty returns that of one keyword, or one tie, which some spans name; spelt is
// how well.
func (t *tiers) certainty(spans []span, spelt float64) Certainty {
	all, part := t.around(spans)
	ordinary := t.leastOrdinary(spans)
	if ordinary == idle && !all.orders() && all != (residue{}) && (!part.orders() || all.unknown > 0) {
		return Certainty{}
	}
	var c Certainty
	t.weighAround(&c.evidence, spans, all, part)
	c.evidence[pieceSpelling] = 1 - spelt
	c.narrowed = t.isNarrowed(spans)
	c.listen(&t.message, spans, part.unknown+2*one(c.narrowed)) // one that is joined to them counts for three
	c.settle()
	if part.begs() && part.tellingWords() == 0 && all.negations+all.talks == 0 && t.tokens[spans[0].from].Part == t.tokens[0].Part && t.cued(spans) {
		// What a further clause tells does not take back what the message begins to ask for.
		alone := c
		alone.evidence[pieceElsewhere], alone.evidence[pieceToldElsewhere] = 0, 0
		alone.evidence[pieceQuoted] = float64(one(t.isQuoted(spans)))
		first, within := t.firstPart(spans)
		alone.listen(first, within, 0)
		alone.settle()
		c.Value = max(c.Value, min(alone.Value, t.unsure()))
	}
	if c.Value >= t.ix.runFrom && t.stopsBeside(spans) {
		c.Value = t.unsure()
	}
	return c
}

// onlySays reports whether more is said around some spans than what is wanted of them, and
// nothing asks: "the tickets cost a fortune", but not "tickets price"; "what lovely tickets"
// is no question.
func (q *query) onlySays(spans []span, all residue) bool {
	if all.unknown == 0 || all.requests > 0 || q.marksQuestion() || q.wonders(spans) && all.opinions == 0 {
		return false
	}
	for i := range q.tokens {
		if !within(spans, i) && q.isStrange(i) {
			return true
		}
	}
	return false
}

// isStrange reports whether a word in a script with spaces says something that is no aspect of
// a thing, no day, and no name behind a preposition or a hyphen.
func (msg *message) isStrange(i int) bool {
	k := &msg.tokens[i]
	if k.Spaceless || k.Roles&speech.Aspect != 0 || isUnknown(k) && (msg.prepared(i) || msg.ties(i)) || slot.Fits(slot.Date, k.Normal) {
		return false
	}
	return saysUnknown(k)
}

// saysUnknown reports whether a word neither asks nor greets nor belongs to how a sentence is built.
func saysUnknown(k *textform.Token) bool {
	var r residue
	r.add(k)
	return r.unknown > 0
}

// stopsBeside reports whether a word of STOP stands around some spans: no keyword runs on
// a message that may ask to stop.
func (msg *message) stopsBeside(spans []span) bool {
	for i := range msg.tokens {
		if !within(spans, i) && command.IsStop(msg.tokens[i].Normal) {
			return true
		}
	}
	return false
}

// leastOrdinary returns how ordinary the least ordinary of some spans is.
func (q *query) leastOrdinary(spans []span) everydayness {
	least := idle
	for _, s := range spans {
		least = min(least, q.everyday(s))
	}
	return least
}

// weighAround counts what stands around what some spans name, in the whole message and
// in the part near them.
func (q *query) weighAround(e *evidence, spans []span, all, part residue) {
	letters := q.wordsOf(spans)
	if letters == 1 && isNumbered(spans[0].all[0].Phrase) {
		letters++
	}
	first, last := spans[0], spans[len(spans)-1]
	size := q.size()
	count := func(p piece, n int) { e[p] = float64(n) }
	count(pieceOrdinary, int(q.leastOrdinary(spans)))
	count(pieceWords, letters)
	count(pieceSize, size)
	count(pieceAround, max(0, size-letters))
	count(pieceSentences, q.tokens[len(q.tokens)-1].Sentence)
	count(pieceRequests, part.requests)
	count(pieceRequestsElsewhere, all.requests-part.requests)
	count(pieceCued, one(q.cued(spans)))
	count(pieceLeads, one(q.leadsWithAsking()))
	count(pieceQuestion, one(q.marksQuestion()))
	count(pieceQuestions, part.questions)
	count(pieceWonders, one(q.wonders(spans)))
	count(pieceGreetings, all.greetings)
	count(pieceLinks, part.glue)
	count(pieceUnknown, part.unknown)
	count(pieceCommon, part.common+part.commonLetters/lettersOfWord)
	count(pieceLetters, part.letters)
	count(pieceBeside, part.beside)
	count(pieceBefore, q.saidNear(0, first.from, first))
	count(pieceBehind, q.saidNear(last.to, len(q.tokens), last))
	count(pieceElsewhere, all.unknown-part.unknown)
	count(pieceFirst, one(q.saysNothing(0, first.from)))
	count(pieceLast, one(q.saysNothing(last.to, len(q.tokens))))
	count(pieceExclaims, one(strings.ContainsAny(q.text, "!！")))
	count(pieceTrails, one(strings.Contains(q.text, "...") || strings.Contains(q.text, "…")))
	count(pieceNegations, all.negations)
	count(piecePast, part.past)
	count(pieceOpinions, part.opinions)
	count(pieceDeeds, part.deeds)
	count(pieceTalks, all.talks+one(q.callsSomebody(spans)))
	count(pieceQuoted, one(all.quotes > 0 || q.isQuoted(spans)))
	count(pieceTold, part.tellingWords())
	count(pieceToldElsewhere, all.tellingWords()-part.tellingWords())
	count(pieceOnlySays, one(q.onlySays(spans, all)))
	count(pieceAspects, all.aspects)
	count(pieceStops, one(strings.TrimRight(q.text, fullStops) != q.text))
	if q.instead {
		e[pieceRequests], e[pieceCued], e[pieceNegations] = e[pieceRequests]+1, 1, 0
	}
}

// marksQuestion reports whether a message has a question mark.
func (msg *message) marksQuestion() bool { return strings.ContainsAny(msg.text, "?？؟") }

// fullStops end what is told, and hardly ever what is asked.
const fullStops = ".。।۔"

// callsSomebody reports whether a message begins with one word of which nothing is known, and
// goes on behind a comma: "Kalle, have you been to the pharmacy yet?"
func (msg *message) callsSomebody(spans []span) bool {
	end := 0
	for end < len(msg.tokens) && msg.tokens[end].Part == msg.tokens[0].Part {
		if k := &msg.tokens[end]; k.Roles&^speech.Common != 0 || within(spans, end) {
			return false
		}
		end++
	}
	if end == 0 || end > longestName(&msg.tokens[0]) || len(msg.tokens)-end < leastCalled {
		return false
	}
	return strings.ContainsAny(msg.text[msg.tokens[end-1].End:msg.tokens[end].Start], ",،，、")
}

// leastCalled is how many words stand behind the name of who is spoken to at least: "Leeds,
// weather please" names a place.
const leastCalled = 4

// longestName returns how many tokens the name has at most of which this is the first.
func longestName(k *textform.Token) int {
	if k.Spaceless {
		return lettersOfWord
	}
	return 1
}

// leadsWithAsking reports whether the message begins, greetings aside, with what asks.
func (msg *message) leadsWithAsking() bool {
	for i := range msg.tokens {
		if k := &msg.tokens[i]; k.Roles&(speech.Request|speech.Cue|speech.Question) != 0 {
			return true
		} else if k.Roles&(speech.Greeting|speech.Link) == 0 && !isNoise(k) {
			return false
		}
	}
	return false
}

// saidNear returns how many words say something among those from one to another that
// stand near a phrase, and in its part.
func (msg *message) saidNear(from, to int, s span) (n int) {
	for i := from; i < to; i++ {
		near := msg.wordsApart(i, s.from) <= maxAround && msg.wordsApart(s.to-1, i) <= maxAround
		n += one(near && msg.tokens[i].Part == msg.tokens[s.from].Part && !isFiller(&msg.tokens[i]) && !isParticle(&msg.tokens[i]))
	}
	return n
}

// onlyAsks reports whether some words ask, greet, or are harmless beside what is asked for.
func (msg *message) onlyAsks(from, to int) bool {
	for i := from; i < to; i++ {
		if k := &msg.tokens[i]; k.Roles&(speech.Request|speech.Greeting|speech.Harmless) == 0 && !isNoise(k) {
			return false
		}
	}
	return true
}

// saysNothing reports whether some words say nothing: they ask, greet or link.
func (msg *message) saysNothing(from, to int) bool {
	for i := from; i < to; i++ {
		if !isFiller(&msg.tokens[i]) && !isParticle(&msg.tokens[i]) {
			return false
		}
	}
	return true
}

// isQuoted reports whether the first of some phrases stands between marks among other words.
func (msg *message) isQuoted(spans []span) bool {
	first, last := msg.tokens[spans[0].from].Start, msg.tokens[spans[0].to-1].End
	for _, marks := range quotationMarks {
		before, behind := strings.LastIndex(msg.text[:first], marks[0]), strings.Index(msg.text[last:], marks[1])
		if before < 0 || behind < 0 || marks[0] == marks[1] && strings.Count(msg.text[:first], marks[0])%2 == 0 {
			continue
		}
		inside := msg.text[before+len(marks[0]):first] + msg.text[last:last+behind]
		if !strings.Contains(inside, marks[1]) && len(strings.Fields(inside)) >= minQuoted {
			return true
		}
	}
	return false
}

// quotationMarks begin and end what somebody else said; minQuoted is how many words
// stand beside a phrase between them at least: one that stands there alone is named.
var quotationMarks = [...][2]string{{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"»", "«"}, {"「", "」"}, {"『", "』"}}

const minQuoted = 2

// size is about how many words a message has.
func (msg *message) size() int {
	letters := 0
	for i := range msg.tokens {
		letters += one(msg.tokens[i].Spaceless)
	}
	return len(msg.tokens) - letters + (letters+lettersOfWord-1)/lettersOfWord
}

// lettersOfWord is about how many letters a word has in scripts without spaces.
const lettersOfWord = 3

// wordsOf returns how many words some spans count for.
func (msg *message) wordsOf(spans []span) (words int) {
	for _, s := range spans {
		words += msg.length(s)
	}
	return words
}

// length returns how many words a span counts for: in scripts without spaces some
// letters are one.
func (msg *message) length(s span) int {
	if msg.tokens[s.from].Spaceless {
		return max(1, (s.to-s.from)/2)
	}
	return s.to - s.from
}

// cued reports whether a phrase stands right beside words that ask for it: "…
// whether you might send me tiramisu?"
func (msg *message) cued(spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool {
		for i := s.from - 1; i >= 0 && msg.tokens[i].Clause == msg.tokens[s.from].Clause; i-- {
			if k := &msg.tokens[i]; k.Roles&(speech.Cue|speech.Request) != 0 {
				return true
			} else if k.Roles&(speech.Article|speech.Joint|speech.Glue|speech.Harmless) == 0 {
				break
			}
		}
		for i := s.to; i < len(msg.tokens) && msg.tokens[i].Clause == msg.tokens[s.to-1].Clause; i++ {
			if k := &msg.tokens[i]; k.Roles&(speech.Cue|speech.Request) != 0 {
				return true
			} else if k.Roles&(speech.Article|speech.Joint|speech.Glue|speech.Harmless) == 0 {
				break
			}
		}
		return false
	})
}

// isNarrowed reports whether a word that does not belong to asking stands beside a phrase, or is joined to it: "a
// course of yoga", but neither "weather tomorrow" nor "tickets price".
func (msg *message) isNarrowed(spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool {
		return msg.reachesUnasked(s.from, -1, spans) || msg.reachesUnasked(s.to-1, 1, spans)
	})
}

// reachesUnasked reports whether, from one word of a phrase on in one direction, articles, words that join and other phrases
// lead to a word of the same part that does not belong to asking, and is neither a day nor an aspect.
func (msg *message) reachesUnasked(at, step int, spans []span) bool {
	for i := at + step; i >= 0 && i < len(msg.tokens) && msg.tokens[i].Part == msg.tokens[at].Part; i += step {
		if k := &msg.tokens[i]; k.Roles&(speech.Article|speech.Joint) == 0 && !within(spans, i) {
			return k.Roles&speech.Aspect == 0 && saysUnknown(k) && !slot.Fits(slot.Date, k.Normal)
		}
	}
	return false
}

// wonders reports whether a phrase stands in a question that is not marked as one:
// its part begins like a question, greetings aside, or a word that makes one of it
// stands anywhere.
func (msg *message) wonders(spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool {
		begun := false
		for i := range msg.tokens {
			k := &msg.tokens[i]
			switch {
			case k.Part != msg.tokens[s.from].Part && k.Clause != msg.tokens[s.from].Clause, s.from <= i && i < s.to:
			case k.Roles&speech.QuestionBehind != 0:
				return true
			case k.Part != msg.tokens[s.from].Part || i > s.from || begun:
			case k.Roles&speech.Question != 0:
				return true
			default:
				begun = k.Roles&(speech.Greeting|speech.Link|speech.Joint) == 0 && !isNoise(k) // "until when is it open"
			}
		}
		return false
	})
}

// unsure is the greatest certainty that is offered and not run.
func (q *query) unsure() float64 { return math.Nextafter(q.ix.runFrom, 0) }

// judged runs, offers or passes over what is certain enough for it.
func (q *query) judged(tier Tier, c Certainty, all []ranked) (Match, bool) {
	var m Match
	ok := true
	switch v := c.Value; {
	case v >= q.ix.runFrom:
		m, ok = decideRanked(tier, all)
	case v >= offerFrom:
		m = offeredMatch(tier, ReasonSentence, all)
	default:
		m = declinedMatch(tier, ReasonCommon, all)
	}
	m.Certainty = c
	return m, ok
}

func within(spans []span, i int) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from <= i && i < s.to })
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// isUnknown reports whether nothing is known of a word, but that it may be an aspect.
func isUnknown(k *textform.Token) bool { return k.Roles&^speech.Aspect == 0 && !isNoise(k) }
