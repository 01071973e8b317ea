package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// How long it is waited after something new before owed answers are looked for, since more
// of it comes together, and what is found by words is ready a moment later; and how many
// times as long as a look takes is waited behind it: it is nobody's hurry.
const (
	stirPause  = 2 * time.Second
	lookPause  = 9
	indexPause = 10 * time.Second
)

// owed are the readers who wait for an answer that nobody had. When there is something new
// at a publisher each is looked at, and whose answer is there by then is told it.
type owed struct {
	life     *life
	inbox    Inbox
	readers  *readers
	editions Editions
	resolver *pull.Resolver

	mu sync.Mutex
	// waiting has them by publisher and entry.
	waiting map[string]map[uint64]waiter
	// stirred are the publishers at whom something is new; signal is told of it.
	stirred map[string]bool
	signal  chan struct{}
}

// waiter is a reader who waits, and for what.
type waiter struct {
	entry    uint64
	reader   who.Key
	channel  string
	said     string
	language string
}

func newOwed(l *life, o *Options, rs *readers) *owed {
	return &owed{
		life: l, inbox: o.Inbox, readers: rs, editions: o.Editions, resolver: o.Resolver,
		waiting: map[string]map[uint64]waiter{}, stirred: map[string]bool{}, signal: make(chan struct{}, 1),
	}
}

// hasRoom reports whether more readers of a publisher may wait.
func (o *owed) hasRoom(publisher string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting[publisher]) < pull.MostOwed
}

// countWaiting returns how many readers of a publisher wait for each text.
func (o *owed) countWaiting(publisher string) map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := map[string]int{}
	for _, w := range o.waiting[publisher] {
		all[w.said]++
	}
	return all
}

// followLaters takes over what a reader waits for, once the document that names it is
// written: orders are the entries that it names for the first time.
func (o *owed) followLaters(publisher string, before, after []who.Later, orders []pull.Entry) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range before {
		if l.IsOwed() && !slices.ContainsFunc(after, func(a who.Later) bool { return a.Entry == l.Entry }) {
			delete(o.waiting[publisher], l.Entry)
		}
	}
	for i := range orders {
		if orders[i].Kind == pull.Owed {
			o.addWaiter(&orders[i])
			o.stirLocked(publisher)
		}
	}
}

func (o *owed) addWaiter(e *pull.Entry) {
	all := o.waiting[e.Publisher]
	if all == nil {
		all = map[uint64]waiter{}
		o.waiting[e.Publisher] = all
	}
	all[e.ID] = waiter{entry: e.ID, reader: e.Reader, channel: e.Channel, said: e.Text, language: e.Language}
}

// forgetReader forgets that a reader waits.
func (o *owed) forgetReader(key who.Key) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, all := range o.waiting {
		maps.DeleteFunc(all, func(_ uint64, w waiter) bool { return w.reader == key })
	}
}

// stirPublisher says that something is new at a publisher, see Pipeline.Stir.
func (o *owed) stirPublisher(publisher string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stirLocked(publisher)
}

func (o *owed) stirLocked(publisher string) {
	if len(o.waiting[publisher]) == 0 {
		return
	}
	o.stirred[publisher] = true
	select {
	case o.signal <- struct{}{}:
	default:
	}
}

// lookForOwed looks at those who wait whenever something is new, until no more is claimed.
func (o *owed) lookForOwed() {
	ctx := o.life.claiming
	for err := o.loadWaiters(ctx); err != nil && ctx.Err() == nil; err = o.loadWaiters(ctx) {
		o.life.logger.Error("who waits for an answer can't be read; trying again", "error", err)
		pull.Sleep(ctx, longestStorePause)
	}
	for {
		select {
		case <-o.signal:
		case <-ctx.Done():
			return
		}
		pull.Sleep(ctx, stirPause)
		for publisher := range o.takeStirred() {
			o.lookAt(ctx, publisher)
		}
	}
}

// loadWaiters reads who waited when the last process ended.
func (o *owed) loadWaiters(ctx context.Context) error {
	err := o.inbox.EachOrdered(ctx, func(e pull.Entry) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if e.Kind == pull.Owed {
			o.addWaiter(&e)
			o.stirLocked(e.Publisher)
		}
	})
	if err != nil {
		return fmt.Errorf("look for who waits: %w", err)
	}
	return nil
}

func (o *owed) takeStirred() map[string]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	stirred := o.stirred
	o.stirred = map[string]bool{}
	return stirred
}

// lookAt has those told of a publisher whose answer is there by now. One that is not there
// costs a look alone.
func (o *owed) lookAt(ctx context.Context, publisher string) {
	o.mu.Lock()
	waiting := slices.SortedFunc(maps.Values(o.waiting[publisher]), func(a, b waiter) int { return cmp.Compare(a.entry, b.entry) })
	o.mu.Unlock()
	if len(waiting) == 0 {
		return
	}
	if items := o.resolver.Items; items != nil {
		ready, cancel := context.WithTimeout(ctx, indexPause)
		if err := items.Flush(ready, publisher); errors.Is(err, context.DeadlineExceeded) {
			o.stirPublisher(publisher) // what is not ready is found the next time
		}
		cancel()
	}
	for _, w := range waiting {
		e := o.editions.Edition(publisher)
		if e == nil || ctx.Err() != nil {
			return
		}
		began := o.life.clock()
		if o.resolver.IsKnown(ctx, e, pull.Ask{Publisher: publisher, Channel: w.channel, Reader: w.reader, At: began, Incoming: pull.Incoming{Text: w.said, Language: w.language}}) {
			if err := o.wakeWaiter(ctx, publisher, w); err != nil && ctx.Err() == nil {
				o.life.logger.Error("an answer that is owed can't be told now; it is looked for again", "publisher", publisher, "entry", w.entry, "error", err)
			}
		}
		pull.Sleep(ctx, lookPause*o.life.clock().Sub(began))
	}
}

// wakeWaiter has an answer told that is owed: an entry that is due at once takes the place
// of the one that waits, in the queue first and in the document next. What no document
// names is dropped.
func (o *owed) wakeWaiter(ctx context.Context, publisher string, w waiter) error {
	entries, err := o.inbox.Waiting(ctx, w.reader)
	if err != nil {
		return fmt.Errorf("look for an entry: %w", err)
	}
	i := slices.IndexFunc(entries, func(e pull.Entry) bool { return e.ID == w.entry })
	place, err := o.readers.readerOf(w.reader)
	if err != nil {
		return err
	}
	named := func(l who.Later) bool { return l.Entry == w.entry }
	if i >= 0 && slices.ContainsFunc(place.Load().reader.Laters, named) {
		e := entries[i]
		e.Due = o.life.clock()
		nameEntry(&e, int(e.Due.Unix()))
		o.readers.naming.RLock()
		defer o.readers.naming.RUnlock()
		accepted, err := o.inbox.Accept(ctx, []pull.Entry{e})
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		err = o.readers.changeReader(ctx, w.reader, func(r who.Reader) who.Reader {
			if i := slices.IndexFunc(r.Laters, named); i >= 0 {
				r.Laters = slices.Clone(r.Laters)
				r.Laters[i].Entry = accepted[0].Seq
			}
			return r
		})
		if err != nil {
			return err
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.waiting[publisher], w.entry)
	return nil
}
