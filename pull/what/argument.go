package what

import (
	"slices"

	"keypull/pull/what/command"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// withArgument runs a keyword that takes an argument if its phrase stands at
// the beginning or the end of what is asked, and the rest can be its argument.
// The phrase whose vocabulary knows the argument wins; else, if there is one at
// either end, both keywords are offered.
func (t *tiers) withArgument(spans []span) (Match, bool) {
	var all, known []ranked
	doubt := false
	for _, s := range spans {
		takers := slices.DeleteFunc(slices.Clone(s.all), func(c ranked) bool { return !t.takes(c) })
		from, to, ok := t.rest(s, spans)
		if len(takers) == 0 || !ok {
			continue
		}
		for _, c := range takers {
			for _, filled := range t.fill(c, from, to) {
				switch {
				case filled.doubt:
					doubt = true
				case filled.known:
					known = joinRanked(known, filled.ranked)
				}
				all = joinRanked(all, filled.ranked)
			}
		}
	}
	if len(known) > 0 {
		all, doubt = known, false
	}
	if len(all) == 0 {
		return Match{}, false
	}
	for i := range all {
		if len(spans) > 1 {
			all[i].rank = 0
		}
	}
	if doubt {
		return offeredMatch(TierArgument, ReasonSentence, all), true
	}
	m, ok := decideRanked(TierArgument, all)
	if ok && command.IsStop(textform.Normal(m.Candidates[0].Argument)) {
		// Never run a keyword on a message that may ask to stop.
		m.Decision, m.Reason = Offer, ReasonUnsure
	}
	m.Corrected = m.Decision == Run && all[0].edits > 0
	return m, ok
}

func (q *query) takes(c ranked) bool {
	return q.ix.keywords[c.number].argument && c.Argument == ""
}

// rest is what of the message can be the argument of a phrase: all on one side
// of it, if there is nothing on the other that says anything.
func (msg *message) rest(s span, spans []span) (from, to int, ok bool) {
	first, last := msg.sentence(s)
	silent := func(from, to int) bool {
		for i := from; i < to; i++ {
			named := slices.ContainsFunc(spans, func(s span) bool { return s.from <= i && i < s.to })
			if named || !isFiller(&msg.tokens[i]) {
				return false
			}
		}
		return true
	}
	switch {
	case s.to < last && silent(first, s.from) && !silent(s.to, last):
		from, to = s.to, last
	case s.from > first && silent(s.to, last) && !silent(first, s.from):
		from, to = first, s.from
	case s.to < last && s.from == 0:
		// Words that only ask can be an argument too: "weather today".
		from, to = s.to, last
	default:
		return 0, 0, false
	}
	return from, to, true
}

// sentence is the sentence around a phrase; a short message is one.
func (msg *message) sentence(s span) (first, last int) {
	const short = 5
	if last = len(msg.tokens); last-(s.to-s.from) <= short {
		return 0, last
	}
	for first < s.from && msg.tokens[first].Sentence != msg.tokens[s.from].Sentence {
		first++
	}
	for last > s.to && msg.tokens[last-1].Sentence != msg.tokens[s.to-1].Sentence {
		last--
	}
	return first, last
}

// filling is a candidate with its argument.
type filling struct {
	ranked
	// known says that a vocabulary, or the kind of the argument, knows it;
	// doubt that it looks like a sentence.
	known, doubt bool
}

// maxArgument is the most words of an argument, maxGuardedArgument that of
// one beside a phrase that is an ordinary word: "define a flag to count with".
const maxArgument, maxGuardedArgument = 12, 3

// fill gives a candidate the words from one to another as its argument.
func (q *query) fill(c ranked, from, to int) []filling {
	k := &q.ix.keywords[c.number]
	whole := [...]int{from, to}
	if from, to = q.trim(from, to); from >= to && k.required {
		// Where there must be an argument, a greeting can be one: "define hello".
		from, to = q.impolite(whole[0], whole[1])
	}
	if from >= to {
		return []filling{{ranked: c}}
	}
	typed := textform.Trim(q.wide(from, to, whole))
	if k.vocabulary != nil {
		if terms, corrected := k.vocabulary.canonical(typed, &q.probes); len(terms) > 0 && len(terms) <= maxOffer {
			return q.fillings(c, k.vocabulary, terms, corrected)
		}
	}
	c.Argument = typed
	f := filling{ranked: c, known: k.slot != "" && k.slot != slot.Text && slot.Fits(k.slot, typed)}
	for i := from; i < to; i++ {
		roles := q.tokens[i].Roles
		if q.tokens[i].Spaceless {
			continue
		}
		glue := roles&speech.Glue != 0 && roles&(speech.Joint|speech.Article|speech.Request) == 0
		if roles&speech.Negation != 0 || glue && (to-from > 2 || i == from && to-from > 1) {
			f.doubt = !f.known
		}
	}
	if to-from > maxArgument || c.nature.guarded() && !f.known && to-from > maxGuardedArgument {
		f.doubt = true
	}
	return []filling{f}
}

// wide is a part of the message as it was typed, with the signs at its ends
// that belong to no word, unless words were taken off there.
func (msg *message) wide(from, to int, whole [2]int) string {
	start, end := msg.tokens[from].Start, msg.tokens[to-1].End
	switch {
	case from != whole[0]:
	case from > 0:
		start = msg.tokens[from-1].End
	default:
		start = 0
	}
	switch {
	case to != whole[1]:
	case to < len(msg.tokens):
		end = msg.tokens[to].Start
	default:
		end = len(msg.text)
	}
	return msg.text[start:end]
}

func (q *query) fillings(c ranked, v *vocabulary, terms []int32, corrected bool) []filling {
	var all []filling
	for _, t := range terms {
		c.Argument = v.terms[t].Value
		if corrected {
			c.edits = 1
		}
		all = append(all, filling{ranked: c, known: true})
	}
	return all
}

// trim takes off what links an argument to its phrase, and politeness.
func (msg *message) trim(from, to int) (int, int) {
	link := func(k *textform.Token) bool {
		return k.Roles&(speech.Joint|speech.Article) != 0 && !k.Spaceless && !isLatinLetter(k)
	}
	polite := func(k *textform.Token) bool {
		return (k.Roles&speech.Greeting != 0 || k.Carried || speech.IsPolite(k.Normal)) && !slot.Fits(slot.Date, k.Normal)
	}
	first, last := from, to
	for first < last && (link(&msg.tokens[first]) || polite(&msg.tokens[first])) {
		first++
	}
	for last > first && (polite(&msg.tokens[last-1]) || isJoint(&msg.tokens[last-1]) || last-first > 1 && isParticle(&msg.tokens[last-1])) {
		last--
	}
	if first < last {
		return first, last
	}
	// There is nothing but words that only ask: an argument only if it is more
	// than politeness.
	for i := from; i < to; i++ {
		if k := &msg.tokens[i]; !speech.IsPolite(k.Normal) && k.Roles&speech.Greeting == 0 && slot.Fits(slot.Date, k.Normal) {
			return i, i + 1
		}
	}
	return to, to
}

// impolite takes off nothing but politeness.
func (msg *message) impolite(from, to int) (int, int) {
	for from < to && speech.IsPolite(msg.tokens[from].Normal) {
		from++
	}
	for to > from && speech.IsPolite(msg.tokens[to-1].Normal) {
		to--
	}
	return from, to
}

func isJoint(k *textform.Token) bool {
	return k.Roles&speech.Joint != 0 && k.Roles&^(speech.Joint|speech.Article|speech.Glue|speech.Common|speech.Cue) == 0
}

// isParticle covers what links an argument to the phrase behind it in scripts
// without spaces: 東京の天気.
func isParticle(k *textform.Token) bool {
	return k.Spaceless && (k.Normal == "の" || k.Normal == "的")
}

// isLatinLetter covers single letters, which are names of roads and stations.
func isLatinLetter(k *textform.Token) bool { return len(k.Normal) == 1 && k.Normal != "a" }

// typedArgument finds a phrase with a typing error, or in another inflection,
// whose keyword takes the rest as its argument: "wether in berlin".
func (t *tiers) typedArgument(c core) (Match, bool) {
	if !t.ix.takesArguments || len(c.words) < 2 || len(c.words) > maxTypedWords+2 || len(c.words) != c.to-c.from {
		return Match{}, false
	}
	var all []filling
	for size := min(len(c.words)-1, maxArgumentPhrase); size > 0 && len(all) == 0; size-- {
		all = append(all, t.typedPhrase(c.from, c.from+size, c.from+size, c.to)...)
		all = append(all, t.typedPhrase(c.to-size, c.to, c.from, c.to-size)...)
	}
	if len(all) == 0 {
		return Match{}, false
	}
	plain := make([]ranked, 0, len(all))
	for _, f := range all {
		plain = joinRanked(plain, f.ranked)
	}
	if len(plain) > 1 || all[0].doubt || all[0].autocorrect == AutocorrectOffer {
		return offeredMatch(TierTyping, ReasonUnsure, plain), true
	}
	m, ok := decideRanked(TierTyping, plain)
	m.Corrected = true
	return m, ok
}

// maxArgumentPhrase is the most words of a misspelt phrase beside an argument.
const maxArgumentPhrase = 3

func (q *query) typedPhrase(from, to, argFrom, argTo int) []filling {
	words := textform.Units(q.tokens[from:to], nil)
	limit := min(errorsAllowed(words), 2)
	if textform.Weight(textform.Compact(words)) < twoErrors || len(words) == 1 && speech.IsCommon(words[0]) {
		return nil
	}
	found := slices.DeleteFunc(q.among(func(l *lexicon, hits []int32) []int32 { return l.inflected(words, hits, &q.probes) }), func(r ranked) bool {
		return stem.Light(bag(words)) != stem.Light(textform.Fold(r.Phrase))
	})
	if len(found) == 0 {
		slips, crowded := q.slips(words, limit)
		if crowded || len(slips) == 0 || slips[0].slip >= 3 {
			return nil
		}
		for _, s := range slips {
			if s.edits == slips[0].edits {
				found = append(found, s)
			}
		}
	}
	var all []filling
	for _, c := range found {
		if q.takes(c) && c.nature&natureCode == 0 {
			all = append(all, q.fill(c, argFrom, argTo)...)
		}
	}
	return all
}
