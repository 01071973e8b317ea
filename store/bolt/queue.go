package bolt

import (
	"bytes"
	"context"
	"sort"
	"sync/atomic"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
	"keypull/store/internal/readyqueue"
)

// Payloads of entries that nobody has claimed stay in memory up to these
// limits; of what is beyond, only the sequence does.
const (
	maxKeptEntries = 50_000
	maxKeptBytes   = 32 << 20
)

// queue is one named queue. Fields below the empty line are the writer's own.
type queue struct {
	engine  *engine.Engine
	rules   *idRules
	err     error // of the name or of loading
	entries []byte
	ready   *readyqueue.Queue[[]byte] // the encoded entry, nil when it is on file only
	kept    atomic.Int64
	bytes   atomic.Int64

	seq   uint64
	ids   idSet
	fresh fresh
	acked []uint64
}

// fresh is what the batch under way accepts.
type fresh struct {
	first  uint64
	hashes []idHash // one for each sequence from first on
	names  map[[nameBytes]byte]struct{}
	items  []readyqueue.Item[[]byte]
	withID bool
}

var (
	_ store.Queue    = (*queue)(nil)
	_ store.Searcher = (*queue)(nil)
	_ store.Asider   = (*queue)(nil)
)

func (db *DB) openQueue(name string) *queue {
	db.mu.Lock()
	defer db.mu.Unlock()
	if q, ok := db.queues[name]; ok {
		return q
	}
	q := &queue{
		engine:  db.engine,
		rules:   &db.ids,
		err:     store.CheckName(name),
		entries: []byte(queuePrefix + name),
		ready:   readyqueue.New[[]byte](db.clock),
		ids:     idSet{engine: db.engine, rules: &db.ids, bucket: []byte(queueIDsPrefix + name), tablesBucket: []byte(tablesPrefix + name)},
		fresh:   fresh{names: make(map[[nameBytes]byte]struct{})},
	}
	if q.err == nil {
		q.err = db.engine.View(context.Background(), q.loadEntries)
	}
	db.queues[name] = q
	return q
}

// loadEntries reads what is not acknowledged, and the ids.
func (q *queue) loadEntries(v *engine.Snapshot) error {
	if err := q.ids.loadIDs(v); err != nil {
		return err
	}
	b := v.Bucket(q.entries)
	if b == nil {
		return nil
	}
	q.seq = b.Sequence()
	var direct, waited []loaded
	err := b.ForEach(func(k, v []byte) error {
		e, ok := q.openEntry(k, v)
		if !ok {
			return nil
		}
		q.seq = max(q.seq, e.Seq)
		l := loaded{q.readyItem(e.Seq, e.Due, v), e.At}
		if l.Value != nil {
			l.Value = append([]byte(nil), v...)
		}
		if e.Due.After(e.At) {
			waited = append(waited, l)
			return nil
		}
		direct = append(direct, l)
		return nil
	})
	q.ready.Add(mergeByArrival(direct, waited)...)
	return err
}

// openEntry opens what stands in the file; what is damaged is set aside.
func (q *queue) openEntry(k, v []byte) (store.Entry, bool) {
	return engine.Decode(q.engine, q.entries, k, v, q.soundEntry)
}

func (q *queue) soundEntry(k, v []byte) (store.Entry, bool) {
	body, ok := q.engine.Verified(q.entries, k, v)
	if !ok || len(k) != 8 {
		return store.Entry{}, false
	}
	e, err := decodeEntry(engine.Number(k), body)
	if _, ok := hashInID(e.ID); ok {
		e.ID = ""
	}
	return e, err == nil
}

// loaded is an entry with the time of its arrival.
type loaded struct {
	readyqueue.Item[[]byte]
	at time.Time
}

// mergeByArrival puts entries that had to wait where their time came, among those that
// had not.
func mergeByArrival(direct, waited []loaded) []readyqueue.Item[[]byte] {
	sort.SliceStable(waited, func(i, j int) bool { return waited[i].Due.Before(waited[j].Due) })
	out := make([]readyqueue.Item[[]byte], 0, len(direct)+len(waited))
	for _, d := range direct {
		for len(waited) > 0 && waited[0].Due.Before(d.at) {
			out = append(out, waited[0].Item)
			waited = waited[1:]
		}
		out = append(out, d.Item)
	}
	for _, w := range waited {
		out = append(out, w.Item)
	}
	return out
}

// readyItem makes an item of the ready queue, with rec while there is room for it.
func (q *queue) readyItem(seq uint64, due time.Time, rec []byte) readyqueue.Item[[]byte] {
	it := readyqueue.Item[[]byte]{Seq: seq, Due: due}
	if q.kept.Load() < maxKeptEntries && q.bytes.Load() < maxKeptBytes {
		q.kept.Add(1)
		q.bytes.Add(int64(len(rec)))
		it.Value = rec
	}
	return it
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
		if err != nil {
			return nil, err
		}
		entries, err := q.fetchEntries(items)
		if err != nil {
			q.ready.Return(items...)
			return nil, err
		}
		if len(entries) > 0 {
			return entries, nil
		}
	}
}

// fetchEntries turns items of the ready queue into entries. Those that are on file only and
// have been acknowledged in between are left out, and those that are damaged.
func (q *queue) fetchEntries(items []readyqueue.Item[[]byte]) ([]store.Entry, error) {
	out := make([]store.Entry, 0, len(items))
	var kept, bytes int64
	for _, it := range items {
		rec := it.Value
		if rec == nil {
			var err error
			if rec, err = q.readFiled(it.Seq); err != nil {
				return nil, err
			}
			if rec == nil {
				continue
			}
		} else {
			kept++
			bytes += int64(len(rec))
		}
		if e, ok := q.openEntry(engine.Key(it.Seq), rec); ok {
			out = append(out, e)
		}
	}
	q.kept.Add(-kept)
	q.bytes.Add(-bytes)
	return out, nil
}

// readFiled copies an entry from the file; nil when it is not there.
func (q *queue) readFiled(seq uint64) (rec []byte, err error) {
	err = q.engine.View(context.Background(), func(v *engine.Snapshot) error {
		if b := v.Bucket(q.entries); b != nil {
			rec = append([]byte(nil), b.Get(engine.Key(seq))...)
		}
		return nil
	})
	return rec, err
}

// Of implements store.Searcher.
func (q *queue) Of(ctx context.Context, partition string) (found []store.Entry, err error) {
	err = q.Each(ctx, func(e store.Entry) {
		if e.Partition == partition {
			e.Payload = bytes.Clone(e.Payload)
			found = append(found, e)
		}
	})
	return found, err
}

// Each implements store.Searcher.
func (q *queue) Each(ctx context.Context, f func(store.Entry)) error {
	if q.err != nil {
		return q.err
	}
	return q.engine.View(ctx, func(v *engine.Snapshot) error {
		b := v.Bucket(q.entries)
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			if e, ok := q.openEntry(k, v); ok {
				f(e)
			}
			return nil
		})
	})
}

// Last implements store.Queue.
func (q *queue) Last() (seq uint64) {
	// What cannot be read has accepted nothing either; others tell of it.
	_ = q.engine.View(context.Background(), func(v *engine.Snapshot) error {
		if b := v.Bucket(q.entries); b != nil {
			seq = b.Sequence()
		}
		return nil
	})
	return seq
}

// SetAside implements store.Asider.
func (q *queue) SetAside(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	for _, seq := range seqs {
		if err := q.engine.SetAside(ctx, q.entries, engine.Key(seq)); err != nil {
			return err
		}
		q.ready.Remove(seq)
	}
	return nil
}
