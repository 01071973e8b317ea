package life

import (
	"slices"
	"sync/atomic"

	"keypull/pull"
	"keypull/pull/who"
)

// line is one reader's asks and replies in their order. Life.mu guards it.
type line struct {
	asks    []pull.Ask
	chores  []chore
	working bool
	replies []Parcel
	sending bool
	// owed says that sending is to begin, by the worker itself or by another.
	owed bool
	// onWay counts the replies in the courier's hands: none or one.
	onWay int
	// dropped says that the one on its way need not leave any more.
	dropped atomic.Bool
	// sent are replies that have left and that the document still names.
	sent []uint64
}

func (n *line) quiet() bool {
	return !n.working && !n.sending && !n.waits() && len(n.replies) == 0
}

// waits says that there is something to work on.
func (n *line) waits() bool { return len(n.asks)+len(n.chores) > 0 }

// enqueue puts an ask at the end of its reader's line.
func (l *Life) enqueue(a pull.Ask) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.lineOf(a.Reader)
	n.asks = append(n.asks, a)
	l.wake(a.Reader, n)
}

// lineOf is a reader's line, made where there is none.
func (l *Life) lineOf(key who.Key) *line {
	n := l.lines[key]
	if n == nil {
		n = &line{}
		l.lines[key] = n
	}
	return n
}

// wake has somebody work on the line, unless somebody does.
func (l *Life) wake(key who.Key, n *line) {
	if !n.working {
		n.working = true
		l.crew.run(func() { l.work(key, n) })
	}
}

// work settles the asks of one line until none is left.
func (l *Life) work(key who.Key, n *line) {
	for {
		l.attend(n)
		a, ok := l.next(key, n)
		if !ok {
			return
		}
		if a == nil {
			continue
		}
		l.settle(n, *a)
		if l.turn(key, n) {
			l.send(key, n)
			return
		}
	}
}

// turn makes a sender of the worker where nothing else waits for it: mostly a
// reader asks once and waits. Otherwise somebody else sends.
func (l *Life) turn(key who.Key, n *line) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.owed {
		return false
	}
	n.owed = false
	if n.waits() {
		l.crew.run(func() { l.send(key, n) })
		return false
	}
	n.working = false
	return true
}

// next takes the next ask out of the line: nil where a chore comes first, false
// where nothing waits.
func (l *Life) next(key who.Key, n *line) (*pull.Ask, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.waits() || l.working.Err() != nil {
		n.working = false
		l.leave(key, n)
		return nil, false
	}
	if len(n.chores) > 0 {
		return nil, true
	}
	a := n.asks[0]
	n.asks = n.asks[1:]
	return &a, true
}

// leave forgets a line in which nothing happens any more.
func (l *Life) leave(key who.Key, n *line) {
	if l.working.Err() != nil {
		for _, c := range n.chores {
			c.done <- errEnding()
		}
		n.asks, n.chores, n.replies = nil, nil, nil
	}
	if n.quiet() {
		delete(l.lines, key)
		if len(l.lines) == 0 {
			l.idle.Broadcast()
		}
	}
}

// post puts a reply at the end of the line. Of more than the reader's document
// can name, the one on its way included, the oldest becomes a dead letter.
func (l *Life) post(n *line, p Parcel) {
	l.mu.Lock()
	n.replies = append(n.replies, p)
	var dead []Parcel
	if over := len(n.replies) + n.onWay - who.MaxUnsent; over > 0 {
		dead = slices.Clone(n.replies[:over])
		n.replies = slices.Delete(n.replies, 0, over)
	}
	if !n.sending {
		n.sending, n.owed = true, true
	}
	l.mu.Unlock()
	for _, d := range dead {
		l.finish(n, d.Ask, Dead)
	}
}

// send delivers the replies of one line until none is left.
func (l *Life) send(key who.Key, n *line) {
	for {
		p, ok := l.nextReply(key, n)
		if !ok {
			return
		}
		switch fate := l.Courier.Deliver(l.working, p); fate {
		case Open:
			l.pending.Add(-1)
		case Gone:
			l.finish(n, p.Ask, Gone)
			l.drop(n, Gone)
			l.depart(p.Ask)
		default:
			l.finish(n, p.Ask, fate)
		}
	}
}

func (l *Life) nextReply(key who.Key, n *line) (Parcel, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.onWay = 0
	if len(n.replies) == 0 || l.working.Err() != nil {
		n.sending = false
		l.leave(key, n)
		return Parcel{}, false
	}
	p := n.replies[0]
	n.replies, n.onWay = n.replies[1:], 1
	n.dropped.Store(false)
	p.line = n
	return p, true
}

// drop ends the replies that still wait: the reader said STOP, or is gone. The
// courier learns of it between its tries.
func (l *Life) drop(n *line, fate Fate) {
	l.mu.Lock()
	n.dropped.Store(true)
	dropped := n.replies
	n.replies = nil
	l.mu.Unlock()
	for _, p := range dropped {
		l.finish(n, p.Ask, fate)
	}
}

// finish notes the end of an ask's life.
func (l *Life) finish(n *line, a pull.Ask, fate Fate) {
	l.mu.Lock()
	n.sent = append(n.sent, a.ID)
	if len(n.sent) > 2*who.MaxUnsent {
		n.sent = slices.Delete(n.sent, 0, len(n.sent)-2*who.MaxUnsent)
	}
	l.mu.Unlock()
	l.Ledger.Finish(l.working, Finish{Ask: a.ID, Fate: fate, Forget: l.anonymous(a)})
	l.pending.Add(-1)
}

// depart notes that the platform refused the reader for good.
func (l *Life) depart(a pull.Ask) {
	at := l.Clock()
	if err := l.Change(l.working, a.Reader, func(r who.Reader) who.Reader { return r.Leave(at) }); err != nil {
		l.Logger.Error("a reader who is gone could not be marked", "reader", a.Reader, "error", err)
	}
}
