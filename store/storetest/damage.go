package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

// Spot is one thing that a back end keeps: the entry Seq or the record of ids
// of that entry's acceptance in Queue, the record at Position or the index of ID
// in Log, or the value of Key.
type Spot struct {
	Queue, Log, Key string
	Seq, Position   uint64
	IDs             bool
	ID              string
}

// damageExamples are for back ends whose Subject has Damage.
var damageExamples = []example{
	{"an entry that is set aside comes no more and is counted", testSetAside},
	{"a damaged entry costs that entry", testDamagedEntry},
	{"a damaged record of ids costs those ids", testDamagedIDs},
	{"a damaged record costs that record", testDamagedRecord},
	{"a damaged index costs the record it led to", testDamagedIndex},
	{"a damaged value costs that value", testDamagedValue},
}

// damaged damages a place and opens what there is. The count of what is set
// aside follows.
func damaged(t *testing.T, o Subject, p Spot) store.Backend {
	t.Helper()
	o.Damage(t, p)
	return o.Reopen(t)
}

// setAside wants n things to stand aside, now and after a reopen.
func setAside(t *testing.T, o Subject, back store.Backend, n int) {
	t.Helper()
	_, err := back.Put(t.Context(), "behind", nil, store.Any) // what is put off rides with it
	must(t, err)
	for range 2 {
		_, err := back.Put(t.Context(), "behind", nil, store.Any)
		must(t, err)
		if got := back.(store.Damages).Damaged(); got != n {
			t.Errorf("%d stand aside, want %d", got, n)
		}
		back = o.Reopen(t)
	}
}

func testDamagedEntry(t *testing.T, o Subject) {
	if o.Damage == nil {
		return
	}
	got := accept(t, o.Queue("inbox"), store.Entry{ID: "a"}, store.Entry{ID: "b"}, store.Entry{ID: "c"}, store.Entry{ID: "d"})
	back := damaged(t, o, Spot{Queue: "inbox", Seq: got[1].Seq})
	q := back.Queue("inbox")
	accept(t, q, store.Entry{ID: "e"})
	if !accept(t, q, store.Entry{ID: "a"})[0].Duplicate {
		t.Error("the id of a sound entry is not known any more")
	}
	entries := drain(t, q)
	sameIDs(t, entries, "a", "c", "d", "e")
	must(t, q.Ack(t.Context(), entries[0].Seq))
	setAside(t, o, back, 1)
}

func testDamagedIDs(t *testing.T, o Subject) {
	if o.Damage == nil {
		return
	}
	first := accept(t, o.Queue("inbox"), store.Entry{ID: "a"})[0].Seq
	if o.Reopen != nil { // what is written together may be damaged together
		o.Backend = o.Reopen(t)
	}
	accept(t, o.Queue("inbox"), store.Entry{ID: "b"})
	back := damaged(t, o, Spot{Queue: "inbox", Seq: first, IDs: true})
	again := accept(t, back.Queue("inbox"), store.Entry{ID: "b"}, store.Entry{ID: "c"})
	if !again[0].Duplicate || again[1].Duplicate {
		t.Errorf("got %+v, want b known and c not", again)
	}
	sameIDs(t, drain(t, back.Queue("inbox")), "a", "b", "c")
	o.Clock.Advance(2 * store.DefaultHorizon)
	for range 10 { // trims what is past
		accept(t, back.Queue("inbox"), store.Entry{ID: "again"})
	}
	if accept(t, back.Queue("inbox"), store.Entry{ID: "b"})[0].Duplicate {
		t.Error("b is known for ever")
	}
}

func testDamagedRecord(t *testing.T, o Subject) {
	if o.Damage == nil {
		return
	}
	ctx, now := t.Context(), o.Clock.Now()
	appended(t, o.Log("journal"), "a", "one", now)
	at := appended(t, o.Log("journal"), "b", "two", now)
	appended(t, o.Log("journal"), "c", "three", now.Add(time.Hour))
	back := damaged(t, o, Spot{Log: "journal", Position: at})
	l := back.Log("journal")
	if diff := cmp.Diff([]string{"a", "c"}, recordIDs(read(t, l, 0, 10))); diff != "" {
		t.Error(diff)
	}
	_, err := l.Find(ctx, "b")
	wants(t, "find", err, store.ErrNotFound)
	must(t, l.Reduce(ctx, "b", nil))
	must(t, l.Reduce(ctx, "a", nil))
	if next := appended(t, l, "b", "again", now); next <= at {
		t.Errorf("b is written anew at %d, want it behind %d", next, at)
	}
	gone, err := l.Trim(ctx, now.Add(time.Minute))
	must(t, err)
	if gone != 2 {
		t.Errorf("%d trimmed, want a and b", gone)
	}
	setAside(t, o, back, 1)
}

func testDamagedIndex(t *testing.T, o Subject) {
	if o.Damage == nil {
		return
	}
	now := o.Clock.Now()
	appended(t, o.Log("journal"), "a", "one", now)
	last := appended(t, o.Log("journal"), "b", "two", now)
	back := damaged(t, o, Spot{Log: "journal", ID: "a"})
	l := back.Log("journal")
	if r, err := l.Find(t.Context(), "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("found %+v, error %v; want ErrNotFound", r, err)
	}
	_, err := l.Find(t.Context(), "b")
	must(t, err)
	if at := appended(t, l, "a", "again", now); at <= last {
		t.Errorf("a is written anew at %d, want it behind %d", at, last)
	}
	found, err := l.Find(t.Context(), "a")
	must(t, err)
	if string(found.Data) != "again" {
		t.Errorf("a holds %q, want what was written anew", found.Data)
	}
	gone, err := l.Trim(t.Context(), now.Add(time.Hour))
	must(t, err)
	if gone != 3 {
		t.Errorf("%d trimmed, want 3", gone)
	}
}

func testDamagedValue(t *testing.T, o Subject) {
	if o.Damage == nil {
		return
	}
	ctx := t.Context()
	for _, key := range []string{"a.1", "a.2", "a.3"} {
		put(t, o, key, key)
	}
	back := damaged(t, o, Spot{Key: "a.2"})
	_, err := back.Get(ctx, "a.2")
	wants(t, "get", err, store.ErrNotFound)
	got, err := back.Scan(ctx, "a", "", 10)
	must(t, err)
	if diff := cmp.Diff([]string{"a.1", "a.3"}, keys(got)); diff != "" {
		t.Error(diff)
	}
	setAside(t, o, back, 1)
	back = o.Reopen(t)
	_, err = back.Put(ctx, "a.2", []byte("new"), store.Absent)
	must(t, err)
	now, err := back.Get(ctx, "a.2")
	must(t, err)
	if string(now.Value) != "new" {
		t.Errorf("got %q, want new", now.Value)
	}
}

func testSetAside(t *testing.T, o Subject) {
	q, ok := o.Queue("inbox").(store.Asider)
	if !ok {
		return
	}
	accept(t, o.Queue("inbox"), store.Entry{ID: "a"}, store.Entry{ID: "b"}, store.Entry{ID: "c"})
	must(t, q.SetAside(t.Context(), claim(t, o.Queue("inbox"), 1)[0].Seq))
	back := o.Backend
	if o.Reopen != nil {
		back = o.Reopen(t)
	}
	sameIDs(t, drain(t, back.Queue("inbox")), "b", "c")
	if got := back.(store.Damages).Damaged(); got != 1 {
		t.Errorf("%d stand aside, want 1", got)
	}
	if !accept(t, back.Queue("inbox"), store.Entry{ID: "a"})[0].Duplicate {
		t.Error("what was set aside is taken anew")
	}
}
