package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

var orderExamples = []example{
	{"a record of a later date leaves with those around it", testTrimOrder},
	{"a record of an earlier date takes nothing with it", testTrimEarlier},
	{"ids of a later date are forgotten with those around them", testForgetOrder},
}

// testTrimOrder is a clock that ran 400 days ahead for a while.
func testTrimOrder(t *testing.T, o Subject) {
	l, now := o.Log("journal"), o.Clock.Now()
	for i, days := range []int{0, 1, 400, 401, 2, 3, 4, 30, 31} {
		appended(t, l, number("r", i), "", now.AddDate(0, 0, days))
	}
	for _, c := range []struct{ day, gone int }{{1, 1}, {5, 6}, {5, 0}, {31, 1}} {
		got, err := l.Trim(t.Context(), now.AddDate(0, 0, c.day))
		must(t, err)
		if got != c.gone {
			t.Errorf("%d trimmed before day %d, want %d", got, c.day, c.gone)
		}
	}
	if diff := cmp.Diff([]string{"r0008"}, recordIDs(read(t, l, 0, 10))); diff != "" {
		t.Error(diff)
	}
	if _, err := l.Find(t.Context(), "r0002"); err == nil {
		t.Error("the id of a record of a later date is still there")
	}
}

// testTrimEarlier is a clock that stood at its beginning until it was set.
func testTrimEarlier(t *testing.T, o Subject) {
	l, now := o.Log("journal"), o.Clock.Now()
	for i, days := range []int{1, 2, 3, 4} {
		appended(t, l, number("r", i), "", now.AddDate(0, 0, days))
	}
	appended(t, l, "reset", "", time.Unix(0, 0))
	appended(t, l, "after", "", now.AddDate(0, 0, 5))
	got, err := l.Trim(t.Context(), now.AddDate(0, 0, 2))
	must(t, err)
	if got != 2 {
		t.Errorf("%d trimmed, want r0000 and the one of 1970", got)
	}
	if diff := cmp.Diff([]string{"r0001", "r0002", "r0003", "after"}, recordIDs(read(t, l, 0, 10))); diff != "" {
		t.Error(diff)
	}
}

func testForgetOrder(t *testing.T, o Subject) {
	q := o.Queue("inbox")
	o.Clock.Advance(400 * 24 * time.Hour)
	accept(t, q, store.Entry{ID: "ahead"})
	o.Clock.Advance(-400 * 24 * time.Hour)
	for day := range 10 {
		accept(t, q, store.Entry{ID: fmt.Sprint("day", day)})
		o.Clock.Advance(24 * time.Hour)
	}
	for i := range 600 { // back ends clean up behind writes, a few at a time
		accept(t, q, store.Entry{ID: fmt.Sprint("later", i)})
	}
	if o.Reopen != nil { // or when they are opened
		q = o.Reopen(t).Queue("inbox")
	}
	again := accept(t, q, store.Entry{ID: "ahead"}, store.Entry{ID: "day0"}, store.Entry{ID: "day5"})
	if again[0].Duplicate || again[1].Duplicate || !again[2].Duplicate {
		t.Errorf("got %+v; want the first two forgotten, and the third known", again)
	}
}
