package bolt_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/storetest"
)

// week is a queue that knows more ids than memory has room for.
type week struct {
	*testing.T
	path  string
	db    *bolt.DB
	clock *storetest.Clock
	seqs  []uint64 // of the ids that were accepted
}

const keptIDs = 2000

func newWeek(t *testing.T) *week {
	w := &week{T: t, path: filepath.Join(t.TempDir(), "keypull.db"), clock: storetest.NewClock()}
	w.open()
	return w
}

func (w *week) open() {
	w.Helper()
	w.db = open(w, w.path, store.Options{HashKey: make([]byte, 32), Clock: w.clock.Now, Aging: w.clock.Now, Horizon: 7 * 24 * time.Hour, MinFree: -1})
	w.db.KeepIDs(keptIDs)
}

// accept accepts new ids and has them filed.
func (w *week) accept(n int) {
	w.Helper()
	for n > 0 {
		var entries []store.Entry
		for range min(n, 100) {
			entries = append(entries, store.Entry{ID: w.id(len(w.seqs) + len(entries)), At: w.clock.Now()})
		}
		got, err := w.db.Queue("q").Accept(w.Context(), entries)
		if err != nil {
			w.Fatal(err)
		}
		for i, a := range got {
			if a.Duplicate {
				w.Fatalf("%s is new and was taken for %d", entries[i].ID, a.Seq)
			}
			w.seqs = append(w.seqs, a.Seq)
		}
		n -= len(entries)
	}
	if err := w.db.File(); err != nil {
		w.Fatal(err)
	}
}

func (*week) id(i int) string { return fmt.Sprintf("id %d", i) }

// knows looks some ids up, from one on: all of them are known.
func (w *week) knows(from int) {
	w.Helper()
	for range 750 {
		i := from + rand.IntN(len(w.seqs)-from) //nolint:gosec // no secret
		got, err := w.db.Queue("q").Accept(w.Context(), []store.Entry{{ID: w.id(i), At: w.clock.Now()}})
		if err != nil || !got[0].Duplicate || got[0].Seq != w.seqs[i] {
			w.Fatalf("%s of %d is %+v, %v", w.id(i), w.seqs[i], got, err)
		}
	}
}

// TestIDsBeyondWhatMemoryHoldsAreKnown asks for 10,000 known ids and 12,000 new ones.
func TestIDsBeyondWhatMemoryHoldsAreKnown(t *testing.T) {
	w := newWeek(t)
	for range 12 {
		w.accept(1000)
		w.clock.Advance(6 * time.Hour)
		w.knows(0)
	}
	memory, tables := w.db.IDs("q")
	if memory > 2*keptIDs || tables < 4 {
		t.Errorf("%d in memory, and %d tables", memory, tables)
	}
	// So they are after a crash and after an end.
	w.path = crashed(t, w.path)
	w.open()
	w.knows(0)
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	w.open()
	w.knows(0)
	if again, same := w.db.IDs("q"); again > memory || same != tables {
		t.Errorf("%d in memory and %d tables after a start, before %d and %d", again, same, memory, tables)
	}
}

func TestTablesEndWithTheirIDs(t *testing.T) {
	w := newWeek(t)
	for range 6 {
		w.accept(1500)
	}
	young := len(w.seqs)
	_, before := w.db.IDs("q")
	w.clock.Advance(8 * 24 * time.Hour)
	for range 8 { // a few old ones leave with each that comes
		w.accept(1500)
		w.clock.Advance(time.Hour)
	}
	if _, tables := w.db.IDs("q"); tables >= before+4 {
		t.Errorf("%d tables, before %d", tables, before)
	}
	w.knows(young)
	got, err := w.db.Queue("q").Accept(t.Context(), []store.Entry{{ID: w.id(0), At: w.clock.Now()}})
	if err != nil || got[0].Duplicate {
		t.Errorf("an id of eight days ago: %+v, %v", got, err)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	// Nothing is left of tables that are gone.
	w.open()
	_, tables := w.db.IDs("q")
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := bbolt.Open(w.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	heads := 0
	_ = file.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("qvols:q")).ForEach(func(k, _ []byte) error {
			if len(k) == 8 {
				heads++
			}
			return nil
		})
	})
	if heads != tables {
		t.Errorf("%d tables in the file, %d are known", heads, tables)
	}
}

func TestATableWhoseHeadIsDamagedCostsNothing(t *testing.T) {
	w := newWeek(t)
	for range 5 {
		w.accept(1500)
	}
	if err := w.db.Flip("qvols:q", bolt.Key(w.seqs[0])); err != nil {
		t.Fatal(err)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	w.open()
	w.knows(0)
}
