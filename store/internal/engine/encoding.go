package engine

import (
	"encoding/binary"
	"errors"
	"time"
)

// ErrDamaged is returned for bytes that are not what was written.
var ErrDamaged = errors.New("store: a record in the file is damaged")

// Reader takes one field after the other. It is bad for good after the first bad one.
type Reader struct {
	Rest []byte
	Bad  bool
}

// Uvarint takes a number.
func (r *Reader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.Rest)
	return v * r.Skip(n)
}

// Time takes what AppendTime wrote.
func (r *Reader) Time() time.Time {
	seconds, n := binary.Varint(r.Rest)
	r.Skip(n)
	nanoseconds := r.Uvarint()
	if nanoseconds >= uint64(time.Second) {
		r.Bad = true
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanoseconds)).UTC()
}

// Skip goes on by n bytes and returns 1, or 0 where n is what binary returns for a bad
// number.
func (r *Reader) Skip(n int) uint64 {
	if n <= 0 || r.Bad {
		r.Rest, r.Bad = nil, true
		return 0
	}
	r.Rest = r.Rest[n:]
	return 1
}

// Text takes a length and that many bytes.
func (r *Reader) Text() []byte {
	n := r.Uvarint()
	if n > uint64(len(r.Rest)) {
		r.Rest, r.Bad = nil, true
		return nil
	}
	text := r.Rest[:n:n]
	r.Rest = r.Rest[n:]
	return text
}

// AppendTime appends seconds since 1970 and nanoseconds; the zero time is one like any
// other.
func AppendTime(b []byte, at time.Time) []byte {
	b = binary.AppendVarint(b, at.Unix())
	return binary.AppendUvarint(b, uint64(at.Nanosecond())) //nolint:gosec // 0 to 999,999,999
}

// AppendText appends a length and that many bytes.
func AppendText[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// Key returns the key of a number: growing numbers are growing keys.
func Key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// Number returns the number of a key that Key made, or 0.
func Number(key []byte) uint64 {
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key)
}
