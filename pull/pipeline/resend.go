package pipeline

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// Fail makes a dead letter of a reply that its platform took and could not bring.
// With again it is to be sent once more; the answer is false where it may not be,
// or where the ask is none of the channel's and the reader's. It is durable when it
// returns, since the platform tells nobody again.
func (l *Pipeline) Fail(ctx context.Context, a pull.Ask, why words.Text, again bool) (bool, error) {
	record, there, err := l.Ledger.Record(ctx, a.ID)
	if err != nil || !there || record.Publisher != "" && record.Publisher != a.Publisher || record.Trace.Channel != a.Channel {
		return false, err
	}
	if a.Reader == "" {
		a.Reader = record.Reader
	}
	if record.Reader != "" && record.Reader != a.Reader {
		return false, nil
	}
	m, err := l.readerOf(a.Reader)
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
	f := Finish{Ask: a, Fate: Dead, Why: why, Forget: record.Reply == nil || a.Address == "" || l.anonymous(a)}
	f.Queued = again && !f.Forget && r.State != who.Stopped && r.State != who.Gone
	return f.Queued, l.Ledger.Bury(ctx, f)
}

// Resend has a dead letter sent again, in the words that it has and with its age
// told by the clock. It returns when the letter waits for its channel, or is
// under way already; how it ends is noted as of any other. pull.Unknown says that
// what was to be told is not kept any more.
func (l *Pipeline) Resend(ctx context.Context, a pull.Ask) error {
	record, _, err := l.Ledger.Record(ctx, a.ID)
	if err != nil {
		return err
	}
	if record.Reply == nil {
		return &pull.Error{Kind: pull.Unknown, Op: "send again", Hint: words.Text{Key: "pipeline.nothing_kept"}}
	}
	now := l.Clock()
	t := newLetter(&pull.Entry{Ask: a}, record.Reply, now)
	t.resent, t.departure = true, Departure{Left: true, Late: now, Parts: a.Parts}
	l.mu.Lock()
	if l.working.Err() != nil {
		l.mu.Unlock()
		return errEnding()
	}
	n := l.lineOf(a.Reader)
	n.publisher, n.channel = a.Publisher, a.Channel
	same := func(o *letter) bool { return o != nil && o.ask.ID == a.ID }
	if same(n.onWay) || slices.ContainsFunc(n.letters, same) {
		l.mu.Unlock()
		return nil
	}
	l.pending.Add(1)
	owed := n.owed
	l.postLetterLocked(n, t, false)
	if n.owed && !owed {
		n.owed = false
		l.crew.run(func() { l.sendLetters(n) })
	}
	l.mu.Unlock()
	return nil
}
