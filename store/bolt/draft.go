package bolt

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Operations of which a record of the log consists. The bits above kindBits are the
// place of the bucket's name in often, or 0 where the name follows.
const (
	opPut      = 1 // bucket, key, value
	opRemove   = 2 // bucket, key
	opSequence = 3 // bucket, number
	// The keys of these are numbers. What opAppend puts into a log is indexed too.
	opAppend   = 4 // bucket, number, value
	opPutAt    = 5 // bucket, number, value
	opRemoveAt = 6 // bucket, number

	kindBits = 3
	kindMask = 1<<kindBits - 1
)

// often are names of buckets that nearly every record has. What is written names
// their places: names are added at the end.
var often = [...]string{"kv", "q:asks", "log:asks", "log:sends", "log:counts"} //nolint:gochecknoglobals // constant

// begin begins an operation on the bucket.
func (b *bucket) begin(kind byte) {
	t := b.turn
	for i, name := range often {
		if string(b.name) == name {
			t.record = append(t.record, kind|byte(i+1)<<kindBits)
			return
		}
	}
	t.record = appendText(append(t.record, kind), b.name)
}

// bucket opens a bucket to be written in the turn.
func (t *turn) bucket(name []byte) *bucket {
	for _, b := range t.opened {
		if bytes.Equal(b.name, name) {
			return b
		}
	}
	b := &bucket{name: name, base: t.view.tx.Bucket(name), turn: t}
	b.sheets = [2]*sheet{t.view.active.of(name), t.view.frozen.of(name)}
	if b.sheets[0] == nil {
		s := &sheet{name: bytes.Clone(name), tree: newTree(), floor: b.Sequence()}
		t.view.active = append(t.view.active, s)
		b.sheets[0] = s
	}
	t.opened = append(t.opened, b)
	return b
}

// put writes a value.
func (b *bucket) put(key, value []byte) {
	if numbered(b.name) && len(key) == 8 {
		b.putAt(opPutAt, key, value)
		return
	}
	b.begin(opPut)
	kept := cell{key: b.turn.keep(key)}
	kept.value = b.turn.keep(value)
	b.show(kept)
}

// putAt writes a value of a numbered bucket.
func (b *bucket) putAt(kind byte, key, value []byte) {
	b.begin(kind)
	b.turn.record = binary.AppendUvarint(b.turn.record, number(key))
	b.show(cell{key: bytes.Clone(key), value: b.turn.keep(value)})
}

// show lays a value over the file, and what it says of the bucket's sequence.
func (b *bucket) show(c cell) {
	b.sheets[0].tree.Set(c)
	b.sheets[0].sequence = max(b.sheets[0].sequence, implied(b.name, c.key, c.value))
}

// implied is the number that a value says was given: that of its key, or its
// revision.
func implied(bucket, key, value []byte) uint64 {
	switch {
	case numbered(bucket):
		return number(key)
	case bytes.Equal(bucket, kvBucket) && len(value) >= headBytes+revisionBytes:
		return binary.BigEndian.Uint64(value[headBytes:])
	}
	return 0
}

// keep appends a text to the record under way and returns that of it which stays:
// callers have their bytes back.
func (t *turn) keep(text []byte) []byte {
	t.record = appendText(t.record, text)
	end := len(t.record)
	return t.record[end-len(text) : end : end]
}

// remove removes a key, which may be missing.
func (b *bucket) remove(key []byte) {
	if numbered(b.name) && len(key) == 8 {
		b.begin(opRemoveAt)
		b.turn.record = binary.AppendUvarint(b.turn.record, number(key))
	} else {
		b.begin(opRemove)
		b.turn.record = appendText(b.turn.record, key)
	}
	if b.below(key) {
		b.sheets[0].tree.Set(cell{key: bytes.Clone(key)})
		return
	}
	b.sheets[0].tree.Delete(cell{key: key})
}

// below says that a key stands below the sheet that is written, so that it takes
// a mark to remove it.
func (b *bucket) below(key []byte) bool {
	if numbered(b.name) && len(key) == 8 && number(key) > b.sheets[0].floor {
		return false
	}
	if s := b.sheets[1]; s != nil {
		if c, ok := s.tree.Get(cell{key: key}); ok {
			return c.value != nil
		}
	}
	if !isIndex(b.name) {
		return b.filed(key) != nil
	}
	in, _, ok := blockOf(key)
	return ok && b.filed(in) != nil || b.filed(key) != nil
}

// numbered buckets have keys that are numbers up to their sequence.
func numbered(name []byte) bool {
	return strings.HasPrefix(string(name), queuePrefix) || strings.HasPrefix(string(name), logPrefix)
}

// setSequence notes the last number that was given, where no value tells it.
func (b *bucket) setSequence(n uint64) {
	if n <= b.sheets[0].sequence {
		return
	}
	b.begin(opSequence)
	b.turn.record = binary.AppendUvarint(b.turn.record, n)
	b.sheets[0].sequence = n
}

// operation is one of a record: opPut, opRemove or opSequence. What is indexed is
// put into a log.
type operation struct {
	kind               byte
	bucket, key, value []byte
	number             uint64
	indexed            bool
}

// operations goes through a record; errDamaged where it is none.
func operations(record []byte, each func(operation) error) error {
	r := reader{b: record}
	for len(r.b) > 0 {
		o := operation{kind: r.b[0] & kindMask}
		place := int(r.b[0] >> kindBits)
		r.step(1)
		switch {
		case place == 0:
			o.bucket = r.text()
		case place <= len(often):
			o.bucket = []byte(often[place-1])
		default:
			r.bad = true
		}
		o.read(&r)
		if r.bad {
			return errDamaged
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}

// read takes what follows the bucket.
func (o *operation) read(r *reader) {
	switch o.kind {
	case opPut:
		o.key, o.value = r.text(), r.text()
	case opRemove:
		o.key = r.text()
	case opSequence:
		o.number = r.uvarint()
	case opAppend, opPutAt:
		o.key, o.value, o.indexed = key8(r.uvarint()), r.text(), o.kind == opAppend
		o.kind = opPut
	case opRemoveAt:
		o.key, o.kind = key8(r.uvarint()), opRemove
	default:
		r.bad = true
	}
}
