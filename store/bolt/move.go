package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
)

// movingBucket holds how far an Import has come, until it is ended.
var (
	movingBucket = []byte("moving")
	movingKey    = []byte("mark")
)

// moveIDs is after how many ids these leave memory for the file.
const moveIDs = 500_000

var _ store.Movable = (*DB)(nil)

// Export implements store.Movable.
func (db *DB) Export(ctx context.Context) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		x := &export{db: db, ctx: ctx, yield: yield}
		x.exportAll()
		if x.err != nil && !x.over {
			yield(store.Row{}, x.err)
		}
	}
}

// export is an Export under way.
type export struct {
	db    *DB
	ctx   context.Context //nolint:containedctx // of one call
	yield func(store.Row, error) bool
	err   error
	over  bool // nobody wants more
}

func (x *export) exportAll() {
	var names []string
	counters := map[string]uint64{store.CounterKV: 0}
	x.err = x.db.engine.View(x.ctx, func(v *engine.Snapshot) (err error) {
		names, err = v.Buckets()
		for _, name := range names {
			if counter, ok := counterOf(name); ok {
				b := v.Bucket([]byte(name))
				counters[counter] = b.Sequence()
				if k, _ := b.Cursor().Last(); counter != store.CounterKV && len(k) == 8 {
					counters[counter] = max(b.Sequence(), engine.Number(k))
				}
			}
		}
		return err
	})
	if slices.Contains(names, string(kvBucket)) {
		x.exportBucket(kvBucket, x.valueRow)
	}
	queues := func(each func(q *queue, name string)) {
		for _, bucket := range names {
			if name, ok := strings.CutPrefix(bucket, queuePrefix); ok && x.err == nil {
				each(x.db.openQueue(name), name)
			}
		}
	}
	queues(func(q *queue, name string) {
		x.exportBucket(q.entries, func(k, v []byte) (store.Row, bool) {
			e, ok := q.openEntry(k, v)
			return entryRow(store.RowEntry, name, &e), ok
		})
	})
	queues(x.exportAside)
	queues(x.exportIDs)
	for _, bucket := range names {
		if name, ok := strings.CutPrefix(bucket, logPrefix); ok && x.err == nil {
			l := x.db.openLog(name)
			x.exportBucket(l.records, func(k, v []byte) (store.Row, bool) {
				r, ok := l.openRecord(k, v)
				return store.Row{Kind: store.RowRecord, Of: name, Number: r.Position, ID: r.ID, At: r.At, Data: bytes.Clone(r.Data)}, ok
			})
		}
	}
	for _, bucket := range names {
		if counter, ok := counterOf(bucket); ok && counters[counter] > 0 {
			x.give(store.Row{Kind: store.RowCounter, Of: counter, Number: counters[counter]})
		}
	}
}

// counterOf names the counter of a bucket.
func counterOf(bucket string) (string, bool) {
	if bucket == string(kvBucket) {
		return store.CounterKV, true
	}
	if name, ok := strings.CutPrefix(bucket, queuePrefix); ok {
		return store.CounterQueue + name, true
	}
	name, ok := strings.CutPrefix(bucket, logPrefix)
	return store.CounterLog + name, ok
}

// give yields a row, unless the export is over.
func (x *export) give(r store.Row) {
	if x.err == nil && !x.yield(r, nil) {
		x.over, x.err = true, context.Canceled
	}
}

func (x *export) valueRow(k, v []byte) (store.Row, bool) {
	body := x.db.kv.openBody(k, v)
	if body == nil {
		return store.Row{}, false
	}
	p := newPair(string(k), body)
	return store.Row{Kind: store.RowValue, Number: uint64(p.Revision), ID: p.Key, Data: p.Value}, true
}

func entryRow(kind store.RowKind, queue string, e *store.Entry) store.Row {
	return store.Row{Kind: kind, Of: queue, Number: e.Seq, ID: e.ID, Partition: e.Partition, Due: e.Due, At: e.At, Data: bytes.Clone(e.Payload)}
}

// exportBucket gives what a bucket holds, page by page, and leaves out what is damaged.
func (x *export) exportBucket(bucket []byte, row func(k, v []byte) (store.Row, bool)) {
	x.exportPages(func(v *engine.Snapshot, from []byte) (k, value []byte, next func() (k, v []byte)) {
		b := v.Bucket(bucket)
		if b == nil {
			return nil, nil, nil
		}
		c := b.Cursor()
		k, value = c.Seek(from)
		return k, value, c.Next
	}, row)
}

