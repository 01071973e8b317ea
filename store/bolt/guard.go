package bolt

import (
	"encoding/binary"
	"hash/crc32"
)

// Every value but those of the meta bucket begins with a head: a mark, and a
// sum over bucket, key and what follows. So what was changed on the disk, or
// stands where it was not put, is known before it is believed.
const (
	guarded   = 0x01
	headBytes = 1 + 4
)

// castagnoli is computed by the processor itself.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sum(bucket, key, body []byte) uint32 {
	return crc32.Update(crc32.Update(crc32.Checksum(bucket, castagnoli), castagnoli, key), castagnoli, body)
}

// guard fills the head of a value that has room for it in front.
func guard(bucket, key, v []byte) {
	v[0] = guarded
	binary.BigEndian.PutUint32(v[1:], sum(bucket, key, v[headBytes:]))
}

// guards opens values.
type guards struct {
	// old: the file was begun by a version that wrote no heads. None of what it
	// wrote begins with the mark: times and revisions of our age do not.
	old bool
}

// open returns what follows the head, and whether that is what was written.
func (g guards) open(bucket, key, v []byte) (body []byte, sound bool) {
	if len(v) == 0 || v[0] != guarded {
		return v, g.old && v != nil
	}
	if len(v) < headBytes {
		return nil, false
	}
	body = v[headBytes:]
	return body, binary.BigEndian.Uint32(v[1:]) == sum(bucket, key, body)
}
