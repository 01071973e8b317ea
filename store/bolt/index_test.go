package bolt_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/storetest"
)

// ids are of the usual kind, near each other and far, and of others.
var ids = rapid.OneOf(
	rapid.StringMatching(`0000000000000[0-3][0-9a-f]{2}`),
	rapid.StringMatching(`[0-9a-f]{16}`),
	rapid.StringMatching(`(0000000000000001)?[a-z.A-F]{1,3}`),
)

// indexed is a log whose records are found by their ids, whatever becomes of the
// process.
type indexed struct {
	t     *testing.T
	path  string
	db    *bolt.DB
	clock *storetest.Clock
	there map[string]uint64 // id to position
	ever  map[string]bool
}

func (x *indexed) log() store.Log { return x.db.Log("journal") }

func (x *indexed) append(rt *rapid.T) {
	id := ids.Draw(rt, "id")
	if len(x.ever) > 0 && rapid.Bool().Draw(rt, "again") {
		id = rapid.SampledFrom(slices.Sorted(maps.Keys(x.ever))).Draw(rt, "known")
	}
	at, err := x.log().Append(x.t.Context(), store.Record{ID: id, At: x.clock.Now(), Data: []byte(id)})
	if was, known := x.there[id]; err != nil || known && was != at {
		rt.Fatalf("%s at %d, was %d: %v", id, at, was, err)
	}
	x.there[id], x.ever[id] = at, true
}

func (x *indexed) trim(rt *rapid.T) {
	x.clock.Advance(time.Duration(rapid.IntRange(0, 72).Draw(rt, "hours")) * time.Hour)
	if _, err := x.log().Trim(x.t.Context(), x.clock.Now().Add(-48*time.Hour)); err != nil {
		rt.Fatal(err)
	}
	x.there = make(map[string]uint64)
	for from := uint64(0); ; {
		page, err := x.log().Read(x.t.Context(), from, 100)
		if err != nil {
			rt.Fatal(err)
		}
		for _, r := range page {
			x.there[r.ID], from = r.Position, r.Position+1
		}
		if len(page) < 100 {
			return
		}
	}
}

func (x *indexed) reopen(*rapid.T) {
	if err := x.db.Close(); err != nil {
		x.t.Fatal(err)
	}
	x.db = open(x.t, x.path, store.Options{Clock: x.clock.Now})
}

func (x *indexed) crash(*rapid.T) {
	x.path = crashed(x.t, x.path)
	x.reopen(nil)
}

// file has what stands in the log brought into the file, as a backup does.
func (x *indexed) file(rt *rapid.T) {
	if _, err := x.db.Backup(x.t.Context(), io.Discard); err != nil {
		rt.Fatal(err)
	}
}

func (x *indexed) check(rt *rapid.T) {
	for id := range x.ever {
		r, err := x.log().Find(x.t.Context(), id)
		if at, known := x.there[id]; known && (err != nil || r.Position != at || r.ID != id || string(r.Data) != id) || !known && !errors.Is(err, store.ErrNotFound) {
			rt.Fatalf("%s is %+v, %v, want at %d", id, r, err, at)
		}
	}
}

func TestRecordsAreFoundByTheirIDsWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := &indexed{t: t, path: filepath.Join(t.TempDir(), "keypull.db"), clock: storetest.NewClock(), there: map[string]uint64{}, ever: map[string]bool{}}
		x.db = open(t, x.path, store.Options{Clock: x.clock.Now})
		defer func() { _ = x.db.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"append": x.append, "append again": x.append, "append once more": x.append,
			"trim": x.trim, "file": x.file, "reopen": x.reopen, "crash": x.crash, "": x.check,
		})
	})
}

func TestWhatEarlierVersionsIndexedIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	l := db.Log("journal")
	for i := range 3 {
		if _, err := l.Append(t.Context(), store.Record{ID: fmt.Sprintf("%016x", 0x3e0+i), At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(db.Close(), bolt.IndexByID(path, "logids:journal")); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	l = db.Log("journal")
	// Ids of both kinds are known, and no record is written twice.
	for i := range 6 {
		at, err := l.Append(t.Context(), store.Record{ID: fmt.Sprintf("%016x", 0x3e0+i), At: time.Now()})
		if err != nil || at != uint64(i+1) {
			t.Errorf("%d at %d, %v", i, at, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, path, store.Options{}).Log("journal")
	for i := range 6 {
		if r, err := l.Find(t.Context(), fmt.Sprintf("%016x", 0x3e0+i)); err != nil || r.Position != uint64(i+1) {
			t.Errorf("%d is %+v, %v", i, r, err)
		}
	}
	if at, err := l.Append(t.Context(), store.Record{ID: "00000000000003e5", At: time.Now()}); at != 6 || err != nil {
		t.Error("written twice", at, err)
	}
}

func TestADamagedBlockOfIDsIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db, said, err := logged(t, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := db.Log("journal")
	for _, id := range []string{"0000000000000101", "0000000000000202"} {
		if _, err := l.Append(t.Context(), store.Record{ID: id, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Flip("logids:journal", bolt.Key(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Find(t.Context(), "0000000000000101"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if _, err := l.Find(t.Context(), "0000000000000202"); err != nil {
		t.Error("another block", err)
	}
	// What is written there from now on is found, and the records are served.
	if _, err := l.Append(t.Context(), store.Record{ID: "0000000000000103", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Count(said.String(), "set aside") != 1 || db.Damaged() != 1 {
		t.Errorf("%d damaged\n%s", db.Damaged(), said)
	}
	l = open(t, path, store.Options{}).Log("journal")
	got, err := l.Read(t.Context(), 0, 10)
	if r, found := l.Find(t.Context(), "0000000000000103"); err != nil || len(got) != 3 || found != nil || r.Position != 3 {
		t.Errorf("%+v, %v, %v", got, err, found)
	}
}

// TestBlocksOfIDsAreAMap holds what blocks say of 10,000 random ids against Go's own
// map, while memtables hold some of them and the file the others.
func TestBlocksOfIDsAreAMap(t *testing.T) {
	const cases = 10_000
	random := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // which ids is no secret
	db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	l, there := db.Log("journal"), map[string]bool{}
	draw := func() string {
		if random.IntN(10) == 0 {
			return fmt.Sprintf("x%d", random.IntN(2*cases))
		}
		return fmt.Sprintf("%016x", random.IntN(2*cases))
	}
	for n := 0; n < cases; n += 100 {
		var b store.Batch
		for range 100 {
			id := draw()
			b.Appends, there[id] = append(b.Appends, store.Append{Log: "journal", Record: store.Record{ID: id, Data: []byte(id)}}), true
		}
		if _, err := db.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if n%1000 == 500 {
			if err := db.File(); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 {
			id := draw()
			r, err := l.Find(t.Context(), id)
			if there[id] && (err != nil || string(r.Data) != id) || !there[id] && !errors.Is(err, store.ErrNotFound) {
				t.Fatalf("%s, there %v: %+v, %v", id, there[id], r, err)
			}
		}
	}
}
