package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"keypull/pull/pipeline"
	"keypull/pull/who"
)

func TestTheReplyOnItsWayOutlivesARestartHoweverManyWaitBehindIt(t *testing.T) {
	w := newWorld(t)
	w.courier.hold = make(chan struct{})
	for i := range 9 {
		w.take(ask("ann", fmt.Sprint(i), fmt.Sprint("say ", i)))
	}
	for {
		r, _, err := w.ledger.Reader(t.Context(), "p.ann")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Settled) == 9 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	w.close(0)
	close(w.courier.hold)
	w.open()
	if got := w.courier.await(t, 9); got[0] != "ann 0" {
		t.Fatalf("%q", got)
	}
}

func TestWhoIsGoneGetsNoFurtherTries(t *testing.T) {
	w := newWorld(t)
	w.courier.hold, w.courier.fate = make(chan struct{}), pipeline.Gone
	for i := range 6 {
		w.take(ask("ann", fmt.Sprint(i), fmt.Sprint("say ", i)))
	}
	for {
		r, _, err := w.ledger.Reader(t.Context(), "p.ann")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Settled) == 6 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(w.courier.hold)
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
	// The last may just have been on its way into the line.
	if n := w.courier.tries(); n > 2 {
		t.Fatalf("%d tries", n)
	}
}

func TestAStopThatHadNoTimeToDropWhatWaitedStillDoes(t *testing.T) {
	w := newWorld(t)
	w.courier.hold = make(chan struct{})
	w.take(ask("ann", "1", "say one"))
	for {
		r, revision, err := w.ledger.Reader(t.Context(), "p.ann")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Settled) == 1 {
			// As if the process had ended right after this was written.
			r, _ = r.Stop(time.Now())
			if _, err := w.ledger.Put(t.Context(), "p.ann", r, revision); err != nil {
				t.Fatal(err)
			}
			break
		}
		time.Sleep(time.Millisecond)
	}
	w.close(0)
	close(w.courier.hold)
	w.open()
	w.take(ask("bob", "2", "say two"))
	if got := w.courier.await(t, 1); got[0] != "bob two" {
		t.Fatalf("%q", got)
	}
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
	r, _, err := w.ledger.Reader(t.Context(), "p.ann")
	if got := w.courier.messages(); len(got) != 1 || err != nil || r.State != who.Stopped {
		t.Fatalf("%q, %v, %v", got, r, err)
	}
}
