package pipeline

import (
	"slices"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// line is one reader's asks and letters in their order. Pipeline.mu guards it.
type line struct {
	key                who.Key
	publisher, channel string

	asks   []pull.Ask
	chores []chore
	// working: somebody settles its asks. absent: its publisher or channel is not
	// there, and its asks wait for that since the first of them came.
	working, absent bool
	since           time.Time
	letters         []*letter
	// sending: somebody delivers its letters, of which one is onWay; parked: they
	// wait for the channel.
	sending, parked bool
	onWay           *letter
	// folding is the letter that gives way to newer ones.
	folding *letter
	// owed says that sending is to begin, by the worker itself or by another.
	owed bool
	// dropped says that the one on its way need not leave any more.
	dropped atomic.Bool
	// ended are asks that the document may still name as unsent.
	ended []uint64
}

// waits says that there is something to work on.
func (n *line) waits() bool { return len(n.asks)+len(n.chores) > 0 }

// active says that somebody is at it.
func (n *line) active() bool { return n.working || n.sending }

// enqueue puts an ask at the end of its reader's line.
func (l *Pipeline) enqueue(a pull.Ask) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.lineOf(a.Reader)
	b := l.boxOf(&a)
	n.publisher, n.channel = b.publisher, b.channel
	n.asks = append(n.asks, a)
	if n.absent {
		l.occupy(b, -1)
		l.inHand--
	}
	l.wake(n)
}

// lineOf is a reader's line, made where there is none.
func (l *Pipeline) lineOf(key who.Key) *line {
	n := l.lines[key]
	if n == nil {
		n = &line{key: key}
		l.lines[key] = n
	}
	return n
}

// wake has somebody work on the line, unless somebody does.
func (l *Pipeline) wake(n *line) {
	if !n.working && (!n.absent || len(n.chores) > 0) {
		l.setWorking(n, true)
		l.crew.run(func() { l.work(n) })
	}
}

func (l *Pipeline) setWorking(n *line, working bool) {
	l.change(n, func() { n.working = working })
}

func (l *Pipeline) setSending(n *line, sending bool) {
	l.change(n, func() { n.sending = sending })
}

// change counts the lines at which somebody is, and forgets a line in which
// nothing happens any more.
func (l *Pipeline) change(n *line, f func()) {
	before := n.active()
	f()
	switch {
	case !before && n.active():
		l.active++
		return
	case !before || n.active():
		return
	}
	l.active--
	if l.working.Err() != nil {
		for _, c := range n.chores {
			c.done <- errEnding()
		}
		n.asks, n.chores = nil, nil
	}
	l.leave(n)
	if l.active == 0 {
		l.idle.Broadcast()
	}
}

// leave forgets a line in which nothing happens any more.
func (l *Pipeline) leave(n *line) {
	if !n.active() && !n.waits() && len(n.letters) == 0 && l.lines[n.key] == n {
		delete(l.lines, n.key)
	}
}

// work settles the asks of one line until none is left.
func (l *Pipeline) work(n *line) {
	for {
		l.attend(n)
		a, ok := l.next(n)
		if !ok {
			return
		}
		if a == nil {
			continue
		}
		l.settle(n, *a)
		if l.turn(n) {
			l.send(n)
			return
		}
	}
}

// turn makes a sender of the worker where nothing else waits for it: mostly a
// reader asks once and waits. Otherwise somebody else sends.
func (l *Pipeline) turn(n *line) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.owed {
		return false
	}
	n.owed = false
	if n.waits() {
		l.crew.run(func() { l.send(n) })
		return false
	}
	l.setWorking(n, false)
	return true
}

// next takes the next ask out of the line: nil where a chore comes first, false
// where nothing waits.
func (l *Pipeline) next(n *line) (*pull.Ask, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.waits() || n.absent && len(n.chores) == 0 || l.working.Err() != nil {
		l.setWorking(n, false)
		return nil, false
	}
	if len(n.chores) > 0 {
		return nil, true
	}
	a := n.asks[0]
	n.asks = n.asks[1:]
	return &a, true
}

// finish notes the end of an ask's life.
func (l *Pipeline) finish(n *line, f Finish) {
	l.mu.Lock()
	n.ended = append(n.ended, f.Ask.ID)
	if most := 2 * who.MaxUnsent; len(n.ended) > most {
		n.ended = slices.Delete(n.ended, 0, len(n.ended)-most)
	}
	l.mu.Unlock()
	f.Forget = l.anonymous(f.Ask)
	l.Ledger.Finish(l.working, f)
	l.pending.Add(-1)
}
