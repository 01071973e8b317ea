package bolt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// Earlier versions wrote the platforms' ids of messages into entries as they came.
// Who takes a file over from them puts hashes in their place, in entries that still
// wait, and wipes what is free in the file, where those that were finished stood.

// unname takes the ids out of a file. It is done anew where it was cut off, since the
// file is one of the former format until then.
func (db opening) unname() error {
	if err := writer(db).update(db.hashIDs); err != nil {
		return err
	}
	before := db.free()
	// Both heads of the file lead past what was free before this one.
	if err := writer(db).update(db.writeLineage); err != nil {
		return err
	}
	return db.wipe(slices.DeleteFunc(db.free(), func(id int) bool { _, ok := slices.BinarySearch(before, id); return !ok }))
}

// hashIDs puts hashes in the place of ids.
func (db opening) hashIDs() error {
	meta, err := db.sums.bucket(metaBucket)
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(string(meta.Get(bucketsKey)), "\n") {
		if !strings.HasPrefix(name, queuePrefix) {
			continue
		}
		b, err := db.sums.bucket([]byte(name))
		if err != nil {
			return err
		}
		changed := make(map[string][]byte)
		err = b.ForEach(func(k, v []byte) error {
			body, sound := db.guards.open(b.name, k, v)
			e, err := decodeEntry(number(k), body)
			if _, done := hashOf(e.ID); !sound || err != nil || e.ID == "" || done {
				return nil //nolint:nilerr // one that is damaged is set aside later
			}
			e.ID = hashed(db.ids.sum(e.ID))
			rec := encodeEntry(e)
			guard(b.name, k, rec)
			changed[string(k)] = rec
			return nil
		})
		for k, rec := range changed {
			err = errors.Join(err, b.put([]byte(k), rec))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// free are the pages of the file that nothing leads to, in their order.
func (db opening) free() (ids []int) {
	_ = db.bolt.View(func(tx *bbolt.Tx) error {
		for id := 0; ; id++ {
			switch p, err := tx.Page(id); {
			case err != nil || p == nil:
				return err
			case p.Type == "free":
				ids = append(ids, id)
			}
		}
	})
	return ids
}

// wipe writes zeros over pages.
func (db opening) wipe(ids []int) error {
	size := db.bolt.Info().PageSize
	zeros := make([]byte, size)
	for _, id := range ids {
		if _, err := db.file.WriteAt(zeros, int64(id)*int64(size)); err != nil {
			return full(err)
		}
	}
	if err := db.file.Sync(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
