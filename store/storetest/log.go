package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

var logExamples = []example{
	{"records are read as they were appended, in order", testLogRead},
	{"an id that is there already is not written again", testLogIdempotent},
	{"ids may come in any order", testLogAnyOrder},
	{"bad ids are ErrKey, large data is ErrTooLarge", testLogBad},
	{"a record is found by its id", testLogFind},
	{"Reduce replaces the data and nothing else", testLogReduce},
	{"Trim removes what is older, and only that", testLogTrim},
	{"positions are not used again after everything was trimmed", testLogTrimAll},
	{"records belong to the caller", testLogOwnership},
	{"records are there after a reopen and positions go on", testLogReopen},
}

func appended(t testing.TB, l store.Log, id, data string, at time.Time) uint64 {
	t.Helper()
	position, err := l.Append(t.Context(), store.Record{ID: id, At: at, Data: []byte(data)})
	must(t, err)
	return position
}

func read(t testing.TB, l store.Log, from uint64, limit int) []store.Record {
	t.Helper()
	got, err := l.Read(t.Context(), from, limit)
	must(t, err)
	return got
}

func recordIDs(records []store.Record) []string {
	var out []string
	for _, r := range records {
		out = append(out, r.ID)
	}
	return out
}

func testLogRead(t *testing.T, o Subject) {
	l := o.Log("journal")
	if got := read(t, l, 0, 10); len(got) != 0 {
		t.Errorf("an empty log has %v", got)
	}
	at := time.Date(2026, 11, 20, 9, 0, 0, 5, time.UTC)
	var want []store.Record
	for i := range 7 {
		r := store.Record{ID: number("r", i), At: at, Data: fmt.Append(nil, i)}
		r.Position = appended(t, l, r.ID, string(r.Data), r.At)
		want = append(want, r)
	}
	if diff := cmp.Diff(want, read(t, l, 0, 10)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[2:5], read(t, l, want[2].Position, 3)); diff != "" {
		t.Error(diff)
	}
	if got := read(t, l, want[6].Position+1, 3); len(got) != 0 {
		t.Errorf("behind the end there is %v", got)
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		if _, err := l.Read(t.Context(), 0, limit); err == nil {
			t.Errorf("read with limit %d: no error", limit)
		}
	}
}

func testLogIdempotent(t *testing.T, o Subject) {
	l, now := o.Log("journal"), o.Clock.Now()
	first := appended(t, l, "a", "first", now)
	appended(t, l, "b", "", now)
	if again := appended(t, l, "a", "second", now); again != first {
		t.Errorf("position %d, want %d", again, first)
	}
	if other := appended(t, o.Log("other"), "a", "other", now); other == 0 {
		t.Error("position 0")
	}
	got := read(t, l, 0, 10)
	if diff := cmp.Diff([]string{"a", "b"}, recordIDs(got)); diff != "" {
		t.Error(diff)
	}
	if string(got[0].Data) != "first" {
		t.Errorf("a holds %q, want first", got[0].Data)
	}
}

func testLogAnyOrder(t *testing.T, o Subject) {
	l, now := o.Log("journal"), o.Clock.Now()
	order := []string{"m", "z", "a", "a.sent", "k_1", "K-1", "zz", "m"}
	positions := make(map[string]uint64)
	for _, id := range order {
		p := appended(t, l, id, id, now)
		if at, ok := positions[id]; ok && at != p {
			t.Errorf("%s at %d and %d", id, at, p)
		}
		positions[id] = p
	}
	if diff := cmp.Diff(order[:7], recordIDs(read(t, l, 0, 10))); diff != "" {
		t.Error(diff)
	}
}

func testLogBad(t *testing.T, o Subject) {
	l, ctx := o.Log("journal"), t.Context()
	for _, id := range []string{"", "a b", "ä", "a/b", strings.Repeat("x", store.MaxIDBytes+1)} {
		_, err := l.Append(ctx, store.Record{ID: id})
		wants(t, fmt.Sprintf("append %q", id), err, store.ErrKey)
		_, err = l.Find(ctx, id)
		wants(t, fmt.Sprintf("find %q", id), err, store.ErrKey)
		wants(t, fmt.Sprintf("reduce %q", id), l.Reduce(ctx, id, nil), store.ErrKey)
	}
	large := make([]byte, store.MaxValueBytes+1)
	_, err := l.Append(ctx, store.Record{ID: "a", Data: large})
	wants(t, "append", err, store.ErrTooLarge)
	wants(t, "reduce", l.Reduce(ctx, "a", large), store.ErrTooLarge)
	_, err = l.Append(ctx, store.Record{ID: strings.Repeat("x", store.MaxIDBytes), Data: large[1:]})
	must(t, err)
}