// exportPages gives rows from a place on, some of them in one transaction.
func (x *export) exportPages(seek func(v *engine.Snapshot, from []byte) (k, value []byte, next func() (k, v []byte)), row func(k, v []byte) (store.Row, bool)) {
	for from := []byte{}; from != nil && x.err == nil; {
		var page []store.Row
		x.err = x.db.engine.View(x.ctx, func(v *engine.Snapshot) error {
			k, value, next := seek(v, from)
			from = nil
			for size := 0; k != nil; k, value = next() {
				if len(page) == store.MoveRows || size > store.MoveBytes {
					from = bytes.Clone(k)
					return nil
				}
				size += len(value)
				if r, ok := row(k, value); ok {
					page = append(page, r)
				}
			}
			return nil
		})
		for i := range page {
			x.give(page[i])
		}
	}
}

// exportAside gives the entries that were set aside and are not damaged.
func (x *export) exportAside(q *queue, name string) {
	var key []byte
	for more := true; more && x.err == nil; {
		var row store.Row
		sound := false
		x.err = x.db.engine.View(x.ctx, func(v *engine.Snapshot) error {
			k, value := v.SetAside(q.entries, key)
			if more = k != nil; !more {
				return nil
			}
			key = bytes.Clone(k)
			e, ok := q.soundEntry(k, value)
			row, sound = entryRow(store.RowAside, name, &e), ok
			return nil
		})
		if sound {
			x.give(row)
		}
	}
}

// exportIDs gives the ids that a queue knows: those in the file, then those in memory.
func (x *export) exportIDs(q *queue, name string) {
	w := &idReading{q: q, Outcome: engine.Outcome{Shrinks: true}}
	if x.err = x.db.engine.Do(x.ctx, w); x.err != nil {
		return
	}
	give := func(r *idRecord) {
		for i := range r.countHashes() {
			if h := r.hashAt(i); h != (idHash{}) {
				x.give(store.Row{Kind: store.RowID, Of: name, Number: r.first + uint64(i), Hash: h, At: r.at})
			}
		}
	}
	for from := uint64(0); x.err == nil; {
		var r idRecord
		found := false
		x.err = x.db.engine.View(x.ctx, func(v *engine.Snapshot) error {
			b := v.Bucket(q.ids.bucket)
			if b == nil {
				return nil
			}
			c := b.Cursor()
			for k, value := c.Seek(engine.Key(from)); k != nil && !found; k, value = c.Next() {
				from = engine.Number(k) + 1
				if r, found = q.ids.openRecord(k, value); found {
					r.hashes = bytes.Clone(r.hashes)
					_, told := w.runs.recordOf(r.first)
					found = !told
				}
			}
			return nil
		})
		if !found {
			break
		}
		give(&r)
	}
	for i := range w.runs {
		give(&w.runs[i])
	}
}

// Import implements store.Movable. The store is to be opened anew then, or copied.
func (db *DB) Import(ctx context.Context, rows iter.Seq2[store.Row, error]) (there int64, err error) {
	var names []string
	var mark *store.MoveMark
	err = db.engine.View(ctx, func(v *engine.Snapshot) (err error) {
		names, err = v.Buckets()
		if b := v.Bucket(movingBucket); b != nil {
			mark = db.openMark(b.Get(movingKey))
		}
		return err
	})
	switch {
	case err != nil:
	case mark != nil:
	case slices.ContainsFunc(names, func(name string) bool { return name != string(engine.MetaBucket) }):
		err = store.ErrHolds
	default:
		mark = new(store.MoveMark)
		// It stands in the file before the log has anything that is read by it.
		if err = db.engine.Do(ctx, &importing{db: db, mark: mark}); err == nil {
			err = db.engine.Checkpoint(ctx)
		}
	}
	if err != nil {
		return 0, err
	}
	f := &filling{db: db}
	there, err = store.WriteParts(rows, *mark, func() error { return store.ErrMoving }, func(part []store.Row, to store.MoveMark) error { return f.writePart(ctx, part, to) })
	// What is in memory alone would be missed.
	return there, errors.Join(err, f.keepIDs(context.WithoutCancel(ctx)))
}

// EndImport implements store.Movable.
func (db *DB) EndImport(ctx context.Context) error {
	return db.engine.Do(ctx, &importing{db: db, ends: true})
}

// filling is an Import under way.
type filling struct {
	db  *DB
	ids int            // that stand in memory alone
	to  store.MoveMark // behind them
}

func (f *filling) writePart(ctx context.Context, part []store.Row, to store.MoveMark) error {
	if part[0].Kind != store.RowID {
		if err := f.keepIDs(ctx); err != nil {
			return err
		}
		return f.db.engine.Do(ctx, &importing{db: f.db, rows: part, mark: &to})
	}
	if err := f.db.engine.Do(ctx, &importing{db: f.db, rows: part}); err != nil {
		return err
	}
	if f.ids, f.to = f.ids+len(part), to; f.ids <= moveIDs {
		return nil
	}
	return f.keepIDs(ctx)
}

