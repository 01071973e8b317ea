package sealed_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
	"keypull/store/storetest"
)

func pagedOptions(path string, pages *storetest.KeptPages, now time.Time) sealed.Options {
	return sealed.Options{Path: path, Fresh: true, Ahead: 8, Pages: pages, Clock: func() time.Time { return now }}
}

func paged(tb testing.TB, path string, pages *storetest.KeptPages, now time.Time) *sealed.Ring {
	tb.Helper()
	r, err := sealed.Open(pagedOptions(path, pages, now))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = r.Close() })
	return r
}

// flock are readers with what was sealed for them.
type flock struct {
	slots  []store.Slot
	texts  [][]byte
	erased []bool
	day    []byte
}

// addReaders gives keys to readers and to a day.
func addReaders(t *testing.T, r *sealed.Ring, n int) *flock {
	t.Helper()
	f := &flock{day: ofDay(t, r, noon, "day")}
	for range n {
		slot := must[store.Slot](t)(r.NewReader())
		r.Keep(slot)
		f.slots, f.texts, f.erased = append(f.slots, slot), append(f.texts, ofReader(t, r, slot, "document")), append(f.erased, false)
	}
	return f
}

func (f *flock) erase(t *testing.T, r *sealed.Ring, i int) {
	t.Helper()
	if err := r.EraseReaders(f.slots[i]); err != nil {
		t.Fatal(err)
	}
	f.erased[i] = true
}

// opens says whether everybody opens who was not erased, and nobody else.
func (f *flock) opens(t *testing.T, when string, r *sealed.Ring) {
	t.Helper()
	for i, text := range f.texts {
		if _, _, err := r.OpenReader(here, text); (err == nil) == f.erased[i] {
			t.Fatalf("%s: reader %d, erased %v: %v", when, i, f.erased[i], err)
		}
	}
	if _, err := r.OpenDay(here, f.day); err != nil {
		t.Fatalf("%s: the day: %v", when, err)
	}
}

// filesOf returns a copy of the files of a key file, as they are left by a process that is killed now.
func filesOf(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "keypull.key")
	for _, suffix := range []string{"", ".slots", ".wrapping"} {
		b, err := os.ReadFile(path + suffix) //nolint:gosec // of this test
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(to+suffix, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestKeptPagesContract(t *testing.T) {
	storetest.RunPages(t, func(*testing.T) storetest.PageKeeper { return &storetest.KeptPages{} })
}

// Slots that lie in pages leave nothing in the folder that opens anybody without them.
func TestSlotsInPagesOpenAtTheNextStart(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 300)
	f.erase(t, r, 7)
	f.opens(t, "at once", r)
	f.opens(t, "after a kill", paged(t, filesOf(t, path), pages.Copy(), noon))
	if err := errors.Join(r.Rest(), r.Close()); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "after an end", paged(t, path, pages, noon))
	if info, err := os.Stat(sealed.SlotsOf(path)); err != nil || info.Size() != 0 {
		t.Errorf("the slot file: %v, %v", info, err)
	}
}

// What is erased is erased where pages are, before anybody is told; else it is an error.
func TestAnErasureThatPagesDoNotTakeIsNotDone(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 20)
	away := errors.New("away")
	fails := func() error { return away }
	for _, at := range [][2]func() error{{fails, nil}, {nil, fails}} {
		pages.Interrupt(at[0], at[1])
		wants(t, "erase", r.EraseReaders(f.slots[3]), away)
	}
	pages.Interrupt(nil, nil)
	f.erase(t, r, 3)
	f.opens(t, "after a kill", paged(t, filesOf(t, path), pages.Copy(), noon))
}

