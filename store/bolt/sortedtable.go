package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"

	"keypull/store/internal/engine"
)

// Ids that memory has no room for are known by sorted tables (SST): some hundred
// thousand of them in the file, from their hashes to their sequences, written once, and
// gone as a whole when the last of them is over age. Of each table a Bloom filter stands
// in memory, a byte and a half for each id where idMap takes 9 to 12, so that nearly no
// new id needs a look at the file. TestIDsBeyondWhatMemoryHoldsAreKnown holds them
// against a plain list.

const (
	// usualIDs is idRules.most.
	usualIDs = 1 << 20
	// A shard is what is read of a table to look for an id: about so many.
	shardIDs = 256
	// tagBits of a hash stand in a table, behind each the last bits of a sequence.
	tagBits   = 40
	entryLong = tagBits/8 + 4
	// filterBits are those of a filter for each id, probes how many of these are set.
	filterBits, probes = 12, 6
	// A block of the filter holds all bits of an id: a cache line of the processor.
	filterBlockWords, filterBlockBits = 8, 512
)

// sortedTable is one table.
type sortedTable struct {
	first, last uint64 // sequences
	shards      uint32 // a power of two
	filter      bloomFilter
	// byHash: an earlier version made the filter of whole hashes.
	byHash bool
}

// byName stands with the number of shards where the filter is made of what ids have
// in whatever partition.
const byName = 1 << 31

// spreadBits is as long as a hash, and made of what all hashes of an id have.
func (h idHash) spreadBits() idHash {
	const odd, odder = 0xbf58476d1ce4e5b9, 0x94d049bb133111eb // of splitmix64
	x := binary.BigEndian.Uint64(h[:])
	x = (x ^ x>>30) * odd
	x = (x ^ x>>27) * odder
	binary.BigEndian.PutUint64(h[nameBytes:], x^x>>31)
	return h
}

// mayHold says that an id may be there; h is the hash of it alone.
func (t *sortedTable) mayHold(h idHash) bool {
	if t.byHash {
		return t.filter.mayHold(h)
	}
	return t.filter.mayHold(h.spreadBits())
}

// bloomFilter is a row of blocks; which one an id has, and which bits there, its hash
// says.
type bloomFilter []uint64

func newBloomFilter(ids int) bloomFilter {
	return make(bloomFilter, filterBlockWords*(1+ids*filterBits/filterBlockBits))
}

func (f bloomFilter) blockOf(h idHash) bloomFilter {
	blocks := uint64(len(f) / filterBlockWords)
	at := uint64(binary.LittleEndian.Uint32(h[5:])) * blocks >> 32 * filterBlockWords
	return f[at : at+filterBlockWords]
}

func (f bloomFilter) addHash(h idHash) {
	block := f.blockOf(h)
	for x, i := binary.BigEndian.Uint64(h[8:]), 0; i < probes; x, i = x/filterBlockBits, i+1 {
		block[x%filterBlockBits/64] |= 1 << (x % 64)
	}
}

// mayHold says that an id may be there.
func (f bloomFilter) mayHold(h idHash) bool {
	block := f.blockOf(h)
	for x, i := binary.BigEndian.Uint64(h[8:]), 0; i < probes; x, i = x/filterBlockBits, i+1 {
		if block[x%filterBlockBits/64]&(1<<(x%64)) == 0 {
			return false
		}
	}
	return true
}

// tagOf returns the first bits of a hash.
func tagOf(h idHash) uint64 { return binary.BigEndian.Uint64(h[:]) >> (64 - tagBits) }

// shardKey returns the key of the part of the table in which a hash would be.
func (t *sortedTable) shardKey(tag uint64) []byte {
	at := tag >> (tagBits - bits.Len32(t.shards-1))
	return binary.BigEndian.AppendUint32(engine.Key(t.first), uint32(at)) //nolint:gosec // below shards
}

// newTable makes a table of runs and writes it.
func newTable(b *engine.FileBucket, runs idRuns) (*sortedTable, error) {
	type entry struct {
		tag uint64
		seq uint64
	}
	var entries []entry
	last := runs[len(runs)-1]
	t := &sortedTable{first: runs[0].first, last: last.first + uint64(last.countHashes()) - 1} //nolint:gosec // at least one
	count := 0
	for _, r := range runs {
		count += r.countHashes()
	}
	t.filter = newBloomFilter(count)
	for _, r := range runs {
		for i := range r.countHashes() {
			if h := r.hashAt(i); h != (idHash{}) {
				t.filter.addHash(h.spreadBits())
				entries = append(entries, entry{tagOf(h), r.first + uint64(i)})
			}
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.seq, b.seq)) })
	t.shards = uint32(1) << bits.Len(uint(len(entries)/shardIDs))
	for len(entries) > 0 {
		key, value := t.shardKey(entries[0].tag), make([]byte, engine.HeadBytes, engine.HeadBytes+2*shardIDs*entryLong)
		n := 0
		for ; n < len(entries) && bytes.Equal(t.shardKey(entries[n].tag), key); n++ {
			value = append(value, binary.BigEndian.AppendUint64(nil, entries[n].tag<<(64-tagBits))[:tagBits/8]...)
			value = binary.BigEndian.AppendUint32(value, uint32(entries[n].seq)) //nolint:gosec // the last bits are meant
		}
		engine.AddSum(b.Name(), key, value)
		if err := b.Put(key, value); err != nil {
			return nil, err
		}
		entries = entries[n:]
	}
	return t, t.writeHead(b)
}

