package bolt

import (
	"iter"
	"slices"

	"keypull/store/internal/engine"
	"keypull/store/internal/knownid"
)

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

// findDuplicate looks an id up among the accepted ones and those of this batch.
func (q *queue) findDuplicate(t *engine.Batch, s *knownid.Sought) (seq uint64, anew bool) {
	return s.FindFirst(func(h knownid.Hash) iter.Seq[knownid.Known] { return q.entriesWithID(t, idHash(h)) },
		func(seq uint64) bool { return q.wasMine(t, s, seq) })
}

// entriesWithID returns the accepted entries of an id, of whatever partition.
func (q *queue) entriesWithID(t *engine.Batch, h idHash) iter.Seq[knownid.Known] {
	return func(yield func(knownid.Known) bool) {
		if _, ok := q.fresh.names[[nameBytes]byte(h[:])]; ok {
			for i, o := range q.fresh.hashes {
				if o.sameID(h) && !yield(knownid.Known{Seq: q.fresh.first + uint64(i), Hash: knownid.Hash(o)}) {
					return
				}
			}
		}
		q.ids.findIDs(t.Snapshot(), h)(yield)
	}
}

// wasMine says that what an earlier version accepted under an id was, for all that is
// known, this partition's.
func (q *queue) wasMine(t *engine.Batch, s *knownid.Sought, seq uint64) bool {
	b := t.Snapshot().Bucket(q.entries)
	key := engine.Key(seq)
	if e, ok := q.soundEntry(key, b.Get(key)); ok {
		return slices.Contains(s.Persons, e.Partition)
	}
	return s.Mine == nil || s.Mine(seq)
}
