package postgres

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/readyqueue"
)

// Entries that nobody has claimed stay in memory up to this many bytes; of what is beyond,
// only the sequence does.
const maxKeptBytes = 32 << 20

// queue is one named queue at a handle, with what is its own to claim.
type queue struct {
	s     *Store
	name  string
	err   error // of the name
	ready *readyqueue.Queue[*store.Entry]

	// The writer's own.
	loaded bool
	mark   uint64 // entries up to it that are this handle's are known

	mu    sync.Mutex
	held  map[uint64]struct{} // not acknowledged
	bytes int                 // in ready
}

var (
	_ store.Queue    = (*queue)(nil)
	_ store.Searcher = (*queue)(nil)
	_ store.Asider   = (*queue)(nil)
)

// Queue implements store.Backend. A name that breaks the rules gives a queue whose every
// call fails with store.ErrKey.
func (s *Store) Queue(name string) store.Queue { return s.openQueue(name) }

func (s *Store) openQueue(name string) *queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.queues[name]
	if !ok {
		q = &queue{s: s, name: name, err: store.CheckName(name), ready: readyqueue.New[*store.Entry](s.clock), held: make(map[uint64]struct{})}
		if s.why != nil {
			q.ready.Close()
		}
		s.queues[name] = q
		s.stir() // the writer loads it
	}
	return q
}

func (s *Store) openQueues() (all []*queue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		if q.err == nil {
			all = append(all, q)
		}
	}
	return all
}

func (s *Store) unloaded() bool {
	return slices.ContainsFunc(s.openQueues(), func(q *queue) bool { return !q.loaded })
}

// lookForeign reads the entries of this handle that it does not know: all of a queue that was
// just opened, and else what other handles accepted for it.
func (s *Store) lookForeign(b *pgx.Batch, each func(queue string, entries []store.Entry)) {
	var names []string
	var marks []int64
	for _, q := range s.openQueues() {
		names, marks = append(names, q.name), append(marks, int64(q.mark)) //nolint:gosec // counted up from 0
		each(q.name, nil)
	}
	b.Queue(`select e.* from unnest($1::text[], $2::bigint[]) n(name, mark)
		cross join lateral (select `+entryColumns+` from keypull_entry e where e.queue = n.name and e.seq > n.mark and e.owner = $3 and not e.aside order by e.seq) e`,
		names, marks, s.node).Query(func(rows pgx.Rows) error {
		found := make(map[string][]store.Entry)
		for rows.Next() {
			name, e, err := scanEntry(rows)
			if err != nil {
				return err
			}
			found[name] = append(found[name], e)
		}
		for name, entries := range found {
			each(name, entries)
		}
		return rows.Err()
	})
}

// pollEntries looks for what other handles accepted for this one.
func (w *writer) pollEntries(ctx context.Context) error {
	b, found := new(pgx.Batch), make(map[string][]store.Entry)
	w.lookForeign(b, func(queue string, entries []store.Entry) { found[queue] = entries })
	if err := w.conn.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	for name, entries := range found {
		w.openQueue(name).addForeign(entries)
	}
	return nil
}

func scanEntry(rows pgx.CollectableRow) (queue string, e store.Entry, err error) {
	var partition, id []byte
	var due, at int64
	err = rows.Scan(&queue, &e.Seq, &partition, &id, &due, &at, &e.Payload)
	e.Partition, e.ID, e.Due, e.At = string(partition), string(id), moment(due), moment(at)
	return queue, e, err
}

// collectEntries returns entries by their queue.
func collectEntries(rows pgx.Rows) (out map[string][]store.Entry, err error) {
	out = make(map[string][]store.Entry)
	defer rows.Close()
	for rows.Next() {
		name, e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		out[name] = append(out[name], e)
	}
	return out, rows.Err()
}

// addForeign adds what was looked up. What waited since before the queue was opened stands by
// the time at which it came, or its time came.
func (q *queue) addForeign(entries []store.Entry) {
	if !q.loaded {
		entries = byArrival(entries)
	}
	q.addEntries(entries)
	q.loaded = true
	for i := range entries {
		q.raise(entries[i].Seq)
	}
}

// raise notes up to where this handle's entries are known.
func (q *queue) raise(to uint64) { q.mark = max(q.mark, to) }

// byArrival puts entries that had to wait where their time came.
func byArrival(entries []store.Entry) []store.Entry {
	slices.SortFunc(entries, func(a, b store.Entry) int {
		return cmp.Or(arrived(a).Compare(arrived(b)), cmp.Compare(a.Seq, b.Seq))
	})
	return entries
}

func arrived(e store.Entry) time.Time {
	if e.Due.After(e.At) {
		return e.Due
	}
	return e.At
}

// addEntries lets entries be claimed that are this handle's, each once.
func (q *queue) addEntries(entries []store.Entry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var items []readyqueue.Item[*store.Entry]
	for i := range entries {
		e := &entries[i]
		if _, ok := q.held[e.Seq]; ok {
			continue
		}
		q.held[e.Seq] = struct{}{}
		it := readyqueue.Item[*store.Entry]{Seq: e.Seq, Due: e.Due}
		if q.bytes < maxKeptBytes {
			q.bytes += sizeOf(e)
			it.Value = e
		}
		items = append(items, it)
	}
	q.ready.Add(items...)
}

