// Package pages reads a bbolt file without trusting it: page by page, with every
// number checked before it is used. bbolt itself believes what it reads, and a
// changed byte ends the process; so a file is looked through here first.
//
// It knows the layout of bbolt's files, version 2, and leaves alone what the
// values mean.
package pages

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The layout.
const (
	pageHead    = 16 // id, flags, count, overflow
	elementHead = 16
	metaBytes   = 64
	bucketHead  = 16 // root page, sequence
	magic       = 0xED0CDAED
	version     = 2

	flagBranch = 0x01
	flagLeaf   = 0x02
	flagBucket = 0x01 // of an element of a leaf

	noFreelist  = ^uint64(0)
	minPage     = 1 << 10
	maxPage     = 16 << 20
	maxOverflow = 64 << 20 // bytes of one page with all that belongs to it
)

var order = binary.NativeEndian

var errNoMeta = errors.New("both pages that say where the data is are lost")

// File is a file whose beginning could be read.
type File struct {
	// Stale: one of the two meta pages is damaged, so that the last commit may
	// be lost.
	Stale bool

	r        io.ReaderAt
	pageSize int64
	meta     meta
	seen     []uint64 // a bit for each page
}

type meta struct {
	root, freelist, pages, commit uint64
}

// Open reads the two meta pages of a file of a size.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r}
	first, pageSize, err0 := readMeta(r, 0)
	if err0 != nil {
		pageSize = secondMeta(r, size)
	}
	second, _, err1 := readMeta(r, pageSize)
	switch {
	case err0 != nil && err1 != nil:
		return nil, errNoMeta
	case err0 != nil || err1 == nil && second.commit > first.commit:
		f.meta = second
	default:
		f.meta = first
	}
	f.Stale, f.pageSize = err0 != nil || err1 != nil, pageSize
	if f.meta.pages > uint64(size/pageSize) { //nolint:gosec // sizes are positive
		return nil, fmt.Errorf("it has %d bytes and should have at least %d: its end is lost", size, f.meta.pages*uint64(pageSize)) //nolint:gosec // sizes are positive
	}
	f.seen = make([]uint64, f.meta.pages/64+1)
	return f, nil
}

// Commit returns the number of the last commit that the file has.
func (f *File) Commit() uint64 { return f.meta.commit }

// secondMeta finds the page size by the second meta page.
func secondMeta(r io.ReaderAt, size int64) int64 {
	for at := int64(minPage); at <= maxPage && at < size; at *= 2 {
		if _, pageSize, err := readMeta(r, at); err == nil && pageSize == at {
			return at
		}
	}
	return minPage
}

func readMeta(r io.ReaderAt, at int64) (m meta, pageSize int64, err error) {
	var b [pageHead + metaBytes]byte
	if _, err := r.ReadAt(b[:], at); err != nil {
		return m, 0, err
	}
	v := b[pageHead:]
	sum := fnv.New64a()
	_, _ = sum.Write(v[:metaBytes-8])
	pageSize = int64(order.Uint32(v[8:]))
	if order.Uint32(v) != magic || order.Uint32(v[4:]) != version || order.Uint64(v[metaBytes-8:]) != sum.Sum64() ||
		pageSize < minPage || pageSize > maxPage {
		return m, 0, errors.New("no meta page")
	}
	return meta{order.Uint64(v[16:]), order.Uint64(v[32:]), order.Uint64(v[40:]), order.Uint64(v[48:])}, pageSize, nil
}

// Walk calls each for every key of every bucket, and bad for every page that
// can't be read; it goes on as long as both return true.
func (f *File) Walk(each func(bucket, key, value []byte) bool, bad func(err error) bool) {
	w := walk{f: f, each: each, bad: bad}
	w.mark(0, 1)
	w.mark(1, 1)
	w.tree(f.meta.root, bounds{}, func(key, value []byte, bucket bool) {
		if !bucket {
			w.report(fmt.Errorf("%q stands outside all buckets", key))
			return
		}
		w.bucket(key, value)
	})
}

// walk is one walk.
type walk struct {
	f    *File
	each func(bucket, key, value []byte) bool
	bad  func(error) bool
	over bool
}

func (w *walk) report(err error) {
	if !w.over && !w.bad(err) {
		w.over = true
	}
}

// mark notes that pages belong to something, and says whether they did not yet.
func (w *walk) mark(id, count uint64) bool {
	for n := id; n < id+count; n++ {
		if w.f.seen[n/64]&(1<<(n%64)) != 0 {
			return false
		}
		w.f.seen[n/64] |= 1 << (n % 64)
	}
	return true
}

// bounds are the first key of a page and what all are below; nil is no bound.
type bounds struct{ from, below []byte }

// bucket goes through one bucket: its value is its root page, or, where that is
// 0, the page itself.
func (w *walk) bucket(name, value []byte) {
	if len(value) < bucketHead {
		w.report(fmt.Errorf("bucket %q has no beginning", name))
		return
	}
	leaf := func(key, value []byte, bucket bool) {
		if bucket {
			w.report(fmt.Errorf("%q in bucket %q is a bucket", key, name))
			return
		}
		if !w.over && !w.each(name, key, value) {
			w.over = true
		}
	}
	if root := order.Uint64(value); root != 0 {
		w.tree(root, bounds{}, leaf)
		return
	}
	page := value[bucketHead:]
	if len(page) < pageHead || order.Uint16(page[8:])&flagLeaf == 0 {
		w.report(fmt.Errorf("bucket %q has no page", name))
		return
	}
	if err := w.leaf(page, bounds{}, leaf); err != nil {
		w.report(fmt.Errorf("bucket %q: %w", name, err))
	}
}

