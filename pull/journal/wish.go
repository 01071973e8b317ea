package journal

import (
	"iter"
	"slices"
)

// Wish is one keyword of an ask that ran several, told as a trace tells of the
// one keyword of any other.
type Wish struct {
	Outcome  Outcome `json:"outcome"`
	Keyword  string  `json:"keyword"`
	Argument string  `json:"argument,omitempty"`
	Phrase   string  `json:"phrase,omitempty"`
	When     When    `json:"when"`
	Error    string  `json:"error,omitempty"`
}

// Ran walks the keywords that an ask ran, with how each ended; of an ask that
// ran one or none, that is the trace itself.
func (t *Trace) Ran() iter.Seq[*Wish] {
	return func(yield func(*Wish) bool) {
		if len(t.Wishes) == 0 {
			yield(&Wish{t.Outcome, t.What.Keyword, t.What.Argument, t.What.Phrase, t.When, t.Error})
			return
		}
		for i := range t.Wishes {
			if !yield(&t.Wishes[i]) {
				return
			}
		}
	}
}

// Join writes down what several keywords of one ask came to. The ask as a whole
// ended like the best of them, the first of those, of which the trace tells in
// the place where it tells of one.
func (t *Trace) Join(wishes []Wish) {
	t.Wishes = wishes
	for _, outcome := range []Outcome{Answered, Offered, Refused, wishes[0].Outcome} {
		i := slices.IndexFunc(wishes, func(w Wish) bool { return w.Outcome == outcome })
		if i < 0 {
			continue
		}
		best := wishes[i]
		t.Outcome, t.When, t.Error = best.Outcome, best.When, ""
		t.What.Keyword, t.What.Argument, t.What.Phrase = best.Keyword, best.Argument, best.Phrase
		break
	}
	for _, w := range wishes {
		if w.Error != "" {
			t.Error = w.Error
			return
		}
	}
}

// Wordless returns the trace without what its reader wrote.
func (t *Trace) Wordless() Trace {
	bare := *t
	bare.What.Argument, bare.What.Unknown, bare.What.Core, bare.What.Accepted, bare.What.AcceptedArgument, bare.What.Said = "", "", "", "", "", ""
	bare.Wishes = slices.Clone(t.Wishes)
	for i := range bare.Wishes {
		bare.Wishes[i].Argument = ""
	}
	return bare
}
