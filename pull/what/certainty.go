package what

import (
	"math"
	"slices"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Certainty is how sure it is that a message asks for what was found in it: the
// evidence for and against, weighed and added up. From runFrom on it is answered,
// from offerFrom on offered.
type Certainty struct {
	// Value is from 0 to 1.
	Value float64
	// evidence counts what speaks for or against.
	evidence [pieces]float64
}

// Equal reports whether two certainties come from the same evidence.
func (c Certainty) Equal(other Certainty) bool { return c == other }

// The two thresholds.
const (
	runFrom   = 0.91
	offerFrom = 0.4
)

// piece is one kind of evidence.
type piece int

const (
	pieceBase piece = iota
	pieceUsual
	pieceWordy
	pieceShort
	pieceExplained
	pieceGreeted
	pieceAsked
	pieceInsisted
	pieceCued
	pieceUsualAsked
	pieceUsualCued
	pieceQuestion
	pieceWonders
	pieceAskedElsewhere
	pieceLinks
	pieceCommon
	pieceSunk
	pieceBeside
	pieceElsewhere
	pieceNegation
	pieceSpelling
	pieceArgument
	pieceOneWord
	pieceManyWords
	pieceManyLetters
	pieceCommonArgument
	pieceName
	piecePrepared
	pieceParted
	pieceInFront
	pieces
)

// weights are how much each piece tells, by its name: fitted by logistic
// regression to messages whose meaning is known, and rounded.
var weights = [pieces]struct {
	name   string
	weight float64
}{
	pieceBase:           {"found", 1.05},
	pieceUsual:          {"everyday phrase", -1.25},
	pieceWordy:          {"phrase of several words", 1.55},
	pieceShort:          {"short message", 1.7},
	pieceExplained:      {"nothing else beside it", 1},
	pieceGreeted:        {"a greeting and nothing else", 0.5},
	pieceAsked:          {"asked for", 0.65},
	pieceInsisted:       {"asked for in many words", 1.3},
	pieceCued:           {"right beside what asks", 0.95},
	pieceUsualAsked:     {"everyday phrase asked for", 0.9},
	pieceUsualCued:      {"everyday phrase right beside", -0.9},
	pieceQuestion:       {"a question mark", 1.7},
	pieceWonders:        {"a question by its words", 1.3},
	pieceAskedElsewhere: {"asked for in another clause", 0.35},
	pieceLinks:          {"words that link", -0.27},
	pieceCommon:         {"other everyday words", -0.62},
	pieceSunk:           {"letters that are not known", -0.11},
	pieceBeside:         {"unknown right beside", -0.15},
	pieceElsewhere:      {"words in other clauses", -0.33},
	pieceNegation:       {"a negation elsewhere", -0.9},
	pieceSpelling:       {"spelt otherwise", -1},
	pieceArgument:       {"words beside it as its argument", -0.75},
	pieceOneWord:        {"an argument of one word", 0.9},
	pieceManyWords:      {"an argument of many words", -0.63},
	pieceManyLetters:    {"an argument of many letters", -0.16},
	pieceCommonArgument: {"everyday words in the argument", -0.32},
	pieceName:           {"a name as the argument", 1},
	piecePrepared:       {"an argument behind a preposition", 0.7},
	pieceParted:         {"a word between that joins", -1.8},
	pieceInFront:        {"an argument in front", -0.3},
}

// settle adds the evidence up.
func (c *Certainty) settle() {
	sum := 0.0
	for i, n := range c.evidence {
		sum += n * weights[i].weight
	}
	c.Value = 1 / (1 + math.Exp(-sum))
}

// Terms calls f with every piece of evidence and what it weighs.
func (c *Certainty) Terms(f func(name string, weight float64)) {
	for i, n := range c.evidence {
		if n != 0 {
			f(weights[i].name, n*weights[i].weight)
		}
	}
}

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
	case s.to-s.from == 1 && !first.Spaceless && first.Roles != 0 && textform.Normal(c.Phrase) != first.Normal && s.spelt == 1:
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

// Bounds of the evidence that is counted.
const (
	maxLinks, maxCommon, maxSunk, maxBeside, maxElsewhere = 3, 4, 8, 2, 6
	// insisted is from how many words on a wish is insisted on, maxShort the most
	// words of a short message.
	insisted, maxShort = 3, 3
)

// certainty returns that of one keyword, or one tie, which some spans name; spelt is
// how well.
func (t *tiers) certainty(spans []span, spelt float64) Certainty {
	ordinary, letters := idle, 0
	for _, s := range spans {
		ordinary = min(ordinary, t.everyday(s))
		letters += t.length(s)
	}
	all, part := t.around(spans)
	if ordinary == idle {
		return idleCertainty(all, part)
	}
	c := Certainty{}
	set := func(p piece, n int) { c.evidence[p] = float64(n) }
	asked, cued := one(part.requests > 0), one(t.cued(spans))
	set(pieceBase, 1)
	set(pieceWordy, one(letters > 1 || isNumbered(spans[0].all[0].Phrase)))
	set(pieceShort, one(t.size() <= maxShort))
	set(pieceExplained, one(part.unknown == 0))
	set(pieceGreeted, one(all.unknown == 0 && all.greetings > 0))
	set(pieceAsked, asked)
	set(pieceInsisted, one(part.requests >= insisted))
	set(pieceCued, cued)
	set(pieceQuestion, one(strings.ContainsAny(t.text, "?？؟")))
	set(pieceWonders, one(t.wonders(spans)))
	set(pieceAskedElsewhere, one(all.requests > part.requests))
	set(pieceLinks, min(maxLinks, part.glue))
	set(pieceCommon, min(maxCommon, part.common+part.commonLetters/lettersOfWord))
	set(pieceSunk, min(maxSunk, part.letters))
	set(pieceBeside, min(maxBeside, part.beside))
	if cued == 0 || part.unknown > 0 {
		set(pieceElsewhere, min(maxElsewhere, all.unknown-part.unknown))
	}
	set(pieceNegation, one(all.negations > 0))
	if ordinary == usual {
		set(pieceUsual, 1)
		set(pieceUsualAsked, asked)
		set(pieceUsualCued, cued)
	}
	if spelt < speltSlipped {
		set(pieceSpelling, one(true))
	}
	c.settle()
	if spelt < speltSlipped {
		c.Value = min(c.Value, math.Nextafter(runFrom, 0))
	}
	return c
}

// idleCertainty returns that of a phrase that says nothing alone: it is sure where
// little else than words that ask stands around, and none at all elsewhere.
func idleCertainty(all, part residue) (c Certainty) {
	if all.orders() || all == (residue{}) || part.orders() && all.unknown == 0 {
		c.Value = 1
	}
	return c
}

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

// length returns how many words a span counts for: in scripts without spaces some
// letters are one.
func (q *query) length(s span) int {
	if q.tokens[s.from].Spaceless {
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
			} else if k.Roles&(speech.Article|speech.Joint|speech.Glue) == 0 {
				break
			}
		}
		for i := s.to; i < len(msg.tokens) && msg.tokens[i].Clause == msg.tokens[s.to-1].Clause; i++ {
			if k := &msg.tokens[i]; k.Roles&(speech.Cue|speech.Request) != 0 {
				return true
			} else if k.Roles&(speech.Article|speech.Joint|speech.Glue) == 0 {
				break
			}
		}
		return false
	})
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
				begun = k.Roles&(speech.Greeting|speech.Link) == 0 && !isNoise(k)
			}
		}
		return false
	})
}

// judged runs, offers or passes over what is certain enough for it.
func judged(tier Tier, c Certainty, all []ranked) (Match, bool) {
	var m Match
	ok := true
	switch v := c.Value; {
	case v >= runFrom:
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

// isUnknown reports whether nothing is known of a word.
func isUnknown(k *textform.Token) bool { return k.Roles == 0 && !isNoise(k) }
