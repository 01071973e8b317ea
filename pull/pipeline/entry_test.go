package pipeline_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// caused returns an entry that an ask of a reader caused.
func caused(kind pull.EntryKind, reader, text string) pull.Entry {
	a := ask(reader, "", text)
	e := pull.Entry{Ask: a, Kind: kind, Cause: 1}
	if e.Told() {
		e.Reply = &pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}}
	}
	return e
}

func (w *world) put(e pull.Entry, nth int) pipeline.Accepted {
	w.t.Helper()
	accepted, err := w.Put(w.t.Context(), e, nth)
	if err != nil {
		w.t.Fatal(err)
	}
	return accepted
}

// heard notes what kind each parcel was.
func (w *world) heard() func() []pull.EntryKind {
	var mu sync.Mutex
	var kinds []pull.EntryKind
	w.courier.outcome = func(p pipeline.Parcel) pipeline.Delivery {
		mu.Lock()
		defer mu.Unlock()
		kinds = append(kinds, p.Kind)
		return pipeline.Delivery{Fate: pipeline.Sent}
	}
	return func() []pull.EntryKind {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(kinds)
	}
}

// talked notes that a reader has spoken with a person.
func (w *world) talked(reader string) {
	w.t.Helper()
	if err := w.Change(w.t.Context(), who.Key("p."+reader), func(r who.Reader) who.Reader {
		r.Talk = &who.Talk{Ask: 1, Over: true}
		return r
	}); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhateverIsInTheQueueWalksTheSameSteps(t *testing.T) {
	w := newWorld(t)
	kinds := w.heard()
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	later := caused(pull.Later, "ann", "say two")
	later.Due = w.now().Add(20 * time.Millisecond)
	for range 2 {
		w.put(later, 0)
	}
	w.courier.await(t, 1)
	w.put(caused(pull.FormStep, "ann", "say three"), 0)
	for range 2 {
		w.put(caused(pull.LateAnswer, "ann", "four"), 0)
	}
	w.talked("ann")
	w.put(caused(pull.Human, "ann", "five"), 0)
	w.put(caused(pull.Human, "ann", "six"), 1)
	w.take(ask("ann", "2", "say seven"))
	got := w.courier.await(t, 5)
	if want := []string{"ann one", "ann two", "ann three", "ann four", "ann five", "ann six", "ann seven"}; !slices.Equal(want, got) {
		t.Fatalf("%q", got)
	}
	if want := []pull.EntryKind{pull.Asked, pull.Later, pull.FormStep, pull.LateAnswer, pull.Human, pull.Human, pull.Asked}; !slices.Equal(want, kinds()) {
		t.Fatalf("%q", kinds())
	}
	if r, _, err := w.ledger.Reader(t.Context(), "p.ann"); err != nil || len(r.Laters) != 0 {
		t.Errorf("%+v, %v", r.Laters, err)
	}
}

func TestWhatIsToldNamesItsCause(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	w.talked("ann")
	told := w.put(caused(pull.Human, "ann", "two"), 0)
	w.courier.await(t, 1)
	r, ok, err := w.ledger.Record(t.Context(), told.Seq)
	if err != nil || !ok || r.Trace.Cause != 1 || r.Trace.Kind != string(pull.Human) {
		t.Errorf("%+v, %v, %v", r.Trace, ok, err)
	}
}

func TestEveryMessageThatLeftTellsWhatCausedIt(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.says("1", "say two in 2 hours")
		w.passes(3 * time.Hour)
		w.put(caused(pull.LateAnswer, "ann", "three"), 0)
		if got := w.passes(time.Second); len(got) != 3 {
			t.Fatalf("%q", got)
		}
		page, err := w.ledger.Outgoing(t.Context(), "p", pipeline.OutgoingPlace{}, 10, w.now().Add(-30*24*time.Hour))
		if err != nil || page.More && len(page.Messages) == 10 {
			t.Fatal(page, err)
		}
		var kinds []pull.EntryKind
		for _, m := range page.Messages {
			kinds = append(kinds, m.Kind)
			if m.Cause != 1 || !m.CauseKept || m.Orphan || m.Fate != pipeline.Sent {
				t.Errorf("%+v", m)
			}
		}
		if want := []pull.EntryKind{pull.Asked, pull.Later, pull.LateAnswer}; !slices.Equal(kinds, want) {
			t.Errorf("%q, want %q", kinds, want)
		}
	})
}

func TestWhatIsCalledWrongNamesTheAskThatWasAnsweredSo(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.take(ask("ann", "2", "wrong!"))
	w.courier.await(t, 2)
	r, ok, err := w.ledger.Record(t.Context(), 2)
	if err != nil || !ok || r.Trace.Wrong != "say" || r.Trace.Cause != 1 || r.Trace.Kind != "" {
		t.Errorf("%+v, %v, %v", r.Trace, ok, err)
	}
}

