package when_test

import (
	"testing"
	"time"

	"keypull/pull/when"
)

func TestAClockThatWasSetIsBelievedOnceItHasGoneOnEvenly(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for _, step := range []time.Duration{-2 * time.Hour, -90 * time.Minute, day, 400 * day, -400 * day} {
		wall, passed := start, time.Duration(0)
		trust := when.NewTrust(start.Add(-time.Hour), wall, passed)
		look := func(after time.Duration) bool {
			wall, passed = wall.Add(after), passed+after
			return trust.Look(wall, passed)
		}
		if !look(time.Minute) {
			t.Fatal("a clock that nobody set is not believed")
		}
		wall = wall.Add(step)
		for range 59 {
			if look(time.Minute) {
				t.Fatalf("after a step of %s the clock is believed at once", step)
			}
		}
		if !look(2 * time.Minute) {
			t.Errorf("an hour after a step of %s the clock is not believed", step)
		}
		// And back.
		wall = wall.Add(-step)
		if look(time.Minute) {
			t.Errorf("after a step back of %s the clock is believed at once", step)
		}
		if !look(2 * time.Hour) {
			t.Errorf("a pause of two hours that passed evenly is none: %s", step)
		}
	}
}

func TestAClockIsBelievedAtAStartWhereItsTimeIsPlausible(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		last time.Time
		want bool
	}{
		{"nobody remembers", time.Time{}, true},
		{"a night away", now.Add(-9 * time.Hour), true},
		{"a month away", now.AddDate(0, -1, 0), true},
		{"more than a year away", now.AddDate(-1, 0, -35), false},
		{"before it was last believed", now.Add(time.Hour), false},
	} {
		trust := when.NewTrust(c.last, now, 0)
		if got := trust.Look(now.Add(time.Minute), time.Minute); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if !trust.Look(now.Add(2*time.Hour), 2*time.Hour) {
			t.Errorf("%s: not believed after two hours", c.name)
		}
	}
}

func TestASmallStepChangesNothing(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	trust := when.NewTrust(now, now, 0)
	if !trust.Look(now.Add(-90*time.Second), time.Minute) || !trust.Look(now.Add(time.Minute), 2*time.Minute) {
		t.Error("a minute and a half takes the belief in days away")
	}
}

func TestWhatGetsOldDoesSoByTheTimeThatPasses(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	wall, passed := start, time.Duration(0)
	clock := when.Steady(func() time.Time { return wall }, func() time.Duration { return passed })
	pass := func(d time.Duration) time.Time {
		wall, passed = wall.Add(d), passed+d
		return clock()
	}
	for _, step := range []time.Duration{-2 * time.Hour, day, 400 * day, -400 * day} {
		wall, passed = start, passed+2*time.Hour
		pass(2 * time.Hour)
		before := pass(time.Minute)
		wall = wall.Add(step)
		if got := pass(time.Minute).Sub(before); got != time.Minute {
			t.Errorf("in a minute with a step of %s there passed %s", step, got)
		}
		wall = wall.Add(-step)
		if got := pass(time.Minute).Sub(before); got != 2*time.Minute {
			t.Errorf("in two minutes with a step of %s and back there passed %s", step, got)
		}
		wall = wall.Add(step)
		pass(time.Minute)
		if got := pass(2 * time.Hour); !got.Equal(wall) {
			t.Errorf("two hours after a step of %s it is %s, not %s", step, got, wall)
		}
	}
}
