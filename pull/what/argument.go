package what

import (
	"slices"
	"strings"

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
	sure := Certainty{Value: 1}
	for _, s := range spans {
		if t.negated(s, spans) {
			continue
		}
		if days := onDay(t, s, spans); len(days) > 0 {
			for _, c := range days {
				known, all = joinRanked(known, c), joinRanked(all, c)
			}
			continue
		}
		takers := slices.DeleteFunc(slices.Clone(s.all), func(c ranked) bool { return !t.takes(c) })
		from, to, ok := t.rest(s, spans)
		for _, c := range takers {
			if !ok && !t.listedBehind(c, s, spans, &from, &to) {
				continue
			}
			before := slices.IndexFunc(all, func(r ranked) bool { return r.Keyword == c.Keyword })
			for _, filled := range t.fill(c, from, to, spans) {
				if before >= 0 && !filled.known && filled.Argument != all[before].Argument {
					// "what films are on at the cinema" names one keyword twice, and leaves open what of it is asked for.
					sure.Value = min(sure.Value, filled.sure.Value, t.unsure())
					continue
				}
				if filled.known {
					known = joinRanked(known, filled.ranked)
				} else if filled.sure.Value < sure.Value {
					sure = filled.sure
				}
				all = joinRanked(all, filled.ranked)
			}
		}
	}
	if len(known) > 0 {
		all, sure = known, Certainty{Value: 1}
	}
	if len(all) == 0 || sure.Value < offerFrom {
		if sure.weighed {
			t.passed = sure
		}
		return Match{}, false
	}
	for i := range all {
		if len(spans) > 1 {
			all[i].rank = 0
		}
	}
	m, ok := t.judged(TierArgument, sure, all)
	if m.Decision == Run && command.IsStop(textform.Normal(m.Candidates[0].Argument)) {
		// Never run a keyword on a message that may ask to stop.
		m.Decision, m.Reason = Offer, ReasonUnsure
	}
	m.Corrected = m.Decision == Run && all[0].edits > 0
	return m, ok
}

// wish finds a keyword whose source is asked for some of its entries by what they
// are, a "no" among the words too: by its phrase and all that stands beside it,
// "recipe without nuts", or, where entries call it, alone, "cake without nuts".
func (t *tiers) wish() (Match, bool) {
	if !t.ix.asksWishes {
		return Match{}, false
	}
	var all []ranked
	for _, s := range t.spans() {
		beside := strings.TrimSpace(t.toldBetween(0, s.from) + " " + t.toldBetween(s.to, len(t.tokens)))
		for _, c := range s.all {
			if v := t.ix.keywords[c.number].vocabulary; t.takes(c) && v.isWish(beside, false, &t.probes) {
				c.Argument = beside
				all = joinRanked(all, c)
			}
		}
	}
	if len(all) > 0 {
		return t.judged(TierArgument, Certainty{Value: 1}, all)
	}
	told, whole := t.toldBetween(0, len(t.tokens)), ""
	if len(t.tokens) > 0 {
		whole = t.text[t.tokens[0].Start:t.tokens[len(t.tokens)-1].End]
	}
	for i := range t.ix.bare {
		b := &t.ix.bare[i]
		text := told
		if !b.isWish(told, true, &t.probes) {
			// What only asks may say that something to cook is asked for.
			if text = whole; whole == told || !b.isWish(whole, true, &t.probes) {
				continue
			}
		}
		for _, number := range b.keywords {
			k := &t.ix.keywords[number]
			all = joinRanked(all, ranked{Candidate: Candidate{Keyword: k.id, Argument: text}, number: number, autocorrect: k.autocorrect})
		}
	}
	return decideRanked(TierVocabulary, all)
}

