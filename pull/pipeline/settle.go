package pipeline

import (
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// settleEntry resolves an entry and makes its answer count, whatever it takes:
// only the end of the process leaves it to the next one.
func (l *Pipeline) settleEntry(n *line, e *pull.Entry) {
	for tries := 1; l.working.Err() == nil; tries++ {
		done, err := l.caughtTry(n, e, tries)
		if done {
			return
		}
		if err != nil {
			l.Logger.Error("an ask could not be settled; trying again", "ask", e.ID, "channel", e.Channel, "error", err)
			pause(l.working, min(storePause<<min(tries-1, 4), longestStorePause))
		}
	}
	l.pending.Add(-1)
}

// trySettling makes one attempt. A lost compare-and-set is tried again at once from
// the new context, other failures of the store after a pause.
func (l *Pipeline) trySettling(n *line, original *pull.Entry, tries int) (done bool, err error) {
	e, there := l.wording(n, original)
	a := e.Ask
	if e.Kind == pull.Later {
		l.awaitNaming()
	}
	m, err := l.readerOf(a.Reader)
	if err != nil {
		return false, err
	}
	k := m.Load()
	if k.reader.HasSettled(a.ID) {
		return l.resumeEntry(n, e, k.reader)
	}
	if !there {
		l.discardAsk(n, a)
		return true, nil
	}
	if !l.there(a.Publisher, a.Channel) {
		l.shelveEntry(n, e)
		return true, nil
	}
	if why, given := l.suspects.verdictOn(a.ID); given {
		return l.giveUpAsk(n, a, m, why)
	}
	reader := k.reader
	if e.Kind == pull.Later {
		var named bool
		if reader, named = fulfilled(reader, e); !named {
			l.endAsk(n, a, Discarded)
			return true, nil
		}
	}
	// A request that waits gets its answer by itself.
	o := l.outcomeOf(l.Editions.Edition(a.Publisher), e, reader)
	if l.working.Err() != nil {
		return false, nil //nolint:nilerr // the process ends; the next one takes the ask up
	}
	if tries < settleTries && !l.stands(n, original, e) {
		return false, nil
	}
	if again, err := l.unsettled(e, &o, tries); again {
		return false, err
	}
	s := l.settlement(n, a, k, o)
	revision, err := l.Ledger.Settle(l.working, s.Settlement)
	l.unfoldLetter(n, s.folds, err == nil)
	if err != nil {
		l.releaseHand(s)
		l.cache.Invalidate(a.Reader)
		if pull.KindOf(err) == pull.Conflict && tries < settleTries {
			return false, nil
		}
		return false, err
	}
	l.keepReader(a.Reader, m, &known{s.Reader, revision})
	l.forgetEnded(n, s.Ended)
	l.handOn(n, e, k.reader, s, o)
	return true, nil
}

// settling is a settlement, and what goes with it in memory.
type settling struct {
	Settlement
	// folds is the letter that gives way; taken says that the reply has a hand of
	// the courier's.
	folds *letter
	taken bool
}

// settlement is what is written of an outcome. Where more would wait than may,
// the oldest answer that surely has not arrived gives way.
func (l *Pipeline) settlement(n *line, a pull.Ask, k *known, o pull.Resolved) settling {
	s := settling{Settlement: Settlement{Ask: a, Revision: k.revision, Finished: o.Reply == nil && !a.InBand}}
	s.Record = Record{Reply: o.Reply, Trace: o.Trace}
	s.Ended = l.endedOf(n)
	gone := s.Ended
	if o.Reply != nil {
		if s.folds = l.foldLetter(n); s.folds != nil {
			gone = append(slices.Clone(gone), s.folds.ask.ID)
			o.Reader.Earlier += 1 + s.folds.departure.Earlier
			s.Folded = []Finish{{Ask: s.folds.ask, Fate: Folded, Noted: s.folds.noted, Forget: l.anonymous(s.folds.ask)}}
		}
		if o.Reader.State == who.Stopped && k.reader.State != who.Stopped {
			s.Folded, gone = l.discardLetters(n, s.Folded, gone)
		}
		s.taken = !a.InBand && l.reserveHand(n)
		s.Record.Leaves = s.taken
	}
	s.Reader = o.Reader.Settle(a.ID, o.Reply != nil, gone...).Known(a.At)
	return s
}

// discardLetters adds the letters that wait to what ends: a STOP holds for them from
// the moment at which it is written down.
func (l *mailroom) discardLetters(n *line, ends []Finish, gone []uint64) ([]Finish, []uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	gone = slices.Clone(gone)
	for _, t := range n.letters {
		if t != n.folding {
			ends, gone = append(ends, Finish{Ask: t.ask, Fate: Discarded, Noted: t.noted}), append(gone, t.ask.ID)
		}
	}
	return ends, gone
}

// reserveHand has the reply that is being settled leave at once, where the way is
// free.
func (l *mailroom) reserveHand(n *line) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !n.sending && !n.parked && len(n.letters) == 0 && l.takeHand(l.box(n.publisher, n.channel))
}

