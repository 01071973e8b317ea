package sealed_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func open(tb testing.TB, path string) *sealed.Ring {
	tb.Helper()
	r, err := sealed.Open(sealed.Options{Path: path, Fresh: true, Ahead: 1})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = r.Close() })
	return r
}

func fresh(tb testing.TB) (*sealed.Ring, string) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "keypull.key")
	return open(tb, path), path
}

// again opens a copy of the files of this moment, as the next process would see
// them: the ring that has them open has them for itself.
func again(tb testing.TB, path string) *sealed.Ring {
	tb.Helper()
	copied := filepath.Join(tb.TempDir(), "again.key")
	for _, suffix := range []string{"", ".slots"} {
		b, err := os.ReadFile(path + suffix) //nolint:gosec // of this test
		if err == nil {
			err = os.WriteFile(copied+suffix, b, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return open(tb, copied)
}

// here is the place of most of what is sealed here.
const here = "somewhere"

func ofDay(tb testing.TB, r *sealed.Ring, at time.Time, text string) []byte {
	tb.Helper()
	return must[store.Seal](tb)(r.SealDay(at))(here, []byte(text))
}

func ofReader(tb testing.TB, r *sealed.Ring, slot store.Slot, text string) []byte {
	tb.Helper()
	return must[store.Seal](tb)(r.SealReader(slot))(here, []byte(text))
}

func must[T any](tb testing.TB) func(T, error) T {
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func TestPseudonymsTellPartsApart(t *testing.T) {
	r, path := fresh(t)
	other, _ := fresh(t)
	name := r.Pseudonym("lecker", "tg", "42")
	if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(name) {
		t.Errorf("%q is not 26 characters of a-z and 2-7", name)
	}
	if err := store.CheckKey("reader." + name); err != nil {
		t.Error(err)
	}
	if again := again(t, path).Pseudonym("lecker", "tg", "42"); again != name {
		t.Errorf("%s after a reopen, want %s", again, name)
	}
	for what, got := range map[string]string{
		"other borders of parts": r.Pseudonym("lecker", "tg4", "2"),
		"an empty part more":     r.Pseudonym("lecker", "tg", "42", ""),
		"another key file":       other.Pseudonym("lecker", "tg", "42"),
	} {
		if got == name {
			t.Errorf("%s give the same pseudonym", what)
		}
	}
}

func TestHashKeyIsStableAndTheCallersOwn(t *testing.T) {
	r, path := fresh(t)
	key := r.HashKey()
	want := bytes.Clone(key)
	clear(key)
	if again := again(t, path).HashKey(); len(again) != 32 || !bytes.Equal(again, want) || !bytes.Equal(r.HashKey(), want) {
		t.Errorf("got %x, want %x", again, want)
	}
}

func TestSecretsOpenForTheirPurposeOnly(t *testing.T) {
	r, path := fresh(t)
	b := r.Seal("channel tg", []byte("token"))
	if bytes.Contains(b, []byte("token")) {
		t.Error("the secret is not sealed")
	}
	if got, err := again(t, path).Unseal("channel tg", b); string(got) != "token" || err != nil {
		t.Errorf("got %q, error %v", got, err)
	}
	_, err := r.Unseal("channel line", b)
	wants(t, "another purpose", err, sealed.ErrTampered)
	other, _ := fresh(t)
	_, err = other.Unseal("channel tg", b)
	wants(t, "another key file", err, sealed.ErrOtherKey)
	if bytes.Equal(b, r.Seal("channel tg", []byte("token"))) {
		t.Error("the same secret twice gives the same bytes")
	}
}

func TestReadersAreOpenedWithTheirOwnKey(t *testing.T) {
	r, path := fresh(t)
	one, two := must[store.Slot](t)(r.NewReader()), must[store.Slot](t)(r.NewReader())
	if one == two {
		t.Fatal("two readers have one slot")
	}
	for _, plain := range []string{"document", ""} {
		b := ofReader(t, r, one, plain)
		for what, ring := range map[string]*sealed.Ring{"at once": r, "after a reopen": again(t, path)} {
			got, slot, err := ring.OpenReader(here, b)
			if string(got) != plain || slot != one || err != nil {
				t.Errorf("%s: got %q of slot %d, error %v", what, got, slot, err)
			}
		}
	}
}

func TestAnErasedReaderIsGoneForGood(t *testing.T) {
	r, path := fresh(t)
	one := must[store.Slot](t)(r.NewReader())
	stays := must[store.Slot](t)(r.NewReader())
	old := ofReader(t, r, one, "document")
	kept := ofReader(t, r, stays, "kept")
	if err := r.EraseReaders(one, one); err != nil {
		t.Fatal(err)
	}
	if err := r.EraseReaders(one, 0, 1<<40); err != nil {
		t.Fatal(err)
	}
	next := must[store.Slot](t)(r.NewReader())
	if next>>32 != one>>32 || next == one {
		t.Errorf("the next reader has %x after %x: want the same slot with another generation", next, one)
	}
	if after := must[store.Slot](t)(r.NewReader()); after>>32 == one>>32 {
		t.Error("the slot was free twice")
	}
	for what, ring := range map[string]*sealed.Ring{"at once": r, "after a reopen": again(t, path)} {
		_, _, err := ring.OpenReader(here, old)
		wants(t, what+": an old document", err, sealed.ErrErased)
		_, err = ring.SealReader(one)
		wants(t, what+": sealing for the erased reader", err, sealed.ErrErased)
		if got, _, err := ring.OpenReader(here, kept); string(got) != "kept" || err != nil {
			t.Errorf("%s: the other reader: got %q, error %v", what, got, err)
		}
	}
}

func TestAnErasedKeyIsNotInTheFile(t *testing.T) {
	r, path := fresh(t)
	one := must[store.Slot](t)(r.NewReader())
	before := must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	if err := r.EraseReaders(one); err != nil {
		t.Fatal(err)
	}
	after := must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	if len(before) != 128 || len(after) != 128 {
		t.Fatalf("%d and %d bytes, want 128", len(before), len(after))
	}
	if !bytes.Equal(after[68:], make([]byte, 60)) {
		t.Error("the wrapped key was not overwritten")
	}
}

func TestErasingTheSameReaderAtOnceFreesItsSlotOnce(t *testing.T) {
	r, _ := fresh(t)
	one := must[store.Slot](t)(r.NewReader())
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := r.EraseReaders(one); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	next := must[store.Slot](t)(r.NewReader())
	if after := must[store.Slot](t)(r.NewReader()); after>>32 == next>>32 {
		t.Error("two readers share a slot")
	}
}

func TestDaysAreOpenedUntilTheyAreDestroyed(t *testing.T) {
	r, path := fresh(t)
	yesterday := ofDay(t, r, noon.AddDate(0, 0, -1), "yesterday")
	today := ofDay(t, r, noon, "today")
	_ = ofDay(t, r, time.Time{}, "before time began")
	reader := must[store.Slot](t)(r.NewReader())
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = open(t, path)
	for want, b := range map[string][]byte{"yesterday": yesterday, "today": today} {
		if got, err := r.OpenDay(here, b); string(got) != want || err != nil {
			t.Errorf("got %q, error %v", got, err)
		}
	}
	if n, err := r.DestroyBefore(noon); n != 2 || err != nil {
		t.Fatalf("%d days destroyed, error %v", n, err)
	}
	if n, err := r.DestroyBefore(noon); n != 0 || err != nil {
		t.Fatalf("%d days destroyed again, error %v", n, err)
	}
	late := ofDay(t, r, noon.AddDate(0, 0, -1), "late")
	for what, ring := range map[string]*sealed.Ring{"at once": r, "after a reopen": again(t, path)} {
		if _, err := ring.OpenDay(here, yesterday); err == nil {
			t.Errorf("%s: yesterday can still be opened", what)
		}
		for want, b := range map[string][]byte{"today": today, "late": late} {
			if got, err := ring.OpenDay(here, b); string(got) != want || err != nil {
				t.Errorf("%s: got %q, error %v", what, got, err)
			}
		}
		if _, err := ring.SealReader(reader); err != nil {
			t.Errorf("%s: a reader went with the days: %v", what, err)
		}
	}
}

func TestADayHasOneKeyHoweverManyBeginIt(t *testing.T) {
	r, path := fresh(t)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			seal, err := r.SealDay(noon)
			if err != nil {
				t.Error(err)
				return
			}
			b := seal(here, []byte("text"))
			if got, err := r.OpenDay(here, b); string(got) != "text" || err != nil {
				t.Errorf("got %q, error %v", got, err)
			}
		})
	}
	group.Wait()
	if info := must[os.FileInfo](t)(os.Stat(path + ".slots")); info.Size() != 192 {
		t.Errorf("the slots have %d bytes, want those of two slots beside the first", info.Size())
	}
}

func TestEveryChangedByteIsAnError(t *testing.T) {
	r, _ := fresh(t)
	reader := must[store.Slot](t)(r.NewReader())
	for name, c := range map[string]struct {
		sealed []byte
		open   func([]byte) error
	}{
		"a secret":   {r.Seal("p", []byte("text")), func(b []byte) error { _, err := r.Unseal("p", b); return err }},
		"a day":      {ofDay(t, r, noon, "text"), func(b []byte) error { _, err := r.OpenDay(here, b); return err }},
		"a document": {ofReader(t, r, reader, "text"), func(b []byte) error { _, _, err := r.OpenReader(here, b); return err }},
		"an ask":     {must[store.Seal](t)(r.SealBoth(reader, noon))(here, []byte("text")), func(b []byte) error { _, _, err := r.OpenBoth(here, b); return err }},
	} {
		if err := c.open(c.sealed); err != nil {
			t.Fatal(err)
		}
		for i := range c.sealed {
			b := bytes.Clone(c.sealed)
			b[i] ^= 0x10
			if c.open(b) == nil {
				t.Errorf("%s opens with byte %d changed", name, i)
			}
			if c.open(c.sealed[:i]) == nil {
				t.Errorf("%s opens with %d of %d bytes", name, i, len(c.sealed))
			}
		}
		if c.open(append(c.sealed, 0)) == nil {
			t.Errorf("%s opens with a byte more", name)
		}
	}
}

func TestMoreReadersThanTheCacheHolds(t *testing.T) {
	const many = 9000
	r, _ := fresh(t)
	documents := make([][]byte, many)
	var group sync.WaitGroup
	for worker := range 100 {
		group.Go(func() {
			for i := worker; i < many; i += 100 {
				slot, err := r.NewReader()
				if err != nil {
					t.Error(err)
					return
				}
				seal, err := r.SealReader(slot)
				if err != nil {
					t.Error(err)
					return
				}
				documents[i] = seal(here, []byte("document"))
			}
		})
	}
	group.Wait()
	for i, b := range documents {
		if got, _, err := r.OpenReader(here, b); string(got) != "document" || err != nil {
			t.Fatalf("reader %d: got %q, error %v", i, got, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	r, _ := fresh(f)
	reader := must[store.Slot](f)(r.NewReader())
	f.Add(r.Seal("p", []byte("text")))
	f.Add(ofDay(f, r, noon, "text"))
	f.Add(ofReader(f, r, reader, "text"))
	f.Add(must[store.Seal](f)(r.SealBoth(reader, noon))(here, []byte("text")))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, open := range []func([]byte) ([]byte, error){
			func(b []byte) ([]byte, error) { return r.OpenDay(here, b) },
			func(b []byte) ([]byte, error) { return r.Unseal("p", b) },
			func(b []byte) ([]byte, error) { plain, _, err := r.OpenReader(here, b); return plain, err },
			func(b []byte) ([]byte, error) { plain, _, err := r.OpenBoth(here, b); return plain, err },
		} {
			if plain, err := open(b); err == nil && string(plain) != "text" {
				t.Errorf("%x opened as %q", b, plain)
			}
		}
	})
}
