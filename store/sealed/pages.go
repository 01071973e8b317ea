package sealed

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"keypull/pull/words"
	"keypull/store"
)

// Pages keeps the slots outside the folder, such as in a database, a page of 128 slots at a time.
type Pages interface {
	// ReadPages calls each with every page that is kept, by their numbers.
	ReadPages(ctx context.Context, each func(store.KeyPage) error) error
	// WritePages sets pages, all of them or none, and returns once that is durable; a page that
	// stands there with a higher version stays. After an error nobody knows whether it was done.
	WritePages(ctx context.Context, pages []store.KeyPage) error
}

// slotPlace is where slots lie: a file, or pages. What was written is durable once Sync returns.
type slotPlace interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Close() error
}

// Pages are wrapped anew by a new key when the last one has been in use for so long. The one before
// is destroyed later by some time in which another database may take over that is behind. Both
// together, and a look, are less than a day.
const (
	wrapsFor    = 22 * time.Hour
	formerStays = time.Hour
	// pagesAtOnce are written before others who write get their turn.
	pagesAtOnce = 64
	pagesWithin = 30 * time.Second
	// offeredFor is how long a new key waits for others to have it.
	offeredFor = 10 * time.Minute
)

// pagedSlots are slots that are kept as wrapped pages, and stand in memory as a file would.
type pagedSlots struct {
	pages    Pages
	wrapping *wrappingFile                              // under writing
	have     func(ctx context.Context, key string) bool // of Options

	turn    sync.Mutex // held while all pages are wrapped anew
	writing sync.Mutex // held while pages are written: what is older must not come later
	version uint64     // of the last write; under writing
	wrapper map[uint32]string

	mu      sync.Mutex
	content [][]byte // PageBytes each
	size    int64
	dirty   map[uint32]bool
}

func newPagedSlots(pages Pages, wrapping *wrappingFile) *pagedSlots {
	return &pagedSlots{pages: pages, wrapping: wrapping, wrapper: map[uint32]string{}, dirty: map[uint32]bool{}}
}

// pageContext binds a wrapped page to its number and to the key that wraps it.
func pageContext(number uint32, wrapper string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte("keypull page"), number), wrapper...)
}

// readPages reads what is kept, and says whether anything is: without the first page they were being
// put there. Nothing is taken where any of it doesn't open.
func (p *pagedSlots) readPages(ctx context.Context) (there bool, last uint32, err error) {
	err = p.pages.ReadPages(ctx, func(page store.KeyPage) error {
		there = there || page.Number == 0
		last, p.version = page.Number, max(p.version, page.Version)
		if !there {
			return nil
		}
		plain, ok := p.openPage(page, p.wrapping.keyOf(page.Wrapper))
		// All pages are whole, but for the last one.
		if !ok || int64(page.Number)*PageBytes != p.size {
			return p.unwrappedError()
		}
		p.wrapper[page.Number] = page.Wrapper
		_, err := p.WriteAt(plain, p.size)
		return err
	})
	clear(p.dirty)
	return there, last, err
}

// openPage opens a page by a key; false where it doesn't.
func (*pagedSlots) openPage(page store.KeyPage, k *wrappingKey) ([]byte, bool) {
	if k == nil || k.id != page.Wrapper {
		return nil, false
	}
	plain, err := k.aead.open(page.Sealed, pageContext(page.Number, page.Wrapper))
	return plain, err == nil && len(plain) > 0 && len(plain) <= PageBytes && len(plain)%slotBytes == 0
}

func (p *pagedSlots) unwrappedError() error {
	return words.Fail(ErrLost, "keys.unwrapped", words.Args{"file": p.wrapping.file.Name()})
}

