package sealed

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"keypull/pull/private"
	"keypull/pull/words"
)

// A wrapping file holds the keys by which pages of slots are wrapped where they lie outside the
// folder: one, or two while pages change from one to the other. It is sectors, two for each key, so
// that one that is damaged costs nothing and one that is torn was never used.
const (
	wrappingMark   = "keypull wraps 1\n"
	offeredMark    = "keypull comes 1\n" // of one that wraps nothing yet
	sectorBytes    = 512
	wrappingPlaces = 2
	wrappingText   = len(wrappingMark) + 8 + 8 + keyBytes // mark, number, second when it was made, key
)

// wrappingOf returns the wrapping file beside a key file.
func wrappingOf(path string) string { return path + ".wrapping" }

// WrappingOf returns the file of wrapping keys beside a key file.
func WrappingOf(path string) string { return wrappingOf(path) }

// wrappingKey wraps pages.
type wrappingKey struct {
	number uint64
	made   time.Time
	// offered: it wraps nothing before others have it who may take over.
	offered bool
	id      string // from which nothing of the key can be learnt
	secret  [keyBytes]byte
	aead    *gcm
}

// wrappingFile is an open one. The caller sees to it that there is one caller at a time.
type wrappingFile struct {
	file *os.File
	sync func() error
	keys [wrappingPlaces]*wrappingKey // nil where none is
}

