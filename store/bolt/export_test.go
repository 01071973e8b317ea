package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
)

// What the fuzz test of the codec reaches.
var (
	DecodeEntry  = decodeEntry
	DecodeRecord = decodeRecord
)

// EncodeEntry is encodeEntry without the head.
func EncodeEntry(e store.Entry) []byte { return encodeEntry(e)[headBytes:] }

// EncodeRecord is encodeRecord without the head.
func EncodeRecord(at time.Time, id string, data []byte) []byte {
	return encodeRecord(at, id, data)[headBytes:]
}

// Flip changes the last byte of what stands at a place of a running store.
func (db *DB) Flip(bucket string, key []byte) error {
	tx, err := db.moment(context.Background()) // everything is in the file
	if err != nil {
		return err
	}
	defer db.committed.Add(1)
	return errors.Join(tx.Rollback(), db.bolt.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		c := b.Cursor()
		k, v := c.Seek(key)
		if strings.HasPrefix(bucket, queueIDsPrefix) && !bytes.Equal(k, key) {
			k, v = c.Prev() // the record that it is in
		}
		k, v = bytes.Clone(k), bytes.Clone(v)
		v[len(v)-1] ^= 1
		return b.Put(k, v)
	}))
}

// IndexByID has each id in a store that is closed stand for itself, as earlier
// versions wrote it.
func IndexByID(path, bucket string) error {
	db, err := Open(path, store.Options{})
	if err != nil {
		return err
	}
	err = writer{db}.update(func() error {
		b, err := db.sums.bucket([]byte(bucket))
		if err != nil {
			return err
		}
		all := map[string][]byte{}
		_ = b.ForEach(func(k, v []byte) error { all[string(k)] = bytes.Clone(v); return nil })
		for k, v := range all {
			var in block
			if !db.block([]byte(bucket), []byte(k), v, &in) {
				return errDamaged
			}
			err = errors.Join(err, b.remove([]byte(k)))
			for at, position := range in {
				if id := []byte(textID(number([]byte(k))<<blockBits | uint64(at))); position > 0 {
					err = errors.Join(err, b.put(id, indexed([]byte(bucket), id, position)))
				}
			}
		}
		return err
	})
	return errors.Join(err, db.Close())
}

// Key is the key of a sequence or position.
func Key(n uint64) []byte { return key8(n) }

// Doubt has the store find a commit of which nobody knows whether it is on the
// disk.
func (db *DB) Doubt(err error) error { return db.doubt(err) }

// Disk has the store believe that so much of its disk is free.
func (db *DB) Disk(f func() (free, whole uint64)) {
	db.disk = func(string) (uint64, uint64, bool) { free, whole := f(); return free, whole, true }
}

// SmallMaps has stores that are opened from now on map no more than needed and
// so many bytes beyond, until the function that it returns is called.
func SmallMaps(room int64) (restore func()) {
	was, wasRoom := initialMap, mapRoom
	initialMap, mapRoom = 0, room
	return func() { initialMap, mapRoom = was, wasRoom }
}

// Operations tells what a record of the log consists of.
func Operations(record []byte) (told []string, err error) {
	err = operations(record, func(o operation) error {
		told = append(told, fmt.Sprintf("%d %s %x %s %d %v", o.kind, o.bucket, o.key, o.value, o.number, o.indexed))
		return nil
	})
	return told, err
}

// KeepIDs has so many ids stand in memory at most.
func (db *DB) KeepIDs(most int) { db.mostIDs = most }

// File brings everything into the file.
func (db *DB) File() error {
	tx, err := db.moment(context.Background())
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// IDs tells how many ids of a queue stand in memory, and in how many volumes
// others do. Nobody may write meanwhile.
func (db *DB) IDs(queue string) (memory, volumes int) {
	s := &db.queue(queue).ids
	return s.table.count(), len(s.volumes)
}

// Filing says that a checkpoint is under way.
func (db *DB) Filing() bool { return db.state.Load().frozen != nil }

// Filings is how often the file was written to.
func (db *DB) Filings() uint64 { return db.committed.Load() }
