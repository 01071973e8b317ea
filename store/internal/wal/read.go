package wal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"time"

	"keypull/pull/private"
)

// Found are the segments that a former process left.
type Found struct {
	Prefix   string
	Segments []Segment // in their order
}

// Segment is one file of a log.
type Segment struct {
	Path string
	Head Head
	// Number is that of its name; Former: an earlier version wrote it.
	Number uint64
	Former bool
	// Err: the head can't be read, so that nothing in the file can.
	Err error

	salt uint32
}

// Span are sequences, both included.
type Span struct{ First, Last uint64 }

// Report is what reading a log came to.
type Report struct {
	// Last is the last sequence that was read; 0 if there was none.
	Last uint64
	// Lost are records that are damaged, and stand before others that were read.
	Lost []Span
	// Torn: behind Last begins a record that is not whole, or is missing: it was
	// being written.
	Torn bool
	// Records is how many there were to read.
	Records int
}

// Look finds the log of a file, what earlier versions wrote of it first.
func Look(prefix string) (*Found, error) {
	f := &Found{Prefix: prefix}
	for _, suffix := range []string{formerSuffix, logSuffix} {
		paths, err := segmentPaths(prefix, suffix)
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			s := Segment{Path: p, Former: suffix == formerSuffix}
			s.Number, _ = numberOf(prefix, suffix, p)
			if s.Head, s.salt, s.Err = readHead(p); s.Err != nil && !errors.Is(s.Err, errNoHead) {
				return nil, s.Err
			}
			f.Segments = append(f.Segments, s)
		}
	}
	return f, nil
}

// Missing returns the first of the segments from a place on, each of which goes on from
// the one before, that is not there as it was; "" where none is missing. Cut: there is
// one, and it ends before what was flushed for sure.
func (f *Found) Missing(from SegmentID) (path string, cut bool, err error) {
	end, told := endOf(f.Prefix)
	for at := from; ; {
		i := slices.IndexFunc(f.Segments, func(s Segment) bool { return !s.Former && s.Number == at.Number })
		if i < 0 || f.Segments[i].Err != nil || at.Salt != 0 && at.Salt != f.Segments[i].salt {
			return segmentPath(f.Prefix, at.Number), false, nil //nolint:nilerr // that is what it tells
		}
		s := &f.Segments[i]
		r := reading{}
		if err := r.segment(s); err != nil {
			return "", false, err
		}
		if r.goesOn {
			at = SegmentID{at.Number + 1, r.next}
			continue
		}
		// One behind it that holds nothing was begun, and nothing more.
		last := max(r.report.Last, s.Head.First-1)
		next, err := first(f.Segments[i+1:])
		if next > last+1 || told && end.salt == s.salt && end.seq > last {
			return s.Path, true, err
		}
		return "", false, err
	}
}

// first returns the first sequence in some segments, or 0.
func first(segments []Segment) (seq uint64, err error) {
	for i := range segments {
		r := reading{each: func(at uint64, _ []byte) error { seq = at; return errFirst }}
		if err := r.segment(&segments[i]); err != nil && !errors.Is(err, errFirst) {
			return 0, err
		} else if seq != 0 {
			break
		}
	}
	return seq, nil
}

var errFirst = errors.New("wal: that was the first")

// Unread says that a segment can't be read at all.
func (f *Found) Unread() bool {
	return slices.ContainsFunc(f.Segments, func(s Segment) bool { return s.Err != nil })
}

// Without takes some segments out and returns their paths.
func (f *Found) Without(which func(Segment) bool) (paths []string) {
	f.Segments = slices.DeleteFunc(f.Segments, func(s Segment) bool {
		if !which(s) {
			return false
		}
		paths = append(paths, s.Path)
		return true
	})
	return paths
}

// Paths returns those of all segments.
func (f *Found) Paths() (paths []string) {
	for _, s := range f.Segments {
		paths = append(paths, s.Path)
	}
	return paths
}

// Read calls each for every record behind a sequence, in order. An error of each
// ends it. What each gets is its own only until it returns.
func (f *Found) Read(after uint64, each func(seq uint64, record []byte) error) (Report, error) {
	r := reading{after: after, each: each}
	r.report.Last = after
	for i := range f.Segments {
		if err := r.segment(&f.Segments[i]); err != nil {
			return r.report, err
		}
	}
	// What is missing and was not flushed for sure was being written.
	r.report.Lost = slices.DeleteFunc(r.report.Lost, func(s Span) bool {
		loose := s.First > r.flushed
		r.report.Torn = r.report.Torn || loose
		return loose
	})
	return r.report, nil
}

