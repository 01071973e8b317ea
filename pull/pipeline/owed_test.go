package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
)

// adopt makes keywords of texts, as an editor does.
func (w *world) adopt(texts ...string) {
	w.t.Helper()
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC"}
	for _, text := range append(texts, "say") {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: text, Source: "echo", Phrases: map[string][]string{"en": {text}}, Argument: "optional"})
	}
	deadline := time.Minute
	e, err := pull.NewEdition(p, map[string]pull.Opened{"echo": {Source: w.source, Freshness: catalogue.Freshness{Deadline: &deadline}}},
		map[string]pull.Channel{"c": {}, "shy": {Consent: "?"}, "bounded": {Window: 24 * time.Hour}}, nil, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.edition = e
	w.Stir("p")
}

// owes has somebody ask in vain and wait for the answer.
func (w *world) owes(id, text string) {
	w.t.Helper()
	w.says(id, text)
	if got := w.says(id+"b", "tell me when you know"); !strings.HasPrefix(got, "ann Noted: “"+text+"” is told once") {
		w.t.Fatal(got)
	}
}

const cameTiramisu = "ann You asked for “tiramisu” on"

func TestAnOwedAnswerIsToldOnceItIsThere(t *testing.T) {
	for name, between := range map[string]func(w *world){
		"while it runs":     func(*world) {},
		"after a restart":   func(w *world) { w.close(time.Second); time.Sleep(time.Hour); w.open() },
		"after many others": func(w *world) { w.adopt("risotto"); w.passes(time.Minute); w.adopt("gnocchi"); w.passes(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			inLaterTime(t, func(t *testing.T, w *world) {
				w.owes("1", "tiramisu")
				w.passes(time.Hour)
				between(w)
				if got := w.passes(time.Hour); countOf(got, cameTiramisu) != 0 {
					t.Fatalf("too early: %q", got)
				}
				w.adopt("tiramisu")
				if got := w.passes(time.Minute); countOf(got, cameTiramisu) != 1 || len(got) != 3 {
					t.Fatalf("%q", got)
				}
				w.adopt("tiramisu", "another")
				w.close(time.Second)
				w.open()
				if got := w.passes(3 * 24 * time.Hour); len(got) != 3 {
					t.Fatalf("again: %q", got)
				}
				if r, _, err := w.ledger.Reader(t.Context(), "p.ann"); err != nil || len(r.Laters)+len(r.Lapsed) != 0 || len(w.Waiting("p")) != 0 {
					t.Errorf("%+v, %v, %v", r.Laters, w.Waiting("p"), err)
				}
			})
		})
	}
}

// busyIndex isn't ready in time for so many looks.
type busyIndex struct{ busy, looks atomic.Int64 }

func (*busyIndex) Follow(string, []string, []pull.SnapshotID) {}
func (*busyIndex) Changed(pull.SnapshotID)                    {}
func (*busyIndex) Search(context.Context, string, pull.ItemQuery) ([]pull.ItemHit, error) {
	return nil, nil
}

func (b *busyIndex) Flush(ctx context.Context, _ string) error {
	b.looks.Add(1)
	if b.busy.Add(-1) >= 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func TestWhoIsOwedIsLookedAtAgainOnceTheIndexIsReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		index := &busyIndex{}
		w := newWorld(t, func(o *pipeline.Options) { o.Resolver.Items = index })
		for i, text := range []string{"tiramisu", "tell me when you know"} {
			w.take(ask("ann", fmt.Sprint(i), text))
			w.passes(time.Minute)
		}
		w.passes(time.Hour)
		for busy := range int64(6) {
			index.busy.Store(busy)
			index.looks.Store(0)
			w.Stir("p")
			w.passes(10 * time.Minute)
			if n := index.looks.Load(); n <= busy {
				t.Errorf("with an index that was busy %d times there were %d looks alone", busy, n)
			}
		}
	})
}

func TestWhatWasAdoptedWhileNothingRanIsToldAtTheStart(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.owes("1", "tiramisu")
		w.close(time.Second)
		w.adopt("tiramisu")
		w.open()
		if got := w.passes(time.Minute); countOf(got, cameTiramisu) != 1 {
			t.Fatalf("%q", got)
		}
	})
}

func TestAnOwedAnswerEndsAndIsToldOfInBand(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.owes("1", "tiramisu")
		if got := w.passes(20 * 24 * time.Hour); len(got) != 2 {
			t.Fatalf("%q", got)
		}
		if got := w.says("2", "say two"); !strings.HasPrefix(got, "ann “tiramisu”: I still do not know, and wait no longer.") {
			t.Error(got)
		}
		if got := w.says("3", "say three"); strings.Contains(got, "tiramisu") {
			t.Errorf("it is told twice: %s", got)
		}
		w.adopt("tiramisu")
		if got := w.passes(time.Hour); len(got) != 4 {
			t.Errorf("it is told after its end: %q", got)
		}
	})
}

func TestWhoWantsNoMoreIsOwedNothing(t *testing.T) {
	for name, drop := range waysToDrop() {
		t.Run(name, func(t *testing.T) {
			inLaterTime(t, func(t *testing.T, w *world) {
				w.owes("1", "tiramisu")
				drop(w)
				if n := len(w.Waiting("p")); n != 0 {
					t.Errorf("%d are counted", n)
				}
				w.adopt("tiramisu")
				if got := w.passes(3 * 24 * time.Hour); countOf(got, cameTiramisu) != 0 {
					t.Errorf("%q", got)
				}
			})
		})
	}
}

func TestThreeAreOwedAtMostAndEachIsTold(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		for i, text := range []string{"tiramisu", "risotto", "gnocchi"} {
			w.owes(fmt.Sprint(i), text)
		}
		w.says("3", "lasagne")
		if got := w.says("4", "tell me when you know"); !strings.Contains(got, "You wait for 3 answers already") {
			t.Fatal(got)
		}
		w.adopt("tiramisu", "risotto", "gnocchi", "lasagne")
		if got := w.passes(time.Minute); countOf(got, "You asked for “") != 3 || countOf(got, "You asked for “lasagne”") != 0 {
			t.Errorf("%q", got)
		}
	})
}

// Two ways in which the process may end between the entry that tells an owed answer and the
// document that names it.
func TestAnOwedAnswerOutlivesAnEndAtAnyStep(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.owes("1", "tiramisu")
		lost := 0
		w.close(time.Second)
		w.upon = func(l pipeline.Ledger) pipeline.Ledger { return failingOnce{l, &lost} }
		w.adopt("tiramisu")
		w.open()
		if got := w.passes(time.Hour); lost != 1 || countOf(got, cameTiramisu) != 1 {
			t.Fatalf("%d: %q", lost, got)
		}
	})
}

// failingOnce refuses to settle one owed answer.
type failingOnce struct {
	pipeline.Ledger
	lost *int
}

func (f failingOnce) Settle(ctx context.Context, s pipeline.Settlement) (uint64, error) {
	if s.Record.Trace.Kind == string(pull.Owed) && *f.lost == 0 {
		*f.lost++
		return 0, &pull.Error{Kind: pull.Unavailable, Op: "settle"}
	}
	return f.Ledger.Settle(ctx, s)
}
