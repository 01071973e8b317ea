// Package slot reads dates, numbers, amounts and names of languages as readers of
// many languages write them, and gives each one form. It knows no clock: what
// today is, it is told; where in a message a value stands is found elsewhere.
package slot

// Kind is the kind of a slot: what its value must be.
type Kind string

// The kinds of arguments; the empty value means any words.
const (
	Text     Kind = "text"
	Number   Kind = "number"
	Date     Kind = "date"
	Amount   Kind = "amount"
	Language Kind = "language"
	// Place takes what a reader shares as one, and any text.
	Place Kind = "place"
)
