package sealed_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
	"keypull/store/storetest"
)

// keyPool opens keys that are made so many at a time.
func keyPool(tb testing.TB, path string, group int) *sealed.Ring {
	tb.Helper()
	r := must[*sealed.Ring](tb)(sealed.Open(sealed.Options{Path: path, Fresh: true, Ahead: group}))
	tb.Cleanup(func() { _ = r.Close() })
	return r
}

func keyPath(tb testing.TB) string { return filepath.Join(tb.TempDir(), "keypull.key") }

// keysIn counts the slots that hold a key.
func keysIn(tb testing.TB, path string) (n int) {
	tb.Helper()
	content := must[[]byte](tb)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	for slot := range slices.Chunk(content[64:], 64) {
		if !bytes.Equal(slot[4:], make([]byte, 60)) {
			n++
		}
	}
	return n
}

func TestManyReadersShareASyncAndNoSlot(t *testing.T) {
	const many = 1000
	r := keyPool(t, keyPath(t), 100)
	syncs := r.CountSyncs()
	slots := make([]store.Slot, many)
	var group sync.WaitGroup
	for worker := range 20 {
		group.Go(func() {
			for i := worker; i < many; i += 20 {
				slot, err := r.NewReader()
				if err != nil {
					t.Error(err)
				}
				slots[i] = slot
			}
		})
	}
	group.Wait()
	slices.Sort(slots)
	if n := len(slices.Compact(slots)); n != many {
		t.Errorf("%d slots for %d readers", n, many)
	}
	if n := syncs(); n > many/100+2 {
		t.Errorf("%d syncs", n)
	}
}

func TestAKeyIsHandedOutOnlyWhenItIsDurable(t *testing.T) {
	r := keyPool(t, keyPath(t), 1)
	r.FailSync(errDisk)
	if _, err := r.NewReader(); !errors.Is(err, errDisk) {
		t.Errorf("a key that may not be there: %v", err)
	}
	r.FailSync(nil)
	first := must[store.Slot](t)(r.NewReader())
	r = keyPool(t, keyPath(t), 4)
	_ = must[store.Slot](t)(r.NewReader())
	r.FailSync(errDisk)
	if second, err := r.NewReader(); second == first || err != nil {
		t.Errorf("one that has been there: %x, %v", second, err)
	}
}

func TestWhoseKeyItIsSurvivesACrash(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 4)
	lent, kept := must[store.Slot](t)(r.NewReader()), must[store.Slot](t)(r.NewReader())
	r.Keep(kept)
	ofLent, ofKept := ofReader(t, r, lent, "asked"), ofReader(t, r, kept, "document")

	next := again(t, path)
	adrift := next.Adrift()
	if !slices.Contains(adrift, lent) || !slices.Contains(adrift, kept) {
		t.Errorf("before the next group: %x adrift, want %x and %x among them", adrift, lent, kept)
	}
	for _, b := range [][]byte{ofLent, ofKept} {
		if _, _, err := next.OpenReader(here, b); err != nil {
			t.Error("a key that was handed out opens until its owner is known to be none:", err)
		}
	}
	for range 8 { // nobody gets a slot that may be another's
		if slot := must[store.Slot](t)(next.NewReader()); slices.ContainsFunc(adrift, func(s store.Slot) bool { return s>>32 == slot>>32 }) {
			t.Errorf("slot %x has two owners", slot>>32)
		}
	}

	for range 4 {
		_ = must[store.Slot](t)(r.NewReader())
	}
	if adrift := again(t, path).Adrift(); slices.Contains(adrift, kept) || !slices.Contains(adrift, lent) {
		t.Errorf("after the next group: %x adrift, want %x and not %x", adrift, lent, kept)
	}
	if got, _, err := again(t, path).OpenReader(here, ofKept); string(got) != "document" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAKeyThatNobodyOwnsIsDestroyedBeforeItsSlotIsUsedAgain(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 4)
	lent := must[store.Slot](t)(r.NewReader())
	old := ofReader(t, r, lent, "asked")
	r = again(t, path)
	if err := r.EraseReaders(r.Adrift()...); err != nil {
		t.Fatal(err)
	}
	_, _, err := r.OpenReader(here, old)
	wants(t, "an orphan's", err, sealed.ErrErased)
	var reused bool
	for range 8 {
		next := must[store.Slot](t)(r.NewReader())
		reused = reused || next>>32 == lent>>32
		if next == lent {
			t.Error("the slot has its former generation")
		}
	}
	_, _, err = r.OpenReader(here, old)
	wants(t, "an orphan's, by the next owner's key", err, sealed.ErrErased)
	if !reused {
		t.Error("the slot is not used again")
	}
}

func TestACleanEndLeavesNoKeyThatNobodyOwns(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 16)
	lent, kept, released := must[store.Slot](t)(r.NewReader()), must[store.Slot](t)(r.NewReader()), must[store.Slot](t)(r.NewReader())
	r.Keep(kept)
	r.Release(released)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n := keysIn(t, path); n != 2 {
		t.Errorf("%d keys are left, want that of the owner and the one that was handed out", n)
	}
	if adrift := again(t, path).Adrift(); len(adrift) != 1 || adrift[0] != lent {
		t.Errorf("%x adrift, want %x", adrift, lent)
	}
}

