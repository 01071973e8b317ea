package pipeline

import (
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// letter is a settled reply that has not been sent. Its text is in memory while
// it is about to leave, and else in its record alone.
type letter struct {
	ask     pull.Ask // without what was asked
	kind    pull.EntryKind
	reply   *pull.Reply
	settled time.Time
	bytes   int64
	// leaves: its record says that it may have left at once.
	leaves bool
	// resent: a dead letter that is sent again by hand.
	resent    bool
	departure Departure
	// noted: the departure stands on disk.
	noted bool
}

// letterBytes is about what a letter takes on disk beside its text, and in
// memory without it.
const letterBytes = 512

func newLetter(e *pull.Entry, r *pull.Reply, settled time.Time) *letter {
	a, kind := e.Ask, e.Kind
	if kind == pull.Asked && a.InBand {
		kind = pull.LateAnswer
	}
	// What was asked, and how the platform called it, is of no use any more.
	a.Text, a.Tap, a.Incoming.ID, a.Attachments, a.Location = "", "", "", nil, nil
	return &letter{ask: a, kind: kind, reply: r, settled: settled, bytes: int64(letterBytes + sizeOfReply(r))}
}

// doubtful says that the letter, or a part of it, may have arrived.
func (t *letter) doubtful() bool { return t.departure.Doubtful || t.departure.Parts > 0 }

// postLetter puts a letter at the end of its reader's line. With taken, the reader has
// a hand of the courier's already.
func (l *mailroom) postLetter(n *line, t *letter, taken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.postLetterLocked(n, t, taken)
}

func (l *mailroom) postLetterLocked(n *line, t *letter, taken bool) {
	b := l.boxOf(&t.ask)
	b.letters++
	l.letters++
	b.bytes += t.bytes
	n.letters = append(n.letters, t)
	switch {
	case n.sending || n.parked:
		t.reply = nil
		if taken {
			b.free()
		}
	case taken || l.takeHand(b):
		l.setSending(n, true)
		n.owed = true
	default:
		t.reply = nil
		l.park(b, n)
	}
}

// sendLetters delivers the letters of one line until none is left, or the channel takes
// no more.
func (l *mailroom) sendLetters(n *line) {
	for l.sendLetter(n, false) {
	}
}

// sendLetter delivers the first letter of a line, and says whether to go on. A
// trial is of one letter only: another line has the next.
func (l *mailroom) sendLetter(n *line, trial bool) bool {
	t := l.nextLetter(n)
	if t == nil {
		return false
	}
	d := l.deliverLetter(n, t, trial)
	switch d.Fate {
	case Open:
		l.pending.Add(-1)
	case Waits:
		l.keepLetterBack(n, t)
		return false
	case Gone:
		l.endLetter(n, t, Gone, words.Text{})
		l.dropLetters(n, Gone)
		l.markGone(t.ask)
	default:
		l.endLetter(n, t, d.Fate, d.Why)
	}
	if !trial {
		return true
	}
	l.restLine(n)
	return false
}

// nextLetter takes the first letter of a line into the courier's hands; nil
// where there is none, and then nobody sends.
func (l *mailroom) nextLetter(n *line) *letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.onWay = nil
	if len(n.letters) == 0 || l.working.Err() != nil {
		l.box(n.publisher, n.channel).free()
		l.setSending(n, false)
		return nil
	}
	// What gives way to newer ones does so as soon as that is written down; who
	// writes it has the rest sent.
	if n.letters[0] == n.folding {
		l.box(n.publisher, n.channel).free()
		l.setSending(n, false)
		return nil
	}
	n.onWay = n.letters[0]
	n.letters = n.letters[1:]
	n.dropped.Store(false)
	return n.onWay
}

// keepLetterBack puts a letter back that the channel did not take; its text stays on
// disk. A reader who has said STOP meanwhile waits for nothing.
func (l *mailroom) keepLetterBack(n *line, t *letter) {
	if n.dropped.Load() {
		l.endLetter(n, t, Discarded, words.Text{})
		l.restLine(n)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t.reply, n.onWay = nil, nil
	n.letters = slices.Insert(n.letters, 0, t)
	l.restLineLocked(n)
}

// restLine has a line wait for its channel, with what is left in it.
func (l *mailroom) restLine(n *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.onWay = nil
	l.restLineLocked(n)
}

func (l *mailroom) restLineLocked(n *line) {
	b := l.box(n.publisher, n.channel)
	b.free()
	if len(n.letters) > 0 {
		l.park(b, n)
	}
	l.setSending(n, false)
}

// foldLetter picks the letter that gives way where a further reply would be more than
// wait in full: the oldest that surely has not arrived. It is not sent until
// unfold or folded is called.
func (l *mailroom) foldLetter(n *line) *letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	certain := slices.DeleteFunc(slices.Clone(n.letters), (*letter).doubtful)
	if len(certain) < who.MaxWaiting {
		return nil
	}
	n.folding = certain[0]
	return n.folding
}

// unfoldLetter lets the letter that fold picked wait on, with gone false, or takes it
// out of the line.
func (l *mailroom) unfoldLetter(n *line, t *letter, gone bool) {
	if t == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n.folding = nil
	if i := slices.Index(n.letters, t); gone && i >= 0 {
		n.letters = slices.Delete(n.letters, i, i+1)
		l.forgetLetter(t)
		l.over(&t.ask)
	}
	if len(n.letters) > 0 && !n.sending && !n.parked {
		l.park(l.box(n.publisher, n.channel), n)
	}
}

// forgetLetter takes a letter out of what waits for its channel.
func (l *mailroom) forgetLetter(t *letter) {
	b := l.boxOf(&t.ask)
	b.letters--
	l.letters--
	b.bytes -= t.bytes
}

// dropLetters ends the letters that still wait: the reader said STOP, or is gone. The
// courier learns of it between its tries.
func (l *mailroom) dropLetters(n *line, fate Fate) {
	l.mu.Lock()
	n.dropped.Store(true)
	dropped := n.letters
	n.letters = nil
	l.mu.Unlock()
	for _, t := range dropped {
		l.endLetter(n, t, fate, words.Text{})
	}
}

// endLetter notes how a letter ended.
func (l *mailroom) endLetter(n *line, t *letter, fate Fate, why words.Text) {
	l.mu.Lock()
	l.forgetLetter(t)
	l.mu.Unlock()
	l.finishAsk(n, Finish{Ask: t.ask, Fate: fate, Why: why, Noted: t.noted, Resent: t.resent})
}
