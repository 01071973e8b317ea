package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"keypull/store"
)

// Filling is an empty store that is to be filled, of the same key as the subject.
type Filling struct {
	store.Backend
	// Filled opens what Import has filled.
	Filled func(t *testing.T) store.Backend
	// Again opens a store that is half filled, for another Import.
	Again func(t *testing.T) store.Backend
}

// moveExamples are promises of what can be moved.
var moveExamples = []example{
	{"what is moved is there, number by number", testMoved},
	{"what goes on after a move goes on as it would have", testMovedGoesOn},
	{"a store that holds something is not filled", testFilledTwice},
	{"a move ends with the error of what it reads", testMoveFails},
	{"a move that was ended goes on", testMoveGoesOn},
	{"a move of other rows begins anew", testMoveOfOthers},
}

// movable has something of all that can be moved.
func movable(t *testing.T, o Subject) store.Movable {
	t.Helper()
	m, ok := o.Backend.(store.Movable)
	if !ok {
		t.Fatal("its contents can't be moved")
	}
	ctx, now := t.Context(), o.Clock.Now()
	for _, key := range []string{"a", "a.b", "gone", "z"} {
		_, err := o.Put(ctx, key, []byte("value of "+key), store.Absent)
		must(t, err)
	}
	_, err := o.Put(ctx, "a", nil, store.Any)
	must(t, err)
	q := o.Queue("inbox")
	accept(t, q,
		store.Entry{ID: "1", Partition: "ann", Scope: store.Own, Words: "news", At: now, Payload: []byte("first")},
		store.Entry{ID: "2", Partition: "bob", Scope: store.Account, Words: "news", At: now},
		store.Entry{ID: "3", Partition: "ann", At: now, Due: now.Add(time.Hour), Payload: []byte("later")},
		store.Entry{Partition: "bob", At: now, Payload: []byte("aside")},
		store.Entry{ID: "5", At: now.Add(time.Nanosecond)},
		store.Entry{ID: "6", At: now},
	)
	must(t, q.(store.Asider).SetAside(ctx, 4))
	must(t, q.Ack(ctx, 2, 6))
	accept(t, o.Queue("empty"), store.Entry{})
	must(t, o.Queue("empty").Ack(ctx, 1))
	for i := range 30 {
		_, err := o.Log("asks").Append(ctx, store.Record{ID: number("00000000000", i), At: now, Data: []byte("asked")})
		must(t, err)
	}
	_, err = o.Log("sends").Append(ctx, store.Record{ID: "sent", At: now})
	must(t, err)
	must(t, o.Log("asks").Reduce(ctx, number("00000000000", 7), []byte("less")))
	must(t, o.Delete(ctx, "gone", store.Any))
	return m
}

func tallyOf(t *testing.T, m store.Movable) (all store.Tally) {
	t.Helper()
	for r, err := range m.Export(t.Context()) {
		must(t, err)
		all.Add(&r)
	}
	return all
}

// moveAll moves everything into an empty store.
func moveAll(t *testing.T, o Subject, m store.Movable) Subject {
	t.Helper()
	f := o.Empty(t)
	if there := importAll(t, f.Backend, m.Export(t.Context())); there != 0 {
		t.Errorf("%d rows are in an empty store", there)
	}
	return endMove(t, o, f, f.Backend)
}

// importAll imports rows, and returns how many were there.
func importAll(t *testing.T, to store.Backend, rows iter.Seq2[store.Row, error]) int64 {
	t.Helper()
	there, err := to.(store.Movable).Import(t.Context(), rows)
	must(t, err)
	return there
}

func endMove(t *testing.T, o Subject, f Filling, filled store.Backend) Subject {
	t.Helper()
	must(t, filled.(store.Movable).EndImport(t.Context()))
	return Subject{Backend: f.Filled(t), Clock: o.Clock}
}

