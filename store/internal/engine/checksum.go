package engine

import (
	"encoding/binary"
	"hash/crc32"
)

// Every value but those of the meta bucket begins with a head: a mark, and a checksum
// over bucket, key and what follows. So a value that was changed on the disk, or stands
// where it was not put, is known before it is used.
const (
	checked   = 0x01
	HeadBytes = 1 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func valueChecksum(bucket, key, body []byte) uint32 {
	return crc32.Update(crc32.Update(crc32.Checksum(bucket, castagnoli), castagnoli, key), castagnoli, body)
}

// AddSum fills the first HeadBytes of a value.
func AddSum(bucket, key, v []byte) {
	v[0] = checked
	binary.BigEndian.PutUint32(v[1:], valueChecksum(bucket, key, v[HeadBytes:]))
}

// checks verifies values.
type checks struct {
	// headless is set for a file that was begun by a version that wrote no heads. None
	// of its values begins with the mark.
	headless bool
}

// verifyValue returns what follows the head, and whether that is what was written.
func (c checks) verifyValue(bucket, key, v []byte) (body []byte, ok bool) {
	if len(v) == 0 || v[0] != checked {
		return v, c.headless && v != nil
	}
	if len(v) < HeadBytes {
		return nil, false
	}
	body = v[HeadBytes:]
	return body, binary.BigEndian.Uint32(v[1:]) == valueChecksum(bucket, key, body)
}
