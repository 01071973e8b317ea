package pull_test

import (
	"errors"
	"testing"
	"time"
	"unsafe"

	"keypull/pull"
	"keypull/pull/when"
)

// steps are what a clock on the wall may be set by.
var steps = []time.Duration{-2 * time.Hour, -90 * time.Second, 24 * time.Hour, 400 * 24 * time.Hour, -400 * 24 * time.Hour}

// set returns a moment as a clock shows it that was set by so much, with the
// time that has passed as it was: nothing but the machine can make one.
func set(t time.Time, by time.Duration) time.Time {
	type moment struct {
		wall uint64
		ext  int64
		loc  *time.Location
	}
	const secondsAt = 30
	(*moment)(unsafe.Pointer(&t)).wall += uint64(by/time.Second) << secondsAt //nolint:gosec // the form of a time.Time with a monotonic reading
	return t
}

func TestWhatIsHeldKeepsItsAgeWhenTheClockIsSet(t *testing.T) {
	for _, step := range steps {
		by := time.Duration(0)
		clock := func() time.Time { return set(time.Now(), by) }
		u := &upstream{}
		k := pull.NewCache(nil, clock)
		w := want(u)
		bring(t, k, w)
		by = step
		if away := clock().Round(0).Sub(time.Now().Round(0)) - step; away.Abs() > time.Second {
			t.Fatalf("the test sets no clock: %s", away)
		}
		w.At = clock().Round(0)
		kept := bring(t, k, w)
		if age := w.At.Sub(kept.Snapshot.Fetched); kept.Verdict != when.Fresh || u.count() != 1 || age.Abs() > time.Minute {
			t.Errorf("after a step of %s: %s, an age of %s, %d fetches", step, kept.Verdict, age, u.count())
		}
		k.Close()
	}
}

// TestWhatWasFetchedInTheFutureIsOfNoKnownAge is of what a process finds that
// begins after the clock was set back.
func TestWhatWasFetchedInTheFutureIsOfNoKnownAge(t *testing.T) {
	for _, ahead := range []time.Duration{90 * time.Second, 2 * time.Hour, 24 * time.Hour, 400 * 24 * time.Hour} {
		u := &upstream{}
		w := want(u)
		kept := &snapshots{}
		fetched := time.Now().Round(0).Add(ahead)
		if err := kept.Keep(t.Context(), w.ID, pull.Snapshot{Fetched: fetched, Expires: fetched.Add(time.Hour), NotBefore: fetched.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		k := pull.NewCache(kept, time.Now)
		u.set(func(u *upstream) { u.err = &pull.Error{Kind: pull.Unavailable} })
		if got, err := k.Bring(t.Context(), w); err == nil {
			t.Errorf("%s ahead it is told: %+v", ahead, got)
		}
		k.Close()
		k = pull.NewCache(kept, time.Now)
		u.set(func(u *upstream) { u.err = nil })
		if got := bring(t, k, w); got.Asked != pull.AskedFetched {
			t.Errorf("%s ahead upstream was not asked: %+v", ahead, got)
		}
		k.Close()
	}
}

func TestAClockThatIsSetKeepsNoPlaceAtRest(t *testing.T) {
	for _, step := range steps {
		now := monday
		u := &upstream{err: &pull.Error{Kind: pull.Limited, RetryAt: monday.Add(30 * time.Minute)}}
		k := pull.NewCache(nil, func() time.Time { return now })
		w := want(u)
		w.At = now
		if _, err := k.Bring(t.Context(), w); err == nil {
			t.Fatal("it was brought")
		}
		u.set(func(u *upstream) { u.err = nil })
		if _, err := k.Bring(t.Context(), w); err == nil || u.count() != 1 {
			t.Fatal("the place does not rest")
		}
		now = now.Add(step)
		w.At = now
		_, err := k.Bring(t.Context(), w)
		var e *pull.Error
		if err != nil && (!errors.As(err, &e) || e.RetryAt.Sub(now) > 30*time.Minute) {
			t.Errorf("after a step of %s: %v", step, err)
		}
		if step > 0 && err != nil {
			t.Errorf("after a step of %s, long after the rest: %v", step, err)
		}
		k.Close()
	}
}
