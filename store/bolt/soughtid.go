package bolt

import (
	"iter"
	"slices"

	"keypull/store"
	"keypull/store/internal/engine"
)

// soughtID is the id of an entry as it is looked up, and written. Without an id it is
// zero.
type soughtID struct {
	hash  idHash
	scope store.Scope
	// former is the hash that an earlier version wrote, mine says whose that was.
	former idHash
	mine   func(seq uint64) bool
	// persons are the partitions that are one person's.
	persons []string
	// aliases are the hashes under which the same person may stand.
	aliases []idHash
}

// hashEntry makes the hashes of an entry's id.
func (h *hasher) hashEntry(e *store.Entry) soughtID {
	whole := h.hashID(e.ID)
	if e.Scope == store.Whole {
		return soughtID{hash: whole}
	}
	words := h.hashID("words\x00" + e.Words)
	of := func(partition string) idHash {
		name := whole
		if e.Scope == store.Own {
			name = h.hashID("id\x00" + partition + "\x00" + e.ID)
		}
		return h.joinHashes(name, h.hashID("of\x00"+partition), words)
	}
	s := soughtID{hash: of(e.Partition), scope: e.Scope, former: whole, mine: e.Mine}
	s.persons = append([]string{e.Partition}, e.Aliases...)
	for _, a := range e.Aliases {
		s.aliases = append(s.aliases, of(a))
	}
	return s
}

// idOfHash returns a hash in the place of an id that is written nowhere. No id begins with
// a zero byte.
func idOfHash(h idHash) string { return "\x00" + string(h[:]) }

// hashInID returns the hash in the place of an id.
func hashInID(id string) (idHash, bool) {
	if len(id) != 1+hashBytes || id[0] != 0 {
		return idHash{}, false
	}
	return idHash([]byte(id[1:])), true
}

// findDuplicate looks an id up among the accepted ones and those of this batch: the sequence
// of the first where it is a duplicate, else 0. anew says that another partition has
// an id that should be one in all.
func (q *queue) findDuplicate(t *engine.Batch, s *soughtID) (seq uint64, anew bool) {
	if s.hash == (idHash{}) {
		return 0, false
	}
	if s.scope == store.Whole {
		for seen := range q.entriesWithID(t, s.hash) {
			if seen.hash == s.hash {
				return seen.seq, false
			}
		}
		return 0, false
	}
	reworded := uint64(0)
	for i := range 1 + len(s.aliases) {
		h := s.hash
		if i > 0 {
			h = s.aliases[i-1]
		}
		for seen := range q.entriesWithID(t, h) {
			switch {
			case seen.hash == h:
				return seen.seq, false
			case seen.hash == s.former:
			case seen.hash.samePartition(h):
				if seen.age < store.RewordedAfter {
					reworded = max(reworded, seen.seq)
				}
			case s.scope == store.Account:
				anew = true
			}
		}
	}
	for seen := range q.entriesWithID(t, s.former) {
		if seen.hash != s.former {
			continue
		}
		if q.wasMine(t, s, seen.seq) {
			return seen.seq, false
		}
		anew = s.scope == store.Account
	}
	return reworded, anew && reworded == 0
}

// entriesWithID returns the accepted entries of an id, of whatever partition.
func (q *queue) entriesWithID(t *engine.Batch, h idHash) iter.Seq[seenID] {
	return func(yield func(seenID) bool) {
		if _, ok := q.fresh.names[[nameBytes]byte(h[:])]; ok {
			for i, o := range q.fresh.hashes {
				if o.sameID(h) && !yield(seenID{seq: q.fresh.first + uint64(i), hash: o}) {
					return
				}
			}
		}
		q.ids.findIDs(t.Snapshot(), h)(yield)
	}
}

// wasMine says that what an earlier version accepted under an id was, for all that is
// known, this partition's.
func (q *queue) wasMine(t *engine.Batch, s *soughtID, seq uint64) bool {
	b := t.Snapshot().Bucket(q.entries)
	key := engine.Key(seq)
	if e, ok := q.soundEntry(key, b.Get(key)); ok {
		return slices.Contains(s.persons, e.Partition)
	}
	return s.mine == nil || s.mine(seq)
}
