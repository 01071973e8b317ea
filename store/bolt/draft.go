package bolt

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Operations of which a record of the log consists.
const (
	opPut      = 1 // bucket, key, value
	opRemove   = 2 // bucket, key
	opSequence = 3 // bucket, number
)

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
	t := b.turn
	t.record = appendText(append(t.record, opPut), b.name)
	kept := cell{key: t.keep(key)}
	kept.value = t.keep(value)
	b.sheets[0].tree.Set(kept)
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
	t := b.turn
	t.record = appendText(append(t.record, opRemove), b.name)
	kept := cell{key: t.keep(key)}
	if b.below(key) {
		b.sheets[0].tree.Set(kept)
		return
	}
	b.sheets[0].tree.Delete(kept)
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
	return b.filed(key) != nil
}

// numbered buckets have keys that are numbers up to their sequence.
func numbered(name []byte) bool {
	return strings.HasPrefix(string(name), queuePrefix) || strings.HasPrefix(string(name), logPrefix)
}

// setSequence notes the last number that was given.
func (b *bucket) setSequence(n uint64) {
	t := b.turn
	t.record = binary.AppendUvarint(appendText(append(t.record, opSequence), b.name), n)
	b.sheets[0].sequence = max(b.sheets[0].sequence, n)
}

// operation is one of a record.
type operation struct {
	kind               byte
	bucket, key, value []byte
	number             uint64
}

// operations goes through a record; errDamaged where it is none.
func operations(record []byte, each func(operation) error) error {
	r := reader{b: record}
	for len(r.b) > 0 {
		o := operation{kind: r.b[0]}
		r.step(1)
		o.bucket = r.text()
		switch o.kind {
		case opPut:
			o.key, o.value = r.text(), r.text()
		case opRemove:
			o.key = r.text()
		case opSequence:
			o.number = r.uvarint()
		default:
			r.bad = true
		}
		if r.bad {
			return errDamaged
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}
