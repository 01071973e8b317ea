package storetest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/pipeline"
	"keypull/store"
)

var queueExamples = []example{
	{"an entry is claimed as it was accepted", testClaimWhole},
	{"an entry without anything in it is an entry", testEmptyEntry},
	{"sequences grow and every entry is claimed once", testClaimOnce},
	{"a Claim waits for an Accept", testClaimWaits},
	{"a Claim that waits ends with its context", testClaimEnds},
	{"of many who claim each gets entries of his own", testClaimCrowd},
	{"a known id is a duplicate, in the same call and later", testDuplicate},
	{"of a hundred who accept one id at once one is the first", testDuplicateCrowd},
	{"an id stays known after its entry was acknowledged", testDuplicateAcked},
	{"an id is forgotten after the horizon and not before", testHorizon},
	{"an id known in one queue is not known in another", testQueuesApart},
	{"an entry without an id is never a duplicate", testNoID},
	{"an id that is a partition's own is known there alone", testOwnIDs},
	{"an id of the whole account is compared with whose it is", testAccountIDs},
	{"the same id with other words is new after a while", testReworded},
	{"who has several names is the same under each of them", testAliases},
	{"an id with a scope is nowhere to be read", testIDsUnread},
	{"one entry that is too large refuses the whole call", testEntryTooLarge},
	{"entries of a partition come in the order of acceptance", testPartitionOrder},
	{"an entry that is due later comes later, in the order of Due", testDue},
	{"acknowledging in any order, twice, and what is not there is no error", testAck},
	{"an entry acknowledged before it was claimed never comes", testAckUnclaimed},
	{"slices of entries belong to the caller", testEntryOwnership},
	{"what is not acknowledged comes again after a reopen, in order", testQueueReopen},
	{"ids stay known after a reopen, acknowledged or not", testDuplicateReopen},
	{"due entries keep their time over a reopen", testDueReopen},
	{"sequences are not used again after a reopen", testSeqReopen},
}

func accept(t testing.TB, q store.Queue, entries ...store.Entry) []pipeline.Accepted {
	t.Helper()
	got, err := q.Accept(t.Context(), entries)
	must(t, err)
	if len(got) != len(entries) {
		t.Fatalf("%d results for %d entries", len(got), len(entries))
	}
	return got
}

func number(name string, i int) string { return fmt.Sprintf("%s%04d", name, i) }

func claim(t testing.TB, q store.Queue, n int) []store.Entry {
	t.Helper()
	var out []store.Entry
	for len(out) < n {
		got, err := q.Claim(t.Context(), n-len(out))
		must(t, err)
		if len(got) == 0 || len(got) > n-len(out) {
			t.Fatalf("claimed %d entries with limit %d", len(got), n-len(out))
		}
		out = append(out, got...)
	}
	return out
}

// drain claims everything that may be claimed, without waiting: it accepts a
// last entry and claims up to that.
func drain(t testing.TB, q store.Queue) []store.Entry {
	t.Helper()
	end := accept(t, q, store.Entry{Partition: "drain"})[0].Seq
	var out []store.Entry
	for {
		got, err := q.Claim(t.Context(), 100)
		must(t, err)
		for _, e := range got {
			if e.Seq == end {
				must(t, q.Ack(t.Context(), end))
				return out
			}
			out = append(out, e)
		}
	}
}

func ids(entries []store.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return out
}

func sameIDs(t testing.TB, entries []store.Entry, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, ids(entries)); diff != "" {
		t.Error(diff)
	}
}

func testClaimWhole(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	want := store.Entry{
		ID: "lecker.tg:42/ä", Partition: "p", Due: o.Clock.Now().Add(-time.Hour),
		At: time.Date(2026, 11, 20, 8, 59, 59, 123456789, time.UTC), Payload: []byte{0, 1, 255},
	}
	want.Seq = accept(t, q, want)[0].Seq
	if diff := cmp.Diff(want, claim(t, q, 1)[0]); diff != "" {
		t.Error(diff)
	}
}

func testEmptyEntry(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	accept(t, q)
	seq := accept(t, q, store.Entry{})[0].Seq
	got := claim(t, q, 1)[0]
	if got.Seq != seq || got.ID != "" || got.Partition != "" || len(got.Payload) != 0 || !got.At.IsZero() || !got.Due.IsZero() {
		t.Errorf("got %+v", got)
	}
}

