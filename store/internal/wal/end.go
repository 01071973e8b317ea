package wal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"

	"keypull/pull/private"
)

// Beside its segments a log has a file that says up to where it surely goes. It is
// written behind each flush and left to the system: the end of a process keeps it,
// that of the machine may leave an earlier one, or none. So a log that ends before is
// one that was cut, or an older copy, and what was only being written is not missed.
const (
	endSuffix = ".wal.end"
	endBytes  = 4 + 8 + 4 // salt of the segment, sequence, sum
)

// end is up to where a log surely goes.
type end struct {
	salt uint32
	seq  uint64
}

// openEnd begins to say it. Where it can't be said, nothing is missed later.
func (l *Log) openEnd() {
	if l.end == nil {
		l.end, _ = private.OpenFile(l.prefix+endSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	}
}

// noteEnd says that all that was appended is flushed.
func (l *Log) noteEnd() {
	if l.end == nil || l.next == l.head.First { // nothing is in the segment
		return
	}
	b := binary.LittleEndian.AppendUint32(l.endRoom[:0], l.salt)
	b = binary.LittleEndian.AppendUint64(b, l.next-1)
	_, _ = l.end.WriteAt(binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), 0)
}

// dropEnd ends it, where nothing of the log is needed.
func (l *Log) dropEnd() error {
	if l.end != nil {
		_ = l.end.Close() // it is removed
		l.end = nil
	}
	return removeIfThere(l.prefix + endSuffix)
}

// removeIfThere removes a file that may be missing.
func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err //nolint:wrapcheck // it names the file
	}
	return nil
}

// endOf reads it; false if nobody says.
func endOf(prefix string) (e end, ok bool) {
	b, err := os.ReadFile(prefix + endSuffix) //nolint:gosec // beside the operator's store
	if err != nil || len(b) != endBytes || binary.LittleEndian.Uint32(b[12:]) != crc32.Checksum(b[:12], castagnoli) {
		return e, false
	}
	return end{salt: binary.LittleEndian.Uint32(b), seq: binary.LittleEndian.Uint64(b[4:])}, true
}