// TestAfterAWrappingOlderPagesOpenNothing: a base backup of before, with every key that is left.
func TestAfterAWrappingOlderPagesOpenNothing(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 300)
	base := pages.Copy()
	erased := noon.Add(time.Minute)
	f.erase(t, r, 5)
	wrapped := 0
	for now := erased; now.Before(erased.Add(24 * time.Hour)); now = now.Add(10 * time.Minute) {
		n, err := r.WrapPages(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		wrapped += n
	}
	if wrapped == 0 {
		t.Fatal("nothing was wrapped within a day")
	}
	f.opens(t, "meanwhile", r)
	f.opens(t, "after a kill", paged(t, filesOf(t, path), pages.Copy(), noon))
	_, err := sealed.Open(pagedOptions(filesOf(t, path), base, noon))
	wants(t, "the copy of before the erasure", err, sealed.ErrLost)
	for number := range uint32(3) {
		if n := sealed.PagesOpened(t, path, base.Page(number)); n != 0 {
			t.Errorf("%d keys open page %d of before the erasure", n, number)
		}
		if n := sealed.PagesOpened(t, path, pages.Page(number)); n != 1 {
			t.Errorf("%d keys open page %d of now, want one", n, number)
		}
	}
}

// TestAWrappingIsKilledAtEachStep: wherever it ends, everybody opens, and the next process ends it.
func TestAWrappingIsKilledAtEachStep(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 128*200)
	f.erase(t, r, 9)
	type left struct {
		when, path string
		pages      *storetest.KeptPages
	}
	var all []left
	leave := func(when string) func() error {
		return func() error {
			all = append(all, left{fmt.Sprint(when, " ", len(all)), filesOf(t, path), pages.Copy()})
			return nil
		}
	}
	pages.Interrupt(leave("before pages"), leave("after pages"))
	r.OnWrappingSync(func() { _ = leave("before a sync of the keys")() })
	for _, now := range []time.Time{noon.Add(23 * time.Hour), noon.Add(25 * time.Hour)} {
		if _, err := r.WrapPages(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	pages.Interrupt(nil, nil)
	if len(all) < 2*3+2 {
		t.Fatalf("%d steps", len(all))
	}
	for _, l := range all {
		r := paged(t, l.path, l.pages, noon)
		few := &flock{f.slots[:20], f.texts[:20], f.erased[:20], f.day}
		few.opens(t, l.when, r)
		for _, now := range []time.Time{noon.Add(47 * time.Hour), noon.Add(47*time.Hour + time.Minute), noon.Add(49 * time.Hour)} {
			if _, err := r.WrapPages(t.Context(), now); err != nil {
				t.Fatal(l.when, err)
			}
		}
		few.opens(t, l.when+", wrapped", r)
		if n := sealed.WrappingKeys(t, l.path); n != 1 {
			t.Errorf("%s: %d wrapping keys are left", l.when, n)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		f.opens(t, l.when+", at the next start", paged(t, l.path, l.pages, noon))
	}
}

// An erasure while pages are wrapped, of which the database takes some late, stays one.
func TestAWrappingThatFailsBringsNothingBack(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 400)
	away := errors.New("away")
	var late []store.KeyPage
	pages.Interrupt(func() error {
		late = append(late, pages.Page(0))
		return away
	}, nil)
	_, err := r.WrapPages(t.Context(), noon.Add(23*time.Hour))
	wants(t, "wrap", err, away)
	pages.Interrupt(nil, nil)
	f.erase(t, r, 0)
	if err := pages.WritePages(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "after a late write", paged(t, filesOf(t, path), pages.Copy(), noon))
	if _, err := r.WrapPages(t.Context(), noon.Add(25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "wrapped", paged(t, filesOf(t, path), pages.Copy(), noon))
}

// The key of before stays as long as any page that is kept needs it.
func TestAFormerKeyStaysWhilePagesNeedIt(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 300)
	old := pages.Page(1)
	if _, err := r.WrapPages(t.Context(), noon.Add(23*time.Hour)); err != nil {
		t.Fatal(err)
	}
	now := pages.Page(1)
	pages.Plant(old) // such as after a database took over that was behind
	_, err := r.WrapPages(t.Context(), noon.Add(25*time.Hour))
	wants(t, "wrap", err, sealed.ErrLost)
	if n := sealed.WrappingKeys(t, path); n != 2 {
		t.Errorf("%d wrapping keys, want both", n)
	}
	f.opens(t, "with both", paged(t, filesOf(t, path), pages.Copy(), noon))
	pages.Plant(now)
	if _, err := r.WrapPages(t.Context(), noon.Add(26*time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func TestPagesThatAreNotAsTheyShouldBeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(pages *storetest.KeptPages, old *storetest.KeptPages){
		"two that were swapped": func(pages, _ *storetest.KeptPages) {
			a, b := pages.Page(1), pages.Page(2)
			a.Number, b.Number = b.Number, a.Number
			pages.Plant(a)
			pages.Plant(b)
		},
		"one that is torn": func(pages, _ *storetest.KeptPages) {
			p := pages.Page(1)
			clear(p.Sealed[len(p.Sealed)/2:])
			pages.Plant(p)
		},
		"one that is cut": func(pages, _ *storetest.KeptPages) {
			p := pages.Page(1)
			p.Sealed = p.Sealed[:len(p.Sealed)/2]
			pages.Plant(p)
		},
		"one of an older wrapping key": func(pages, old *storetest.KeptPages) { pages.Plant(old.Page(1)) },
		"one of an older wrapping key under a new name": func(pages, old *storetest.KeptPages) {
			p := old.Page(1)
			p.Wrapper = pages.Page(1).Wrapper
			pages.Plant(p)
		},
		"one that is gone": func(pages, _ *storetest.KeptPages) { pages.Drop(1) },
	} {
		t.Run(name, func(t *testing.T) {
			path, pages := keyPath(t), &storetest.KeptPages{}
			r := paged(t, path, pages, noon)
			f := addReaders(t, r, 500)
			old := pages.Copy()
			for _, now := range []time.Time{noon.Add(23 * time.Hour), noon.Add(25 * time.Hour)} {
				if _, err := r.WrapPages(t.Context(), now); err != nil {
					t.Fatal(err)
				}
			}
			good, whole := filesOf(t, path), pages.Copy()
			spoil(pages, old)
			for _, fresh := range []bool{true, false} {
				o := pagedOptions(filesOf(t, path), pages, noon)
				o.Fresh = fresh
				_, err := sealed.Open(o)
				wants(t, "open", err, sealed.ErrLost)
				_, moved, err := sealed.OpenAnew(o, noon)
				wants(t, "open anew", err, sealed.ErrLost)
				if len(moved) > 0 {
					t.Errorf("%v were moved away", moved)
				}
			}
			f.opens(t, "put right", paged(t, good, whole, noon))
		})
	}
}

// TestSlotsOfAFileAreTakenOver: killed at each step, all of it is there, and once it is in, the file
// holds nothing.
func TestSlotsOfAFileAreTakenOver(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 512)
	r.SkipSync()
	f := addReaders(t, r, 128*130)
	f.erase(t, r, 4)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	pages, steps := &storetest.KeptPages{}, 0
	killed := errors.New("killed")
	for n := 1; ; n++ {
		calls := 0
		pages.Interrupt(func() error {
			if calls++; calls == n {
				return killed
			}
			return nil
		}, nil)
		r, err := sealed.Open(pagedOptions(path, pages, noon))
		if err == nil {
			pages.Interrupt(nil, nil)
			f.opens(t, "taken over", r)
			if err := errors.Join(r.Rest(), r.Close()); err != nil {
				t.Fatal(err)
			}
			break
		}
		steps++
		wants(t, "taking over", err, killed)
		copied := filesOf(t, path)
		f.opens(t, "in their file still", keyPool(t, copied, 8))
	}
	if steps < 3 {
		t.Fatalf("%d steps", steps)
	}
	f.opens(t, "at the next start", paged(t, filesOf(t, path), pages.Copy(), noon))
	if b, err := os.ReadFile(sealed.SlotsOf(path)); err != nil || len(b) > 0 {
		t.Errorf("%d bytes are left in the file, %v", len(b), err)
	}
	_, err := sealed.Open(sealed.Options{Path: filesOf(t, path)})
	wants(t, "without pages", err, sealed.ErrLost)
}

// A file that was taken over, and is not destroyed to the end, is so at the next start.
func TestAFileThatWasTakenOverIsDestroyed(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 512)
	f := addReaders(t, r, 600)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	before := filesOf(t, path)
	pages := &storetest.KeptPages{}
	if err := paged(t, path, pages, noon).Close(); err != nil {
		t.Fatal(err)
	}
	slots, err := os.ReadFile(sealed.SlotsOf(before))
	if err != nil {
		t.Fatal(err)
	}
	for name, left := range map[string][]byte{
		"not begun":   slots,
		"its head":    slices.Concat([]byte("keypull taken 1\n"), make([]byte, 48), slots[64:]),
		"half of it":  slices.Concat([]byte("keypull taken 1\n"), make([]byte, 16000), slots[16016:]),
		"put back":    slices.Concat(make([]byte, 64), slots[64:9000]),
		"all but end": slices.Concat([]byte("keypull taken 1\n"), make([]byte, len(slots)-16)),
	} {
		t.Run(name, func(t *testing.T) {
			copied := filesOf(t, path)
			if err := os.WriteFile(sealed.SlotsOf(copied), left, 0o600); err != nil {
				t.Fatal(err)
			}
			f.opens(t, name, paged(t, copied, pages.Copy(), noon))
			if b, err := os.ReadFile(sealed.SlotsOf(copied)); err != nil || len(b) > 0 {
				t.Errorf("%d bytes are left, %v", len(b), err)
			}
		})
	}
	t.Run("another one", func(t *testing.T) {
		copied := filesOf(t, path)
		slots[len(slots)-1]++
		if err := os.WriteFile(sealed.SlotsOf(copied), slots, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sealed.Open(pagedOptions(copied, pages, noon))
		wants(t, "both hold keys", err, sealed.ErrLost)
		if b, err := os.ReadFile(sealed.SlotsOf(copied)); err != nil || len(b) != len(slots) {
			t.Errorf("%d bytes are left, %v", len(b), err)
		}
	})
}

// A copy of the keys opens by itself, in a file and where it is taken over into pages again.
func TestACopyOfKeysInPagesRestores(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 300)
	copied := keyPath(t)
	if err := r.BackupFiles(copied); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "in a file", keyPool(t, filesOf(t, copied), 8))
	f.opens(t, "in pages", paged(t, filesOf(t, copied), &storetest.KeptPages{}, noon))
}

