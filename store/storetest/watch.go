package storetest

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

var watchExamples = []example{
	{"a watcher is told of every change below its prefix, in order", testWatch},
	{"a watcher is told of every change that is made once it watches", testWatchAtOnce},
	{"a watcher is told nothing of what was refused", testWatchRefused},
	{"the channel is closed when the context ends", testWatchEnds},
	{"the channel is closed when the store is", testWatchCloses},
	{"a watcher that does not keep up sees the channel closed", testWatchLags},
}

func watch(t *testing.T, o Subject, prefix string) <-chan store.Change {
	t.Helper()
	changes, err := o.Watch(t.Context(), prefix)
	must(t, err)
	return changes
}

func testWatch(t *testing.T, o Subject) {
	put(t, o, "a.before", "not told")
	all, below := watch(t, o, ""), watch(t, o, "a")
	one := put(t, o, "a.b", "one")
	put(t, o, "ab", "x")
	put(t, o, "a", "x")
	two := put(t, o, "a.b", "")
	must(t, o.Delete(t.Context(), "a.b", two))
	end := put(t, o, "a.end", "end")
	for _, want := range []store.Change{
		{Key: "a.b", Value: []byte("one"), Revision: one},
		{Key: "a.b", Value: []byte{}, Revision: two},
		{Key: "a.b"},
		{Key: "a.end", Value: []byte("end"), Revision: end},
	} {
		got := <-below
		if want.Value == nil {
			if got.Revision <= two || got.Revision >= end {
				t.Errorf("the delete has revision %d, want one between %d and %d", got.Revision, two, end)
			}
			want.Revision = got.Revision
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		clear(got.Value) // it is ours
	}
	var seen []string
	for range 6 {
		seen = append(seen, (<-all).Key)
	}
	if diff := cmp.Diff([]string{"a.b", "ab", "a", "a.b", "a.b", "a.end"}, seen); diff != "" {
		t.Error(diff)
	}
}

func testWatchRefused(t *testing.T, o Subject) {
	rev := put(t, o, "a", "v")
	changes := watch(t, o, "")
	_, err := o.Put(t.Context(), "a", nil, rev+1)
	wants(t, "put", err, store.ErrConflict)
	must(t, o.Delete(t.Context(), "nothing", store.Any))
	put(t, o, "end", "")
	if got := <-changes; got.Key != "end" {
		t.Errorf("told of %s, which did not change", got.Key)
	}
}

func testWatchEnds(t *testing.T, o Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	changes, err := o.Watch(ctx, "")
	must(t, err)
	cancel()
	for range changes {
		t.Error("told of a change that nobody made")
	}
	put(t, o, "a", "nobody listens")
}

func testWatchCloses(t *testing.T, o Subject) {
	changes := watch(t, o, "")
	must(t, o.Close())
	for range changes {
		t.Error("told of a change that nobody made")
	}
}

// maxLag is more than any back end may keep for a watcher that does not read.
const maxLag = 10_000

func testWatchLags(t *testing.T, o Subject) {
	changes := watch(t, o, "")
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for range maxLag / 50 {
				if _, err := o.Put(t.Context(), "a", nil, store.Any); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	told := 0
	for range changes { // ends only when the channel was closed
		told++
	}
	if told >= maxLag {
		t.Errorf("%d changes were kept", told)
	}
}

// testWatchAtOnce begins to watch while others write: what can be read when
// Watch has returned was there before, and everything else is told.
func testWatchAtOnce(t *testing.T, o Subject) {
	const rounds, writers = 100, 4
	for round := range rounds {
		var group sync.WaitGroup
		prefix := number("r", round)
		for w := range writers {
			group.Go(func() {
				if _, err := o.Put(t.Context(), prefix+"."+number("w", w), nil, store.Any); err != nil {
					t.Error(err)
				}
			})
		}
		ctx, end := context.WithCancel(t.Context())
		changes, err := o.Watch(ctx, prefix)
		must(t, err)
		there, err := o.Scan(t.Context(), prefix, "", writers)
		must(t, err)
		group.Wait()
		put(t, o, prefix+".end", "") // what was written before it is told before it
		known := make(map[string]bool)
		for _, p := range there {
			known[p.Key] = true
		}
		for c := range changes {
			if c.Key == prefix+".end" {
				break
			}
			known[c.Key] = true
		}
		end()
		if len(known) != writers {
			t.Fatalf("round %d: %d of %d changes were there or told", round, len(known), writers)
		}
	}
}
