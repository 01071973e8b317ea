package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// asideBucket keeps what was damaged: under bucket, a zero byte and key the
// time and the bytes that stood there.
var asideBucket = []byte("damaged")

// asides is what was found damaged.
type asides struct {
	count atomic.Int64

	mu    sync.Mutex
	noted map[string]struct{} // places that wait to be moved
}

// Damaged is how many records and values stand aside since they could not be
// read any more.
func (db *DB) Damaged() int { return int(db.asides.count.Load()) }

// spoiled notes that what stands at a place is not what was written. It is
// logged once and moved out of the way with one of the next commits, unless it
// is sound by then; until that it is passed over.
func (db *DB) spoiled(bucket, key []byte, sound func(v *view, value []byte) bool) {
	w := &setting{
		outcome: outcome{shrinks: true, later: true},
		db:      db, bucket: bytes.Clone(bucket), key: bytes.Clone(key), sound: sound,
	}
	db.asides.mu.Lock()
	_, known := db.asides.noted[w.place()]
	if !known {
		db.asides.noted[w.place()] = struct{}{}
	}
	db.asides.mu.Unlock()
	if known {
		return
	}
	db.logger.Error("a damaged record is set aside; the rest is served", "store", db.path, "bucket", string(bucket), "key", printable(key))
	_, _ = db.inbox.add(w, true) // one that is closed is found again at the next start
}

// printable names a key in a log line: numbers as such.
func printable(key []byte) any {
	if len(key) == 8 {
		return number(key)
	}
	return string(key)
}

// setting is the work that moves one damaged value aside.
type setting struct {
	outcome
	db          *DB
	bucket, key []byte
	// sound looks once more whether the value is damaged; anyway does not ask.
	sound  func(v *view, value []byte) bool
	anyway bool
}

func (w *setting) size() int         { return len(w.key) }
func (w *setting) check(*turn) error { return nil }
func (w *setting) place() string     { return string(w.bucket) + "\x00" + string(w.key) }

func (w *setting) write(t *turn) error {
	t.settled = append(t.settled, w)
	if t.view.bucket(w.bucket) == nil {
		return nil
	}
	b := t.bucket(w.bucket)
	v := b.Get(w.key)
	if v == nil || !w.anyway && w.sound(t.view, v) {
		return nil
	}
	t.aside++
	t.bucket(asideBucket).put([]byte(w.place()), dated(w.db.now(), v))
	if bytes.Equal(w.bucket, kvBucket) {
		w.db.drop(t, b, w.key)
		return nil
	}
	b.remove(w.key)
	return nil
}

// settle makes the count follow what is in the file now.
func (a *asides) settle(t *turn) {
	a.count.Add(t.aside)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range t.settled {
		delete(a.noted, w.place())
	}
}

// load counts what was set aside before.
func (a *asides) load(tx *bbolt.Tx) error {
	a.noted = make(map[string]struct{})
	b := tx.Bucket(asideBucket)
	if b == nil {
		return nil
	}
	count := int64(0)
	err := b.ForEach(func(_, _ []byte) error {
		count++
		return nil
	})
	a.count.Store(count)
	return err
}

// dated is what is kept of something damaged.
func dated(at time.Time, v []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())), v...)
}

// aside keeps something damaged in the transaction of the file.
func (s *sums) aside(at time.Time, place, v []byte) error {
	b, err := s.bucket(asideBucket)
	if err != nil {
		return err
	}
	return b.put(place, dated(at, v))
}

// SetAside implements store.Asider.
func (q *queue) SetAside(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	for _, seq := range seqs {
		w := &setting{outcome: outcome{shrinks: true}, db: q.db, bucket: q.entries, key: key8(seq), anyway: true}
		if err := q.db.do(ctx, w); err != nil {
			return err
		}
		q.line.Remove(seq)
	}
	return nil
}
