package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
)

// plain is the smallest layout: every bucket is like every other.
type plain struct{}

func (plain) Kind([]byte) engine.Kind          { return engine.Kind{Fill: 0.7} }
func (plain) Begin(*engine.Tx, bool) error     { return nil }
func (plain) TakeOver(*engine.Tx) error        { return nil }
func (plain) Checkpoint() []engine.Part        { return nil }
func (plain) Replay(*engine.Tx) engine.Replay  { return plain{} }
func (plain) Put(_, _, _ []byte, _ bool) error { return nil }
func (plain) End() error                       { return nil }

func start(t *testing.T, path string) *engine.Engine {
	t.Helper()
	return startWith(t, path, plain{})
}

func startWith(t *testing.T, path string, layout engine.Layout) *engine.Engine {
	t.Helper()
	e, err := engine.Open(path, store.Options{MinFree: -1}, layout)
	if err != nil {
		t.Fatal(err)
	}
	e.Start()
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// changes sets the values of keys, and removes those whose value is nil.
type changes struct {
	engine.Outcome
	bucket []byte
	values map[string][]byte
}

func (*changes) Check(*engine.Batch) error { return nil }
func (*changes) Size() int                 { return 0 }
func (c *changes) Write(t *engine.Batch) error {
	b := t.Bucket(c.bucket)
	for k, v := range c.values {
		if v == nil {
			b.Remove([]byte(k))
			continue
		}
		v = append(make([]byte, engine.HeadBytes), v...)
		engine.AddSum(c.bucket, []byte(k), v)
		b.Put([]byte(k), v)
	}
	return nil
}

// TestMemtablesOverTheFileAreOneMap holds what cursors merge against a plain map, over
// checkpoints and starts.
func TestMemtablesOverTheFileAreOneMap(t *testing.T) {
	const cases = 10_000
	path, bucket := filepath.Join(t.TempDir(), "engine.db"), []byte("b")
	e, want := start(t, path), map[string][]byte{}
	random := rand.New(rand.NewPCG(3, 5)) //nolint:gosec // which keys is no secret
	key := func() string { return fmt.Sprintf("%02x", random.IntN(60)) }
	for i := range cases {
		if i%20 == 0 {
			c := &changes{bucket: bucket, values: map[string][]byte{}}
			for range 1 + random.IntN(5) {
				k, v := key(), []byte(fmt.Sprint(i))
				if random.IntN(3) == 0 {
					v = nil
				}
				c.values[k], want[k] = v, v
			}
			maps.DeleteFunc(want, func(_ string, v []byte) bool { return v == nil })
			if err := e.Do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		switch {
		case i%1000 == 999:
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = start(t, path)
		case i%130 == 0:
			if _, err := e.Backup(t.Context(), io.Discard); err != nil { // a checkpoint
				t.Fatal(err)
			}
		}
		compare(t, e, bucket, want, key())
	}
}

// compare looks at all that lies around a key.
func compare(t *testing.T, e *engine.Engine, bucket []byte, want map[string][]byte, key string) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(want))
	from, there := slices.BinarySearch(keys, key)
	body := func(k, v []byte) string {
		b, ok := e.Verified(bucket, k, v)
		if k == nil || !ok {
			return ""
		}
		return string(k) + "=" + string(b)
	}
	at := func(i int) string {
		if i < 0 || i >= len(keys) {
			return ""
		}
		return keys[i] + "=" + string(want[keys[i]])
	}
	err := e.View(context.Background(), func(s *engine.Snapshot) error {
		b := s.Bucket(bucket)
		if got := b.Get([]byte(key)); (got != nil) != there {
			t.Fatalf("%s is %x, want it there: %v", key, got, there)
		}
		c := b.Cursor()
		if got := body(c.Before([]byte(key))); got != at(from-1) {
			t.Fatalf("before %s is %q, want %q", key, got, at(from-1))
		}
		i := from
		for k, v := c.Seek([]byte(key)); k != nil && i < from+5; k, v = c.Next() {
			if got := body(k, v); got != at(i) {
				t.Fatalf("from %s on, %d: %q, want %q", key, i-from, got, at(i))
			}
			i++
		}
		if i < min(from+5, len(keys)) {
			t.Fatalf("from %s on there are %d, want %d", key, i-from, len(keys)-from)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unwritable is a layout whose part of a checkpoint can't be written.
type unwritable struct{ plain }

func (unwritable) Checkpoint() []engine.Part { return []engine.Part{unwritable{}} }
func (unwritable) Write(*engine.Tx) error    { return errors.New("no room") }
func (unwritable) Done()                     {}

// standing is work that stands still until it is let go.
type standing struct {
	changes
	let chan struct{}
}

func (s *standing) Check(*engine.Batch) error { <-s.let; return nil }

// TestAStoreEndsBesideACheckpointThatFails has the checkpoint give up while the writer is
// still at work: it hears of that before it knows that it is to end.
func TestAStoreEndsBesideACheckpointThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bucket := filepath.Join(t.TempDir(), "engine.db"), []byte("b")
		e := startWith(t, path, unwritable{})
		put := func(key string) changes {
			return changes{bucket: bucket, values: map[string][]byte{key: []byte("1")}}
		}
		first := put("a")
		if err := e.Do(t.Context(), &first); err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = e.Backup(t.Context(), io.Discard) }() // begins the checkpoint
		time.Sleep(100 * time.Millisecond)
		last := &standing{put("b"), make(chan struct{})}
		written, closed := make(chan error, 1), make(chan error, 1)
		go func() { written <- e.Do(t.Context(), last) }()
		synctest.Wait()
		go func() { closed <- e.Close() }()
		synctest.Wait()
		close(last.let)
		if err := errors.Join(<-written, <-closed); err != nil {
			t.Fatal(err)
		}
		e = start(t, path)
		compare(t, e, bucket, map[string][]byte{"a": []byte("1"), "b": []byte("1")}, "a")
		_ = e.Close()
	})
}
