package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"time"

	"keypull/store/internal/engine"
	"keypull/store/internal/knownid"
)

// An id is known by a keyed hash of 16 bytes (store/internal/knownid). The first 5 find it
// in memory, all 16 are compared before anything is called a duplicate.
const (
	hashBytes    = knownid.HashBytes
	nameBytes    = knownid.NameBytes
	hashKeyBytes = 32
)

type idHash knownid.Hash

// idRules are how long ids stay known, and how.
type idRules struct {
	knownid.Hasher
	clock   func() time.Time
	aging   func() time.Time // store.Options.Aging
	horizon time.Duration
	most    int // how many stand in memory before the older half leaves it
}

// sameID says that two hashes are of the same id.
func (h idHash) sameID(o idHash) bool { return [nameBytes]byte(h[:]) == [nameBytes]byte(o[:]) }

// idSet knows the ids of one queue. On file they are records of some sequences in
// a row: key = the first, value = head, time, then one hash for each from there on
// (zeros where the entry has no id). What was accepted since the last checkpoint
// stands in memory alone, and in the entries of the log. Only the writer uses it.
type idSet struct {
	engine *engine.Engine
	rules  *idRules
	bucket []byte
	recent idMap
	fresh  idRuns // since the last checkpoint began
	frozen idRuns // of a checkpoint that is under way

	tablesBucket []byte
	tables       []*sortedTable // the oldest first
	leaving      idRuns         // stand in a table, and in recent for a while still
}

