package pull_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// troubled is an upstream that fails in one of many ways while it is down.
type troubled struct {
	upstream
	fail func(ctx context.Context) error
	down atomic.Bool
}

func (u *troubled) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	s, err := u.upstream.Fetch(ctx, key, last)
	if u.down.Load() {
		return pull.Snapshot{Requests: 1}, u.fail(ctx)
	}
	return s, err
}

func TestAFailingUpstreamIsLeftAloneAndReadersAreAnsweredAtOnce(t *testing.T) {
	ways := map[string]func(ctx context.Context) error{
		"refused": func(context.Context) error {
			return &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("refused")}
		},
		"unusable": func(context.Context) error { return &pull.Error{Kind: pull.Unusable, Hint: words.Verbatim("no feed")} },
		"plain":    func(context.Context) error { return errors.New("broken") },
		"panics":   func(context.Context) error { panic("no such thing") },
		"slow": func(ctx context.Context) error {
			select {
			case <-time.After(6 * time.Second):
				return errors.New("late and wrong")
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		"hangs": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	}
	for name, fail := range ways {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, last good one %v", name, known), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { besiege(t, fail, known) })
			})
		}
	}
}

// besiege asks thirty times a second for a minute while upstream fails, and
// once a second until it is well again.
func besiege(t *testing.T, fail func(context.Context) error, known bool) {
	u := &troubled{fail: fail}
	k := pull.NewCache(nil, time.Now)
	defer k.Close()
	w := want(nil)
	w.Source = u
	ask := func() (pull.Found, time.Duration, error) {
		w, began := w, time.Now()
		w.At = began
		kept, err := k.Bring(context.Background(), w)
		return kept, time.Since(began), err
	}
	if known {
		bring(t, k, w)
		time.Sleep(2 * time.Minute)
	}
	u.down.Store(true)
	before := u.count()
	var readers sync.WaitGroup
	var waited atomic.Int64
	for range 1800 {
		readers.Go(func() {
			kept, took, err := ask()
			if known && (err != nil || !kept.Stale) || !known && err == nil {
				t.Errorf("a reader got %+v, %v", kept, err)
			}
			if took > time.Second {
				waited.Add(1)
			}
		})
		time.Sleep(time.Second / 30)
	}
	readers.Wait()
	if n := u.count() - before; n > 12 {
		t.Errorf("upstream was asked %d times in a minute", n)
	}
	// Those of the first deadline, and one for each probe.
	if n := waited.Load(); n > 4*30+12 {
		t.Errorf("%d of 1800 readers were not answered at once", n)
	}
	u.down.Store(false)
	for range 46 {
		if kept, _, err := ask(); err == nil && !kept.Stale {
			return
		}
		time.Sleep(time.Second)
	}
	t.Error("it did not recover")
}

func TestNobodyAfterTheFirstPaysForAHangingFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		bring(t, k, want(u))
		u.set(func(u *upstream) { u.pace = time.Hour })
		time.Sleep(10 * time.Minute)
		for i, want4 := range []time.Duration{4 * time.Second, 0, 0, 0} {
			began := time.Now()
			if kept := bring(t, k, want(u)); !kept.Stale {
				t.Fatalf("%+v", kept)
			}
			if took := time.Since(began); took != want4 {
				t.Errorf("ask %d waited %v", i, took)
			}
		}
	})
}

func TestWhatWasFetchedIsNoYoungerThanItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &aged{age: 2 * time.Hour}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w, five := want(nil), 5*time.Second
		w.Source, w.Freshness.MaxAge, w.Freshness.StaleWhileRevalidate = u, &five, 0
		for range 100 {
			w.At = time.Now()
			kept := bring(t, k, w)
			if !kept.Aged || !kept.Stale || w.At.Sub(kept.Snapshot.Fetched) < 2*time.Hour {
				t.Fatalf("%+v, fetched %v", kept, kept.Snapshot.Fetched)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if u.count() > 3 {
			t.Errorf("%d requests in ten seconds for what does not get younger", u.count())
		}
		// It counts as two hours old for stale_if_error as well, which is one.
		u.set(func(u *upstream) { u.err = errors.New("down") })
		time.Sleep(time.Minute)
		w.At = time.Now()
		if kept, err := k.Bring(t.Context(), w); err == nil {
			t.Errorf("past stale_if_error: %+v", kept)
		}
	})
}

