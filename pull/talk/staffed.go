package talk

import (
	"slices"
	"time"
)

// UnheardFor is for how long it is told that answers did not count.
const UnheardFor = 24 * time.Hour

// Staffed is how people of a publisher answer readers. A value is never changed: it is replaced.
type Staffed struct {
	// At is when one did last.
	At time.Time `json:"at"`
	// Unheard are the answers of late that did not count, by the hour.
	Unheard []Unheard `json:"unheard,omitempty"`
}

// Unheard is how many answers did not count within an hour, the first of them at From.
type Unheard struct {
	From time.Time `json:"from"`
	N    int       `json:"n"`
}

// Answer returns s with an answer that counts.
func (s Staffed) Answer(at time.Time) Staffed {
	s.At = at.UTC()
	return s
}

// Refuse returns s with an answer that did not count.
func (s Staffed) Refuse(at time.Time) Staffed {
	const most = int(UnheardFor/time.Hour) + 1
	s.Unheard = slices.Clone(s.Unheard[max(len(s.Unheard)-most, 0):])
	last := len(s.Unheard) - 1
	if last < 0 || at.Sub(s.Unheard[last].From) >= time.Hour {
		s.Unheard, last = append(s.Unheard, Unheard{From: at.UTC()}), last+1
	}
	s.Unheard[last].N++
	return s
}

// Refused returns how many answers did not count in the day before a moment, and since when.
func (s Staffed) Refused(at time.Time) (n int, since time.Time) {
	for _, u := range s.Unheard {
		if at.Sub(u.From) > UnheardFor {
			continue
		}
		if n += u.N; since.IsZero() {
			since = u.From
		}
	}
	return n, since
}
