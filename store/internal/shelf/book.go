package shelf

import "encoding/binary"

// A book is a reader on the shelf: the hash of the key, slot, revision, how long
// the document may become and is, flags, how long the key is, the key, the document.
type book []byte

const (
	hashAt     = 0
	slotAt     = 8
	revisionAt = 16
	roomAt     = 24
	lengthAt   = 26
	flagsAt    = 28
	keyAt      = 29
	headBytes  = 30

	mostKey      = 1<<8 - 1
	mostDocument = pieceBytes / 2
)

const (
	marked = 1 << iota
	used
)

func (b book) key() string { return string(b[headBytes : headBytes+int(b[keyAt])]) }
func (b book) room() int   { return int(binary.LittleEndian.Uint16(b[roomAt:])) }
func (b book) size() int   { return headBytes + int(b[keyAt]) + b.room() }

func (b book) document() []byte {
	at := headBytes + int(b[keyAt])
	return b[at : at+int(binary.LittleEndian.Uint16(b[lengthAt:]))]
}

// wipe leaves nothing of the document in memory.
func (b book) wipe() { clear(b[headBytes+int(b[keyAt]) : b.size()]) }

// reader is what the book says; the document is valid while the part is locked.
func (b book) reader() Reader {
	return Reader{
		Slot: binary.LittleEndian.Uint64(b[slotAt:]), Revision: binary.LittleEndian.Uint64(b[revisionAt:]),
		Marked: b[flagsAt]&marked != 0, Document: b.document(),
	}
}

// set writes what is known of the reader, which must have room.
func (b book) set(r Reader) {
	binary.LittleEndian.PutUint64(b[slotAt:], r.Slot)
	binary.LittleEndian.PutUint64(b[revisionAt:], r.Revision)
	binary.LittleEndian.PutUint16(b[lengthAt:], uint16(len(r.Document))) //nolint:gosec // less than a piece
	if b[flagsAt] &^= marked; r.Marked {
		b[flagsAt] |= marked
	}
	copy(b.document(), r.Document)
}

func (b book) use() { b[flagsAt] |= used }

// rest reports whether the reader was looked for since the last time.
func (b book) rest() bool {
	was := b[flagsAt]&used != 0
	b[flagsAt] &^= used
	return was
}
