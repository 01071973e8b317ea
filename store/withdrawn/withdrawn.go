// Package withdrawn keeps what publishers have withdrawn and corrected in a small
// file beside the store, which no backup of the store holds: an older copy of the
// store that is put in its place does not bring back what was withdrawn since.
//
// The file is lines, one for each change, synced before the change counts. What a
// rule is about, and which of two accounts of it is right, is decided in package
// withdrawal. Nothing of readers stands in it.
package withdrawn

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"maps"
	"math"
	"os"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/private"
	"keypull/pull/withdrawal"
)

const (
	// sumChars are the sum in front of every line.
	sumChars = 8
	// room is how much the file grows before it is written anew.
	room = 4 << 20
)

// File is the open file. It is safe for concurrent use, of one process at a time:
// of the one that holds the store.
type File struct {
	name   string
	clock  func() time.Time
	logger *slog.Logger

	mu   sync.Mutex
	file *os.File
	// size is where the next line goes, fresh how much of the file counted when
	// that was last looked for.
	size, fresh int64
	// renewed counts how often the file was written anew.
	renewed int
}

var _ pull.Withdrawn = (*File)(nil)

// line is one change.
type line struct {
	Publisher string          `json:"publisher"`
	Rule      withdrawal.Rule `json:"rule"`
}

// NameOf returns the file that belongs to a store.
func NameOf(store string) string { return store + ".withdrawn" }

// Open opens the file at a path, or makes it with mode 0600. A
// line that was being written when the power went is left out: nobody was told of
// it. Other lines that are damaged are left out too, and the logger is told.
func Open(path string, clock func() time.Time, logger *slog.Logger) (*File, error) {
	f := &File{name: path, clock: clock, logger: logger}
	_, missing := os.Stat(path)
	var err error
	if f.file, err = private.OpenFile(path, os.O_RDWR|os.O_CREATE); err != nil {
		return nil, fmt.Errorf("open what is withdrawn: %w", err)
	}
	if missing != nil {
		err = private.SyncOf(path)
	}
	if err == nil {
		err = f.survey()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open what is withdrawn: %w", err), f.file.Close())
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.file.Close(); err != nil {
		return fmt.Errorf("close what is withdrawn: %w", err)
	}
	return nil
}

// Rules implements pull.Withdrawn.
func (f *File) Rules(publisher string) ([]withdrawal.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read(func(name string) bool { return name == publisher })
	return all[publisher], err
}

// Keep implements pull.Withdrawn.
func (f *File) Keep(publisher string, rules []withdrawal.Rule) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var text []byte
	for _, r := range rules {
		one, err := written(publisher, r)
		if err != nil {
			return err
		}
		text = append(text, one...)
	}
	if err := f.append(text); err != nil {
		return fmt.Errorf("write what is withdrawn: %w", err)
	}
	if f.size-f.fresh < room+f.fresh {
		return nil
	}
	// What counts is written; that it takes too much room is no reason to refuse it.
	if err := f.renew(""); err != nil {
		f.logger.Warn("what is withdrawn could not be written anew", "file", f.name, "error", err)
	}
	return nil
}

// Drop removes what a publisher that leaves has withdrawn.
func (f *File) Drop(publisher string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if all, err := f.read(func(name string) bool { return name == publisher }); err != nil || len(all) == 0 {
		return err
	}
	return f.renew(publisher)
}

// WriteTo implements io.WriterTo: it copies the file as it is at this moment.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := io.Copy(w, io.NewSectionReader(f.file, 0, f.size))
	if err != nil {
		return n, fmt.Errorf("copy what is withdrawn: %w", err)
	}
	return n, nil
}

// Place is a place in the file, behind what was read of it. The zero Place is its beginning.
type Place struct {
	renewed int
	at      int64
}

// ReadFrom returns what stands behind a place, and the place behind that; whole: it is all there is,
// since the file was written anew. No bytes: nothing was added.
func (f *File) ReadFrom(p Place) (text []byte, whole bool, next Place, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if whole = p.at == 0 || p.renewed != f.renewed; whole {
		p.at = 0
	}
	text = make([]byte, f.size-p.at)
	if _, err := f.file.ReadAt(text, p.at); err != nil && len(text) > 0 {
		return nil, whole, p, fmt.Errorf("read what is withdrawn: %w", err)
	}
	return text, whole, Place{f.renewed, f.size}, nil
}

