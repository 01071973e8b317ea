package sealed

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"keypull/pull/private"
)

// PageBytes is what who follows the slots is told at a time: so many slots.
const PageBytes = 128 * slotBytes

// pageSum is how much of the SHA-256 of a page tells two apart.
const pageSum = 8

// SlotFeed tells who follows the keys which pages of the slot file have changed.
type SlotFeed struct {
	slots *slots

	mu      sync.Mutex
	dirty   map[uint32]bool
	changed chan struct{} // closed once something is dirty
}

// FollowSlots returns the pages that differ from those whose sums are told, as SlotCopy.Sums returns
// them, and all that change from now on. A later call ends the feed of an earlier one.
func (r *Ring) FollowSlots(sums []byte) (*SlotFeed, error) {
	f := &SlotFeed{slots: r.slots, dirty: map[uint32]bool{}, changed: make(chan struct{})}
	r.slots.writing.Lock()
	r.slots.feed = f
	r.slots.writing.Unlock()
	err := eachPage(r.slots.file, func(page uint32, content []byte) {
		at := int(page) * pageSum
		if at+pageSum > len(sums) || !bytes.Equal(sums[at:at+pageSum], sumOfPage(content)) {
			f.mark(page)
		}
	})
	return f, err
}

func sumOfPage(content []byte) []byte {
	sum := sha256.Sum256(content)
	return sum[:pageSum]
}

func eachPage(file io.ReaderAt, each func(page uint32, content []byte)) error {
	content := make([]byte, PageBytes)
	for page := uint32(0); ; page++ {
		n, err := readPage(file, page, content)
		if err != nil {
			return err
		}
		if n > 0 {
			each(page, content[:n])
		}
		if n < PageBytes {
			return nil
		}
	}
}

// readPage reads whole slots: one that is not was being made.
func readPage(file io.ReaderAt, page uint32, content []byte) (int, error) {
	n, err := file.ReadAt(content[:PageBytes], int64(page)*PageBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("read the key slots: %w", err)
	}
	return n / slotBytes * slotBytes, nil
}

// note marks what was changed; the caller holds writing.
func (f *SlotFeed) note(changes []slotChange) {
	if f == nil {
		return
	}
	for _, c := range changes {
		f.mark(c.number * slotBytes / PageBytes)
	}
}

func (f *SlotFeed) mark(page uint32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.dirty) == 0 {
		close(f.changed)
	}
	f.dirty[page] = true
}

// Size returns how long the slot file is, in whole slots.
func (f *SlotFeed) Size() int64 {
	f.slots.mu.Lock()
	defer f.slots.mu.Unlock()
	return int64(f.slots.count) * slotBytes
}

// Changed returns a channel that is closed once Next has something to return.
func (f *SlotFeed) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// Next takes a page that has changed, with what stands there now; none where content is nil.
func (f *SlotFeed) Next() (page uint32, content []byte, err error) {
	f.slots.writing.Lock() // no half of a group
	defer f.slots.writing.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for page = range f.dirty {
		content = make([]byte, PageBytes)
		n, err := readPage(f.slots.file, page, content)
		if err != nil {
			return page, nil, err
		}
		delete(f.dirty, page)
		if len(f.dirty) == 0 {
			f.changed = make(chan struct{})
		}
		return page, content[:n], nil
	}
	return 0, nil, nil
}

// SlotCopy is a copy of a slot file that is told what changes in it. It is for one caller at a time.
type SlotCopy struct{ file *os.File }

// CopySlots opens the copy that belongs to a key file, and makes it where there is none.
// Nobody else may have it open: ErrInUse.
func CopySlots(keyFile string) (*SlotCopy, error) {
	f, err := private.OpenFile(slotsOf(keyFile), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("open the key slots: %w", err)
	}
	if err := lockFile(f, lockWait); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &SlotCopy{f}, nil
}

// Sums returns the sums of all pages, 8 bytes each.
func (c *SlotCopy) Sums() (sums []byte, err error) {
	err = eachPage(c.file, func(_ uint32, content []byte) { sums = append(sums, sumOfPage(content)...) })
	return sums, err
}

// Write sets a page; it is durable once Sync returns.
func (c *SlotCopy) Write(page uint32, content []byte) error {
	if len(content) > PageBytes || len(content)%slotBytes != 0 {
		return fmt.Errorf("write the key slots: a page of %d bytes", len(content))
	}
	if _, err := c.file.WriteAt(content, int64(page)*PageBytes); err != nil {
		return fmt.Errorf("write the key slots: %w", err)
	}
	return nil
}

// Cut has the file be no longer than that it is a copy of.
func (c *SlotCopy) Cut(size int64) error {
	info, err := c.file.Stat()
	if err == nil && info.Size() > size {
		err = c.file.Truncate(size)
	}
	return err //nolint:wrapcheck // it names the file
}

// Sync has what was written be on the disk.
func (c *SlotCopy) Sync() error { return c.file.Sync() } //nolint:wrapcheck // it names the file

// Close closes the file.
func (c *SlotCopy) Close() error { return c.file.Close() } //nolint:wrapcheck // it names the file

// KeyNames returns what a key file is called, as Ring.Pair does, and its hash key, without its
// slots. The error is fs.ErrNotExist where there is no key file.
func KeyNames(keyFile string) (pair string, hashKey []byte, err error) {
	key, err := readKeyFile(keyFile)
	if err != nil {
		return "", nil, err
	}
	n, err := namesOf(key)
	return n.Pair(), n.HashKey(), err
}
