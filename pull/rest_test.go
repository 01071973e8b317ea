package pull_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
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
		"refused":  func(context.Context) error { return &pull.Error{Kind: pull.Unavailable, Hint: "refused"} },
		"unusable": func(context.Context) error { return &pull.Error{Kind: pull.Unusable, Hint: "no feed"} },
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
	k := pull.NewKeeper(nil, time.Now)
	defer k.Close()
	w := want(nil)
	w.Source = u
	ask := func() (pull.Kept, time.Duration, error) {
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
		k := pull.NewKeeper(nil, time.Now)
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
		k := pull.NewKeeper(nil, time.Now)
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
		k := pull.NewKeeper(nil, time.Now)
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
		u, s := &confirming{}, &shelf{}
		k := pull.NewKeeper(s, time.Now)
		w := want(nil)
		w.Source, w.Freshness.StaleWhileRevalidate = u, 0
		for range 24 * 60 {
			w.At = time.Now()
			bring(t, k, w)
			time.Sleep(61 * time.Second)
		}
		k.Close()
		u.set(func(u *upstream) { u.err = errors.New("down") })
		next := pull.NewKeeper(s, time.Now)
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

// many is an upstream whose hanging keys hang and whose others take a while.
type many struct{ upstream }

func (u *many) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	if strings.HasPrefix(key, "hang") {
		<-ctx.Done()
		return pull.Snapshot{}, ctx.Err()
	}
	return u.upstream.Fetch(ctx, key, last)
}

func (u *many) ask(k *pull.Keeper, key, asker string) (pull.Kept, error) {
	w := want(nil)
	w.Source, w.Place.Key, w.Asker = u, key, asker
	return k.Bring(context.Background(), w)
}

func TestAQueueOfOurOwnIsNoSilenceOfTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &many{upstream{pace: 300 * time.Millisecond}}
		k := pull.NewKeeper(nil, time.Now)
		defer k.Close()
		var readers sync.WaitGroup
		var answered atomic.Int64
		for i := range 600 {
			readers.Go(func() {
				switch kept, err := u.ask(k, fmt.Sprint("symbol", i), fmt.Sprint("reader", i)); {
				case err == nil && !kept.Stale:
					answered.Add(1)
				case pull.KindOf(err) != pull.Crowded:
					t.Errorf("symbol %d: %+v, %v", i, kept, err)
				}
			})
		}
		readers.Wait()
		if answered.Load() < 400 {
			t.Errorf("%d of 600 were answered in time", answered.Load())
		}
		if h := k.Health(); h[0].Error != "" {
			t.Errorf("the source is blamed: %s", h[0].Error)
		}
	})
}

// wordy is a source whose answers are there at once, and wait to be read one by
// one.
type wordy struct {
	upstream
	reader chan struct{}
	pages  atomic.Int64
	// hurry: each fetch was told to hand over what it has within its limit.
	hurry atomic.Bool
}

func (w *wordy) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	w.pages.Add(1)
	if end, ok := ctx.Deadline(); !ok || time.Until(end) > 15*time.Second {
		w.hurry.Store(false)
	}
	over := outside.Waits(ctx)
	select {
	case w.reader <- struct{}{}:
	case <-ctx.Done():
		return pull.Snapshot{}, ctx.Err()
	}
	over()
	defer func() { <-w.reader }()
	time.Sleep(time.Second)
	return w.upstream.Fetch(ctx, key, last)
}

func TestWhatTheSourceHasAnsweredIsWorthWaitingFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &wordy{reader: make(chan struct{}, 1)}
		u.hurry.Store(true)
		k := pull.NewKeeper(nil, time.Now)
		defer k.Close()
		ask := func(i int) (pull.Kept, error) {
			w := want(nil)
			w.Source, w.Place.Key, w.Wait = u, fmt.Sprint("page", i), 4*time.Second
			return k.Bring(context.Background(), w)
		}
		var readers sync.WaitGroup
		for i := range 30 {
			readers.Go(func() {
				if kept, err := ask(i); err != nil || kept.Snapshot == nil {
					t.Errorf("page %d: %+v, %v", i, kept, err)
				}
			})
		}
		readers.Wait()
		if u.pages.Load() != 30 || !u.hurry.Load() {
			t.Errorf("%d pages were fetched, each within its limit: %t", u.pages.Load(), u.hurry.Load())
		}
	})
}

func TestAFetchWithoutEndIsTheSourcesSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: time.Hour}
		k := pull.NewKeeper(nil, time.Now)
		defer k.Close()
		w := want(u)
		w.Wait = 4 * time.Second
		if _, err := k.Bring(context.Background(), w); pull.KindOf(err) != pull.Unavailable {
			t.Errorf("whoever waits for it is told %v", err)
		}
		time.Sleep(20 * time.Second)
		if h := k.Health(); len(h) != 1 || !strings.Contains(h[0].Error, "did not answer within 15s") {
			t.Errorf("%+v", h)
		}
	})
}

func TestWhatHasLandedSinceIsNotToldToBeTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 4*time.Second + time.Millisecond}
		k := pull.NewKeeper(nil, time.Now)
		defer k.Close()
		w := want(u)
		w.Wait = 4 * time.Second
		kept, err := k.Bring(context.Background(), w)
		time.Sleep(time.Second)
		if err == nil || kept.Last != nil || k.Last(t.Context(), w.Place) == nil {
			t.Errorf("%+v, %v", kept, err)
		}
	})
}

func TestHangingKeysStallNeitherOthersNorEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &many{upstream{pace: 300 * time.Millisecond}}
		k := pull.NewKeeper(nil, time.Now)
		defer k.Close()
		var readers sync.WaitGroup
		for i := range 200 { // two readers ask for what hangs
			readers.Go(func() { _, _ = u.ask(k, fmt.Sprint("hang", i), fmt.Sprint("greedy", i%2)) })
		}
		synctest.Wait()
		for i := range 20 {
			readers.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				kept, err := u.ask(k, fmt.Sprint("healthy", i), fmt.Sprint("reader", i))
				if err != nil && pull.KindOf(err) != pull.Crowded {
					t.Errorf("healthy %d: %v", i, err)
				}
				if i > 4 && (err != nil || kept.Stale) {
					t.Errorf("healthy %d: %+v, %v", i, kept, err)
				}
			})
		}
		readers.Wait()
	})
}

func TestWhatIsHeldIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, s := &heavy{body: strings.Repeat("x", 4<<20)}, &shelf{}
		k := pull.NewKeeper(s, time.Now)
		defer k.Close()
		for i := range 100 {
			w := want(nil)
			w.Source, w.Place.Key = u, fmt.Sprint("heavy", i)
			bring(t, k, w)
		}
		synctest.Wait()
		if n := k.HeldBytes(); n > 96<<20 {
			t.Errorf("%d MiB are held", n>>20)
		}
		w := want(nil)
		w.Source, w.Place.Key = u, "heavy0"
		if kept := bring(t, k, w); kept.Asked != pull.AskedNo {
			t.Errorf("what left memory is not found on the shelf: %+v", kept)
		}
	})
}

// heavy is an upstream of one long text.
type heavy struct {
	upstream
	body string
}

func (u *heavy) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	s, err := u.upstream.Fetch(ctx, key, last)
	s.Items = []what.Item{{ID: key, Body: u.body}}
	return s, err
}

func TestACrowdThatTakesAWhileGetsWhatWasFetchedForItsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 50 * time.Millisecond}
		k := pull.NewKeeper(nil, time.Now)
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
