// Package wal keeps what was written last, one record behind the other, until it
// stands in its place: what is appended and flushed here is durable, whatever
// becomes of the process, and is found again in its order.
//
// A log is a row of segments beside the file that it belongs to,
// <file>.wal.<number>. Each begins with a page that says whose it is and from
// where it goes on; the records behind it have a mark, a length, a sequence and a
// sum. Sums are salted with a number that the segment has for itself, so that
// neither what a file held before, nor what somebody else wrote, is taken for a
// record. What a damaged byte spoils is the record that it lies in: those behind
// it are found by their marks. One that another goes on from ends with a mark that
// says so and which, and each record says how many before it were not flushed when it was
// written: what is missing in front of what was is damage, and else a write that
// the end of the machine cut.
//
// What the records mean is left to who writes them, and so is when a segment is
// not needed any more.
package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"sync/atomic"
	"unsafe"
)

const (
	// page is what a disk writes at least.
	page = 4096
	// step is by how much a segment is made larger ahead of what is written.
	step = 4 << 20
	// recordHead is mark, length, sequence and sum.
	recordHead = 8 + 4 + 8 + 4
	// MaxRecord is how long a record may be.
	MaxRecord = 64 << 20
)

// mark begins each record. It is nothing that a text or a number would be.
var mark = [8]byte{0xf5, 'k', 0x9d, 'e', 0xc1, 'y', 0xfe, 0x0d}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDoubtful says that nobody knows whether what was appended is on the disk. The log
// takes nothing any more; a restart reads what is there.
var ErrDoubtful = errors.New("wal: a flush failed")

// Log is the end of a log, where it is written. Only Size may be called beside
// other calls.
type Log struct {
	prefix string
	kept   Kept
	flush  func(*os.File) error
	file   *os.File
	head   Head
	salt   uint32
	number uint64
	// block is what the disk is written in, past the system's cache; 0 if it
	// is not. tail is what the block that is not full holds.
	block   int64
	tail    []byte
	aligned []byte
	at      int64 // where the next record goes
	room    int64 // up to where the file has been made
	long    int64 // the file is at least
	dirty   bool  // written and not flushed
	next    uint64
	flushed uint64 // the last sequence that is on the disk for sure
	size    atomic.Int64
	is      os.FileInfo          // of file
	old     []oldSegment         // segments before this one
	ahead   chan preparedSegment // the next segment, once it is made
	end     *os.File
	endRoom [endBytes]byte
	buf     []byte
	doubted bool
}

// oldSegment is a segment before the one that is written.
type oldSegment struct {
	path string
	is   os.FileInfo
	end  int64
}

// Begin goes on behind all segments that are there, of which none is needed; the new
// one is made by Start, or once there is something to write. Head.First is the
// sequence of its first record; flush, where set, is called in place of the system's
// own.
func Begin(prefix string, h Head, flush func(*os.File) error) (*Log, error) {
	if flush == nil {
		flush = Flush
	}
	there, err := segmentPaths(prefix, logSuffix)
	err = errors.Join(err, removeIfThere(prefix+endSuffix))
	return &Log{prefix: prefix, kept: Kept{Prefix: prefix}, flush: flush, head: h, next: h.First, flushed: h.First - 1, number: numberAfter(there)}, err
}

// Keep has segments that are not needed any more kept, at most so many bytes of them.
func (l *Log) Keep(most int64) { l.kept.Most = most }

// Path returns the file that is written.
func (l *Log) Path() string { return segmentPath(l.prefix, l.number) }

// Next returns the sequence that the next record gets.
func (l *Log) Next() uint64 { return l.next }

// Dirty says that something was written and not flushed.
func (l *Log) Dirty() bool { return l.dirty }

// Size returns how many bytes the records of the segment take.
func (l *Log) Size() int64 { return l.size.Load() }

// Append writes records, each of at most MaxRecord bytes, and gives them
// sequences from Next on. Where durable is set they are on the disk when it
// returns, with all that was appended before; else once the process has ended,
// however it did, but not necessarily once the machine has. An error is that of a
// write of which nothing is left; ErrDoubtful is for good.
func (l *Log) Append(records [][]byte, durable bool) error {
	if l.doubted {
		return ErrDoubtful
	}
	if len(records) > 0 {
		if err := l.writeRecords(records); err != nil {
			return err
		}
	}
	if !durable || !l.dirty {
		return nil
	}
	if err := l.flush(l.file); err != nil {
		l.doubted = true
		return fmt.Errorf("%w: %w", ErrDoubtful, err)
	}
	l.dirty, l.flushed = false, l.next-1
	l.noteEnd()
	return nil
}

