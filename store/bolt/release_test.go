package bolt_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

func TestWhatWasReleasedIsReadAsBefore(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := t.Context()
	want := func(i int) []byte { return bytes.Repeat([]byte("abcdefghij"[i%10:i%10+1]), 20_000) }
	var wait sync.WaitGroup
	wait.Go(func() { // while the file grows
		for range 100 {
			db.Release()
		}
	})
	for i := range 100 {
		if _, err := db.Put(ctx, fmt.Sprintf("value.%d", i), want(i), store.Any); err != nil {
			t.Fatal(err)
		}
	}
	wait.Wait()
	db.Release()
	for i := range 100 {
		pair, err := db.Get(ctx, fmt.Sprintf("value.%d", i))
		if err != nil || !bytes.Equal(pair.Value, want(i)) {
			t.Fatalf("value %d: %v", i, err)
		}
	}
}
