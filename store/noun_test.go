package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/mem"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// onEach runs a test on every back end of this module.
func onEach(t *testing.T, test func(t *testing.T, kv store.KV)) {
	t.Helper()
	t.Run("mem", func(t *testing.T) {
		t.Parallel()
		test(t, mem.Open(store.Options{}))
	})
	t.Run("bolt", func(t *testing.T) {
		t.Parallel()
		test(t, openBolt(t))
	})
}

func openBolt(t testing.TB) store.KV {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind reports an error that is of another kind.
func wantKind(t testing.TB, what string, err error, want pull.ErrorKind) {
	t.Helper()
	if got := pull.KindOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

// race runs try 50 times at once and returns how often it succeeded; every
// other error must be of that kind.
func race(t *testing.T, loses pull.ErrorKind, try func(i int) error) int {
	t.Helper()
	var won atomic.Int32
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			if err := try(i); err == nil {
				won.Add(1)
			} else {
				wantKind(t, "loser", err, loses)
			}
		})
	}
	group.Wait()
	return int(won.Load())
}

// keysBelow lists what is left below a prefix.
func keysBelow(t testing.TB, kv store.KV, prefix string) []string {
	t.Helper()
	pairs, err := kv.Scan(t.Context(), prefix, "", store.MaxPage)
	must(t, err)
	keys := make([]string, 0, len(pairs))
	for _, p := range pairs {
		keys = append(keys, p.Key)
	}
	return keys
}

// failing is a back end that fails once a number of writes were made, as if
// the process had ended there.
type failing struct {
	store.Backend
	left atomic.Int32
}

func newFailing(kv store.KV, writes int32) *failing {
	f := &failing{Backend: kv.(store.Backend)}
	f.left.Store(writes)
	return f
}

func (f *failing) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	if f.left.Add(-1) < 0 {
		return 0, store.ErrClosed
	}
	return f.Backend.Put(ctx, key, value, when)
}

func (f *failing) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	if f.left.Add(-1) < 0 {
		return nil, store.ErrClosed
	}
	return f.Backend.Commit(ctx, b)
}

func (f *failing) Delete(ctx context.Context, key string, when store.Revision) error {
	if f.left.Add(-1) < 0 {
		return store.ErrClosed
	}
	return f.Backend.Delete(ctx, key, when)
}
