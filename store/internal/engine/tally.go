package engine

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// tally is what a bucket holds, in few bytes: the sum of its values in any order,
// how many they are, and the bucket's sequence.
type tally struct{ sum, count, sequence uint64 }

const tallyBytes = 3 * 8

func (t *tally) addValue(bucket, key, value []byte) {
	t.sum += valueTerm(bucket, key, value)
	t.count++
}

func (t *tally) removeValue(bucket, key, value []byte) {
	t.sum -= valueTerm(bucket, key, value)
	t.count--
}

// valueTerm returns what a value adds. The sum in its head stands for the whole of it: one
// that was damaged since adds up, and is told of as what it is.
func valueTerm(bucket, key, value []byte) uint64 {
	var body uint32
	if len(value) >= HeadBytes && value[0] == checked && !bytes.Equal(bucket, MetaBucket) {
		body = binary.BigEndian.Uint32(value[1:])
	} else {
		body = valueChecksum(bucket, key, value)
	}
	return mixBits(uint64(crc32.ChecksumIEEE(key))<<32 | uint64(body))
}

// mixBits spreads a number over all bits, as splitmix64 does: else what is alike
// would add up to what is alike.
func mixBits(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// appendTally: name, sum, count, sequence.
func appendTally(b, name []byte, t tally) []byte {
	b = AppendText(b, name)
	b = binary.BigEndian.AppendUint64(b, t.sum)
	b = binary.BigEndian.AppendUint64(b, t.count)
	return binary.BigEndian.AppendUint64(b, t.sequence)
}

// decodeTallies reads the record of all buckets; not where it is damaged.
func decodeTallies(v []byte) (of map[string]tally, ok bool) {
	body, ok := checks{}.verifyValue(MetaBucket, sumsKey, v)
	if !ok {
		return nil, false
	}
	of = make(map[string]tally)
	for r := (Reader{Rest: body}); len(r.Rest) > 0; r.Skip(tallyBytes) {
		name := string(r.Text())
		if len(r.Rest) < tallyBytes {
			return nil, false
		}
		of[name] = tally{binary.BigEndian.Uint64(r.Rest), binary.BigEndian.Uint64(r.Rest[8:]), binary.BigEndian.Uint64(r.Rest[16:])}
	}
	return of, true
}
