package pipeline

import (
	"context"

	"keypull/pull"
	"keypull/pull/words"
)

// caughtTry is trySettling, where what breaks down is an error like any other.
func (l *Pipeline) caughtTry(n *line, e *pull.Entry, tries int) (done bool, err error) {
	defer pull.Caught("settle", &err)
	return l.trySettling(n, e, tries)
}

// handOver has the courier bring a parcel. A reply that breaks it down is a dead
// letter, and nothing else is.
func (l *mailroom) handOver(p Parcel) (d Delivery) {
	var err error
	defer func() {
		if err != nil {
			d = Delivery{Fate: Dead, Why: words.Said(err)}
			l.Logger.Error("a reply could not be sent", "publisher", p.Ask.Publisher, "channel", p.Ask.Channel, "ask", p.Ask.ID, "error", err)
		}
	}()
	defer pull.Caught("send", &err)
	return l.Courier.Deliver(l.working, p)
}

// broken is told of a worker's job that broke down beside all this.
func (l *base) broken(err error) {
	l.Logger.Error("something broke down in a reader's line", "error", err)
}

// steadily runs what must go on for as long as asks are claimed.
func (l *base) steadily(what string, f func()) {
	l.goroutines.Go(func() { pull.Steadily(l.claiming, l.Logger, what, func(context.Context) { f() }) })
}