// Slots are put back into their file, for a store that has them there.
func TestSlotsInPagesArePutBack(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 300)
	f.erase(t, r, 2)
	for range 2 {
		if err := errors.Join(r.Rest(), r.LeaveFile()); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "in pages still", paged(t, filesOf(t, path), pages.Copy(), noon))
	f.opens(t, "in their file", keyPool(t, path, 8))
}

// A wrapping key outlives one of its sectors, and is missed where both are damaged.
func TestAWrappingKeyOutlivesOneOfItsSectors(t *testing.T) {
	path, pages := keyPath(t), &storetest.KeptPages{}
	r := paged(t, path, pages, noon)
	f := addReaders(t, r, 10)
	for name, damaged := range map[string][]int64{"the first": {0}, "the second": {512}, "both": {0, 512}} {
		t.Run(name, func(t *testing.T) {
			copied := filesOf(t, path)
			file, err := os.OpenFile(sealed.WrappingOf(copied), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range damaged {
				if _, err := file.WriteAt([]byte("rust"), at+40); err != nil {
					t.Fatal(err)
				}
			}
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			if len(damaged) == 2 {
				_, err := sealed.Open(pagedOptions(copied, pages, noon))
				wants(t, "open", err, sealed.ErrLost)
				return
			}
			f.opens(t, name, paged(t, copied, pages.Copy(), noon))
		})
	}
}

// BenchmarkWrapPages wraps the pages of a million readers.
func BenchmarkWrapPages(b *testing.B) {
	path, pages := keyPath(b), &storetest.KeptPages{}
	r := paged(b, path, pages, noon)
	for range 1_000_000 {
		r.Keep(must[store.Slot](b)(r.NewReader()))
	}
	now := noon
	for b.Loop() {
		now = now.Add(23 * time.Hour)
		if _, err := r.WrapPages(b.Context(), now); err != nil {
			b.Fatal(err)
		}
		if _, err := r.WrapPages(b.Context(), now.Add(2*time.Hour)); err != nil {
			b.Fatal(err)
		}
	}
}
