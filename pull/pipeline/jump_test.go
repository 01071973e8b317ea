package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// saysNow is says by the clock of the world.
func (w *world) saysNow(id, channel, text string) string {
	w.t.Helper()
	a := ask("ann", id, text)
	a.At, a.Channel = w.now(), channel
	w.take(a)
	all := w.passes(time.Second)
	return all[len(all)-1]
}

func TestAnOrderComesOnceOrIsToldOfWhateverTheClockDoes(t *testing.T) {
	for _, jump := range []time.Duration{24 * time.Hour, 90 * time.Minute, time.Hour, -time.Hour, -24 * time.Hour} {
		for _, restarts := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restart %v", jump, restarts), func(t *testing.T) {
				inLaterTime(t, func(t *testing.T, w *world) {
					w.saysNow("1", "c", "say two in 2 hours")
					w.passes(time.Hour)
					w.pass(jump)
					if restarts {
						w.close(time.Second)
						w.open()
					}
					w.passes(2*time.Hour + 2*max(-jump, 0))
					w.saysNow("2", "c", "say three")
					got := w.passes(48 * time.Hour)
					came, lapsed := countOf(got, cameTwo), countOf(got, "“say two”, ordered for")
					if came+lapsed != 1 || jump < time.Hour && came != 1 {
						t.Errorf("it came %d times and was told lost %d times: %q", came, lapsed, got)
					}
				})
			})
		}
	}
}

// forgetful loses the note that an order was sent, as where the process ends in that moment.
type forgetful struct {
	pipeline.Ledger
	lost *atomic.Bool
}

func (f forgetful) Finish(ctx context.Context, end pipeline.Finish) {
	if !f.lost.Load() {
		f.Ledger.Finish(ctx, end)
	}
}

// parcels notes what a courier is given for orders, and what becomes of them.
type parcels struct {
	mu   sync.Mutex
	all  []pipeline.Parcel
	fate pipeline.Fate
}

func (p *parcels) deliver(of pipeline.Parcel) pipeline.Delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	if of.Kind != pull.Later {
		return pipeline.Delivery{Fate: pipeline.Sent}
	}
	p.all = append(p.all, of)
	return pipeline.Delivery{Fate: p.fate, Left: true, Doubtful: true}
}

func (p *parcels) become(fate pipeline.Fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fate = fate
}

// The process ends while an order is on its way, or has just been sent: the next one brings
// it under the same number, and as what may have arrived.
func TestAnOrderOutlivesAnEndAroundItsSending(t *testing.T) {
	for name, fate := range map[string]pipeline.Fate{"before it is sent": pipeline.Open, "before that is noted": pipeline.Sent} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, given, lost := newWorld(t), parcels{fate: fate}, atomic.Bool{}
				w.close(time.Second)
				w.upon = func(l pipeline.Ledger) pipeline.Ledger { return forgetful{l, &lost} }
				w.courier.outcome = given.deliver
				w.open()
				w.saysNow("1", "c", "say two in 2 hours")
				lost.Store(true)
				w.passes(3 * time.Hour)
				w.close(time.Second)
				given.become(pipeline.Sent)
				lost.Store(false)
				w.open()
				w.passes(48 * time.Hour)
				w.close(time.Second)
				w.open()
				w.passes(48 * time.Hour)
				if n := len(given.all); n != 2 || given.all[0].Ask.ID != given.all[1].Ask.ID || !given.all[1].Doubtful {
					t.Errorf("it was handed over %d times: %+v", n, given.all)
				}
			})
		})
	}
}

func TestAnOrderOfAnHourThatIsSkippedOrComesTwiceComesOnce(t *testing.T) {
	for _, c := range []struct {
		name            string
		eve, due, after time.Time
	}{
		{"skipped", utc(3, 25, 12, 0), utc(3, 26, 1, 0), utc(3, 26, 6, 0)},
		{"twice", utc(10, 28, 12, 0), utc(10, 29, 0, 30), utc(10, 29, 6, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			inLaterTime(t, func(t *testing.T, w *world) {
				w.moveTo(t, "Europe/Paris")
				w.pass(time.Until(c.eve))
				if got := w.saysNow("1", "c", "say two tomorrow at 2:30"); !strings.Contains(got, "comes once") {
					t.Fatal(got)
				}
				if got := w.passes(c.due.Sub(w.now()) - time.Minute); len(got) != 1 {
					t.Fatalf("too early: %q", got)
				}
				if got := w.passes(2 * time.Minute); countOf(got, cameTwo) != 1 {
					t.Fatalf("not at its time: %q", got)
				}
				w.close(time.Second)
				w.open()
				if got := w.passes(c.after.Sub(w.now())); countOf(got, cameTwo) != 1 {
					t.Errorf("again: %q", got)
				}
			})
		})
	}
}

