package sealed_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
)

func TestWhatIsSealedOpensInItsPlaceAlone(t *testing.T) {
	r, _ := fresh(t)
	slot := must[store.Slot](t)(r.NewReader())
	day, document := ofDay(t, r, noon, "day"), ofReader(t, r, slot, "document")
	for _, place := range []string{"", "some", "somewhere else", "somewherE"} {
		_, err := r.OpenDay(place, day)
		wants(t, "a day at "+place, err, sealed.ErrTampered)
		_, _, err = r.OpenReader(place, document)
		wants(t, "a document at "+place, err, sealed.ErrTampered)
	}
	if !r.Bound(day) || !r.Bound(document) {
		t.Error("what is bound does not say so")
	}
}

func TestTheFirstFormOpensAndNothingIsMadeOfIt(t *testing.T) {
	r, _ := fresh(t)
	slot := must[store.Slot](t)(r.NewReader())
	oldDay, oldDocument := must[[]byte](t)(r.OldDay(noon, []byte("day"))), must[[]byte](t)(r.OldReader(slot, []byte("document")))
	if got, err := r.OpenDay("anywhere", oldDay); string(got) != "day" || err != nil || r.Bound(oldDay) {
		t.Errorf("a day: %q, %v", got, err)
	}
	if got, of, err := r.OpenReader("anywhere", oldDocument); string(got) != "document" || of != slot || err != nil || r.Bound(oldDocument) {
		t.Errorf("a document: %q, %v", got, err)
	}
	opens := func(b []byte) bool {
		_, day := r.OpenDay("elsewhere", b)
		_, _, reader := r.OpenReader("elsewhere", b)
		return day == nil || reader == nil
	}
	for name, b := range map[string][]byte{"day": ofDay(t, r, noon, "day"), "document": ofReader(t, r, slot, "document")} {
		plain := bytes.Clone(b)
		plain[0] ^= 0x20
		if opens(plain) || opens(append(plain[:1:1], plain[2:]...)) {
			t.Errorf("%s: the form was taken off, and it opens elsewhere", name)
		}
	}
	for name, b := range map[string][]byte{"day": oldDay, "document": oldDocument} {
		later := append([]byte{b[0] | 0x20, 2}, b[1:]...)
		if opens(later) {
			t.Errorf("%s: the first form opens as the second", name)
		}
	}
}

