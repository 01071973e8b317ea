package storetest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"keypull/store"
)

// PageKeeper is what keeps pages of keys, as store/sealed wants it.
type PageKeeper interface {
	ReadPages(ctx context.Context, each func(store.KeyPage) error) error
	WritePages(ctx context.Context, pages []store.KeyPage) error
	// Wrappers returns the names of the keys that wrap what is kept, in order.
	Wrappers(ctx context.Context) ([]string, error)
}

// KeptPages is the reference: pages in memory, of which some go wrong.
type KeptPages struct {
	// calls is held for reading while pages are written.
	calls         sync.RWMutex
	before, after func() error

	mu    sync.Mutex
	pages map[uint32]store.KeyPage
}

var _ PageKeeper = (*KeptPages)(nil)

// Interrupt has one be called before pages are written and another behind that, where they are set:
// whoever writes is told their errors. Those of before are over once it returns.
func (k *KeptPages) Interrupt(before, after func() error) {
	k.calls.Lock()
	defer k.calls.Unlock()
	k.before, k.after = before, after
}

// ReadPages implements PageKeeper.
func (k *KeptPages) ReadPages(_ context.Context, each func(store.KeyPage) error) error {
	k.mu.Lock()
	pages := maps.Clone(k.pages)
	k.mu.Unlock()
	for _, number := range slices.Sorted(maps.Keys(pages)) {
		if err := each(pages[number]); err != nil {
			return err
		}
	}
	return nil
}

// Wrappers implements PageKeeper.
func (k *KeptPages) Wrappers(context.Context) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	by := map[string]bool{}
	for _, p := range k.pages {
		by[p.Wrapper] = true
	}
	return slices.Sorted(maps.Keys(by)), nil
}

// WritePages implements PageKeeper.
func (k *KeptPages) WritePages(_ context.Context, pages []store.KeyPage) error {
	k.calls.RLock()
	defer k.calls.RUnlock()
	if k.before != nil {
		if err := k.before(); err != nil {
			return err
		}
	}
	k.mu.Lock()
	for _, p := range pages {
		if p.Version >= k.pages[p.Number].Version {
			k.setPage(p)
		}
	}
	k.mu.Unlock()
	if k.after != nil {
		return k.after()
	}
	return nil
}

func (k *KeptPages) setPage(p store.KeyPage) {
	if k.pages == nil {
		k.pages = map[uint32]store.KeyPage{}
	}
	p.Sealed = bytes.Clone(p.Sealed)
	k.pages[p.Number] = p
}

// Copy returns what is kept, as a base backup does.
func (k *KeptPages) Copy() *KeptPages {
	k.mu.Lock()
	defer k.mu.Unlock()
	return &KeptPages{pages: maps.Clone(k.pages)}
}

// Plant has a page be another one, whatever its version.
func (k *KeptPages) Plant(p store.KeyPage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.setPage(p)
}

// Drop takes a page out.
func (k *KeptPages) Drop(number uint32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.pages, number)
}

// Page returns a page.
func (k *KeptPages) Page(number uint32) store.KeyPage {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.pages[number]
	p.Sealed = bytes.Clone(p.Sealed)
	return p
}

// RunPages holds what keeps pages against what store/sealed needs of it.
func RunPages(t *testing.T, empty func(t *testing.T) PageKeeper) {
	t.Run("nothing is kept at first", func(t *testing.T) {
		wantPages(t, empty(t))
	})
	t.Run("what was written is read by its number", func(t *testing.T) {
		k := empty(t)
		var want []store.KeyPage
		for n := range uint32(600) {
			want = append(want, store.KeyPage{Number: n, Version: 1, Wrapper: "a", Sealed: bytes.Repeat([]byte{byte(n)}, 8220)})
		}
		backward := slices.Clone(want)
		slices.Reverse(backward)
		for some := range slices.Chunk(backward, 64) {
			writePages(t, k, some...)
		}
		wantPages(t, k, want...)
	})
	t.Run("a page is replaced, and by an older one not", func(t *testing.T) {
		k := empty(t)
		writePages(t, k, store.KeyPage{Number: 3, Version: 1, Wrapper: "a", Sealed: []byte("old")}, store.KeyPage{Number: 4, Version: 1, Wrapper: "a", Sealed: []byte("stays")})
		newer := store.KeyPage{Number: 3, Version: 5, Wrapper: "b", Sealed: []byte("new")}
		writePages(t, k, newer)
		writePages(t, k, store.KeyPage{Number: 3, Version: 4, Wrapper: "a", Sealed: []byte("late")})
		wantPages(t, k, newer, store.KeyPage{Number: 4, Version: 1, Wrapper: "a", Sealed: []byte("stays")})
	})
	t.Run("the same is written twice", func(t *testing.T) {
		k := empty(t)
		p := store.KeyPage{Number: 0, Version: 2, Wrapper: "a", Sealed: []byte("x")}
		writePages(t, k, p)
		writePages(t, k, p)
		wantPages(t, k, p)
	})
	t.Run("by what pages are wrapped is told", func(t *testing.T) {
		k := empty(t)
		wantWrappers(t, k)
		writePages(t, k, store.KeyPage{Number: 0, Version: 1, Wrapper: "b"}, store.KeyPage{Number: 1, Version: 1, Wrapper: "a"}, store.KeyPage{Number: 2, Version: 1, Wrapper: "a"})
		wantWrappers(t, k, "a", "b")
		writePages(t, k, store.KeyPage{Number: 0, Version: 2, Wrapper: "a"})
		wantWrappers(t, k, "a")
	})
	t.Run("who reads ends it", func(t *testing.T) {
		k := empty(t)
		writePages(t, k, store.KeyPage{Number: 0, Version: 1, Sealed: []byte("x")}, store.KeyPage{Number: 1, Version: 1, Sealed: []byte("y")})
		enough, n := errors.New("enough"), 0
		err := k.ReadPages(t.Context(), func(store.KeyPage) error { n++; return enough })
		if !errors.Is(err, enough) || n != 1 {
			t.Errorf("%d pages, error %v", n, err)
		}
	})
}

func writePages(t *testing.T, k PageKeeper, pages ...store.KeyPage) {
	t.Helper()
	if err := k.WritePages(t.Context(), pages); err != nil {
		t.Fatal(err)
	}
}

func wantWrappers(t *testing.T, k PageKeeper, want ...string) {
	t.Helper()
	if got, err := k.Wrappers(t.Context()); err != nil || !slices.Equal(got, want) {
		t.Errorf("wrapped by %q, want %q, error %v", got, want, err)
	}
}

func wantPages(t *testing.T, k PageKeeper, want ...store.KeyPage) {
	t.Helper()
	var got []store.KeyPage
	if err := k.ReadPages(t.Context(), func(p store.KeyPage) error { got = append(got, p); return nil }); err != nil {
		t.Fatal(err)
	}
	same := func(a, b store.KeyPage) bool {
		return a.Number == b.Number && a.Version == b.Version && a.Wrapper == b.Wrapper && bytes.Equal(a.Sealed, b.Sealed)
	}
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%d pages, want %d, or others", len(got), len(want))
	}
}
