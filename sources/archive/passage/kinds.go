package passage

import (
	"slices"

	"keypull/pull/what/speech"
)

// gradeAnswer returns how well a word of a text may be the answer, or announce it, from 0 to 1.
func (q *Question) gradeAnswer(l *lexicon, f *field, i int, language string) (grade float64) {
	w := f.words[i]
	is := false
	switch q.kind {
	case when:
		is = tellsTime(l, f.words, i)
	case amount:
		return q.gradeAmount(l, f, i)
	case reason:
		is = l.because[w.folded] || l.perhaps[w.folded]
	case person:
		is = w.upper && w.number == "" && !f.asked[i] && !l.months[w.folded] && !l.days[w.folded] && !speech.IsKnown(w.folded, speech.Of(language)) &&
			(w.capital && language != "de" || i+1 < len(f.words) && f.words[i+1].capital && f.words[i+1].number == "")
	}
	if is {
		return 1
	}
	return 0
}

// gradeAmount returns how well a word tells how many, how much or how long: a number right before
// a word of the question counts that.
func (q *Question) gradeAmount(l *lexicon, f *field, i int) float64 {
	const loose, behind = 0.6, 3
	if !isAmount(l, f.words[i]) {
		if q.long && tellsTime(l, f.words, i) {
			return loose
		}
		return 0
	}
	near := func(within int, is func(word) bool) float64 {
		if slices.ContainsFunc(f.words[max(0, i-within):min(len(f.words), i+within+1)], is) {
			return 1
		}
		return 0
	}
	switch {
	case q.priced:
		return near(3, func(w word) bool { return w.money || l.money[w.folded] })
	case q.long:
		return near(3, func(w word) bool { return l.time[w.folded] })
	case q.units != nil:
		return near(2, func(w word) bool { return q.units[w.folded] })
	}
	for j := i + 1; j < len(f.words) && j <= i+behind && f.words[j].sentence == f.words[i].sentence; j++ {
		if f.asked[j] {
			return 1
		}
	}
	return loose
}

// tellsTime says whether a word tells a moment: "years" does in "two years ago", but not in
// "for two years".
func tellsTime(l *lexicon, words []word, i int) bool {
	w := words[i]
	if y := yearOf(w.number); y > 0 {
		return true
	}
	_, day := l.dayWords[w.folded]
	if day || l.months[w.folded] && len(w.folded) > 2 || l.days[w.folded] && len(w.folded) > 2 {
		return true
	}
	if !l.time[w.folded] {
		return false
	}
	const beside = 3
	if i == 0 || !isAmount(l, words[i-1]) {
		return true
	}
	return slices.ContainsFunc(words[max(0, i-beside):min(len(words), i+2)], func(w word) bool { return l.ago[w.folded] })
}

// isAmount reports whether a word is a number other than a year.
func isAmount(l *lexicon, w word) bool {
	y := yearOf(w.number)
	return w.number != "" && (y < 1900 || y > 2100) || l.amounts[w.folded]
}
