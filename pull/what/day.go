package what

import (
	"slices"

	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
)

// onDay runs a keyword that answers for days where a day stands beside its phrase,
// on either side and among words that only ask: "tomorrow's opening hours".
func onDay(t *tiers, s span, spans []span) (all []ranked) {
	takers := slices.DeleteFunc(slices.Clone(s.all), func(c ranked) bool { return !t.takes(c) || !t.ix.keywords[c.number].dated })
	if len(takers) == 0 {
		return nil
	}
	from, to, ok := dayBeside(&t.query, s, spans)
	if !ok {
		return nil
	}
	for _, c := range takers {
		c.Argument = textform.Trim(t.raw(from, to))
		all = append(all, c)
	}
	return all
}

// dayBeside returns the one day beside a phrase, where all else only asks.
func dayBeside(q *query, s span, spans []span) (from, to int, ok bool) {
	first, last := q.sentence(s)
	for _, side := range [][2]int{{s.to, last}, {first, s.from}} {
		if from, to, ok = dayIn(q, side[0], side[1]); ok {
			break
		}
	}
	if !ok {
		return 0, 0, false
	}
	for i := first; i < last; i++ {
		if s.from <= i && i < s.to {
			continue
		}
		silent := from <= i && i < to || isFiller(&q.tokens[i]) || isParticle(&q.tokens[i])
		if !silent || within(spans, i) {
			return 0, 0, false
		}
	}
	return from, to, true
}

// dayIn returns the longest run among some words that is a day.
func dayIn(q *query, first, last int) (from, to int, ok bool) {
	if first >= last {
		return 0, 0, false
	}
	longest := maxDate
	if q.tokens[first].Spaceless || q.tokens[last-1].Spaceless {
		longest = maxDateLetters
	}
	isDay := func(from, to int) bool { return slot.Fits(slot.Date, textform.Normal(q.raw(from, to))) }
	for n := min(longest, last-first); n > 0; n-- {
		for from := first; from+n <= last; from++ {
			if !isDay(from, from+n) {
				continue
			}
			if bare, to := q.trim(from, from+n, ranked{}, nil); bare < to && isDay(bare, to) {
				return bare, to, true
			}
			return from, from + n, true
		}
	}
	return 0, 0, false
}