// toldBetween returns the words from one to another as they were typed, without what
// only asks before and behind them; a "no" stays.
func (msg *message) toldBetween(from, to int) string {
	idle := func(i int) bool {
		k := &msg.tokens[i]
		return !k.Symbol && k.Roles&speech.Negation == 0 && (isFiller(k) || speech.IsPolite(k.Normal))
	}
	for from < to && idle(from) {
		from++
	}
	for from < to && idle(to-1) {
		to--
	}
	if from == to {
		return ""
	}
	return msg.text[msg.tokens[from].Start:msg.tokens[to-1].End]
}

func (q *query) takes(c ranked) bool {
	return q.ix.keywords[c.number].argument && c.Argument == ""
}

// rest returns what of the message can be the argument of a phrase: all on one side
// of it, if there is nothing on the other that says anything.
func (msg *message) rest(s span, spans []span) (from, to int, ok bool) {
	first, last := msg.sentence(s)
	silent := func(from, to int, dated bool) bool {
		for i := from; i < to; i++ {
			says := (!isFiller(&msg.tokens[i]) || msg.tokens[i].Symbol) && (!dated || !slot.Fits(slot.Date, msg.tokens[i].Normal))
			if within(spans, i) || says {
				return false
			}
		}
		return true
	}
	switch {
	case s.to < last && silent(first, s.from, true) && !silent(s.to, last, false):
		from, to = s.to, last
	case s.from > first && silent(s.to, last, true) && !silent(first, s.from, false):
		from, to = first, s.from
	case s.to < last && s.from == 0:
		// Words that only ask can be an argument too: "weather today".
		from, to = s.to, last
	case len(spans) == 1:
		// "What is on at the cinema in Graz?"
		from, to = msg.preparedName(s.to, last), last
	}
	return from, to, from < to
}

// preparedName returns where the name begins that some words end with, behind a
// preposition, or the end of the words where there is none.
func (msg *message) preparedName(from, to int) int {
	for at := to - 1; at >= max(from, to-maxName); at-- {
		k := &msg.tokens[at]
		if k.Spaceless || k.Roles != 0 && !k.Capital {
			break
		}
		if !k.Tied && msg.prepared(at) {
			return at
		}
	}
	return to
}

// sentence returns the sentence around a phrase; a short message is one.
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
	// sure how sure it is where none does.
	known bool
	sure  Certainty
}

// maxGuardedArgument is the most words of an argument beside a phrase that says
// nothing alone: "define a flag to count with".
const maxGuardedArgument = 3

