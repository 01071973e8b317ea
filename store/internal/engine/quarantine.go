package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// damagedBucket keeps damaged values: under bucket, a zero byte and key the time and
// the bytes that stood there.
var damagedBucket = []byte("damaged")

// SetAside returns what stands aside of a bucket behind a key, with the key that it had, or
// nil.
func (s *Snapshot) SetAside(bucket, after []byte) (key, value []byte) {
	b := s.Bucket(damagedBucket)
	if b == nil {
		return nil, nil
	}
	prefix := append(bytes.Clone(bucket), 0)
	from := bytes.Clone(prefix)
	if after != nil {
		from = append(append(from, after...), 0)
	}
	k, v := b.Cursor().Seek(from)
	if !bytes.HasPrefix(k, prefix) || len(v) < 8 {
		return nil, nil
	}
	return k[len(prefix):], v[8:]
}

// PutAside writes a value that stands aside, as what SetAside of an Engine moved.
func (t *Batch) PutAside(bucket, key, value []byte, at time.Time) {
	t.moved++
	t.Bucket(damagedBucket).Put(bytes.Join([][]byte{bucket, key}, []byte{0}), withTime(at, value))
}

// quarantine knows of the values that were found damaged.
type quarantine struct {
	count atomic.Int64 // of those in damagedBucket

	mu    sync.Mutex
	noted map[string]struct{} // places that wait to be moved
}

// Damaged returns how many values stand aside since they could not be read any more.
func (e *Engine) Damaged() int { return int(e.quarantine.count.Load()) }

// Quarantine notes that what stands at a place is not what was written. It is logged
// once and moved out of the way with one of the next batches, unless it is sound by
// then; until that it is passed over.
func (e *Engine) Quarantine(bucket, key []byte, sound func(s *Snapshot, value []byte) bool) {
	w := &quarantineMove{
		Outcome: Outcome{Shrinks: true, later: true}, clock: e.writer.clock,
		bucket: bytes.Clone(bucket), key: bytes.Clone(key), sound: sound,
	}
	if !e.quarantine.notePlace(w.damagedKey()) {
		return
	}
	e.file.logger.Error("a damaged record is set aside; the rest is served", "store", e.file.path, "bucket", string(bucket), "key", printableKey(key))
	_, _ = e.queue.addWork(w, true) // one that is closed is found again at the next start
}

// Decode decodes what stands at a place; what is not what was written is set aside.
func Decode[T any](e *Engine, bucket, k, v []byte, decode func(k, v []byte) (T, bool)) (T, bool) {
	of, ok := decode(k, v)
	if !ok {
		key := bytes.Clone(k)
		e.Quarantine(bucket, key, func(_ *Snapshot, v []byte) bool { _, ok := decode(key, v); return ok })
	}
	return of, ok
}

// SetAside moves a value aside, sound or not.
func (e *Engine) SetAside(ctx context.Context, bucket, key []byte) error {
	sound := func(*Snapshot, []byte) bool { return false }
	return e.Do(ctx, &quarantineMove{Outcome: Outcome{Shrinks: true}, clock: e.writer.clock, bucket: bucket, key: key, sound: sound})
}

// notePlace notes a place; false if it is noted already.
func (q *quarantine) notePlace(place string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, known := q.noted[place]
	q.noted[place] = struct{}{}
	return !known
}

// printableKey names a key in a log line: numbers as such.
func printableKey(key []byte) any {
	if len(key) == 8 {
		return Number(key)
	}
	return string(key)
}

// quarantineMove is the work that moves one damaged value aside.
type quarantineMove struct {
	Outcome
	clock       func() time.Time
	bucket, key []byte
	sound       func(s *Snapshot, value []byte) bool // looks once more
}

// Size implements Work.
func (w *quarantineMove) Size() int { return len(w.key) }

// Check implements Work.
func (w *quarantineMove) Check(*Batch) error { return nil }

func (w *quarantineMove) damagedKey() string { return string(w.bucket) + "\x00" + string(w.key) }

func (w *quarantineMove) Write(t *Batch) error {
	t.settled = append(t.settled, w)
	if t.view.Bucket(w.bucket) == nil {
		return nil
	}
	b := t.Bucket(w.bucket)
	v := b.Get(w.key)
	if v == nil || w.sound(t.view, v) {
		return nil
	}
	t.moved++
	t.Bucket(damagedBucket).Put([]byte(w.damagedKey()), withTime(w.clock(), v))
	if b.kind.Drop != nil {
		b.kind.Drop(t, b, w.key)
		return nil
	}
	b.Remove(w.key)
	return nil
}

// settleBatch makes the count follow a batch that is durable.
func (q *quarantine) settleBatch(t *Batch) {
	q.count.Add(t.moved)
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range t.settled {
		delete(q.noted, w.damagedKey())
	}
}

// countDamaged counts what was set aside before.
func (q *quarantine) countDamaged(tx *bbolt.Tx) error {
	q.noted = make(map[string]struct{})
	b := tx.Bucket(damagedBucket)
	if b == nil {
		return nil
	}
	count := int64(0)
	err := b.ForEach(func(_, _ []byte) error {
		count++
		return nil
	})
	q.count.Store(count)
	return err
}

// withTime returns what is kept of a damaged value.
func withTime(at time.Time, v []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())), v...)
}