// wantsTally holds what is there against what was moved.
func wantsTally(t *testing.T, when string, moved store.Backend, want *store.Tally) {
	t.Helper()
	got := tallyOf(t, moved.(store.Movable))
	for _, w := range want.Parts() {
		g := got.Part(w.Kind, w.Of)
		if g.Rows != w.Rows || g.Digest() != w.Digest() {
			t.Errorf("%s: %s %s: %d rows %s, want %d rows %s", when, w.Kind, w.Of, g.Rows, g.Digest(), w.Rows, w.Digest())
		}
	}
	if n := len(got.Parts()); n != len(want.Parts()) {
		t.Errorf("%s: %d kinds, want %d", when, n, len(want.Parts()))
	}
}

func testMoved(t *testing.T, o Subject) {
	m := movable(t, o)
	want := tallyOf(t, m)
	moved := moveAll(t, o, m)
	if len(want.Parts()) != 7 {
		t.Errorf("%d kinds were moved", len(want.Parts()))
	}
	wantsTally(t, "moved", moved.Backend, &want)
	pairs, err := moved.Scan(t.Context(), "", "", 10)
	must(t, err)
	if len(pairs) != 3 || pairs[0].Revision != 5 || len(pairs[0].Value) != 0 || pairs[1].Revision != 2 || string(pairs[1].Value) != "value of a.b" {
		t.Errorf("keys: %+v", pairs)
	}
	r, err := moved.Log("asks").Find(t.Context(), number("00000000000", 7))
	must(t, err)
	if r.Position != 8 || string(r.Data) != "less" || !r.At.Equal(o.Clock.Now()) {
		t.Errorf("record: %+v", r)
	}
	entries := claim(t, moved.Queue("inbox"), 2)
	if len(entries) != 2 || entries[0].Seq != 1 || string(entries[0].Payload) != "first" || entries[0].Partition != "ann" || entries[1].ID != "5" || !entries[1].At.Equal(o.Clock.Now().Add(time.Nanosecond)) {
		t.Errorf("entries: %+v", entries)
	}
	if d := moved.Backend.(store.Damages).Damaged(); d != 1 {
		t.Errorf("%d stand aside", d)
	}
}

func testMovedGoesOn(t *testing.T, o Subject) {
	ctx := t.Context()
	moved := moveAll(t, o, movable(t, o))
	if at, err := moved.Put(ctx, "new", nil, store.Absent); err != nil || at != 7 {
		t.Errorf("revision %d, error %v, want 7: that of the delete is not given again", at, err)
	}
	q := moved.Queue("inbox")
	sameIDs(t, claim(t, q, 2), "", "5")
	for i, a := range accept(t, q,
		store.Entry{ID: "1", Partition: "ann", Scope: store.Own, Words: "news"},
		store.Entry{ID: "2", Partition: "bob", Scope: store.Account, Words: "news"},
		store.Entry{ID: "3"},
		store.Entry{ID: "5"},
		store.Entry{ID: "6"},
	) {
		if want := []uint64{1, 2, 3, 5, 6}[i]; !a.Duplicate || a.Seq != want {
			t.Errorf("delivered again: %+v, want %d", a, want)
		}
	}
	fresh := accept(t, q, store.Entry{ID: "1", Partition: "bob", Scope: store.Own}, store.Entry{ID: "2", Partition: "ann", Scope: store.Account})
	if fresh[0].Duplicate || fresh[0].Seq != 7 || fresh[1].Duplicate || !fresh[1].Anew {
		t.Errorf("others: %+v", fresh)
	}
	if seq := accept(t, moved.Queue("empty"), store.Entry{})[0].Seq; seq != 2 {
		t.Errorf("sequence %d, want 2", seq)
	}
	if at, err := moved.Log("asks").Append(ctx, store.Record{ID: "next"}); err != nil || at != 31 {
		t.Errorf("position %d, error %v, want 31", at, err)
	}
	if at, err := moved.Log("asks").Append(ctx, store.Record{ID: number("00000000000", 3)}); err != nil || at != 4 {
		t.Errorf("position %d, error %v, want that of the first", at, err)
	}
	o.Clock.Advance(2 * time.Hour)
	sameSeqs(t, claim(t, q, 3), 7, 8, 3)
}

