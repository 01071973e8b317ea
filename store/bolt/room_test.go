package bolt_test

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"keypull/store"
)

func TestEntriesAreRefusedBeforeTheDiskIsFull(t *testing.T) {
	const gib = 1 << 30
	for name, c := range map[string]struct {
		minFree     int64
		free, whole uint64
		refused     bool
	}{
		"enough":                         {0, 65 << 20, 100 * gib, false},
		"below what is kept":             {0, 63 << 20, 100 * gib, true},
		"a small disk, above 5 %":        {0, 6 << 20, 100 << 20, false},
		"a small disk, below 5 %":        {0, 4 << 20, 100 << 20, true},
		"below what was set":             {gib, gib - 1, 100 * gib, true},
		"above what was set":             {1 << 20, 2 << 20, 100 * gib, false},
		"below, but nothing is kept":     {-1, 0, 100 * gib, false},
		"below what was set, above 5 %":  {10 * gib, 6 * gib, 100 * gib, false},
		"below what was set and the 5 %": {10 * gib, 4 * gib, 100 * gib, true},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{MinFree: c.minFree})
			var free atomic.Uint64
			free.Store(1 << 40)
			db.Disk(func() (uint64, uint64) { return free.Load(), c.whole })
			ctx, q := t.Context(), db.Queue("inbox")
			got, err := q.Accept(ctx, []store.Entry{{ID: "before"}})
			if err != nil {
				t.Fatal(err)
			}
			free.Store(c.free)
			_, err = q.Accept(ctx, []store.Entry{{ID: "now"}})
			if errors.Is(err, store.ErrFull) != c.refused || (err == nil) == c.refused || errors.Is(db.Room(), store.ErrFull) != c.refused {
				t.Errorf("error %v, room %v; want it refused: %v", err, db.Room(), c.refused)
			}
			// What was accepted is finished.
			if _, err := db.Commit(ctx, store.Batch{
				Puts:    []store.Pair{{Key: "reader", Value: make([]byte, 1000), Revision: store.Any}},
				Appends: []store.Append{{Log: "asks", Record: store.Record{ID: "r"}}},
				Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{got[0].Seq}}},
			}); err != nil {
				t.Error(err)
			}
			free.Store(1 << 40)
			if _, err := q.Accept(ctx, []store.Entry{{ID: "when there is room again"}}); err != nil {
				t.Error(err)
			}
		})
	}
}
