package pipeline

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// backlog is what was accepted and is not finished: the readers' lines, and what
// each channel has under way.
type backlog struct {
	*base

	mu    sync.Mutex
	lines map[who.Key]*line
	// work settles what stands in a line until nothing is left.
	work func(*line)
	// active counts the lines at which somebody is; idle is told when there is
	// none.
	active int
	idle   *sync.Cond
	// boxes are the channels' mailboxes; asks and letters are in all of them, and
	// inHand of the asks are being worked on. room is told when that are fewer.
	boxes         map[[2]string]*mailbox
	asks, letters int
	inHand        int
	room          chan struct{}
	// absent are lines whose publisher or channel is not there.
	absent []*line
}

func newBacklog(b *base) *backlog {
	l := &backlog{base: b, lines: map[who.Key]*line{}, boxes: map[[2]string]*mailbox{}, room: make(chan struct{}, 1)}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// line is one reader's entries and letters in their order. backlog.mu guards it.
type line struct {
	key                who.Key
	publisher, channel string

	entries []*pull.Entry
	chores  []chore
	// inHand is the entry that is being settled; reworded are the corrections of
	// entries that are not settled, by their ids: nil where one was taken back.
	inHand   *pull.Entry
	reworded map[uint64]*pull.Incoming
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
func (n *line) waits() bool { return len(n.entries)+len(n.chores) > 0 }

// active says that somebody is at it.
func (n *line) active() bool { return n.working || n.sending }

// enqueue puts an entry at the end of its reader's line.
func (l *backlog) enqueue(e *pull.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.lineOf(e.Reader)
	b := l.boxOf(&e.Ask)
	n.publisher, n.channel = b.publisher, b.channel
	n.entries = append(n.entries, e)
	if n.absent {
		l.occupyRoom(b, -1)
		l.inHand--
	}
	l.wakeLine(n)
}

// lineOf is a reader's line, made where there is none.
func (l *backlog) lineOf(key who.Key) *line {
	n := l.lines[key]
	if n == nil {
		n = &line{key: key}
		l.lines[key] = n
	}
	return n
}

// wakeLine has somebody work on the line, unless somebody does.
func (l *backlog) wakeLine(n *line) {
	if !n.working && (!n.absent || len(n.chores) > 0) {
		l.setWorking(n, true)
		l.crew.run(func() { l.work(n) })
	}
}

func (l *backlog) setWorking(n *line, working bool) {
	l.changeLine(n, func() { n.working = working })
}

func (l *backlog) setSending(n *line, sending bool) {
	l.changeLine(n, func() { n.sending = sending })
}

// changeLine counts the lines at which somebody is, and forgets a line in which
// nothing happens any more.
func (l *backlog) changeLine(n *line, f func()) {
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
		n.entries, n.chores = nil, nil
	}
	l.leaveLine(n)
	if l.active == 0 {
		l.idle.Broadcast()
	}
}

// leaveLine forgets a line in which nothing happens any more.
func (l *backlog) leaveLine(n *line) {
	if !n.active() && !n.waits() && len(n.letters) == 0 && l.lines[n.key] == n {
		delete(l.lines, n.key)
	}
}

// workLine settles the entries of one line until none is left.
func (l *Pipeline) workLine(n *line) {
	for {
		l.doChores(n)
		e, ok := l.nextEntry(n)
		if !ok {
			return
		}
		if e == nil {
			continue
		}
		l.settleEntry(n, e)
		l.leaveHand(n)
		if l.takeTurn(n) {
			l.sendLetters(n)
			return
		}
	}
}

// takeTurn makes a sender of the worker where nothing else waits for it: mostly a
// reader asks once and waits. Otherwise somebody else sends.
func (l *mailroom) takeTurn(n *line) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.owed {
		return false
	}
	n.owed = false
	if n.waits() {
		l.crew.run(func() { l.sendLetters(n) })
		return false
	}
	l.setWorking(n, false)
	return true
}

// nextEntry takes the next one out of the line: nil where a chore comes first, false
// where nothing waits.
func (l *backlog) nextEntry(n *line) (*pull.Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.waits() || n.absent && len(n.chores) == 0 || l.working.Err() != nil {
		l.setWorking(n, false)
		return nil, false
	}
	if len(n.chores) > 0 {
		return nil, true
	}
	e := n.entries[0]
	n.entries, n.inHand = n.entries[1:], e
	return e, true
}

// finishAsk notes the end of an ask's life.
func (l *mailroom) finishAsk(n *line, f Finish) {
	l.mu.Lock()
	n.ended = append(n.ended, f.Ask.ID)
	if most := 2 * who.MaxUnsent; len(n.ended) > most {
		n.ended = slices.Delete(n.ended, 0, len(n.ended)-most)
	}
	l.mu.Unlock()
	f.Forget = l.anonymous(f.Ask)
	l.Ledger.Finish(l.working, f)
	l.over(&f.Ask)
}

// over notes that nothing more is done for an ask.
func (l *base) over(a *pull.Ask) {
	l.pending.Add(-1)
	if l.Ended != nil {
		l.Ended(a)
	}
}
