package bolt

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"
	"time"
)

// An id is known by a keyed hash of 16 bytes. The first 5 find it in memory,
// all 16 are compared before anything is called a duplicate; so nobody without the
// key can make two ids meet. Where it has a scope, the first 8 are of the id, the
// next 4 of the partition, the last 4 of the words.
const (
	hashBytes    = 16
	nameBytes    = 8
	ownerBytes   = 12 // up to where that of the partition goes
	hashKeyBytes = 32
)

type idHash [hashBytes]byte

// hasher makes idHashes. SHA-256 with the key in front is a sound keyed hash
// when half of the sum is kept back, and it takes a single block for most ids.
type hasher struct{ key []byte }

func (h *hasher) sum(id string) idHash {
	b := append(append(make([]byte, 0, 128), h.key...), id...)
	sum := sha256.Sum256(b)
	return idHash(sum[:hashBytes])
}

// joined is the hash of an id that is a partition's, and of its words.
func (h *hasher) joined(name, owner, words idHash) idHash {
	copy(name[nameBytes:ownerBytes], owner[:])
	copy(name[ownerBytes:], words[:])
	return name
}

// named says that two hashes are of the same id, owned that they are of the same
// partition.
func (h idHash) named(o idHash) bool { return [nameBytes]byte(h[:]) == [nameBytes]byte(o[:]) }
func (h idHash) owned(o idHash) bool {
	return [ownerBytes - nameBytes]byte(h[nameBytes:]) == [ownerBytes - nameBytes]byte(o[nameBytes:])
}

// idSet knows the ids of one queue. On file they are records of some sequences in
// a row: key = the first, value = head, time, then one hash for each from there on
// (zeros where the entry has no id). What was accepted since the last checkpoint
// stands in memory alone, and in the entries of the log. Only the writer uses it.
type idSet struct {
	db     *DB
	bucket []byte
	table  idTable
	fresh  idRuns // since the last checkpoint began
	frozen idRuns // of a checkpoint that is under way

	volumeBucket []byte
	volumes      []*idVolume // the oldest first
	leaving      idRuns      // stand in a volume, and in the table for a while still
}

// load reads the records, which alone make the set; those that stand in a volume
// stay in the file.
func (s *idSet) load(v *view) error {
	if err := s.loadVolumes(v); err != nil {
		return err
	}
	b := v.tx.Bucket(s.bucket)
	if b == nil {
		return nil
	}
	rest := s.volumes
	return b.ForEach(func(k, v []byte) error {
		for len(rest) > 0 && rest[0].last < number(k) {
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0].first <= number(k) {
			return nil
		}
		if r, ok := s.record(k, v); ok {
			s.table.learn(r)
		}
		return nil
	})
}

// idRuns are the ids of sequences in their order.
type idRuns []idRecord

// A record has at most so many ids, of at most so long a while.
const (
	runIDs  = 250 // what a page holds
	runTime = 10 * time.Second
)

// add notes the id of the next sequence.
func (r *idRuns) add(seq uint64, h idHash, at time.Time) {
	if n := len(*r); n > 0 {
		last := &(*r)[n-1]
		if last.first+uint64(last.count()) == seq && last.count() < runIDs && at.Sub(last.began).Abs() < runTime { //nolint:gosec // not negative
			last.hashes, last.at = append(last.hashes, h[:]...), at
			return
		}
	}
	*r = append(*r, idRecord{first: seq, at: at, began: at, hashes: bytes.Clone(h[:])})
}

// of is the record that a sequence is in.
func (r idRuns) of(seq uint64) (idRecord, bool) {
	i, _ := slices.BinarySearchFunc(r, seq, func(a idRecord, seq uint64) int { return cmp.Compare(a.first, seq+1) })
	if i == 0 || seq-r[i-1].first >= uint64(r[i-1].count()) { //nolint:gosec // not negative
		return idRecord{}, false
	}
	return r[i-1], true
}

// idRecord is one record.
type idRecord struct {
	first  uint64
	at     time.Time // of the last
	began  time.Time // of the first, while it grows
	hashes []byte
}

func (r *idRecord) count() int { return len(r.hashes) / hashBytes }

func (r *idRecord) hash(i int) idHash {
	return idHash(r.hashes[i*hashBytes : (i+1)*hashBytes])
}

// record opens a record; one that is damaged is set aside, and
// its ids are not known any more.
func (s *idSet) record(k, v []byte) (idRecord, bool) {
	r, ok := s.sound(k, v)
	if !ok {
		key := bytes.Clone(k)
		s.db.spoiled(s.bucket, key, func(_ *view, v []byte) bool { _, ok := s.sound(key, v); return ok })
	}
	return r, ok
}

func (s *idSet) sound(k, v []byte) (idRecord, bool) {
	body, ok := s.db.guards.open(s.bucket, k, v)
	if !ok || len(k) != 8 || len(body) < 8 {
		return idRecord{}, false
	}
	nanoseconds := int64(binary.BigEndian.Uint64(body)) //nolint:gosec // written the same way
	return idRecord{first: number(k), at: time.Unix(0, nanoseconds), hashes: body[8:]}, true
}

// seenID is an id that was accepted: the whole hash, and how long ago.
type seenID struct {
	seq  uint64
	hash idHash
	age  time.Duration
}

// find are the entries of the same id, of whatever partition, within the horizon.
func (s *idSet) find(v *view, h idHash) iter.Seq[seenID] {
	now := s.db.aging()
	return func(yield func(seenID) bool) {
		for _, all := range []iter.Seq[uint64]{s.table.find(h), s.older(v, h)} {
			for seq := range all {
				if seen, ok := s.seen(v, seq, now); ok && seen.hash.named(h) && !yield(seen) {
					return
				}
			}
		}
	}
}

