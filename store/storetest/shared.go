package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

// sharedExamples are for back ends whose Subject has Beside: two handles of one store.
var sharedExamples = []example{
	{"what one handle wrote is read at the other", twoHandles(testSharedReads)},
	{"of many at two handles who set the same revision exactly one wins", twoHandles(testSharedRace)},
	{"an id accepted at one handle is a duplicate at the other", twoHandles(testSharedIDs)},
	{"what is accepted at one handle is claimed where the partition's first entry is", twoHandles(testSharedPartition)},
	{"a partition keeps its order wherever its entries are accepted", twoHandles(testSharedOrder)},
	{"what a handle left that was closed is claimed at the other", twoHandles(testSharedClosed)},
	{"who was stolen from writes no more, and the thief claims what was left, in order", twoHandles(testSteal)},
	{"what a handle accepted for another is claimed there, though it has ended", twoHandles(testSharedEnded)},
	{"two who steal from each other leave one", twoHandles(testStealEachOther)},
	{"changes after a revision are told at each handle, in order", twoHandles(testSince)},
	{"a call that was given up is done once or not at all", twoHandles(testUnknownOutcome)},
}

// handle is one of two.
type handle interface {
	store.Backend
	store.Shared
}

// twoHandles opens the second one.
func twoHandles(run func(t *testing.T, a, b handle, clock *Clock)) func(*testing.T, Subject) {
	return func(t *testing.T, o Subject) {
		if o.Beside == nil {
			return
		}
		a, b := o.Backend.(handle), o.Beside(t).(handle)
		if a.Handle() == 0 || b.Handle() <= a.Handle() {
			t.Errorf("the handles are %d and %d", a.Handle(), b.Handle())
		}
		run(t, a, b, o.Clock)
	}
}

func testSharedReads(t *testing.T, a, b handle, clock *Clock) {
	rev := put(t, a, "k.one", "v")
	at := appended(t, a.Log("journal"), "r", "text", clock.Now())
	seq := accept(t, a.Queue("inbox"), store.Entry{ID: "x"})[0].Seq
	got, err := b.Get(t.Context(), "k.one")
	must(t, err)
	if string(got.Value) != "v" || got.Revision != rev {
		t.Errorf("got %+v, want v at %d", got, rev)
	}
	if again := appended(t, b.Log("journal"), "r", "other", clock.Now()); again != at {
		t.Errorf("the record is written again at %d", again)
	}
	if last := b.Queue("inbox").Last(); last != seq {
		t.Errorf("the last one is %d, want %d", last, seq)
	}
	must(t, b.Log("journal").Reduce(t.Context(), "r", nil))
	must(t, b.Delete(t.Context(), "k.one", rev))
	if records := read(t, a.Log("journal"), 0, 10); len(records) != 1 || len(records[0].Data) != 0 {
		t.Errorf("got %+v, want one record that was reduced", records)
	}
	_, err = a.Get(t.Context(), "k.one")
	wants(t, "get of what was deleted there", err, store.ErrNotFound)
	if later := put(t, b, "k.two", ""); later <= rev {
		t.Errorf("revision %d after %d", later, rev)
	}
}

func testSharedRace(t *testing.T, a, b handle, _ *Clock) {
	at := put(t, a, "a", "start")
	for round := range 10 {
		var won []store.Revision
		var mu sync.Mutex
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				rev, err := []handle{a, b}[i%2].Put(t.Context(), "a", fmt.Append(nil, i), at)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won = append(won, rev)
				} else if !errors.Is(err, store.ErrConflict) {
					t.Errorf("error %v, want ErrConflict", err)
				}
			})
		}
		group.Wait()
		if len(won) != 1 {
			t.Fatalf("round %d: %d won, want 1", round, len(won))
		}
		at = won[0]
	}
}

func testSharedIDs(t *testing.T, a, b handle, clock *Clock) {
	first := accept(t, a.Queue("inbox"), store.Entry{ID: "x", Partition: "p"})[0]
	if again := accept(t, b.Queue("inbox"), store.Entry{ID: "x", Partition: "p"})[0]; !again.Duplicate || again.Seq != first.Seq {
		t.Errorf("got %+v, want a duplicate of %+v", again, first)
	}
	must(t, a.Queue("inbox").Ack(t.Context(), first.Seq))
	clock.Advance(time.Hour)
	if !accept(t, b.Queue("inbox"), store.Entry{ID: "x"})[0].Duplicate {
		t.Error("the id is not known any more once its entry was acknowledged")
	}
}