func sizeOf(e *store.Entry) int { return len(e.Payload) + len(e.ID) + len(e.Partition) + 200 }

func (q *queue) remove(seqs []uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range seqs {
		delete(q.held, seq)
	}
	q.ready.Remove(seqs...)
}

// Accept implements store.Queue.
func (q *queue) Accept(ctx context.Context, entries []store.Entry) ([]pipeline.Accepted, error) {
	if q.err != nil {
		return nil, q.err
	}
	if len(entries) == 0 {
		return nil, ctx.Err()
	}
	w := &work{queue: q.name, accept: slices.Clone(entries)}
	for i := range w.accept {
		e := &w.accept[i]
		if err := store.CheckEntry(*e); err != nil {
			return nil, err
		}
		e.Payload = notNil(bytes.Clone(e.Payload))
		w.ids = append(w.ids, q.s.hashEntry(e))
		w.bytes += sizeOf(e)
	}
	err := q.s.do(ctx, w)
	if err != nil {
		return nil, err
	}
	return w.accepted, nil
}

// Claim implements store.Queue.
func (q *queue) Claim(ctx context.Context, limit int) ([]store.Entry, error) {
	if q.err != nil {
		return nil, q.err
	}
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	for {
		items, err := q.ready.Take(ctx, limit)
		if errors.Is(err, store.ErrClosed) {
			return nil, cmp.Or(q.s.Err(), err)
		}
		if err != nil {
			return nil, err
		}
		entries, err := q.fetch(ctx, items)
		if err != nil {
			q.ready.Return(items...)
			return nil, err
		}
		if len(entries) > 0 {
			return entries, nil
		}
	}
}

// fetch turns items into entries. What does not stand in memory and was acknowledged in
// between is left out.
func (q *queue) fetch(ctx context.Context, items []readyqueue.Item[*store.Entry]) ([]store.Entry, error) {
	var seqs []int64
	for _, it := range items {
		if it.Value == nil {
			seqs = append(seqs, int64(it.Seq)) //nolint:gosec // counted up from 0
		}
	}
	beyond := make(map[uint64]*store.Entry)
	if len(seqs) > 0 {
		found, err := q.entriesWhere(ctx, "seq = any($2)", seqs)
		if err != nil {
			return nil, err
		}
		for i := range found {
			beyond[found[i].Seq] = &found[i]
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	entries := make([]store.Entry, 0, len(items))
	for _, it := range items {
		if it.Value != nil {
			q.bytes -= sizeOf(it.Value)
			entries = append(entries, *it.Value)
		} else if e := beyond[it.Seq]; e != nil {
			entries = append(entries, *e)
		}
	}
	return entries, nil
}

// entriesWhere reads entries by a condition of one argument, in the order of acceptance.
func (q *queue) entriesWhere(ctx context.Context, condition string, arg any) ([]store.Entry, error) {
	if q.err != nil {
		return nil, q.err
	}
	return read(ctx, q.s, func(row pgx.CollectableRow) (store.Entry, error) {
		_, e, err := scanEntry(row)
		return e, err
	}, `select `+entryColumns+` from keypull_entry where queue = $1 and not aside and `+condition+` order by seq`, q.name, arg)
}

// Ack implements store.Queue.
func (q *queue) Ack(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	return q.s.do(ctx, &work{Batch: store.Batch{Acks: []store.Acked{{Queue: q.name, Seqs: slices.Clone(seqs)}}}})
}

// SetAside implements store.Asider.
func (q *queue) SetAside(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	return q.s.do(ctx, &work{asides: []store.Acked{{Queue: q.name, Seqs: slices.Clone(seqs)}}})
}

// Of implements store.Searcher.
func (q *queue) Of(ctx context.Context, partition string) ([]store.Entry, error) {
	return q.entriesWhere(ctx, "partition = $2", []byte(partition))
}

// Each implements store.Searcher.
func (q *queue) Each(ctx context.Context, f func(store.Entry)) error {
	for after := int64(0); ; {
		page, err := q.entriesWhere(ctx, fmt.Sprintf("seq > $2 and seq <= (select max(seq) from (select seq from keypull_entry where queue = $1 and seq > $2 order by seq limit %d) page)", store.MaxPage), after)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			f(page[i])
		}
		after = int64(page[len(page)-1].Seq) //nolint:gosec // counted up from 0
	}
}

// Last implements store.Queue.
func (q *queue) Last() uint64 {
	// What can't be read has accepted nothing either; others tell of it.
	last, err := read(context.Background(), q.s, pgx.RowTo[int64], `select last from keypull_counter where name = $1`, "queue."+q.name)
	if err != nil || len(last) == 0 {
		return 0
	}
	return uint64(last[0]) //nolint:gosec // counted up from 0
}

// nanos is a time as it is written.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixNano()
}

func moment(nanos int64) time.Time {
	if nanos == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
