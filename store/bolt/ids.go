package bolt

import (
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
// key = first sequence of the commit, value = time, then one hash for each
// sequence from there on (zeros where the entry has no id). In memory there is
// a number per id. Only the writer uses it.
type idSet struct {
	bucket []byte
	seqs   map[uint64]uint64 // short hash → sequence
	oldest time.Time         // of the first record, when some is set
	some   bool
}

// load reads the records, which alone make the set.
func (s *idSet) load(tx *bbolt.Tx) error {
	s.seqs = make(map[uint64]uint64)
	b := tx.Bucket(s.bucket)
	if b == nil {
		return nil
	}
	return b.ForEach(func(k, v []byte) error {
		if len(k) != 8 || len(v) < 8 {
			return errDamaged
		}
		if !s.some {
			s.oldest, s.some = recordTime(v), true
		}
		for i, seq := 8, number(k); i+hashBytes <= len(v); i, seq = i+hashBytes, seq+1 {
			if h := idHash(v[i : i+hashBytes]); h != (idHash{}) {
				s.seqs[h.short()] = seq
			}
		}
		return nil
	})
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
	at := seq - number(k)
	if k == nil || at >= uint64(len(v)/hashBytes) {
		return 0, false
	}
	i := 8 + int(at)*hashBytes //nolint:gosec // below the length of v
	return seq, i+hashBytes <= len(v) && idHash(v[i:i+hashBytes]) == h
}

// write puts the hashes of one commit on file.
func (s *idSet) write(b *bbolt.Bucket, first uint64, hashes []idHash, now time.Time) error {
	v := make([]byte, 8, 8+len(hashes)*hashBytes)
	binary.BigEndian.PutUint64(v, uint64(now.UnixNano()))
	for i := range hashes {
		v = append(v, hashes[i][:]...)
	}
	return b.Put(key8(first), v)
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

// trim removes up to a few records that are older than before, from file and
// memory: each commit brings one record, so a few per commit keep up. Should
// the commit fail, they stay on file and are forgotten early in memory only
// when they were over age anyway.
func (s *idSet) trim(b *bbolt.Bucket, before time.Time) error {
	const few = 4
	for range few {
		if !s.some || !s.oldest.Before(before) {
			return nil
		}
		c := b.Cursor()
		k, v := c.First()
		if k == nil || !recordTime(v).Before(before) {
			if s.some = k != nil; s.some {
				s.oldest = recordTime(v)
			}
			return nil
		}
		for i, seq := 8, number(k); i+hashBytes <= len(v); i, seq = i+hashBytes, seq+1 {
			if h := idHash(v[i : i+hashBytes]); s.seqs[h.short()] == seq {
				delete(s.seqs, h.short())
			}
		}
		if err := c.Delete(); err != nil {
			return err
		}
	}
	return nil
}

func recordTime(v []byte) time.Time {
	if len(v) < 8 {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(v))) //nolint:gosec // written the same way
}
