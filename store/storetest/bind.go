package storetest

import (
	"fmt"
	"testing"

	"keypull/store"
)

var bindExamples = []example{
	{"a value is bound to the revision that it gets", testBoundValue},
	{"an entry is bound to the sequence that it gets", testBoundEntry},
}

func testBoundValue(t *testing.T, o Subject) {
	changes := watch(t, o, "bound")
	bind := func(value []byte, at store.Revision) []byte { return fmt.Appendf(nil, "%s at %d", value, at) }
	when := store.Absent
	for range 3 {
		value := []byte("value")
		revisions, err := o.Commit(t.Context(), store.Batch{Puts: []store.Pair{
			{Key: "other", Value: []byte("plain"), Revision: store.Any}, {Key: "bound.key", Value: value, Revision: when, Bind: bind},
		}})
		must(t, err)
		clear(value) // the caller's own again
		when = revisions[1]
		boundTo(t, o.Backend, when)
	}
	if change := <-changes; string(change.Value) != fmt.Sprintf("value at %d", change.Revision) {
		t.Errorf("a watcher is told %q at %d", change.Value, change.Revision)
	}
	if o.Reopen != nil {
		boundTo(t, o.Reopen(t), when)
	}
}

// boundTo looks whether the value is that of a revision.
func boundTo(t *testing.T, back store.Backend, when store.Revision) {
	t.Helper()
	got, err := back.Get(t.Context(), "bound.key")
	must(t, err)
	if want := fmt.Sprintf("value at %d", when); string(got.Value) != want || got.Revision != when {
		t.Errorf("holds %q at %d, want %q at %d", got.Value, got.Revision, want, when)
	}
}

func testBoundEntry(t *testing.T, o Subject) {
	bind := func(payload []byte, seq uint64) []byte { return fmt.Appendf(nil, "%s as %d", payload, seq) }
	payload := []byte("payload")
	entries := []store.Entry{
		{ID: "a", Payload: payload, Bind: bind}, {ID: "b", Payload: payload}, {ID: "a", Payload: payload, Bind: bind}, {ID: "c", Payload: payload, Bind: bind},
	}
	accepted, err := o.Queue("inbox").Accept(t.Context(), entries)
	must(t, err)
	clear(payload)
	q := o.Queue("inbox")
	if o.Reopen != nil {
		q = o.Reopen(t).Queue("inbox")
	}
	want := map[string]string{
		"a": fmt.Sprintf("payload as %d", accepted[0].Seq), "b": "payload", "c": fmt.Sprintf("payload as %d", accepted[3].Seq),
	}
	for _, e := range claim(t, q, 3) {
		if string(e.Payload) != want[e.ID] {
			t.Errorf("%s holds %q, want %q", e.ID, e.Payload, want[e.ID])
		}
	}
}