// seen is the id of a sequence, unless it is over age.
func (s *idSet) seen(v *view, seq uint64, now time.Time) (seenID, bool) {
	r, ok := s.holding(v, seq)
	if !ok || r.at.Before(now.Add(-s.db.horizon)) {
		return seenID{}, false
	}
	return seenID{seq, r.hash(int(seq - r.first)), now.Sub(r.at)}, true //nolint:gosec // below the count
}

// holding is the record of a sequence, in memory or on file.
func (s *idSet) holding(v *view, seq uint64) (idRecord, bool) {
	for _, runs := range []idRuns{s.fresh, s.frozen} {
		if r, ok := runs.of(seq); ok {
			return r, true
		}
	}
	b := v.tx.Bucket(s.bucket)
	if b == nil {
		return idRecord{}, false
	}
	c := b.Cursor()
	k, value := c.Seek(key8(seq))
	switch {
	case k == nil:
		k, value = c.Last()
	case number(k) != seq:
		k, value = c.Prev()
	}
	if k == nil {
		return idRecord{}, false
	}
	r, ok := s.record(k, value)
	return r, ok && seq-r.first < uint64(r.count()) //nolint:gosec // not negative
}

// learn takes the ids of a turn that is durable.
func (s *idSet) learn(first uint64, hashes []idHash) {
	if len(s.leaving) > 0 { // one at a time: nobody waits for all of them
		s.table.forget(s.leaving[0])
		s.leaving[0] = idRecord{} // lest the slice keeps it
		if s.leaving = s.leaving[1:]; len(s.leaving) == 0 {
			s.leaving = nil
		}
	}
	now := s.db.now()
	for i, h := range hashes {
		seq := first + uint64(i)
		s.fresh.add(seq, h, now)
		if h != (idHash{}) {
			s.table.add(h, seq)
		}
	}
}

// filing is what a checkpoint does for the ids of a queue.
type filing struct {
	runs idRuns // to be brought into the file
	many int    // of those in memory are too many

	gone, moved idRuns // were over age; stand in the volume from now on
	volume      *idVolume
	before      uint64 // volumes that end before this sequence are gone
}

// begin takes what a checkpoint is to bring into the file; nil where there is
// nothing.
func (s *idSet) begin() *filing {
	if s.frozen = s.fresh; len(s.frozen) == 0 {
		return nil
	}
	s.fresh = nil
	f := &filing{runs: s.frozen}
	if count := s.table.count(); count > s.db.mostIDs && len(s.leaving) == 0 {
		f.many = min(count, 2*s.db.mostIDs) - s.db.mostIDs/2
	}
	return f
}

// end takes in what a checkpoint has done.
func (s *idSet) end(f *filing) {
	for _, r := range f.gone {
		s.table.forget(r)
	}
	s.frozen, s.leaving = nil, append(s.leaving, f.moved...)
	f.moved = nil
	if f.volume != nil {
		s.volumes = append(s.volumes, f.volume)
	}
	s.volumes = slices.DeleteFunc(s.volumes, func(v *idVolume) bool { return v.last < f.before })
}

// file brings records into the file, and the oldest of them into a volume where
// too many stand in memory; those that are over age leave it.
func (s *idSet) file(t *sums, f *filing, before time.Time) error {
	ids, err := t.bucket(s.bucket)
	if err != nil {
		return err
	}
	if f.gone, err = s.bring(ids, f.runs, before); err != nil || f.many == 0 && len(s.volumes) == 0 {
		return err
	}
	volumes, err := t.bucket(s.volumeBucket)
	if err != nil {
		return err
	}
	if f.volume, f.moved, err = s.spill(ids, volumes, f.many); err != nil {
		return err
	}
	if first, _ := ids.Cursor().First(); first != nil {
		f.before = number(first)
	}
	return s.dropVolumes(volumes, f.before)
}

// bring brings records into the file; those that are over age leave it, a few for
// each that comes and some more. It returns these.
func (s *idSet) bring(b *filed, runs idRuns, before time.Time) (gone idRuns, err error) {
	for _, r := range runs {
		if err := r.put(b); err != nil {
			return nil, err
		}
	}
	past := pastOf(b.Cursor(), idSamples, before, func(k, v []byte) (time.Time, bool) {
		r, ok := s.sound(k, v)
		return r.at, ok
	})
	c := b.Cursor()
	for k, v := c.First(); k != nil && len(gone) < 64+4*len(runs); k, v = c.First() {
		r, ok := s.sound(k, v)
		if ok && !r.at.Before(before) && r.first > past {
			break
		}
		if ok {
			r.hashes = bytes.Clone(r.hashes)
			gone = append(gone, r)
		}
		if err := b.remove(bytes.Clone(k)); err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// idSamples is how many records are looked at to learn what is past by order.
const idSamples = 64

// put writes a record, unless none of its entries has an id.
func (r *idRecord) put(b *filed) error {
	if !slices.ContainsFunc(r.hashes, func(b byte) bool { return b != 0 }) {
		return nil
	}
	v := make([]byte, headBytes+8, headBytes+8+len(r.hashes))
	binary.BigEndian.PutUint64(v[headBytes:], uint64(r.at.UnixNano()))
	v = append(v, r.hashes...)
	key := key8(r.first)
	guard(b.name, key, v)
	return b.put(key, v)
}
