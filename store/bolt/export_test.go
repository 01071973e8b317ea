package bolt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
)

// What the fuzz test of the codec reaches.
var (
	DecodeEntry  = decodeEntry
	DecodeRecord = decodeRecord
)

// EncodeEntry is encodeEntry without the head.
func EncodeEntry(e store.Entry) []byte { return encodeEntry(e)[engine.HeadBytes:] }

// EncodeRecord is encodeRecord without the head.
func EncodeRecord(at time.Time, id string, data []byte) []byte {
	return encodeRecord(at, id, data)[engine.HeadBytes:]
}

// Flip changes the last byte of what stands at a place of a running store.
func (db *DB) Flip(bucket string, key []byte) error {
	if err := db.File(); err != nil {
		return err
	}
	return db.engine.Testing().Update(func(t *engine.Tx) error {
		b, err := t.Bucket([]byte(bucket))
		if err != nil {
			return err
		}
		var at, flipped []byte // the last at or before the key: ids stand in records
		_ = b.ForEach(func(k, v []byte) error {
			if bytes.Equal(k, key) || strings.HasPrefix(bucket, queueIDsPrefix) && bytes.Compare(k, key) < 0 {
				at, flipped = bytes.Clone(k), bytes.Clone(v)
			}
			return nil
		})
		flipped[len(flipped)-1] ^= 1
		return b.Put(at, flipped)
	})
}

// IndexByID has each id in a store that is closed stand for itself, as earlier
// versions wrote it.
func IndexByID(path, bucket string) error {
	db, err := Open(path, store.Options{})
	if err != nil {
		return err
	}
	err = db.engine.Testing().Update(func(t *engine.Tx) error {
		b, err := t.Bucket([]byte(bucket))
		if err != nil {
			return err
		}
		all := map[string][]byte{}
		_ = b.ForEach(func(k, v []byte) error { all[string(k)] = bytes.Clone(v); return nil })
		for k, v := range all {
			var in block
			if !decodeBlock(t, []byte(bucket), []byte(k), v, &in) {
				return engine.ErrDamaged
			}
			err = errors.Join(err, b.Remove([]byte(k)))
			for at, position := range in {
				if id := []byte(textID(engine.Number([]byte(k))<<blockBits | uint64(at))); position > 0 {
					err = errors.Join(err, b.Put(id, indexValue([]byte(bucket), id, position)))
				}
			}
		}
		return err
	})
	return errors.Join(err, db.Close())
}

// Key returns the key of a sequence or position.
func Key(n uint64) []byte { return engine.Key(n) }

// Doubt has the store find a commit of which nobody knows whether it is on the
// disk.
func (db *DB) Doubt(err error) error { return db.engine.Testing().FlushFailed(err) }

// Disk has the store believe that so much of its disk is free.
func (db *DB) Disk(f func() (free, whole uint64)) {
	db.engine.Testing().SetDisk(func(string) (uint64, uint64, bool) { free, whole := f(); return free, whole, true })
}

// KeepIDs has so many ids stand in memory at most.
func (db *DB) KeepIDs(most int) { db.ids.most = most }

// File brings everything into the file.
func (db *DB) File() error {
	_, err := db.Backup(context.Background(), io.Discard)
	return err
}

// IDs tells how many ids of a queue stand in memory, and in how many tables
// others do. Nobody may write meanwhile.
func (db *DB) IDs(queue string) (memory, tables int) {
	s := &db.openQueue(queue).ids
	return s.recent.countHashes(), len(s.tables)
}

// Filing says that a checkpoint is under way.
func (db *DB) Filing() bool {
	_, checkpoint := db.engine.Testing().Commits()
	return checkpoint
}

// Filings returns how often the file was written to.
func (db *DB) Filings() uint64 {
	n, _ := db.engine.Testing().Commits()
	return n
}

// HashKey returns the key of ids.
func (db *DB) HashKey() []byte { return db.ids.Key }
