package pipeline_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
)

// forget erases a reader the way the service does.
func (w *world) forget(key who.Key) error {
	demand := store.NewDemand(store.DemandOptions{
		Backend: w.db, Sealer: &plainly{}, Clock: time.Now, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		Name: func(...string) string { return "name" },
	})
	return w.Forget(w.t.Context(), key, func(ctx context.Context) error {
		return store.Erasure{Ledger: w.ledger, Demand: demand}.Erase(ctx, "p", key)
	})
}

func (w *world) held(key who.Key) (who.Reader, bool) {
	w.t.Helper()
	r, revision, err := w.ledger.Reader(w.t.Context(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	return r, revision != 0
}

func TestForgettingComesInTheReadersLine(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	w.take(ask("ann", "2", "say slow"))
	// What is under way must be settled before the reader goes; what waits
	// behind it is answered no more.
	w.take(ask("ann", "3", "say three"), ask("bob", "4", "say four"))
	w.courier.await(t, 1)
	forgotten := make(chan error, 1)
	go func() { forgotten <- w.forget("p.ann") }()
	select {
	case err := <-forgotten:
		t.Fatalf("forgotten while an ask was being answered: %v", err)
	default:
	}
	close(w.source.gate)
	if err := <-forgotten; err != nil {
		t.Fatal(err)
	}
	if r, there := w.held("p.ann"); there {
		t.Fatalf("held: %+v", r)
	}
	if _, there := w.held("p.bob"); !there {
		t.Fatal("another reader is gone")
	}
	w.idle()
	if r, there := w.held("p.ann"); there {
		t.Fatalf("came back: %+v", r)
	}
	if slices.Contains(w.courier.messages(), "ann three") {
		t.Fatal("what waited was answered")
	}
	w.take(ask("ann", "5", "say five"))
	for !slices.Contains(w.courier.messages(), "ann five") {
		w.courier.await(t, 1)
	}
	if r, _ := w.held("p.ann"); len(r.Settled) != 1 || len(r.Recent) != 1 {
		t.Fatalf("who comes back is no newcomer: %+v", r)
	}
}

// idle waits until nothing is under way.
func (w *world) idle() {
	w.t.Helper()
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestWhoIsForgottenAfterStopStaysStopped(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "stop"))
	w.courier.await(t, 1)
	w.idle()
	if err := w.forget("p.ann"); err != nil {
		t.Fatal(err)
	}
	if r, there := w.held("p.ann"); there || r.State != who.Stopped || len(r.Settled) > 0 {
		t.Fatalf("%v, %+v", there, r)
	}
	if err := w.forget("p.ann"); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("twice: %v", err)
	}
	w.take(ask("ann", "2", "say two"))
	w.courier.await(t, 1)
	w.idle()
	if slices.Contains(w.courier.messages(), "ann two") {
		t.Fatal("who said STOP was answered")
	}
	w.take(ask("ann", "3", "start"))
	w.courier.await(t, 1)
	w.idle()
	if err := w.forget("p.ann"); err != nil {
		t.Fatal(err)
	}
	if r, _ := w.held("p.ann"); r.State != who.Active {
		t.Fatalf("a STOP that was taken back stays: %+v", r)
	}
}

func TestAForgottenReadersAnswerIsNotRepeated(t *testing.T) {
	w := newWorld(t)
	a := ask("ann", "1", "say secret")
	a.InBand = true
	accepted := w.take(a)
	if reply, ok, err := w.Await(t.Context(), a, accepted[0]); reply == nil || !ok || err != nil {
		t.Fatal(reply, ok, err)
	}
	w.idle()
	if err := w.forget("p.ann"); err != nil {
		t.Fatal(err)
	}
	again := w.take(a)
	if reply, _, err := w.Await(t.Context(), a, again[0]); reply != nil || err != nil {
		t.Fatalf("%+v, %v", reply, err)
	}
	if record, _, err := w.ledger.Record(t.Context(), accepted[0].Seq); record.Reply != nil || err != nil {
		t.Fatalf("the record stands: %+v, %v", record, err)
	}
}

func TestNobodyIsForgottenByAProcessThatEnds(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say one"))
	w.courier.await(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.Close(ctx)
	if err := w.forget("p.ann"); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("%v", err)
	}
	w.cache.Close()
	if err := w.db.Close(); err != nil {
		t.Error(err)
	}
	w.db = nil
}

// noPast remembers nothing.
type noPast struct{}

func (noPast) Settled(context.Context, uint64) (journal.Trace, *pull.Reply, bool, error) {
	return journal.Trace{}, nil, false, nil
}
func (noPast) Kept() time.Duration                           { return time.Hour }
func (noPast) FileLink(*pull.Ask) (string, time.Time)        { return "", time.Time{} }
func (noPast) MoveCode(*pull.Ask) (pull.MoveCode, time.Time) { return "", time.Time{} }
func (noPast) Moved(context.Context, *pull.Ask, pull.MoveCode, bool) (who.Key, who.Reader, error) {
	return "", who.Reader{}, &pull.Error{Kind: pull.Unknown}
}

