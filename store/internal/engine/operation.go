package engine

import (
	"bytes"
	"encoding/binary"
)

// Operations of which a record of the log consists. The bits above opBits are the
// place of the bucket's name in frequent, or 0 where the name follows.
const (
	opPut      = 1 // bucket, key, value
	opRemove   = 2 // bucket, key
	opSequence = 3 // bucket, number
	// Of numbered buckets. Replay is told which values opAppend wrote.
	opAppend   = 4 // bucket, number, value
	opPutAt    = 5 // bucket, number, value
	opRemoveAt = 6 // bucket, number

	opBits = 3
	opMask = 1<<opBits - 1
)

// frequent are names of buckets that nearly every record has. Logs hold their places:
// names are only added, at the end.
var frequent = [...]string{"kv", "q:asks", "log:asks", "log:sends", "log:counts"} //nolint:gochecknoglobals // constant

// beginOperation begins an operation on the bucket.
func (b *Bucket) beginOperation(op byte) {
	t := b.batch
	for i, name := range frequent {
		if string(b.name) == name {
			t.record = append(t.record, op|byte(i+1)<<opBits)
			return
		}
	}
	t.record = AppendText(append(t.record, op), b.name)
}

// Bucket opens a bucket to be written.
func (t *Batch) Bucket(name []byte) *Bucket {
	for _, b := range t.opened {
		if bytes.Equal(b.name, name) {
			return b
		}
	}
	b := &Bucket{name: name, filed: t.view.tx.Bucket(name), memtables: t.view.memtablesOf(name), batch: t, kind: t.layout.Kind(name)}
	if b.memtables[0] == nil {
		m := &memtable{name: bytes.Clone(name), tree: newTree(), floor: b.Sequence()}
		t.view.active = append(t.view.active, m)
		b.memtables[0] = m
	}
	t.opened = append(t.opened, b)
	return b
}

// Put writes a value.
func (b *Bucket) Put(key, value []byte) {
	if b.kind.Numbered && len(key) == 8 {
		b.putNumbered(opPutAt, key, value)
		return
	}
	b.beginOperation(opPut)
	kept := cell{key: b.batch.appendText(key)}
	kept.value = b.batch.appendText(value)
	b.setCell(kept)
}

// Append writes a value of a numbered bucket. Replay is told that it was appended.
func (b *Bucket) Append(key, value []byte) { b.putNumbered(opAppend, key, value) }

func (b *Bucket) putNumbered(op byte, key, value []byte) {
	b.beginOperation(op)
	b.batch.record = binary.AppendUvarint(b.batch.record, Number(key))
	b.setCell(cell{key: bytes.Clone(key), value: b.batch.appendText(value)})
}

// Derive writes a value that Replay makes anew of another: it is not in the log.
func (b *Bucket) Derive(key, value []byte) { b.setCell(cell{key: key, value: value}) }

// setCell puts a cell into the memtable, with the sequence that it implies.
func (b *Bucket) setCell(c cell) {
	m := b.memtables[0]
	m.tree.Set(c)
	m.sequence = max(m.sequence, b.kind.impliedSequence(c.key, c.value))
}

// appendText appends a text to the record under way and returns the copy in it.
func (t *Batch) appendText(text []byte) []byte {
	t.record = AppendText(t.record, text)
	end := len(t.record)
	return t.record[end-len(text) : end : end]
}

// Remove removes a key, which may be missing.
func (b *Bucket) Remove(key []byte) {
	if b.kind.Numbered && len(key) == 8 {
		b.beginOperation(opRemoveAt)
		b.batch.record = binary.AppendUvarint(b.batch.record, Number(key))
	} else {
		b.beginOperation(opRemove)
		b.batch.record = AppendText(b.batch.record, key)
	}
	if b.standsBelow(key) {
		b.memtables[0].tree.Set(cell{key: bytes.Clone(key)})
		return
	}
	b.memtables[0].tree.Delete(cell{key: key})
}

// standsBelow says that a key stands below the memtable that is written, so that it takes
// a cell to remove it.
func (b *Bucket) standsBelow(key []byte) bool {
	if b.kind.Numbered && len(key) == 8 && Number(key) > b.memtables[0].floor {
		return false
	}
	if v, ok := lookUp([2]*memtable{b.memtables[1]}, key); ok {
		return v != nil
	}
	if b.kind.Packing != nil {
		if in, ok := b.kind.Packing.Key(key); ok && b.Filed(in) != nil {
			return true
		}
	}
	return b.Filed(key) != nil
}

// SetSequence notes the last number that was given, where no value implies it.
func (b *Bucket) SetSequence(n uint64) {
	if n <= b.memtables[0].sequence {
		return
	}
	b.beginOperation(opSequence)
	b.batch.record = binary.AppendUvarint(b.batch.record, n)
	b.memtables[0].sequence = n
}

// operation is one of a record: opPut, opRemove or opSequence.
type operation struct {
	op                 byte
	bucket, key, value []byte
	number             uint64
	appended           bool
}

// readOperations calls each for the operations of a record, or returns ErrDamaged.
func readOperations(record []byte, each func(operation) error) error {
	r := Reader{Rest: record}
	for len(r.Rest) > 0 {
		o := operation{op: r.Rest[0] & opMask}
		place := int(r.Rest[0] >> opBits)
		r.Skip(1)
		switch {
		case place == 0:
			o.bucket = r.Text()
		case place <= len(frequent):
			o.bucket = []byte(frequent[place-1])
		default:
			r.Bad = true
		}
		o.readFields(&r)
		if r.Bad {
			return ErrDamaged
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}

// readFields takes what follows the bucket.
func (o *operation) readFields(r *Reader) {
	switch o.op {
	case opPut:
		o.key, o.value = r.Text(), r.Text()
	case opRemove:
		o.key = r.Text()
	case opSequence:
		o.number = r.Uvarint()
	case opAppend, opPutAt:
		o.key, o.value, o.appended = Key(r.Uvarint()), r.Text(), o.op == opAppend
		o.op = opPut
	case opRemoveAt:
		o.key, o.op = Key(r.Uvarint()), opRemove
	default:
		r.Bad = true
	}
}
