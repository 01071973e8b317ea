package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

var kvExamples = []example{
	{"a key that holds nothing is ErrNotFound", func(t *testing.T, o Subject) {
		_, err := o.Get(t.Context(), "a.b")
		wants(t, "get", err, store.ErrNotFound)
	}},
	{"what is put is got with the revision that Put returned", testPutGet},
	{"an empty value is a value", testEmptyValue},
	{"bad keys are ErrKey everywhere", testBadKeys},
	{"keys and values of the greatest size are taken, greater ones refused", testSizes},
	{"slices handed over and slices got belong to the caller", testOwnership},
	{"a put that is create-only fails on what is there", testCreateOnly},
	{"a put with another revision changes nothing", testCompareAndSet},
	{"of many who set the same revision exactly one wins", testRace},
	{"revisions grow and are not used again after a delete", testRevisions},
	{"a delete follows the rules of revisions", testDelete},
	{"a scan keeps to whole segments and byte order", testScanPrefix},
	{"a scan in pages sees every key once", testScanPages},
	{"a scan refuses a limit below 1 and above MaxPage", testScanLimits},
	{"values are there after a reopen and revisions go on", testValuesReopen},
}

func put(t testing.TB, o store.KV, key, value string) store.Revision {
	t.Helper()
	rev, err := o.Put(t.Context(), key, []byte(value), store.Any)
	must(t, err)
	return rev
}

