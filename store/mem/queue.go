package mem

import (
	"bytes"
	"context"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/line"
	"keypull/store/internal/order"
)

// queue is one named queue of a Store, under the lock of that.
type queue struct {
	s     *Store
	err   error // of the name
	seq   uint64
	line  *line.Line[store.Entry]
	known map[string]uint64
	aging []aged // ids of known, oldest first
}

type aged struct {
	id string
	at time.Time
}

var _ store.Queue = (*queue)(nil)

func (s *Store) queue(name string) *queue {
	q, ok := s.queues[name]
	if !ok {
		q = &queue{
			s:     s,
			err:   store.CheckName(name),
			line:  line.New[store.Entry](s.now),
			known: make(map[string]uint64),
		}
		if s.closed {
			q.line.Close()
		}
		s.queues[name] = q
	}
	return q
}

// Accept implements store.Queue.
func (q *queue) Accept(ctx context.Context, entries []store.Entry) ([]pipeline.Accepted, error) {
	if q.err != nil {
		return nil, q.err
	}
	for _, e := range entries {
		if err := store.CheckEntry(e); err != nil {
			return nil, err
		}
	}
	unlock, err := q.s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	now := q.s.now()
	q.forget(now.Add(-q.s.horizon))
	var out []pipeline.Accepted
	for _, e := range entries {
		out = append(out, q.accept(e, now))
	}
	return out, nil
}

func (q *queue) accept(e store.Entry, now time.Time) pipeline.Accepted {
	if seq, ok := q.known[e.ID]; ok && e.ID != "" {
		return pipeline.Accepted{Seq: seq, Duplicate: true}
	}
	q.seq++
	e.Seq = q.seq
	e.Payload = bytes.Clone(e.Payload)
	if e.Bind != nil {
		e.Payload, e.Bind = e.Bind(e.Payload, e.Seq), nil
	}
	if e.ID != "" {
		q.known[e.ID] = e.Seq
		q.aging = append(q.aging, aged{e.ID, now})
	}
	q.line.Add(line.Item[store.Entry]{Seq: e.Seq, Due: e.Due, Value: e})
	return pipeline.Accepted{Seq: e.Seq}
}

// forget drops the ids that were accepted before a time, by date or by order.
func (q *queue) forget(before time.Time) {
	const samples = 64
	count, place := order.Samples(uint64(len(q.aging)), samples)
	past := order.Past(count, func(i int) (time.Time, bool) { return q.aging[place(i)].at, true }, before)
	if past >= 0 {
		q.drop(int(place(past)) + 1) //nolint:gosec // below the length
	}
	for len(q.aging) > 0 && q.aging[0].at.Before(before) {
		q.drop(1)
	}
}

func (q *queue) drop(n int) {
	for _, a := range q.aging[:n] {
		delete(q.known, a.id)
	}
	q.aging = q.aging[n:]
}

// Claim implements store.Queue.
func (q *queue) Claim(ctx context.Context, limit int) ([]store.Entry, error) {
	if q.err != nil {
		return nil, q.err
	}
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	items, err := q.line.Take(ctx, limit)
	if err != nil {
		return nil, err
	}
	var entries []store.Entry
	for _, it := range items {
		entries = append(entries, it.Value)
	}
	return entries, nil
}

// SetAside implements store.Asider.
func (q *queue) SetAside(ctx context.Context, seqs ...uint64) error {
	if err := q.Ack(ctx, seqs...); err != nil {
		return err
	}
	q.s.mu.Lock()
	defer q.s.mu.Unlock()
	q.s.aside += len(seqs)
	return nil
}

// Ack implements store.Queue.
func (q *queue) Ack(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	unlock, err := q.s.enter(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	q.line.Remove(seqs...)
	return nil
}

// Last implements store.Queue.
func (q *queue) Last() uint64 {
	q.s.mu.Lock()
	defer q.s.mu.Unlock()
	return q.seq
}
