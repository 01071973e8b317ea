package what

import (
	"slices"

	"keypull/pull/what/moment"
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

// dayIn returns the longest run among some words that is a day, with the part of it that stands
// beside it: "tomorrow evening".
func dayIn(q *query, first, last int) (from, to int, ok bool) {
	from, end, ok := q.findDay(first, last)
	if !ok {
		return 0, 0, false
	}
	bare, to := from, end
	if less, most := q.trim(from, end, ranked{}, nil); !q.isPart(from, end) && less < most && q.isDay(less, most) {
		bare, to = less, most
	}
	begin, behind := q.withTime(from, end, first, last)
	if begin < from {
		bare = begin
	}
	if behind > end {
		to = behind
	}
	return bare, to, true
}

// findDay returns the longest run among some words that is a day.
func (q *query) findDay(first, last int) (from, to int, ok bool) {
	for n := min(q.longestTime(first, last), last-first); n > 0; n-- {
		for from := first; from+n <= last; from++ {
			if q.isDay(from, from+n) {
				return from, from + n, true
			}
		}
	}
	return 0, 0, false
}

// DayIn returns the longest run of words of a message that is a day, as it is written in one
// of some languages; "" where none is.
func DayIn(text string, languages ...string) string {
	q := query{message: message{text: text, languages: languages}}
	if !q.readWords() {
		return ""
	}
	from, to, ok := q.findDay(0, len(q.tokens))
	if !ok {
		return ""
	}
	return textform.Trim(q.raw(from, to))
}

// withTime returns some words with the days and parts of days that stand beside them, between
// two places, with what is small before those: "tomorrow at noon".
func (q *query) withTime(from, to, first, last int) (begin, end int) {
	const small = 2
	for n := q.longestTime(first, last); n > 0; n-- {
		for gap := 0; to+gap+n <= last && gap <= small && !slices.ContainsFunc(q.tokens[to:to+gap], func(k textform.Token) bool { return !isFiller(&k) && !isParticle(&k) }); gap++ {
			if q.isDay(to+gap, to+gap+n) || q.isPart(to+gap, to+gap+n) {
				return q.withTime(from, to+gap+n, first, last)
			}
		}
		if from-n >= first && (q.isDay(from-n, from) || q.isPart(from-n, from)) {
			return q.withTime(from-n, to, first, last)
		}
	}
	return from, to
}

// lengthOf returns of how many words an argument is, where a keyword answers for days without the
// part of a day that it ends with.
func (q *query) lengthOf(c ranked, argument span) int {
	length := argument.to - argument.from
	if !q.ix.keywords[c.number].dated {
		return length
	}
	for n := min(q.longestTime(argument.from, argument.to), length-1); n > 0; n-- {
		if q.isPart(argument.to-n, argument.to) {
			return length - n
		}
	}
	return length
}

// longestTime is of how many words a day, or a part of one, may be among some.
func (q *query) longestTime(first, last int) int {
	if first < last && (q.tokens[first].Spaceless || q.tokens[last-1].Spaceless) {
		return maxDateLetters
	}
	return maxDate
}

func (q *query) isDay(from, to int) bool {
	return slot.Fits(slot.Date, textform.Normal(q.raw(from, to)))
}

func (q *query) isPart(from, to int) bool {
	_, ok := moment.ReadPart(textform.Normal(q.raw(from, to)), false, append(q.languages[:len(q.languages):len(q.languages)], q.published...)...)
	return ok
}
