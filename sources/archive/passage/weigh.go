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
	// uncounted says that no number stands right before what is counted; placed that a place
	// is named behind a word such as "in".
	uncounted
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
	base:            -5.81,
	inArticle:       0.89,
	inNames:         0.67,
	inWords:         -1.01,
	around:          2.86,
	inside:          1.18,
	headed:          0.22,
	literal:         0.89,
	telling:         -1.09,
	sentence:        -1.14,
	heaviest:        -0.91,
	toldMoment:      -0.78,
	untoldMoment:    -2.84,
	toldAmount:      -0.24,
	untoldAmount:    -0.56,
	toldPerson:      -1.45,
	untoldPerson:    -1.91,
	toldPlace:       0.04,
	untoldPlace:     0.44,
	toldReason:      0.85,
	untoldReason:    -0.55,
	certain:         -1.34,
	explaining:      1.03,
	anything:        1.18,
	anyFirst:        -0.38,
	first:           -0.67,
	contrary:        0.31,
	farName:         -2.74,
	short:           -1.04,
	besideTold:      1.09,
	numbered:        0.37,
	weakest:         0.94,
	rarest:          0.51,
	besideMoment:    -0.58,
	besideReason:    -0.54,
	besidePerson:    -1.73,
	onlyName:        -0.08,
	askedAmount:     0.16,
	askedAny:        0.95,
	askedOther:      0.39,
	strange:         0.75,
	long:            -1.02,
	ahead:           0.46,
	aheadTelling:    0.95,
	aheadBeside:     -0.41,
	onlyTold:        0.53,
	missed:          -1.32,
	sentenceCarried: 3.11,
	besideCarried:   1.57,
	besideFocus:     0.17,
	uncounted:       -1.63,
	placed:          0.34,
	unpaid:          -2.74,
	unmeasured:      -2.89,
}

// floor is how likely an answer must be.
const floor = 0.68

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