func testClaimOnce(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	var last uint64
	for i := range 50 {
		for _, a := range accept(t, q, store.Entry{ID: number("a", i)}, store.Entry{ID: number("b", i)}) {
			if a.Seq <= last || a.Duplicate {
				t.Fatalf("accepted %+v after %d", a, last)
			}
			last = a.Seq
		}
	}
	seen := make(map[uint64]bool)
	for _, e := range claim(t, q, 100) {
		if seen[e.Seq] {
			t.Errorf("%d was claimed twice", e.Seq)
		}
		seen[e.Seq] = true
	}
	if rest := drain(t, q); len(rest) > 0 {
		t.Errorf("claimed again: %v", ids(rest))
	}
}

func testClaimWaits(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	got := make(chan []store.Entry)
	go func() {
		entries, err := q.Claim(t.Context(), 10)
		if err != nil {
			t.Error(err)
		}
		got <- entries
	}()
	accept(t, q, store.Entry{ID: "one"})
	sameIDs(t, <-got, "one")
}

func testClaimEnds(t *testing.T, o Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := o.Queue("inbox").Claim(ctx, 1)
		ended <- err
	}()
	cancel()
	wants(t, "claim", <-ended, context.Canceled)
	accept(t, o.Queue("inbox"), store.Entry{ID: "one"})
	sameIDs(t, claim(t, o.Queue("inbox"), 1), "one")
}

func testClaimCrowd(t *testing.T, o Subject) {
	const each, crowd = 50, 8
	q := o.Queue("inbox")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var seen sync.Map
	var left atomic.Int32
	left.Store(each * crowd)
	var group sync.WaitGroup
	for c := range crowd {
		group.Go(func() {
			for {
				got, err := q.Claim(ctx, 3)
				if err != nil {
					return
				}
				for _, e := range got {
					if _, twice := seen.LoadOrStore(e.Seq, true); twice {
						t.Errorf("%d was claimed twice", e.Seq)
					}
				}
				if left.Add(-int32(len(got))) == 0 { //nolint:gosec // at most 3
					cancel()
				}
			}
		})
		group.Go(func() {
			for i := range each {
				accept(t, q, store.Entry{ID: fmt.Sprintf("%d-%d", c, i)})
			}
		})
	}
	group.Wait()
}

func testDuplicate(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	got := accept(t, q, store.Entry{ID: "a", Payload: []byte("first")}, store.Entry{ID: "b"}, store.Entry{ID: "a"})
	if got[0].Duplicate || got[1].Duplicate || !got[2].Duplicate || got[2].Seq != got[0].Seq {
		t.Errorf("in one call: %+v", got)
	}
	again := accept(t, q, store.Entry{ID: "b"}, store.Entry{ID: "c"}, store.Entry{ID: "a"})
	want := []pipeline.Accepted{{Seq: got[1].Seq, Duplicate: true}, {Seq: again[1].Seq}, {Seq: got[0].Seq, Duplicate: true}}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Error(diff)
	}
	entries := drain(t, q)
	sameIDs(t, entries, "a", "b", "c")
	if string(entries[0].Payload) != "first" {
		t.Errorf("a holds %q, want what came first", entries[0].Payload)
	}
}

func testDuplicateCrowd(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	var first atomic.Int32
	var seqs sync.Map
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			got, err := q.Accept(t.Context(), []store.Entry{{ID: "same"}})
			if err != nil {
				t.Error(err)
				return
			}
			if !got[0].Duplicate {
				first.Add(1)
			}
			seqs.Store(got[0].Seq, true)
		})
	}
	group.Wait()
	count := 0
	seqs.Range(func(any, any) bool { count++; return true })
	if first.Load() != 1 || count != 1 {
		t.Errorf("%d were the first, with %d sequences; want 1 and 1", first.Load(), count)
	}
	sameIDs(t, drain(t, q), "same")
}

func testDuplicateAcked(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	first := accept(t, q, store.Entry{ID: "a"})[0]
	must(t, q.Ack(t.Context(), claim(t, q, 1)[0].Seq))
	if got := accept(t, q, store.Entry{ID: "a"})[0]; !got.Duplicate || got.Seq != first.Seq {
		t.Errorf("got %+v, want a duplicate of %d", got, first.Seq)
	}
}

func testHorizon(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	accept(t, q, store.Entry{ID: "a"})
	o.Clock.Advance(store.DefaultHorizon - time.Hour)
	accept(t, q, store.Entry{ID: "b"})
	if !accept(t, q, store.Entry{ID: "a"})[0].Duplicate {
		t.Error("a was forgotten before the horizon")
	}
	o.Clock.Advance(2 * time.Hour)
	accept(t, q, store.Entry{ID: "c"}) // back ends may clean up behind a write
	if accept(t, q, store.Entry{ID: "a"})[0].Duplicate {
		t.Error("a is known behind the horizon")
	}
	if !accept(t, q, store.Entry{ID: "b"})[0].Duplicate {
		t.Error("b was forgotten before the horizon")
	}
}

