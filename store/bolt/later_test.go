package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/store"
	"keypull/store/bolt"
)

func TestLaterIsSoon(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := db.CommitLater(t.Context(), store.Batch{Appends: []store.Append{{Log: "journal", Record: store.Record{ID: "r"}}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Log("journal").Find(t.Context(), "r"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("error %v, want ErrNotFound: it had a commit of its own", err)
		}
		time.Sleep(20 * time.Millisecond)
		synctest.Wait()
		if _, err := db.Log("journal").Find(t.Context(), "r"); err != nil {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestOldIDsLeaveTheFile: the records of ids do not pile up.
// TestLaterIsSoonWhateverElseIsWritten leaves work for later beside that of
// others, in every order that comes about.
func TestLaterIsSoonWhateverElseIsWritten(t *testing.T) {
	const rounds, callers = 150, 6
	path := filepath.Join(t.TempDir(), "keypull.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for round := range rounds {
			var group sync.WaitGroup
			for i := range callers {
				group.Go(func() {
					id := fmt.Sprint("r", round, "-", i)
					time.Sleep(time.Duration(round*i%13) * time.Millisecond)
					err := db.CommitLater(t.Context(), store.Batch{Appends: []store.Append{{Log: "journal", Record: store.Record{ID: id}}}})
					if i%2 == round%2 && err == nil {
						_, err = db.Put(t.Context(), "k", nil, store.Any)
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			time.Sleep(20 * time.Millisecond)
			synctest.Wait()
			for i := range callers {
				if _, err := db.Log("journal").Find(t.Context(), fmt.Sprint("r", round, "-", i)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}