func testPutGet(t *testing.T, o Subject) {
	for _, value := range []string{"one", "two"} {
		rev := put(t, o, "a.b", value)
		got, err := o.Get(t.Context(), "a.b")
		must(t, err)
		if diff := cmp.Diff(store.Pair{Key: "a.b", Value: []byte(value), Revision: rev}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func testEmptyValue(t *testing.T, o Subject) {
	for _, value := range [][]byte{nil, {}} {
		_, err := o.Put(t.Context(), "a", value, store.Any)
		must(t, err)
		got, err := o.Get(t.Context(), "a")
		must(t, err)
		if got.Value == nil || len(got.Value) != 0 {
			t.Errorf("got %#v, want an empty slice", got.Value)
		}
	}
	_, err := o.Put(t.Context(), "a", nil, store.Absent)
	wants(t, "create over an empty value", err, store.ErrConflict)
}

func testBadKeys(t *testing.T, o Subject) {
	ctx := t.Context()
	for _, key := range []string{"", ".", ".a", "a.", "a..b", "a b", "a/b", "ä", "a\x00", strings.Repeat("k", store.MaxKeyBytes+1)} {
		_, err := o.Get(ctx, key)
		wants(t, fmt.Sprintf("get %q", key), err, store.ErrKey)
		_, err = o.Put(ctx, key, nil, store.Any)
		wants(t, fmt.Sprintf("put %q", key), err, store.ErrKey)
		wants(t, fmt.Sprintf("delete %q", key), o.Delete(ctx, key, store.Any), store.ErrKey)
		if key == "" {
			continue // all of them, when scanned or watched
		}
		_, err = o.Scan(ctx, key, "", 1)
		wants(t, fmt.Sprintf("scan %q", key), err, store.ErrKey)
		_, err = o.Watch(ctx, key)
		wants(t, fmt.Sprintf("watch %q", key), err, store.ErrKey)
	}
}

func testSizes(t *testing.T, o Subject) {
	ctx := t.Context()
	key := strings.Repeat("k", store.MaxKeyBytes)
	value := bytes.Repeat([]byte("v"), store.MaxValueBytes)
	_, err := o.Put(ctx, key, value, store.Absent)
	must(t, err)
	got, err := o.Get(ctx, key)
	must(t, err)
	if !bytes.Equal(got.Value, value) {
		t.Error("the greatest value came back changed")
	}
	_, err = o.Put(ctx, key, append(value, 'v'), store.Any)
	wants(t, "put", err, store.ErrTooLarge)
}

func testOwnership(t *testing.T, o Subject) {
	ctx := t.Context()
	mine := []byte("value")
	_, err := o.Put(ctx, "a", mine, store.Any)
	must(t, err)
	clear(mine)
	for range 2 {
		got, err := o.Get(ctx, "a")
		must(t, err)
		pairs, err := o.Scan(ctx, "", "", 1)
		must(t, err)
		if string(got.Value) != "value" || string(pairs[0].Value) != "value" {
			t.Fatalf("got %q and %q, want value", got.Value, pairs[0].Value)
		}
		clear(got.Value)
		clear(pairs[0].Value)
		_ = append(got.Value, "more"...)
	}
}

func testCreateOnly(t *testing.T, o Subject) {
	ctx := t.Context()
	_, err := o.Put(ctx, "a", []byte("first"), store.Absent)
	must(t, err)
	_, err = o.Put(ctx, "a", []byte("second"), store.Absent)
	wants(t, "second create", err, store.ErrConflict)
	got, err := o.Get(ctx, "a")
	must(t, err)
	if string(got.Value) != "first" {
		t.Errorf("got %q, want first", got.Value)
	}
	must(t, o.Delete(ctx, "a", got.Revision))
	_, err = o.Put(ctx, "a", nil, store.Absent)
	must(t, err)
}

func testCompareAndSet(t *testing.T, o Subject) {
	ctx := t.Context()
	old := put(t, o, "a", "one")
	now, err := o.Put(ctx, "a", []byte("two"), old)
	must(t, err)
	for _, wrong := range []store.Revision{old, now + 1} {
		_, err = o.Put(ctx, "a", []byte("three"), wrong)
		wants(t, "put", err, store.ErrConflict)
	}
	_, err = o.Put(ctx, "nothing", nil, now)
	wants(t, "put where nothing is", err, store.ErrConflict)
	got, err := o.Get(ctx, "a")
	must(t, err)
	if string(got.Value) != "two" || got.Revision != now {
		t.Errorf("got %q at %d, want two at %d", got.Value, got.Revision, now)
	}
}

func testRace(t *testing.T, o Subject) {
	ctx := t.Context()
	at := put(t, o, "a", "start")
	var won atomic.Int32
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			_, err := o.Put(ctx, "a", fmt.Append(nil, i), at)
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, store.ErrConflict):
				t.Errorf("error %v, want ErrConflict", err)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won, want 1", won.Load())
	}
}

func testRevisions(t *testing.T, o Subject) {
	last := store.Absent
	for i := range 20 {
		rev := put(t, o, "a", "v")
		if rev <= last || rev == store.Any {
			t.Fatalf("revision %d after %d", rev, last)
		}
		last = rev
		if i%3 == 0 {
			must(t, o.Delete(t.Context(), "a", store.Any))
		}
	}
}

func testDelete(t *testing.T, o Subject) {
	ctx := t.Context()
	must(t, o.Delete(ctx, "a", store.Any))
	wants(t, "delete of nothing", o.Delete(ctx, "a", 1), store.ErrConflict)
	wants(t, "delete of nothing as absent", o.Delete(ctx, "a", store.Absent), store.ErrConflict)
	rev := put(t, o, "a", "v")
	wants(t, "delete of another revision", o.Delete(ctx, "a", rev+1), store.ErrConflict)
	wants(t, "delete as absent", o.Delete(ctx, "a", store.Absent), store.ErrConflict)
	_, err := o.Get(ctx, "a")
	must(t, err)
	must(t, o.Delete(ctx, "a", rev))
	_, err = o.Get(ctx, "a")
	wants(t, "get", err, store.ErrNotFound)
}

func keys(pairs []store.Pair) []string {
	var out []string
	for _, p := range pairs {
		out = append(out, p.Key)
	}
	return out
}

func testScanPrefix(t *testing.T, o Subject) {
	for _, key := range []string{"a.bc", "b", "a.b.d", "a.b", "a.b-x", "a.b.c", "a.b.c.e", "A", "a_b", "a.b0"} {
		put(t, o, key, "value of "+key)
	}
	for _, c := range []struct {
		prefix, after string
		want          []string
	}{
		{"", "", []string{"A", "a.b", "a.b-x", "a.b.c", "a.b.c.e", "a.b.d", "a.b0", "a.bc", "a_b", "b"}},
		{"a.b", "", []string{"a.b.c", "a.b.c.e", "a.b.d"}},
		{"a.b", "a.b.c", []string{"a.b.c.e", "a.b.d"}},
		{"a.b", "a.b.c.f", []string{"a.b.d"}},
		{"a.b", "a.b.d", nil},
		{"a.b", "A", []string{"a.b.c", "a.b.c.e", "a.b.d"}},
		{"a.b", "b", nil},
		{"", "a.bc", []string{"a_b", "b"}},
		{"a.b.c", "", []string{"a.b.c.e"}},
		{"b", "", nil},
		{"none", "", nil},
	} {
		got, err := o.Scan(t.Context(), c.prefix, c.after, 100)
		must(t, err)
		if diff := cmp.Diff(c.want, keys(got)); diff != "" {
			t.Errorf("scan %q after %q:\n%s", c.prefix, c.after, diff)
		}
		for _, p := range got {
			if string(p.Value) != "value of "+p.Key {
				t.Errorf("%s holds %q", p.Key, p.Value)
			}
		}
	}
}

func testScanPages(t *testing.T, o Subject) {
	var want, got []string
	for i := range 25 {
		want = append(want, fmt.Sprintf("p.%02d", i))
		put(t, o, want[i], "")
	}
	put(t, o, "q", "")
	after := ""
	for {
		page, err := o.Scan(t.Context(), "p", after, 10)
		must(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, keys(page)...)
		after = page[len(page)-1].Key
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func testScanLimits(t *testing.T, o Subject) {
	for _, limit := range []int{-1, 0, store.MaxPage + 1} {
		if _, err := o.Scan(t.Context(), "", "", limit); err == nil {
			t.Errorf("scan with limit %d: no error", limit)
		}
	}
}

func testValuesReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	kept := put(t, o, "a", "kept")
	gone := put(t, o, "b", "gone")
	must(t, o.Delete(t.Context(), "b", gone))
	again := o.Reopen(t)
	got, err := again.Get(t.Context(), "a")
	must(t, err)
	if string(got.Value) != "kept" || got.Revision != kept {
		t.Errorf("got %q at %d, want kept at %d", got.Value, got.Revision, kept)
	}
	_, err = again.Get(t.Context(), "b")
	wants(t, "get of what was deleted", err, store.ErrNotFound)
	if rev := put(t, again, "b", "new"); rev <= gone {
		t.Errorf("revision %d after %d", rev, gone)
	}
}
