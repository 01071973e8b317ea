package bolt

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
	"keypull/store/internal/knownid"
)

// Buckets: that of keys, and prefixes of those of a queue or log. Files hold these
// names; the code calls what lies in tablesPrefix sorted tables, earlier versions
// called them volumes.
const (
	queuePrefix    = "q:"
	queueIDsPrefix = "qids:"
	tablesPrefix   = "qvols:"
	logPrefix      = "log:"
	logIDsPrefix   = "logids:"
)

var (
	kvBucket   = []byte("kv")
	hashKeyKey = []byte("hash-key") // of the meta bucket
)

// layout implements engine.Layout.
type layout struct {
	db      *DB
	hashKey []byte
	keys    func(fresh bool) ([]byte, error)
	kinds   map[string]engine.Kind // by prefix
	kv      engine.Kind
}

// newLayout describes the buckets. Pages of those whose keys grow are filled to the
// brim, since nothing is ever inserted there; documents are written at random places,
// and grow.
func newLayout(db *DB, o store.Options) *layout {
	const full, nearly, roomy = 1, 0.9, 0.7
	l := &layout{db: db, hashKey: o.HashKey, keys: o.Keys}
	l.kinds = map[string]engine.Kind{
		logPrefix:      {Fill: full, Numbered: true},
		logIDsPrefix:   {Fill: nearly, Packing: indexPacking{}},
		queuePrefix:    {Fill: nearly, Numbered: true},
		queueIDsPrefix: {Fill: nearly},
		tablesPrefix:   {Fill: nearly},
	}
	l.kv = engine.Kind{Fill: roomy, Sequence: revisionOf, Drop: db.kv.removeKey}
	return l
}

// Kind implements engine.Layout.
func (l *layout) Kind(bucket []byte) engine.Kind {
	if prefix := bytes.IndexByte(bucket, ':'); prefix >= 0 {
		return l.kinds[string(bucket[:prefix+1])]
	}
	if bytes.Equal(bucket, kvBucket) {
		return l.kv
	}
	return engine.Kind{Fill: l.kv.Fill}
}

// Begin implements engine.Layout: it finds out the key of ids.
func (l *layout) Begin(t *engine.Tx, logged bool) error {
	kv, err := t.Bucket(kvBucket)
	if err != nil {
		return err
	}
	key := l.hashKey
	if l.keys != nil {
		key, err = l.keys(kv.Sequence() == 0 && !logged)
	} else if len(key) == 0 {
		key, err = ownKey(t)
	}
	l.db.ids.Hasher = knownid.Hasher{Key: bytes.Clone(key)}
	return err
}

// ownKey returns the key of a store that was given none.
func ownKey(t *engine.Tx) ([]byte, error) {
	meta, err := t.Bucket(engine.MetaBucket)
	if err != nil {
		return nil, err
	}
	if key := meta.Get(hashKeyKey); len(key) == hashKeyBytes {
		return key, nil
	}
	key := make([]byte, hashKeyBytes)
	_, _ = rand.Read(key) // never fails
	return key, meta.Put(hashKeyKey, key)
}

// TakeOver implements engine.Layout: it puts hashes in the place of ids. Earlier
// versions wrote the platforms' ids of messages into entries as they came.
func (l *layout) TakeOver(t *engine.Tx) error {
	buckets, err := t.Buckets()
	if err != nil {
		return err
	}
	for _, name := range buckets {
		if !strings.HasPrefix(name, queuePrefix) {
			continue
		}
		b, err := t.Bucket([]byte(name))
		if err == nil {
			err = l.hashEntryIDs(t, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) hashEntryIDs(t *engine.Tx, b *engine.FileBucket) error {
	changed := make(map[string][]byte)
	err := b.ForEach(func(k, v []byte) error {
		body, sound := t.Verified(b.Name(), k, v)
		e, err := decodeEntry(engine.Number(k), body)
		if _, done := hashInID(e.ID); !sound || err != nil || e.ID == "" || done {
			return nil //nolint:nilerr // one that is damaged is set aside later
		}
		e.ID = idOfHash(idHash(l.db.ids.HashID(e.ID)))
		rec := encodeEntry(e)
		engine.AddSum(b.Name(), k, rec)
		changed[string(k)] = rec
		return nil
	})
	for k, rec := range changed {
		err = errors.Join(err, b.Put([]byte(k), rec))
	}
	return err
}

// Checkpoint implements engine.Layout: the ids of queues stand in no memtable.
func (l *layout) Checkpoint() (parts []engine.Part) {
	l.db.mu.Lock()
	defer l.db.mu.Unlock()
	for _, q := range l.db.queues {
		if c := q.ids.beginCheckpoint(); c != nil {
			parts = append(parts, c)
		}
	}
	return parts
}

// Replay implements engine.Layout.
func (l *layout) Replay(t *engine.Tx) engine.Replay {
	return &replay{tx: t, ids: &l.db.ids, runs: make(map[string]*idRuns), moved: isMoved(t)}
}

// isMoved says that what the log has was written by Import, to which ids are given.
func isMoved(t *engine.Tx) bool {
	names, err := t.Buckets()
	if err != nil || !slices.Contains(names, string(movingBucket)) {
		return false
	}
	b, err := t.Bucket(movingBucket)
	return err == nil && b.Get(movingKey) != nil
}

// replay writes what a log doesn't hold by itself: the ids of accepted entries, and the
// index of appended records.
type replay struct {
	tx   *engine.Tx
	ids  *idRules
	runs map[string]*idRuns // by queue
	// moved: ids come by themselves.
	moved bool
}

// Put implements engine.Replay.
func (r *replay) Put(bucket, key, value []byte, appended bool) error {
	body, sound := r.tx.Verified(bucket, key, value)
	if name, ok := bytes.CutPrefix(bucket, []byte(queuePrefix)); ok && sound && len(key) == 8 && !r.moved {
		if e, err := decodeEntry(engine.Number(key), body); err == nil {
			r.addEntryID(string(name), e)
		}
	}
	if !appended {
		return nil
	}
	name, ok := bytes.CutPrefix(bucket, []byte(logPrefix))
	if !ok || !sound {
		return engine.ErrDamaged
	}
	record, err := decodeRecord(engine.Number(key), body)
	if err != nil {
		return err
	}
	ids := append([]byte(logIDsPrefix), name...)
	b, err := r.tx.Bucket(ids)
	if err != nil {
		return err
	}
	return r.tx.Write(b, []byte(record.ID), indexValue(ids, []byte(record.ID), record.Position))
}

// addEntryID notes the id of an entry.
func (r *replay) addEntryID(queue string, e store.Entry) {
	runs := r.runs[queue]
	if runs == nil {
		runs = new(idRuns)
		r.runs[queue] = runs
	}
	h, ok := hashInID(e.ID)
	if !ok && e.ID != "" {
		h = idHash(r.ids.HashID(e.ID))
	}
	at := r.ids.clock()
	if age := at.Sub(e.At); age > 0 && age < time.Hour { // no clock was set meanwhile
		at = e.At
	}
	runs.addID(e.Seq, h, at)
}

// End implements engine.Replay.
func (r *replay) End() error {
	for name, runs := range r.runs {
		b, err := r.tx.Bucket([]byte(queueIDsPrefix + name))
		if err != nil {
			return err
		}
		for _, run := range *runs {
			if err := run.writeTo(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// revisionOf returns the revision that wrote a value.
func revisionOf(value []byte) uint64 {
	if len(value) < engine.HeadBytes+revisionBytes {
		return 0
	}
	return binary.BigEndian.Uint64(value[engine.HeadBytes:])
}
