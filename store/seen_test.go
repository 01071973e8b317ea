package store_test

import (
	"testing"
	"time"

	"keypull/store"
	"keypull/store/mem"
)

func TestMarksOfDaysTellByWhenSomethingWasWritten(t *testing.T) {
	ctx := t.Context()
	kv := mem.Open(store.Options{})
	seen := store.NewSeen(kv)
	today := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	written := map[int]store.Revision{}
	write := func(day int) {
		at, err := kv.Put(ctx, "something.a", nil, store.Any)
		if err != nil {
			t.Fatal(err)
		}
		written[day] = at
	}
	mark := func(day int) {
		if err := seen.Mark(ctx, today(day)); err != nil {
			t.Fatal(err)
		}
	}
	until := func(day int) store.Revision {
		at, err := seen.Until(ctx, today(day))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	mark(0)
	write(0)
	mark(0) // an hour later
	write(1)
	if at := until(0); written[0] > at || written[1] <= at || until(-1) != 0 {
		t.Errorf("by day 0: %d; written on it %d, after it %d", at, written[0], written[1])
	}
	// The process ends without another mark, and the next one starts after ten
	// days; then its clock is set back for a while.
	if err := seen.Begin(ctx, today(10)); err != nil {
		t.Fatal(err)
	}
	write(10)
	mark(10)
	mark(-390)
	mark(3)
	write(11)
	mark(11)
	if at := until(9); written[1] > at || written[10] <= at {
		t.Errorf("by day 9: %d; written on day 1 %d, on day 10 %d", at, written[1], written[10])
	}
	if at := until(10); written[10] > at || written[11] <= at {
		t.Errorf("by day 10: %d; written on it %d, after it %d", at, written[10], written[11])
	}
	if until(-1) != 0 || until(5) != until(3) {
		t.Errorf("a clock that was set back left marks: %d, %d, %d", until(-1), until(3), until(5))
	}
	before := until(10)
	if _, err := seen.Sweep(ctx, today(10)); err != nil {
		t.Fatal(err)
	}
	if until(10) != before || until(9) != 0 {
		t.Errorf("after sweeping: %d and %d, want %d and none", until(10), until(9), before)
	}
}