// TestWhatLandsLateIsFetchedAnew has the machine sleep while an answer is on its way.
func TestWhatLandsLateIsFetchedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, slept := &sleeper{}, time.Duration(0)
		clock := func() time.Time { return time.Now().Add(slept) }
		u.sleep = func() { slept = 10 * time.Minute }
		k := pull.NewCache(nil, clock)
		defer k.Close()
		w := want(nil)
		w.Source = u
		if kept := bring(t, k, w); u.count() != 1 || kept.Snapshot == nil {
			t.Fatalf("%d requests, %+v", u.count(), kept)
		}
		w.At = clock()
		if kept := bring(t, k, w); u.count() != 2 || kept.Aged || kept.Stale {
			t.Errorf("%d requests, %+v", u.count(), kept)
		}
	})
}

// sleeper is an upstream that answers, and then the machine sleeps.
type sleeper struct {
	upstream
	sleep func()
}

func (u *sleeper) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	s, err := u.upstream.Fetch(ctx, key, last)
	if s.Fetched = time.Now(); u.count() == 1 {
		u.sleep()
	} else {
		s.Fetched = time.Time{}
	}
	return s, err
}

// aged is an upstream behind a cache.
type aged struct {
	upstream
	age time.Duration
}

func (u *aged) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	s, err := u.upstream.Fetch(ctx, key, last)
	s.Fetched = s.Fetched.Add(-u.age)
	return s, err
}

func TestAnAnswerPastMaxAgeIsNeverBareAndNotCurrentWhenItsRefreshFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w := want(u)
		w.Freshness.StaleWhileRevalidate = time.Hour
		bring(t, k, w)
		u.set(func(u *upstream) { u.err = errors.New("down") })
		time.Sleep(2 * time.Minute)
		for i := range 60 {
			w.At = time.Now()
			kept := bring(t, k, w)
			synctest.Wait()
			if !kept.Aged || kept.Stale != (i > 0) {
				t.Fatalf("ask %d: %+v", i, kept)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestWhatUpstreamConfirmsIsWrittenDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, s := &confirming{}, &snapshots{}
		k := pull.NewCache(s, time.Now)
		w := want(nil)
		w.Source, w.Freshness.StaleWhileRevalidate = u, 0
		for range 24 * 60 {
			w.At = time.Now()
			bring(t, k, w)
			time.Sleep(61 * time.Second)
		}
		k.Close()
		u.set(func(u *upstream) { u.err = errors.New("down") })
		next := pull.NewCache(s, time.Now)
		defer next.Close()
		w.At = time.Now()
		kept := bring(t, next, w)
		if age := w.At.Sub(kept.Snapshot.Fetched); age > 2*time.Minute || !kept.Stale {
			t.Fatalf("after a restart it is told as %v old: %+v", age, kept)
		}
		if s.renewals == 0 {
			t.Error("confirmed content was written anew each time")
		}
	})
}

// confirming is an upstream that says "not modified" from the second time on.
type confirming struct{ upstream }

func (u *confirming) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	s, err := u.upstream.Fetch(ctx, key, last)
	if err == nil && last != nil {
		s.Items, s.Unchanged = last.Items, true
	}
	return s, err
}

func TestACrowdThatTakesAWhileGetsWhatWasFetchedForItsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 50 * time.Millisecond}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w, second := want(u), time.Second
		w.Freshness.MaxAge, w.Freshness.StaleWhileRevalidate, w.Asked = &second, 0, time.Now()
		for range 100 {
			w.At = time.Now()
			if kept := bring(t, k, w); kept.Aged != (w.At.Sub(kept.Snapshot.Fetched) > second) || kept.Stale {
				t.Fatalf("%+v", kept)
			}
			time.Sleep(time.Second)
		}
		if u.count() != 1 {
			t.Errorf("%d fetches", u.count())
		}
		w.Asked, w.At = time.Now(), time.Now()
		if bring(t, k, w); u.count() != 2 {
			t.Errorf("who asks later gets what was fetched before")
		}
	})
}

func TestASourceThatIsGoneThroughAheadIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 30 * time.Second}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		var ahead sync.WaitGroup
		ahead.Go(func() {
			if err := k.Refresh(context.Background(), want(u)); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		for range 5 {
			if _, err := k.Bring(t.Context(), want(u)); pull.KindOf(err) != pull.Gathering {
				t.Errorf("a reader is told %v", err)
			}
			time.Sleep(time.Second)
		}
		ahead.Wait()
		if kept := bring(t, k, want(u)); kept.Asked != pull.AskedNo || kept.Stale {
			t.Errorf("%+v", kept)
		}
	})
}
