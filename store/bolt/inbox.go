package bolt

import (
	"slices"
	"sync"
	"time"

	"keypull/store"
)

// Limits of one transaction: beyond a few thousand keys one large one takes
// longer than two halves, since pages are split at its end only.
const (
	maxTurnWorks = 4096
	maxTurnBytes = 16 << 20
	// maxTurns is how many may wait before work for later waits as well.
	maxTurns = 4
)

// laterDelay is how long a write that nobody waits for may wait for another
// one to ride with.
const laterDelay = 10 * time.Millisecond

// inbox is where callers leave their work and the writer takes it.
type inbox struct {
	wake chan struct{}

	mu     sync.Mutex
	closed bool
	turns  []*turn // only the last one still fills
	timer  *time.Timer
	asked  []*copyRequest
}

// copy asks the writer for a file that may be copied.
func (in *inbox) copy() (*copyRequest, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return nil, store.ErrClosed
	}
	r := &copyRequest{done: make(chan struct{})}
	in.asked = append(in.asked, r)
	in.signal()
	return r, nil
}

// copies takes what was asked for.
func (in *inbox) copies() (asked []*copyRequest) {
	in.mu.Lock()
	defer in.mu.Unlock()
	asked, in.asked = in.asked, nil
	return asked
}

// add puts work into the turn that fills and returns that turn. Work for later
// does not wake the writer at once.
func (in *inbox) add(w work, later bool) (*turn, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return nil, store.ErrClosed
	}
	t := in.filling()
	t.works = append(t.works, w)
	t.bytes += w.size()
	if later && len(t.works) < maxTurnWorks {
		in.within(t, laterDelay)
		return t, nil
	}
	t.urgent = true
	in.signal()
	return t, nil
}

// crowded says that so much waits that nobody may leave without waiting.
func (in *inbox) crowded() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.turns) > maxTurns
}

// back takes work that has to be tried again after a while.
func (in *inbox) back(works []work, after time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.filling()
	t.works = append(works, t.works...)
	in.within(t, after)
}

func (in *inbox) filling() *turn {
	if n := len(in.turns); n > 0 {
		if t := in.turns[n-1]; len(t.works) < maxTurnWorks && t.bytes < maxTurnBytes {
			return t
		}
	}
	t := &turn{done: make(chan struct{})}
	in.turns = append(in.turns, t)
	return t
}

// next takes the oldest turn, or nil when there is none; over means that there
// will be none any more.
func (in *inbox) next() (t *turn, over bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.turns) == 0 {
		return nil, in.closed
	}
	if !in.ready() {
		in.arm()
		return nil, false
	}
	t = in.turns[0]
	in.turns[0] = nil
	in.turns = in.turns[1:]
	return t, false
}

// ready says that a turn must not wait any longer: it or one behind it, since
// they go in order.
func (in *inbox) ready() bool {
	now := time.Now()
	return in.closed || slices.ContainsFunc(in.turns, func(t *turn) bool { return t.urgent || !now.Before(t.by) })
}

// within has a turn that nobody waits for taken in a while at the latest.
func (in *inbox) within(t *turn, after time.Duration) {
	if by := time.Now().Add(after); t.by.IsZero() || by.Before(t.by) {
		t.by = by
		in.arm()
	}
}

// arm sets the timer to the turn that must be taken first.
func (in *inbox) arm() {
	first := slices.MinFunc(in.turns, func(a, b *turn) int { return a.by.Compare(b.by) })
	wait := max(time.Until(first.by), 0)
	if in.timer == nil {
		in.timer = time.AfterFunc(wait, in.signal)
		return
	}
	in.timer.Reset(wait)
}

func (in *inbox) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	if in.timer != nil {
		in.timer.Stop()
	}
	in.signal()
}

func (in *inbox) signal() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}
