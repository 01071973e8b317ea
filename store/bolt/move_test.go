package bolt_test

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// filesLeft copies the files of a store, as they are left by a process that is killed now.
func filesLeft(t *testing.T, path string) string {
	t.Helper()
	to := t.TempDir()
	names, err := filepath.Glob(path + "*")
	for _, name := range names {
		b, read := os.ReadFile(name) //nolint:gosec // of this test
		if err == nil {
			err = read
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(name)), b, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(to, filepath.Base(path))
}

// TestAMoveThatIsKilledGoesOn wherever that is: what is in no log is moved once more, and nothing twice.
func TestAMoveThatIsKilledGoesOn(t *testing.T) {
	from := open(t, filepath.Join(t.TempDir(), "from.db"), store.Options{})
	fillToMove(t, from)
	want, total := tallied(t, from.Export(t.Context()))
	path := filepath.Join(t.TempDir(), "to.db")
	to := open(t, path, store.Options{HashKey: from.HashKey()})
	var left []string
	var at []int
	const every = 450
	var rows iter.Seq2[store.Row, error] = func(yield func(store.Row, error) bool) {
		n := 0
		for r, err := range from.Export(t.Context()) {
			if n++; n%every == 0 {
				left, at = append(left, filesLeft(t, path)), append(at, n)
			}
			if !yield(r, err) {
				return
			}
		}
	}
	if _, err := to.Import(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	left, at = append(left, filesLeft(t, path)), append(at, total)
	most := int64(0)
	for i, path := range left {
		db := open(t, path, store.Options{HashKey: from.HashKey()})
		there, err := db.Import(t.Context(), from.Export(t.Context()))
		if err != nil || there > int64(at[i]) || there < most || at[i] > 3*store.MoveRows && there < int64(at[i]-3*store.MoveRows) {
			t.Fatalf("killed before row %d of %d there are %d, error %v", at[i], total, there, err)
		}
		most = there
		if err := db.EndImport(t.Context()); err != nil {
			t.Fatal(err)
		}
		path = filesLeft(t, path)
		db = open(t, path, store.Options{HashKey: from.HashKey()})
		if got, _ := tallied(t, db.Export(t.Context())); got != want {
			t.Errorf("killed before row %d, and again once it was whole:\n%s\nwant\n%s", at[i], got, want)
		}
	}
	if most != int64(total) {
		t.Errorf("of %d rows %d are known to be there at the end", total, most)
	}
}

// fillToMove gives a store something of all that is moved.
func fillToMove(t *testing.T, db *bolt.DB) {
	t.Helper()
	const n = 1700
	var entries []store.Entry
	for i := range n {
		if _, err := db.Put(t.Context(), fmt.Sprint("k", i), []byte("value"), store.Any); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, store.Entry{ID: fmt.Sprint("id", i), Partition: fmt.Sprint(i % 7), Payload: []byte("payload")})
	}
	q := db.Queue("asks")
	if _, err := q.Accept(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq < n; seq += 3 {
		if err := q.Ack(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if _, err := db.Log("asks").Append(t.Context(), store.Record{ID: fmt.Sprint("r", i), Data: []byte("record")}); err != nil {
			t.Fatal(err)
		}
	}
}

func tallied(t *testing.T, rows iter.Seq2[store.Row, error]) (told string, n int) {
	t.Helper()
	var all store.Tally
	for r, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		all.Add(&r)
		n++
	}
	for _, p := range all.Parts() {
		told += fmt.Sprintln(p.Kind, p.Of, p.Rows, p.Digest())
	}
	return told, n
}
