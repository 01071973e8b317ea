package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// Ids that memory has no room for are known by volumes: some hundred thousand of
// them in the file, from their hashes to their sequences, written once, and gone
// as a whole when the last of them is over age. Of each volume a sieve stands in
// memory, a byte and a half for each id, which tells of nearly every other id that
// it is not in there: so that a new one needs no look at the file.

const (
	// usualIDs is how many ids stand in memory before the older half leaves it.
	usualIDs = 1 << 20
	// A shard is what is read of a volume to look for an id: about so many.
	shardIDs = 256
	// tagBits of a hash stand in a volume, behind each the last bits of a sequence.
	tagBits   = 40
	entryLong = tagBits/8 + 4
	// sieveBits are those of a sieve for each id, probes how many of these are set.
	sieveBits, probes = 12, 6
	// A line of the processor's cache holds all bits of an id.
	lineWords, lineBits = 8, 512
)

// idVolume is one volume.
type idVolume struct {
	first, last uint64 // sequences
	shards      uint32 // a power of two
	sieve       sieve
	// byHash: an earlier version made the sieve, of whole hashes.
	byHash bool
}

// byName stands with the number of shards where the sieve is made of what ids have
// in whatever partition.
const byName = 1 << 31

// spread is as long as a hash, and made of what all hashes of an id have.
func (h idHash) spread() idHash {
	const odd, odder = 0xbf58476d1ce4e5b9, 0x94d049bb133111eb // of splitmix64
	x := binary.BigEndian.Uint64(h[:])
	x = (x ^ x>>30) * odd
	x = (x ^ x>>27) * odder
	binary.BigEndian.PutUint64(h[nameBytes:], x^x>>31)
	return h
}

// may says that an id may be there; h is the hash of it alone.
func (v *idVolume) may(h idHash) bool {
	if v.byHash {
		return v.sieve.may(h)
	}
	return v.sieve.may(h.spread())
}

// sieve is a row of lines; which one an id has, and which bits there, its hash says.
type sieve []uint64

func newSieve(ids int) sieve { return make(sieve, lineWords*(1+ids*sieveBits/lineBits)) }

func (s sieve) line(h idHash) sieve {
	lines := uint64(len(s) / lineWords)
	at := uint64(binary.LittleEndian.Uint32(h[5:])) * lines >> 32 * lineWords
	return s[at : at+lineWords]
}

func (s sieve) add(h idHash) {
	line := s.line(h)
	for x, i := binary.BigEndian.Uint64(h[8:]), 0; i < probes; x, i = x/lineBits, i+1 {
		line[x%lineBits/64] |= 1 << (x % 64)
	}
}

// may says that an id may be there.
func (s sieve) may(h idHash) bool {
	line := s.line(h)
	for x, i := binary.BigEndian.Uint64(h[8:]), 0; i < probes; x, i = x/lineBits, i+1 {
		if line[x%lineBits/64]&(1<<(x%64)) == 0 {
			return false
		}
	}
	return true
}

// tagOf are the first bits of a hash.
func tagOf(h idHash) uint64 { return binary.BigEndian.Uint64(h[:]) >> (64 - tagBits) }

// shard is the key of the part of a volume in which a hash would be.
func (v *idVolume) shard(tag uint64) []byte {
	at := tag >> (tagBits - bits.Len32(v.shards-1))
	return binary.BigEndian.AppendUint32(key8(v.first), uint32(at)) //nolint:gosec // below shards
}

// volumeOf makes a volume of runs and writes it.
func volumeOf(b *filed, runs idRuns) (*idVolume, error) {
	type entry struct {
		tag uint64
		seq uint64
	}
	var entries []entry
	last := runs[len(runs)-1]
	v := &idVolume{first: runs[0].first, last: last.first + uint64(last.count()) - 1} //nolint:gosec // at least one
	count := 0
	for _, r := range runs {
		count += r.count()
	}
	v.sieve = newSieve(count)
	for _, r := range runs {
		for i := range r.count() {
			if h := r.hash(i); h != (idHash{}) {
				v.sieve.add(h.spread())
				entries = append(entries, entry{tagOf(h), r.first + uint64(i)})
			}
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.seq, b.seq)) })
	v.shards = uint32(1) << bits.Len(uint(len(entries)/shardIDs))
	for len(entries) > 0 {
		key, value := v.shard(entries[0].tag), make([]byte, headBytes, headBytes+2*shardIDs*entryLong)
		n := 0
		for ; n < len(entries) && bytes.Equal(v.shard(entries[n].tag), key); n++ {
			value = append(value, binary.BigEndian.AppendUint64(nil, entries[n].tag<<(64-tagBits))[:tagBits/8]...)
			value = binary.BigEndian.AppendUint32(value, uint32(entries[n].seq)) //nolint:gosec // the last bits are meant
		}
		guard(b.name, key, value)
		if err := b.put(key, value); err != nil {
			return nil, err
		}
		entries = entries[n:]
	}
	return v, v.put(b)
}

