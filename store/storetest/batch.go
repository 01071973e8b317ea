package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

var batchExamples = []example{
	{"a batch writes all of it", testBatch},
	{"a batch with one conflict writes nothing of it", testBatchConflict},
	{"a batch with one bad part writes nothing of it", testBatchBad},
	{"an empty batch is no error", testBatchEmpty},
	{"of many batches on the same revision exactly one is written", testBatchRace},
	{"what is committed later is there after a reopen", testLater},
	{"a put for later is of any revision", testLaterPuts},
	{"a batch reduces records and removes keys", testBatchRemoves},
	{"a batch that is refused reduces and removes nothing", testBatchKeeps},
	{"what is reduced, removed and put later is told and there after a reopen", testLaterRemoves},
}

func testBatch(t *testing.T, o Subject) {
	ctx := t.Context()
	q := o.Queue("inbox")
	old := put(t, o, "a", "one")
	accept(t, q, store.Entry{ID: "x"}, store.Entry{ID: "y"})
	first := claim(t, q, 2)[0]
	revisions, err := o.Commit(ctx, store.Batch{
		Puts:    []store.Pair{{Key: "a", Value: []byte("two"), Revision: old}, {Key: "b", Revision: store.Absent}},
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: "r", Data: []byte("record")}}},
		Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{first.Seq}}},
	})
	must(t, err)
	for i, key := range []string{"a", "b"} {
		got, err := o.Get(ctx, key)
		must(t, err)
		if got.Revision != revisions[i] {
			t.Errorf("%s is at %d, want %d", key, got.Revision, revisions[i])
		}
	}
	_, err = o.Log("journal").Find(ctx, "r")
	must(t, err)
	if o.Reopen != nil {
		sameIDs(t, drain(t, o.Reopen(t).Queue("inbox")), "y")
	}
}

func testBatchConflict(t *testing.T, o Subject) {
	ctx := t.Context()
	old := put(t, o, "b", "one")
	seq := accept(t, o.Queue("inbox"), store.Entry{ID: "x"})[0].Seq
	changes := watch(t, o, "")
	_, err := o.Commit(ctx, store.Batch{
		Puts:    []store.Pair{{Key: "a", Revision: store.Absent}, {Key: "b", Value: []byte("two"), Revision: old + 1}},
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: "r"}}},
		Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{seq}}},
	})
	wants(t, "commit", err, store.ErrConflict)
	_, err = o.Get(ctx, "a")
	wants(t, "get", err, store.ErrNotFound)
	_, err = o.Log("journal").Find(ctx, "r")
	wants(t, "find", err, store.ErrNotFound)
	sameIDs(t, drain(t, o.Queue("inbox")), "x")
	end := put(t, o, "end", "")
	if diff := cmp.Diff(store.Change{Key: "end", Value: []byte{}, Revision: end}, <-changes); diff != "" {
		t.Error(diff)
	}
}

func testBatchBad(t *testing.T, o Subject) {
	good := store.Pair{Key: "good", Revision: store.Any}
	large := make([]byte, store.MaxValueBytes+1)
	for _, bad := range []struct {
		what  string
		batch store.Batch
		want  error
	}{
		{"a bad key", store.Batch{Puts: []store.Pair{good, {Key: "b d"}}}, store.ErrKey},
		{"a key that stands twice", store.Batch{Puts: []store.Pair{good, good}}, store.ErrKey},
		{"a large value", store.Batch{Puts: []store.Pair{good, {Key: "a", Value: large}}}, store.ErrTooLarge},
		{"a bad log", store.Batch{Puts: []store.Pair{good}, Appends: []store.Append{{Log: "L", Record: store.Record{ID: "r"}}}}, store.ErrKey},
		{"a bad id", store.Batch{Puts: []store.Pair{good}, Appends: []store.Append{{Log: "l"}}}, store.ErrKey},
		{"large data", store.Batch{Puts: []store.Pair{good}, Appends: []store.Append{{Log: "l", Record: store.Record{ID: "r", Data: large}}}}, store.ErrTooLarge},
		{"a bad key to delete", store.Batch{Puts: []store.Pair{good}, Deletes: []string{"b d"}}, store.ErrKey},
		{"a key to delete that stands twice", store.Batch{Puts: []store.Pair{good}, Deletes: []string{"a", "a"}}, store.ErrKey},
		{"a key to put and to delete", store.Batch{Puts: []store.Pair{good}, Deletes: []string{"good"}}, store.ErrKey},
		{"a bad log to reduce", store.Batch{Puts: []store.Pair{good}, Reduces: []store.Append{{Log: "L", Record: store.Record{ID: "r"}}}}, store.ErrKey},
		{"a bad id to reduce", store.Batch{Puts: []store.Pair{good}, Reduces: []store.Append{{Log: "l"}}}, store.ErrKey},
		{"large data to reduce to", store.Batch{Puts: []store.Pair{good}, Reduces: []store.Append{{Log: "l", Record: store.Record{ID: "r", Data: large}}}}, store.ErrTooLarge},
		{"a bad queue", store.Batch{Puts: []store.Pair{good}, Acks: []store.Acked{{Queue: "Q", Seqs: []uint64{1}}}}, store.ErrKey},
	} {
		_, err := o.Commit(t.Context(), bad.batch)
		wants(t, bad.what, err, bad.want)
		_, err = o.Get(t.Context(), "good")
		wants(t, "the good part of a batch with "+bad.what, err, store.ErrNotFound)
	}
}

func testBatchEmpty(t *testing.T, o Subject) {
	revisions, err := o.Commit(t.Context(), store.Batch{})
	must(t, err)
	if len(revisions) != 0 {
		t.Errorf("got %v", revisions)
	}
}

func testBatchRace(t *testing.T, o Subject) {
	at := put(t, o, "a", "start")
	var won atomic.Int32
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			_, err := o.Commit(t.Context(), store.Batch{
				Puts:    []store.Pair{{Key: "a", Value: fmt.Append(nil, i), Revision: at}},
				Appends: []store.Append{{Log: "journal", Record: store.Record{ID: number("r", i)}}},
			})
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, store.ErrConflict):
				t.Errorf("error %v, want ErrConflict", err)
			}
		})
	}
	group.Wait()
	if records := read(t, o.Log("journal"), 0, 100); won.Load() != 1 || len(records) != 1 {
		t.Errorf("%d won with %d records, want 1 and 1", won.Load(), len(records))
	}
}

func testLater(t *testing.T, o Subject) {
	accept(t, o.Queue("inbox"), store.Entry{ID: "a"}, store.Entry{ID: "b"})
	mark := []byte("sent")
	must(t, o.CommitLater(t.Context(), store.Batch{
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: "r", Data: mark}}},
		Acks:    []store.Acked{{Queue: "inbox", Seqs: []uint64{claim(t, o.Queue("inbox"), 1)[0].Seq}}},
	}))
	clear(mark)
	back := o.Backend
	if o.Reopen != nil {
		back = o.Reopen(t)
	}
	got, err := back.Log("journal").Find(t.Context(), "r")
	must(t, err)
	if string(got.Data) != "sent" {
		t.Errorf("got %q, want sent", got.Data)
	}
	sameIDs(t, drain(t, back.Queue("inbox")), "b")
}

func testLaterPuts(t *testing.T, o Subject) {
	for _, when := range []store.Revision{store.Absent, 1} {
		if err := o.CommitLater(t.Context(), store.Batch{Puts: []store.Pair{{Key: "a", Revision: when}}}); err == nil {
			t.Errorf("a batch with a put at revision %d was taken", when)
		}
	}
}
