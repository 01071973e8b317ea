package pipeline

import (
	"context"

	"keypull/pull"
)

// recalled reports whether the reply to an ask tells what has been withdrawn since
// it was worded.
func (l *base) recalled(ctx context.Context, a pull.Ask, r *pull.Reply) (bool, error) {
	if r == nil || l.Resolver == nil || l.Resolver.Cache == nil {
		return false, nil
	}
	return l.Resolver.Recalled(ctx, a.Publisher, r, a.At)
}

// unsettled takes back an outcome that tells what was withdrawn while it was
// worded: it is worded anew, once, and what still tells it is refused.
func (l *Pipeline) unsettled(e *pull.Entry, o *pull.Resolved, tries int) (again bool, err error) {
	gone, err := l.recalled(l.working, e.Ask, o.Reply)
	if err != nil || !gone {
		return err != nil, err
	}
	edition := l.Editions.Edition(e.Publisher)
	if tries == 1 && !e.Told() || edition == nil {
		return true, nil
	}
	reply, trace := l.Resolver.Recall(edition, *o.Reply, o.Trace)
	o.Reply, o.Trace = &reply, trace
	return false, nil
}

// Tellable is the reply to an ask as it may leave now: the very one, or what takes
// its place where it tells what has been withdrawn since it was settled.
func (l *Pipeline) Tellable(ctx context.Context, a pull.Ask, r *pull.Reply) (*pull.Reply, error) {
	gone, err := l.recalled(ctx, a, r)
	if err != nil || !gone {
		return r, err
	}
	e := l.Editions.Edition(a.Publisher)
	if e == nil {
		return nil, nil
	}
	record, _, err := l.Ledger.Record(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	told, _ := l.Resolver.Recall(e, *r, record.Trace)
	return &told, nil
}

// recallLetter has a letter tell that its answer was withdrawn, and nothing on disk
// the answer any more; nil where its publisher is gone.
func (l *departing) recallLetter(t *letter, reply *pull.Reply) (*pull.Reply, error) {
	e := l.Editions.Edition(t.ask.Publisher)
	if e == nil {
		return nil, nil
	}
	record, _, err := l.Ledger.Record(l.working, t.ask.ID)
	if err != nil {
		return nil, err
	}
	kept := record.Reply != nil
	told, trace := l.Resolver.Recall(e, *reply, record.Trace)
	if kept {
		record.Reply, record.Trace, record.Leaves = &told, trace, false
		if err := l.Departures.Rewrite(l.working, t.ask, record); err != nil {
			return nil, err
		}
	}
	t.reply = &told
	return t.reply, nil
}
