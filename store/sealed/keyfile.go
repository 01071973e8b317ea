package sealed

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"

	"keypull/pull/private"
	"keypull/pull/words"
)

// A key file is lines of 64 hexadecimal digits: the master key, and behind it those that
// it took the place of, the first that there ever was last.
const (
	masterBytes  = 32
	lineDigits   = 2 * masterBytes
	maxMasters   = 64
	keyFileBytes = maxMasters * (lineDigits + 1)
)

// masterKey reads the key file, after making it if there is none and none is
// missed.
func masterKey(o Options) ([]byte, error) {
	key, err := readKeyFile(o.Path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	// Slots are empty until their key file is there.
	if info, err := os.Stat(slotsOf(o.Path)); !o.Fresh || err == nil && info.Size() > 0 {
		if key, err := readKeyFile(o.Path); !errors.Is(err, fs.ErrNotExist) {
			return key, err // another process has made both meanwhile
		}
		return nil, newLostError(slotsOf(o.Path), words.Text{Key: "keys.no_file", Args: words.Args{"file": o.Path}})
	}
	if err := placeSlots(slotsOf(o.Path)); err != nil {
		return nil, fmt.Errorf("make the key slots: %w", err)
	}
	if err := makeKeyFile(o.Path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the key file %s: %w", o.Path, err)
	}
	return readKeyFile(o.Path) // another process may have been first
}

// ReadKey returns what a key file holds, as it stands on a recovery sheet: the master key, and
// those of before behind it.
func ReadKey(path string) ([]byte, error) { return readKeyFile(path) }

// PlaceKey makes a key file of a key that was read; never over another one.
func PlaceKey(path string, key []byte) error {
	if err := writeKeyFile(path, key); err != nil {
		return fmt.Errorf("make the key file %s: %w", path, err)
	}
	return nil
}

// placeSlots makes the empty file of the slots, before there is a key: a key
// without it has lost it.
func placeSlots(path string) error {
	f, err := private.OpenFile(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), private.SyncOf(path))
}

func readKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the file that the operator named
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	if err := checkMode(f); err != nil {
		return nil, err
	}
	text := make([]byte, keyFileBytes+1)
	n, err := io.ReadFull(f, text)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	key, ok := ParseKey(text[:n])
	if !ok {
		return nil, newLostError(path, words.Text{Key: "keys.damaged", Args: words.Args{"file": path, "digits": lineDigits}})
	}
	return key, nil
}

// ParseKey returns what the text of a key file holds; false where it is none.
func ParseKey(text []byte) (key []byte, ok bool) {
	if len(text) > keyFileBytes {
		return nil, false
	}
	for _, line := range bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) {
		master, err := hex.DecodeString(string(line))
		if err != nil || len(master) != masterBytes {
			return nil, false
		}
		key = append(key, master...)
	}
	return key, true
}

// checkMode refuses a file that anybody but its owner may read or write.
func checkMode(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", f.Name(), err)
	}
	if !info.Mode().IsRegular() {
		return words.Fail(nil, "keys.no_plain_file", words.Args{"file": f.Name()})
	}
	if mode := info.Mode().Perm(); private.Modes && mode&0o077 != 0 {
		return words.Fail(nil, "keys.open_to_others", words.Args{"file": f.Name(), "mode": fmt.Sprintf("%04o", mode)})
	}
	return nil
}

// makeKeyFile makes the file whole or not at all, and never over another one.
func makeKeyFile(path string) error {
	key := make([]byte, masterBytes)
	_, _ = rand.Read(key) // never fails
	return writeKeyFile(path, key)
}

func writeKeyFile(path string, key []byte) error {
	part, err := writePart(path, key)
	if err != nil {
		return err
	}
	if err := errors.Join(os.Link(part, path), os.Remove(part)); err != nil {
		return err
	}
	return private.SyncOf(path)
}

// writePart writes a key beside its file.
func writePart(path string, key []byte) (part string, err error) {
	return private.WriteBeside(path, func(w io.Writer) error {
		for master := range slices.Chunk(key, masterBytes) {
			if _, err := io.WriteString(w, hex.EncodeToString(master)+"\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

// BackupFiles copies the slots of this moment and the key file to
// path + ".slots" and path, but for keys that have no reader yet: whoever gets
// one later must be able to be forgotten without this copy. Copies that are there are replaced, since older
// ones would bring back keys that have been erased.
func (r *Ring) BackupFiles(path string) error {
	err := r.copySlots(func(slots io.Reader) error { return placeCopy(slots, slotsOf(path)) })
	if err == nil {
		err = copyFile(r.path, path)
	}
	if err != nil {
		return fmt.Errorf("back up the keys: %w", err)
	}
	return private.SyncOf(path)
}

// WriteSlots writes the slots of this moment, as BackupFiles does, without the key file.
func (r *Ring) WriteSlots(w io.Writer) error {
	err := r.copySlots(func(slots io.Reader) error {
		_, err := io.Copy(w, slots)
		return err
	})
	if err != nil {
		return fmt.Errorf("copy the key slots: %w", err)
	}
	return nil
}

// copySlots calls f with the slots while they stand still, without what is nobody's.
func (r *Ring) copySlots(f func(slots io.Reader) error) error {
	r.slots.writing.Lock() // no half of a group
	defer r.slots.writing.Unlock()
	// None is made while this is held.
	nobodys := r.slots.ahead.unownedSlots()
	return f(&slotFilter{f: io.NewSectionReader(r.slots.file, 0, math.MaxInt64), slots: nobodys})
}

// slotFilter reads a slot file in which some slots are free.
type slotFilter struct {
	f     io.Reader
	slots map[uint32]bool
	at    int64
}

func (w *slotFilter) Read(p []byte) (int, error) {
	n, err := w.f.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		inside := int(w.at % slotBytes)
		part := rest[:min(slotBytes-inside, len(rest))]
		if w.slots[uint32(w.at/slotBytes)] { //nolint:gosec // slots are fewer
			clear(part[min(max(labelBytes-inside, 0), len(part)):])
		}
		w.at, rest = w.at+int64(len(part)), rest[len(part):]
	}
	return n, err
}

func copyFile(from, to string) error {
	f, err := os.Open(from) //nolint:gosec // the key file
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	return placeCopy(f, to)
}

// placeCopy puts what it reads into a file, whole or not at all.
func placeCopy(from io.Reader, to string) error {
	part, err := private.WriteBeside(to, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	if err != nil {
		return err
	}
	return os.Rename(part, to)
}
