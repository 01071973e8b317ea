package bolt_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/bolt"
)

// crowd runs n calls of fn by a number of goroutines that each wait for their
// own, and returns the calls per second.
func crowd(tb testing.TB, callers, n int, fn func(i int) error) float64 {
	tb.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	started := time.Now()
	for range callers {
		group.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				if err := fn(i); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return float64(n) / time.Since(started).Seconds()
}

func open(tb testing.TB, path string, o store.Options) *bolt.DB {
	tb.Helper()
	db, err := bolt.Open(path, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// BenchmarkAsk is everything the store does for one ask: the accept; the
// claim; the reader's document with the reply record; later the mark that it
// was sent with the acknowledgement.
func BenchmarkAsk(b *testing.B) {
	for _, callers := range []int{64, 256} {
		b.Run(fmt.Sprintf("%d callers", callers), func(b *testing.B) {
			db := open(b, filepath.Join(b.TempDir(), "keypull.db"), store.Options{})
			a := newAsker(b, db)
			b.ResetTimer()
			b.ReportAllocs()
			rate := crowd(b, callers, b.N, a.ask)
			b.ReportMetric(rate, "asks/s")
		})
	}
}

const readers = 10_000

type asker struct {
	db                      *bolt.DB
	q                       store.Queue
	payload, document, mark []byte
	revisions               [readers]atomic.Uint64
}

func newAsker(b *testing.B, db *bolt.DB) *asker {
	a := &asker{db: db, q: db.Queue("inbox"), payload: make([]byte, 230), document: make([]byte, 600), mark: make([]byte, 40)}
	_, _ = rand.Read(a.payload)
	_, _ = rand.Read(a.document)
	crowd(b, 256, readers, func(i int) error {
		rev, err := db.Put(context.Background(), a.reader(i), a.document, store.Absent)
		a.revisions[i%readers].Store(uint64(rev))
		return err
	})
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	go func() {
		for {
			if _, err := a.q.Claim(ctx, 256); err != nil {
				return
			}
		}
	}()
	return a
}

// reader spreads the documents over the key space as pseudonyms do.
func (*asker) reader(i int) string {
	return fmt.Sprintf("reader.%016x", uint64(i%readers+1)*0x9e3779b97f4a7c15) //nolint:gosec // small
}

func (a *asker) ask(i int) error {
	ctx := context.Background()
	got, err := a.q.Accept(ctx, []store.Entry{{
		ID: fmt.Sprintf("lecker.tg:%012d", i), Partition: a.reader(i), At: time.Now(), Payload: a.payload,
	}})
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%016x", got[0].Seq)
	revisions, err := a.db.Commit(ctx, store.Batch{
		Puts:    []store.Pair{{Key: a.reader(i), Value: a.document, Revision: store.Revision(a.revisions[i%readers].Load())}},
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: id, At: time.Now(), Data: a.document}}},
	})
	if err != nil {
		return err
	}
	a.revisions[i%readers].Store(uint64(revisions[0]))
	return a.db.CommitLater(ctx, store.Batch{
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: id + ".sent", At: time.Now(), Data: a.mark}}},
		Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{got[0].Seq}}},
	})
}