// releaseHand gives back what was reserved for a reply that was not settled.
func (l *mailroom) releaseHand(s settling) {
	if !s.taken {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.boxOf(&s.Ask).free()
}

// handOn hands the reply on.
func (l *Pipeline) handOn(n *line, e *pull.Entry, before who.Reader, s settling, o pull.Resolved) {
	a := e.Ask
	if l.Watch != nil {
		l.Watch(a, o)
	}
	l.countAnswered(a)
	if o.Reader.State == who.Stopped && before.State != who.Stopped {
		l.dropLetters(n, Discarded)
	}
	switch {
	// The request that brought an ask to an earlier process is gone; its
	// repetition may wait.
	case a.InBand && l.tickets.settle(a, o.Reply, !l.earlier(a.ID)):
		l.finishAsk(n, Finish{Ask: a, Fate: Handed})
	case a.InBand && a.Fleeting:
		l.finishAsk(n, Finish{Ask: a, Fate: Discarded})
	case o.Reply != nil:
		t := newLetter(e, o.Reply, l.Clock())
		t.leaves = s.Record.Leaves
		l.postLetter(n, t, s.taken)
	case a.InBand:
		l.finishAsk(n, Finish{Ask: a, Fate: Handed})
	default:
		l.over(&a)
	}
}

// resumeEntry goes on with an ask that was settled by an earlier process: its
// recorded reply is sent with the same keys.
func (l *Pipeline) resumeEntry(n *line, e *pull.Entry, r who.Reader) (bool, error) {
	a := e.Ask
	if !slices.Contains(r.Unsent, a.ID) {
		l.endAsk(n, a, Sent)
		return true, nil
	}
	record, ok, err := l.Ledger.Record(l.working, a.ID)
	if err != nil {
		return false, err
	}
	// A STOP that was settled later stands, although the process that settled
	// it had no time to drop what waited.
	switch stopped := r.State == who.Stopped && a.At.Before(r.Since); {
	case !ok:
		l.countAnswered(a)
		l.finishAsk(n, Finish{Ask: a, Fate: Dead, Why: words.Text{Key: "dead.unreadable"}})
		return true, nil
	case record.Reply == nil:
		l.endAsk(n, a, Sent)
		return true, nil
	case stopped, a.InBand && a.Fleeting:
		l.endAsk(n, a, Discarded)
		return true, nil
	}
	t := newLetter(e, record.Reply, l.notAfterNow(record.settled()))
	t.leaves = record.Leaves
	if t.departure, t.noted, err = l.Departures.Departure(l.working, a.ID); err != nil {
		return false, err
	}
	if t.leaves && !t.noted {
		t.departure = Departure{Left: true, Doubtful: true}
	}
	l.countAnswered(a)
	l.proveChannel(l.mailboxOf(a))
	l.postLetter(n, t, false)
	return true, nil
}

// mailboxOf is the mailbox of an ask's channel.
func (l *backlog) mailboxOf(a pull.Ask) *mailbox {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.boxOf(&a)
}

// notAfterNow is a moment that somebody wrote down, or the present one where a
// clock that ran ahead wrote it.
func (l *base) notAfterNow(at time.Time) time.Time {
	if now := l.Clock(); at.After(now) {
		return now
	}
	return at
}

// endAsk ends an ask that has nothing left to be sent.
func (l *Pipeline) endAsk(n *line, a pull.Ask, fate Fate) {
	l.countAnswered(a)
	l.finishAsk(n, Finish{Ask: a, Fate: fate})
}

// settled is when the reply of a record was.
func (r *Record) settled() time.Time {
	return r.Trace.At.Add(time.Duration(float64(r.Trace.Took.Total) * float64(time.Millisecond)))
}

// waited is how long an ask stood in line, also while no process ran.
func (l *base) waited(a pull.Ask) time.Duration { return max(l.Clock().Sub(a.At), 0) }

// endedOf are the asks that have ended and that the document may still name.
func (l *backlog) endedOf(n *line) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(n.ended)
}

func (l *backlog) forgetEnded(n *line, ended []uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.ended = slices.DeleteFunc(n.ended, func(id uint64) bool { return slices.Contains(ended, id) })
}