// survey finds where the next line goes, and how much there is.
func (f *File) survey() error {
	end, damaged := int64(0), 0
	err := f.lines(func(text []byte, l *line) {
		end += int64(len(text))
		if l == nil {
			damaged++
		}
	})
	if err != nil {
		return err
	}
	if damaged > 0 {
		f.logger.Warn("a part of what is withdrawn is damaged, and left out", "file", f.name, "lines", damaged)
	}
	f.size, f.fresh = end, end
	if err := f.file.Truncate(end); err != nil {
		return fmt.Errorf("drop a torn line: %w", err)
	}
	return nil
}

// lines calls each with every line that ends, and what it says; nil if it is
// damaged.
func (f *File) lines(each func(text []byte, l *line)) error {
	r := bufio.NewReader(io.NewSectionReader(f.file, 0, math.MaxInt64))
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read what is withdrawn: %w", err)
		}
		each(text, parse(text[:len(text)-1]))
	}
}

// append writes behind what is there, and syncs.
func (f *File) append(text []byte) error {
	_, err := f.file.WriteAt(text, f.size)
	if err == nil {
		err = f.file.Sync()
	}
	if err != nil {
		// What stands there of it counts for nothing.
		return errors.Join(err, f.file.Truncate(f.size))
	}
	f.size += int64(len(text))
	return nil
}

// written returns one rule of a publisher as a line.
func written(publisher string, r withdrawal.Rule) ([]byte, error) {
	b, err := json.Marshal(line{publisher, r})
	if err != nil {
		return nil, fmt.Errorf("encode what is withdrawn: %w", err)
	}
	return append(append(append(sum(b), ' '), b...), '\n'), nil
}

func sum(b []byte) []byte {
	return hex.AppendEncode(nil, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)))
}

// read returns what the file says of the publishers that are wanted.
func (f *File) read(wanted func(publisher string) bool) (map[string][]withdrawal.Rule, error) {
	all := map[string][]withdrawal.Rule{}
	err := f.lines(func(_ []byte, l *line) {
		if l != nil && wanted(l.Publisher) {
			all[l.Publisher] = append(all[l.Publisher], l.Rule)
		}
	})
	for publisher, rules := range all {
		all[publisher] = withdrawal.Bound(withdrawal.Join(nil, rules), pull.MaxWithdrawn, f.clock())
	}
	return all, err
}

// parse reads one line; nil if it is damaged.
func parse(text []byte) *line {
	var l line
	if len(text) <= sumChars || !bytes.Equal(sum(text[sumChars+1:]), text[:sumChars]) || json.Unmarshal(text[sumChars+1:], &l) != nil {
		return nil
	}
	return &l
}

// renew writes the file anew, without what counts no more, and without a publisher where one
// is named. Until the new one has its name, the former is whole.
func (f *File) renew(without string) error {
	all, err := f.read(func(name string) bool { return name != without })
	if err != nil {
		return err
	}
	part, err := private.WriteBeside(f.name, func(w io.Writer) error { return write(w, all) })
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	// No file is open while its name goes to another, for systems that forbid it.
	f.renewed++
	if err = f.file.Close(); err == nil {
		err = os.Rename(part, f.name)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	var opened error
	if f.file, opened = private.OpenFile(f.name, os.O_RDWR); opened == nil {
		opened = f.survey()
	}
	return errors.Join(err, private.SyncOf(f.name), opened)
}

// write writes all rules.
func write(to io.Writer, all map[string][]withdrawal.Rule) error {
	w := bufio.NewWriter(to)
	for _, publisher := range slices.Sorted(maps.Keys(all)) {
		for _, r := range all[publisher] {
			text, err := written(publisher, r)
			if err != nil {
				return err
			}
			_, _ = w.Write(text) // Flush tells
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write what is withdrawn: %w", err)
	}
	return nil
}
