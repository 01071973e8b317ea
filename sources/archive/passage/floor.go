package passage

import (
	"math"
	"slices"
	"time"
)

// view is a paragraph with what stands around it, as the question sees it.
type view struct {
	own, title section
	// place is how much each term counts here, by quality and by where it stands;
	// there says that the article has it at all, best how well, focus how much it tells one paragraph of
	// the article from the others.
	place, focus, best []float64
	there              []bool
	// opposite says that the article says the opposite of a term.
	opposite bool
	// told says that the paragraph tells the kind of answer that is wanted.
	told      bool
	published time.Time
	language  string
	at        int
}

// The floor: what a paragraph must have to be an answer.
const (
	// present is how much of the weights the article must have.
	present = 0.78
	// needed is how much of them must be found at the paragraph or near it.
	needed = 0.5
	// near is how much of a name must be found, and where.
	near = 0.5
	// focused is how much the paragraph itself must have of what tells it from the
	// others of the article.
	focused = 0.42
	// worded is how much of the weights must be found by the words themselves.
	worded = 0.4
	// titled and leading are what a word tells of a paragraph that stands in the title, or
	// the lead, as well.
	// named what a name does, which need not be said again.
	named           = 0.6
	titled, leading = 0.2, 0.5
)

func (r *ranking) view(a Article, title section, sections []section, at int) view {
	v := view{own: sections[at], title: title, published: a.Published, language: a.Language, at: at}
	n := len(r.weights)
	v.place, v.focus, v.best, v.there = make([]float64, n), make([]float64, n), make([]float64, n), make([]bool, n)
	for i := range r.weights {
		holding := 0
		v.place[i] = max(inParagraph*sections[at].quality[i], inTitle*title.quality[i], inLead*sections[0].quality[i])
		if at > 0 {
			v.place[i] = max(v.place[i], inBefore*sections[at-1].quality[i])
		}
		for j := range sections {
			v.place[i] = max(v.place[i], elsewhere*sections[j].quality[i])
			v.best[i] = max(v.best[i], sections[j].quality[i], title.quality[i])
			if sections[j].quality[i] > 0 {
				holding++
			}
		}
		v.there[i] = v.place[i] > 0
		v.focus[i] = r.weights[i] * math.Log(1+float64(len(sections))/(float64(holding)+0.5))
		if r.q.terms[i].hard {
			v.focus[i] *= named
		}
		switch {
		case title.quality[i] > 0:
			v.focus[i] *= titled
		case sections[0].quality[i] > 0:
			v.focus[i] *= leading
		}
		if t := r.q.terms[i]; !a.Published.IsZero() && v.place[i] < inBefore {
			if t.month == int(a.Published.Month()) || t.number != "" && year(t.number) == a.Published.Year() || t.day && r.weekday(t, a) {
				v.place[i], v.there[i], v.focus[i] = inBefore, true, 0
				v.best[i] = sameWord
			}
		}
		meant := max(title.quality[i], sections[0].quality[i])
		if meant == 0 && (v.own.quality[i] == 0 || r.q.kind == reason && v.own.quality[i] < sameWord) &&
			(v.own.opposite[i] || title.opposite[i] || sections[0].opposite[i]) {
			v.opposite = true
		}
	}
	v.told = r.tells(v)
	return v
}

// weekday says whether an article is of that day of the week.
func (r *ranking) weekday(t term, a Article) bool {
	n, ok := lexiconOf(r.q.language).weekday[t.folded]
	return ok && time.Weekday(n) == a.Published.Weekday()
}

// score is how well the paragraph fits, whether or not it answers.
func (v view) score(r *ranking) float64 {
	all, within, around, focus := 0.0, 0.0, 0.0, 0.0
	for i, weight := range r.weights {
		all += weight
		focus += v.focus[i]
		within += v.focus[i] * v.own.quality[i]
		around += weight * v.place[i]
	}
	if all == 0 || around == 0 {
		return 0
	}
	const own, context, together, kind, because, first, begins = 0.5, 0.4, 0.15, 0.3, 0.3, 0.02, 0.15
	score := own*within/max(focus, 1e-9) + context*around/all + together*v.own.together
	if v.told {
		score += kind
	}
	switch {
	case v.at == 0 && r.q.kind == "":
		// What is asked for without saying what kind of answer is wanted is mostly
		// what the article tells first.
		score += begins
	case v.at == 0:
		score += first
	case v.explains(r):
		score += because
	}
	return score
}

// holds says whether the paragraph stands above the floor.
func (v view) holds(r *ranking) bool {
	all, found, there, said, focus, within := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for i, weight := range r.weights {
		if r.q.terms[i].hard && v.place[i] < near {
			return false
		}
		all += weight
		found += weight * v.place[i]
		if v.there[i] {
			there += weight
			if v.best[i] >= compounded {
				said += weight
			}
			focus += v.focus[i]
			within += v.focus[i] * v.own.quality[i]
		}
	}
	switch {
	case all == 0, v.opposite, there < present*all, found < needed*all, said < worded*all:
		return false
	case within < focused*focus && !v.explains(r):
		return false
	}
	switch r.q.kind {
	case when, amount, since, until, reason, person:
		return v.told
	}
	return true
}

// explains says whether the paragraph gives the reason for what stands right before
// it, whose words it need not say again.
func (v view) explains(r *ranking) bool {
	l := lexiconOf(v.language)
	return r.q.kind == reason && v.at > 0 && slices.ContainsFunc(v.own.words, func(w word) bool { return l.because[w.folded] })
}
