package storetest

import (
	"testing"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
)

// scoped accepts one entry after the other and compares what became of each: the
// place in the row of the entry that it repeats, counted from 1; 0 if it is new,
// and -1 where it is new beside another's.
func scoped(t *testing.T, q store.Queue, want []int, entries ...store.Entry) {
	t.Helper()
	var seqs []uint64
	for i, e := range entries {
		got := accept(t, q, e)[0]
		seqs = append(seqs, got.Seq)
		expected := pipeline.Accepted{Seq: got.Seq, Anew: want[i] < 0}
		if want[i] > 0 {
			expected = pipeline.Accepted{Seq: seqs[want[i]-1], Duplicate: true}
		}
		if got != expected {
			t.Errorf("%d: %s of %s is %+v, want %+v", i+1, e.ID, e.Partition, got, expected)
		}
	}
}

func testOwnIDs(t *testing.T, o Subject) {
	of := func(partition, id string) store.Entry {
		return store.Entry{ID: id, Partition: partition, Scope: store.Own, Words: "news"}
	}
	entries := []store.Entry{of("ann", "1"), of("bob", "1"), of("ann", "1"), of("bob", "1"), of("bob", "2"), of("ann", "2"), of("bob", "2")}
	q := o.Queue("inbox")
	scoped(t, q, []int{0, 0, 1, 2, 0, 0, 5}, entries...)
	// In one call it is the same.
	got := accept(t, o.Queue("other"), entries...)
	for i, first := range []int{0, 1, 0, 1, 4, 5, 4} {
		if got[i].Duplicate != (first != i) || got[i].Seq != got[first].Seq {
			t.Errorf("in one call, %d: %+v", i+1, got[i])
		}
	}
	if o.Reopen == nil {
		return
	}
	for i, a := range accept(t, o.Reopen(t).Queue("other"), entries...) {
		if !a.Duplicate || a.Seq != got[i].Seq {
			t.Errorf("after a reopen, %d: %+v", i+1, a)
		}
	}
}

func testAccountIDs(t *testing.T, o Subject) {
	of := func(partition string) store.Entry {
		return store.Entry{ID: "wamid.1", Partition: partition, Scope: store.Account, Words: "news"}
	}
	q := o.Queue("inbox")
	scoped(t, q, []int{0, 1, -1, 3, 1, -1}, of("ann"), of("ann"), of("bob"), of("bob"), of("ann"), of("cid"))
	if o.Reopen != nil {
		q = o.Reopen(t).Queue("inbox")
	}
	for _, a := range accept(t, q, of("bob"), of("ann"), of("cid")) {
		if !a.Duplicate {
			t.Errorf("after a reopen: %+v", a)
		}
	}
	if a := accept(t, q, of("dan"))[0]; a.Duplicate || !a.Anew {
		t.Errorf("another one's after a reopen: %+v", a)
	}
}

func testReworded(t *testing.T, o Subject) {
	for _, scope := range []store.Scope{store.Own, store.Account} {
		q := o.Queue(number("inbox", int(scope)))
		of := func(words string) store.Entry {
			return store.Entry{ID: "7", Partition: "ann", Scope: scope, Words: words}
		}
		first := accept(t, q, of("news"))[0]
		o.Clock.Advance(store.RewordedAfter - time.Second)
		if a := accept(t, q, of("weather"))[0]; !a.Duplicate || a.Seq != first.Seq {
			t.Errorf("scope %d, other words soon: %+v", scope, a)
		}
		o.Clock.Advance(2 * time.Second)
		second := accept(t, q, of("weather"))[0]
		if second.Duplicate || second.Anew {
			t.Errorf("scope %d, other words later: %+v", scope, second)
		}
		for words, want := range map[string]uint64{"news": first.Seq, "weather": second.Seq} {
			if a := accept(t, q, of(words))[0]; !a.Duplicate || a.Seq != want {
				t.Errorf("scope %d, %s once more: %+v, want %d", scope, words, a, want)
			}
		}
	}
}

func testAliases(t *testing.T, o Subject) {
	for _, scope := range []store.Scope{store.Own, store.Account} {
		q := o.Queue(number("inbox", int(scope)))
		first := accept(t, q, store.Entry{ID: "7", Partition: "phone", Scope: scope, Words: "news"})[0]
		again := store.Entry{ID: "7", Partition: "account", Aliases: []string{"other", "phone"}, Scope: scope, Words: "news"}
		if a := accept(t, q, again)[0]; !a.Duplicate || a.Seq != first.Seq {
			t.Errorf("scope %d, under another name: %+v", scope, a)
		}
		again.Aliases = []string{"other"}
		if a := accept(t, q, again)[0]; a.Duplicate || a.Anew != (scope == store.Account) {
			t.Errorf("scope %d, another one's: %+v", scope, a)
		}
	}
}

func testIDsUnread(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	accept(t, q, store.Entry{ID: "a", Scope: store.Own}, store.Entry{ID: "b", Scope: store.Account}, store.Entry{ID: "c"})
	if o.Reopen != nil {
		q = o.Reopen(t).Queue("inbox")
	}
	sameIDs(t, drain(t, q), "", "", "c")
}