// ReadAt implements io.ReaderAt.
func (p *pagedSlots) ReadAt(b []byte, at int64) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n < len(b) && at+int64(n) < p.size {
		from := at + int64(n)
		page := p.content[from/PageBytes]
		n += copy(b[n:min(int64(len(b)), p.size-at)], page[from%PageBytes:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt implements io.WriterAt. What it writes is kept by the next Sync.
func (p *pagedSlots) WriteAt(b []byte, at int64) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if end := at + int64(len(b)); end > p.size {
		if p.size > 0 {
			p.dirty[uint32((p.size-1)/PageBytes)] = true //nolint:gosec // slots are fewer; it is longer now
		}
		p.size = end
	}
	for int64(len(p.content))*PageBytes < p.size {
		p.dirty[uint32(len(p.content))] = true //nolint:gosec // slots are fewer
		p.content = append(p.content, make([]byte, PageBytes))
	}
	for n < len(b) {
		from := at + int64(n)
		p.dirty[uint32(from/PageBytes)] = true //nolint:gosec // slots are fewer
		n += copy(p.content[from/PageBytes][from%PageBytes:], b[n:])
	}
	return n, nil
}

// Sync returns once what was written is kept. A page comes behind those before it, and the first one
// last where it is not kept yet: without it there is none.
func (p *pagedSlots) Sync() error {
	p.writing.Lock()
	defer p.writing.Unlock()
	p.mu.Lock()
	numbers := slices.Collect(maps.Keys(p.dirty))
	p.mu.Unlock()
	slices.Sort(numbers)
	if _, kept := p.wrapper[0]; !kept && len(numbers) > 0 && numbers[0] == 0 {
		numbers = append(numbers[1:], 0)
	}
	for some := range slices.Chunk(numbers, pagesAtOnce) {
		if err := p.writePages(some); err != nil {
			return err
		}
	}
	return nil
}

// writePages wraps pages by the latest key and has them kept; writing is held.
func (p *pagedSlots) writePages(numbers []uint32) error {
	k := p.wrapping.latest()
	p.version++
	pages := make([]store.KeyPage, 0, len(numbers))
	p.mu.Lock()
	for _, number := range numbers {
		plain := p.content[number][:min(PageBytes, p.size-int64(number)*PageBytes)]
		pages = append(pages, store.KeyPage{Number: number, Version: p.version, Wrapper: k.id, Sealed: k.aead.seal(nil, plain, pageContext(number, k.id))})
		delete(p.dirty, number)
	}
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), pagesWithin)
	defer cancel()
	if err := p.pages.WritePages(ctx, pages); err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, number := range numbers {
			p.dirty[number] = true
		}
		return fmt.Errorf("keep the keys: %w", err)
	}
	for _, number := range numbers {
		p.wrapper[number] = k.id
	}
	return nil
}

// Close closes the file of wrapping keys.
func (p *pagedSlots) Close() error { return p.wrapping.file.Close() } //nolint:wrapcheck // it names the file

// wrapSome wraps some pages by the latest key that another one wraps, and says how many these were.
func (p *pagedSlots) wrapSome() (int, error) {
	p.writing.Lock()
	defer p.writing.Unlock()
	latest := p.wrapping.latest()
	var numbers []uint32
	for number, by := range p.wrapper {
		if by != latest.id && len(numbers) < pagesAtOnce {
			numbers = append(numbers, number)
		}
	}
	if len(numbers) == 0 {
		return 0, nil
	}
	return len(numbers), p.writePages(numbers)
}

