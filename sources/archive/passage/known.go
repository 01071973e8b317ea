package passage

import "math"

// known returns what is known of a paragraph as an answer.
func (r *ranking) known(v view) [features]float64 {
	var f [features]float64
	r.knownWords(v, &f)
	r.knownKind(v, &f)
	f[base] = 1
	f[sentence] = v.own.together
	f[short] = 1 / float64(len(r.weights))
	if v.opposite {
		f[contrary] = 1
	}
	if v.at == 0 {
		f[first], f[anyFirst] = 1, f[anything]
	}
	if v.explains(r) {
		f[explaining] = 1
	}
	f[long] = math.Log(1+float64(len(v.own.words))) / 5
	if i := r.q.asks; i >= 0 {
		k := askedOther
		switch r.q.kind {
		case amount:
			k = askedAmount
		case "":
			k = askedAny
		}
		f[k] = v.own.quality[i]
	}
	return f
}

// tellsWanted says whether a paragraph has the kind of answer that is wanted.
func tellsWanted(f *[features]float64) bool {
	return f[toldMoment]+f[toldAmount]+f[toldPerson]+f[toldPlace]+f[toldReason] > 0
}

// compare adds to what is known of the paragraphs of an article what tells them from
// each other.
func compare(all [][features]float64) {
	for i := range all {
		var others [features]float64
		told := false
		for j := range all {
			if i == j {
				continue
			}
			for _, k := range []feature{inside, telling, besideTold} {
				others[k] = max(others[k], all[j][k])
			}
			told = told || tellsWanted(&all[j])
		}
		f := &all[i]
		f[ahead], f[aheadTelling], f[aheadBeside] = f[inside]-others[inside], f[telling]-others[telling], f[besideTold]-others[besideTold]
		if !told && tellsWanted(f) {
			f[onlyTold] = 1
		}
	}
}

// knownWords is what is known by the words of the question.
func (r *ranking) knownWords(v view, f *[features]float64) {
	var all, names, ordinary, focus, top, own float64
	f[weakest] = 1
	for i, w := range r.weights {
		has := 0.0
		if v.there[i] {
			has = w
			focus += v.focus[i]
			f[telling] += v.focus[i] * v.own.quality[i]
			if v.best[i] >= compounded {
				f[literal] += w
			}
		} else {
			f[heaviest] = max(f[heaviest], w)
			if !r.unknown[i] && !r.q.terms[i].hard {
				f[missed] = max(f[missed], w)
			}
		}
		f[weakest] = min(f[weakest], v.place[i])
		all += w
		f[inArticle] += has
		if r.q.terms[i].hard {
			names += w
			f[inNames] += has
			if v.place[i] < near {
				f[farName] += w
			}
		} else {
			ordinary += w
			f[inWords] += has
			own = max(own, v.own.quality[i])
			if w > top {
				top, f[rarest] = w, v.place[i]
			}
		}
		f[around] += w * v.place[i]
		f[inside] += w * v.own.quality[i]
		f[headed] += w * v.title.quality[i]
	}
	for i, w := range r.weights {
		if r.unknown[i] && !r.q.terms[i].hard {
			f[strange] += w
		}
	}
	for _, k := range []feature{inArticle, around, inside, headed, literal, heaviest, farName, strange, missed} {
		f[k] = part(f[k], all)
	}
	f[inNames], f[inWords], f[telling] = part(f[inNames], names), part(f[inWords], ordinary), part(f[telling], focus)
	if own == 0 && ordinary > 0 {
		f[onlyName] = 1
	}
}

// told is the feature of the kind of answer that is wanted; the one behind it says that
// the paragraph does not have it.
var told = map[kind]feature{
	when: toldMoment, since: toldMoment, until: toldMoment, amount: toldAmount, person: toldPerson, place: toldPlace, reason: toldReason,
}

// knownKind is what is known by the kind of answer that is wanted.
func (r *ranking) knownKind(v view, f *[features]float64) {
	l := lexiconOf(v.language)
	if k, wanted := told[r.q.kind]; !wanted {
		f[anything] = 1
	} else if v.told {
		f[k] = 1
	} else {
		f[k+1] = 1
	}
	told := make([]bool, len(v.own.each))
	for i, w := range v.own.words {
		if r.q.kind == reason && l.because[w.folded] {
			f[certain] = 1
		}
		if r.answers(l, v, i) {
			told[w.sentence] = true
			f[besideTold] = max(f[besideTold], v.own.shares[w.sentence])
			if r.q.kind == amount {
				f[numbered] = 1
			}
		}
	}
	r.knownSentences(v, told, f)
	switch r.q.kind {
	case when, since, until:
		f[besideMoment] = f[besideTold]
	case reason:
		f[besideReason] = f[besideTold]
	case person:
		f[besidePerson] = f[besideTold]
	case place:
		if r.placed(l, v) {
			f[placed] = 1
		}
	case amount:
		switch {
		case r.q.priced && !v.told:
			f[unpaid] = 1
		case (r.q.long || r.q.units != nil) && !v.told:
			f[unmeasured] = 1
		case r.counting() && v.own.quality[r.q.counted] == 0:
			f[unnamed] = 1
		case r.counting() && !r.countsAny(l, v):
			f[uncounted] = 1
		}
	}
}

func part(of, all float64) float64 {
	if all == 0 {
		return 1
	}
	return of / all
}
