package engine_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/internal/engine"
)

// slow is a destination that takes nothing until it is opened.
type slow struct{ begun, open chan struct{} }

func (s *slow) Write(b []byte) (int, error) {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	<-s.open
	return len(b), nil
}

// TestAStoreGrowsPastItsFirstMapWhileItIsCopied has a destination that stands
// still while the file becomes many times as large: nobody waits for it.
func TestAStoreGrowsPastItsFirstMapWhileItIsCopied(t *testing.T) {
	defer engine.SmallMaps(256 << 20)()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w := &slow{begun: make(chan struct{}, 1), open: make(chan struct{})}
	copied := make(chan error, 1)
	go func() { _, err := db.Backup(t.Context(), w); copied <- err }()
	<-w.begun
	value := make([]byte, store.MaxValueBytes)
	for i := range 60 { // some 90 MiB, since values are moved that stand beside
		if _, err := db.Put(t.Context(), fmt.Sprint("k", i), value, store.Any); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Get(t.Context(), fmt.Sprint("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	close(w.open)
	if err := <-copied; err != nil {
		t.Error(err)
	}
}
