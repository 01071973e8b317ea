package pipeline

import (
	"context"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// chore is what is done to a reader in the reader's queue, between two asks.
type chore struct {
	do   func() error
	done chan error
}

// forgetReader has erase carried out in its place in the reader's queue, see
// Pipeline.Forget.
func (s *settler) forgetReader(ctx context.Context, key who.Key, erase func(context.Context) error) error {
	c := chore{done: make(chan error, 1)}
	s.queues.mu.Lock()
	if s.life.working.Err() != nil {
		s.queues.mu.Unlock()
		return errEnding()
	}
	q := s.queues.queueOf(key)
	entries := q.entries
	q.entries = nil
	if q.absent {
		s.loads.inHandBy(q.publisher, q.channel, len(entries))
	}
	c.do = func() error {
		for _, e := range entries {
			s.discardAsk(q, e.Ask)
		}
		return s.eraseReader(key, q, erase)
	}
	q.chores = append(q.chores, c)
	s.queues.wakeQueue(q)
	s.queues.mu.Unlock()
	s.outbox.dropMessages(q, Discarded)
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
}

// eraseReader returns the worker's part of forget.
func (s *settler) eraseReader(key who.Key, q *queue, erase func(context.Context) error) error {
	s.outbox.dropMessages(q, Discarded)
	s.tickets.forgetReader(key, 0)
	err := s.inbox.DropLater(s.life.working, key)
	s.owed.forgetReader(key)
	if err == nil {
		err = erase(s.life.working)
	}
	s.readers.cache.Invalidate(key)
	s.readers.passing.Invalidate(key)
	return err
}

// doChores does what waits in a queue beside asks.
func (qs *queues) doChores(q *queue) {
	for {
		qs.mu.Lock()
		if len(q.chores) == 0 {
			qs.mu.Unlock()
			return
		}
		c := q.chores[0]
		q.chores = q.chores[1:]
		qs.mu.Unlock()
		c.done <- c.do()
	}
}

// addChore has something done in a reader's queue, between two asks.
func (qs *queues) addChore(key who.Key, do func() error) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.queueOf(key)
	q.chores = append(q.chores, chore{do: do, done: make(chan error, 1)})
	qs.wakeQueue(q)
}

// endLeaving ends an ask of a reader who wants all to go. With the last that is under
// way everything held of the reader goes first, so that whoever comes after a crash
// finds the ask, and does it again.
func (s *settler) endLeaving(f Finish) error {
	a := f.Ask
	for tries := 1; ; tries++ {
		leaves, err := s.leavesNow(a)
		if err == nil {
			if leaves && f.Fate == Dead { // nothing is left that could be sent again
				f.Fate, f.Why, f.Trace = Discarded, words.Text{}, nil
			}
			break
		}
		s.life.logger.Error("a reader could not be erased; trying again", "ask", a.ID, "channel", a.Channel, "error", err)
		if pull.Sleep(s.life.working, min(storePause<<min(tries-1, 4), longestStorePause)); s.life.working.Err() != nil {
			s.life.pending.Add(-1)
			return errEnding()
		}
	}
	s.ledger.Finish(s.life.working, f)
	s.life.noteFinished(&a)
	return nil
}

// leavesNow erases the reader of an ask who wants all to go, if it is the last that is under
// way, and says whether it did.
func (s *settler) leavesNow(a pull.Ask) (bool, error) {
	leaving, err := s.readers.isLeaving(a.Reader)
	if err != nil || !leaving || !s.queues.isLast(&a) {
		return false, err
	}
	return true, s.eraseLeaving(a)
}

// eraseLeaving erases the reader of an ask.
func (s *settler) eraseLeaving(a pull.Ask) (err error) {
	defer pull.Caught("erase", &err)
	if err = s.inbox.DropLater(s.life.working, a.Reader); err == nil {
		err = s.erase(s.life.working, a)
	}
	s.readers.cache.Invalidate(a.Reader)
	s.readers.passing.Invalidate(a.Reader)
	s.owed.forgetReader(a.Reader)
	s.tickets.forgetReader(a.Reader, a.ID)
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	return err
}

// isLast reports whether nothing else of an ask's reader is under way.
func (qs *queues) isLast(a *pull.Ask) bool {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.of[a.Reader]
	return q == nil || len(q.entries)+len(q.messages) == 0 && (q.onWay == nil || q.onWay.ask.ID == a.ID)
}

// errEnding says that this process does nothing any more.
func errEnding() error {
	return &pull.Error{Kind: pull.Unavailable, Op: "forget reader", Hint: words.Text{Key: "pipeline.ending"}}
}
