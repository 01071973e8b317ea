package bolt_test

import (
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// A transaction that empties the last page of a bucket, and writes there again,
// comes to an end: bbolt's own way to the last key does not.
func TestABucketThatIsEmptiedTakesWhatComesWithIt(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	queue := db.Queue("asks")
	for range 5 {
		entries := make([]store.Entry, 400)
		for i := range entries {
			entries[i].Payload = make([]byte, 100)
		}
		accepted, err := queue.Accept(t.Context(), entries)
		if err != nil {
			t.Fatal(err)
		}
		seqs := make([]uint64, len(accepted))
		for i, a := range accepted {
			seqs[i] = a.Seq
		}
		if err := db.CommitLater(t.Context(), store.Batch{Acks: []store.Acked{{Queue: "asks", Seqs: seqs}}}); err != nil {
			t.Fatal(err)
		}
		last, err := queue.Accept(t.Context(), []store.Entry{{Payload: []byte("new")}})
		if err != nil || last[0].Seq != seqs[len(seqs)-1]+1 {
			t.Fatal(last, err)
		}
	}
	if n := db.Damaged(); n != 0 {
		t.Errorf("%d things are damaged", n)
	}
}
