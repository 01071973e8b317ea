package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

// fill writes what the batches below take away: the keys gone.1 and gone.2, the
// record old of the journal, and one entry, whose sequence it returns.
func fill(t *testing.T, o Subject) (seq uint64) {
	t.Helper()
	put(t, o, "gone.1", "one")
	put(t, o, "gone.2", "two")
	appended(t, o.Log("journal"), "old", "text", o.Clock.Now())
	return accept(t, o.Queue("inbox"), store.Entry{ID: "x"})[0].Seq
}

// removing returns a batch of everything that takes away, and of some that adds.
func removing(seq uint64, when store.Revision) store.Batch {
	return store.Batch{
		Puts:    []store.Pair{{Key: "new", Value: []byte("v"), Revision: when}},
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: "fresh", Data: []byte("text")}}},
		Reduces: []store.Append{
			{Log: "journal", Record: store.Record{ID: "old", Data: []byte("less")}},
			{Log: "journal", Record: store.Record{ID: "fresh"}},
			{Log: "journal", Record: store.Record{ID: "never-there", Data: []byte("x")}},
		},
		Deletes: []string{"gone.1", "never.there", "gone.2"},
		Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{seq}}},
	}
}

// removed looks whether all of removing was done.
func removed(t *testing.T, back store.Backend) {
	t.Helper()
	for _, key := range []string{"gone.1", "gone.2"} {
		_, err := back.Get(t.Context(), key)
		wants(t, "get "+key, err, store.ErrNotFound)
	}
	got, err := back.Get(t.Context(), "new")
	must(t, err)
	if string(got.Value) != "v" {
		t.Errorf("new holds %q, want v", got.Value)
	}
	data := map[string]string{}
	for _, r := range read(t, back.Log("journal"), 0, 10) {
		data[r.ID] = string(r.Data)
	}
	if diff := cmp.Diff(map[string]string{"old": "less", "fresh": ""}, data); diff != "" {
		t.Error(diff)
	}
	accept(t, back.Queue("inbox"), store.Entry{ID: "end"})
	sameIDs(t, drain(t, back.Queue("inbox")), "end")
}

func testBatchRemoves(t *testing.T, o Subject) {
	seq := fill(t, o)
	changes := watch(t, o, "gone")
	b := removing(seq, store.Absent)
	_, err := o.Commit(t.Context(), b)
	must(t, err)
	told(t, changes, "gone.1", "gone.2")
	if o.Reopen != nil {
		removed(t, o.Reopen(t))
		return
	}
	removed(t, o.Backend)
}

// told wants the deletes of these keys, in order.
func told(t *testing.T, changes <-chan store.Change, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if got := <-changes; got.Key != key || got.Value != nil {
			t.Errorf("told of %+v, want the delete of %s", got, key)
		}
	}
}

func testBatchKeeps(t *testing.T, o Subject) {
	seq := fill(t, o)
	put(t, o, "new", "is there")
	b := removing(seq, store.Absent)
	_, err := o.Commit(t.Context(), b)
	wants(t, "commit", err, store.ErrConflict)
	for _, key := range []string{"gone.1", "gone.2"} {
		_, err := o.Get(t.Context(), key)
		must(t, err)
	}
	got := read(t, o.Log("journal"), 0, 10)
	if len(got) != 1 || string(got[0].Data) != "text" {
		t.Errorf("got %+v, want one record as it was", got)
	}
	sameIDs(t, drain(t, o.Queue("inbox")), "x")
}

func testLaterRemoves(t *testing.T, o Subject) {
	seq := fill(t, o)
	changes := watch(t, o, "gone")
	b := removing(seq, store.Any)
	less := b.Reduces[0].Record.Data
	must(t, o.CommitLater(t.Context(), b))
	clear(less) // ours again
	told(t, changes, "gone.1", "gone.2")
	if o.Reopen != nil {
		removed(t, o.Reopen(t))
		return
	}
	removed(t, o.Backend)
}
