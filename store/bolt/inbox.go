package bolt

import (
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
	armed  bool // the timer runs
	due    bool // what was left for later has waited long enough
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
		in.wakeLater(laterDelay)
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
	in.wakeLater(after)
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
	t = in.turns[0]
	if !t.urgent && !in.due && !in.closed {
		return nil, false
	}
	in.due, in.armed = false, false
	in.turns[0] = nil
	in.turns = in.turns[1:]
	return t, false
}

// wakeLater starts the wait of work for later, unless it runs already.
func (in *inbox) wakeLater(after time.Duration) {
	if in.armed {
		return
	}
	in.armed = true
	if in.timer == nil {
		in.timer = time.AfterFunc(after, in.ring)
		return
	}
	in.timer.Reset(after)
}

func (in *inbox) ring() {
	in.mu.Lock()
	in.due = true
	in.mu.Unlock()
	in.signal()
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
