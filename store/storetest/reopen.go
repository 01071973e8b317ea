package storetest

import (
	"testing"
	"time"

	"keypull/store"
)

func testQueueReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	q := o.Queue("inbox")
	for i := range 10 {
		accept(t, q, store.Entry{ID: number("a", i), Partition: "p", At: o.Clock.Now()})
	}
	got := claim(t, q, 6)
	must(t, q.Ack(t.Context(), got[4].Seq, got[1].Seq))
	sameIDs(t, drain(t, o.Reopen(t).Queue("inbox")), "a0000", "a0002", "a0003", "a0005", "a0006", "a0007", "a0008", "a0009")
}

func testDuplicateReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	q := o.Queue("inbox")
	first := accept(t, q, store.Entry{ID: "a"}, store.Entry{}, store.Entry{ID: "b"})
	must(t, q.Ack(t.Context(), first[0].Seq))
	accept(t, q, store.Entry{ID: "c"})
	q = o.Reopen(t).Queue("inbox")
	again := accept(t, q, store.Entry{ID: "a"}, store.Entry{ID: "b"}, store.Entry{ID: "d"}, store.Entry{ID: "c"})
	if !again[0].Duplicate || again[0].Seq != first[0].Seq || !again[1].Duplicate || again[1].Seq != first[2].Seq ||
		again[2].Duplicate || !again[3].Duplicate {
		t.Errorf("got %+v after %+v", again, first)
	}
}

func testDueReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	now := o.Clock.Now()
	accept(t, o.Queue("inbox"),
		store.Entry{ID: "third", At: now, Due: now.Add(3 * time.Hour)},
		store.Entry{ID: "before", At: now},
		store.Entry{ID: "first", At: now, Due: now.Add(time.Hour)},
		store.Entry{ID: "between", At: now.Add(90 * time.Minute)},
		store.Entry{ID: "second", At: now, Due: now.Add(2 * time.Hour)},
	)
	o.Clock.Advance(2 * time.Hour)
	q := o.Reopen(t).Queue("inbox")
	sameIDs(t, drain(t, q), "before", "first", "between", "second")
	o.Clock.Advance(time.Hour)
	sameIDs(t, claim(t, q, 1), "third")
}

func testSeqReopen(t *testing.T, o Subject) {
	if o.Reopen == nil {
		return
	}
	q := o.Queue("inbox")
	last := accept(t, q, store.Entry{}, store.Entry{})[1].Seq
	must(t, q.Ack(t.Context(), last, last-1))
	q = o.Reopen(t).Queue("inbox")
	if got := q.Last(); got != last {
		t.Errorf("the last one is %d, not %d", got, last)
	}
	got := accept(t, q, store.Entry{})[0].Seq
	if got <= last || q.Last() != got {
		t.Errorf("sequence %d after %d, and the last is %d", got, last, q.Last())
	}
}