// keepIDs brings ids into the file, which stand in no log.
func (f *filling) keepIDs(ctx context.Context) error {
	if f.ids == 0 {
		return nil
	}
	f.ids = 0
	if err := f.db.engine.Checkpoint(ctx); err != nil {
		return err
	}
	return f.db.engine.Do(ctx, &importing{db: f.db, mark: &f.to})
}

// openMark returns the mark of an Import; nil where there is none.
func (db *DB) openMark(value []byte) *store.MoveMark {
	body, ok := db.engine.Verified(movingBucket, movingKey, value)
	if !ok || len(body) != 16 {
		return nil
	}
	return &store.MoveMark{Rows: int64(binary.BigEndian.Uint64(body)), Sum: binary.BigEndian.Uint64(body[8:])} //nolint:gosec // as it was written
}

// importing is the work of a part of Import.
type importing struct {
	engine.Outcome
	db   *DB
	rows []store.Row
	mark *store.MoveMark // to be set by it
	ends bool            // the mark goes
}

// Size implements engine.Work.
func (w *importing) Size() (n int) {
	for i := range w.rows {
		n += len(w.rows[i].Data) + len(w.rows[i].ID) + len(w.rows[i].Partition)
	}
	return n
}

// Check implements engine.Work.
func (w *importing) Check(t *engine.Batch) error { return t.Room() }

func (w *importing) Write(t *engine.Batch) error {
	for i := range w.rows {
		if err := w.writeRow(t, &w.rows[i]); err != nil {
			return err
		}
	}
	if w.ends {
		t.Bucket(movingBucket).Remove(movingKey)
	}
	if w.mark != nil {
		rec := make([]byte, engine.HeadBytes, engine.HeadBytes+16)
		rec = binary.BigEndian.AppendUint64(rec, uint64(w.mark.Rows)) //nolint:gosec // read back as it is
		rec = binary.BigEndian.AppendUint64(rec, w.mark.Sum)
		engine.AddSum(movingBucket, movingKey, rec)
		t.Bucket(movingBucket).Put(movingKey, rec)
	}
	return nil
}

func (w *importing) writeRow(t *engine.Batch, r *store.Row) error {
	switch r.Kind {
	case store.RowValue:
		p := newPut(store.Pair{Key: r.ID, Value: r.Data})
		w.db.kv.revision = r.Number - 1
		w.db.kv.writePut(t, t.Bucket(kvBucket), &p)
	case store.RowEntry, store.RowAside:
		bucket, key := []byte(queuePrefix+r.Of), engine.Key(r.Number)
		rec := encodeEntry(store.Entry{ID: r.ID, Partition: r.Partition, Due: r.Due, At: r.At, Payload: r.Data})
		engine.AddSum(bucket, key, rec)
		if r.Kind == store.RowEntry {
			t.Bucket(bucket).Put(key, rec)
			break
		}
		t.Bucket(bucket).SetSequence(r.Number)
		t.PutAside(bucket, key, rec, w.db.clock())
	case store.RowID:
		ids := &w.db.openQueue(r.Of).ids
		ids.fillTo(r.Number, r.At)
		ids.fresh.addID(r.Number, r.Hash, r.At)
		ids.recent.addHash(r.Hash, r.Number)
	case store.RowRecord:
		l, key := w.db.openLog(r.Of), engine.Key(r.Number)
		records, ids := l.bucketsIn(t)
		rec := encodeRecord(r.At, r.ID, r.Data)
		engine.AddSum(l.records, key, rec)
		records.Append(key, rec)
		ids.Derive([]byte(r.ID), indexValue(l.ids, []byte(r.ID), r.Number))
	case store.RowCounter:
		return w.writeCounter(t, r)
	default:
		return fmt.Errorf("move: there are no rows of kind %q here", r.Kind)
	}
	return nil
}

func (w *importing) writeCounter(t *engine.Batch, r *store.Row) error {
	bucket := kvBucket
	if name, ok := strings.CutPrefix(r.Of, store.CounterQueue); ok {
		bucket = []byte(queuePrefix + name)
	} else if name, ok := strings.CutPrefix(r.Of, store.CounterLog); ok {
		bucket = []byte(logPrefix + name)
	} else if r.Of != store.CounterKV {
		return fmt.Errorf("move: there is no counter %q here", r.Of)
	}
	t.Bucket(bucket).SetSequence(r.Number)
	return nil
}

// fillTo writes zeros for some entries without an id, so that ids that stand nearly in a row
// share a record.
func (s *idSet) fillTo(seq uint64, at time.Time) {
	const most = 16
	n := len(s.fresh)
	if n == 0 {
		return
	}
	last := &s.fresh[n-1]
	for next := last.first + uint64(last.countHashes()); next < seq && seq-next <= most; next++ { //nolint:gosec // not negative
		s.fresh.addID(next, idHash{}, at)
	}
}