func TestAnEntryIsTakenUpAfterARestart(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	later := caused(pull.Later, "ann", "say two")
	later.Due = w.now().Add(3 * time.Second)
	w.put(later, 0)
	w.close(5 * time.Second)
	kinds := w.heard()
	w.open()
	got := w.courier.await(t, 1)
	if !slices.Equal([]string{"ann one", "ann two"}, got) || !slices.Equal([]pull.EntryKind{pull.Later}, kinds()) {
		t.Fatalf("%q %q", got, kinds())
	}
}

func TestWhoStoppedHearsNothingThatWasOrderedOrWritten(t *testing.T) {
	ended := make(chan uint64, 10)
	w := newWorld(t, func(o *pipeline.Options) { o.Ended = func(a *pull.Ask) { ended <- a.ID } })
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	later := caused(pull.Later, "ann", "say never")
	later.Due = w.now().Add(3 * time.Second)
	ordered := w.put(later, 0)
	w.take(ask("ann", "2", "STOP"))
	w.courier.await(t, 1)
	// It is due, and dropped.
	for seq := uint64(0); seq != ordered.Seq; seq = <-ended {
		t.Logf("ask %d has ended", seq)
	}
	w.put(caused(pull.Human, "ann", "never"), 0)
	w.take(ask("bob", "3", "say two"))
	w.courier.await(t, 1)
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
	w.take(ask("ann", "4", "START"))
	got := w.courier.await(t, 1)
	if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "never") }) {
		t.Fatalf("%q", got)
	}
}

func TestWhatIsOrderedGoesWithItsReader(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	for w.Unfinished() > 0 { // it has arrived, and is noted next
		time.Sleep(time.Millisecond)
	}
	later := caused(pull.Later, "ann", "say never")
	later.Due = w.now().Add(time.Hour)
	w.put(later, 0)
	if got, err := w.inbox.Waiting(t.Context(), "p.ann"); err != nil || len(got) != 1 || got[0].Text != "say never" {
		t.Fatalf("%+v, %v", got, err)
	}
	if n := w.Unfinished(); n != 0 {
		t.Errorf("%d are under way", n)
	}
	if err := w.Forget(t.Context(), "p.ann", func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if got, err := w.inbox.Waiting(t.Context(), "p.ann"); err != nil || len(got) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestAnEntryThatCannotBeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	for name, spoil := range map[string]func(*pull.Entry){
		"an ask":               func(e *pull.Entry) { e.Kind = pull.Asked },
		"another kind":         func(e *pull.Entry) { e.Kind = "broadcast" },
		"without a cause":      func(e *pull.Entry) { e.Cause = 0 },
		"without a reply":      func(e *pull.Entry) { e.Reply = nil },
		"with a time":          func(e *pull.Entry) { e.Due = time.Now() },
		"a later with a reply": func(e *pull.Entry) { e.Kind = pull.Later; e.Due = time.Now() },
		"a later without time": func(e *pull.Entry) { e.Kind, e.Reply = pull.Later, nil },
		"a later of next year": func(e *pull.Entry) { e.Kind, e.Reply, e.Due = pull.Later, nil, time.Now().AddDate(1, 0, 0) },
		"a form step's answer": func(e *pull.Entry) { e.Kind = pull.FormStep },
	} {
		e := caused(pull.Human, "ann", "two")
		spoil(&e)
		if _, err := w.Put(t.Context(), e, 0); pull.KindOf(err) != pull.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 6 {
		e := caused(pull.Later, "ann", "say late")
		e.Due = w.now().Add(time.Hour)
		_, err := w.Put(t.Context(), e, i)
		if (i == 5) != (pull.KindOf(err) == pull.Limited) {
			t.Errorf("order %d: %v", i, err)
		}
	}
	if r, _, err := w.ledger.Reader(t.Context(), who.Key("p.ann")); err != nil || len(r.Laters) != 5 {
		t.Errorf("%+v, %v", r.Laters, err)
	}
}

func TestWhatIsThoughtOfAnAnswerIsRecordedAndNothingIsSaid(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	thumb := ask("ann", "thumb/m1", "")
	thumb.Thumb = -1
	for range 2 { // it comes again
		w.take(thumb)
	}
	w.take(ask("ann", "3", "say two"))
	if got, want := w.courier.await(t, 1), []string{"ann one", "ann two"}; !slices.Equal(want, got) {
		t.Errorf("%q", got)
	}
	r, ok, err := w.ledger.Record(t.Context(), 2)
	if got := r.Trace; err != nil || !ok || r.Reply != nil || got.Thumb != -1 || got.Rated != "say" || got.Item == "" || got.Cause != 1 || got.Outcome != journal.Told {
		t.Errorf("%+v, %v, %v", r.Trace, ok, err)
	}
}
