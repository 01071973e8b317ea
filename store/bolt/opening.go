package bolt

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// opening is a store that nobody has yet: its file may be written beside the log.
type opening struct{ *DB }

// prepare reads, or writes into a new file, what the store says of itself, brings
// what the log holds into it, and begins a new log.
func (db opening) prepare(o store.Options, f *found) error {
	if err := db.keepFormer(0); err != nil {
		return err
	}
	log, err := wal.Look(db.path)
	if err != nil {
		return err
	}
	var past []string // of the log, not needed any more
	err = db.bolt.Update(func(tx *bbolt.Tx) error {
		if err := sameBuckets(tx); err != nil {
			return damagedFile(db.path, words.Said(err))
		}
		if err := db.sums.load(tx, f); err != nil {
			return err
		}
		meta, err := db.sums.bucket(metaBucket)
		if err != nil {
			return err
		}
		db.committed.Store(uint64(tx.ID())) //nolint:gosec // positive
		if err := errors.Join(db.sums.list(), db.takeOver(meta)); err != nil {
			return err
		}
		if !db.guards.old {
			f.headed()
		}
		if err := errors.Join(db.audit(meta, f), db.continued(meta)); err != nil {
			return err
		}
		if past, err = db.begin(meta, o, log); err != nil {
			return err
		}
		if err := db.asides.load(tx); err != nil {
			return err
		}
		return db.sums.write()
	})
	db.sums.end(err == nil)
	if err == nil {
		err = db.nameLog()
	}
	if err != nil {
		return err
	}
	if db.wal, err = wal.Begin(db.path, db.nextHead(), db.flushLog); err != nil {
		return err
	}
	return wal.Discard(db.path, append(past, log.Paths()...))
}

// nameLog makes a file that did not know its log one that does, and that holds no id
// of a message. What the log held is in it by now.
func (db opening) nameLog() error {
	if db.format == format {
		return nil
	}
	if db.format == unnamedLog {
		if err := db.keepFormer(unnamedLog); err != nil {
			return err
		}
	}
	if err := db.unname(); err != nil {
		return err
	}
	return writer(db).update(func() error {
		meta, err := db.sums.bucket(metaBucket)
		if err != nil {
			return err
		}
		return meta.put(formatKey, []byte{format})
	})
}

// begin finds out the key of ids, brings the log into the file and finds out the
// last revision.
func (db opening) begin(meta *filed, o store.Options, log *wal.Found) (past []string, err error) {
	kv, err := db.sums.bucket(kvBucket)
	if err != nil {
		return nil, err
	}
	key := o.HashKey
	if o.Keys != nil {
		key, err = o.Keys(kv.Sequence() == 0 && len(log.Segments) == 0)
	} else if len(key) == 0 {
		key, err = ownKey(meta)
	}
	db.ids = hasher{key: bytes.Clone(key)}
	if err == nil {
		past, err = db.catchUp(log)
	}
	db.revision = kv.Sequence()
	return past, err
}

// takeOver makes a file one of this format.
func (db opening) takeOver(meta *filed) error {
	v := meta.Get(formatKey)
	db.format = format
	switch {
	case len(v) == 1 && (v[0] == format || v[0] == unnamedLog):
		db.format = v[0]
		db.guards.old = meta.Get(oldKey) != nil
		return nil
	case v == nil:
		return meta.put(formatKey, []byte{format})
	case len(v) != 1 || v[0] > format:
		return words.Fail(nil, "store.later_version", words.Args{"store": db.path, "format": fmt.Sprintf("%d", v)})
	}
	if db.format = v[0]; v[0] == firstFormat {
		if err := meta.put(oldKey, []byte{v[0]}); err != nil {
			return err
		}
	}
	db.guards.old = meta.Get(oldKey) != nil
	return meta.put(formatKey, []byte{unnamedLog}) // for the while
}

// ownKey is the key of a store that was given none.
func ownKey(meta *filed) ([]byte, error) {
	if key := meta.Get(hashKey); len(key) == hashKeyBytes {
		return append([]byte(nil), key...), nil
	}
	key := make([]byte, hashKeyBytes)
	_, _ = rand.Read(key) // never fails
	return key, meta.put(hashKey, key)
}
