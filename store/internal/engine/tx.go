package engine

import (
	"bytes"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// sumsKey is where the meta bucket keeps what every bucket adds up to. It is written
// with each commit and compared with what is there at each start: where a changed bit
// leads to an older copy of a page, every value is sound, and some are missing or old
// all the same.
var sumsKey = []byte("sums")

// Tx is the file as it is written, one transaction after the other. Whatever is written
// or removed goes through one of its buckets, so that they always add up.
type Tx struct {
	layout     Layout
	checks     *checks
	quarantine *quarantine
	clock      func() time.Time

	bolt   *bbolt.Tx // the one under way
	opened []*FileBucket
	all    []*FileBucket // in the order of the record
	named  map[string]*FileBucket
	record []byte
	fresh  bool // nothing was committed since the file was opened
}

// FileBucket is one bucket of the file, in the transaction under way.
type FileBucket struct {
	name    []byte
	bolt    *bbolt.Bucket // nil while the transaction has not asked for it
	seeker  *bbolt.Cursor
	packing Packing
	written tally // on the disk
	now     tally
}

// FileCursor goes through a bucket in the order of keys.
type FileCursor interface {
	First() (key, value []byte)
	Next() (key, value []byte)
	Seek(from []byte) (key, value []byte)
	Last() (key, value []byte)
}

// beginBolt starts a transaction; end must follow.
func (t *Tx) beginBolt(tx *bbolt.Tx) { t.bolt = tx }

// endBolt forgets the transaction, and what it changed unless it was committed.
func (t *Tx) endBolt(committed bool) {
	for _, b := range t.opened {
		if committed {
			b.written = b.now
		}
		b.bolt, b.seeker, b.now = nil, nil, b.written
	}
	t.bolt, t.opened = nil, t.opened[:0]
	t.fresh = t.fresh && !committed
}

// knownBucket returns what is known of a bucket, which need not be in the file.
func (t *Tx) knownBucket(name []byte) *FileBucket {
	b := t.named[string(name)]
	if b == nil {
		b = &FileBucket{name: bytes.Clone(name), packing: t.layout.Kind(name).Packing}
		t.named[string(name)] = b
		t.all = append(t.all, b)
	}
	return b
}

// Bucket opens or makes a bucket.
func (t *Tx) Bucket(name []byte) (*FileBucket, error) {
	b := t.knownBucket(name)
	if b.bolt != nil {
		return b, nil
	}
	b.bolt = t.bolt.Bucket(name)
	made := b.bolt == nil
	if made {
		var err error
		if b.bolt, err = t.bolt.CreateBucket(name); err != nil {
			return nil, err
		}
	}
	b.seeker, b.bolt.FillPercent = b.bolt.Cursor(), t.layout.Kind(name).Fill
	t.opened = append(t.opened, b)
	if made {
		return b, t.writeNames()
	}
	return b, nil
}

// Buckets returns the names of all buckets.
func (t *Tx) Buckets() ([]string, error) {
	names, err := bucketNames(t.bolt)
	return strings.Split(names, "\n"), err
}

// Write sets a value as the file holds it, packed where the bucket is, or removes the
// key where value is nil.
func (t *Tx) Write(b *FileBucket, key, value []byte) error {
	w := t.keyWriter(b)
	if err := w.Write(key, value); err != nil {
		return err
	}
	return w.Flush()
}

// keyWriter returns what writes keys into a bucket in their order.
func (t *Tx) keyWriter(b *FileBucket) KeyWriter {
	if b.packing != nil {
		return b.packing.Writer(t, b)
	}
	return b
}

// Verified returns what follows the head of a value, and whether that is what was
// written.
func (t *Tx) Verified(bucket, key, v []byte) (body []byte, ok bool) {
	return t.checks.verifyValue(bucket, key, v)
}

// SetAside keeps something damaged, under the place it was found at.
func (t *Tx) SetAside(place, v []byte) error {
	b, err := t.Bucket(damagedBucket)
	if err != nil {
		return err
	}
	t.quarantine.count.Add(1)
	return b.Put(place, withTime(t.clock(), v))
}

// Name returns the bucket's name.
func (b *FileBucket) Name() []byte { return b.name }

// Get returns the value of a key, or nil.
func (b *FileBucket) Get(key []byte) []byte { return b.bolt.Get(key) }

// Cursor returns a cursor of the bucket.
func (b *FileBucket) Cursor() FileCursor { return b.bolt.Cursor() }

// ForEach calls f for all keys in their order.
func (b *FileBucket) ForEach(f func(k, v []byte) error) error { return b.bolt.ForEach(f) }

// Sequence returns the last number that was given.
func (b *FileBucket) Sequence() uint64 { return b.bolt.Sequence() }

// Put writes a value. Key and value must stay as they are until the commit, but for
// the key of a value that is there.
func (b *FileBucket) Put(key, value []byte) error {
	if old := valueAt(b.seeker, key); old != nil {
		b.now.removeValue(b.name, key, old)
	}
	if err := b.bolt.Put(key, value); err != nil {
		return err
	}
	b.now.addValue(b.name, key, value)
	return nil
}

// Write implements KeyWriter.
func (b *FileBucket) Write(key, value []byte) error {
	if value == nil {
		return b.Remove(key)
	}
	return b.Put(key, value)
}

// Flush implements KeyWriter: nothing is held back.
func (*FileBucket) Flush() error { return nil }

// Remove removes a key, which may be missing.
func (b *FileBucket) Remove(key []byte) error {
	old := valueAt(b.seeker, key)
	if old == nil {
		return nil
	}
	b.now.removeValue(b.name, key, old)
	return b.seeker.Delete()
}

// raiseSequence sets the bucket's sequence where it is lower.
func (b *FileBucket) raiseSequence(n uint64) error {
	if n <= b.bolt.Sequence() {
		return nil
	}
	return b.bolt.SetSequence(n)
}

// writeSums writes what the buckets of the transaction add up to.
func (t *Tx) writeSums() error {
	changed := t.fresh
	for _, b := range t.opened {
		b.now.sequence = b.Sequence()
		changed = changed || b.now != b.written
	}
	if !changed {
		return nil
	}
	meta, err := t.Bucket(MetaBucket)
	if err != nil {
		return err
	}
	t.record = append(t.record[:0], make([]byte, HeadBytes)...)
	for _, b := range t.all {
		t.record = appendTally(t.record, b.name, b.now)
	}
	AddSum(MetaBucket, sumsKey, t.record)
	return meta.bolt.Put(sumsKey, t.record)
}
