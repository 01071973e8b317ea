package wal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// keptSuffix begins the names of segments that are kept for who follows, behind it is the
// sequence of their first record.
const keptSuffix = ".kept."

// Kept are the segments of which the store needs nothing any more, kept for who follows the
// log: at most so many bytes, the newest. The zero value keeps none.
type Kept struct {
	Prefix string
	Most   int64

	cursor cursor
}

// cursor is where in a segment the records end that were read last, so that who reads on does
// not read all before them again.
type cursor struct {
	salt uint32
	last uint64 // the sequence of the last of them
	at   int64
}

// Take keeps segments that are not needed any more, where any are kept, and discards them
// elsewhere.
func (k *Kept) Take(paths []string) error {
	if k.Most <= 0 {
		return Discard(k.Prefix, paths)
	}
	var errs []error
	for _, p := range paths {
		h, _, err := readHead(p)
		if err != nil {
			errs = append(errs, Discard(k.Prefix, []string{p}))
			continue
		}
		errs = append(errs, os.Rename(p, segmentPathOf(k.Prefix, keptSuffix, h.First)))
	}
	return errors.Join(append(errs, k.bound())...)
}

// bound removes the oldest beyond what is kept.
func (k *Kept) bound() error {
	paths, err := segmentPaths(k.Prefix, keptSuffix)
	left := k.Most
	for _, p := range slices.Backward(paths) {
		info, looked := os.Stat(p)
		if looked == nil {
			left -= info.Size()
		}
		if left < 0 {
			err = errors.Join(err, removeIfThere(p))
		}
	}
	return err
}

// Drop removes the segments that hold nothing from a sequence on.
func (k *Kept) Drop(before uint64) error {
	paths, err := segmentPaths(k.Prefix, keptSuffix)
	for i := range max(len(paths)-1, 0) { // the next one says where this one ends
		if next, ok := numberOf(k.Prefix, keptSuffix, paths[i+1]); ok && next <= before {
			err = errors.Join(err, removeIfThere(paths[i]))
		}
	}
	return err
}

// Continue drops what is kept unless it ends with a sequence, in the log of an identity: it is of
// another life of the store.
func (k *Kept) Continue(identity [16]byte, last uint64) error {
	paths, err := segmentPaths(k.Prefix, keptSuffix)
	if err != nil || len(paths) == 0 {
		return err
	}
	r := reading{}
	if s, err := segmentAt(paths[len(paths)-1]); err == nil && k.Most > 0 && s.Head.Identity == identity {
		if err := r.segment(&s); err == nil && max(r.report.Last, s.Head.First-1) == last {
			return nil
		}
	}
	for _, p := range paths {
		err = errors.Join(err, removeIfThere(p))
	}
	return err
}

// ErrGone says that records are not there any more, or never were.
var ErrGone = errors.New("wal: the records are not there")

// Run is records in a row, of one segment.
type Run struct {
	// Salt is that of the segment, First the sequence of the first record.
	Salt    uint32
	First   uint64
	Records [][]byte
}

// Last returns the sequence of the last record.
func (r *Run) Last() uint64 { return r.First + uint64(len(r.Records)) - 1 }

// ReadAfter returns the records behind a sequence and up to another, of one segment and of about
// so many bytes, out of what is kept and what is written. ErrGone where the next is missing. It is
// for one caller at a time.
func (k *Kept) ReadAfter(after, upTo uint64, most int) (run Run, err error) {
	for range 3 { // a segment may get another name meanwhile
		if run, err = k.readAfter(after, upTo, most); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return run, err
}

func (k *Kept) readAfter(after, upTo uint64, most int) (run Run, err error) {
	s, err := k.segmentOf(after + 1)
	if err != nil {
		return run, err
	}
	if k.cursor.salt == s.salt && k.cursor.last == after {
		if run, err = k.readFrom(&s, k.cursor.at, int64(most)+readAhead, after, upTo, most); err != nil || len(run.Records) > 0 {
			return run, err
		}
	}
	if run, err = k.readFrom(&s, page, math.MaxInt64, after, upTo, most); err == nil && len(run.Records) == 0 {
		err = ErrGone
	}
	return run, err
}

// readAhead is what is read beyond what is asked for: most records, with what lies between them,
// end in it.
const readAhead = 256 << 10

// readFrom reads a run from a place of a segment on, of so many bytes of its file.
func (k *Kept) readFrom(s *Segment, at, length int64, after, upTo uint64, most int) (run Run, err error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return run, fmt.Errorf("read a log: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return run, fmt.Errorf("read a log: %w", err)
	}
	b := make([]byte, max(min(length, info.Size()-at), 0))
	if n, err := f.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return run, fmt.Errorf("read a log: %w", err)
	} else if b = b[:n]; n == 0 {
		return run, nil
	}
	run = Run{Salt: s.salt, First: after + 1}
	for end, expected := 0, s.Head.First; most > 0; {
		next, seq, record, ok := find(b, end, s.salt, expected)
		if !ok || seq > upTo || seq > run.Last()+1 {
			break
		}
		if end, expected = next, seq+1; seq > after {
			run.Records, most = append(run.Records, record), most-len(record)
			k.cursor = cursor{s.salt, seq, at + int64(end)}
		}
	}
	return run, nil
}

// SaltOf returns the salt of the segment that holds a sequence, ErrGone where none does.
func (k *Kept) SaltOf(seq uint64) (uint32, error) {
	run, err := k.ReadAfter(seq-1, seq, 1)
	return run.Salt, err
}

// segmentOf returns the segment that holds a sequence, where any does.
func (k *Kept) segmentOf(seq uint64) (found Segment, err error) {
	err = ErrGone
	for _, suffix := range []string{keptSuffix, logSuffix} {
		paths, looked := segmentPaths(k.Prefix, suffix)
		if looked != nil {
			return found, looked
		}
		for _, p := range paths {
			s, unread := segmentAt(p)
			if errors.Is(unread, fs.ErrNotExist) {
				return found, unread
			}
			// Of two that begin with the same record the former holds none.
			if unread == nil && s.Head.First <= seq && (err != nil || s.Head.First >= found.Head.First) {
				found, err = s, nil
			}
		}
	}
	return found, err
}

func segmentAt(path string) (Segment, error) {
	h, salt, err := readHead(path)
	return Segment{Path: path, Head: h, salt: salt}, err
}

func segmentPathOf(prefix, suffix string, number uint64) string {
	return filepath.Clean(fmt.Sprintf("%s%s%d", prefix, suffix, number))
}