// writeHead writes what is said of the whole table: its last sequence, its shards and
// its filter.
func (t *sortedTable) writeHead(b *engine.FileBucket) error {
	value := make([]byte, engine.HeadBytes, engine.HeadBytes+8+4+8*len(t.filter))
	value = binary.BigEndian.AppendUint64(value, t.last)
	value = binary.BigEndian.AppendUint32(value, t.shards|byName)
	for _, word := range t.filter {
		value = binary.LittleEndian.AppendUint64(value, word)
	}
	key := engine.Key(t.first)
	engine.AddSum(b.Name(), key, value)
	return b.Put(key, value)
}

// decodeTable reads what put wrote; false if it is damaged.
func decodeTable(first uint64, body []byte) (*sortedTable, bool) {
	const fixed = 8 + 4
	if len(body) < fixed+8*filterBlockWords || (len(body)-fixed)%(8*filterBlockWords) != 0 {
		return nil, false
	}
	t := &sortedTable{first: first, last: binary.BigEndian.Uint64(body), shards: binary.BigEndian.Uint32(body[8:])}
	t.byHash = t.shards&byName == 0
	t.shards &^= byName
	t.filter = make(bloomFilter, (len(body)-fixed)/8)
	for i := range t.filter {
		t.filter[i] = binary.LittleEndian.Uint64(body[fixed+8*i:])
	}
	return t, t.last >= first && bits.OnesCount32(t.shards) == 1
}

// findSequences returns the sequences of a shard whose hash may be this one.
func (t *sortedTable) findSequences(shard []byte, h idHash) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for ; len(shard) >= entryLong; shard = shard[entryLong:] {
			if !bytes.Equal(shard[:tagBits/8], h[:tagBits/8]) {
				continue
			}
			low := binary.BigEndian.Uint32(shard[tagBits/8:])
			if !yield(t.last - uint64(uint32(t.last)-low)) { //nolint:gosec // the last bits are meant
				return
			}
		}
	}
}

// loadTables reads what is said of the tables, the oldest first. One whose head is
// damaged is passed over: its ids are those of records.
func (s *idSet) loadTables(v *engine.Snapshot) {
	b := v.Bucket(s.tablesBucket)
	if b == nil {
		return
	}
	c := b.Cursor()
	for k, value := c.First(); k != nil; {
		body, sound := s.engine.Verified(s.tablesBucket, k, value)
		if len(k) == 8 && sound {
			if t, ok := decodeTable(engine.Number(k), body); ok {
				s.tables = append(s.tables, t)
				k, value = c.Seek(engine.Key(t.first + 1))
				continue
			}
		}
		k, value = c.Next()
	}
}

// findOlder returns the sequences whose hash may be this one, of ids that memory has no
// room for.
func (s *idSet) findOlder(v *engine.Snapshot, h idHash) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, t := range s.tables {
			if !t.mayHold(h) {
				continue
			}
			for seq := range t.findSequences(s.readShard(v, t.shardKey(tagOf(h))), h) {
				if !yield(seq) {
					return
				}
			}
		}
	}
}

// readShard returns what a shard holds; nothing where it is damaged.
func (s *idSet) readShard(v *engine.Snapshot, key []byte) []byte {
	b := v.Bucket(s.tablesBucket)
	if b == nil {
		return nil
	}
	value := b.Get(key)
	if value == nil {
		return nil
	}
	body, ok := engine.Decode(s.engine, s.tablesBucket, key, value, func(k, v []byte) ([]byte, bool) { return s.engine.Verified(s.tablesBucket, k, v) })
	if !ok {
		return nil
	}
	return body
}

// writeTable moves the oldest ids that stand in memory, about so many of them, into a
// table; it returns their records.
func (s *idSet) writeTable(ids, tables *engine.FileBucket, many int) (t *sortedTable, moved idRuns, err error) {
	from := uint64(0)
	if n := len(s.tables); n > 0 {
		from = s.tables[n-1].last + 1
	}
	c := ids.Cursor()
	for k, value := c.Seek(engine.Key(from)); k != nil && many > 0; k, value = c.Next() {
		if r, ok := s.soundRecord(k, value); ok && r.countHashes() > 0 {
			r.hashes = bytes.Clone(r.hashes)
			moved, many = append(moved, r), many-r.countHashes()
		}
	}
	if len(moved) == 0 {
		return nil, nil, nil
	}
	t, err = newTable(tables, moved)
	return t, moved, err
}

// removeTables removes the tables that end before a sequence.
func (s *idSet) removeTables(b *engine.FileBucket, before uint64) error {
	for _, t := range s.tables {
		if t.last >= before {
			return nil
		}
		c := b.Cursor()
		for k, _ := c.Seek(engine.Key(t.first)); k != nil && engine.Number(k[:8]) <= t.last; k, _ = c.Seek(engine.Key(t.first)) {
			if err := b.Remove(bytes.Clone(k)); err != nil {
				return err
			}
		}
	}
	return nil
}
