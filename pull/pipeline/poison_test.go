package pipeline_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
)

// board is an in-flight marker in memory: what stands on it when a process ends is what the
// next one finds.
type board struct {
	former pipeline.Ending

	mu    sync.Mutex
	noted map[int]uint64
	next  int
	alone uint64
	// was are all asks that were ever resolved alone.
	was []uint64
}

func (b *board) Former() pipeline.Ending { return b.former }

func (b *board) Note(ask uint64) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	n := b.next
	b.noted[n] = ask
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.noted, n)
	}
}

func (b *board) Alone(ask uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.alone = ask; ask != 0 {
		b.was = append(b.was, ask)
	}
}

// ending returns what the next process would find if this one ended now.
func (b *board) ending() pipeline.Ending {
	b.mu.Lock()
	defer b.mu.Unlock()
	return pipeline.Ending{Asks: slices.Compact(slices.Sorted(maps.Values(b.noted))), Alone: b.alone}
}

// after has the world's next process find what the ending of the last one left.
func (w *world) after(e pipeline.Ending) *board {
	b := &board{former: e, noted: map[int]uint64{}}
	w.inFlight = b
	return b
}

// end ends the process as a kill would: what was marked stays marked.
func (w *world) end(b *board) pipeline.Ending {
	e := b.ending()
	w.close(0)
	return e
}

// tardy is a source that takes a while to compute.
type tardy struct{ *echo }

func (d *tardy) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	time.Sleep(300 * time.Microsecond)
	return d.echo.Select(ctx, s, q)
}

// A process that ends at any moment, however often, costs nobody an answer.
func TestKillsAtAnyMomentMakeNoDeadLetters(t *testing.T) {
	const kills = 120
	w := newWorld(t)
	w.plant(t, &tardy{w.source})
	// No suspect is met at the same moment after each start: it waits up to as many times
	// what a round takes here as it does where nothing else runs, and no less than it does.
	var longest atomic.Int64
	longest.Store(int64(2 * time.Second))
	w.pause = func() time.Duration { return rand.N(time.Duration(longest.Load())) } //nolint:gosec // as it is
	w.close(time.Second)
	random := rand.New(rand.NewPCG(uint64(kills), 1)) //nolint:gosec // the same each time
	asked, ending, hits := 0, pipeline.Ending{}, 0
	for range kills {
		began := time.Now()
		b := w.after(ending)
		w.open()
		for range random.IntN(2) * (1 + random.IntN(8)) {
			text := fmt.Sprint("say ", asked)
			if random.IntN(3) == 0 {
				text = fmt.Sprint("say slow", asked)
			}
			w.take(ask(fmt.Sprint("reader", asked%101), fmt.Sprint(asked), text)) // of none do so many wait that one gives way
			asked++
		}
		time.Sleep(time.Duration(random.IntN(4000)) * time.Microsecond)
		ending = w.end(b)
		hits += len(ending.Asks)
		longest.Store(max(longest.Load(), int64(200*time.Since(began))))
	}
	w.pause = func() time.Duration { return 0 } // nothing ends any more
	close(w.source.gate)
	w.after(ending)
	w.open()
	answered := map[string]bool{}
	for limit := time.Now().Add(time.Minute); len(answered) < asked && time.Now().Before(limit); time.Sleep(time.Millisecond) {
		for _, m := range w.courier.messages() {
			answered[m] = true
		}
	}
	if len(answered) != asked {
		t.Errorf("%d of %d asks were answered", len(answered), asked)
	}
	if dead := w.dead.count(); dead > 0 {
		t.Errorf("%d dead letters", dead)
	}
	t.Logf("%d kills, %d asks, %d met while they were being computed", kills, asked, hits)
}

// graves counts asks that were finished as dead letters.
type graves struct {
	mu  sync.Mutex
	all []pipeline.Finish
}

func (g *graves) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.all)
}

type watched struct {
	pipeline.Ledger
	graves *graves
}

func (d watched) Finish(ctx context.Context, f pipeline.Finish) {
	if f.Fate == pipeline.Dead {
		d.graves.mu.Lock()
		d.graves.all = append(d.graves.all, f)
		d.graves.mu.Unlock()
	}
	d.Ledger.Finish(ctx, f)
}

// poison is a source that computes "poison" without end, until it is let go.
type poison struct {
	*echo
	begun, let chan struct{}
}

func (p *poison) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if q.Argument == "poison" {
		select {
		case p.begun <- struct{}{}:
		default:
		}
		<-p.let
	}
	return p.echo.Select(ctx, s, q)
}

// meet opens a process that finds what the last one left, and ends it in the
// middle of resolving the poison.
func (w *world) meet(t *testing.T, p *poison, e pipeline.Ending) (pipeline.Ending, *board) {
	t.Helper()
	p.begun, p.let = make(chan struct{}, 1), make(chan struct{})
	b := w.after(e)
	w.open()
	select {
	case <-p.begun:
	case <-time.After(20 * time.Second):
		t.Fatal("the poison was not resolved")
	}
	e = b.ending()
	w.endAmid(p)
	return e, b
}

// endAmid ends a process while the poison is computed, which goes on until it has ended.
func (w *world) endAmid(p *poison) {
	ended := make(chan struct{})
	go func() { w.close(0); close(ended) }()
	for w.Alive() {
		time.Sleep(time.Millisecond)
	}
	close(p.let)
	<-ended
}

