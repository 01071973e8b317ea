package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"keypull/pull/pipeline"
	"keypull/store"
)

func TestAFullStoreRefusesReadsOnAndHeals(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{MaxBytes: 4 << 20})
	q := db.Queue("inbox")
	value := make([]byte, 100<<10)
	var kept []uint64
	var err error
	for err == nil {
		var got []pipeline.Accepted
		if got, err = q.Accept(ctx, []store.Entry{{ID: fmt.Sprint(len(kept)), Payload: value}}); err == nil {
			kept = append(kept, got[0].Seq)
		}
	}
	if !errors.Is(err, store.ErrFull) || len(kept) < 10 {
		t.Fatalf("error %v after %d entries, want ErrFull", err, len(kept))
	}
	if _, err := db.Put(ctx, "a", make([]byte, store.MaxValueBytes), store.Any); !errors.Is(err, store.ErrFull) {
		t.Errorf("put: error %v, want ErrFull", err)
	}
	if _, err := db.Get(ctx, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("get: error %v, want ErrNotFound", err)
	}
	if got, err := q.Claim(ctx, store.MaxPage); err != nil || len(got) != len(kept) {
		t.Errorf("%d claimed, error %v; want %d", len(got), err, len(kept))
	}
	if err := q.Ack(ctx, kept...); err != nil {
		t.Fatal(err)
	}
	if got, err := q.Accept(ctx, []store.Entry{{ID: fmt.Sprint(len(kept)), Payload: value}}); err != nil || got[0].Duplicate {
		t.Errorf("the entry that was refused: %+v, error %v", got, err)
	}
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestAFullStoreTakesWhatFreesBesideWhatDoesNotFit has both in one commit.
func TestAFullStoreTakesWhatFreesBesideWhatDoesNotFit(t *testing.T) {
	ctx := t.Context()
	db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{MaxBytes: 4 << 20})
	q := db.Queue("inbox")
	got, err := q.Accept(ctx, []store.Entry{{ID: "a"}})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			_, err := db.Put(ctx, fmt.Sprint("k", i), make([]byte, store.MaxValueBytes), store.Any)
			if err != nil && !errors.Is(err, store.ErrFull) {
				t.Error(err)
			}
		})
		group.Go(func() {
			if err := q.Ack(ctx, got[0].Seq); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestLaterWritesAreKeptWhileTheStoreIsFull(t *testing.T) {
	ctx := t.Context()
	db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{MaxBytes: 2 << 20})
	// Small beside the whole, so that a delete finds room to move what stands
	// beside the value.
	big := make([]byte, 10<<10)
	keys := 0
	for ; ; keys++ {
		if _, err := db.Put(ctx, fmt.Sprint("k", keys), big, store.Any); err != nil {
			break
		}
	}
	if err := db.CommitLater(ctx, store.Batch{Appends: []store.Append{
		{Log: "journal", Record: store.Record{ID: "r", Data: make([]byte, 400<<10)}},
	}}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // lets the commit of what is for later fail, beside one of its own
		_, _ = db.Put(ctx, "k0", make([]byte, store.MaxValueBytes), store.Any)
	}
	for i := range keys {
		if err := db.Delete(ctx, fmt.Sprint("k", i), store.Any); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Put(ctx, "end", nil, store.Any); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Log("journal").Find(ctx, "r"); err != nil {
		t.Error(err)
	}
}

// TestALogThatHasNoRoomForAnotherFileGoesOnAndIsToldOfOnce however much is written
// meanwhile, and again when that comes about again.
func TestALogThatHasNoRoomForAnotherFileGoesOnAndIsToldOfOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	told := new(warned)
	db := open(t, path, store.Options{Logger: slog.New(told)})
	write := func(until func(turns int) bool) {
		t.Helper()
		for i := 0; !until(i); i++ {
			if _, err := db.Put(t.Context(), fmt.Sprint("k", i%4), make([]byte, store.MaxValueBytes), store.Any); err != nil {
				t.Fatal(err)
			}
		}
	}
	for round := range int64(2) {
		had := db.Filings()
		write(func(int) bool { return db.Filings() > had && !db.Filing() })
		// Nothing can be made under the name that a file has at first.
		none := path + ".wal.begun"
		write(func(int) bool { return os.MkdirAll(filepath.Join(none, "none"), 0o700) == nil })
		write(func(int) bool { return told.warnings.Load() > round })
		write(func(turns int) bool { return turns == 50 })
		if n := told.warnings.Load(); n != round+1 || told.errors.Load() != 0 {
			t.Fatalf("%d warnings and %d errors, want %d and none", n, told.errors.Load(), round+1)
		}
		if err := os.RemoveAll(none); err != nil {
			t.Fatal(err)
		}
	}
}

// warned counts what is logged.
type warned struct {
	slog.Handler
	warnings, errors atomic.Int64
}

func (*warned) Enabled(context.Context, slog.Level) bool { return true }

func (h *warned) Handle(_ context.Context, r slog.Record) error {
	switch r.Level {
	case slog.LevelWarn:
		h.warnings.Add(1)
	case slog.LevelError:
		h.errors.Add(1)
	}
	return nil
}