// fill gives a candidate the words from one to another as its argument.
func (q *query) fill(c ranked, from, to int, spans []span) []filling {
	k := &q.ix.keywords[c.number]
	whole := [...]int{from, to}
	if k.whole && from < to && speech.WithoutPoliteness(textform.Normal(q.asTyped(from, to))) != "" {
		return asked(q, c, whole)
	}
	if terms := q.listed(c, from, to, spans); len(terms) > 0 {
		return q.fillings(c, k.vocabulary, terms, false)
	}
	if from, to = q.trim(from, to, c, spans); from >= to && k.required {
		// Where there must be an argument, a greeting can be one: "define hello".
		from, to = q.impolite(whole[0], whole[1])
	}
	if from >= to && q.lone(c, whole, spans) {
		from, to = whole[0], whole[1]
	}
	if k.vocabulary != nil && from < to && q.idle(c, from, to, spans) && len(k.vocabulary.named(q.asTyped(from, to), &q.probes)) > 0 {
		to = from // an entry, but it was not asked for
	}
	if q.names(c, whole, from, to, spans) {
		return nil
	}
	timed := k.dated && from < to && q.isPart(from, to)
	if k.dated && from < to && !timed {
		from, to = q.withTime(from, to, whole[0], whole[1]) // "jazz in the evening"
	}
	if from >= to {
		sure := q.bare(c, spans)
		if said := q.asTyped(whole[0], whole[1]); k.dated && speech.WithoutPoliteness(textform.Normal(said)) != "" {
			c.Argument = said // "this weekend" only asks, but of what tells days
		}
		return []filling{{ranked: c, sure: sure}}
	}
	typed := q.asTyped(from, to)
	var near reading
	if k.vocabulary != nil {
		near = k.vocabulary.canonical(typed, &q.probes)
		if len(near.terms) > maxOffer {
			near = reading{}
		}
		if len(near.terms) > 0 && !near.doubtful {
			return q.fillings(c, k.vocabulary, near.terms, near.corrected)
		}
	}
	if k.several {
		if terms := k.vocabulary.listing(&q.message, from, to, &q.probes); len(terms) > 0 {
			c.Argument = k.vocabulary.listed(terms)
			return []filling{{ranked: c, known: true}}
		}
	}
	if !k.dated && len(spans) > 0 {
		from, to = q.undated(from, to)
		typed = q.asTyped(from, to)
		if mine := q.named(c, spans); len(mine) == 0 || mine[0].from > 0 {
			at := q.unadorned(from, to)
			if typed = q.asTyped(at, to); q.prepared(at) {
				from = at
			}
		}
	}
	if c.Argument = typed; timed {
		c.Argument = q.asTyped(whole[0], whole[1]) // "this weekend in the evening" only asks, but of what tells days
	}
	f := filling{ranked: c, known: k.slot != "" && k.slot != slot.Text && k.slot != slot.Place && slot.Fits(k.slot, typed)}
	f.sure = q.filledCertainty(c, from, to, whole, spans)
	terms := near.terms
	if len(terms) == 0 {
		// What is known among other words is offered by its name, not with all that
		// stands around it.
		var named bool
		if terms, named = k.vocabulary.inside(&q.message, from, to, &q.probes); named {
			f.sure.Value = min(f.sure.Value, q.unsure())
		}
	} else {
		f.sure.Value = min(f.sure.Value, q.unsure())
	}
	if len(terms) == 0 {
		return []filling{f}
	}
	all := q.fillings(c, k.vocabulary, terms, false)
	for i := range all {
		all[i].known, all[i].sure = false, f.sure
	}
	return all
}

// unadorned returns where an argument begins without known words in front of the name that it
// ends with: "cheap in Graz", "near Graz".
func (msg *message) unadorned(from, to int) int {
	name := msg.preparedName(from+1, to)
	for name > from+1 && !msg.tokens[from].Capital && msg.tokens[name-1].Capital {
		name--
	}
	if name == to || slices.ContainsFunc(msg.tokens[from:name], func(k textform.Token) bool { return k.Roles == 0 }) {
		return from
	}
	return name
}

// asked gives a candidate all the words beside its phrase: they are a question
// that its source may know in these very words.
func asked(q *query, c ranked, whole [2]int) []filling {
	typed := q.asTyped(whole[0], whole[1])
	if v := q.ix.keywords[c.number].vocabulary; v != nil {
		if r := v.canonical(typed, &q.probes); len(r.terms) == 1 && !r.doubtful {
			return q.fillings(c, v, r.terms, r.corrected)
		}
	}
	c.Argument = typed
	return []filling{{ranked: c, sure: Certainty{Value: 1}}}
}

// maxInside is the most words in which the name of an entry is looked for, and
// maxName the most words of such a name.
const (
	maxInside = 8
	maxName   = 3
)

