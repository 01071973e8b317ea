package passage

import "math"

// feature numbers what is known of a paragraph as an answer.
type feature int

const (
	base feature = iota
	// inArticle is how much of the weights the article has, inNames and inWords how much of
	// those of names and of the other words.
	inArticle
	inNames
	inWords
	// around is how much is found at the paragraph or near it, inside in the paragraph
	// itself, headed in the title, literal by the words themselves.
	around
	inside
	headed
	literal
	// telling is how much the paragraph has of what tells it from the others of the
	// article, sentence how much stands in one sentence.
	telling
	sentence
	// heaviest is the share of the heaviest word that the article does not have.
	heaviest
	// The paragraph has the kind of answer that is wanted, or has it not.
	toldMoment
	untoldMoment
	toldAmount
	untoldAmount
	toldPerson
	untoldPerson
	toldPlace
	untoldPlace
	toldReason
	untoldReason
	// certain says that it gives a reason as such, explaining that it gives the one of
	// what stands right before it.
	certain
	explaining
	// anything says that no kind of answer is wanted.
	anything
	// first says that it is the lead, anyFirst that nothing else was wanted.
	anyFirst
	first
	// contrary says that the article says the opposite, farName is the share of the names
	// that stand elsewhere in the article; short is more the fewer words were asked.
	contrary
	farName
	short
	// besideTold is how much stands in a sentence that tells such an answer, besideMoment,
	// besideReason and besidePerson the same of these kinds alone; numbered says that there
	// is a number at all where one is wanted.
	besideTold
	numbered
	// weakest is how well the word is found that is found least well, rarest how well
	// the one that weighs most.
	weakest
	rarest
	besideMoment
	besideReason
	besidePerson
	// onlyName says that the paragraph has nothing of the question but names.
	onlyName
	features
)

// known is what is known of a paragraph as an answer.
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
	return f
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
	for _, k := range []feature{inArticle, around, inside, headed, literal, heaviest, farName} {
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
	for i, w := range v.own.words {
		if r.q.kind == reason && l.because[w.folded] {
			f[certain] = 1
		}
		if r.answers(l, v, i) {
			f[besideTold] = max(f[besideTold], v.own.shares[w.sentence])
			if r.q.kind == amount {
				f[numbered] = 1
			}
		}
	}
	switch r.q.kind {
	case when, since, until:
		f[besideMoment] = f[besideTold]
	case reason:
		f[besideReason] = f[besideTold]
	case person:
		f[besidePerson] = f[besideTold]
	}
}

func part(of, all float64) float64 {
	if all == 0 {
		return 1
	}
	return of / all
}

// weighed is what each feature tells of whether a paragraph answers: found from
// questions whose answers are known, as the likelihood of each paragraph of the
// articles, or of none, to be the one.
var weighed = [features]float64{
	base:         -4.38,
	inArticle:    0.34,
	inNames:      -0.14,
	inWords:      0.03,
	around:       2.58,
	inside:       0.81,
	headed:       0.71,
	literal:      0.79,
	telling:      1.02,
	sentence:     -0.02,
	heaviest:     -1.69,
	toldMoment:   -0.19,
	untoldMoment: -3.02,
	toldAmount:   -0.31,
	untoldAmount: -2.57,
	toldPerson:   -0.67,
	untoldPerson: -2.15,
	toldPlace:    1.17,
	untoldPlace:  0.39,
	toldReason:   0.79,
	untoldReason: -2.48,
	certain:      -1.11,
	explaining:   0.56,
	anything:     0.39,
	anyFirst:     0.59,
	first:        -1.01,
	contrary:     -0.80,
	farName:      -2.22,
	short:        -1.90,
	besideTold:   1.59,
	numbered:     0.33,
	weakest:      2.37,
	rarest:       0.28,
	besideMoment: -0.38,
	besideReason: -0.86,
	besidePerson: -0.88,
	onlyName:     -0.47,
}

// floor is how likely an answer must be.
const floor = 0.6

// likelihood is how likely it is that the best paragraph answers, beside the others
// that come near it, and beside none, whose score is 0. Those of its own article count
// less: the better one of two is right more often than not.
func likelihood(best scored, totals [][]float64) float64 {
	const beside, own = 3, 0.5
	at := math.Exp(best.total)
	sum := 1 + at
	for i, article := range totals {
		for n, total := range article {
			switch {
			case total <= best.total-beside, i == best.article && n == best.paragraph:
			case i == best.article:
				sum += own * math.Exp(total)
			default:
				sum += math.Exp(total)
			}
		}
	}
	return at / sum
}

// score is how well a paragraph answers; ok says that it has to do with the
// question at all.
func (r *ranking) score(v view) (total float64, ok bool) {
	f := r.known(v)
	for i, x := range f {
		total += x * weighed[i]
	}
	return total, f[around] > 0
}

// holds says whether a paragraph may be given as the answer at all: its article must
// have each name and number of the question.
func (r *ranking) holds(v view) bool {
	for i, t := range r.q.terms {
		if t.hard && !v.there[i] {
			return false
		}
	}
	return true
}
