package pages

import "time"

// AgeState says how old an answer is, by what its editor allows.
type AgeState string

// The states: told without asking anew; older than that, and still told; too old to be
// told as current.
const (
	AgeFresh  AgeState = "fresh"
	AgeBehind AgeState = "behind"
	AgeOld    AgeState = "old"
)

// Age is how old an answer is, drawn the same way wherever one stands: by a shape and a
// word. Without a state it is the moment alone.
type Age struct {
	State AgeState
	At    time.Time
}

// NewAge returns the age of what was brought at a moment, as it is fresh and told until others.
func NewAge(at, fresh, told, now time.Time) Age {
	a := Age{State: AgeOld, At: at}
	switch {
	case at.IsZero():
		a.State = ""
	case !now.After(fresh):
		a.State = AgeFresh
	case !now.After(told):
		a.State = AgeBehind
	}
	return a
}