func utc(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2000, month, day, hour, minute, 0, 0, time.UTC)
}

// moveTo has the publisher be in another zone.
func (w *world) moveTo(t *testing.T, zone string) {
	t.Helper()
	deadline := time.Minute
	var err error
	w.edition, err = pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: zone,
		Keywords: []catalogue.Keyword{{ID: "say", Source: "echo", Phrases: map[string][]string{"en": {"say"}}, Argument: "required"}},
	}, map[string]pull.Opened{"echo": {Source: w.source, Freshness: catalogue.Freshness{Deadline: &deadline}}}, map[string]pull.Channel{"c": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
}

func TestBeyondTheWindowOfAChannelNothingIsOrderedOrOwed(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.adopt()
		if got := w.saysNow("1", "bounded", "say two in 30 hours"); !strings.Contains(got, "may write until 1 Jan, 23:55") {
			t.Errorf("it is not told what is possible: %s", got)
		}
		if got := w.saysNow("2", "bounded", "say two in 23 hours"); !strings.Contains(got, "comes once") {
			t.Fatal(got)
		}
		w.saysNow("3", "bounded", "tiramisu")
		if got := w.saysNow("4", "bounded", "tell me when you know"); !strings.Contains(got, "is told once") {
			t.Fatal(got)
		}
		before := len(w.courier.messages())
		if got := w.passes(3 * 24 * time.Hour); len(got) != before+1 || countOf(got, cameTwo) != 1 {
			t.Fatalf("%q", got[before:])
		}
		w.adopt("tiramisu")
		if got := w.passes(time.Hour); len(got) != before+1 {
			t.Fatalf("it is told after the window: %q", got)
		}
		if got := w.saysNow("5", "bounded", "say five"); !strings.HasPrefix(got, "ann “tiramisu”: I still do not know, and wait no longer.") {
			t.Error(got)
		}
	})
}

// manyWait has so many wait for an answer each.
func (w *world) manyWait(t testing.TB, many int) {
	t.Helper()
	ctx, at := t.Context(), w.now()
	for first := 0; first < many; first += 500 {
		var entries []pull.Entry
		for n := first; n < first+500; n++ {
			key := who.Key(fmt.Sprintf("p.w%d", n))
			entries = append(entries, pull.Entry{Kind: pull.Owed, Due: at.Add(13 * 24 * time.Hour), Cause: 1, Ask: pull.Ask{
				Publisher: "p", Channel: "c", Reader: key, At: at, Incoming: pull.Incoming{ID: fmt.Sprint("owed", n), Address: string(key), Text: fmt.Sprintf("dish %d", n), Language: "en"},
			}})
		}
		accepted, err := w.inbox.Accept(ctx, entries)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range accepted {
			e := &entries[i]
			if _, err := w.ledger.Put(ctx, e.Reader, who.Reader{First: at, Laters: []who.Later{{Entry: a.Seq, Due: e.Due, Said: e.Text, At: at}}}, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestTenThousandWaitAndNoMore opens a store in which as many wait as may: the next is
// refused, and the last of them is told once the answer is there.
func TestTenThousandWaitAndNoMore(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.manyWait(t, pull.MostOwed)
		w.close(10 * time.Second)
		w.open()
		w.passes(time.Minute)
		w.says("1", "tiramisu")
		if got := w.says("2", "tell me when you know"); !strings.Contains(got, "Too many wait") {
			t.Errorf("one more is answered %q", got)
		}
		if n := len(w.Waiting("p")); n != pull.MostOwed {
			t.Errorf("%d wait", n)
		}
		w.adopt(fmt.Sprintf("dish %d", pull.MostOwed-1))
		if got := w.passes(time.Minute); len(got) != 3 || len(w.Waiting("p")) != pull.MostOwed-1 {
			t.Fatalf("%d wait, and it is told %q", len(w.Waiting("p")), got)
		}
		w.owes("3", "risotto")
	})
}
