package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
)

// In the bucket of a log's ids stands, for each id, the position of its record.
// Ids that are numbers of 16 hexadecimal digits stand 256 to a value: beside its
// place there each takes the few bytes of its position, where a value of its own
// would take fifty. Beside the file, in the sheets, every id stands for itself.

const (
	idDigits  = 16
	blockBits = 8
	// blockMark begins the key of a block; no id has it.
	blockMark = 0
)

// numberID is the number that an id is; false for other ids.
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

// textID is the id that numberID knows as a number.
func textID(n uint64) string { return hex.EncodeToString(key8(n)) }

// blockOf is the key of the block that an id stands in, and its place there.
func blockOf(id []byte) (key []byte, at byte, ok bool) {
	n, ok := numberID(id)
	if !ok {
		return nil, 0, false
	}
	key = key8(n >> blockBits)
	key[0] = blockMark // as it is
	return key, byte(n & (1<<blockBits - 1)), true
}

// block holds the positions of 256 ids in a row; 0 where there is none.
type block [1 << blockBits]uint64

func (b *block) encode() []byte {
	v := make([]byte, headBytes, headBytes+len(b)*4)
	for at, position := range b {
		if position != 0 {
			v = binary.AppendUvarint(append(v, byte(at)), position)
		}
	}
	return v
}

// decode reads what encode wrote behind the head; false where it is none.
func (b *block) decode(body []byte) bool {
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

// isIndex says that a bucket is that of a log's ids.
func isIndex(name []byte) bool { return bytes.HasPrefix(name, []byte(logIDsPrefix)) }

// indexOf is the value of an id, or nil.
func (l *log) indexOf(ids *bucket, id []byte) []byte {
	if v, ok := laidOver(ids.sheets, id); ok {
		return v
	}
	if ids.turn != nil && bytes.Compare(id, l.below) > 0 {
		return nil // not below: nearly in order is how ids come
	}
	key, at, ok := blockOf(id)
	if !ok {
		return ids.filed(id)
	}
	v := ids.filed(key)
	if v == nil {
		return ids.filed(id) // as earlier versions wrote it
	}
	var b block
	if !l.db.block(l.ids, key, v, &b) {
		l.db.spoiled(l.ids, key, func(_ *view, v []byte) bool { return l.db.block(l.ids, key, v, new(block)) })
		return nil
	}
	if b[at] == 0 {
		return ids.filed(id)
	}
	return indexed(l.ids, id, b[at])
}

// block reads a block; false where it is not what was written.
func (db *DB) block(bucket, key, v []byte, b *block) bool {
	body, sound := db.guards.open(bucket, key, v)
	return sound && b.decode(body)
}

// lastID is no smaller than any id in the bucket.
func lastID(ids *bucket) []byte {
	c := ids.Cursor()
	last, _ := c.Last()
	last = bytes.Clone(last)
	if key, _ := c.Before([]byte{blockMark + 1}); len(key) == 8 {
		if highest := []byte(textID(number(key)<<blockBits | (1<<blockBits - 1))); bytes.Compare(last, highest) < 0 {
			last = highest
		}
	}
	return last
}

// indexing writes values of ids into the bucket of the file, in the order of ids:
// one block after the other.
type indexing struct {
	*filed
	db      *DB
	key     []byte // of the block under way
	block   block
	changed bool
}

// write sets the value of an id, or removes it where it is nil.
func (x *indexing) write(id, value []byte) error {
	key, at, ok := blockOf(id)
	if !ok || len(value) != 0 && len(value) != headBytes+8 {
		return x.filed.write(id, value)
	}
	if !bytes.Equal(key, x.key) {
		if err := x.open(key); err != nil {
			return err
		}
	}
	if value == nil && x.block[at] == 0 {
		return x.remove(id)
	}
	x.block[at], x.changed = 0, true
	if value != nil {
		x.block[at] = number(value[headBytes:])
	}
	return nil
}

// open ends the block under way and begins with another.
func (x *indexing) open(key []byte) error {
	if err := x.end(); err != nil {
		return err
	}
	x.key, x.block = key, block{}
	v := x.Get(key)
	if v == nil || x.db.block(x.name, key, v, &x.block) {
		return nil
	}
	x.block = block{}
	x.db.asides.count.Add(1)
	return x.db.sums.aside(x.db.now(), bytes.Join([][]byte{x.name, key}, []byte{0}), v)
}

// end writes the block under way.
func (x *indexing) end() error {
	if !x.changed {
		return nil
	}
	x.changed = false
	if x.block == (block{}) {
		return x.remove(x.key)
	}
	v := x.block.encode()
	guard(x.name, x.key, v)
	return x.put(x.key, v)
}