// WrapPages wraps the pages of slots that lie outside the folder by a new key where it is time, and
// destroys the one before once that is over. It returns how many pages it wrapped. Others write
// meanwhile; whatever breaks it off, all pages open, and the next call goes on. Where others may take
// over that have files of their own, it has to be called every few seconds.
func (r *Ring) WrapPages(ctx context.Context, now time.Time) (wrapped int, err error) {
	p := r.slots.paged
	if p == nil {
		return 0, nil
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	if err := p.nextKey(ctx, now); err != nil {
		return 0, err
	}
	p.writing.Lock()
	changing, over := p.wrapping.changing(), p.formerOver(now)
	p.writing.Unlock()
	if !changing {
		return 0, nil
	}
	for n := 1; n > 0; wrapped += n {
		if err := ctx.Err(); err != nil {
			return wrapped, err //nolint:wrapcheck // the caller's own
		}
		if n, err = p.wrapSome(); err != nil {
			return wrapped, err
		}
	}
	if !over {
		return wrapped, nil
	}
	if err := p.checkLatest(ctx); err != nil {
		return wrapped, err
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	return wrapped, p.wrapping.dropFormer()
}

// nextKey makes a new key where it is time, and has it wrap once others have it who may take over.
func (p *pagedSlots) nextKey(ctx context.Context, now time.Time) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	w := p.wrapping
	age := now.Sub(w.latest().made)
	if w.keyCount() == 1 && (age >= wrapsFor || age < -formerStays) {
		if err := w.addKey(now, true); err != nil {
			return err
		}
	}
	k := w.offered()
	if k == nil {
		return nil
	}
	if waited := now.Sub(k.made); p.have != nil && waited >= 0 && waited < offeredFor {
		p.writing.Unlock()
		have := p.have(ctx, k.id)
		p.writing.Lock()
		if !have {
			return nil
		}
	}
	return w.takeUp()
}

// formerOver says that the time is over in which the key before the latest may be needed.
func (p *pagedSlots) formerOver(now time.Time) bool {
	age := now.Sub(p.wrapping.latest().made)
	return age < 0 || age >= formerStays
}

// settleKeys does, before anything is sealed, what was left to do when these keys were here last:
// what others have begun to wrap by wraps here, and the key before it is destroyed.
func (p *pagedSlots) settleKeys(now time.Time) error {
	w := p.wrapping
	by := map[string]bool{}
	for _, id := range p.wrapper {
		by[id] = true
	}
	if k := w.offered(); k != nil && by[k.id] {
		if err := w.takeUp(); err != nil {
			return err
		}
	}
	if w.changing() && p.formerOver(now) && len(by) == 1 && by[w.latest().id] {
		return w.dropFormer()
	}
	return nil
}

// checkLatest reads all that is kept, and says whether the latest key opens it: no other one is
// needed then.
func (p *pagedSlots) checkLatest(ctx context.Context) error {
	p.writing.Lock()
	latest, missing := p.wrapping.latest(), len(p.wrapper)
	p.writing.Unlock()
	err := p.pages.ReadPages(ctx, func(page store.KeyPage) error {
		if _, ok := p.openPage(page, latest); !ok {
			return p.unwrappedError()
		}
		missing--
		return nil
	})
	if err == nil && missing > 0 {
		err = p.unwrappedError()
	}
	return err
}

// takenMark is how a slot file begins that was taken over into pages, until all of it is overwritten.
const takenMark = "keypull taken 1\n"

// openPages has the slots be those that lie outside the folder. A file with slots of before is taken
// over where there are none: taken says so, and that endTaking has to follow once they proved good.
func (r *Ring) openPages(o Options, file *os.File) (taken bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*pagesWithin)
	defer cancel()
	wrapping, err := openWrapping(wrappingOf(o.Path))
	if err != nil {
		return false, err
	}
	p := newPagedSlots(o.Pages, wrapping)
	p.have = o.Have
	r.slots.paged, r.slots.file, r.slots.sync = p, p, p.Sync
	left, err := os.ReadFile(file.Name())
	if err != nil {
		return false, fmt.Errorf("read the key slots: %w", err)
	}
	left = left[:len(left)/slotBytes*slotBytes]
	there, last, err := p.readPages(ctx)
	if err != nil {
		return false, err
	}
	if err := p.settleKeys(o.now()); err != nil {
		return false, err
	}
	if p.wrapping.latest() == nil {
		if err := p.wrapping.addKey(o.now(), false); err != nil {
			return false, err
		}
	}
	ended := bytes.HasPrefix(left, []byte(takenMark))
	switch {
	case there && (ended || bytes.HasPrefix(left, make([]byte, slotBytes))):
		// All of it was taken over, or has not been put back to the end.
		return false, destroySlots(file)
	case len(left) == 0 || ended:
		return false, nil
	case !there && int64(last)*PageBytes < int64(len(left)):
		_, err := p.WriteAt(left, 0)
		return true, err
	case p.size == int64(len(left)):
		// It was taken over, and is not destroyed yet.
		own := make([]byte, len(left))
		if _, err := p.ReadAt(own, 0); err == nil && bytes.Equal(own, left) {
			return true, nil
		}
	}
	return false, words.Fail(ErrLost, "keys.both", words.Args{"file": file.Name()})
}

// endTaking has the pages kept, and then destroys what the file holds.
func (s *slots) endTaking() error {
	if err := s.sync(); err != nil {
		return err
	}
	return destroySlots(s.lock)
}

// destroySlots overwrites a slot file, its head first and by itself: it says that nothing is missed.
func destroySlots(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at the key slots: %w", err)
	}
	head := append([]byte(takenMark), make([]byte, slotBytes-len(takenMark))...)
	_, err = file.WriteAt(head, 0)
	if err == nil {
		err = file.Sync()
	}
	blank := make([]byte, PageBytes)
	for at := int64(slotBytes); err == nil && at < info.Size(); at += PageBytes {
		_, err = file.WriteAt(blank[:min(PageBytes, info.Size()-at)], at)
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = errors.Join(file.Truncate(0), file.Sync())
	}
	if err != nil {
		return fmt.Errorf("destroy the key slots that were taken over: %w", err)
	}
	return nil
}

// Rest destroys the keys that were made ahead where slots lie outside the folder, as Close does
// else: there it would be too late.
func (r *Ring) Rest() error {
	if r.slots.paged == nil {
		return nil
	}
	return r.slots.endAhead()
}

// LeaveFile puts slots that lie outside the folder back into their file, for a store that has them
// there. Nothing may be sealed or erased after Rest and before it. The head comes last.
func (r *Ring) LeaveFile() error {
	p := r.slots.paged
	if p == nil {
		return nil
	}
	if err := r.slots.sync(); err != nil {
		return err
	}
	file := r.slots.lock
	head := make([]byte, slotBytes)
	_, err := p.ReadAt(head, 0)
	if err == nil {
		_, err = io.Copy(io.NewOffsetWriter(file, slotBytes), io.NewSectionReader(p, slotBytes, p.size-slotBytes))
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		_, err = file.WriteAt(head, 0)
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return fmt.Errorf("put the key slots back: %w", err)
	}
	return nil
}
