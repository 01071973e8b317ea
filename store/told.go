package store

import (
	"context"
	"time"

	"keypull/pull/withdrawal"
)

// mostTold is how many records are looked through for one item.
const mostTold = 50_000

// CountTold counts the answers of a publisher from one moment until another, of those that
// are kept the latest mostTold, of whose items told says that it is about them.
func (l *Ledger) CountTold(ctx context.Context, publisher string, from, until time.Time, told func([]withdrawal.Told) bool) (n int, err error) {
	first, err := firstOf(ctx, l.log, func(r Record) bool { return r.At.Before(from) })
	if err != nil {
		return 0, err
	}
	end, err := firstOf(ctx, l.log, func(r Record) bool { return r.At.Before(until) })
	if err != nil {
		return 0, err
	}
	for r, err := range recordsFrom(ctx, l.log, max(first, end-min(end, mostTold)), "look through answers") {
		if err != nil {
			return n, err
		}
		// Their order is that of their end, which is nearly that of their time.
		if r.At.After(until.Add(LogDisorder)) {
			return n, nil
		}
		of, ok, err := l.openOutgoing(asksLog, r)
		if err != nil {
			return n, err
		}
		if !ok || of.Publisher != publisher || of.Reply == nil {
			continue
		}
		items := of.Reply.Tells
		for i := range of.Reply.Answers {
			items = append(items[:len(items):len(items)], of.Reply.Answers[i].Tells...)
		}
		if len(items) > 0 && told(items) {
			n++
		}
	}
	return n, nil
}
