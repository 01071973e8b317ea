package bolt

import (
	"encoding/binary"
	"errors"
	"time"

	"keypull/store"
)

// errDamaged: bytes of the file are not what this package wrote.
var errDamaged = errors.New("store: a record in the file is damaged")

// Times are kept as seconds since 1970 and nanoseconds; the zero time is one
// like any other.
func appendTime(b []byte, at time.Time) []byte {
	b = binary.AppendVarint(b, at.Unix())
	return binary.AppendUvarint(b, uint64(at.Nanosecond())) //nolint:gosec // 0 to 999,999,999
}

// reader takes one field after the other; after the first bad one it is bad
// for good.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	return v * r.step(n)
}

func (r *reader) time() time.Time {
	seconds, n := binary.Varint(r.b)
	r.step(n)
	nanoseconds := r.uvarint()
	if nanoseconds >= uint64(time.Second) {
		r.bad = true
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanoseconds)).UTC()
}

// step goes on by n bytes; 0 and less are what binary says of bad numbers.
func (r *reader) step(n int) uint64 {
	if n <= 0 || r.bad {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return 1
}

// text takes a length and that many bytes.
func (r *reader) text() []byte {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

func appendText[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// encodeEntry: head, due, at, id, partition, payload.
func encodeEntry(e store.Entry) []byte {
	b := make([]byte, headBytes, headBytes+36+len(e.ID)+len(e.Partition)+len(e.Payload))
	b = appendTime(b, e.Due)
	b = appendTime(b, e.At)
	b = appendText(b, e.ID)
	b = appendText(b, e.Partition)
	return append(b, e.Payload...)
}

// decodeEntry returns an entry whose payload is a part of b.
func decodeEntry(seq uint64, b []byte) (store.Entry, error) {
	r := reader{b: b}
	e := store.Entry{Seq: seq, Due: r.time(), At: r.time(), ID: string(r.text()), Partition: string(r.text())}
	if r.bad {
		return store.Entry{}, errDamaged
	}
	e.Payload = r.b
	return e, nil
}

// encodeRecord: head, at, id, data. An id that is a number is one, behind a zero:
// no id is empty.
func encodeRecord(at time.Time, id string, data []byte) []byte {
	b := make([]byte, headBytes, headBytes+18+len(id)+len(data))
	b = appendTime(b, at)
	if n, ok := numberID(id); ok {
		b = binary.AppendUvarint(append(b, 0), n)
	} else {
		b = appendText(b, id)
	}
	return append(b, data...)
}

// decodeRecord returns a record whose data is a part of b.
func decodeRecord(position uint64, b []byte) (store.Record, error) {
	r := reader{b: b}
	rec := store.Record{Position: position, At: r.time(), ID: string(r.text())}
	if rec.ID == "" {
		rec.ID = textID(r.uvarint())
	}
	if r.bad {
		return store.Record{}, errDamaged
	}
	rec.Data = r.b
	return rec, nil
}

// key8 is the key of a sequence: growing numbers are growing keys.
func key8(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// number reads what key8 wrote.
func number(key []byte) uint64 {
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key)
}