func (l *Log) writeRecords(records [][]byte) error {
	if l.file == nil {
		if err := l.beginSegment(l.head, l.number); err != nil {
			return err
		}
	}
	l.buf = l.buf[:0]
	next := l.next
	for _, r := range records {
		if len(r) > MaxRecord {
			return fmt.Errorf("wal: a record has %d bytes, at most %d are allowed", len(r), MaxRecord)
		}
		l.buf = appendRecord(l.buf, l.salt, next, next-1-l.flushed, r)
		next++
	}
	end, err := l.writeBuffer()
	if err != nil {
		return err
	}
	l.at, l.next, l.dirty = end, next, true
	l.size.Store(end - page)
	if cap(l.buf) > maxKept {
		l.buf, l.aligned = nil, nil
	}
	return nil
}

// maxKept is how large a buffer is kept.
const maxKept = 1 << 20

// writeBuffer writes buf at the end, and returns where that is then.
func (l *Log) writeBuffer() (end int64, err error) {
	at, out := l.at, l.buf
	if l.block == 0 {
		at = withinPage(l.at, int64(len(l.buf)))
	}
	end = at + int64(len(l.buf))
	if l.block > 0 {
		at, out = l.at-int64(len(l.tail)), l.alignedBlocks()
	}
	if err := l.growFile(at + int64(len(out))); err != nil {
		return 0, err
	}
	if _, err := l.file.WriteAt(out, at); err != nil {
		return 0, l.undoWrite(err)
	}
	if l.block > 0 {
		l.tail = append(l.tail[:0], out[(end-at)/l.block*l.block:end-at]...)
	}
	return end, nil
}

// alignedBlocks is tail and buf as whole blocks, where the disk can take them from.
func (l *Log) alignedBlocks() []byte {
	size := (int64(len(l.tail)+len(l.buf)) + l.block - 1) / l.block * l.block
	if int64(len(l.aligned)) < size {
		room := make([]byte, size+size/2+2*page)
		off := -uintptr(unsafe.Pointer(unsafe.SliceData(room))) % page //nolint:gosec // its place alone is asked for
		l.aligned = room[off : int64(off)+size+size/2]
	}
	out := l.aligned[:size]
	n := copy(out, l.tail)
	n += copy(out[n:], l.buf)
	clear(out[n:])
	return out
}

// withinPage returns where so many bytes go. What fits into a page is not written over two
// of them, since each page that is touched is written whole.
func withinPage(at, size int64) int64 {
	if left := page - at%page; size <= page && left < size {
		return at + left
	}
	return at
}

// growFile makes the file long enough beforehand, so that a flush has nothing to
// tell about it.
func (l *Log) growFile(end int64) error {
	if end <= l.room {
		return nil
	}
	room := (end + step - 1) / step * step
	if err := preallocate(l.file, l.room, room-l.room); err != nil {
		if room = end; preallocate(l.file, l.room, end-l.room) != nil {
			return fmt.Errorf("wal: %w", err)
		}
	}
	l.room = room
	if info, err := l.file.Stat(); err == nil {
		l.long = info.Size()
	}
	return nil
}

// undoWrite sees to it that nothing of a write that failed is ever found: another
// one may stand in front of it by then.
func (l *Log) undoWrite(cause error) error {
	l.room, l.long = l.at, l.at
	if err := l.file.Truncate(l.at); err != nil {
		l.doubted = true
		return fmt.Errorf("%w: %w", ErrDoubtful, errors.Join(cause, err))
	}
	return fmt.Errorf("wal: %w", cause)
}