// put writes what is said of the whole volume: its last sequence, its shards and
// its sieve.
func (v *idVolume) put(b *filed) error {
	value := make([]byte, headBytes, headBytes+8+4+8*len(v.sieve))
	value = binary.BigEndian.AppendUint64(value, v.last)
	value = binary.BigEndian.AppendUint32(value, v.shards|byName)
	for _, word := range v.sieve {
		value = binary.LittleEndian.AppendUint64(value, word)
	}
	key := key8(v.first)
	guard(b.name, key, value)
	return b.put(key, value)
}

// decodeVolume reads what put wrote; false where it is none.
func decodeVolume(first uint64, body []byte) (*idVolume, bool) {
	const fixed = 8 + 4
	if len(body) < fixed+8*lineWords || (len(body)-fixed)%(8*lineWords) != 0 {
		return nil, false
	}
	v := &idVolume{first: first, last: binary.BigEndian.Uint64(body), shards: binary.BigEndian.Uint32(body[8:])}
	v.byHash = v.shards&byName == 0
	v.shards &^= byName
	v.sieve = make(sieve, (len(body)-fixed)/8)
	for i := range v.sieve {
		v.sieve[i] = binary.LittleEndian.Uint64(body[fixed+8*i:])
	}
	return v, v.last >= first && bits.OnesCount32(v.shards) == 1
}

// find are the sequences of a shard whose hash may be this one.
func (v *idVolume) find(shard []byte, h idHash) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for ; len(shard) >= entryLong; shard = shard[entryLong:] {
			if !bytes.Equal(shard[:tagBits/8], h[:tagBits/8]) {
				continue
			}
			low := binary.BigEndian.Uint32(shard[tagBits/8:])
			if !yield(v.last - uint64(uint32(v.last)-low)) { //nolint:gosec // the last bits are meant
				return
			}
		}
	}
}

// loadVolumes reads what is said of the volumes, the oldest first.
func (s *idSet) loadVolumes(v *view) error {
	b := v.tx.Bucket(s.volumeBucket)
	if b == nil {
		return nil
	}
	c := b.Cursor()
	for k, value := c.First(); k != nil; {
		body, sound := s.db.guards.open(s.volumeBucket, k, value)
		if len(k) != 8 {
			k, value = c.Next() // of one that is damaged
			continue
		}
		volume, ok := decodeVolume(number(k), body)
		if sound && ok {
			s.volumes = append(s.volumes, volume)
			k, value = c.Seek(key8(volume.first + 1))
			continue
		}
		k, value = c.Next()
	}
	return nil
}

// older are the sequences whose hash may be this one, of ids that memory has no
// room for.
func (s *idSet) older(v *view, h idHash) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, volume := range s.volumes {
			if !volume.may(h) {
				continue
			}
			b := v.tx.Bucket(s.volumeBucket)
			if b == nil {
				return
			}
			key := volume.shard(tagOf(h))
			value := b.Get(key)
			if value == nil {
				continue
			}
			body, sound := s.db.guards.open(s.volumeBucket, key, value)
			if !sound {
				s.db.spoiled(s.volumeBucket, key, func(_ *view, v []byte) bool {
					_, sound := s.db.guards.open(s.volumeBucket, key, v)
					return sound
				})
				continue
			}
			for seq := range volume.find(body, h) {
				if !yield(seq) {
					return
				}
			}
		}
	}
}

// spill moves the oldest ids that stand in memory, about so many of them, into a
// volume; it returns their records.
func (s *idSet) spill(ids, volumes *filed, many int) (v *idVolume, moved idRuns, err error) {
	from := uint64(0)
	if n := len(s.volumes); n > 0 {
		from = s.volumes[n-1].last + 1
	}
	c := ids.Cursor()
	for k, value := c.Seek(key8(from)); k != nil && many > 0; k, value = c.Next() {
		if r, ok := s.sound(k, value); ok && r.count() > 0 {
			r.hashes = bytes.Clone(r.hashes)
			moved, many = append(moved, r), many-r.count()
		}
	}
	if len(moved) == 0 {
		return nil, nil, nil
	}
	v, err = volumeOf(volumes, moved)
	return v, moved, err
}

// dropVolumes removes the volumes that end before a sequence.
func (s *idSet) dropVolumes(b *filed, before uint64) error {
	for _, v := range s.volumes {
		if v.last >= before {
			return nil
		}
		c := b.Cursor()
		for k, _ := c.Seek(key8(v.first)); k != nil && number(k[:8]) <= v.last; k, _ = c.Seek(key8(v.first)) {
			if err := b.remove(bytes.Clone(k)); err != nil {
				return err
			}
		}
	}
	return nil
}
