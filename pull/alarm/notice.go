package alarm

import (
	"slices"
	"time"

	"keypull/pull/words"
)

// Event is what a notice tells.
type Event string

// The events.
const (
	Raised Event = "raised"
	Over   Event = "over"
	// Tried: nothing fails, somebody wants to see that notices arrive.
	Tried Event = "tried"
)

// Bounds of notices: how many troubles one tells of people at once, or of programs, which
// are told of each by itself while there are few; how many wait, and how long it is waited
// after one that did not arrive.
const (
	mostTroubles = 50
	mostSingle   = 20
	mostNotices  = 100
	firstPause   = time.Minute
	longestPause = 15 * time.Minute
)

// Notice is one thing that an address is told, or is to be.
type Notice struct {
	// Number tells it apart from all others of its address.
	Number   int       `json:"number"`
	Event    Event     `json:"event"`
	At       time.Time `json:"at"`
	Troubles []Trouble `json:"troubles,omitempty"`
	// Left: a request for it may have left, so that nothing sends it once more.
	Left bool `json:"left,omitempty"`
	// Tries is how often it was sent in vain, Next when it is tried again.
	Tries int       `json:"tries,omitempty"`
	Next  time.Time `json:"next,omitzero"`
}

// addNotices puts what is to be told among the notices.
func (a *Address) addNotices(e Event, troubles []Trouble, at time.Time) {
	sortTroubles(troubles)
	size := mostTroubles
	if a.Way == Webhook && len(troubles) <= mostSingle {
		size = 1
	}
	for part := range slices.Chunk(troubles, size) {
		a.Number++
		a.Notices = append(a.Notices, Notice{Number: a.Number, Event: e, At: at, Troubles: part})
	}
	if more := len(a.Notices) - mostNotices; more > 0 {
		a.Notices = slices.Delete(a.Notices, 0, more)
	}
}

// withdrawUntold returns what of troubles that are over is to be told: of what nobody has
// heard that it fails nothing is, then or now.
func (a *Address) withdrawUntold(over []Trouble) []Trouble {
	return slices.DeleteFunc(over, func(t Trouble) bool {
		untold := false
		for i := range a.Notices {
			n := &a.Notices[i]
			if n.Event != Raised || n.Left {
				continue
			}
			before := len(n.Troubles)
			n.Troubles = slices.DeleteFunc(slices.Clone(n.Troubles), func(o Trouble) bool { return o.Key() == t.Key() })
			untold = untold || len(n.Troubles) < before
		}
		a.Notices = slices.DeleteFunc(a.Notices, func(n Notice) bool { return len(n.Troubles) == 0 })
		return untold
	})
}

// NextNotice returns the first notice that is to be sent at a moment, and marks it: sent is
// called when it is known what became of it.
func (a *Address) NextNotice(at time.Time) (n Notice, ok bool) {
	for i := range a.Notices {
		if n := &a.Notices[i]; !n.Left && !at.Before(n.Next) {
			n.Left = true
			return *n, true
		}
	}
	return n, false
}

// NoteSent notes what became of a notice: why says what kept it from arriving, and nothing
// where it did.
func (a *Address) NoteSent(number int, why words.Text, at time.Time) {
	i := slices.IndexFunc(a.Notices, func(n Notice) bool { return n.Number == number })
	if why.IsZero() {
		a.Told, a.Failed, a.Why = at, time.Time{}, words.Text{}
		if i >= 0 {
			a.Notices = slices.Delete(slices.Clone(a.Notices), i, i+1)
		}
		return
	}
	if a.Why = why; a.Failed.IsZero() {
		a.Failed = at
	}
	if i >= 0 {
		n := &a.Notices[i]
		n.Left, n.Next = false, at.Add(min(firstPause<<min(n.Tries, 8), longestPause))
		n.Tries++
	}
}

// Resume forgets the notices that an earlier process was sending when it ended: they may
// have arrived, and nothing is told twice.
func (a *Address) Resume() {
	a.Notices = slices.DeleteFunc(a.Notices, func(n Notice) bool { return n.Left })
}
