package mem

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/knownid"
	"keypull/store/internal/order"
	"keypull/store/internal/readyqueue"
)

// queue is one named queue at a handle, with what is its own to claim.
type queue struct {
	*line
	s     *Store
	err   error // of the name
	ready *readyqueue.Queue[store.Entry]
}

// line is what all handles have of a queue, under the lock of what is kept.
type line struct {
	name   string
	seq    uint64
	known  map[idName][]seen
	aging  []aged                 // ids of known, oldest first
	unread map[uint64]store.Entry // not acknowledged
	aside  map[uint64]store.Entry // set aside
	// places are whose the unread entries of a partition are, and how many.
	places map[string]place
}

type place struct {
	owner   *Store
	entries int
}

// idName is the part of a hash by which it is looked up.
type idName [knownid.NameBytes]byte

type aged struct {
	id idName
	at time.Time
}

// seen is an entry of an id.
type seen struct {
	seq  uint64
	hash knownid.Hash
	at   time.Time
}

var _ store.Queue = (*queue)(nil)

func (s *Store) openQueue(name string) *queue {
	q, ok := s.queues[name]
	if !ok {
		q = &queue{
			line:  s.openLine(name),
			s:     s,
			err:   store.CheckName(name),
			ready: readyqueue.New[store.Entry](s.now),
		}
		if s.ended != nil {
			q.ready.Close()
		}
		s.queues[name] = q
	}
	return q
}

func (k *kept) openLine(name string) *line {
	l, ok := k.lines[name]
	if !ok {
		l = &line{name: name, known: make(map[idName][]seen), unread: make(map[uint64]store.Entry), aside: make(map[uint64]store.Entry), places: make(map[string]place)}
		k.lines[name] = l
	}
	return l
}

// addEntry keeps an entry that s accepts, and returns whose it is.
func (l *line) addEntry(e store.Entry, s *Store) *Store {
	p, ok := l.places[e.Partition]
	if !ok {
		p.owner = s
	}
	p.entries++
	l.places[e.Partition] = p
	l.unread[e.Seq] = e
	return p.owner
}

// removeEntries takes entries away, wherever they wait.
func (k *kept) removeEntries(l *line, seqs []uint64) {
	for _, seq := range seqs {
		e, ok := l.unread[seq]
		if !ok {
			continue
		}
		p := l.places[e.Partition]
		p.owner.openQueue(l.name).ready.Remove(seq)
		delete(l.unread, seq)
		if p.entries--; p.entries == 0 {
			delete(l.places, e.Partition)
			continue
		}
		l.places[e.Partition] = p
	}
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
	unlock, err := q.s.lockWrite(ctx)
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
	var id knownid.Sought
	if e.ID != "" {
		id = new(knownid.Hasher).HashEntry(&e)
	}
	first, anew := q.first(&id, now)
	if first != 0 {
		return pipeline.Accepted{Seq: first, Duplicate: true}
	}
	q.seq++
	e.Seq = q.seq
	e.Payload = bytes.Clone(e.Payload)
	if e.Bind != nil {
		e.Payload, e.Bind = e.Bind(e.Payload, e.Seq), nil
	}
	if e.ID != "" {
		q.addID(seen{e.Seq, id.Hash, now})
	}
	if e.Scope != store.Whole {
		e.ID = ""
	}
	e.Scope, e.Words, e.Aliases, e.Mine = store.Whole, "", nil, nil
	q.addEntry(e, q.s).openQueue(q.name).ready.Add(readyItem(e))
	return pipeline.Accepted{Seq: e.Seq, Anew: anew}
}

func readyItem(e store.Entry) readyqueue.Item[store.Entry] {
	return readyqueue.Item[store.Entry]{Seq: e.Seq, Due: e.Due, Value: e}
}

func (l *line) addID(s seen) {
	l.known[s.hash.NameOf()] = append(l.known[s.hash.NameOf()], s)
	l.aging = append(l.aging, aged{s.hash.NameOf(), s.at})
}

// first returns the entry that another one repeats, or 0 if it repeats none; anew says
// that it has the id of another partition's.
func (l *line) first(id *knownid.Sought, now time.Time) (seq uint64, anew bool) {
	return id.FindFirst(func(h knownid.Hash) iter.Seq[knownid.Known] {
		return func(yield func(knownid.Known) bool) {
			for _, s := range l.known[h.NameOf()] {
				if !yield(knownid.Known{Seq: s.seq, Hash: s.hash, Age: now.Sub(s.at)}) {
					return
				}
			}
		}
	}, func(seq uint64) bool {
		if e, ok := l.unread[seq]; ok {
			return slices.Contains(id.Persons, e.Partition)
		}
		return id.Mine == nil || id.Mine(seq)
	})
}

// forget drops the ids that were accepted before a time, by date or by order.
func (l *line) forget(before time.Time) {
	const samples = 64
	count, place := order.Samples(uint64(len(l.aging)), samples)
	past := order.Past(count, func(i int) (time.Time, bool) { return l.aging[place(i)].at, true }, before)
	if past >= 0 {
		l.drop(int(place(past)) + 1) //nolint:gosec // below the length
	}
	for len(l.aging) > 0 && l.aging[0].at.Before(before) {
		l.drop(1)
	}
}

func (l *line) drop(n int) {
	for _, a := range l.aging[:n] {
		if l.known[a.id] = l.known[a.id][1:]; len(l.known[a.id]) == 0 {
			delete(l.known, a.id)
		}
	}
	l.aging = l.aging[n:]
}

// Claim implements store.Queue.
func (q *queue) Claim(ctx context.Context, limit int) ([]store.Entry, error) {
	if q.err != nil {
		return nil, q.err
	}
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	items, err := q.ready.Take(ctx, limit)
	if err != nil {
		return nil, q.s.endedBy(err)
	}
	var entries []store.Entry
	for _, it := range items {
		it.Value.Payload = bytes.Clone(it.Value.Payload)
		entries = append(entries, it.Value)
	}
	return entries, nil
}

// SetAside implements store.Asider.
func (q *queue) SetAside(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	unlock, err := q.s.lockWrite(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	for _, seq := range seqs {
		if e, ok := q.unread[seq]; ok {
			q.aside[seq] = e
		}
	}
	q.s.removeEntries(q.line, seqs)
	return nil
}

// Ack implements store.Queue.
func (q *queue) Ack(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	unlock, err := q.s.lockWrite(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	q.s.removeEntries(q.line, seqs)
	return nil
}

// Last implements store.Queue.
func (q *queue) Last() uint64 {
	q.s.mu.Lock()
	defer q.s.mu.Unlock()
	return q.seq
}