// reading is how far the look through a log has come.
type reading struct {
	after  uint64
	each   func(seq uint64, record []byte) error
	report Report
	// flushed is the last sequence that was flushed for sure; goesOn: the segment
	// says that another goes on from it, and which; 0 if it is an earlier version's.
	flushed uint64
	goesOn  bool
	next    uint32
}

func (r *reading) segment(s *Segment) error {
	if s.Err != nil {
		return nil //nolint:nilerr // what it held is missing by its sequences
	}
	b, err := os.ReadFile(s.Path)
	if err != nil {
		return fmt.Errorf("read a log: %w", err)
	}
	r.report.Torn, r.goesOn = false, false
	expected := s.Head.First
	for at := min(page, len(b)); ; {
		next, seq, record, ok := find(b, at, s.salt, expected)
		switch {
		case ok && seq == goesOn:
			r.goesOn = true
			if len(record) == 4 {
				r.next = binary.LittleEndian.Uint32(record)
			}
			return nil
		case !ok:
			r.report.Torn = begins(b, at)
			return nil
		}
		if loose := uint64(binary.LittleEndian.Uint32(b[next-len(record)-recordHead+len(mark):]) >> lengthBits); loose < mostLoose {
			r.flushed = max(r.flushed, seq-1-min(loose, seq-1))
		}
		at, expected = next, seq+1
		if seq <= r.after {
			continue
		}
		if seq > r.report.Last+1 {
			r.report.Lost = append(r.report.Lost, Span{r.report.Last + 1, seq - 1})
		}
		r.report.Last = seq
		r.report.Records++
		if r.each == nil {
			continue
		}
		if err := r.each(seq, record); err != nil {
			return err
		}
	}
}

// find returns the next sound record from at on, whose sequence is the expected one or
// a later one. What is no record is passed over: the rest of a page, or one that
// was damaged.
func find(b []byte, at int, salt uint32, expected uint64) (next int, seq uint64, record []byte, ok bool) {
	for {
		i := bytes.Index(b[at:], mark[:])
		if i < 0 {
			return 0, 0, nil, false
		}
		at += i
		if seq, record, ok := sound(b[at:], salt); ok && seq >= expected {
			return at + recordHead + len(record), seq, record, true
		}
		at++
	}
}

// sound returns the record at the beginning of b.
func sound(b []byte, salt uint32) (seq uint64, record []byte, ok bool) {
	if len(b) < recordHead {
		return 0, nil, false
	}
	head := b[len(mark) : len(mark)+12]
	length := uint64(binary.LittleEndian.Uint32(head) & (1<<lengthBits - 1))
	if length > MaxRecord || uint64(len(b)-recordHead) < length { //nolint:gosec // not negative
		return 0, nil, false
	}
	record = b[recordHead : recordHead+length : recordHead+length]
	sum := crc32.Update(crc32.Update(salt, castagnoli, head), castagnoli, record)
	return binary.LittleEndian.Uint64(head[4:]), record, sum == binary.LittleEndian.Uint32(b[recordHead-4:])
}

// begins says that a record begins where none could be read. What a file held
// before it was used again looks the same: who tells of it says "may".
func begins(b []byte, at int) bool {
	return len(b)-at >= len(mark) && bytes.Equal(b[at:at+len(mark)], mark[:])
}

// BeforeSuffix ends the name of a file that was set aside at a moment.
func BeforeSuffix(at time.Time) string { return ".before-" + at.UTC().Format("20060102T150405Z") }

// Aside renames the segments, so that no log stands there any more, and returns
// their new names.
func (f *Found) Aside(at time.Time) (paths []string, err error) {
	for _, s := range f.Segments {
		to := s.Path + BeforeSuffix(at)
		if err := os.Rename(s.Path, to); err != nil {
			return paths, fmt.Errorf("set a log aside: %w", err)
		}
		paths = append(paths, to)
	}
	f.Segments = nil
	// None of them may come back once the file says that it goes on without them.
	return paths, private.SyncOf(f.Prefix)
}
