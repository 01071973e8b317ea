package changes_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
	"keypull/store/changes"
	"keypull/store/mem"
)

// vault seals by turning every byte round, for one purpose.
type vault struct{}

func (vault) Seal(purpose string, plaintext []byte) []byte {
	return append([]byte(purpose+"|"), turned(plaintext)...)
}

func (vault) Unseal(purpose string, sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(purpose+"|"))
	if !ok {
		return nil, errors.New("sealed for something else")
	}
	return turned(rest), nil
}

func turned(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = ^b[i]
	}
	return out
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func all(people.Change) bool { return true }

func TestAChangeComesBackWhole(t *testing.T) {
	kv := mem.Open(store.Options{})
	c := changes.New(kv, vault{}, rand.Reader)
	for _, size := range []int{0, 1, store.MaxValueBytes, 3*store.MaxValueBytes + 7} {
		before := bytes.Repeat([]byte("was"), size/3+1)[:size]
		id, err := c.Keep(t.Context(), people.Change{At: noon, Publisher: "lecker"}, before)
		if err != nil {
			t.Fatal(err)
		}
		head, err := c.Head(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Before(t.Context(), head); err != nil || !bytes.Equal(got, before) {
			t.Errorf("%d bytes came back as %d: %v", size, len(got), err)
		}
	}
	for pair := range scanned(t, kv, "change-part") {
		if bytes.Contains([]byte(pair), []byte("waswas")) {
			t.Error("what was before lies in the store in clear")
		}
	}
	for _, id := range []string{"", "nothing", "a.b", "..", "Ä"} {
		if _, err := c.Head(t.Context(), id); pull.KindOf(err) != pull.Unknown {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := c.Keep(t.Context(), people.Change{At: noon}, make([]byte, changes.MaxBytes+1)); pull.KindOf(err) != pull.Invalid {
		t.Errorf("a change that is too large: %v", err)
	}
}

// scanned returns the values below a prefix.
func scanned(t *testing.T, kv store.KV, prefix string) map[string]bool {
	t.Helper()
	pairs, err := kv.Scan(context.Background(), prefix, "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]bool{}
	for _, p := range pairs {
		values[string(p.Value)] = true
	}
	return values
}

func TestTheLatestChangesComeFirst(t *testing.T) {
	c := changes.New(mem.Open(store.Options{}), vault{}, rand.Reader)
	for minute := range 30 {
		head := people.Change{At: noon.Add(time.Duration(minute) * time.Minute), Things: minute}
		id, err := c.Keep(t.Context(), head, nil)
		if err == nil && minute == 27 {
			err = c.Undo(t.Context(), id, noon)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.Since(t.Context(), noon.Add(20*time.Minute), 3, func(c people.Change) bool { return c.Undone.IsZero() })
	if err != nil || len(got) != 3 || got[0].Things != 29 || got[2].Things != 26 {
		t.Fatalf("%v %v", got, err)
	}
	if got, err = c.Since(t.Context(), noon.Add(20*time.Minute), 50, all); err != nil || len(got) != 10 {
		t.Errorf("%d since: %v", len(got), err)
	}
}

func TestOldChangesGoByAgeAndBySize(t *testing.T) {
	kv := mem.Open(store.Options{})
	c := changes.New(kv, vault{}, rand.Reader)
	keep := func(at time.Time, size int) string {
		t.Helper()
		id, err := c.Keep(t.Context(), people.Change{At: at}, make([]byte, size))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	keep(noon.Add(-time.Hour), 10)
	young := keep(noon, 10)
	if n, err := c.Sweep(t.Context(), noon); err != nil || n != 1 {
		t.Fatalf("%d were swept: %v", n, err)
	}
	if _, err := c.Head(t.Context(), young); err != nil {
		t.Error(err)
	}
	large := changes.AllBytes / 4
	last := ""
	for i := range 5 {
		last = keep(noon.Add(time.Duration(i+1)*time.Minute), large)
	}
	if _, err := c.Head(t.Context(), young); pull.KindOf(err) != pull.Unknown {
		t.Errorf("the oldest made no room: %v", err)
	}
	if got, err := c.Since(t.Context(), noon, 50, all); err != nil || len(got) != 4 || got[0].ID != last {
		t.Errorf("%d are kept: %v", len(got), err)
	}
	parts, err := kv.Scan(t.Context(), "change-part", "", store.MaxPage)
	if most := 4 * (large/(store.MaxValueBytes-1<<10) + 1); err != nil || len(parts) > most {
		t.Errorf("%d parts are left, at most %d belong to somebody: %v", len(parts), most, err)
	}
}
