package pipeline

import (
	"maps"

	"keypull/pull"
	"keypull/pull/words"
)

// verdictOn is why an ask is not resolved any more.
func (l *suspects) verdictOn(ask uint64) (why words.Text, given bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	why = l.known[ask].Why
	return why, !why.IsZero()
}

// shunsAsk says that what an ask asks ended the process lately: it is refused, and
// nobody finds out by another end whether it still would.
func (l *suspects) shunsAsk(a pull.Ask) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.given) == 0 {
		return false
	}
	until, given := l.given[asked(a)]
	return given && l.Clock().Before(until)
}

// giveUpAsk settles an ask that ended the process, and makes it a dead letter.
func (l *Pipeline) giveUpAsk(n *line, a pull.Ask, m *memory, why words.Text) (bool, error) {
	k := m.Load()
	o := l.Resolver.GiveUp(l.Editions.Edition(a.Publisher), a, k.reader, l.waited(a), why.String())
	s := Settlement{Ask: a, Revision: k.revision, Ended: l.endedOf(n), Record: Record{Trace: o.Trace}}
	if a.InBand {
		s.Record.Reply = o.Reply // for a request that is repeated
	}
	s.Reader = o.Reader.Settle(a.ID, false, s.Ended...)
	revision, err := l.Ledger.Settle(l.working, s)
	if err != nil {
		l.cache.Invalidate(a.Reader)
		return false, err
	}
	l.keepReader(a.Reader, m, &known{s.Reader, revision})
	l.forgetEnded(n, s.Ended)
	l.suspects.rememberGivenUp(a)
	if l.Watch != nil {
		l.Watch(a, o)
	}
	l.countAnswered(a)
	if a.InBand {
		l.tickets.settle(a, o.Reply, false)
	}
	l.Logger.Error("an ask is given up, since it ended the process", "publisher", a.Publisher, "channel", a.Channel, "ask", a.ID, "why", why.String())
	l.finishAsk(n, Finish{Ask: a, Fate: Dead, Why: why, Ended: true, Trace: &o.Trace})
	return true, nil
}

// rememberGivenUp notes what was asked, so that it is refused for a while whoever asks.
func (l *suspects) rememberGivenUp(a pull.Ask) {
	l.mu.Lock()
	all := maps.Clone(l.known)
	s := all[a.ID]
	s.Asked = asked(a)
	all[a.ID] = s
	l.known, l.given[s.Asked] = all, s.At.Add(shunned)
	l.mu.Unlock()
	if err := l.Suspicions.PutSuspicions(l.working, all); err != nil {
		l.Logger.Error("what was given up could not be written down", "error", err)
	}
}
