package bolt_test

import (
	"fmt"
	"testing"

	"keypull/store"
)

// TestWhatARecordLeavesOutIsThereAfterACrash: indexes of ids and sequences are told
// by what they are of.
func TestWhatARecordLeavesOutIsThereAfterACrash(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/keypull.db"
	db := open(t, path, store.Options{})
	for _, name := range []string{"asks", "own"} {
		for i := range 3 {
			r := store.Record{ID: fmt.Sprint("r", i), Data: []byte{byte(i)}}
			if _, err := db.Log(name).Append(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Queue(name).Accept(t.Context(), []store.Entry{{ID: r.ID}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Queue(name).Ack(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
	}
	at, err := db.Put(t.Context(), "k", []byte("v"), store.Absent)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Delete(t.Context(), "k", at); err != nil {
		t.Fatal(err)
	}
	db = open(t, crashed(t, path), store.Options{})
	for _, name := range []string{"asks", "own"} {
		found, err := db.Log(name).Find(t.Context(), "r1")
		if err != nil || found.Position != 2 || found.Data[0] != 1 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if position, err := db.Log(name).Append(t.Context(), store.Record{ID: "r3"}); position != 4 || err != nil {
			t.Errorf("%s: the next record is at %d, %v", name, position, err)
		}
		accepted, err := db.Queue(name).Accept(t.Context(), []store.Entry{{ID: "r2"}, {ID: "r3"}})
		if err != nil || !accepted[0].Duplicate || accepted[0].Seq != 3 || accepted[1].Seq != 4 {
			t.Errorf("%s: %+v, %v", name, accepted, err)
		}
	}
	if next, err := db.Put(t.Context(), "k", nil, store.Absent); next != at+2 || err != nil {
		t.Errorf("revision %d follows %d, which was removed: %v", next, at, err)
	}
}