// spoilt flips a bit in some slots of a closed ring's file.
func spoilt(t *testing.T, path string, slots ...int) {
	t.Helper()
	content := must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	for _, n := range slots {
		content[64*n+20] ^= 4
	}
	if err := os.WriteFile(path+".slots", content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADayOutlivesOneOfItsSlots(t *testing.T) {
	for _, slot := range []int{1, 2} {
		r, path := fresh(t)
		b := ofDay(t, r, noon, "day")
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		spoilt(t, path, slot)
		r = open(t, path)
		if got, err := r.OpenDay(here, b); string(got) != "day" || err != nil {
			t.Errorf("slot %d: %q, %v", slot, got, err)
		}
		if n := r.DaysDamaged(); n != 1 {
			t.Errorf("slot %d: %d days damaged", slot, n)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		// The slot that is left may go as well: a new one stands beside it.
		spoilt(t, path, 3-slot)
		r = open(t, path)
		if got, err := r.OpenDay(here, b); string(got) != "day" || err != nil {
			t.Errorf("slot %d, and then the other: %q, %v", slot, got, err)
		}
	}
}

func TestADayThatLostItsKeyGetsANewOne(t *testing.T) {
	r, path := fresh(t)
	lost := ofDay(t, r, noon, "lost")
	reader := must[store.Slot](t)(r.NewReader())
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	spoilt(t, path, 1, 2)
	r = open(t, path)
	_, err := r.OpenDay(here, lost)
	wants(t, "what was sealed before", err, sealed.ErrTampered) // and not as erased on purpose
	b := ofDay(t, r, noon, "new")
	if got, err := r.OpenDay(here, b); string(got) != "new" || err != nil || r.DaysDamaged() != 1 {
		t.Errorf("%q, %v, %d days damaged", got, err, r.DaysDamaged())
	}
	if _, err := r.SealReader(reader); err != nil {
		t.Errorf("a reader went with the day: %v", err)
	}
	r = again(t, path)
	if got, err := r.OpenDay(here, b); string(got) != "new" || err != nil || r.DaysDamaged() != 0 {
		t.Errorf("after a reopen: %q, %v, %d days damaged", got, err, r.DaysDamaged())
	}
}

func TestADayThatIsDamagedUnderARunningProcessGoesOn(t *testing.T) {
	r, path := fresh(t)
	_ = ofDay(t, r, noon, "day")
	r.DropReady() // as many others would, so that its key has to be read anew
	spoilt(t, path, 1, 2)
	for range 3 {
		b := ofDay(t, r, noon, "day")
		if got, err := r.OpenDay(here, b); string(got) != "day" || err != nil {
			t.Fatalf("%q, %v", got, err)
		}
	}
}

func TestDaysOfAnEarlierVersionGetTheirSecondSlot(t *testing.T) {
	r, path := fresh(t)
	b := ofDay(t, r, noon, "day")
	if err := errors.Join(r.OldDays(), r.Close()); err != nil {
		t.Fatal(err)
	}
	r = open(t, path)
	if n := r.DaysDamaged(); n != 0 {
		t.Errorf("%d days damaged", n)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	spoilt(t, path, 1)
	if got, err := open(t, path).OpenDay(here, b); string(got) != "day" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

var errDisk = errors.New("the disk says no")

func TestAnErasureWhoseSyncFailedIsNotDone(t *testing.T) {
	r, path := fresh(t)
	reader := must[store.Slot](t)(r.NewReader())
	other := must[store.Slot](t)(r.NewReader())
	r.FailSync(errDisk)
	for range 2 { // also the second time, when the file reads as erased
		wants(t, "erasing", r.EraseReaders(reader), errDisk)
	}
	wants(t, "erasing again", r.EraseAgain(), errDisk)
	if _, err := r.NewReader(); !errors.Is(err, errDisk) {
		t.Errorf("a new reader: %v", err)
	}
	r.FailSync(nil)
	// The disk has the key still; what is written next must overwrite it.
	bring(t, path, reader)
	if err := r.EraseReaders(other); err != nil {
		t.Fatal(err)
	}
	if slot := slotOf(t, path, reader); !bytes.Equal(slot[4:], make([]byte, 60)) {
		t.Error("a sync that succeeded left the key")
	}
	if err := r.EraseReaders(reader); err != nil {
		t.Error(err)
	}
}

func TestTheNextProcessErasesOnceMore(t *testing.T) {
	r, path := fresh(t)
	reader := must[store.Slot](t)(r.NewReader())
	if err := errors.Join(r.EraseReaders(reader), r.Close()); err != nil {
		t.Fatal(err)
	}
	r = open(t, path)
	bring(t, path, reader)
	if err := r.EraseAgain(); err != nil {
		t.Fatal(err)
	}
	if slot := slotOf(t, path, reader); !bytes.Equal(slot[4:], make([]byte, 60)) {
		t.Error("the key is there")
	}
	if next := must[store.Slot](t)(r.NewReader()); next>>32 != reader>>32 {
		t.Error("the slot is not free any more")
	}
}

// bring puts something in the place of a key, as a disk would that never got the
// erasure.
func bring(t *testing.T, path string, reader store.Slot) {
	t.Helper()
	f, err := os.OpenFile(path+".slots", os.O_RDWR, 0o600) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte("k"), 60), int64(reader>>32)*64+4); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func slotOf(t *testing.T, path string, reader store.Slot) []byte {
	t.Helper()
	content := must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	return content[64*(reader>>32):][:64]
}

func TestOneProcessHasTheKeys(t *testing.T) {
	r, path := fresh(t)
	_, err := sealed.Open(sealed.Options{Path: path, Wait: time.Millisecond})
	wants(t, "a second one", err, store.ErrInUse)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestMovingAsideWritesOverNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	names := map[string]bool{}
	for range 3 {
		if err := os.WriteFile(path, []byte("something"), 0o600); err != nil {
			t.Fatal(err)
		}
		names[must[string](t)(sealed.MoveAside(path, time.Second, noon))] = true
	}
	if entries := must[[]os.DirEntry](t)(os.ReadDir(filepath.Dir(path))); len(entries) != 3 || len(names) != 3 {
		t.Errorf("%d files of %d names", len(entries), len(names))
	}
}