func testSharedPartition(t *testing.T, a, b handle, _ *Clock) {
	ctx := t.Context()
	qa, qb := a.Queue("inbox"), b.Queue("inbox")
	one := accept(t, qa, store.Entry{ID: "one", Partition: "p"})[0].Seq
	two := accept(t, qb, store.Entry{ID: "two", Partition: "p"}, store.Entry{ID: "mine", Partition: "q"})[0].Seq
	three := accept(t, qa, store.Entry{ID: "three", Partition: "p"})[0].Seq
	sameIDs(t, claim(t, qa, 3), "one", "two", "three")
	sameIDs(t, drain(t, qb), "mine")
	must(t, qa.Ack(ctx, one, two, three))
	accept(t, qb, store.Entry{ID: "four", Partition: "p"})
	sameIDs(t, claim(t, qb, 1), "four")
	// What is accepted for another wakes a claim that waits there.
	got := make(chan []store.Entry)
	go func() {
		entries, err := qb.Claim(ctx, 10)
		if err != nil {
			t.Error(err)
		}
		got <- entries
	}()
	accept(t, qa, store.Entry{ID: "five", Partition: "p"})
	sameIDs(t, <-got, "five")
}

// testSharedOrder works at both handles while entries of few partitions are accepted at
// each in turn.
func testSharedOrder(t *testing.T, a, b handle, _ *Clock) {
	const each, partitions = 60, 3
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var mu sync.Mutex
	done := make(map[string][]uint64)
	left := each * partitions
	var group sync.WaitGroup
	for _, h := range []handle{a, b} {
		group.Go(func() {
			for {
				entries, err := h.Queue("inbox").Claim(ctx, 4)
				if err != nil {
					return
				}
				for _, e := range entries {
					mu.Lock()
					done[e.Partition] = append(done[e.Partition], e.Seq)
					left--
					over := left == 0
					mu.Unlock()
					if err := h.Queue("inbox").Ack(t.Context(), e.Seq); err != nil {
						t.Error(err)
					}
					if over {
						end()
					}
				}
			}
		})
	}
	var accepting sync.WaitGroup
	for p := range partitions {
		accepting.Go(func() {
			for i := range each {
				h := []handle{a, b}[rand.N(2)] //nolint:gosec // any will do
				accept(t, h.Queue("inbox"), store.Entry{ID: number(number("p", p), i), Partition: number("p", p)})
			}
		})
	}
	accepting.Wait()
	group.Wait()
	for p, seqs := range done {
		if !slices.IsSorted(seqs) || len(seqs) != each {
			t.Errorf("%s was worked on as %d", p, seqs)
		}
	}
}

func testSharedClosed(t *testing.T, a, b handle, _ *Clock) {
	accept(t, a.Queue("inbox"), store.Entry{ID: "one"}, store.Entry{ID: "two"})
	sameIDs(t, claim(t, a.Queue("inbox"), 1), "one")
	must(t, a.Close())
	sameIDs(t, claim(t, b.Queue("inbox"), 2), "one", "two")
}

func testSteal(t *testing.T, a, b handle, clock *Clock) {
	ctx := t.Context()
	q := a.Queue("inbox")
	got := accept(t, q,
		store.Entry{ID: "done", Partition: "p"}, store.Entry{ID: "claimed", Partition: "p"}, store.Entry{ID: "waits", Partition: "p"},
		store.Entry{ID: "later", Partition: "q", Due: clock.Now().Add(time.Hour)})
	waiting := []string{"claimed", "waits"}
	for i := range 20 {
		waiting = append(waiting, number("w", i))
		accept(t, q, store.Entry{ID: number("w", i), Partition: "p"})
	}
	must(t, q.Ack(ctx, claim(t, q, 2)[0].Seq))
	must(t, b.Steal(ctx, a.Handle()))
	must(t, b.Steal(ctx, a.Handle()))
	must(t, b.Steal(ctx, 1<<40))
	errs := map[string]error{}
	_, errs["put"] = a.Put(ctx, "k", nil, store.Any)
	errs["delete"] = a.Delete(ctx, "k", store.Any)
	_, errs["accept"] = q.Accept(ctx, []store.Entry{{ID: "lost"}})
	errs["ack"] = q.Ack(ctx, got[1].Seq)
	_, errs["append"] = a.Log("journal").Append(ctx, store.Record{ID: "lost"})
	errs["reduce"] = a.Log("journal").Reduce(ctx, "lost", nil)
	_, errs["commit"] = a.Commit(ctx, store.Batch{Deletes: []string{"k"}})
	_, errs["claim"] = q.Claim(ctx, 1)
	errs["steal"] = a.Steal(ctx, b.Handle())
	for what, err := range errs {
		wants(t, what+" of who was stolen from", err, store.ErrFenced)
	}
	sameIDs(t, drain(t, b.Queue("inbox")), waiting...)
	clock.Advance(2 * time.Hour)
	sameIDs(t, drain(t, b.Queue("inbox")), "later")
	if accept(t, b.Queue("inbox"), store.Entry{ID: "lost"})[0].Duplicate {
		t.Error("a write of who was stolen from was made")
	}
	_, err := b.Get(ctx, "k")
	wants(t, "get", err, store.ErrNotFound)
	must(t, a.Close())
}

