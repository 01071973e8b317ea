package wal

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"keypull/pull/private"
	"keypull/store/internal/folder"
)

// Started says that there is a segment; Start makes it.
func (l *Log) Started() bool { return l.file != nil }

// Start makes the segment that is to be written. It holds nothing yet.
func (l *Log) Start() error {
	if l.file != nil {
		return nil
	}
	return l.begin(l.head, l.number)
}

// Number is that of the segment that is written, or will be.
func (l *Log) Number() uint64 { return l.number }

// begin makes the segment of a number, and goes on in it.
func (l *Log) begin(h Head, number uint64) error {
	b, err := l.make(h, number)
	if err != nil {
		return fmt.Errorf("begin a log: %w", err)
	}
	l.goOn(b)
	return nil
}

// begun is a segment that was made.
type begun struct {
	file   *os.File
	is     os.FileInfo
	head   Head
	number uint64
	salt   uint32
	block  int64
}

// goOn goes on in a segment that was made.
func (l *Log) goOn(b begun) {
	l.file, l.is, l.head, l.salt, l.number, l.block = b.file, b.is, b.head, b.salt, b.number, b.block
	l.at, l.room, l.long, l.tail = page, b.is.Size(), b.is.Size(), l.tail[:0]
	l.size.Store(0)
}

// make makes a segment, out of the spare one where there is one. Only when it is
// whole does it get its name.
func (l *Log) make(h Head, number uint64) (b begun, err error) {
	spare := l.prefix + spareSuffix
	f, err := private.OpenFile(spare, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return b, err //nolint:wrapcheck // the caller says of what
	}
	salt, path := newSalt(), name(l.prefix, number)
	_, err = f.WriteAt(encodeHead(h, salt), 0)
	if err == nil {
		err = l.flush(f)
	}
	// Closed for the while: a file that is open has no other name on Windows.
	if err = errors.Join(err, f.Close()); err == nil {
		err = errors.Join(os.Rename(spare, path), folder.SyncOf(path))
	}
	b = begun{head: h, number: number, salt: salt}
	if err == nil {
		b.file, b.block, err = open(path)
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
	for _, s := range append(slices.Clip(l.old), former{l.Path(), l.is, max(l.at, l.long)}) {
		if info, err := os.Stat(s.path); err != nil || !os.SameFile(info, s.is) || info.Size() < s.end {
			return s.path
		}
	}
	return ""
}
