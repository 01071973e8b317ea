package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// kept is how much of the log the stores of these tests keep.
var kept = store.Options{Keep: 64 << 20}

// followed is a store with a copy that follows it.
type followed struct {
	*testing.T
	path, copy string
	db         *bolt.DB
	n          int
}

func newFollowed(t *testing.T) *followed {
	f := &followed{T: t, path: filepath.Join(t.TempDir(), "keypull.db"), copy: filepath.Join(t.TempDir(), "copy.db")}
	f.db = open(t, f.path, kept)
	return f
}

// lives writes some of everything.
func (f *followed) lives(times int) {
	f.Helper()
	for range times {
		f.n++
		id := fmt.Sprintf("%016x", f.n)
		accepted, err := f.db.Queue("asks").Accept(f.Context(), []store.Entry{{ID: "m" + id, Payload: make([]byte, rand.IntN(2000))}}) //nolint:gosec // any will do
		if err == nil && f.n%3 > 0 {
			err = f.db.Queue("asks").Ack(f.Context(), accepted[0].Seq)
		}
		if err == nil {
			_, err = f.db.Log("asks").Append(f.Context(), store.Record{ID: id, Data: []byte(id)})
		}
		if err == nil {
			_, err = f.db.Put(f.Context(), fmt.Sprint("k", f.n%7), []byte(id), store.Any)
		}
		if err == nil && f.n%11 == 0 {
			err = f.db.Delete(f.Context(), fmt.Sprint("k", f.n%7), store.Any)
		}
		if err != nil {
			f.Fatal(err)
		}
	}
}

// follow opens the copy, made anew where it is to be.
func (f *followed) follow(anew bool) *bolt.Follower {
	f.Helper()
	if anew {
		if _, err := f.db.BackupFile(f.Context(), f.copy, true); err != nil {
			f.Fatal(err)
		}
	}
	c, err := bolt.Follow(f.copy, store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	return c
}

// tell brings the copy up to the store.
func (f *followed) tell(c *bolt.Follower) {
	f.Helper()
	upTo, _ := f.db.Flushed()
	for c.Position().Sequence < upTo {
		run, err := f.db.ReadLog(f.Context(), c.Position().Sequence, upTo, 1+rand.IntN(20_000)) //nolint:gosec // any will do
		if err == nil {
			err = c.Apply([]bolt.LogRun{run})
		}
		if err != nil {
			f.Fatal(err)
		}
	}
}

// same holds the closed copy against the store.
func (f *followed) same() {
	f.Helper()
	other := open(f.T, f.copy, store.Options{})
	defer func() { _ = other.Close() }()
	if err := other.Check(f.Context()); err != nil {
		f.Error(err)
	}
	for i := range 7 {
		a, errA := f.db.Get(f.Context(), fmt.Sprint("k", i))
		b, errB := other.Get(f.Context(), fmt.Sprint("k", i))
		if (errA == nil) != (errB == nil) || a.Revision != b.Revision || !bytes.Equal(a.Value, b.Value) {
			f.Errorf("k%d is %+v, %v; in the copy %+v, %v", i, a, errA, b, errB)
		}
	}
	for i := 1; i <= f.n; i += 1 + f.n/50 {
		id := fmt.Sprintf("%016x", i)
		a, errA := f.db.Log("asks").Find(f.Context(), id)
		b, errB := other.Log("asks").Find(f.Context(), id)
		if errA != nil || errB != nil || a.Position != b.Position {
			f.Errorf("%s is at %d, %v; in the copy at %d, %v", id, a.Position, errA, b.Position, errB)
		}
		known, err := other.Queue("asks").Accept(f.Context(), []store.Entry{{ID: "m" + id}})
		if err != nil || !known[0].Duplicate || known[0].Seq != uint64(i) {
			f.Errorf("%s is accepted once more: %+v, %v", id, known, err)
		}
	}
	if a, b := f.unfinished(f.db), f.unfinished(other); a != b {
		f.Errorf("unfinished are %s; in the copy %s", a, b)
	}
}

func (f *followed) unfinished(db *bolt.DB) string {
	f.Helper()
	var all []uint64
	if err := db.Queue("asks").(store.Searcher).Each(f.Context(), func(e store.Entry) { all = append(all, e.Seq) }); err != nil {
		f.Fatal(err)
	}
	return fmt.Sprint(all)
}

func TestACopyThatFollowsIsTheStore(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	f.lives(50)
	c := f.follow(true)
	for range 20 {
		f.lives(1 + rand.IntN(50)) //nolint:gosec // any will do
		f.tell(c)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	f.same()
}

func TestACopyGoesOnFromWhereItWas(t *testing.T) {
	t.Parallel()
	for _, end := range []struct {
		name string
		end  func(f *followed)
	}{
		{"the store goes on", func(*followed) {}},
		{"the store was closed", func(f *followed) {
			if err := f.db.Close(); err != nil {
				f.Fatal(err)
			}
			f.db = open(f.T, f.path, kept)
		}},
		{"the store's process was killed", func(f *followed) {
			at := crashed(f.T, f.path)
			_ = f.db.Close()
			f.path = at
			f.db = open(f.T, at, kept)
		}},
		{"the log has gone into the file", func(f *followed) {
			if err := f.db.File(); err != nil {
				f.Fatal(err)
			}
		}},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			f := newFollowed(t)
			c := f.follow(true)
			f.lives(30)
			f.tell(c)
			f.lives(30)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				end.end(f)
				f.lives(20)
			}
			c = f.follow(false)
			if err := f.db.Held(c.Position()); err != nil {
				t.Fatalf("the store does not know %+v: %v", c.Position(), err)
			}
			f.tell(c)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			f.same()
		})
	}
}

func TestACopyOfAnotherLifeIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	f.lives(10)
	older := filepath.Join(t.TempDir(), "older.db")
	if _, err := f.db.BackupFile(t.Context(), older, false); err != nil {
		t.Fatal(err)
	}
	c := f.follow(true)
	f.lives(20)
	f.tell(c)
	if err := errors.Join(c.Close(), f.db.Close(), os.Rename(older, f.path)); err != nil {
		t.Fatal(err)
	}
	f.db = open(t, f.path, kept)
	f.lives(40)
	c = f.follow(false)
	defer func() { _ = c.Close() }()
	if err := f.db.Held(c.Position()); !errors.Is(err, bolt.ErrGone) {
		t.Errorf("a store that was put back goes on telling a copy of what it was: %v", err)
	}
}

func TestACopyTakesNoGapAndLosesNothingByOne(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	c := f.follow(true)
	f.lives(5)
	f.tell(c)
	at := c.Position()
	f.lives(5)
	upTo, _ := f.db.Flushed()
	run, err := f.db.ReadLog(t.Context(), at.Sequence+2, upTo, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply([]bolt.LogRun{run}); !errors.Is(err, bolt.ErrGone) || c.Position() != at {
		t.Errorf("a gap is taken: %v, %+v", err, c.Position())
	}
	f.tell(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	f.same()
}

func TestWhatIsKeptOfTheLogIsBounded(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	_ = f.db.Close()
	f.db = open(t, f.path, store.Options{Keep: 10 << 20})
	size := func() (n int64) {
		paths, _ := filepath.Glob(f.path + ".kept.*")
		for _, p := range paths {
			info, err := os.Stat(p)
			if err != nil {
				t.Fatal(err)
			}
			n += info.Size()
		}
		return n
	}
	c := f.follow(true)
	f.lives(3)
	f.tell(c)
	for range 6 {
		f.lives(3)
		if err := f.db.File(); err != nil {
			t.Fatal(err)
		}
		if n := size(); n > 10<<20 {
			t.Fatalf("%d bytes are kept", n)
		}
	}
	_ = f.db.Close()
	f.db = open(t, f.path, store.Options{Keep: 10 << 20})
	if err := f.db.Held(c.Position()); !errors.Is(err, bolt.ErrGone) {
		t.Errorf("what is not kept any more is told to be there: %v", err)
	}
	_ = c.Close()
	c = f.follow(true)
	f.lives(3)
	f.tell(c)
	if err := f.db.DropLog(c.Position().Sequence); err != nil {
		t.Fatal(err)
	}
	if n := size(); n > 8<<20 {
		t.Errorf("%d bytes are kept that the copy has", n)
	}
	if err := f.db.Held(c.Position()); err != nil {
		t.Errorf("the last record that the copy has is not known: %v", err)
	}
	_ = c.Close()
	_ = f.db.Close()
	f.db = open(t, f.path, store.Options{})
	if n := size(); n > 0 {
		t.Errorf("%d bytes stay where nobody may follow", n)
	}
}