// Rotate goes on in a new segment; what was appended before is durable then. First
// is set to what comes next. Where the segment was made ahead it takes one flush.
func (l *Log) Rotate(h Head) error {
	if l.doubted {
		return ErrDoubtful
	}
	h.First = l.next
	if l.file == nil {
		return l.beginSegment(h, l.number)
	}
	b, err := l.nextSegment(h)
	if err != nil {
		return fmt.Errorf("begin a log: %w", err)
	}
	if err = b.setHead(h); err == nil {
		err = l.endSegment(b.salt)
	}
	if err != nil {
		l.ahead = make(chan preparedSegment, 1)
		l.ahead <- b // for the next time
		return err
	}
	was := l.file
	l.old = append(slices.Clip(l.old), oldSegment{l.Path(), l.is, max(l.at, l.long)})
	l.switchTo(b)
	return was.Close()
}

// endSegment ends a segment with what says that another one goes on from it, and
// which.
func (l *Log) endSegment(salt uint32) error {
	l.buf = appendRecord(l.buf[:0], l.salt, goesOn, 0, binary.LittleEndian.AppendUint32(nil, salt))
	end, err := l.writeBuffer()
	if err != nil {
		return err
	}
	l.at, l.dirty = end, true
	return l.Append(nil, true)
}

// Old returns the segments before the one that is written; Drop takes those that are
// not needed any more.
func (l *Log) Old() (paths []string) {
	for _, s := range l.old {
		paths = append(paths, s.path)
	}
	return paths
}

// Drop removes segments that Old told of, but for those that are to be kept. One of them is
// left to be written over.
func (l *Log) Drop(paths []string) error {
	l.old = slices.DeleteFunc(l.old, func(s oldSegment) bool { return slices.Contains(paths, s.path) })
	return l.kept.Take(paths)
}

// Discard removes segments, and keeps the last as the spare one; not one that an
// earlier version wrote, which knew no better than to write ids in plain.
func Discard(prefix string, paths []string) error {
	var errs []error
	for i, p := range paths {
		if _, own := numberOf(prefix, logSuffix, p); own && i == len(paths)-1 {
			errs = append(errs, os.Rename(p, prefix+spareSuffix))
			continue
		}
		errs = append(errs, os.Remove(p))
	}
	return errors.Join(errs...)
}

// Close flushes and closes the segment. Where nothing of the log is needed any
// more, remove takes its files away.
func (l *Log) Close(remove bool) error {
	err := errors.Join(l.Append(nil, true), l.dropAhead())
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
	}
	if err != nil || !remove {
		if l.end != nil {
			err = errors.Join(err, l.end.Close())
			l.end = nil
		}
		return err
	}
	return l.removeAll()
}

// Clear removes all files of the log, of which nothing is needed any more; it goes
// on in a new segment once there is something to write.
func (l *Log) Clear(h Head) error {
	if l.doubted || l.file == nil {
		return nil
	}
	err := errors.Join(l.file.Close(), l.dropAhead(), l.removeAll())
	h.First = l.next
	l.file, l.old, l.head, l.dirty = nil, nil, h, false
	l.number++
	l.size.Store(0)
	return err
}

func (l *Log) removeAll() (err error) {
	if l.kept.Most > 0 && l.salt != 0 {
		err = l.kept.Take(append(l.Old(), l.Path()))
	}
	for _, p := range append(l.Old(), l.Path(), l.prefix+spareSuffix, l.prefix+begunSuffix) {
		err = errors.Join(err, removeIfThere(p))
	}
	return errors.Join(err, l.dropEnd())
}

// goesOn is the sequence of what ends a segment that another one goes on from.
const goesOn = ^uint64(0)

// The upper bits of a length tell how many records before this one were not flushed,
// up to mostLoose, which stands for any number.
const (
	lengthBits = 27
	mostLoose  = 1<<(32-lengthBits) - 1
)

// appendRecord: mark, length, sequence, sum, payload. loose is how many records
// before it are not on the disk for sure.
func appendRecord(b []byte, salt uint32, seq, loose uint64, payload []byte) []byte {
	b = append(b, mark[:]...)
	from := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload))|uint32(min(loose, mostLoose))<<lengthBits) //nolint:gosec // at most MaxRecord
	b = binary.LittleEndian.AppendUint64(b, seq)
	sum := crc32.Update(crc32.Update(salt, castagnoli, b[from:]), castagnoli, payload)
	b = binary.LittleEndian.AppendUint32(b, sum)
	return append(b, payload...)
}
