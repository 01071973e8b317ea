package engine

import (
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// TestACommitBesideABeginningReadIsNoDamage has more readers than processors, so that
// many are held up while they begin, and commits meanwhile.
func TestACommitBesideABeginningReadIsNoDamage(t *testing.T) {
	const readers, commits = 16, 200
	path := filepath.Join(t.TempDir(), "keypull.db")
	opened, held, err := openFile(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := &file{bolt: opened, held: held, path: path, flushed: func() {}, logger: slog.New(slog.DiscardHandler), failure: failure{begun: make(chan struct{})}}
	defer func() { _ = f.close() }()
	var over atomic.Bool
	var reading sync.WaitGroup
	for range readers {
		reading.Go(func() {
			for !over.Load() {
				tx, err := f.beginRead()
				if err != nil {
					t.Error(err)
					return
				}
				_ = tx.Rollback() // it only reads
			}
		})
	}
	for range commits {
		tx, err := f.bolt.Begin(true)
		if err != nil {
			t.Error(err)
			break
		}
		id := txID(tx)
		if err := tx.Commit(); err != nil {
			t.Error(err)
			break
		}
		f.committed.Store(id)
	}
	over.Store(true)
	reading.Wait()
}
