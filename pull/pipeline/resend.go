package pipeline

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/pull/words"
)

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
	t.resent, t.departure = true, Departure{Left: true, Late: now}
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
