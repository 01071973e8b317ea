package retention_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"keypull/cmd/keypull/retention"
	"keypull/store"
	"keypull/store/mem"
)

const day = 24 * time.Hour

// rig is a store beside a clock on the wall that can be set.
type rig struct {
	*testing.T
	kv     store.KV
	wall   time.Time
	passed time.Duration
	cache  *retention.Sweeper
	runs   []time.Time
	fails  error
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t, kv: mem.Open(store.Options{}), wall: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	r.start()
	return r
}

// start is a process that begins.
func (r *rig) start() {
	r.Helper()
	var err error
	r.cache, err = retention.New(r.Context(), retention.Options{
		KV: r.kv, Clock: func() time.Time { return r.wall }, Passed: func() time.Duration { return r.passed },
		Work: func(_ context.Context, now time.Time, _ *store.Retention) error {
			r.runs = append(r.runs, now)
			return r.fails
		},
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		r.Fatal(err)
	}
}

// pass lets time go by, looking every minute.
func (r *rig) pass(d time.Duration) {
	r.Helper()
	for ; d > 0; d -= time.Minute {
		r.wall, r.passed = r.wall.Add(time.Minute), r.passed+time.Minute
		r.cache.Look(r.Context())
	}
}

// ran says how often it was done since the last call.
func (r *rig) ran() int {
	n := len(r.runs)
	r.runs = nil
	return n
}

func TestItIsDoneEveryNightAndAfterANightThatWasMissed(t *testing.T) {
	r := newRig(t)
	r.pass(time.Minute)
	if n := r.ran(); n != 1 {
		t.Fatalf("the first time: %d", n)
	}
	r.pass(5 * day)
	if n := r.ran(); n != 5 {
		t.Errorf("in five days: %d", n)
	}
	r.start()
	r.pass(time.Hour)
	if n := r.ran(); n != 0 {
		t.Errorf("after a start by day: %d", n)
	}
	r.wall = r.wall.Add(20 * day) // no process ran
	r.start()
	r.pass(time.Hour)
	if n := r.ran(); n != 1 {
		t.Errorf("after twenty nights that were missed: %d", n)
	}
}

func TestWhatFailedIsTriedAgainInAnHour(t *testing.T) {
	r := newRig(t)
	r.fails = errors.New("no")
	r.pass(150 * time.Minute)
	if n := r.ran(); n != 3 {
		t.Errorf("in two hours and a half: %d", n)
	}
	r.fails = nil
	r.pass(2 * time.Hour)
	if n := r.ran(); n != 1 {
		t.Errorf("when it works: %d", n)
	}
}

func TestNothingIsDroppedByAClockThatWasSetForAMinute(t *testing.T) {
	for _, step := range []time.Duration{-2 * time.Hour, -90 * time.Second, day, 400 * day, -400 * day} {
		r := newRig(t)
		r.pass(time.Minute)
		r.ran()
		r.wall = r.wall.Add(step)
		r.pass(2 * time.Minute)
		r.wall = r.wall.Add(-step)
		r.pass(10 * time.Minute)
		for _, at := range r.runs {
			t.Errorf("after a step of %s it was done at %s", step, at)
		}
		r.pass(2 * day)
		if n := len(r.runs); n != 2 {
			t.Errorf("in the two days after a step of %s: %d", step, n)
		}
		for _, at := range r.runs {
			if away := at.Sub(r.wall); away > 0 || away < -3*day {
				t.Errorf("after a step of %s it was done at %s", step, at)
			}
		}
	}
}

func TestAfterALongTimeTheClockHasToProveItself(t *testing.T) {
	r := newRig(t)
	r.pass(time.Minute)
	r.ran()
	r.wall = r.wall.Add(400 * day)
	r.start()
	r.pass(30 * time.Minute)
	if n := r.ran(); n != 0 {
		t.Errorf("half an hour after a start that was 400 days later: %d", n)
	}
	r.pass(time.Hour)
	if n := r.ran(); n != 1 {
		t.Errorf("an hour and a half after it: %d", n)
	}
}

func TestReadersAreMarkedByTheDayTheyWroteOn(t *testing.T) {
	r := newRig(t)
	r.pass(time.Minute)
	write := func() store.Revision {
		at, err := r.kv.Put(t.Context(), "reader.p.a", nil, store.Any)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	before := write()
	// The process ends before it has marked the day again.
	r.wall = r.wall.Add(31 * day)
	r.start()
	after := write()
	r.pass(2 * time.Hour)
	until, err := store.NewSeen(r.kv).Until(t.Context(), r.wall.Add(-29*day))
	if err != nil || before > until || after <= until {
		t.Errorf("written at %d, then at %d; until then %d, %v", before, after, until, err)
	}
}

func TestWhatIsGoneIsKeptForADay(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 17, 0, 0, time.UTC)
	var known store.Retention
	round := func(at time.Time, names ...string) (gone []string) {
		a := retention.NewAbsence(&known, at)
		for _, name := range names {
			if a.Gone(name) {
				gone = append(gone, name)
			}
		}
		a.End(&known)
		return gone
	}
	for _, step := range []struct {
		after time.Duration
		names []string
		want  int
	}{
		{0, []string{"p", "q/news"}, 0},
		{23 * time.Hour, []string{"p", "q/news"}, 0},
		{24 * time.Hour, []string{"p"}, 1},               // q/news is back
		{47 * time.Hour, []string{"p", "q/news"}, 1},     // and gone anew
		{-400 * day, []string{"p"}, 0},                   // a clock that was set back
		{-400*day + 25*time.Hour, []string{"p", "x"}, 1}, // and stays there
	} {
		if got := round(now.Add(step.after), step.names...); len(got) != step.want {
			t.Errorf("after %s: %v", step.after, got)
		}
	}
}
