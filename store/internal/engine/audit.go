package engine

import (
	"bytes"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store"
)

// inspection is what a look through the whole file came to.
type inspection struct {
	commit  uint64 // the last one that the file has
	tallies map[string]tally
	damaged []location // values that are not what was written
	plain   []location // values without a head; only in old files they may be
	bad     map[string]int

	name []byte // of the bucket under way
	sum  tally
}

// location is where a value stands.
type location struct{ bucket, key []byte }

// maxDamaged bounds what one look remembers; the rest is found when it is read.
const maxDamaged = 1000

func newInspection() *inspection {
	// What is made anew has two pages that say where the data is, and they count
	// from 0.
	return &inspection{commit: 1, tallies: make(map[string]tally), bad: make(map[string]int)}
}

// addValue looks at one value; those of a bucket come in a row.
func (f *inspection) addValue(name, key, value []byte) {
	if !bytes.Equal(name, f.name) {
		f.endBucket()
		f.name = bytes.Clone(name)
	}
	meta := bytes.Equal(name, MetaBucket)
	if meta && bytes.Equal(key, sumsKey) {
		return
	}
	f.sum.addValue(name, key, value)
	if meta || bytes.Equal(name, damagedBucket) {
		return
	}
	if len(value) == 0 || value[0] != checked {
		f.plain = addLocation(f.plain, name, key)
		return
	}
	if _, sound := (checks{}).verifyValue(name, key, value); !sound {
		f.bad[string(name)]++
		f.damaged = addLocation(f.damaged, name, key)
	}
}

// endBucket ends the bucket under way.
func (f *inspection) endBucket() {
	if f.name != nil {
		f.tallies[string(f.name)] = f.sum
	}
	f.name, f.sum = nil, tally{}
}

func addLocation(places []location, name, key []byte) []location {
	if len(places) == maxDamaged {
		return places
	}
	return append(places, location{bytes.Clone(name), bytes.Clone(key)})
}

// requireHeads says that the file never had values without a head, so that those that
// have none are damaged.
func (f *inspection) requireHeads() {
	for _, p := range f.plain {
		f.bad[string(p.bucket)]++
	}
	f.damaged = append(f.damaged, f.plain...)
}

// loadTallies begins with what a file holds.
func (t *Tx) loadTallies(tx *bbolt.Tx, f *inspection) error {
	if txID(tx) != f.commit+1 {
		return words.Fail(store.ErrInUse, "store.written", nil)
	}
	t.bolt, t.named, t.fresh = tx, make(map[string]*FileBucket), true
	return tx.ForEach(func(name []byte, in *bbolt.Bucket) error {
		b := t.knownBucket(name)
		b.written = f.tallies[string(name)]
		b.written.sequence = in.Sequence()
		b.now = b.written
		return nil
	})
}

// auditBuckets compares what the buckets hold with what was written there, tells where
// that is not the same, and goes on with what is there. A file that was never
// audited has nothing to be compared with.
func (o *recovery) auditBuckets(meta *FileBucket, f *inspection) error {
	v := meta.Get(sumsKey)
	if v == nil {
		return nil
	}
	want, ok := decodeTallies(v)
	if !ok {
		o.logger.Warn("the record of what the store holds was damaged; it is written anew", "store", o.path)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if err := o.auditBucket([]byte(name), want[name], f.bad[name]); err != nil {
			return err
		}
	}
	return nil
}

// auditBucket compares one bucket. bad is how many values in it are told of anyway.
func (o *recovery) auditBucket(name []byte, want tally, bad int) error {
	there := o.file.tx.knownBucket(name).written
	if there == want || bad > 0 && there.count == want.count && there.sequence == want.sequence {
		return nil
	}
	o.logger.Error("a bucket does not add up: something that was written there is missing or old; restore the store from a backup",
		"store", o.path, "bucket", string(name), "values", there.count, "written", want.count)
	if err := o.file.tx.SetAside(append(name, 0), appendTally(nil, name, want)); err != nil {
		return err
	}
	b, err := o.file.tx.Bucket(name)
	if err != nil {
		return err
	}
	return b.raiseSequence(want.sequence) // nothing is numbered twice
}
