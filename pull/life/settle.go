package life

import (
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// settle resolves an ask and makes its answer count, whatever it takes: only
// the end of the process leaves it to the next one.
func (l *Life) settle(n *line, a pull.Ask) {
	for tries := 1; l.working.Err() == nil; tries++ {
		done, err := l.try(n, a, tries)
		if done {
			return
		}
		if err != nil {
			l.Logger.Error("an ask could not be settled; trying again", "ask", a.ID, "channel", a.Channel, "error", err)
			pause(l.working, storePause)
		}
	}
	l.pending.Add(-1)
}

// try makes one attempt. A lost compare-and-set is tried again at once from
// the new context, other failures of the store after a pause.
func (l *Life) try(n *line, a pull.Ask, tries int) (done bool, err error) {
	m, err := l.reader(a.Reader)
	if err != nil {
		return false, err
	}
	k := m.Load()
	if k.reader.HasSettled(a.ID) {
		return l.resume(n, a, k.reader)
	}
	e := l.Editions.Edition(a.Publisher)
	if e == nil {
		l.Logger.Warn("an ask for a publisher that is not there was dropped", "publisher", a.Publisher, "ask", a.ID)
		l.finish(n, a, Dead)
		return true, nil
	}
	o := l.resolve(e, a, k.reader)
	if l.working.Err() != nil {
		return false, nil //nolint:nilerr // the process ends; the next one takes the ask up
	}
	sent := l.sentOf(n)
	o.Reader = o.Reader.Settle(a.ID, o.Reply != nil, sent...)
	revision, err := l.Ledger.Settle(l.working, Settlement{
		Ask: a, Reader: o.Reader, Revision: k.revision, Finished: o.Reply == nil && !a.InBand,
		Record: Record{Reply: o.Reply, Trace: o.Trace},
	})
	if err != nil {
		l.readers.Invalidate(a.Reader)
		if pull.KindOf(err) == pull.Conflict && tries < settleTries {
			return false, nil
		}
		return false, err
	}
	l.keep(a.Reader, m, &known{o.Reader, revision})
	l.forget(n, sent)
	l.settled(n, a, k.reader, o)
	return true, nil
}

// settled hands the reply on.
func (l *Life) settled(n *line, a pull.Ask, before who.Reader, o pull.Outcome) {
	if l.Watch != nil {
		l.Watch(a, o)
	}
	if o.Reader.State == who.Stopped && before.State != who.Stopped {
		l.drop(n, Discarded)
	}
	switch {
	// The request that brought an ask to an earlier process is gone; its
	// repetition may wait.
	case a.InBand && l.tickets.settle(a, o.Reply, !a.At.Before(l.began)):
		l.finish(n, a, Handed)
	case o.Reply != nil:
		l.post(n, Parcel{Ask: a, Reply: *o.Reply})
	case a.InBand:
		l.finish(n, a, Handed)
	default:
		l.pending.Add(-1)
	}
}

// resume goes on with an ask that was settled by an earlier process: its
// recorded reply is sent with the same keys.
func (l *Life) resume(n *line, a pull.Ask, r who.Reader) (bool, error) {
	if !slices.Contains(r.Unsent, a.ID) {
		l.finish(n, a, Sent)
		return true, nil
	}
	record, ok, err := l.Ledger.Record(l.working, a.ID)
	if err != nil {
		return false, err
	}
	if !ok || record.Reply == nil {
		l.finish(n, a, Sent)
		return true, nil
	}
	// A STOP that was settled later stands, although the process that settled
	// it had no time to drop what waited.
	if r.State == who.Stopped && a.At.Before(r.Since) {
		l.finish(n, a, Discarded)
		return true, nil
	}
	l.post(n, Parcel{Ask: a, Reply: *record.Reply})
	return true, nil
}

// reader returns where a reader's document is held in memory. What a line
// writes there after somebody else has changed the document is not seen by
// anybody, since that somebody has taken the place out of the cache.
func (l *Life) reader(key who.Key) (*memory, error) {
	if m, ok := l.readers.GetIfPresent(key); ok {
		return m, nil
	}
	r, revision, err := l.Ledger.Reader(l.working, key)
	if err != nil {
		return nil, err
	}
	m := recall(&known{r, revision})
	l.readers.Set(key, m)
	return m, nil
}

// waited is how long an ask stood in line, also while no process ran.
func (l *Life) waited(a pull.Ask) time.Duration { return max(l.Clock().Sub(a.At), 0) }

func (l *Life) sentOf(n *line) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(n.sent)
}

func (l *Life) forget(n *line, sent []uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.sent = slices.DeleteFunc(n.sent, func(id uint64) bool { return slices.Contains(sent, id) })
}

// anonymous reports whether nothing of the ask may be kept but its id.
func (l *Life) anonymous(a pull.Ask) bool {
	e := l.Editions.Edition(a.Publisher)
	if e == nil || e.Channels[a.Channel].Consent == "" {
		return false
	}
	if m, ok := l.readers.GetIfPresent(a.Reader); ok {
		return !m.Load().reader.Consent.Given
	}
	r, _, err := l.Ledger.Reader(l.working, a.Reader)
	return err == nil && !r.Consent.Given
}