func testSharedEnded(t *testing.T, a, b handle, _ *Clock) {
	accept(t, a.Queue("inbox"), store.Entry{ID: "first", Partition: "p"})
	accept(t, b.Queue("inbox"), store.Entry{ID: "second", Partition: "p"})
	must(t, a.Steal(t.Context(), b.Handle()))
	if diff := cmp.Diff([]string{"first", "second"}, ids(claim(t, a.Queue("inbox"), 2))); diff != "" {
		t.Error(diff)
	}
}

func testStealEachOther(t *testing.T, a, b handle, _ *Clock) {
	accept(t, a.Queue("inbox"), store.Entry{ID: "of a"})
	accept(t, b.Queue("inbox"), store.Entry{ID: "of b"})
	errs := make([]error, 2)
	var group sync.WaitGroup
	group.Go(func() { errs[0] = a.Steal(t.Context(), b.Handle()) })
	group.Go(func() { errs[1] = b.Steal(t.Context(), a.Handle()) })
	group.Wait()
	last := a
	if errs[0] != nil {
		last, errs[0], errs[1] = b, errs[1], errs[0]
	}
	must(t, errs[0])
	wants(t, "the slower one", errs[1], store.ErrFenced)
	got := ids(claim(t, last.Queue("inbox"), 2))
	slices.Sort(got)
	if diff := cmp.Diff([]string{"of a", "of b"}, got); diff != "" {
		t.Error(diff)
	}
}

func testSince(t *testing.T, a, b handle, _ *Clock) {
	ctx := t.Context()
	put(t, a, "p.gone", "")
	before := put(t, a, "p.old", "old")
	put(t, b, "q.other", "")
	put(t, a, "p.one", "first")
	must(t, b.Delete(ctx, "p.gone", store.Any))
	put(t, b, "p.two", "two")
	put(t, a, "p", "not below")
	put(t, b, "p.one", "second")
	for _, h := range []handle{a, b} {
		after, told := before, []string{}
		for {
			page, err := h.Since(ctx, "p", after, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, c := range page {
				if c.Revision <= after {
					t.Errorf("%s at %d is told after %d", c.Key, c.Revision, after)
				}
				told, after = append(told, fmt.Sprintf("%s %q %v", c.Key, c.Value, c.Value == nil)), c.Revision
			}
		}
		if diff := cmp.Diff([]string{`p.gone "" true`, `p.two "two" false`, `p.one "second" false`}, told); diff != "" {
			t.Error(diff)
		}
		all, err := h.Since(ctx, "", 0, store.MaxPage)
		must(t, err)
		if len(all) != 6 {
			t.Errorf("told of %d keys, want 6", len(all))
		}
	}
	put(t, a, "p.gone", "again")
	last, err := b.Since(ctx, "p.gone", 0, 1)
	must(t, err)
	if len(last) != 0 {
		t.Errorf("told of %+v, which is not below", last)
	}
	_, err = a.Since(ctx, "p", 0, 0)
	if err == nil {
		t.Error("a limit of 0 is taken")
	}
}

// testUnknownOutcome gives calls up at any moment and makes them again at the other handle:
// whatever became of the first, there is one of each.
func testUnknownOutcome(t *testing.T, a, b handle, clock *Clock) {
	const rounds = 60
	for i := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		given := make(chan struct{})
		go func() {
			defer close(given)
			_, _ = a.Queue("inbox").Accept(ctx, []store.Entry{{ID: number("a", i), Partition: "p"}})
			_, _ = a.Commit(ctx, store.Batch{
				Puts:    []store.Pair{{Key: number("k", i), Revision: store.Absent}},
				Appends: []store.Append{{Log: "journal", Record: store.Record{ID: number("r", i)}}},
			})
		}()
		time.AfterFunc(rand.N(3*time.Millisecond), cancel) //nolint:gosec // any moment will do
		<-given
		cancel()
		accept(t, b.Queue("inbox"), store.Entry{ID: number("a", i), Partition: "p"})
		appended(t, b.Log("journal"), number("r", i), "", clock.Now())
		_, err := b.Put(t.Context(), number("k", i), []byte("again"), store.Absent)
		if err != nil && !errors.Is(err, store.ErrConflict) {
			t.Errorf("put again: %v", err)
		}
	}
	if records := read(t, a.Log("journal"), 0, store.MaxPage); len(records) != rounds {
		t.Errorf("%d records, want %d", len(records), rounds)
	}
	pairs, err := a.Scan(t.Context(), "", "", store.MaxPage)
	must(t, err)
	if len(pairs) != rounds {
		t.Errorf("%d keys, want %d", len(pairs), rounds)
	}
	must(t, b.Steal(t.Context(), a.Handle()))
	entries := claim(t, b.Queue("inbox"), rounds)
	seen := make(map[string]bool)
	for _, e := range entries {
		seen[e.ID] = true
	}
	if rest := drain(t, b.Queue("inbox")); len(seen) != rounds || len(rest) != 0 {
		t.Errorf("%d of %d entries, and %d more", len(seen), rounds, len(rest))
	}
}
