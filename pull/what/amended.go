package what

import (
	"slices"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// amend answers a message that takes back what it named first: by what stands behind,
// "news, sorry, weather", or by nothing, "news? no, never mind". Where it may say as
// well that the second is not meant, "news, no weather", both are offered, the later
// one first; "news no weather" is taken for the second.
func (t *tiers) amend(spans []span) (Match, bool) {
	if t.withdrawn(spans[len(spans)-1]) {
		return declinedMatch(TierPart, ReasonNegated, joined(spans)), true
	}
	for i := len(spans) - 1; i > 0; i-- {
		from, turn := t.turnBetween(spans[i-1], spans[i])
		switch turn {
		case goesOn:
			continue
		case settled:
			return Match{}, false
		}
		rest := newTiers(t.ix, t.text[t.tokens[from].Start:], t.languages)
		rest.instead = turn == turnsBack
		m, ok := rest.answer()
		t.probes += rest.probes
		switch {
		case ok && turn == turnsBack && (m.Decision == Run || m.Decision == Offer && len(m.Candidates) > 1):
			return m, true
		case turn == turnsBack && t.negated(spans[i-1], spans):
			return Match{}, false // and so it is weighed with all that is said
		}
		return offeredMatch(TierFiller, ReasonTie, joined(append(slices.Clone(spans[i:]), spans[:i]...))), true
	}
	if m, ok := t.amendArgument(spans); ok {
		return m, true
	}
	if from, to := t.correctedPart(spans); from > 0 || to < len(t.tokens) {
		rest := newTiers(t.ix, t.raw(from, to), t.languages)
		m, ok := rest.answer()
		t.probes += rest.probes
		return m, ok && m.Decision == Run && (m.Tier != TierArgument || m.Candidates[0].Argument == "" || m.Certainty.Value == 1)
	}
	return Match{}, false
}

// amendArgument answers a message that takes back what a keyword was asked for: "weather Leeds, no,
// York" is "weather York". What was said first must be a wish as well: "weather is bad, sorry, York" is none.
func (t *tiers) amendArgument(spans []span) (Match, bool) {
	s := spans[0]
	if !sameKeywords(spans) || !slices.ContainsFunc(s.all, t.takes) {
		return Match{}, false
	}
	turn, behind, end := t.turnOfArgument(s)
	if turn == behind {
		return Match{}, false
	}
	asked := func(from, to int) (Match, bool) {
		part := newTiers(t.ix, t.raw(0, s.to)+" "+t.raw(from, to), t.languages)
		m, ok := part.answer()
		t.probes += part.probes
		return m, ok && m.Decision == Run && m.Candidates[0].Argument != "" && slices.ContainsFunc(s.all, func(c ranked) bool { return c.Keyword == m.Candidates[0].Keyword })
	}
	if _, ok := asked(s.to, turn); !ok {
		return Match{}, false
	}
	return asked(behind, end)
}

// turnOfArgument returns where the words behind a phrase that take back what stands before them begin and end, and
// where what is asked for instead ends. A single "no" takes nothing back: "recipe chicken no cream".
func (msg *message) turnOfArgument(s span) (turn, behind, end int) {
	turns := func(i int) bool {
		k := &msg.tokens[i]
		return k.Roles&speech.Instead != 0 || k.Spaceless && k.Roles&speech.NegationBehind != 0
	}
	for end = len(msg.tokens); end > s.to && turns(end-1); {
		end--
	}
	for behind = end; behind > s.to+1 && !turns(behind-1); {
		behind--
	}
	for turn = behind; turn > s.to+1 && turns(turn-1); {
		turn--
	}
	if turn == behind-1 && !turnsAlone(&msg.tokens[turn]) {
		turn = behind
	}
	return turn, behind, end
}

// turnsAlone reports whether a word takes back what stands before it without another one: "sorry", but not "no", "but".
func turnsAlone(k *textform.Token) bool {
	const says = speech.Link | speech.Joint | speech.Article | speech.Negation
	return k.Roles&says == 0 || k.Spaceless || speech.IsPolite(k.Normal)
}

// correctedPart returns the part of a message that is meant instead of what was said before it,
// in another message: "no, I mean weather", "wait, I meant weather", "the weather I meant". It is the whole
// message where nothing says so.
func (msg *message) correctedPart(spans []span) (from, to int) {
	to = len(msg.tokens)
	for i := range msg.tokens[:spans[0].from] {
		k := &msg.tokens[i]
		switch turns := k.Roles&speech.Instead != 0; {
		case k.Roles&speech.Negation != 0, !turns && !speech.IsPolite(k.Normal) && !isNoise(k) && (i > 0 || k.Part == msg.tokens[i+1].Part):
			return from, to
		case turns:
			from = i + 1
		}
	}
	if last := spans[len(spans)-1]; msg.turnsBehind(last) {
		to = last.to
	}
	return from, to
}

// turn is what the words beside two phrases make of the first.
type turn int

const (
	// goesOn: it stays as it is.
	goesOn turn = iota
	// mayTurn: either of the two may be what is not meant.
	mayTurn
	// turnsBack: it is not meant, but the second is.
	turnsBack
	// settled: it is meant, and the second is not.
	settled
)

// maxStrange is how many words that say something else may stand where one phrase is
// taken back and the next is named.
const maxStrange = 2

// turnBetween returns what the words between two phrases, or right behind the second,
// make of the first, and the word with which the rest of the message begins.
func (msg *message) turnBetween(a, b span) (rest int, made turn) {
	strange := 0
	for i := a.to; i < b.from; i++ {
		k := &msg.tokens[i]
		behind := k.Roles&(speech.Instead|speech.NegationBehind) != 0
		switch {
		case k.Roles&(speech.Link|speech.Telling) != 0 && !msg.turnsWithNext(i, a.to, b.from) || k.JoinedTo > 0:
			return 0, goesOn
		case k.Roles&speech.Negation != 0 && !behind:
			rest, made = 0, goesOn
		case k.Roles&speech.Negation != 0 && k.Part == msg.tokens[b.from].Part && msg.touches(i, b):
			if rest, made = i+1, mayTurn; a.from == 0 && i == a.to && b.to == len(msg.tokens) && refusals().Has(k.Normal) {
				made = turnsBack
			}
			if msg.settles(a, i, b) {
				return rest, settled
			}
		case behind:
			rest, made = i+1, turnsBack
		case !isFiller(k) && !speech.IsPolite(k.Normal):
			strange++
		}
	}
	switch {
	case strange > maxStrange, a.joins, b.joins:
		return 0, goesOn
	case made == goesOn && msg.turnsBehind(b):
		return a.to, turnsBack
	}
	return rest, made
}

// turnsWithNext reports whether a word turns something round together with one beside it, so
// that it does not link or tell there: "or rather", "sorry I mean".
func (msg *message) turnsWithNext(i, from, to int) bool {
	turns := func(at int) bool {
		return from <= at && at < to && msg.tokens[at].Part == msg.tokens[i].Part && msg.tokens[at].Roles&speech.Instead != 0
	}
	return turns(i) && (turns(i-1) || turns(i+1))
}

// turnsBehind reports whether nothing but words of a correction stands behind a phrase:
// "news, the weather I meant".
func (msg *message) turnsBehind(s span) bool {
	turns := false
	for i := s.to; i < len(msg.tokens); i++ {
		k := &msg.tokens[i]
		if !isFiller(k) || k.Part != msg.tokens[s.to-1].Part || k.Roles&speech.NegationBehind != 0 || saysNo(k) {
			return false
		}
		turns = turns || k.Roles&speech.Instead != 0 && !speech.IsPolite(k.Normal)
	}
	return turns
}

// settles reports whether the first of two phrases is asked for, and the second, with which the message
// ends, no more than refused: in a part of its own, "I want news, not the weather", or behind what corrects,
// "I meant news not the weather".
func (msg *message) settles(a span, refusal int, b span) bool {
	asksIn := func(part int) bool {
		return slices.ContainsFunc(msg.tokens, func(k textform.Token) bool { return k.Part == part && asksOfUs(&k) })
	}
	part := msg.tokens[a.from].Part
	corrects := slices.ContainsFunc(msg.tokens[:a.from], func(k textform.Token) bool {
		return k.Part == part && k.Roles&speech.Instead != 0 && k.Roles&speech.Negation == 0
	})
	return b.to == len(msg.tokens) && (corrects || msg.tokens[refusal].Part != part && asksIn(part) && !asksIn(msg.tokens[b.from].Part))
}

// saysNo reports whether a word says no by itself, in a language of the message.
func saysNo(k *textform.Token) bool {
	return k.Roles&(speech.Negation|speech.Instead) != 0 && refusals().Has(k.Normal)
}

// withdrawn reports whether nothing stands behind the last phrase, in a part of its own or
// behind a no, but words that say no, and such as link them: "news? no, changed my mind".
func (msg *message) withdrawn(s span) bool {
	if s.to == len(msg.tokens) {
		return false
	}
	const refuses = speech.Negation | speech.NegationBehind
	behind := msg.tokens[s.to:]
	if behind[0].Part == msg.tokens[s.to-1].Part {
		if !saysNo(&behind[0]) || len(behind) == 1 {
			return false
		}
		behind = behind[1:] // a no alone may be asked: "rain, or not"
	}
	return !slices.ContainsFunc(behind, func(k textform.Token) bool {
		return k.Roles&refuses == 0 && !isFiller(&k) && !speech.IsPolite(k.Normal)
	}) && slices.ContainsFunc(behind, func(k textform.Token) bool {
		return k.Roles&refuses != 0 || refusals().Has(k.Normal)
	})
}

// readExclamations takes words that may turn round what follows, and stand apart from it,
// for such about what stands before: "news, no, weather".
func (msg *message) readExclamations() {
	for i := len(msg.tokens) - 2; i >= 0; i-- {
		k, next := &msg.tokens[i], &msg.tokens[i+1]
		const both = speech.Negation | speech.Instead
		if k.Roles&both == both && (next.Part != k.Part || next.Roles&both == speech.Instead) {
			k.Roles &^= speech.Negation
		}
	}
}
