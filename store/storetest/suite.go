// Package storetest is the suite that says whether a back end keeps the
// contracts of package store. A back end's own test starts with one line:
//
//	func TestContract(t *testing.T) { storetest.Run(t, open) }
//
// The suite looks only at what callers can see; how a back end stands a crash
// is for its own tests.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"keypull/store"
)

// Subject is an empty back end under test.
type Subject struct {
	store.Backend
	// Clock is the one the back end was given.
	Clock *Clock
	// Reopen closes the back end and opens what it left, with the same
	// options; nil for one that leaves nothing.
	Reopen func(t *testing.T) store.Backend
	// Beside opens another handle of the same store; nil where there is but one.
	Beside func(t *testing.T) store.Backend
	// Empty makes an empty store, as the target of a move.
	Empty func(t *testing.T) Filling
	// Damage changes bytes of what is kept at a place, where the back end can
	// tell; nil for one that keeps nothing outside its process.
	Damage func(t *testing.T, p Spot)
}

// Run runs the whole suite; open is called for every part of it.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for _, part := range []struct {
		name  string
		cases []example
	}{
		{"keys and values", kvExamples},
		{"watch", watchExamples},
		{"queue", queueExamples},
		{"log", logExamples},
		{"batch", batchExamples},
		{"order", orderExamples},
		{"damage", damageExamples},
		{"bind", bindExamples},
		{"life", lifeExamples},
		{"model", modelExamples},
		{"shared", sharedExamples},
		{"move", moveExamples},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, c := range part.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(t, open(t))
				})
			}
		})
	}
}

// example is one promise, its name the sentence that states it.
type example struct {
	name string
	run  func(t *testing.T, o Subject)
}

// Clock is a clock that stands until it is moved on.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that stands at an arbitrary time.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

// Now returns the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// must ends the test when err is not nil.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants reports an error that is not the one wanted.
func wants(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// lifeExamples are promises of the whole back end.
var lifeExamples = []example{
	{"queues and logs are the same for the same name", func(t *testing.T, o Subject) {
		if o.Queue("a") != o.Queue("a") || o.Log("a") != o.Log("a") {
			t.Error("two instances for one name")
		}
		if o.Queue("a") == o.Queue("b") || o.Log("a") == o.Log("b") {
			t.Error("one instance for two names")
		}
	}},
	{"every call with a cancelled context fails and writes nothing", testCancelled},
	{"every call with a bad name fails", testBadNames},
	{"every call after Close fails with ErrClosed", testClosed},
	{"Close ends a Claim that waits", testCloseEndsClaim},
	{"Close may be called twice", func(t *testing.T, o Subject) {
		must(t, o.Close())
		must(t, o.Close())
	}},
}

// calls makes one call of each kind and returns their errors by name.
func calls(ctx context.Context, o Subject, name string) map[string]error {
	errs := make(map[string]error)
	_, errs["get"] = o.Get(ctx, "k")
	_, errs["put"] = o.Put(ctx, "k", []byte("v"), store.Any)
	errs["delete"] = o.Delete(ctx, "k", store.Any)
	_, errs["scan"] = o.Scan(ctx, "", "", 1)
	_, errs["watch"] = o.Watch(ctx, "")
	maps.Copy(errs, namedCalls(ctx, o, name))
	return errs
}

func namedCalls(ctx context.Context, o Subject, name string) map[string]error {
	errs := make(map[string]error)
	q, l := o.Queue(name), o.Log(name)
	_, errs["accept"] = q.Accept(ctx, []store.Entry{{ID: "1"}})
	_, errs["claim"] = q.Claim(ctx, 1)
	errs["ack"] = q.Ack(ctx, 1)
	_, errs["append"] = l.Append(ctx, store.Record{ID: "1"})
	_, errs["read"] = l.Read(ctx, 0, 1)
	_, errs["find"] = l.Find(ctx, "1")
	errs["reduce"] = l.Reduce(ctx, "1", nil)
	_, errs["trim"] = l.Trim(ctx, time.Now())
	_, errs["commit"] = o.Commit(ctx, store.Batch{
		Acks:    []store.Acked{{Queue: name, Seqs: []uint64{1}}},
		Appends: []store.Append{{Log: name, Record: store.Record{ID: "1"}}},
	})
	errs["commit later"] = o.CommitLater(ctx, store.Batch{Acks: []store.Acked{{Queue: name, Seqs: []uint64{1}}}})
	return errs
}

func testCancelled(t *testing.T, o Subject) {
	for what, err := range calls(cancelled(), o, "a") {
		wants(t, what, err, context.Canceled)
	}
	ctx := t.Context()
	if _, err := o.Get(ctx, "k"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("get: error %v, want ErrNotFound: the cancelled put was made", err)
	}
	got, err := o.Queue("a").Accept(ctx, []store.Entry{{ID: "1"}})
	must(t, err)
	if got[0].Duplicate {
		t.Error("the cancelled accept was made")
	}
	_, err = o.Log("a").Find(ctx, "1")
	wants(t, "find", err, store.ErrNotFound)
}

func testBadNames(t *testing.T, o Subject) {
	for _, name := range []string{"", "A", "a.b", "a b", "ä", fmt.Sprintf("%033d", 1)} {
		for what, err := range namedCalls(t.Context(), o, name) {
			wants(t, fmt.Sprintf("%s of %q", what, name), err, store.ErrKey)
		}
	}
}

func testClosed(t *testing.T, o Subject) {
	_, err := o.Queue("a").Accept(t.Context(), []store.Entry{{ID: "0"}})
	must(t, err)
	must(t, o.Close())
	for what, err := range calls(t.Context(), o, "a") {
		wants(t, what, err, store.ErrClosed)
	}
}

func testCloseEndsClaim(t *testing.T, o Subject) {
	ended := make(chan error)
	go func() {
		_, err := o.Queue("a").Claim(t.Context(), 1)
		ended <- err
	}()
	must(t, o.Close())
	wants(t, "claim", <-ended, store.ErrClosed)
}