func sameSeqs(t *testing.T, entries []store.Entry, want ...uint64) {
	t.Helper()
	got := map[uint64]bool{}
	for _, e := range entries {
		got[e.Seq] = true
	}
	for _, seq := range want {
		if !got[seq] {
			t.Errorf("entry %d is not claimed", seq)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d are claimed, want %d", len(entries), len(want))
	}
}

func testFilledTwice(t *testing.T, o Subject) {
	m := movable(t, o)
	_, err := m.Import(t.Context(), m.Export(t.Context()))
	wants(t, "into itself", err, store.ErrHolds)
	moved := moveAll(t, o, m)
	_, err = moved.Backend.(store.Movable).Import(t.Context(), m.Export(t.Context()))
	wants(t, "once more", err, store.ErrHolds)
}

func testMoveFails(t *testing.T, o Subject) {
	m := movable(t, o)
	failed := errors.New("failed")
	var rows iter.Seq2[store.Row, error] = func(yield func(store.Row, error) bool) {
		for r, err := range m.Export(t.Context()) {
			if r.Kind == store.RowEntry {
				yield(r, failed)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
	_, err := o.Empty(t).Backend.(store.Movable).Import(t.Context(), rows)
	wants(t, "import", err, failed)
	for _, err := range m.Export(cancelled()) {
		if err == nil {
			t.Error("a cancelled export yields something")
		}
	}
}

// errMoveEnded ends a move before a row.
var errMoveEnded = errors.New("ended")

// upTo yields so many rows, and ends.
func upTo(m store.Movable, n int64) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		left := n
		for r, err := range m.Export(context.Background()) {
			if left--; left < 0 {
				yield(store.Row{}, errMoveEnded)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// testMoveGoesOn ends a move before each row, and once more behind that.
func testMoveGoesOn(t *testing.T, o Subject) {
	m := movable(t, o)
	want := tallyOf(t, m)
	rows := int64(0)
	for _, p := range want.Parts() {
		rows += p.Rows
	}
	const step = 5
	for n := int64(1); n < rows; n += step {
		f := o.Empty(t)
		_, err := f.Backend.(store.Movable).Import(t.Context(), upTo(m, n))
		wants(t, "a move", err, errMoveEnded)
		there, err := f.Again(t).(store.Movable).Import(t.Context(), upTo(m, n+step))
		if n+step < rows {
			wants(t, "a move that goes on", err, errMoveEnded)
		}
		half := f.Again(t)
		last := importAll(t, half, m.Export(t.Context()))
		if there < 0 || there > n || last < there || last > n+step || n > rows/2 && there == 0 {
			t.Errorf("ended before row %d of %d there are %d, then %d", n, rows, there, last)
		}
		wantsTally(t, fmt.Sprintf("ended before row %d of %d", n, rows), endMove(t, o, f, half).Backend, &want)
	}
}

// testMoveOfOthers moves a store that has changed since the move was ended.
func testMoveOfOthers(t *testing.T, o Subject) {
	m, f := movable(t, o), o.Empty(t)
	_, err := f.Backend.(store.Movable).Import(t.Context(), upTo(m, 30))
	wants(t, "a move", err, errMoveEnded)
	_, err = o.Put(t.Context(), "a", []byte("since"), store.Any)
	must(t, err)
	want := tallyOf(t, m)
	half := f.Again(t)
	there, err := half.(store.Movable).Import(t.Context(), m.Export(t.Context()))
	if errors.Is(err, store.ErrMoving) {
		return // it has to be made anew
	}
	must(t, err)
	if there != 0 {
		t.Errorf("%d rows are taken for the same", there)
	}
	wantsTally(t, "others", endMove(t, o, f, half).Backend, &want)
}
