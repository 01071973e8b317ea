package what

// Sure says how sure it must be that a message asks for a keyword until it is answered.
type Sure string

// What a publisher may choose.
const (
	// SureUsual answers where that is worth more than to ask first.
	SureUsual Sure = "usual"
	// SureRatherAsk takes a wrong answer for three times as bad.
	SureRatherAsk Sure = "rather_ask"
)

// What becomes of a message is worth so much: 1 where the keyword that is meant is
// answered, worthOffered where it is offered, and less than nothing for an offer that
// nobody asked for and for a wrong answer.
const (
	worthOffered   = 0.6
	worthIntruding = -0.36
	worthWrong     = -3
	timesWorse     = 3
)

// runFrom returns the certainty from which an answer is worth more than an offer.
func (s Sure) runFrom() float64 {
	wrong := float64(worthWrong)
	if s == SureRatherAsk {
		wrong *= timesWorse
	}
	return (worthIntruding - wrong) / (1 - worthOffered + worthIntruding - wrong)
}

// offerFrom is the certainty from which an offer is worth more than silence.
const offerFrom = -worthIntruding / (worthOffered - worthIntruding)
