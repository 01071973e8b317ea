package passage

import (
	"slices"
	"unicode"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
)

// tells says whether the paragraph has the kind of answer that is wanted.
func (r *ranking) tells(v view) bool {
	l := lexiconOf(v.language)
	has := func(set map[string]bool) bool {
		return slices.ContainsFunc(v.own.words, func(w word) bool { return set[w.folded] })
	}
	time := func() bool {
		for i := range v.own.words {
			if tellsTime(l, v.own.words, i) {
				return true
			}
		}
		return false
	}
	switch r.q.kind {
	case when:
		return time()
	case since:
		return has(l.since) && time()
	case until:
		return has(l.until) && time()
	case amount:
		return r.tellsAmount(l, v)
	case person:
		return r.tellsPerson(v)
	case place:
		return r.tellsName(v)
	case reason:
		return has(l.because) || has(l.perhaps)
	}
	return false
}

// tellsTime says whether a word tells a moment: "years" does in "two years ago", but not in
// "for two years".
func tellsTime(l *lexicon, words []word, i int) bool {
	w := words[i]
	if y := year(w.number); y > 1800 {
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
	for j := max(0, i-beside); j <= min(len(words)-1, i+1); j++ {
		if l.ago[words[j].folded] {
			return true
		}
	}
	return false
}

// tellsAmount says whether a number stands in the paragraph: beside what is
// counted, a sum of money, or a span of time.
func (r *ranking) tellsAmount(l *lexicon, v view) bool {
	const beside = 7
	for i, w := range v.own.words {
		if !isAmount(l, w) {
			continue
		}
		switch {
		case r.q.priced:
			if w.money || l.money[w.folded] || r.beside(v, i, 3, func(j int) bool { return l.money[v.own.words[j].folded] || v.own.words[j].money }) {
				return true
			}
		case r.q.long:
			if r.beside(v, i, 3, func(j int) bool { return l.time[v.own.words[j].folded] }) {
				return true
			}
		case r.q.units != nil:
			if r.beside(v, i, 2, func(j int) bool { return r.q.units[v.own.words[j].folded] }) {
				return true
			}
		case r.q.counted < 0 || r.q.counted >= len(r.q.terms):
			return true
		default:
			if v.own.quality[r.q.counted] > 0 {
				if r.counts(l, v, i) {
					return true
				}
				continue
			}
			// "Two are in hospital": what is counted may have been named before.
			counted := func(j int) bool {
				return slices.ContainsFunc(v.own.fits[j].terms, func(h hit) bool { return !r.q.terms[h.term].hard && v.focus[h.term] > 0 })
			}
			if r.beside(v, i, beside, counted) {
				return true
			}
		}
	}
	return false
}

// beside says whether a word that is so stands within some words of another.
func (*ranking) beside(v view, i, within int, is func(j int) bool) bool {
	for j := max(0, i-within); j <= min(len(v.own.words)-1, i+within); j++ {
		if is(j) {
			return true
		}
	}
	return false
}

func isAmount(l *lexicon, w word) bool {
	y := year(w.number)
	return w.number != "" && (y < 1900 || y > 2100) || l.amounts[w.folded]
}

// tellsName says whether a name stands in the paragraph that is not of the question.
func (*ranking) tellsName(v view) bool {
	for i, w := range v.own.words {
		if w.capital && len(v.own.fits[i].terms) == 0 && w.number == "" {
			return true
		}
	}
	return false
}

// tellsPerson says whether somebody is named in the paragraph whom the question does
// not name, in a sentence that has something of the question.
func (r *ranking) tellsPerson(v view) bool {
	language := languages.Base(v.language)
	l, tongues := lexiconOf(language), speech.Of(language)
	words := v.own.words
	for i := 0; i < len(words); i++ {
		if !words[i].upper || words[i].number != "" {
			continue
		}
		begin, strange := i, false
		for ; i < len(words) && words[i].upper && words[i].number == "" && words[i].sentence == words[begin].sentence; i++ {
			w := words[i]
			unknown := !speech.IsKnown(w.folded, tongues) && !speech.IsCommon(w.folded, tongues) && !l.months[w.folded] && !l.days[w.folded]
			strange = strange || unknown && len(v.own.fits[i].terms) == 0
		}
		if !strange || begin > 0 && words[begin-1].sentence == words[begin].sentence && l.at[words[begin-1].folded] {
			continue
		}
		if (i-begin > 1 || language != "de" && words[begin].capital) && r.speaksOf(v, words[begin].sentence) {
			return true
		}
	}
	return false
}

// speaksOf says whether a sentence has a word of the question that is no name, where
// the question has any.
func (r *ranking) speaksOf(v view, sentence int) bool {
	asked := false
	for i, t := range r.q.terms {
		asked = asked || !t.hard && v.there[i]
	}
	if !asked {
		return true
	}
	for i, w := range v.own.words {
		if w.sentence == sentence && slices.ContainsFunc(v.own.fits[i].terms, func(h hit) bool { return !r.q.terms[h.term].hard }) {
			return true
		}
	}
	return false
}

func upper(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

// answers says whether a word of the paragraph may be the answer, or announce it.
func (r *ranking) answers(l *lexicon, v view, i int) bool {
	w := v.own.words[i]
	switch r.q.kind {
	case when, since, until:
		return tellsTime(l, v.own.words, i)
	case amount:
		return isAmount(l, w) && (r.q.units == nil || v.told) && (!r.counting() || v.own.quality[r.q.counted] == 0 || r.counts(l, v, i))
	case reason:
		return l.because[w.folded] || l.perhaps[w.folded]
	case person, place:
		return w.capital && len(v.own.fits[i].terms) == 0 && w.number == ""
	}
	return false
}