// openWrapping opens the file, and makes it where there is none. Whatever it returns is on the disk:
// a key that only the system's memory holds must wrap nothing.
func openWrapping(name string) (*wrappingFile, error) {
	f, err := private.OpenFile(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("open the wrapping keys: %w", err)
	}
	w := &wrappingFile{file: f, sync: f.Sync}
	err = checkMode(f)
	if err == nil {
		err = w.readKeys()
	}
	if err == nil {
		err = private.SyncOf(name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

func (w *wrappingFile) readKeys() error {
	damaged, err := w.parseKeys()
	if err != nil {
		return err
	}
	// One that was being made when the power went is not missed; the only one is.
	if damaged && w.latest() == nil {
		return words.Fail(ErrLost, "keys.unwrapped", words.Args{"file": w.file.Name()})
	}
	for place, k := range w.keys {
		if k == nil {
			continue
		}
		if err := w.writePlace(place, k.sector()); err != nil {
			return err
		}
	}
	return w.flush()
}

// parseKeys reads which keys there are, and says whether some of them may be damaged.
func (w *wrappingFile) parseKeys() (damaged bool, err error) {
	all := make([]byte, wrappingPlaces*2*sectorBytes)
	n, err := w.file.ReadAt(all, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the wrapping keys: %w", err)
	}
	for place := range w.keys {
		for twin := range 2 {
			sector := all[(2*place+twin)*sectorBytes:][:sectorBytes]
			k, err := parseWrapping(sector)
			if err != nil {
				return false, err
			}
			damaged = damaged || k == nil && !bytes.Equal(sector, make([]byte, sectorBytes))
			if w.keys[place] == nil {
				w.keys[place] = k
			}
		}
	}
	return damaged && n > 2*sectorBytes, nil
}

func (w *wrappingFile) flush() error {
	if err := w.sync(); err != nil {
		return fmt.Errorf("write the wrapping keys: %w", err)
	}
	return nil
}

// parseWrapping returns the key in a sector; nil where there is none.
func parseWrapping(sector []byte) (*wrappingKey, error) {
	text := sector[:wrappingText]
	sum := sha256.Sum256(text)
	offered := string(text[:len(offeredMark)]) == offeredMark
	if !offered && string(text[:len(wrappingMark)]) != wrappingMark || !bytes.Equal(sum[:], sector[wrappingText:][:len(sum)]) {
		return nil, nil //nolint:nilnil // none is no error
	}
	rest := text[len(wrappingMark):]
	return newWrapping(binary.BigEndian.Uint64(rest), time.Unix(int64(binary.BigEndian.Uint64(rest[8:])), 0), offered, [keyBytes]byte(rest[16:])) //nolint:gosec // as it was written
}

func newWrapping(number uint64, made time.Time, offered bool, secret [keyBytes]byte) (*wrappingKey, error) {
	id, err := deriveKey(secret[:], "id")
	if err != nil {
		return nil, err
	}
	wraps, err := deriveKey(secret[:], "pages")
	if err != nil {
		return nil, err
	}
	k := &wrappingKey{number: number, made: made, offered: offered, id: hex.EncodeToString(id[:8]), secret: secret}
	k.aead, err = newGCM(wraps)
	return k, err
}

func (k *wrappingKey) sector() []byte {
	mark := wrappingMark
	if k.offered {
		mark = offeredMark
	}
	b := append(make([]byte, 0, sectorBytes), mark...)
	b = binary.BigEndian.AppendUint64(b, k.number)
	b = binary.BigEndian.AppendUint64(b, uint64(k.made.Unix())) //nolint:gosec // read back as it is
	b = append(b, k.secret[:]...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)[:sectorBytes]
}

// writePlace writes both sectors of a key.
func (w *wrappingFile) writePlace(place int, sector []byte) error {
	if _, err := w.file.WriteAt(bytes.Repeat(sector, 2), int64(place)*2*sectorBytes); err != nil {
		return fmt.Errorf("write the wrapping keys: %w", err)
	}
	return nil
}

// latest returns the key that wraps; nil where there is none yet.
func (w *wrappingFile) latest() (latest *wrappingKey) {
	for _, k := range w.keys {
		if k != nil && !k.offered && (latest == nil || k.number > latest.number) {
			latest = k
		}
	}
	return latest
}

// offered returns the key that is to wrap next; nil where there is none.
func (w *wrappingFile) offered() *wrappingKey {
	for _, k := range w.keys {
		if k != nil && k.offered {
			return k
		}
	}
	return nil
}

// keyOf returns the key of a name; nil where it is not held.
func (w *wrappingFile) keyOf(id string) *wrappingKey {
	for _, k := range w.keys {
		if k != nil && k.id == id {
			return k
		}
	}
	return nil
}

// keyCount returns how many keys there are, of either sort.
func (w *wrappingFile) keyCount() (n int) {
	for _, k := range w.keys {
		if k != nil {
			n++
		}
	}
	return n
}

// changing says that there are two keys that wrap.
func (w *wrappingFile) changing() bool { return w.keyCount() == wrappingPlaces && w.offered() == nil }

// addKey makes a key, which wraps from then on or is offered, and returns once it is on the disk.
func (w *wrappingFile) addKey(now time.Time, offered bool) error {
	number, place := uint64(1), 0
	if latest := w.latest(); latest != nil {
		number = latest.number + 1
	}
	if w.keys[0] != nil {
		place = 1
	}
	if w.keys[place] != nil {
		return errors.New("sealed: two wrapping keys are in use")
	}
	var secret [keyBytes]byte
	_, _ = rand.Read(secret[:]) // never fails
	k, err := newWrapping(number, now, offered, secret)
	if err == nil {
		err = w.writePlace(place, k.sector())
	}
	if err == nil {
		err = w.flush()
	}
	if err != nil {
		return err
	}
	w.keys[place] = k
	return nil
}

// takeUp has the key that is offered wrap, and returns once that is on the disk.
func (w *wrappingFile) takeUp() error {
	for place, k := range w.keys {
		if k == nil || !k.offered {
			continue
		}
		wraps := *k
		wraps.offered = false
		if err := w.writePlace(place, wraps.sector()); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		w.keys[place] = &wraps
	}
	return nil
}

// dropFormer destroys every key but the latest.
func (w *wrappingFile) dropFormer() error {
	latest := w.latest()
	for place, k := range w.keys {
		if k == nil || k == latest {
			continue
		}
		if err := w.writePlace(place, make([]byte, sectorBytes)); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		w.keys[place] = nil
	}
	return nil
}
