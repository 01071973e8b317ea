package bolt_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// queueWithIDs is a queue that knows messages by their ids.
type queueWithIDs struct {
	*testing.T
	db   *bolt.DB
	path string
}

func openWithIDs(t *testing.T, path string) *queueWithIDs {
	t.Helper()
	db, err := bolt.Open(path, store.Options{HashKey: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &queueWithIDs{t, db, path}
}

// accept returns the sequence that a message has, and whether it was known.
func (q *queueWithIDs) accept(id string) (seq uint64, known bool) {
	q.Helper()
	got, err := q.db.Queue("asks").Accept(q.Context(), []store.Entry{{ID: id, Scope: store.Own, Partition: "ann", Payload: []byte("x")}})
	if err == nil {
		err = q.db.Queue("asks").Ack(q.Context(), got[0].Seq)
	}
	if err != nil {
		q.Fatal(err)
	}
	return got[0].Seq, got[0].Duplicate
}

func (q *queueWithIDs) reopen() *queueWithIDs {
	q.Helper()
	if err := q.db.Close(); err != nil {
		q.Fatal(err)
	}
	return openWithIDs(q.T, q.path)
}

func TestAnOlderCopyKnowsWhatWasAcceptedSinceOnceItIsTold(t *testing.T) {
	q := openWithIDs(t, filepath.Join(t.TempDir(), "keypull.db"))
	for n := range 300 {
		q.accept(fmt.Sprint("before ", n))
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if _, err := q.db.BackupFile(t.Context(), copied, false); err != nil {
		t.Fatal(err)
	}
	for n := range 300 {
		q.accept(fmt.Sprint("filed ", n))
	}
	q = q.reopen() // these stand in the file then, the next in memory alone
	for n := range 300 {
		q.accept(fmt.Sprint("fresh ", n))
	}
	var ids []store.AcceptedIDs
	last, err := q.db.AcceptedIDs(t.Context(), "asks", 1<<20, func(row store.AcceptedIDs) error { ids = append(ids, row); return nil })
	if err != nil || last != 900 {
		t.Fatalf("last is %d, %v", last, err)
	}

	older := openWithIDs(t, copied)
	if err := older.db.AdoptIDs(t.Context(), "asks", ids, last); err != nil {
		t.Fatal(err)
	}
	for _, life := range []string{"at once", "after a restart"} {
		for _, when := range []string{"before", "filed", "fresh"} {
			for _, n := range []int{0, 150, 299} {
				if _, known := older.accept(fmt.Sprint(when, " ", n)); !known {
					t.Errorf("%s %s %d is not known", life, when, n)
				}
			}
		}
		older = older.reopen()
	}
	if seq, known := older.accept("new"); known || seq != last+1 {
		t.Errorf("a new message has the sequence %d, known %v; want %d", seq, known, last+1)
	}
}

func TestNoMoreIDsAreHandedOnThanAreAskedFor(t *testing.T) {
	q := openWithIDs(t, filepath.Join(t.TempDir(), "keypull.db"))
	for n := range 1000 {
		q.accept(fmt.Sprint(n))
	}
	q = q.reopen()
	var rows, ids int
	last, err := q.db.AcceptedIDs(t.Context(), "asks", 300, func(row store.AcceptedIDs) error {
		if rows++; rows == 1 && row.First+uint64(len(row.Hashes)/16) != 1001 {
			t.Errorf("the first row is not the latest: %d and %d", row.First, len(row.Hashes)/16)
		}
		ids += len(row.Hashes) / 16
		return nil
	})
	if err != nil || last != 1000 || ids < 300 || ids > 550 {
		t.Errorf("%d ids up to %d, %v", ids, last, err)
	}
}