// inside returns the entries that the one name among some words stands for, and whether
// there is any: "steht die SAP". Where there are several, what is asked is not theirs alone.
func (v *vocabulary) inside(msg *message, from, to int, probes *int) (found []int32, named bool) {
	if v == nil || to-from > maxInside {
		return nil, false
	}
	first, last := to, from
	for size := min(maxName, to-from-1); size > 0; size-- {
		for at := from; at+size <= to; at++ {
			if at < last && first < at+size {
				continue
			}
			if !msg.cuts(at, at+size) {
				continue
			}
			terms := v.owners(v.named(msg.asTyped(at, at+size), probes))
			if len(terms) == 0 {
				continue
			}
			if len(found) > 0 || len(terms) > maxOffer {
				return nil, true
			}
			found, first, last = terms, at, at+size
		}
	}
	return found, len(found) > 0
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

// names reports whether some words are a phrase of another keyword, which is
// asked for beside this one, and no argument of it, or one of this keyword in
// another part of the message. A name that a preposition links to the phrase may be one, and
// so is an entry of another keyword.
func (q *query) names(c ranked, whole [2]int, from, to int, spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool {
		if s.from < whole[0] || whole[1] < s.to {
			return false
		}
		parted := q.parted(whole)
		other := slices.ContainsFunc(s.all, func(other ranked) bool {
			if other.Keyword == c.Keyword {
				return from < s.from && s.to < to && q.tokens[s.from].Part != q.tokens[from].Part // "quote infosys, quote wipro"
			}
			return other.nature&(natureFunction|natureCode) == 0 || parted && other.nature&natureCode != 0
		})
		entry := !slices.ContainsFunc(s.all, func(other ranked) bool { return other.Argument == "" })
		name := s.from == from && s.to == to && !parted && q.prepared(from) && (entry || q.everyday(s) == rare)
		return other && !name
	})
}

// parted reports whether something in a run of words tells that it is another
// wish, and no argument of what stands beside it.
func (msg *message) parted(run [2]int) bool {
	for i := run[0]; i < run[1]; i++ {
		if k := &msg.tokens[i]; !k.Symbol && k.Roles&(speech.Link|speech.Instead) != 0 || k.Normal == "&" || k.JoinedTo > 0 {
			return true
		}
	}
	return false
}

// prepared reports whether a preposition stands before a word, and its article.
func (msg *message) prepared(at int) bool {
	for at > 1 && msg.tokens[at-1].Roles&speech.Article != 0 && msg.tokens[at-1].Roles&speech.Joint == 0 {
		at--
	}
	return at > 0 && msg.tokens[at-1].Roles&speech.Joint != 0 && msg.tokens[at-1].Roles&speech.Link == 0
}

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
	sure := all[0].sure
	if all[0].known {
		sure.Value = 1
	}
	if len(plain) > 1 || sure.Value >= t.ix.runFrom && all[0].autocorrect == AutocorrectOffer {
		return offeredMatch(TierTyping, ReasonUnsure, plain), true
	}
	m, ok := t.judged(TierTyping, sure, plain)
	m.Corrected = m.Decision == Run
	return m, ok && m.Decision != None
}

// maxArgumentPhrase is the most words of a misspelt phrase beside an argument.
const maxArgumentPhrase = 3

func (q *query) typedPhrase(from, to, argFrom, argTo int) []filling {
	words := textform.Units(q.tokens[from:to], nil)
	limit := min(errorsAllowed(words), 2)
	if q.tears(from, to) || textform.Weight(textform.Compact(words)) < twoErrors || len(words) == 1 && speech.IsCommon(words[0], q.tongues) {
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
	if others := textform.Units(q.tokens[argFrom:argTo], nil); len(found) > 0 {
		// What is to be the argument may be a misspelt keyword itself.
		slips, _ := q.slips(others, min(errorsAllowed(others), 2))
		inflected := q.among(func(l *lexicon, hits []int32) []int32 { return l.inflected(others, hits, &q.probes) })
		for _, s := range append(inflected, slips...) {
			if s.Argument == "" && s.Keyword != found[0].Keyword {
				return []filling{{ranked: found[0]}, {ranked: s}}
			}
		}
	}
	for _, c := range found {
		if q.takes(c) && c.nature&natureCode == 0 {
			all = append(all, q.fill(c, argFrom, argTo, []span{{from: from, to: to, all: []ranked{c}, spelt: speltSlipped}})...)
		}
	}
	return all
}
