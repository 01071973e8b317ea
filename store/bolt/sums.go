package bolt

import (
	"bytes"

	"go.etcd.io/bbolt"
)

// sumsKey is where the meta bucket keeps what every bucket adds up to. It is
// written with each commit and compared with what is there at each start: where
// a changed bit leads to an older copy of a page, every value is sound, and some
// are missing or old all the same.
var sumsKey = []byte("sums")

// sums are the buckets of the file as the writer sees them. Whatever is written
// or removed goes through one of them, so that they always add up.
type sums struct {
	tx     *bbolt.Tx
	all    []*filed // as they stand in the record
	named  map[string]*filed
	opened []*filed // in tx
	record []byte
	// fresh: nobody has written them since the file was opened.
	fresh bool
}

// filed is one bucket of the file, in the transaction under way.
type filed struct {
	*bbolt.Bucket // nil while the transaction has not asked for it
	seeker        *bbolt.Cursor
	name          []byte
	written       tally // on the disk
	now           tally
}

// begin starts a transaction; end must follow.
func (s *sums) begin(tx *bbolt.Tx) { s.tx = tx }

// end forgets the transaction, and what it changed where it was not committed.
func (s *sums) end(committed bool) {
	for _, b := range s.opened {
		if committed {
			b.written = b.now
		}
		b.Bucket, b.seeker, b.now = nil, nil, b.written
	}
	s.tx, s.opened = nil, s.opened[:0]
	s.fresh = s.fresh && !committed
}

// of is what is known of a bucket.
func (s *sums) of(name []byte) *filed {
	b := s.named[string(name)]
	if b == nil {
		b = &filed{name: bytes.Clone(name)}
		s.named[string(name)] = b
		s.all = append(s.all, b)
	}
	return b
}

// bucket opens or makes a bucket.
func (s *sums) bucket(name []byte) (*filed, error) {
	b := s.of(name)
	if b.Bucket != nil {
		return b, nil
	}
	b.Bucket = s.tx.Bucket(name)
	made := b.Bucket == nil
	if made {
		var err error
		if b.Bucket, err = s.tx.CreateBucket(name); err != nil {
			return nil, err
		}
	}
	b.seeker, b.FillPercent = b.Cursor(), fill(name)
	s.opened = append(s.opened, b)
	if made {
		return b, s.list()
	}
	return b, nil
}

// put writes a value. Key and value must stay as they are until the commit, but
// for the key of a value that is there.
func (b *filed) put(key, value []byte) error {
	if old := at(b.seeker, key); old != nil {
		b.now.take(b.name, key, old)
	}
	if err := b.Put(key, value); err != nil {
		return err
	}
	b.now.add(b.name, key, value)
	return nil
}

// write puts a value, or removes it where it is nil.
func (b *filed) write(key, value []byte) error {
	if value == nil {
		return b.remove(key)
	}
	return b.put(key, value)
}

// remove removes a key, which may be missing.
func (b *filed) remove(key []byte) error {
	old := at(b.seeker, key)
	if old == nil {
		return nil
	}
	b.now.take(b.name, key, old)
	return b.seeker.Delete()
}

// write writes what the buckets of the transaction add up to.
func (s *sums) write() error {
	changed := s.fresh
	for _, b := range s.opened {
		b.now.sequence = b.Sequence()
		changed = changed || b.now != b.written
	}
	if !changed {
		return nil
	}
	meta, err := s.bucket(metaBucket)
	if err != nil {
		return err
	}
	s.record = append(s.record[:0], make([]byte, headBytes)...)
	for _, b := range s.all {
		s.record = appendTally(s.record, b.name, b.now)
	}
	guard(metaBucket, sumsKey, s.record)
	return meta.Put(sumsKey, s.record)
}
