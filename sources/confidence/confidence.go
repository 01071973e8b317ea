// Package confidence tells how likely the best of what was found answers what was asked: one
// logistic model of how much of the question it covers and how far it is ahead of the second,
// with one threshold to answer and one to offer what comes near.
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
}

// weights are what each piece of evidence tells: found from questions of which half have no
// answer, as archive.TestConfidenceIsWhatTheQuestionsTell prints them.
var weights = [...]float64{-9.2, 8.2, 2.6, 2.4, 1.5, 1.4, 2.0, -2.5}

// How likely an answer must be to be told, and the best of what comes near to be offered.
const (
	told    = 0.70
	offered = 0.001
)

// Signals returns the evidence in the order of the weights, behind the constant.
func (e Evidence) Signals() [len(weights)]float64 {
	open := 0.0
	if e.Open {
		open = 1
	}
	return [...]float64{1, e.Coverage, e.Missing, e.Gap, e.Beside, e.Kind, open, 1 / float64(max(e.Words, 1))}
}

// Weights returns what each of the signals weighs.
func Weights() [len(weights)]float64 { return weights }

// Likelihood returns how likely it is the answer, from 0 to 1.
func (e Evidence) Likelihood() float64 {
	if e.Words == 0 {
		return 0
	}
	sum := 0.0
	for i, x := range e.Signals() {
		sum += x * weights[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// Answers reports whether the best is likely enough to be told as the answer.
func (e Evidence) Answers() bool { return e.Likelihood() >= told }

// Offers reports whether the best is likely enough to be offered where none is told.
func (e Evidence) Offers() bool { return e.Likelihood() >= offered }
