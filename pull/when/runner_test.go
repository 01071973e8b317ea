package when_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull/when"
)

// ran runs a Runner for a while in a bubble, whose clock starts at midnight
// UTC of 1 January 2000, and returns when its job began, counted from then.
func ran(t *testing.T, spec string, while time.Duration, r when.Runner, job func(context.Context)) []time.Duration {
	t.Helper()
	s, err := when.ParseSchedule(spec, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	r.Schedule = s
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), while)
	defer cancel()
	var runs []time.Duration
	r.Run(ctx, func(ctx context.Context) {
		runs = append(runs, time.Since(start))
		job(ctx)
	})
	return runs
}

func TestRunnerRunsWhenDueUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := ran(t, "*/5 * * * *", 16*time.Minute, when.Runner{}, func(context.Context) {})
		want := []time.Duration{5 * time.Minute, 10 * time.Minute, 15 * time.Minute}
		if !slices.Equal(got, want) {
			t.Errorf("ran at %v, want %v", got, want)
		}
	})
}

func TestRunnerSkipsTurnsWhileTheJobStillRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := ran(t, "* * * * *", 6*time.Minute, when.Runner{}, func(context.Context) { time.Sleep(150 * time.Second) })
		want := []time.Duration{time.Minute, 4 * time.Minute}
		if !slices.Equal(got, want) {
			t.Errorf("ran at %v, want %v", got, want)
		}
	})
}

func TestRunnerSurvivesAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		r := when.Runner{Logger: slog.New(slog.NewTextHandler(&log, nil))}
		got := ran(t, "* * * * *", 150*time.Second, r, func(context.Context) { panic("boom") })
		if len(got) != 2 || strings.Count(log.String(), "boom") < 2 {
			t.Errorf("ran at %v, log %s", got, log.String())
		}
	})
}

func TestRunnerPutsRunsOffByItsRandomness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(seed uint64) []time.Duration {
			var late []time.Duration
			r := when.Runner{Rand: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // a test wants the same run each time
			ran(t, "0 * * * *", 24*time.Hour, r, func(context.Context) {
				late = append(late, time.Since(time.Now().Truncate(time.Hour)))
			})
			return late
		}
		one, same, other := late(1), late(1), late(2)
		if len(one) < 23 || slices.Max(one) >= when.DefaultJitter || slices.Min(one) == slices.Max(one) {
			t.Errorf("runs were late by %v", one)
		}
		n := min(len(one), len(same), len(other))
		if !slices.Equal(one[:n], same[:n]) || slices.Equal(one[:n], other[:n]) {
			t.Errorf("late by %v, of the same seed %v, of another %v", one, same, other)
		}
	})
}

func TestRunnerJitterIsATenthOfTheIntervalAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := when.Runner{Rand: rand.New(rand.NewPCG(1, 1)), Jitter: time.Hour} //nolint:gosec // a test wants the same run each time
		got := ran(t, "@every 10s", 5*time.Minute, r, func(context.Context) {})
		for i := 1; i < len(got); i++ {
			if gap := got[i] - got[i-1]; gap > 12*time.Second {
				t.Errorf("%v between two runs", gap)
			}
		}
		if len(got) < 24 {
			t.Errorf("ran %d times", len(got))
		}
	})
}

func TestRunnerRunsATurnOnceWhenTheClockIsSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var back time.Duration
		r := when.Runner{Clock: func() time.Time { return time.Now().Add(-back) }}
		got := ran(t, "*/5 * * * *", 14*time.Minute, r, func(context.Context) { back = 2 * time.Second })
		if want := []time.Duration{5 * time.Minute, 10*time.Minute + 2*time.Second}; !slices.Equal(got, want) {
			t.Errorf("ran at %v, want %v", got, want)
		}
	})
}

func TestRunnerOfAnEmptyScheduleReturns(t *testing.T) {
	r := when.Runner{}
	r.Run(t.Context(), func(context.Context) { t.Error("ran") })
}

func TestRunnerRunsOnWhateverTheClockIsSetTo(t *testing.T) {
	const day = 24 * time.Hour
	for _, step := range []time.Duration{-2 * time.Hour, -90 * time.Second, day, 400 * day, -400 * day} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			r := when.Runner{Clock: func() time.Time {
				now := time.Now()
				if since := now.Sub(start); since > 17*time.Minute && since < 18*time.Minute+30*time.Second {
					now = now.Add(step)
				}
				return now
			}}
			got := ran(t, "*/5 * * * *", 61*time.Minute, r, func(context.Context) {})
			if len(got) < 12 || len(got) > 14 {
				t.Errorf("with a step of %s and back it ran at %v", step, got)
			}
			for _, at := range []time.Duration{30 * time.Minute, 60 * time.Minute} {
				if !slices.Contains(got, at) {
					t.Errorf("after a step of %s and back it did not run after %s", step, at)
				}
			}
		})
	}
}
