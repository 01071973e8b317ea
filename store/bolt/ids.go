package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"
)

// An id is known by a keyed hash of 16 bytes. The first 8 find it in memory,
// all 16 are compared with the file before anything is called a duplicate; so
// nobody without the key can make two ids meet.
const (
	hashBytes    = 16
	hashKeyBytes = 32
)

type idHash [hashBytes]byte

func (h idHash) short() uint64 { return binary.LittleEndian.Uint64(h[:]) }

// hasher makes idHashes. SHA-256 with the key in front is a sound keyed hash
// when half of the sum is kept back, and it takes a single block for most ids.
type hasher struct{ key []byte }

func (h *hasher) sum(id string) idHash {
	b := append(append(make([]byte, 0, 128), h.key...), id...)
	sum := sha256.Sum256(b)
	return idHash(sum[:hashBytes])
}

// idSet knows the ids of one queue. On file they are one record per commit:
// key = first sequence of the commit, value = head, time, then one hash for
// each sequence from there on (zeros where the entry has no id). In memory there is
// a number per id. Only the writer uses it.
type idSet struct {
	db     *DB
	bucket []byte
	seqs   map[uint64]uint64 // short hash → sequence
	oldest time.Time         // of the first record, when some is set
	some   bool

	past    uint64 // up to this sequence all are past by order
	dropped uint64 // the first sequence of the record that went last
	looks   int
}

// load reads the records, which alone make the set.
func (s *idSet) load(tx *bbolt.Tx) error {
	s.seqs = make(map[uint64]uint64)
	b := tx.Bucket(s.bucket)
	if b == nil {
		return nil
	}
	return b.ForEach(func(k, v []byte) error {
		r, ok := s.record(k, v)
		if !ok {
			return nil
		}
		if !s.some {
			s.oldest, s.some = r.at, true
		}
		for i := range r.count() {
			if h := r.hash(i); h != (idHash{}) {
				s.seqs[h.short()] = r.first + uint64(i)
			}
		}
		return nil
	})
}

// idRecord is the record of one commit.
type idRecord struct {
	first  uint64
	at     time.Time
	hashes []byte
}

func (r *idRecord) count() int { return len(r.hashes) / hashBytes }

func (r *idRecord) hash(i int) idHash {
	return idHash(r.hashes[i*hashBytes : (i+1)*hashBytes])
}

// record opens the record of a commit; one that is damaged is set aside, and
// its ids are not known any more.
func (s *idSet) record(k, v []byte) (idRecord, bool) {
	r, ok := s.sound(k, v)
	if !ok {
		key := bytes.Clone(k)
		s.db.spoiled(s.bucket, key, func(_ *bbolt.Tx, v []byte) bool { _, ok := s.sound(key, v); return ok })
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

// find returns the sequence under which an id was accepted.
func (s *idSet) find(tx *bbolt.Tx, h idHash) (uint64, bool) {
	seq, ok := s.seqs[h.short()]
	if !ok {
		return 0, false
	}
	b := tx.Bucket(s.bucket)
	if b == nil {
		return 0, false
	}
	c := b.Cursor()
	k, v := c.Seek(key8(seq))
	if number(k) != seq {
		k, v = c.Prev()
	}
	if k == nil {
		return 0, false
	}
	r, ok := s.record(k, v)
	if !ok || seq-r.first >= uint64(r.count()) { //nolint:gosec // not negative
		return 0, false
	}
	return seq, r.hash(int(seq-r.first)) == h //nolint:gosec // below the count
}

// write puts the hashes of one commit on file.
func (s *idSet) write(b *bucket, first uint64, hashes []idHash, now time.Time) error {
	v := make([]byte, headBytes+8, headBytes+8+len(hashes)*hashBytes)
	binary.BigEndian.PutUint64(v[headBytes:], uint64(now.UnixNano()))
	for i := range hashes {
		v = append(v, hashes[i][:]...)
	}
	key := key8(first)
	guard(s.bucket, key, v)
	return b.put(key, v)
}

// learn takes the ids of a commit that has succeeded.
func (s *idSet) learn(first uint64, hashes []idHash, now time.Time) {
	for i, h := range hashes {
		if h != (idHash{}) {
			s.seqs[h.short()] = first + uint64(i)
		}
	}
	if !s.some {
		s.oldest, s.some = now, true
	}
}
