package publishing

import (
	"context"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
)

// Receive hands a push to a source of a publisher, and takes what it meant. It
// is false where there is no such source, or none that takes pushes.
func (n *Publishers) Receive(ctx context.Context, publisher, source string, p pull.Push) (pushed pull.Pushed, there bool, err error) {
	if leaving, ok := n.leaving.Load(publisher + "/" + source); ok {
		pushed, err = received(ctx, leaving.(pull.Receiver), p, func(string) *pull.Snapshot { return nil }) //nolint:forcetypeassert // farewell stores nothing else
		if err != nil || pushed.Status < refused {
			pushed.Refresh, pushed.Withdrawn, pushed.Snapshots = nil, nil, nil
			return pushed, true, err
		}
	}
	ed := n.currentEdition(publisher)
	if ed == nil {
		return pull.Pushed{}, false, nil
	}
	source = ed.publisher.Now(catalogue.ResourceSource, source)
	s, ok := ed.sources[source]
	receiver, takes := s.Source.(pull.Receiver)
	if !ok || !takes {
		return pull.Pushed{}, false, nil
	}
	// One push at a time: which of two is the newer is seen by what the first left.
	turn, _ := n.receiving.LoadOrStore([2]string{publisher, source}, &sync.Mutex{})
	if turn, ok := turn.(*sync.Mutex); ok {
		turn.Lock()
		defer turn.Unlock()
	}
	p.Keywords = ed.compiled.AskedBy(source, pull.MaxPushKeywords)
	last := func(key string) *pull.Snapshot { return n.Cache.Last(ctx, s.SnapshotID(publisher, source, key)) }
	pushed, err = received(ctx, receiver, p, last)
	if err != nil || pushed.Status >= refused {
		return pushed, true, err
	}
	return pushed, true, n.Cache.Receive(ctx, pull.Want{ID: s.SnapshotID(publisher, source, ""), Source: s.Source}, pushed)
}

// refused is the first of the answers by which a push is not taken.
const refused = 400

// received asks the source; one that breaks down costs this push alone.
func received(ctx context.Context, r pull.Receiver, p pull.Push, last func(string) *pull.Snapshot) (pushed pull.Pushed, err error) {
	defer pull.Caught("receive a push", &err)
	return r.Receive(ctx, p, last) //nolint:wrapcheck // told to the log alone
}

// leaveTimeout is how long a source that is removed has to undo what it arranged
// elsewhere.
const leaveTimeout = 30 * time.Second

// parting takes leave of sources that are asked no more.
type parting struct{ *Publishers }

// leaveSource lets a source that was removed undo what it arranged elsewhere, behind,
// and closes it then. Until that is done it takes what is said to it about that.
func (n parting) leaveSource(publisher, source string, was pull.Opened) {
	leaver, ok := was.Source.(pull.Leaver)
	if !ok || !n.runs.hasRuns() {
		n.closeSource(publisher, source, was)
		return
	}
	place := publisher + "/" + source
	if r, ok := was.Source.(pull.Receiver); ok {
		n.leaving.Store(place, r)
	}
	n.runs.startRun(place+"/leaving", func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
		defer cancel()
		defer n.closeSource(publisher, source, was)
		defer n.leaving.Delete(place)
		leaver.Leave(ctx)
	})
}

// closeSource closes what a source holds open that is not asked any more.
func (n parting) closeSource(publisher, source string, was pull.Opened) {
	closer, ok := was.Source.(pull.Closer)
	if !ok {
		return
	}
	if err := closer.Close(); err != nil {
		n.Logger.Warn("a source did not close", "publisher", publisher, "source", source, "error", err)
	}
}
