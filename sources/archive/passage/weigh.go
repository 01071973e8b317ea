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
	// askedAmount and askedAny are how well the paragraph has what is asked for: how many
	// "runners", which "car"; askedOther the same where another kind of answer is wanted.
	askedAmount
	askedAny
	askedOther
	// strange is the share of ordinary words that no article has.
	strange
	// long is more the more words the paragraph has.
	long
	// ahead is how much more of the question the paragraph has than any other of its
	// article, aheadTelling how much more of what tells them apart, aheadBeside of what stands
	// beside an answer; onlyTold says that no other has the kind of answer.
	ahead
	aheadTelling
	aheadBeside
	onlyTold
	// missed is the share of the heaviest ordinary word that another article has and this
	// one not.
	missed
	// sentenceCarried is how much a sentence has, together with what it may leave to the title
	// and to the sentence before; besideCarried the same of sentences that may tell
	// the answer, besideFocus how much these have of what the title does not.
	sentenceCarried
	besideCarried
	besideFocus
	// uncounted says that what is counted is there and no number right before it, unnamed that
	// it is not there; placed that a place
	// is named behind a word such as "in".
	uncounted
	unnamed
	placed
	// unpaid says that money is asked for, and none told; unmeasured the same of a measure, or a
	// span of time.
	unpaid
	unmeasured
	features
)

// weighed is what each feature tells of whether a paragraph answers: found from
// questions whose answers are known, as the likelihood of each paragraph of the
// articles, or of none, to be the one.
var weighed = [features]float64{
	base:            -4.43,
	inArticle:       0.57,
	inNames:         0.86,
	inWords:         -0.89,
	around:          1.84,
	inside:          1.05,
	headed:          0.26,
	literal:         1.63,
	telling:         -1.34,
	sentence:        -1.17,
	heaviest:        -0.49,
	toldMoment:      -0.62,
	untoldMoment:    -3.04,
	toldAmount:      -0.60,
	untoldAmount:    -1.22,
	toldPerson:      -1.39,
	untoldPerson:    -2.24,
	toldPlace:       0.15,
	untoldPlace:     0.08,
	toldReason:      0.98,
	untoldReason:    -0.77,
	certain:         -0.97,
	explaining:      0.95,
	anything:        0.87,
	anyFirst:        -0.44,
	first:           -0.51,
	contrary:        0.16,
	farName:         -1.32,
	short:           -0.74,
	besideTold:      1.47,
	numbered:        0.43,
	weakest:         1.05,
	rarest:          0.49,
	besideMoment:    -0.49,
	besideReason:    -0.00,
	besidePerson:    -1.53,
	onlyName:        -0.30,
	askedAmount:     0.78,
	askedAny:        1.13,
	askedOther:      0.66,
	strange:         1.19,
	long:            -1.76,
	ahead:           0.55,
	aheadTelling:    1.03,
	aheadBeside:     -0.93,
	onlyTold:        0.55,
	missed:          -2.39,
	sentenceCarried: 2.54,
	besideCarried:   1.10,
	besideFocus:     0.25,
	uncounted:       -0.47,
	unnamed:         -1.47,
	placed:          0.47,
	unpaid:          -2.71,
	unmeasured:      -2.84,
}

// floor is how likely an answer must be.
const floor = 0.68

// likelihood returns how likely it is that the best paragraph answers, beside the others
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

// score returns how well a paragraph answers; ok says that it has to do with the
// question at all.
func (r *ranking) score(f *[features]float64) (total float64, ok bool) {
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
