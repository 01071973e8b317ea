package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"keypull/pull/private"
)

// WrappingKeys returns what the file of wrapping keys holds, for who may take over with a file of
// its own; nothing where slots lie in the folder.
func (r *Ring) WrappingKeys() []byte {
	p := r.slots.paged
	if p == nil {
		return nil
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	return p.wrapping.content()
}

// content is a sector for each place.
func (w *wrappingFile) content() []byte {
	b := make([]byte, 0, wrappingPlaces*sectorBytes)
	for _, k := range w.keys {
		if k == nil {
			b = append(b, make([]byte, sectorBytes)...)
		} else {
			b = append(b, k.sector()...)
		}
	}
	return b
}

func (w *wrappingFile) names() (ids []string) {
	for _, k := range w.keys {
		if k != nil {
			ids = append(ids, k.id)
		}
	}
	return ids
}

// errOtherWrapping says that what was given is of no use: it may come of who does not work any more.
var errOtherWrapping = errors.New("sealed: the wrapping keys that were given are not those of the database")

// TakeWrapping has the file of wrapping keys beside a key file be what WrappingKeys returned, and
// destroys every other key in it. All that wrap pages, by their names, must be among them. The error
// is ErrInUse where a process works with these keys.
func TakeWrapping(path string, content []byte, wrappers []string) (err error) {
	given := wrappingFile{}
	if len(content) != wrappingPlaces*sectorBytes {
		return errOtherWrapping
	}
	for place := range given.keys {
		if given.keys[place], err = parseWrapping(content[place*sectorBytes:][:sectorBytes]); err != nil {
			return err
		}
	}
	if given.latest() == nil || !coversAll(given.names(), wrappers) {
		return errOtherWrapping
	}
	lock, err := private.OpenFile(slotsOf(path), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return fmt.Errorf("open the key slots: %w", err)
	}
	defer lock.Close() //nolint:errcheck // nothing is written
	if err := tryLock(lock); err != nil {
		if errors.Is(err, errHeld) {
			err = ErrInUse
		}
		return err
	}
	w, err := openWrapping(wrappingOf(path))
	if err != nil {
		return err
	}
	defer w.file.Close() //nolint:errcheck // it was flushed
	if bytes.Equal(w.content(), content) {
		return nil
	}
	for place := range given.keys {
		if err := w.writePlace(place, content[place*sectorBytes:][:sectorBytes]); err != nil {
			return err
		}
	}
	return w.flush()
}

// HeldWrapping returns the names of the wrapping keys beside a key file.
func HeldWrapping(path string) ([]string, error) {
	f, err := os.Open(wrappingOf(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the wrapping keys: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	w := wrappingFile{file: f}
	_, err = w.parseKeys()
	return w.names(), err
}

func coversAll(have, want []string) bool {
	return !slices.ContainsFunc(want, func(id string) bool { return !slices.Contains(have, id) })
}