// loadIDs reads the records, which alone make the set; those that stand in a table
// stay in the file.
func (s *idSet) loadIDs(v *engine.Snapshot) error {
	s.loadTables(v)
	b := v.Bucket(s.bucket)
	if b == nil {
		return nil
	}
	tables := s.tables
	return b.ForEach(func(k, v []byte) error {
		for len(tables) > 0 && tables[0].last < engine.Number(k) {
			tables = tables[1:]
		}
		if len(tables) > 0 && tables[0].first <= engine.Number(k) {
			return nil
		}
		if r, ok := s.openRecord(k, v); ok {
			s.recent.addRecord(r)
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

// addID notes the id of the next sequence.
func (r *idRuns) addID(seq uint64, h idHash, at time.Time) {
	if n := len(*r); n > 0 {
		last := &(*r)[n-1]
		if last.first+uint64(last.countHashes()) == seq && last.countHashes() < runIDs && at.Sub(last.began).Abs() < runTime { //nolint:gosec // not negative
			last.hashes, last.at = append(last.hashes, h[:]...), at
			return
		}
	}
	*r = append(*r, idRecord{first: seq, at: at, began: at, hashes: bytes.Clone(h[:])})
}

// recordOf returns the record that a sequence is in.
func (r idRuns) recordOf(seq uint64) (idRecord, bool) {
	i, _ := slices.BinarySearchFunc(r, seq, func(a idRecord, seq uint64) int { return cmp.Compare(a.first, seq+1) })
	if i == 0 || seq-r[i-1].first >= uint64(r[i-1].countHashes()) { //nolint:gosec // not negative
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

func (r *idRecord) countHashes() int { return len(r.hashes) / hashBytes }

func (r *idRecord) hashAt(i int) idHash {
	return idHash(r.hashes[i*hashBytes : (i+1)*hashBytes])
}

// openRecord opens a record; one that is damaged is set aside, and
// its ids are not known any more.
func (s *idSet) openRecord(k, v []byte) (idRecord, bool) {
	return engine.Decode(s.engine, s.bucket, k, v, s.soundRecord)
}

func (s *idSet) soundRecord(k, v []byte) (idRecord, bool) {
	body, ok := s.engine.Verified(s.bucket, k, v)
	if !ok || len(k) != 8 || len(body) < 8 {
		return idRecord{}, false
	}
	nanoseconds := int64(binary.BigEndian.Uint64(body)) //nolint:gosec // written the same way
	return idRecord{first: engine.Number(k), at: time.Unix(0, nanoseconds), hashes: body[8:]}, true
}

// findIDs returns the entries of the same id, of whatever partition, within the horizon.
func (s *idSet) findIDs(v *engine.Snapshot, h idHash) iter.Seq[knownid.Known] {
	now := s.rules.aging()
	return func(yield func(knownid.Known) bool) {
		for _, all := range []iter.Seq[uint64]{s.recent.findSequences(h), s.findOlder(v, h)} {
			for seq := range all {
				if seen, ok := s.seenAt(v, seq, now); ok && idHash(seen.Hash).sameID(h) && !yield(seen) {
					return
				}
			}
		}
	}
}

// seenAt returns the id of a sequence, unless it is over age.
func (s *idSet) seenAt(v *engine.Snapshot, seq uint64, now time.Time) (knownid.Known, bool) {
	r, ok := s.recordHolding(v, seq)
	if !ok || r.at.Before(now.Add(-s.rules.horizon)) {
		return knownid.Known{}, false
	}
	return knownid.Known{Seq: seq, Hash: knownid.Hash(r.hashAt(int(seq - r.first))), Age: now.Sub(r.at)}, true //nolint:gosec // below the count
}

// recordHolding returns the record of a sequence, in memory or on file.
func (s *idSet) recordHolding(v *engine.Snapshot, seq uint64) (idRecord, bool) {
	for _, runs := range []idRuns{s.fresh, s.frozen} {
		if r, ok := runs.recordOf(seq); ok {
			return r, true
		}
	}
	b := v.Bucket(s.bucket)
	if b == nil {
		return idRecord{}, false
	}
	k, value := b.Cursor().Before(engine.Key(seq + 1))
	if k == nil {
		return idRecord{}, false
	}
	r, ok := s.openRecord(k, value)
	return r, ok && seq-r.first < uint64(r.countHashes()) //nolint:gosec // not negative
}

// addBatch takes the ids of a batch that is durable.
func (s *idSet) addBatch(first uint64, hashes []idHash) {
	if len(s.leaving) > 0 { // one at a time: nobody waits for all of them
		s.recent.removeRecord(s.leaving[0])
		s.leaving[0] = idRecord{} // lest the slice keeps it
		if s.leaving = s.leaving[1:]; len(s.leaving) == 0 {
			s.leaving = nil
		}
	}
	now := s.rules.clock()
	for i, h := range hashes {
		seq := first + uint64(i)
		s.fresh.addID(seq, h, now)
		if h != (idHash{}) {
			s.recent.addHash(h, seq)
		}
	}
}

// idCheckpoint is what a checkpoint does for the ids of a queue.
type idCheckpoint struct {
	ids  *idSet
	runs idRuns // to be brought into the file
	many int    // of those in memory are too many

	gone, moved idRuns // were over age; stand in the table from now on
	table       *sortedTable
	before      uint64 // tables that end before this sequence are gone
}

// beginCheckpoint returns what a checkpoint is to bring into the file, or nil.
func (s *idSet) beginCheckpoint() *idCheckpoint {
	if s.frozen = s.fresh; len(s.frozen) == 0 {
		return nil
	}
	s.fresh = nil
	c := &idCheckpoint{ids: s, runs: s.frozen}
	if count := s.recent.countHashes(); count > s.rules.most && len(s.leaving) == 0 {
		c.many = min(count, 2*s.rules.most) - s.rules.most/2
	}
	return c
}

// Done implements engine.Part.
func (c *idCheckpoint) Done() {
	s := c.ids
	for _, r := range c.gone {
		s.recent.removeRecord(r)
	}
	s.frozen, s.leaving = nil, append(s.leaving, c.moved...)
	c.moved = nil
	if c.table != nil {
		s.tables = append(s.tables, c.table)
	}
	s.tables = slices.DeleteFunc(s.tables, func(t *sortedTable) bool { return t.last < c.before })
}

// Write implements engine.Part: it brings records into the file, and the oldest of them
// into a table where too many stand in memory; those that are over age leave it.
func (c *idCheckpoint) Write(t *engine.Tx) error {
	s := c.ids
	ids, err := t.Bucket(s.bucket)
	if err != nil {
		return err
	}
	before := s.rules.aging().Add(-s.rules.horizon)
	if c.gone, err = s.writeRuns(ids, c.runs, before); err != nil || c.many == 0 && len(s.tables) == 0 {
		return err
	}
	tables, err := t.Bucket(s.tablesBucket)
	if err != nil {
		return err
	}
	if c.table, c.moved, err = s.writeTable(ids, tables, c.many); err != nil {
		return err
	}
	if first, _ := ids.Cursor().First(); first != nil {
		c.before = engine.Number(first)
	}
	return s.removeTables(tables, c.before)
}

// writeRuns brings records into the file; those that are over age leave it, a few for
// each that comes and some more. It returns these.
func (s *idSet) writeRuns(b *engine.FileBucket, runs idRuns, before time.Time) (gone idRuns, err error) {
	for _, r := range runs {
		if err := r.writeTo(b); err != nil {
			return nil, err
		}
	}
	past := lastPast(b.Cursor(), idSamples, before, func(k, v []byte) (time.Time, bool) {
		r, ok := s.soundRecord(k, v)
		return r.at, ok
	})
	c := b.Cursor()
	for k, v := c.First(); k != nil && len(gone) < 64+4*len(runs); k, v = c.First() {
		r, ok := s.soundRecord(k, v)
		if ok && !r.at.Before(before) && r.first > past {
			break
		}
		if ok {
			r.hashes = bytes.Clone(r.hashes)
			gone = append(gone, r)
		}
		if err := b.Remove(bytes.Clone(k)); err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// idSamples is how many records are looked at to learn what is past by order.
const idSamples = 64

// writeTo writes a record, unless none of its entries has an id.
func (r *idRecord) writeTo(b *engine.FileBucket) error {
	if !slices.ContainsFunc(r.hashes, func(b byte) bool { return b != 0 }) {
		return nil
	}
	v := make([]byte, engine.HeadBytes+8, engine.HeadBytes+8+len(r.hashes))
	binary.BigEndian.PutUint64(v[engine.HeadBytes:], uint64(r.at.UnixNano()))
	v = append(v, r.hashes...)
	key := engine.Key(r.first)
	engine.AddSum(b.Name(), key, v)
	return b.Put(key, v)
}
