package wal

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"keypull/pull/private"
)

// Started says that there is a segment; Start makes it.
func (l *Log) Started() bool { return l.file != nil }

// Start makes the segment that is to be written. It holds nothing yet.
func (l *Log) Start() error {
	if l.file != nil {
		return nil
	}
	return l.beginSegment(l.head, l.number)
}

// Segment names the segment that is written.
func (l *Log) Segment() SegmentID { return SegmentID{l.number, l.salt} }

// SegmentID names a segment. No other one has its salt; 0 where only the number is known.
type SegmentID struct {
	Number uint64
	Salt   uint32
}

// beginSegment makes the segment of a number, and goes on in it.
func (l *Log) beginSegment(h Head, number uint64) error {
	b, err := l.makeSegment(h, number)
	if err != nil {
		return fmt.Errorf("begin a log: %w", err)
	}
	l.switchTo(b)
	l.openEnd()
	return nil
}

// Ahead makes the next segment beside what is written, unless it is there or on its
// way.
func (l *Log) Ahead() {
	if l.ahead != nil || l.file == nil || l.doubted {
		return
	}
	ahead, h, number := make(chan preparedSegment, 1), l.head, l.number+1
	h.First = l.next
	l.ahead = ahead
	go func() {
		b, _ := l.makeSegment(h, number) // one that failed has no file, and is tried again
		ahead <- b
	}()
}

// nextSegment returns the segment that comes next.
func (l *Log) nextSegment(h Head) (preparedSegment, error) {
	if l.ahead != nil {
		b := <-l.ahead
		if l.ahead = nil; b.file != nil {
			return b, nil
		}
	}
	return l.makeSegment(h, l.number+1)
}

// dropAhead removes a segment that was made ahead.
func (l *Log) dropAhead() error {
	if l.ahead == nil {
		return nil
	}
	b := <-l.ahead
	if l.ahead = nil; b.file == nil {
		return nil
	}
	return errors.Join(b.file.Close(), removeIfThere(segmentPath(l.prefix, b.number)))
}

// preparedSegment is a segment that was made and is not written yet.
type preparedSegment struct {
	file   *os.File
	is     os.FileInfo
	head   Head
	number uint64
	salt   uint32
	block  int64
	page   []byte // to be written with the first record
}

// setHead sets the head of a segment that was made ahead, which knew from where it goes
// on at the latest. It is written with the first record; until that the earlier one
// stands there, and stays beside it.
func (b *preparedSegment) setHead(h Head) error {
	page := encodeHead(b.head, b.salt)
	copy(page[headCopy:], encodeHead(h, b.salt)[headCopy:])
	b.head, b.page = h, page
	if b.block > 0 {
		return nil
	}
	_, err := b.file.WriteAt(page, 0)
	return err //nolint:wrapcheck // it names the file
}

// switchTo goes on in a segment that was made.
func (l *Log) switchTo(b preparedSegment) {
	l.file, l.is, l.head, l.salt, l.number, l.block = b.file, b.is, b.head, b.salt, b.number, b.block
	l.at, l.room, l.long, l.tail = page, b.is.Size(), b.is.Size(), l.tail[:0]
	if b.block > 0 {
		l.tail = append(l.tail, b.page...)
	}
	l.size.Store(0)
}

// makeSegment makes a segment, out of the spare one where there is one. Only when it is
// whole does it get its name. Others may leave another spare one meanwhile.
func (l *Log) makeSegment(h Head, number uint64) (b preparedSegment, err error) {
	part := l.prefix + begunSuffix
	_ = os.Rename(l.prefix+spareSuffix, part) // where there is one
	f, err := private.OpenFile(part, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return b, err //nolint:wrapcheck // the caller says of what
	}
	salt, path := newSalt(), segmentPath(l.prefix, number)
	_, err = f.WriteAt(encodeHead(h, salt), 0)
	if info, e := f.Stat(); err == nil && e == nil && info.Size() < step {
		_ = preallocate(f, 0, step) // else as it is written
	}
	if err == nil {
		err = l.flush(f)
	}
	// Closed for the while: a file that is open has no other name on Windows.
	if err = errors.Join(err, f.Close()); err == nil {
		err = errors.Join(os.Rename(part, path), private.SyncOf(path))
	}
	b = preparedSegment{head: h, number: number, salt: salt}
	if err == nil {
		b.file, b.block, err = openSegment(path)
	}
	if err != nil {
		return b, err
	}
	if b.is, err = b.file.Stat(); err != nil {
		err = errors.Join(err, b.file.Close())
	}
	return b, err
}

// There says which file of the log is not there any more, is another one, or is
// shorter than what was written into it; "" where none is. One that was only begun
// counts as well.
func (l *Log) There() (missing string) {
	if l.file == nil {
		return ""
	}
	for _, s := range append(slices.Clip(l.old), oldSegment{l.Path(), l.is, max(l.at, l.long)}) {
		if info, err := os.Stat(s.path); err != nil || !os.SameFile(info, s.is) || info.Size() < s.end {
			return s.path
		}
	}
	return ""
}
