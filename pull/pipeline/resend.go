package pipeline

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// failReply makes a dead letter of a reply that could not be brought, see Pipeline.Fail.
func (o *outbox) failReply(ctx context.Context, a pull.Ask, why words.Text, again bool) (bool, error) {
	record, there, err := o.ledger.Record(ctx, a.ID)
	if err != nil || !there || record.Publisher != "" && record.Publisher != a.Publisher || record.Trace.Channel != a.Channel {
		return false, err
	}
	if a.Reader == "" {
		a.Reader = record.Reader
	}
	if record.Reader != "" && record.Reader != a.Reader {
		return false, nil
	}
	m, err := o.readers.readerOf(a.Reader)
	if err != nil {
		return false, err
	}
	r := m.Load().reader
	if a.Address == "" {
		a.Address = r.Address
	}
	if a.At.IsZero() {
		a.At = record.Trace.At
	}
	f := Finish{Ask: a, Fate: Dead, Why: why, Forget: record.Reply == nil || a.Address == "" || o.readers.isAnonymous(a)}
	f.Queued = again && !f.Forget && r.State != who.Stopped && r.State != who.Gone
	return f.Queued, o.ledger.Bury(ctx, f)
}

// resendReply has a dead letter sent again, see Pipeline.Resend.
func (o *outbox) resendReply(ctx context.Context, a pull.Ask) error {
	record, _, err := o.ledger.Record(ctx, a.ID)
	if err != nil {
		return err
	}
	if record.Reply == nil {
		return &pull.Error{Kind: pull.Unknown, Op: "send again", Hint: words.Text{Key: "pipeline.nothing_kept"}}
	}
	now := o.life.clock()
	m := newMessage(&pull.Entry{Ask: a}, record.Reply, now)
	m.resent, m.dispatch = true, Dispatch{Left: true, Late: now, Parts: a.Parts}
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	if o.life.working.Err() != nil {
		return errEnding()
	}
	q := o.queues.queueOf(a.Reader)
	q.publisher, q.channel = a.Publisher, a.Channel
	same := func(o *message) bool { return o != nil && o.ask.ID == a.ID }
	if same(q.onWay) || slices.ContainsFunc(q.messages, same) {
		return nil
	}
	o.life.pending.Add(1)
	owed := q.owed
	o.postLocked(q, m, false)
	if q.owed && !owed {
		q.owed = false
		o.life.workers.runJob(func() { o.sendAll(q) })
	}
	return nil
}
