package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
)

// inLaterTime runs a test in a world whose time passes at once.
func inLaterTime(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newWorld(t)) })
}

// passes lets time pass and returns what has left by then.
func (w *world) passes(d time.Duration) []string {
	time.Sleep(d)
	synctest.Wait()
	return w.courier.messages()
}

// says takes a message and waits for all that comes of it.
func (w *world) says(id, text string) string {
	w.t.Helper()
	w.take(ask("ann", id, text))
	all := w.passes(time.Second)
	return all[len(all)-1]
}

func countOf(all []string, part string) (n int) {
	for _, s := range all {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

const cameTwo = "for now. / two"

func TestWhatIsOrderedComesOnceAtItsTime(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		if got := w.says("1", "say two in 2 hours"); !strings.HasPrefix(got, "ann Noted: “say two” comes once") {
			t.Fatal(got)
		}
		if got := w.passes(2*time.Hour - time.Minute); len(got) != 1 {
			t.Fatalf("it comes too early: %q", got)
		}
		if got := w.passes(time.Minute); len(got) != 2 || !strings.HasSuffix(got[1], cameTwo) {
			t.Fatalf("%q", got)
		}
		if got := w.passes(30 * 24 * time.Hour); len(got) != 2 {
			t.Fatalf("it comes again: %q", got)
		}
		if r, _, err := w.ledger.Reader(t.Context(), "p.ann"); err != nil || len(r.Laters) != 0 {
			t.Errorf("%+v, %v", r.Laters, err)
		}
	})
}

func TestAnOrderOutlivesARestart(t *testing.T) {
	for name, down := range map[string]time.Duration{"before it is due": time.Minute, "over its time": 5 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			inLaterTime(t, func(t *testing.T, w *world) {
				w.says("1", "say two in 2 hours")
				w.close(time.Second)
				time.Sleep(down)
				w.open()
				if got := w.passes(3 * time.Hour); countOf(got, cameTwo) != 1 {
					t.Fatalf("%q", got)
				}
				w.close(time.Second)
				w.open()
				if got := w.passes(24 * time.Hour); countOf(got, cameTwo) != 1 {
					t.Fatalf("after another: %q", got)
				}
			})
		})
	}
}

// contested has the first settlements lose their race.
type contested struct {
	pipeline.Ledger
	lost *int
}

func (c contested) Settle(ctx context.Context, s pipeline.Settlement) (uint64, error) {
	if len(s.Reader.Laters) > 0 && *c.lost < 2 {
		*c.lost++
		return 0, &pull.Error{Kind: pull.Conflict, Op: "settle"}
	}
	return c.Ledger.Settle(ctx, s)
}

func TestAnOrderThatIsSettledAgainComesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, lost := newWorld(t), 0
		w.close(time.Second)
		w.upon = func(l pipeline.Ledger) pipeline.Ledger { return contested{l, &lost} }
		w.open()
		w.says("1", "say two in 2 hours")
		if got := w.passes(3 * time.Hour); lost != 2 || countOf(got, "Noted") != 1 || countOf(got, cameTwo) != 1 {
			t.Fatalf("%d: %q", lost, got)
		}
	})
}

func TestFiveAreOrderedAtMostAndEachComesOnce(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.says(fmt.Sprint(i), fmt.Sprintf("say n%d in %d hours", i, i+1))
		}
		if got := w.says("5", "say six in 1 hour"); !strings.Contains(got, "5 are ordered already") {
			t.Fatal(got)
		}
		got := w.passes(7 * time.Hour)
		for i := range 5 {
			if countOf(got, fmt.Sprintf("for now. / n%d", i)) != 1 {
				t.Errorf("n%d: %q", i, got)
			}
		}
		if len(got) != 11 {
			t.Errorf("%q", got)
		}
	})
}

// waysToDrop are how a reader takes back what was ordered.
func waysToDrop() map[string]func(w *world) {
	return map[string]func(w *world){
		"cancel":             func(w *world) { w.says("3", "cancel") },
		"cancel my reminder": func(w *world) { w.says("3", "cancel my reminder") },
		"STOP":               func(w *world) { w.says("3", "STOP"); w.says("4", "START") },
		"FORGET": func(w *world) {
			if err := w.Forget(w.t.Context(), "p.ann", func(context.Context) error { return nil }); err != nil {
				w.t.Fatal(err)
			}
		},
	}
}

func TestCancelSTOPAndFORGETDropWhatIsOrdered(t *testing.T) {
	for name, drop := range waysToDrop() {
		t.Run(name, func(t *testing.T) {
			inLaterTime(t, func(t *testing.T, w *world) {
				w.says("1", "say two in 2 hours")
				drop(w)
				if got := w.passes(24 * time.Hour); countOf(got, cameTwo) != 0 {
					t.Fatalf("%q", got)
				}
			})
		})
	}
}

func TestAnOrderThatCannotBeBroughtIsToldWithTheNextAnswer(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.courier.outcome = func(p pipeline.Parcel) pipeline.Delivery {
			if p.Kind == pull.Later {
				return pipeline.Delivery{Fate: pipeline.Dead}
			}
			return pipeline.Delivery{Fate: pipeline.Sent}
		}
		w.says("1", "say two in 2 hours")
		w.passes(3 * time.Hour)
		if got := w.says("2", "say three"); !strings.Contains(got, "“say two”, ordered for") || !strings.HasSuffix(got, " / three") {
			t.Fatal(got)
		}
		if got := w.says("3", "say four"); got != "ann four" {
			t.Fatal(got)
		}
	})
}

func TestNothingComesByItselfForThirtyDays(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		for i, text := range []string{"say two every day", "say two every morning at 8", "say two daily", "every monday say two"} {
			if got := w.says(fmt.Sprint(i), text); !strings.Contains(got, "Nothing comes again by itself here") {
				t.Errorf("%s: %s", text, got)
			}
		}
		before := slices.Clone(w.courier.messages())
		if got := w.passes(30 * 24 * time.Hour); !slices.Equal(before, got) {
			t.Errorf("%q", got[len(before):])
		}
	})
}
