package engine_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

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
	e, err := engine.Open(path, store.Options{MinFree: -1}, plain{})
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
