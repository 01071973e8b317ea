package pipeline

import (
	"context"
	"time"

	"keypull/pull"
)

// lookAround is how often a channel that takes nothing is looked through for
// what has waited too long.
const lookAround = time.Minute

// mailbox is what waits for one channel. Pipeline.mu guards it.
type mailbox struct {
	publisher, channel string
	// asks are accepted and not settled; letters are settled and not sent, and
	// take so many bytes on disk.
	asks    int
	letters int
	bytes   int64
	// lines are readers whose letters wait for the channel, the first to come
	// first; hands is how many others are being written to.
	lines   []*line
	hands   int
	tending bool
	freed   chan struct{}
	// proven: what an earlier process left has had to wait for a trial.
	proven bool
}

// box is the mailbox of a channel.
func (l *Pipeline) box(publisher, channel string) *mailbox {
	id := publisher + "/" + channel
	b := l.boxes[id]
	if b == nil {
		b = &mailbox{publisher: publisher, channel: channel, freed: make(chan struct{}, 1)}
		l.boxes[id] = b
	}
	return b
}

func (l *Pipeline) boxOf(a *pull.Ask) *mailbox { return l.box(a.Publisher, a.Channel) }

// prove has a channel tried before it gets what an earlier process could not
// bring: all of it would leave at once, for a platform that may still be away.
func (l *Pipeline) prove(b *mailbox) {
	l.mu.Lock()
	proven := b.proven
	b.proven = true
	l.mu.Unlock()
	if !proven {
		l.Courier.Prove(b.publisher, b.channel)
	}
}

// take has a reader of the channel written to, if nobody waits for that before.
func (l *Pipeline) take(b *mailbox) bool {
	if len(b.lines) > 0 || b.hands >= l.Courier.Room(b.publisher, b.channel) {
		return false
	}
	b.hands++
	return true
}

// free gives back what take took.
func (b *mailbox) free() {
	b.hands--
	select {
	case b.freed <- struct{}{}:
	default:
	}
}

// park has a line wait for its channel.
func (l *Pipeline) park(b *mailbox, n *line) {
	n.parked = true
	b.lines = append(b.lines, n)
	if !b.tending && l.working.Err() == nil {
		b.tending = true
		l.steadily("bring what waits", func() { l.tend(b) })
	}
}

// tend brings the letters of a mailbox on their way, one by one as trials while
// the channel is closed, until none waits.
func (l *Pipeline) tend(b *mailbox) {
	for l.claiming.Err() == nil {
		l.expire(b)
		trial, err := l.admit(b)
		switch {
		case err != nil:
			continue
		case trial:
			l.tryOne(b)
		case l.busy(b):
			l.awaitHand(b)
		default:
			l.handOut(b)
		}
		if l.tended(b) {
			return
		}
	}
}

// admit waits for the channel, and not so long that nobody looks around.
func (l *Pipeline) admit(b *mailbox) (bool, error) {
	ctx, cancel := context.WithTimeout(l.claiming, lookAround)
	defer cancel()
	return l.Courier.Admit(ctx, b.publisher, b.channel)
}

func (l *Pipeline) tended(b *mailbox) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.tending = len(b.lines) > 0
	return !b.tending
}

// awaitHand waits until somebody has been written to.
func (l *Pipeline) awaitHand(b *mailbox) {
	select {
	case <-b.freed:
	case <-l.claiming.Done():
	}
}

// busy says that as many are being written to as may be.
func (l *Pipeline) busy(b *mailbox) bool {
	room := l.Courier.Room(b.publisher, b.channel)
	l.mu.Lock()
	defer l.mu.Unlock()
	return b.hands > 0 && b.hands >= room
}

// handOut has the first who waits written to.
func (l *Pipeline) handOut(b *mailbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.pick(b, 0); n != nil {
		b.hands++
		l.setSending(n, true)
		l.crew.run(func() { l.send(n) })
	}
}

// pick takes the line at a place out of the mailbox; nil where it has nothing to
// be sent any more.
func (l *Pipeline) pick(b *mailbox, i int) *line {
	if i >= len(b.lines) {
		return nil
	}
	n := b.lines[i]
	// The place of the one that leaves goes to those before it: nearly always
	// there is none.
	copy(b.lines[1:i+1], b.lines[:i])
	b.lines[0] = nil
	b.lines = b.lines[1:]
	n.parked = false
	if len(n.letters) == 0 {
		l.leave(n)
		return nil
	}
	return n
}

// lookFor is how many lines are looked at for one to try a channel with.
const lookFor = 256

// tryOne tries a channel that was closed with one letter: with one for which no
// request has left where there is one, else with one that surely has not
// arrived, since of the others each may be sent once more only.
func (l *Pipeline) tryOne(b *mailbox) {
	l.mu.Lock()
	n := l.pick(b, b.trial())
	if n == nil {
		l.mu.Unlock()
		return
	}
	b.hands++
	l.setSending(n, true)
	l.mu.Unlock()
	l.sendOne(n, true)
}

// trial is the place of the line that is best for trying the channel.
func (b *mailbox) trial() int {
	at, best := 0, -1
	for i := range min(len(b.lines), lookFor) {
		t := b.lines[i].letters
		if len(t) == 0 {
			continue
		}
		rank := 0
		if !t[0].doubtful() {
			rank++
		}
		if !t[0].departure.Left {
			rank++
		}
		if rank > best {
			at, best = i, rank
		}
	}
	return at
}

// expire ends what has waited for longer than it is kept.
func (l *Pipeline) expire(b *mailbox) {
	now := l.Clock()
	type late struct {
		n *line
		t *letter
	}
	var over []late
	l.mu.Lock()
	for _, n := range b.lines {
		for len(n.letters) > 0 && now.Sub(n.letters[0].settled) > l.Send.Keep && n.folding != n.letters[0] {
			over = append(over, late{n, n.letters[0]})
			n.letters = n.letters[1:]
		}
	}
	l.mu.Unlock()
	for _, o := range over {
		l.end(o.n, o.t, Dead, "its channel could not be reached for "+l.Send.Keep.String())
	}
}
