package readercache

import "encoding/binary"

// entry is one reader: the hash of the key, slot, revision, how long the document may
// become and is, flags, how long the key is, the key, the document.
type entry []byte

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
	mostDocument = blockBytes / 2
)

const (
	marked = 1 << iota
	used
)

func (e entry) readerKey() string { return string(e[headBytes : headBytes+int(e[keyAt])]) }
func (e entry) documentRoom() int { return int(binary.LittleEndian.Uint16(e[roomAt:])) }
func (e entry) entryBytes() int   { return headBytes + int(e[keyAt]) + e.documentRoom() }

func (e entry) document() []byte {
	at := headBytes + int(e[keyAt])
	return e[at : at+int(binary.LittleEndian.Uint16(e[lengthAt:]))]
}

// wipeDocument leaves nothing of the document in memory.
func (e entry) wipeDocument() { clear(e[headBytes+int(e[keyAt]) : e.entryBytes()]) }

// decodeReader returns what the entry says; the document is valid while the shard is locked.
func (e entry) decodeReader() Reader {
	return Reader{
		Slot: binary.LittleEndian.Uint64(e[slotAt:]), Revision: binary.LittleEndian.Uint64(e[revisionAt:]),
		Marked: e[flagsAt]&marked != 0, Document: e.document(),
	}
}

// encodeReader writes what is known of the reader, which must have room.
func (e entry) encodeReader(r Reader) {
	binary.LittleEndian.PutUint64(e[slotAt:], r.Slot)
	binary.LittleEndian.PutUint64(e[revisionAt:], r.Revision)
	binary.LittleEndian.PutUint16(e[lengthAt:], uint16(len(r.Document))) //nolint:gosec // less than a block
	if e[flagsAt] &^= marked; r.Marked {
		e[flagsAt] |= marked
	}
	copy(e.document(), r.Document)
}

func (e entry) setUsed() { e[flagsAt] |= used }

// clearUsed reports whether the reader was looked up since the last time.
func (e entry) clearUsed() bool {
	was := e[flagsAt]&used != 0
	e[flagsAt] &^= used
	return was
}