func TestWhoIsKeptAndErasedLeavesTheNextOwnerAlone(t *testing.T) {
	path := keyPath(t)
	r := keyPool(t, path, 1)
	first := must[store.Slot](t)(r.NewReader())
	r.Keep(first)
	if err := r.EraseReaders(first); err != nil {
		t.Fatal(err)
	}
	second := must[store.Slot](t)(r.NewReader())
	b := ofReader(t, r, second, "document")
	_ = must[store.Slot](t)(r.NewReader())
	if second>>32 != first>>32 {
		t.Fatal("the slot was not used again")
	}
	if got, _, err := again(t, path).OpenReader(here, b); string(got) != "document" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestACopyOpensNothingOfWhoComesLater(t *testing.T) {
	r := keyPool(t, keyPath(t), 8)
	before := must[store.Slot](t)(r.NewReader())
	copied := keyPath(t)
	if err := r.BackupFiles(copied); err != nil {
		t.Fatal(err)
	}
	if n := keysIn(t, copied); n != 1 {
		t.Errorf("%d keys in the copy, want that of the one reader", n)
	}
	r.Keep(before)
	old := ofReader(t, r, before, "before")
	var later [][]byte
	for range 20 {
		later = append(later, ofReader(t, r, must[store.Slot](t)(r.NewReader()), "later"))
	}
	restored := again(t, copied)
	if got, _, err := restored.OpenReader(here, old); string(got) != "before" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, b := range later {
		_, _, err := restored.OpenReader(here, b)
		wants(t, "one who came later", err, sealed.ErrErased)
	}
}

func TestWhatBothKeysSealEndsWithEither(t *testing.T) {
	for name, end := range map[string]func(*sealed.Ring, store.Slot) error{
		"the reader's": func(r *sealed.Ring, slot store.Slot) error { return r.EraseReaders(slot) },
		"the day's":    func(r *sealed.Ring, _ store.Slot) error { _, err := r.DestroyBefore(noon.AddDate(0, 0, 1)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			r := keyPool(t, keyPath(t), 4)
			slot := must[store.Slot](t)(r.NewReader())
			b := must[store.Seal](t)(r.SealBoth(slot, noon))(here, []byte("ask"))
			if len(b) > len("ask")+store.MaxBound {
				t.Errorf("%d bytes longer", len(b)-len("ask"))
			}
			if owner, ok := r.Owner(b); owner != slot || !ok {
				t.Errorf("it names %x, want %x", owner, slot)
			}
			if got, owner, err := r.OpenBoth(here, b); string(got) != "ask" || owner != slot || err != nil {
				t.Errorf("%q of %x, %v", got, owner, err)
			}
			_, _, err := r.OpenBoth("elsewhere", b)
			wants(t, "at another place", err, sealed.ErrTampered)
			if err := end(r, slot); err != nil {
				t.Fatal(err)
			}
			_, _, err = r.OpenBoth(here, b)
			wants(t, "after the end of a key", err, sealed.ErrErased)
		})
	}
}

// TestKeysMadeAheadOpenWhatAListSaysTheyDo does 10,000 random things, and holds the
// keys, the slots that are used again and the ciphers in memory against a list of
// whose text opens.
func TestKeysMadeAheadOpenWhatAListSaysTheyDo(t *testing.T) {
	t.Run("in their file", func(t *testing.T) { holdAgainstAList(t, nil) })
	t.Run("in pages", func(t *testing.T) { holdAgainstAList(t, &storetest.KeptPages{}) })
}

// holdAgainstAList does it with slots in their file, or in pages, which are wrapped anew meanwhile.
func holdAgainstAList(t *testing.T, pages *storetest.KeptPages) {
	const cases = 10_000
	random := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // which reader is no secret
	path := keyPath(t)
	now := noon
	opened := func() *sealed.Ring {
		if pages != nil {
			return paged(t, path, pages, now)
		}
		r := keyPool(t, path, 8)
		r.SkipSync()
		return r
	}
	r := opened()
	type reader struct {
		slot  store.Slot
		text  []byte
		alive bool
	}
	var readers []*reader
	check := func(of *reader) {
		t.Helper()
		if _, slot, err := r.OpenReader(here, of.text); of.alive && (err != nil || slot != of.slot) || !of.alive && !errors.Is(err, sealed.ErrErased) {
			t.Fatalf("slot %x, alive %v: %x, %v", of.slot, of.alive, slot, err)
		}
	}
	come := func() *reader {
		slot := must[store.Slot](t)(r.NewReader())
		of := &reader{slot, ofReader(t, r, slot, "hello"), true}
		readers = append(readers, of)
		return of
	}
	r.Keep(come().slot)
	for range cases {
		of := readers[random.IntN(len(readers))]
		switch n := random.IntN(100); {
		case n < 30:
			r.Keep(come().slot)
		case n < 40: // comes, and nothing of it is kept
			of = come()
			r.Release(of.slot)
			of.alive = false
			wants(t, "erase what was released", r.EraseReaders(), nil)
		case n < 55:
			of.alive = false
			wants(t, "erase", r.EraseReaders(of.slot), nil)
		case n < 60:
			r.DropReady()
		case n == 60:
			wants(t, "close", r.Close(), nil)
			r = opened()
		case n == 61:
			now = now.Add(5 * time.Hour)
			_, err := r.WrapPages(t.Context(), now)
			wants(t, "wrap", err, nil)
		}
		check(of)
	}
	for _, of := range readers {
		check(of)
	}
}