func TestWhatEndsTheProcessThriceEndsItNoFourthTime(t *testing.T) {
	w := newWorld(t)
	p := &poison{echo: w.source}
	w.plant(t, p)
	w.close(time.Second)
	w.open()
	w.courier.hold = nil
	w.close(time.Second)
	w.after(pipeline.Ending{})
	p.begun, p.let = make(chan struct{}, 1), make(chan struct{})
	w.open()
	taken := w.take(ask("ann", "1", "say poison"), ask("bob", "2", "say hello"))
	<-p.begun
	if got := w.courier.await(t, 1); got[0] != "bob hello" {
		t.Errorf("%q", got)
	}
	ending := w.inFlight.(*board).ending()
	w.endAmid(p)
	for end := 2; end <= 3; end++ {
		var b *board
		ending, b = w.meet(t, p, ending)
		if alone := slices.Contains(b.was, taken[0].Seq); alone != (end == 3) {
			t.Errorf("at the end of number %d it was resolved alone: %v", end, alone)
		}
		if !slices.Equal(ending.Asks, []uint64{taken[0].Seq}) {
			t.Errorf("at the end of number %d: %+v", end, ending)
		}
	}
	ending.Words = "panic: runtime error at echo.go:7"
	w.after(ending)
	w.open()
	w.take(ask("ann", "3", "say on"))
	if got := w.courier.await(t, 1); got[len(got)-1] != "ann on" {
		t.Errorf("%q", got)
	}
	if n := w.dead.count(); n != 1 || !strings.Contains(w.dead.all[0].Why.String(), "echo.go:7") {
		t.Errorf("%d dead letters: %+v", n, w.dead.all)
	}
	record, ok, err := w.ledger.Record(t.Context(), taken[0].Seq)
	if err != nil || !ok || record.Trace.Outcome != journal.Ended || !strings.Contains(record.Trace.Error, "echo.go:7") {
		t.Errorf("%v, %v: %+v", ok, err, record.Trace)
	}
	// Who asks the same now is told so, and the process lives on.
	w.take(ask("cy", "4", "Say POISON"))
	if got := w.courier.await(t, 1); !strings.Contains(got[len(got)-1], "went wrong on our side") {
		t.Errorf("%q", got)
	}
}

// A suspect that is sound is answered, and what waits for a source is none.
func TestSuspectsThatAreSoundAreAnswered(t *testing.T) {
	w := newWorld(t)
	w.close(time.Second)
	b := w.after(pipeline.Ending{})
	w.open()
	taken := w.take(ask("ann", "1", "say slow"), ask("ann", "2", "say after"))
	for w.source.waits.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	ending := w.end(b)
	if slices.Contains(ending.Asks, taken[1].Seq) || ending.Alone != 0 {
		t.Errorf("what waits in line is suspected: %+v", ending)
	}
	for range 2 {
		b = w.after(pipeline.Ending{Asks: []uint64{taken[0].Seq}})
		w.open()
		w.end(b)
	}
	b = w.after(pipeline.Ending{})
	w.open()
	close(w.source.gate)
	if got := w.courier.await(t, 2); !slices.Equal(got, []string{"ann slow", "ann after"}) {
		t.Errorf("%q", got)
	}
	if !slices.Contains(b.was, taken[0].Seq) || slices.Contains(b.was, taken[1].Seq) {
		t.Errorf("alone were %v of %v", b.was, taken)
	}
	if w.dead.count() > 0 {
		t.Errorf("%+v", w.dead.all)
	}
}

// A crowd that was being computed at two ends waits seconds for its turns, not minutes.
func TestManySuspectsWaitSeconds(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		const crowd = 300
		var asks []pull.Ask
		for i := range crowd {
			asks = append(asks, ask(fmt.Sprint("reader", i), fmt.Sprint(i), "say slow"))
		}
		w.close(time.Second)
		w.after(pipeline.Ending{})
		w.open()
		var ending pipeline.Ending
		for _, a := range w.take(asks...) {
			ending.Asks = append(ending.Asks, a.Seq)
		}
		w.pause = func() time.Duration { return time.Second }
		for range 2 {
			w.close(0)
			w.after(ending)
			w.open()
		}
		close(w.source.gate)
		if got := w.passes(40 * time.Second); len(got) != crowd {
			t.Errorf("%d of %d are answered", len(got), crowd)
		}
	})
}

// Nobody is computed beside a poison message, however long it takes until the process has ended.
func TestOthersWaitWhileASuspectIsComputed(t *testing.T) {
	inLaterTime(t, func(t *testing.T, w *world) {
		w.close(time.Second)
		p := &poison{echo: w.source, begun: make(chan struct{}, 1), let: make(chan struct{})}
		w.plant(t, p)
		w.after(pipeline.Ending{})
		w.open()
		suspect := w.take(ask("ann", "1", "say poison"))[0].Seq
		<-p.begun
		w.endAmid(p)
		ending, _ := w.meet(t, p, pipeline.Ending{Asks: []uint64{suspect}})
		p.begun, p.let = make(chan struct{}, 1), make(chan struct{})
		b := w.after(ending)
		w.open()
		<-p.begun
		w.take(ask("bob", "2", "say hello"))
		if got := w.passes(time.Second); len(got) > 0 {
			t.Errorf("beside a suspect is computed %q", got)
		}
		if e := b.ending(); !slices.Equal(e.Asks, []uint64{suspect}) || e.Alone != suspect {
			t.Errorf("an end is put down to %+v; want %d alone", e, suspect)
		}
		if got := w.passes(5 * time.Second); !slices.Equal(got, []string{"bob hello"}) {
			t.Errorf("a suspect that computes on and on holds others for more than seconds: %q", got)
		}
		close(p.let)
	})
}
