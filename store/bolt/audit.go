package bolt

import (
	"bytes"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store"
)

// found is what a look through the whole file came to.
type found struct {
	commit  uint64 // the last one that the file has
	tallies map[string]tally
	spoiled []place // values that are not what was written
	plain   []place // values without a head; only in old files they may be
	bad     map[string]int

	name []byte // of the bucket under way
	sum  tally
}

// place is where a value stands.
type place struct{ bucket, key []byte }

// maxSpoiled bounds what one look remembers; the rest is found when it is read.
const maxSpoiled = 1000

func newFound() *found {
	// What is made anew has two pages that say where the data is, and they count
	// from 0.
	return &found{commit: 1, tallies: make(map[string]tally), bad: make(map[string]int)}
}

// value looks at one value; those of a bucket come in a row.
func (f *found) value(name, key, value []byte) {
	if !bytes.Equal(name, f.name) {
		f.close()
		f.name = bytes.Clone(name)
	}
	meta := bytes.Equal(name, metaBucket)
	if meta && bytes.Equal(key, sumsKey) {
		return
	}
	f.sum.add(name, key, value)
	if meta || bytes.Equal(name, asideBucket) {
		return
	}
	if len(value) == 0 || value[0] != guarded {
		f.plain = noted(f.plain, name, key)
		return
	}
	if _, sound := (guards{}).open(name, key, value); !sound {
		f.bad[string(name)]++
		f.spoiled = noted(f.spoiled, name, key)
	}
}

// close ends the bucket under way.
func (f *found) close() {
	if f.name != nil {
		f.tallies[string(f.name)] = f.sum
	}
	f.name, f.sum = nil, tally{}
}

func noted(places []place, name, key []byte) []place {
	if len(places) == maxSpoiled {
		return places
	}
	return append(places, place{bytes.Clone(name), bytes.Clone(key)})
}

// headed says that the file never had values without a head, so that those that
// have none are spoiled.
func (f *found) headed() {
	for _, p := range f.plain {
		f.bad[string(p.bucket)]++
	}
	f.spoiled = append(f.spoiled, f.plain...)
}

// load begins with what a file holds.
func (s *sums) load(tx *bbolt.Tx, f *found) error {
	if uint64(tx.ID()) != f.commit+1 { //nolint:gosec // positive
		return words.Fail(store.ErrInUse, "store.written", nil)
	}
	s.tx, s.named, s.fresh = tx, make(map[string]*filed), true
	return tx.ForEach(func(name []byte, in *bbolt.Bucket) error {
		b := s.of(name)
		b.written = f.tallies[string(name)]
		b.written.sequence = in.Sequence()
		b.now = b.written
		return nil
	})
}

// audit compares what the buckets hold with what was written there, tells where
// that is not the same, and goes on with what is there. A file that was never
// audited has nothing to be compared with.
func (db opening) audit(meta *filed, f *found) error {
	v := meta.Get(sumsKey)
	if v == nil {
		return nil
	}
	want, ok := decodeTallies(v)
	if !ok {
		db.logger.Warn("the record of what the store holds was damaged; it is written anew", "store", db.path)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if err := db.compare([]byte(name), want[name], f.bad[name]); err != nil {
			return err
		}
	}
	return nil
}

// compare compares one bucket. bad are the values in it of which is told anyway.
func (db opening) compare(name []byte, want tally, bad int) error {
	there := db.sums.of(name).written
	if there == want || bad > 0 && there.count == want.count && there.sequence == want.sequence {
		return nil
	}
	db.logger.Error("a bucket does not add up: something that was written there is missing or old; restore the store from a backup",
		"store", db.path, "bucket", string(name), "values", there.count, "written", want.count)
	if err := db.sums.aside(db.now(), append(name, 0), appendTally(nil, name, want)); err != nil {
		return err
	}
	if there.sequence >= want.sequence {
		return nil
	}
	b, err := db.sums.bucket(name)
	if err != nil {
		return err
	}
	return b.SetSequence(want.sequence) // nothing is numbered twice
}
