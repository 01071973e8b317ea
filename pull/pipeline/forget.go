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
	s.tickets.forgetReader(key)
	err := s.inbox.DropLater(s.life.working, key)
	if err == nil {
		err = erase(s.life.working)
	}
	s.readers.cache.Invalidate(key)
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

// errEnding says that this process does nothing any more.
func errEnding() error {
	return &pull.Error{Kind: pull.Unavailable, Op: "forget reader", Hint: words.Text{Key: "pipeline.ending"}}
}
