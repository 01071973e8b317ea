// Package knownid makes the keyed hashes by which stores know the ids of entries, and says
// what repeats what. They are the same in every store, so that what one knows can be moved
// to another.
package knownid

import (
	"crypto/sha256"
	"iter"
	"time"

	"keypull/store"
)

// A hash is of 16 bytes, so that nobody without the key can make two ids meet. Where an id
// has a scope, the first 8 are of the id, the next 4 of the partition, the last 4 of the
// words.
const (
	HashBytes  = 16
	NameBytes  = 8
	OwnerBytes = 12 // up to where that of the partition goes
)

// Hash is what is known of an id.
type Hash [HashBytes]byte

// NameOf returns the part by which a hash is looked up.
func (h Hash) NameOf() [NameBytes]byte { return [NameBytes]byte(h[:]) }

// SamePartition says that two hashes are of the same partition.
func (h Hash) SamePartition(o Hash) bool {
	return [OwnerBytes - NameBytes]byte(h[NameBytes:]) == [OwnerBytes - NameBytes]byte(o[NameBytes:])
}

// Hasher makes hashes. SHA-256 with the key in front is a sound keyed hash when half of the
// sum is kept back, and it takes a single block for most ids.
type Hasher struct{ Key []byte }

// HashID returns the hash of a text.
func (h *Hasher) HashID(id string) Hash {
	b := append(append(make([]byte, 0, 128), h.Key...), id...)
	sum := sha256.Sum256(b)
	return Hash(sum[:HashBytes])
}

// joinHashes returns the hash of an id that is a partition's, and of its words.
func joinHashes(name, owner, words Hash) Hash {
	copy(name[NameBytes:OwnerBytes], owner[:])
	copy(name[OwnerBytes:], words[:])
	return name
}

// Sought is the id of an entry as it is looked up, and written. Without an id it is
// zero.
type Sought struct {
	Hash  Hash
	scope store.Scope
	// Former is the hash that an earlier version wrote, Mine says whose that was.
	Former Hash
	Mine   func(seq uint64) bool
	// Persons are the partitions that are one person's.
	Persons []string
	// Aliases are the hashes under which the same person may stand.
	Aliases []Hash
}

// HashEntry makes the hashes of an entry's id.
func (h *Hasher) HashEntry(e *store.Entry) Sought {
	whole := h.HashID(e.ID)
	if e.Scope == store.Whole {
		return Sought{Hash: whole}
	}
	words := h.HashID("words\x00" + e.Words)
	of := func(partition string) Hash {
		name := whole
		if e.Scope == store.Own {
			name = h.HashID("id\x00" + partition + "\x00" + e.ID)
		}
		return joinHashes(name, h.HashID("of\x00"+partition), words)
	}
	s := Sought{Hash: of(e.Partition), scope: e.Scope, Former: whole, Mine: e.Mine}
	s.Persons = append([]string{e.Partition}, e.Aliases...)
	for _, a := range e.Aliases {
		s.Aliases = append(s.Aliases, of(a))
	}
	return s
}

// Known is an id that was accepted: the whole hash, and how long ago.
type Known struct {
	Seq  uint64
	Hash Hash
	Age  time.Duration
}

// FindFirst looks an id up among the accepted ones: the sequence of the first where it is a
// duplicate, else 0. anew says that another partition has an id that should be one in all.
// known returns what was accepted under the name of a hash; mine says whether what an earlier
// version accepted was, for all that is known, this partition's.
func (s *Sought) FindFirst(known func(Hash) iter.Seq[Known], mine func(seq uint64) bool) (seq uint64, anew bool) {
	if s.Hash == (Hash{}) {
		return 0, false
	}
	if s.scope == store.Whole {
		for seen := range known(s.Hash) {
			if seen.Hash == s.Hash {
				return seen.Seq, false
			}
		}
		return 0, false
	}
	reworded := uint64(0)
	for i := range 1 + len(s.Aliases) {
		h := s.Hash
		if i > 0 {
			h = s.Aliases[i-1]
		}
		for seen := range known(h) {
			switch {
			case seen.Hash == h:
				return seen.Seq, false
			case seen.Hash == s.Former:
			case seen.Hash.SamePartition(h):
				if seen.Age < store.RewordedAfter {
					reworded = max(reworded, seen.Seq)
				}
			case s.scope == store.Account:
				anew = true
			}
		}
	}
	for seen := range known(s.Former) {
		if seen.Hash != s.Former {
			continue
		}
		if mine(seen.Seq) {
			return seen.Seq, false
		}
		anew = s.scope == store.Account
	}
	return reworded, anew && reworded == 0
}
