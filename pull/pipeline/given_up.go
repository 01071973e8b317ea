package pipeline

import (
	"maps"

	"keypull/pull"
)

// verdict is why an ask is not resolved any more.
func (l *Pipeline) verdict(ask uint64) (why string, given bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	why = l.suspects.known[ask].Why
	return why, why != ""
}

// shuns says that what an ask asks ended the process lately: it is refused, and
// nobody finds out by another end whether it still would.
func (l *Pipeline) shuns(a pull.Ask) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.suspects.given) == 0 {
		return false
	}
	until, given := l.suspects.given[asked(a)]
	return given && l.Clock().Before(until)
}

// bury settles an ask that ended the process, and makes it a dead letter.
func (l *Pipeline) bury(n *line, a pull.Ask, m *memory, why string) (bool, error) {
	k := m.Load()
	o := l.Resolver.GiveUp(l.Editions.Edition(a.Publisher), a, k.reader, l.waited(a), why)
	s := Settlement{Ask: a, Revision: k.revision, Ended: l.endedOf(n), Record: Record{Trace: o.Trace}}
	if a.InBand {
		s.Record.Reply = o.Reply // for a request that is repeated
	}
	s.Reader = o.Reader.Settle(a.ID, false, s.Ended...)
	revision, err := l.Ledger.Settle(l.working, s)
	if err != nil {
		l.readers.Invalidate(a.Reader)
		return false, err
	}
	l.keep(a.Reader, m, &known{s.Reader, revision})
	l.forget(n, s.Ended)
	l.remember(a)
	if l.Watch != nil {
		l.Watch(a, o)
	}
	l.answered(a)
	if a.InBand {
		l.tickets.settle(a, o.Reply, false)
	}
	l.Logger.Error("an ask is given up, since it ended the process", "publisher", a.Publisher, "channel", a.Channel, "ask", a.ID, "why", why)
	l.finish(n, Finish{Ask: a, Fate: Dead, Why: why, Ended: true, Trace: &o.Trace})
	return true, nil
}

// remember notes what was asked, so that it is refused for a while whoever asks.
func (l *Pipeline) remember(a pull.Ask) {
	l.mu.Lock()
	all := maps.Clone(l.suspects.known)
	s := all[a.ID]
	s.Asked = asked(a)
	all[a.ID] = s
	l.suspects.known, l.suspects.given[s.Asked] = all, s.At.Add(shunned)
	l.mu.Unlock()
	if err := l.Suspicions.PutSuspicions(l.working, all); err != nil {
		l.Logger.Error("what was given up could not be written down", "error", err)
	}
}
