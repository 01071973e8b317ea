package who

// Passing is what the next message of a reader may be about of whom nothing may be kept: what
// they were asked back, were answered last, and asked in vain. It is written down nowhere, and
// is of use for as long as a question is open.
type Passing struct {
	Question *Question
	Last     *Pull
	Miss     *Miss
	// Taps are the buttons that were shown last.
	Taps []Tap
}

// Tap is a button, by what is written on it and what it sends.
type Tap struct{ Label, Send string }

// IsZero reports that there is nothing.
func (p Passing) IsZero() bool {
	return p.Question == nil && p.Last == nil && p.Miss == nil && len(p.Taps) == 0
}

// Named returns a pull by what was asked for, without what was told.
func (p *Pull) Named() *Pull {
	return &Pull{Keyword: p.Keyword, Argument: p.Argument, At: p.At, Language: p.Language}
}
