package passage

import "slices"

// What a sentence has that says it only in the title, the sentence before or the lead.
const (
	fromTitle  = 0.9
	fromBefore = 0.8
	fromLead   = 0.6
)

// knownSentences is what is known by single sentences, together with what they may leave
// unsaid; told are those that may tell the answer.
func (r *ranking) knownSentences(v view, told []bool, f *[features]float64) {
	all, focus := 0.0, 0.0
	for i, w := range r.weights {
		all += w
		if v.title.quality[i] == 0 {
			focus += w
		}
	}
	for n, each := range v.own.each {
		share, own := 0.0, 0.0
		for i, w := range r.weights {
			quality := max(each[i], fromTitle*v.title.quality[i], fromLead*v.lead.quality[i])
			switch {
			case n > 0:
				quality = max(quality, fromBefore*v.own.each[n-1][i])
			case v.goesOn:
				quality = max(quality, fromBefore*v.before.quality[i])
			}
			share += w * quality
			if v.title.quality[i] == 0 {
				own += w * each[i]
			}
		}
		f[sentenceCarried] = max(f[sentenceCarried], part(share, all))
		if told[n] {
			f[besideCarried] = max(f[besideCarried], part(share, all))
			f[besideFocus] = max(f[besideFocus], part(own, focus))
		}
	}
}

// counting says whether things are counted: "how many houses".
func (r *ranking) counting() bool {
	q := r.q
	return q.kind == amount && q.counted >= 0 && q.counted < len(q.terms) && !q.priced && !q.long && q.units == nil
}

// counts says whether the word at a place is a number right before what is counted.
func (r *ranking) counts(l *lexicon, v view, i int) bool {
	const within = 3
	words := v.own.words
	if !isAmount(l, words[i]) {
		return false
	}
	for j := i + 1; j <= min(i+within, len(words)-1) && words[j].sentence == words[i].sentence; j++ {
		if slices.ContainsFunc(v.own.fits[j].terms, func(h hit) bool { return h.term == r.q.counted }) {
			return true
		}
	}
	return false
}

// countsAny says whether a number stands right before what is counted.
func (r *ranking) countsAny(l *lexicon, v view) bool {
	for i := range v.own.words {
		if r.counts(l, v, i) {
			return true
		}
	}
	return false
}

// placed says whether a name that the question does not have stands behind a word such as "in".
func (r *ranking) placed(l *lexicon, v view) bool {
	for i, w := range v.own.words {
		if i == 0 || !w.upper || w.number != "" || len(v.own.fits[i].terms) > 0 || l.months[w.folded] || l.days[w.folded] {
			continue
		}
		if l.at[v.own.words[i-1].folded] || i > 1 && l.at[v.own.words[i-2].folded] && !v.own.words[i-1].upper {
			return true
		}
	}
	return false
}
