package passage

import (
	"math"
	"slices"
	"time"
)

// view is a paragraph with what stands around it, as the question sees it.
type view struct {
	own, title, lead, before section
	// goesOn says that the paragraph goes on with what the one before talks of.
	goesOn bool
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

const (
	// near is how much of a name must be found, and where.
	near = 0.5
	// titled and leading are what a word tells of a paragraph that stands in the title, or
	// the lead, as well; named what a name does, which need not be said again.
	titled, leading = 0.2, 0.5
	named           = 0.6
)

func (r *ranking) view(a Article, title section, sections []section, at int) view {
	v := view{own: sections[at], title: title, lead: sections[0], published: a.Published, language: a.Language, at: at}
	if at > 0 {
		v.before, v.goesOn = sections[at-1], sections[at].goesOn(a.Language)
	}
	v.joinCompounds()
	n := len(r.weights)
	v.place, v.focus, v.best, v.there = make([]float64, n), make([]float64, n), make([]float64, n), make([]bool, n)
	for i := range r.weights {
		holding := 0
		v.place[i] = max(inParagraph*v.own.quality[i], inTitle*title.quality[i], inLead*sections[0].quality[i])
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
		v.best[i] = max(v.best[i], v.own.quality[i])
		v.there[i] = v.best[i] >= near || v.best[i] > partial
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
		v.opposite = v.opposite || r.opposite(v, sections[0], i)
	}
	v.told = r.tells(v)
	if v.told && r.q.priced {
		v.own.quality = slices.Clone(v.own.quality)
		for i, t := range r.q.terms {
			if t.priced {
				v.own.quality[i] = max(v.own.quality[i], sameMeaning)
				v.place[i], v.best[i], v.there[i] = max(v.place[i], sameMeaning), max(v.best[i], sameMeaning), true
			}
		}
	}
	return v
}

// opposite says whether the article says the opposite of a term, where it says the
// term less well than that.
func (r *ranking) opposite(v view, lead section, i int) bool {
	own := v.own.quality[i]
	if max(v.title.quality[i], lead.quality[i]) > 0 || own == sameWord || own > 0 && (r.q.kind != reason || !v.own.opposite[i]) {
		return false
	}
	switch r.q.kind {
	case reason, "":
		return v.own.opposite[i] || v.title.opposite[i] || lead.opposite[i]
	}
	return v.own.opposite[i]
}

// weekday says whether an article is of that day of the week.
func (r *ranking) weekday(t term, a Article) bool {
	n, ok := lexiconOf(r.q.language).weekday[t.folded]
	return ok && time.Weekday(n) == a.Published.Weekday()
}

// explains says whether the paragraph gives the reason for what stands right before
// it, whose words it need not say again.
func (v view) explains(r *ranking) bool {
	l := lexiconOf(v.language)
	return r.q.kind == reason && v.at > 0 && slices.ContainsFunc(v.own.words, func(w word) bool { return l.because[w.folded] })
}

// goesOn says whether a text begins with a word that stands for another one.
func (s section) goesOn(language string) bool {
	const first = 3
	l := lexiconOf(language)
	return slices.ContainsFunc(s.words[:min(first, len(s.words))], func(w word) bool { return l.standIn[w.folded] })
}

// joinCompounds has a paragraph say a compound of which it has one part, and the title
// or the lead the other.
func (v *view) joinCompounds() {
	cloned := false
	for i, own := range v.own.sides {
		for _, around := range [][3]bool{v.title.sides[i], v.lead.sides[i]} {
			if (own[head] && around[modifier] || own[modifier] && around[head]) && v.own.quality[i] < sameMeaning {
				if !cloned {
					v.own.quality, cloned = slices.Clone(v.own.quality), true
				}
				v.own.quality[i] = sameMeaning
			}
		}
	}
}
