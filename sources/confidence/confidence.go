// Package confidence tells how likely what was found is what was asked for, by logistic models:
// one of passages, of how much of the question the best covers and how far it is ahead of the
// second, with one threshold to answer and one to offer what comes near; and one of items that
// a message may be about.
package confidence

import "math"

// Evidence is what speaks for the best of what was found. The zero value speaks against it.
type Evidence struct {
	// Coverage is how much of the question, weighed by how rare its words are, stands in the
	// passage, in its title, or less surely elsewhere in its document: from 0 to 1.
	Coverage float64
	// Missing is the most of the question that one word alone leaves uncovered: what is not
	// covered for one word is likelier said otherwise than what is not for many.
	Missing float64
	// Gap is how far it is ahead of the best of any other document, as a share of its own
	// score, from -1 to 1; Beside how far of the second passage of its own, from 0 to 1.
	Gap, Beside float64
	// Kind is 1 where the kind of answer that is asked for stands there (a moment, an amount,
	// a person, a reason), and less down to -1 where it does not. Open says that none is asked
	// for, or that it can't be told; Kind is 0 then.
	Kind float64
	Open bool
	// Words is how many words of the question say something.
	Words int
	// Joined says that its language joins words to one: less of what is told is found as it was
	// asked for.
	Joined bool
}

// weights are what each piece of evidence tells: found from questions of which half have no
// answer, as archive.TestConfidenceIsWhatTheQuestionsTell prints them; the last is less than half
// of what it finds, since what is told wrongly harms more than what is offered in its place.
var weights = [...]float64{-8.8, 8.3, 2.9, 2.3, 1.5, 1.4, 1.9, -3.2, 0.25}

// How likely an answer must be to be told, and the best of what comes near to be offered.
const (
	told    = 0.758
	offered = 0.001
)

// Signals returns the evidence in the order of the weights, behind the constant.
func (e Evidence) Signals() [len(weights)]float64 {
	return [...]float64{1, e.Coverage, e.Missing, e.Gap, e.Beside, e.Kind, one(e.Open), 1 / float64(max(e.Words, 1)), one(e.Joined)}
}

// Weights returns what each of the signals weighs.
func Weights() [len(weights)]float64 { return weights }

// Likelihood returns how likely it is the answer, from 0 to 1.
func (e Evidence) Likelihood() float64 {
	if e.Words == 0 {
		return 0
	}
	signals := e.Signals()
	return weigh(signals[:], weights[:])
}

// weigh returns the likelihood that signals tell by their weights.
func weigh(signals, weights []float64) float64 {
	sum := 0.0
	for i, x := range signals {
		sum += x * weights[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// Answers reports whether the best is likely enough to be told as the answer.
func (e Evidence) Answers() bool { return e.Likelihood() >= told }

// Offers reports whether the best is likely enough to be offered where none is told.
func (e Evidence) Offers() bool { return e.Likelihood() >= offered }

// About is what speaks for a message being about an item.
type About struct {
	// Coverage is how much of the message the item has, by what its words weigh; Named how
	// much of the item's title the message has; Rarest what the word weighs that tells most,
	// and Others what all others do beside it.
	Coverage, Named, Rarest, Others float64
	// Length is how many words the message has, Asks whether it asks for something, and Exact
	// whether one of its words stands in the title or the facts as it is written; Alone
	// whether a message that is one word and no question has it in the title in another form, or
	// as a part of a longer one. Bent says of such a one that it is an ordinary word in another
	// form, and the title longer than the name of a thing: it may be some form of a verb there.
	// Answers says that it asks, and the item is a question with its answer.
	Length                            float64
	Asks, Exact, Alone, Bent, Answers bool
	// Priced says that a price is asked for and the item tells one, Unpriced that it tells none.
	Priced, Unpriced bool
}

// aboutWeights are what each of these tells, behind the constant: fitted to the messages of
// sources/itemindex/testdata/inside, of which half want nothing, and to those of our sets for
// understanding that want nothing. The last one is set, not fitted: those sets have few questions.
var aboutWeights = []float64{-4.05, 1.85, 2.8, 3.4, 5.75, -0.6, 0.35, 0.75, 1.15, -4.15, 0.5, 0.9, -1.5}

// Likelihood returns how likely the message is about the item, from 0 to 1.
func (a About) Likelihood() float64 {
	const mostOthers, longest = 1.5, 12
	return weigh([]float64{1, a.Coverage, a.Named, a.Rarest, min(a.Others, mostOthers), min(a.Length, longest), one(a.Asks), one(a.Exact), one(a.Alone), one(a.Bent), one(a.Answers), one(a.Priced), one(a.Unpriced)}, aboutWeights)
}

// one returns 1 for what is so, else 0.
func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
