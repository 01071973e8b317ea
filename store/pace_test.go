package store_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keypull/store"
)

func TestACopyTakesNoMoreThanItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			parts []int
			takes time.Duration
		}{
			{[]int{store.CopyPace / 2, store.CopyPace / 2, store.CopyPace}, 2 * time.Second},
			{[]int{0, 0}, 0},
			{slices.Repeat([]int{1 << 20}, 100), time.Duration(100<<20) * time.Second / 20_000_000},
			{slices.Repeat([]int{32 << 10}, 6400), time.Duration(200<<20) * time.Second / 20_000_000},
		} {
			began, pace := time.Now(), new(store.Pace)
			for _, bytes := range c.parts {
				pace.Wait(t.Context(), bytes)
			}
			if took := time.Since(began); (took - c.takes).Abs() > 5*time.Millisecond {
				t.Errorf("%d parts took %s, want %s", len(c.parts), took, c.takes)
			}
			time.Sleep(time.Minute)
			began = time.Now()
			if pace.Wait(t.Context(), store.CopyPace); time.Since(began) != time.Second {
				t.Errorf("after a rest a second's worth took %s", time.Since(began))
			}
		}
		ended, end := context.WithCancel(t.Context())
		end()
		began := time.Now()
		if new(store.Pace).Wait(ended, 10*store.CopyPace); time.Since(began) != 0 {
			t.Error("whoever ends waits for its pace")
		}
	})
}