func testLogFind(t *testing.T, o Subject) {
	l := o.Log("journal")
	_, err := l.Find(t.Context(), "a")
	wants(t, "find in an empty log", err, store.ErrNotFound)
	appended(t, l, "a", "one", time.Time{})
	position := appended(t, l, "b", "", o.Clock.Now())
	got, err := l.Find(t.Context(), "b")
	must(t, err)
	if got.Position != position || got.ID != "b" || len(got.Data) != 0 || !got.At.Equal(o.Clock.Now()) {
		t.Errorf("got %+v", got)
	}
	_, err = l.Find(t.Context(), "aa")
	wants(t, "find of what is not there", err, store.ErrNotFound)
}

func testLogReduce(t *testing.T, o Subject) {
	l, ctx := o.Log("journal"), t.Context()
	appended(t, l, "a", "text", o.Clock.Now())
	appended(t, l, "b", "stays", o.Clock.Now())
	want := read(t, l, 0, 10)
	must(t, l.Reduce(ctx, "a", []byte("longer than before")))
	must(t, l.Reduce(ctx, "a", nil))
	must(t, l.Reduce(ctx, "nothing", []byte("x")))
	got := read(t, l, 0, 10)
	if len(got) != 2 || len(got[0].Data) != 0 {
		t.Fatalf("got %+v", got)
	}
	got[0].Data = want[0].Data
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if position := appended(t, l, "a", "again", o.Clock.Now()); position != want[0].Position {
		t.Errorf("a reduced record was written again at %d", position)
	}
}

func testLogTrim(t *testing.T, o Subject) {
	l, now := o.Log("journal"), o.Clock.Now()
	// Roughly in order: the second came a moment late.
	for i, hours := range []int{0, 2, 1, 3, 4} {
		appended(t, l, number("r", i), "", now.Add(time.Duration(hours)*time.Hour))
	}
	for _, c := range []struct{ hours, gone int }{{0, 0}, {2, 2}, {2, 0}} {
		got, err := l.Trim(t.Context(), now.Add(time.Duration(c.hours)*time.Hour))
		must(t, err)
		if got != c.gone {
			t.Errorf("%d records trimmed before hour %d, want %d", got, c.hours, c.gone)
		}
	}
	if diff := cmp.Diff([]string{"r0001", "r0003", "r0004"}, recordIDs(read(t, l, 0, 10))); diff != "" {
		t.Error(diff)
	}
	_, err := l.Find(t.Context(), "r0000")
	wants(t, "find of what was trimmed", err, store.ErrNotFound)
	last := read(t, l, 0, 10)[2].Position
	if again := appended(t, l, "r0000", "", now); again <= last {
		t.Errorf("the id of a trimmed record is at %d, want it behind %d", again, last)
	}
}

func testLogTrimAll(t *testing.T, o Subject) {
	const many = 2500 // more than one commit removes
	l, now := o.Log("journal"), o.Clock.Now()
	var last uint64
	var b store.Batch
	for i := range many - 1 {
		b.Appends = append(b.Appends, store.Append{Log: "journal", Record: store.Record{ID: number("r", i), At: now}})
	}
	_, err := o.Commit(t.Context(), b)
	must(t, err)
	last = appended(t, l, "last", "", now)
	before := len(read(t, l, 0, store.MaxPage))
	got, err := l.Trim(t.Context(), now.Add(time.Nanosecond))
	must(t, err)
	if got < before || len(read(t, l, 0, 1)) != 0 {
		t.Errorf("%d trimmed of at least %d, %d left", got, before, len(read(t, l, 0, 1)))
	}
	if o.Reopen != nil {
		l = o.Reopen(t).Log("journal")
	}
	if position := appended(t, l, "last", "", now); position <= last {
		t.Errorf("position %d after %d", position, last)
	}
}

func testLogOwnership(t *testing.T, o Subject) {
	l, ctx := o.Log("journal"), t.Context()
	mine := []byte("data")
	_, err := l.Append(ctx, store.Record{ID: "a", Data: mine})
	must(t, err)
	clear(mine)
	for range 2 {
		found, err := l.Find(ctx, "a")
		must(t, err)
		got := read(t, l, 0, 1)[0]
		if string(found.Data) != "data" || string(got.Data) != "data" {
			t.Fatalf("got %q and %q, want data", found.Data, got.Data)
		}
		clear(found.Data)
		clear(got.Data)
	}
	mine = []byte("less")
	must(t, l.Reduce(ctx, "a", mine))
	clear(mine)
	if got := read(t, l, 0, 1)[0]; string(got.Data) != "less" {
		t.Errorf("got %q, want less", got.Data)
	}
}

func testLogReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	l, now := o.Log("journal"), o.Clock.Now()
	appended(t, l, "b", "one", now)
	last := appended(t, l, "c", "two", now)
	want := read(t, l, 0, 10)
	l = o.Reopen(t).Log("journal")
	if diff := cmp.Diff(want, read(t, l, 0, 10)); diff != "" {
		t.Error(diff)
	}
	if again := appended(t, l, "c", "", now); again != last {
		t.Errorf("c is written again at %d", again)
	}
	if next := appended(t, l, "a", "", now); next <= last {
		t.Errorf("position %d after %d", next, last)
	}
}
