package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/who"
)

func (w *world) reader(key who.Key) who.Reader {
	w.t.Helper()
	r, _, err := w.ledger.Reader(w.t.Context(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func inGroup(group, id, text string) pull.Ask {
	a := ask(group, id, text)
	a.Group = true
	return a
}

func TestAGroupThatMovesStaysSilent(t *testing.T) {
	w := newWorld(t)
	w.take(inGroup("old", "1", "stop"))
	w.courier.await(t, 1)
	for range 2 {
		if err := w.Move(t.Context(), "p.old", "p.new"); err != nil {
			t.Fatal(err)
		}
	}
	w.take(inGroup("new", "2", "say hello"), inGroup("new", "3", "start"), inGroup("new", "4", "say again"))
	got := w.courier.await(t, 2)
	if len(got) != 3 || got[2] != "new again" {
		t.Fatalf("%q", got)
	}
	// What is told twice does not bring back a STOP that was taken back since.
	if err := w.Move(t.Context(), "p.old", "p.new"); err != nil {
		t.Fatal(err)
	}
	if r := w.reader("p.new"); r.State != who.Active {
		t.Fatalf("%+v", r)
	}
}

func TestAGroupThatIsNotKnownLeavesNothingWhenItMoves(t *testing.T) {
	w := newWorld(t)
	if err := w.Move(t.Context(), "p.old", "p.new"); err != nil {
		t.Fatal(err)
	}
	if _, revision, err := w.ledger.Reader(t.Context(), "p.new"); err != nil || revision != 0 {
		t.Fatal(revision, err)
	}
}

func TestAGroupKeepsWhatSettlingNeedsAlone(t *testing.T) {
	w := newWorld(t)
	first := w.take(inGroup("g", "1", "say hello"))[0].Seq
	w.courier.await(t, 1)
	second := w.take(inGroup("g", "2", "say again"))[0].Seq
	w.courier.await(t, 1)
	r := w.reader("p.g")
	r.Unsent = nil
	if diff := cmp.Diff(who.Reader{Settled: []uint64{first, second}}, r); diff != "" {
		t.Fatal(diff)
	}
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
}
