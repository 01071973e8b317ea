package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"

	"keypull/store/internal/engine"
)

// In the bucket of a log's ids stands, for each id, the position of its record.
// Ids that are numbers of 16 hexadecimal digits stand 256 to a value: beside its
// place there each takes the few bytes of its position: 5 bytes of the file for each,
// where a value of its own takes 51 (100,000 records of asks, pages included). In
// memtables every id stands for itself. TestBlocksOfIDsAreAMap holds them against a map.

const (
	idDigits  = 16
	blockBits = 8
	// blockMark begins the key of a block; no id has it.
	blockMark = 0
)

// numberID returns the number that an id is; false for other ids.
func numberID[T string | []byte](id T) (n uint64, ok bool) {
	if len(id) != idDigits {
		return 0, false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9':
			n = n<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// textID returns the id that numberID knows as a number.
func textID(n uint64) string { return hex.EncodeToString(engine.Key(n)) }

// blockOf returns the key of the block that an id stands in, and its place there.
func blockOf(id []byte) (key []byte, at byte, ok bool) {
	n, ok := numberID(id)
	if !ok {
		return nil, 0, false
	}
	key = engine.Key(n >> blockBits)
	key[0] = blockMark // as it is
	return key, byte(n & (1<<blockBits - 1)), true
}

// block holds the positions of 256 ids in a row; 0 is no id.
type block [1 << blockBits]uint64

func (b *block) encodeBlock() []byte {
	v := make([]byte, engine.HeadBytes, engine.HeadBytes+len(b)*4)
	for at, position := range b {
		if position != 0 {
			v = binary.AppendUvarint(append(v, byte(at)), position)
		}
	}
	return v
}

// decodeBody reads what encode wrote behind the head; false if it is damaged.
func (b *block) decodeBody(body []byte) bool {
	for last := -1; len(body) > 0; {
		at := int(body[0])
		position, n := binary.Uvarint(body[1:])
		if n <= 0 || position == 0 || at <= last {
			return false
		}
		b[at], last, body = position, at, body[1+n:]
	}
	return true
}

// findIndex returns the value of an id, or nil.
func (l *log) findIndex(ids *engine.Bucket, id []byte) []byte {
	if v, ok := ids.Recent(id); ok {
		return v
	}
	if ids.Written() && bytes.Compare(id, l.below) > 0 {
		return nil // not below: nearly in order is how ids come
	}
	key, at, ok := blockOf(id)
	if !ok {
		return ids.Filed(id)
	}
	v := ids.Filed(key)
	if v == nil {
		return ids.Filed(id) // as earlier versions wrote it
	}
	var b block
	if !decodeBlock(l.engine, l.ids, key, v, &b) {
		l.engine.Quarantine(l.ids, key, func(_ *engine.Snapshot, v []byte) bool { return decodeBlock(l.engine, l.ids, key, v, new(block)) })
		return nil
	}
	if b[at] == 0 {
		return ids.Filed(id)
	}
	return indexValue(l.ids, id, b[at])
}

// verifier is an engine, or a transaction of it.
type verifier interface {
	Verified(bucket, key, v []byte) (body []byte, ok bool)
}

// decodeBlock reads a block; false if it is not what was written.
func decodeBlock(e verifier, bucket, key, v []byte, b *block) bool {
	body, sound := e.Verified(bucket, key, v)
	return sound && b.decodeBody(body)
}

// lastID is no smaller than any id in the bucket.
func lastID(ids *engine.Bucket) []byte {
	c := ids.Cursor()
	last, _ := c.Last()
	last = bytes.Clone(last)
	if key, _ := c.Before([]byte{blockMark + 1}); len(key) == 8 {
		if highest := []byte(textID(engine.Number(key)<<blockBits | (1<<blockBits - 1))); bytes.Compare(last, highest) < 0 {
			last = highest
		}
	}
	return last
}

// indexPacking implements engine.Packing.
type indexPacking struct{}

// Key implements engine.Packing.
func (indexPacking) Key(id []byte) (in []byte, ok bool) {
	in, _, ok = blockOf(id)
	return in, ok
}

// Writer implements engine.Packing.
func (indexPacking) Writer(t *engine.Tx, b *engine.FileBucket) engine.KeyWriter {
	return &blockWriter{tx: t, bucket: b}
}

// blockWriter writes values of ids into the bucket of the file, in the order of ids:
// one block after the other.
type blockWriter struct {
	tx      *engine.Tx
	bucket  *engine.FileBucket
	key     []byte // of the block under way
	block   block
	changed bool
}

// Write implements engine.KeyWriter.
func (w *blockWriter) Write(id, value []byte) error {
	key, at, ok := blockOf(id)
	if !ok || len(value) != 0 && len(value) != engine.HeadBytes+8 {
		return w.bucket.Write(id, value)
	}
	if !bytes.Equal(key, w.key) {
		if err := w.nextBlock(key); err != nil {
			return err
		}
	}
	if value == nil && w.block[at] == 0 {
		return w.bucket.Remove(id)
	}
	w.block[at], w.changed = 0, true
	if value != nil {
		w.block[at] = engine.Number(value[engine.HeadBytes:])
	}
	return nil
}

// nextBlock ends the block under way and begins with another.
func (w *blockWriter) nextBlock(key []byte) error {
	if err := w.Flush(); err != nil {
		return err
	}
	w.key, w.block = key, block{}
	v := w.bucket.Get(key)
	if v == nil || decodeBlock(w.tx, w.bucket.Name(), key, v, &w.block) {
		return nil
	}
	w.block = block{}
	return w.tx.SetAside(bytes.Join([][]byte{w.bucket.Name(), key}, []byte{0}), v)
}

// Flush implements engine.KeyWriter: it writes the block under way.
func (w *blockWriter) Flush() error {
	if !w.changed {
		return nil
	}
	w.changed = false
	if w.block == (block{}) {
		return w.bucket.Remove(w.key)
	}
	v := w.block.encodeBlock()
	engine.AddSum(w.bucket.Name(), w.key, v)
	return w.bucket.Put(w.key, v)
}