// newForgettingWorld opens one whose readers are erased when they want it; fails, while
// it is set, has each erasure fail.
func newForgettingWorld(t *testing.T, fails *atomic.Bool) *world {
	var w *world
	w = newWorld(t, func(o *pipeline.Options) {
		o.Resolver.Past = noPast{}
		o.Erase = func(ctx context.Context, a pull.Ask) error {
			if fails.Load() {
				return errors.New("the store fails")
			}
			demand := store.NewDemand(store.DemandOptions{
				Backend: w.db, Sealer: &plainly{}, Clock: time.Now, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
				Name: func(...string) string { return "name" },
			})
			return store.Erasure{Ledger: w.ledger, Demand: demand}.Erase(ctx, "p", a.Reader)
		}
	})
	return w
}

const farewell = "ann Done: P has erased all that was kept of you here. Whoever writes next is somebody new."

func TestWhoSaysForgetMeIsErasedOnceThatIsConfirmed(t *testing.T) {
	w := newForgettingWorld(t, &atomic.Bool{})
	w.take(ask("ann", "1", "say one"), ask("ann", "2", "forget me"), ask("ann", "3", "yes"), ask("bob", "4", "say four"))
	for !slices.Contains(w.courier.messages(), farewell) {
		w.courier.await(t, 1)
	}
	w.idle()
	if r, there := w.held("p.ann"); there {
		t.Fatalf("held: %+v", r)
	}
	if _, there := w.held("p.bob"); !there {
		t.Fatal("another reader is gone")
	}
	w.close(time.Second)
	w.open()
	w.idle()
	w.take(ask("ann", "5", "say five"))
	for !slices.Contains(w.courier.messages(), "ann five") {
		w.courier.await(t, 1)
	}
	if r, _ := w.held("p.ann"); len(r.Settled) != 1 || !r.Leaves.IsZero() {
		t.Fatalf("who comes back is no newcomer: %+v", r)
	}
	n := 0
	for _, m := range w.courier.messages() {
		if m == farewell {
			n++
		}
	}
	if n != 1 {
		t.Errorf("confirmed %d times", n)
	}
}

// The process ends after the confirmation was sent and before anything is erased: the next
// one does it.
func TestTheNextProcessFinishesWhatForgetMeBegan(t *testing.T) {
	var fails atomic.Bool
	fails.Store(true)
	w := newForgettingWorld(t, &fails)
	w.take(ask("ann", "1", "say one"), ask("ann", "2", "forget me"), ask("ann", "3", "yes"))
	for !slices.Contains(w.courier.messages(), farewell) {
		w.courier.await(t, 1)
	}
	r, there := w.held("p.ann")
	if !there || r.Leaves.IsZero() || len(r.Recent) > 0 || r.Address != "" || r.Question != nil {
		t.Fatalf("what is left until then is no tombstone: %v, %+v", there, r)
	}
	w.close(100 * time.Millisecond)
	fails.Store(false)
	w.open()
	for _, there := w.held("p.ann"); there; _, there = w.held("p.ann") {
		time.Sleep(time.Millisecond)
	}
	w.idle()
	if _, ok, _ := w.ledger.Record(t.Context(), 3); ok {
		if r, _, _ := w.ledger.Record(t.Context(), 3); r.Reader != "" || r.Reply != nil {
			t.Errorf("the record of FORGET ME is still there: %+v", r)
		}
	}
}

// TestAThousandSayForgetMeWhileOthersAsk erases a thousand readers at once, and nobody else;
// what may be counted of their asks stays.
func TestAThousandSayForgetMeWhileOthersAsk(t *testing.T) {
	const many = 1000
	w := newForgettingWorld(t, &atomic.Bool{})
	var wait sync.WaitGroup
	for part := range 4 {
		wait.Go(func() {
			for i := part; i < many; i += 4 {
				name := fmt.Sprintf("r%d", i)
				w.take(ask(name, name+"a", "say one"), ask(name, name+"b", "forget me"), ask("other"+name, name+"o", "say four"), ask(name, name+"c", "yes"))
			}
		})
	}
	wait.Wait()
	w.idle()
	counted := 0
	for i := range many {
		if r, there := w.held(who.Key(fmt.Sprintf("p.r%d", i))); there {
			t.Fatalf("r%d is still held: %+v", i, r)
		}
		if r, there := w.held(who.Key(fmt.Sprintf("p.otherr%d", i))); !there || len(r.Recent) != 1 {
			t.Fatalf("another than r%d is gone: %+v", i, r)
		}
	}
	for id := uint64(1); counted < 4*many; id++ {
		r, ok, err := w.ledger.Record(t.Context(), id)
		if err != nil || !ok {
			break
		}
		counted++
		if strings.HasPrefix(string(r.Reader), "p.r") {
			t.Fatalf("ask %d still names its reader: %+v", id, r)
		}
	}
	said := map[string]int{}
	for _, m := range w.courier.messages() {
		_, text, _ := strings.Cut(m, " ")
		said[text]++
	}
	if told := strings.TrimPrefix(farewell, "ann "); said[told] != many || said["four"] != many {
		t.Errorf("confirmed %d times, others answered %d times, records %d", said[told], said["four"], counted)
	}
}