func testQueuesApart(t *testing.T, o Subject) {
	accept(t, o.Queue("one"), store.Entry{ID: "a"})
	if accept(t, o.Queue("two"), store.Entry{ID: "a"})[0].Duplicate {
		t.Error("two knows an id of one")
	}
	sameIDs(t, drain(t, o.Queue("one")), "a")
	sameIDs(t, drain(t, o.Queue("two")), "a")
}

func testNoID(t *testing.T, o Subject) {
	for _, a := range accept(t, o.Queue("inbox"), store.Entry{}, store.Entry{}, store.Entry{ID: "x"}, store.Entry{}) {
		if a.Duplicate {
			t.Errorf("got %+v", a)
		}
	}
}

func testEntryTooLarge(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	most := store.Entry{ID: "id", Partition: "p", Payload: make([]byte, store.MaxEntryBytes-3)}
	accept(t, q, most)
	most.Payload = append(most.Payload, 0)
	_, err := q.Accept(t.Context(), []store.Entry{{ID: "fine"}, most})
	wants(t, "accept", err, store.ErrTooLarge)
	if accept(t, q, store.Entry{ID: "fine"})[0].Duplicate {
		t.Error("a part of a refused call was accepted")
	}
}

func testPartitionOrder(t *testing.T, o Subject) {
	const each, partitions = 40, 5
	q := o.Queue("inbox")
	var group sync.WaitGroup
	for p := range partitions {
		group.Go(func() {
			for i := range each {
				accept(t, q, store.Entry{ID: number(number("p", p), i), Partition: number("p", p)})
			}
		})
	}
	group.Wait()
	last := make(map[string]string)
	for _, e := range claim(t, q, each*partitions) {
		if e.ID <= last[e.Partition] {
			t.Errorf("%s came after %s", e.ID, last[e.Partition])
		}
		last[e.Partition] = e.ID
	}
}

func testDue(t *testing.T, o Subject) {
	q, now := o.Queue("inbox"), o.Clock.Now()
	accept(t, q,
		store.Entry{ID: "third", Due: now.Add(3 * time.Hour)},
		store.Entry{ID: "first", Due: now.Add(time.Hour)},
		store.Entry{ID: "at once"},
		store.Entry{ID: "second", Due: now.Add(2 * time.Hour)},
		store.Entry{ID: "past", Due: now.Add(-time.Hour)},
		store.Entry{ID: "second too", Due: now.Add(2 * time.Hour)},
	)
	sameIDs(t, drain(t, q), "at once", "past")
	o.Clock.Advance(time.Hour)
	sameIDs(t, claim(t, q, 1), "first")
	sameIDs(t, drain(t, q))
	o.Clock.Advance(5 * time.Hour)
	accept(t, q, store.Entry{ID: "behind"})
	sameIDs(t, drain(t, q), "second", "second too", "third", "behind")
}

func testAck(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	accept(t, q, store.Entry{ID: "a"}, store.Entry{ID: "b"}, store.Entry{ID: "c"})
	got := claim(t, q, 3)
	ctx := t.Context()
	must(t, q.Ack(ctx, got[2].Seq))
	must(t, q.Ack(ctx, got[0].Seq, got[2].Seq))
	must(t, q.Ack(ctx, 1<<40))
	must(t, q.Ack(ctx))
	if o.Reopen != nil {
		q = o.Reopen(t).Queue("inbox")
		sameIDs(t, drain(t, q), "b")
	}
}

func testAckUnclaimed(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	got := accept(t, q, store.Entry{ID: "a"}, store.Entry{ID: "b"}, store.Entry{ID: "later", Due: o.Clock.Now().Add(time.Hour)})
	must(t, q.Ack(t.Context(), got[0].Seq, got[2].Seq))
	o.Clock.Advance(2 * time.Hour)
	sameIDs(t, drain(t, q), "b")
}

func testEntryOwnership(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	mine := []store.Entry{{ID: "a", Payload: []byte("payload")}}
	accept(t, q, mine...)
	clear(mine[0].Payload)
	mine[0] = store.Entry{}
	got := claim(t, q, 1)[0]
	if got.ID != "a" || string(got.Payload) != "payload" {
		t.Fatalf("got %s with %q", got.ID, got.Payload)
	}
	clear(got.Payload)
	if o.Reopen == nil {
		return
	}
	if got := claim(t, o.Reopen(t).Queue("inbox"), 1)[0]; !bytes.Equal(got.Payload, []byte("payload")) {
		t.Errorf("got %q after a reopen", got.Payload)
	}
}
