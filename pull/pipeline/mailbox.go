package pipeline

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// lookAround is how often a channel that takes nothing is looked through for
// what has waited too long.
const lookAround = time.Minute

// mailroom brings settled replies to the channels: what can leave at once, and
// what has to wait.
type mailroom struct {
	*backlog
	*departing
}

func newMailroom(b *base) *mailroom {
	return &mailroom{newBacklog(b), &departing{newReaders(b)}}
}

// mailbox is what waits for one channel. backlog.mu guards it.
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
func (l *backlog) box(publisher, channel string) *mailbox {
	id := [2]string{publisher, channel}
	b := l.boxes[id]
	if b == nil {
		b = &mailbox{publisher: publisher, channel: channel, freed: make(chan struct{}, 1)}
		l.boxes[id] = b
	}
	return b
}

func (l *backlog) boxOf(a *pull.Ask) *mailbox { return l.box(a.Publisher, a.Channel) }

// proveChannel has a channel tried before it gets what an earlier process could not
// bring: all of it would leave at once, for a platform that may still be away.
func (l *mailroom) proveChannel(b *mailbox) {
	l.mu.Lock()
	proven := b.proven
	b.proven = true
	l.mu.Unlock()
	if !proven {
		l.Courier.Prove(b.publisher, b.channel)
	}
}

// takeHand has a reader of the channel written to, if nobody waits for that before.
func (l *mailroom) takeHand(b *mailbox) bool {
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
func (l *mailroom) park(b *mailbox, n *line) {
	n.parked = true
	b.lines = append(b.lines, n)
	if !b.tending && l.working.Err() == nil {
		b.tending = true
		l.steadily("bring what waits", func() { l.tendMailbox(b) })
	}
}

// tendMailbox brings the letters of a mailbox on their way, one by one as trials while
// the channel is closed, until none waits.
func (l *mailroom) tendMailbox(b *mailbox) {
	for l.claiming.Err() == nil {
		l.expireLetters(b)
		trial, err := l.awaitChannel(b)
		switch {
		case err != nil:
			continue
		case trial:
			l.tryChannel(b)
		case l.allHandsBusy(b):
			l.awaitHand(b)
		default:
			l.handOutLetter(b)
		}
		if l.isTended(b) {
			return
		}
	}
}

// awaitChannel waits for the channel, and not so long that nobody looks around.
func (l *mailroom) awaitChannel(b *mailbox) (bool, error) {
	ctx, cancel := context.WithTimeout(l.claiming, lookAround)
	defer cancel()
	return l.Courier.Admit(ctx, b.publisher, b.channel)
}

func (l *mailroom) isTended(b *mailbox) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.tending = len(b.lines) > 0
	return !b.tending
}

// awaitHand waits until somebody has been written to.
func (l *mailroom) awaitHand(b *mailbox) {
	select {
	case <-b.freed:
	case <-l.claiming.Done():
	}
}

// allHandsBusy says that as many are being written to as may be.
func (l *mailroom) allHandsBusy(b *mailbox) bool {
	room := l.Courier.Room(b.publisher, b.channel)
	l.mu.Lock()
	defer l.mu.Unlock()
	return b.hands > 0 && b.hands >= room
}

// handOutLetter has the first who waits written to.
func (l *mailroom) handOutLetter(b *mailbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.pickLine(b, 0); n != nil {
		b.hands++
		l.setSending(n, true)
		l.crew.run(func() { l.sendLetters(n) })
	}
}

// pickLine takes the line at a place out of the mailbox; nil where it has nothing to
// be sent any more.
func (l *mailroom) pickLine(b *mailbox, i int) *line {
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
		l.leaveLine(n)
		return nil
	}
	return n
}

// lookFor is how many lines are looked at for one to try a channel with.
const lookFor = 256

// tryChannel tries a channel that was closed with one letter: with one for which no
// request has left where there is one, else with one that surely has not
// arrived, since of the others each may be sent once more only.
func (l *mailroom) tryChannel(b *mailbox) {
	l.mu.Lock()
	n := l.pickLine(b, b.trial())
	if n == nil {
		l.mu.Unlock()
		return
	}
	b.hands++
	l.setSending(n, true)
	l.mu.Unlock()
	l.sendLetter(n, true)
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

// expireLetters ends what has waited for longer than it is kept.
func (l *mailroom) expireLetters(b *mailbox) {
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
		l.endLetter(o.n, o.t, Dead, words.Text{Key: "dead.unreachable", Args: words.Args{"keep": l.Send.Keep.String()}})
	}
}