// tree goes through a page and all below it.
func (w *walk) tree(id uint64, in bounds, leaf func(key, value []byte, bucket bool)) {
	if w.over {
		return
	}
	page, err := w.page(id)
	if err == nil {
		switch order.Uint16(page[8:]) {
		case flagLeaf:
			err = w.leaf(page, in, leaf)
		case flagBranch:
			err = w.branch(page, in, leaf)
		default:
			err = errors.New("it is of no known kind")
		}
	}
	if err != nil {
		w.report(fmt.Errorf("page %d: %w", id, err))
	}
}

// page reads a page with all that belongs to it.
func (w *walk) page(id uint64) ([]byte, error) {
	if id < 2 || id >= w.f.meta.pages {
		return nil, errors.New("it lies outside of the file")
	}
	at := int64(id) * w.f.pageSize //nolint:gosec // below the size of the file
	b := make([]byte, w.f.pageSize)
	if _, err := w.f.r.ReadAt(b, at); err != nil {
		return nil, err
	}
	more := uint64(order.Uint32(b[12:]))
	switch {
	case order.Uint64(b) != id:
		return nil, fmt.Errorf("it says that it is page %d", order.Uint64(b))
	case more >= w.f.meta.pages-id || int64(more)*w.f.pageSize > maxOverflow: //nolint:gosec // 32 bits
		return nil, errors.New("it is longer than the file")
	case !w.mark(id, more+1):
		return nil, errors.New("it belongs to two")
	case more == 0:
		return b, nil
	}
	whole := make([]byte, (int64(more)+1)*w.f.pageSize) //nolint:gosec // 32 bits
	_, err := w.f.r.ReadAt(whole, at)
	return whole, err
}

// elements returns the heads of a page's elements.
func elements(page []byte) ([]byte, error) {
	count := int(order.Uint16(page[10:]))
	if pageHead+count*elementHead > len(page) {
		return nil, fmt.Errorf("it has no room for %d elements", count)
	}
	return page[pageHead : pageHead+count*elementHead], nil
}

// cut takes n bytes at a place that counts from an element's head.
func cut(page []byte, element int, pos, n uint32) ([]byte, error) {
	from := uint64(pageHead+element*elementHead) + uint64(pos) //nolint:gosec // not negative
	if to := from + uint64(n); to <= uint64(len(page)) {
		return page[from:to:to], nil
	}
	return nil, fmt.Errorf("element %d reaches beyond it", element)
}

// inOrder looks whether a key comes behind the one before it and within bounds.
func inOrder(key, last []byte, first bool, in bounds) error {
	switch {
	case len(key) == 0:
		return errors.New("a key is empty")
	case first && in.from != nil && !bytes.Equal(key, in.from):
		// bbolt finds a page's place in its branch by the first key, and would
		// leave a page that it writes anew, and frees, where it stands.
		return errors.New("it does not begin with the key that leads to it")
	case !first && bytes.Compare(key, last) <= 0, in.below != nil && bytes.Compare(key, in.below) >= 0:
		return errors.New("its keys are out of order")
	}
	return nil
}

func (w *walk) leaf(page []byte, in bounds, leaf func(key, value []byte, bucket bool)) error {
	heads, err := elements(page)
	if err != nil {
		return err
	}
	var last []byte
	for i := 0; i*elementHead < len(heads) && !w.over; i++ {
		h := heads[i*elementHead:]
		flags, pos, keyLen, valueLen := order.Uint32(h), order.Uint32(h[4:]), order.Uint32(h[8:]), order.Uint32(h[12:])
		key, err := cut(page, i, pos, keyLen)
		if err == nil {
			err = inOrder(key, last, i == 0, in)
		}
		if err != nil {
			return err
		}
		value, err := cut(page, i, pos+keyLen, valueLen)
		switch {
		case err != nil || pos+keyLen < pos:
			return fmt.Errorf("element %d reaches beyond it", i)
		case flags&^flagBucket != 0:
			return fmt.Errorf("element %d is of no known kind", i)
		}
		last = key
		leaf(key, value, flags == flagBucket)
	}
	return nil
}

func (w *walk) branch(page []byte, in bounds, leaf func(key, value []byte, bucket bool)) error {
	heads, err := elements(page)
	if err != nil {
		return err
	}
	count := len(heads) / elementHead
	if count == 0 {
		return errors.New("it leads nowhere")
	}
	keys := make([][]byte, count)
	for i := range keys {
		h := heads[i*elementHead:]
		if keys[i], err = cut(page, i, order.Uint32(h), order.Uint32(h[4:])); err != nil {
			return err
		}
		var last []byte
		if i > 0 {
			last = keys[i-1]
		}
		if err := inOrder(keys[i], last, i == 0, in); err != nil {
			return err
		}
	}
	for i := range keys {
		child := bounds{from: keys[i], below: in.below}
		if i+1 < count {
			child.below = keys[i+1]
		}
		w.tree(order.Uint64(heads[i*elementHead+8:]), child, leaf)
	}
	return nil
}
