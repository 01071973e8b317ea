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
	"keypull/pull/what"
	"keypull/pull/when"
)

// upstream is a source whose answers and pace a test sets.
type upstream struct {
	mu      sync.Mutex
	fetches int
	pace    time.Duration
	err     error
	price   string
	// previous is the price before, where it tells one.
	previous string
	panics   bool
	rest     time.Duration
}

func (u *upstream) Key(q pull.Query) (string, error) { return "k" + q.Argument, nil }

func (u *upstream) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	u.mu.Lock()
	u.fetches++
	fetches := u.fetches
	pace, err, price, previous, panics, rest := u.pace, u.err, u.price, u.previous, u.panics, u.rest
	u.mu.Unlock()
	if panics {
		panic("no such thing")
	}
	select {
	case <-time.After(pace):
	case <-ctx.Done():
		return pull.Snapshot{}, ctx.Err()
	}
	s := pull.Snapshot{Fetched: time.Now(), Requests: 1}
	if rest > 0 {
		s.NotBefore = time.Now().Add(rest)
	}
	if err != nil {
		return s, err
	}
	s.Items = []what.Item{{ID: "a", Title: fmt.Sprint("fetch ", fetches), Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: price}}}}
	if previous != "" {
		s.Items[0].Facts = append(s.Items[0].Facts, what.Fact{Name: "previous", Kind: what.Decimal, Text: previous})
	}
	return s, nil
}

func (u *upstream) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

func (u *upstream) set(f func(*upstream)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f(u)
}

func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.fetches
}

// snapshots is a pull.Snapshots in memory.
type snapshots struct {
	mu   sync.Mutex
	kept map[pull.SnapshotID]pull.Snapshot
	// renewals counts what was written down as confirmed.
	renewals int
}

func (s *snapshots) Snapshot(_ context.Context, p pull.SnapshotID) (pull.Snapshot, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snapshot, ok := s.kept[p]
	return snapshot, ok, nil
}

func (s *snapshots) Keep(_ context.Context, p pull.SnapshotID, snapshot pull.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[pull.SnapshotID]pull.Snapshot{}
	}
	s.kept[p] = snapshot
	return nil
}

func (s *snapshots) Renew(ctx context.Context, p pull.SnapshotID, snapshot pull.Snapshot) error {
	s.mu.Lock()
	s.renewals++
	s.mu.Unlock()
	return s.Keep(ctx, p, snapshot)
}

func minute() *time.Duration { d := time.Minute; return &d }

// want asks for the upstream with a minute of max_age, half a minute of
// stale_while_revalidate, an hour of stale_if_error and a deadline of 4 s.
func want(u *upstream) pull.Want {
	return pull.Want{
		ID: pull.SnapshotID{Publisher: "p", Source: "s", Key: "k"}, Source: u, At: time.Now(), Wait: 4 * time.Second,
		Freshness: when.Freshness{MaxAge: minute(), StaleWhileRevalidate: 30 * time.Second, StaleIfError: time.Hour},
	}
}

func bring(t *testing.T, k *pull.Cache, w pull.Want) pull.Found {
	t.Helper()
	kept, err := k.Bring(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestACrowdAsksUpstreamOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 50 * time.Millisecond}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		var wait sync.WaitGroup
		var requests atomic.Int64
		for i := range 10000 {
			wait.Go(func() {
				time.Sleep(time.Duration(i) * 20 * time.Microsecond) // some come after the fetch has landed
				kept, err := k.Bring(context.Background(), want(u))
				if err != nil || kept.Snapshot.Items[0].Title != "fetch 1" {
					t.Errorf("%+v, %v", kept, err)
				}
				requests.Add(int64(kept.Requests))
			})
		}
		wait.Wait()
		if u.count() != 1 || requests.Load() != 1 {
			t.Fatalf("%d fetches, %d requests on the asks' account", u.count(), requests.Load())
		}
	})
}

func TestFreshnessThroughTheLifeOfASnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		for _, step := range []struct {
			name    string
			after   time.Duration
			down    bool
			asked   string
			title   string
			stale   bool
			refused bool
		}{
			{name: "the first ask fetches", asked: pull.AskedFetched, title: "fetch 1"},
			{name: "within max_age nobody asks upstream", after: 59 * time.Second, asked: pull.AskedNo, title: "fetch 1"},
			{name: "then it is served and refreshed behind", after: 10 * time.Second, asked: pull.AskedBehind, title: "fetch 1"},
			{name: "the refreshed one is there", after: time.Second, asked: pull.AskedNo, title: "fetch 2"},
			{name: "after stale_while_revalidate the ask waits", after: 2 * time.Minute, asked: pull.AskedFetched, title: "fetch 3"},
			{name: "while upstream is down the last good one comes, marked", after: 2 * time.Minute, down: true, asked: pull.AskedFailed, title: "fetch 3", stale: true},
			{name: "past stale_if_error it is refused", after: time.Hour, down: true, asked: pull.AskedFailed, refused: true},
			{name: "and answered again when upstream is back", after: time.Second, asked: pull.AskedFetched},
		} {
			time.Sleep(step.after)
			u.set(func(u *upstream) {
				if u.err = nil; step.down {
					u.err = &pull.Error{Kind: pull.Unavailable}
				}
			})
			kept, err := k.Bring(t.Context(), want(u))
			synctest.Wait()
			if kept.Asked != step.asked || kept.Stale != step.stale || (err != nil) != step.refused {
				t.Fatalf("%s: %+v, %v", step.name, kept, err)
			}
			if step.title != "" && kept.Snapshot.Items[0].Title != step.title {
				t.Fatalf("%s: got %q", step.name, kept.Snapshot.Items[0].Title)
			}
		}
	})
}

func TestASlowUpstreamHoldsNobodyBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 10 * time.Second}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		began := time.Now()
		kept, err := k.Bring(t.Context(), want(u))
		if took := time.Since(began); err == nil || kept.Asked != pull.AskedDeadline || took != 4*time.Second {
			t.Fatalf("%+v, %v after %v", kept, err, took)
		}
		time.Sleep(7 * time.Second)
		if kept := bring(t, k, want(u)); kept.Asked != pull.AskedNo {
			t.Fatalf("the fetch ran on for the next ask: %+v", kept)
		}
		if u.count() != 1 {
			t.Fatalf("%d fetches", u.count())
		}
	})
}

func TestTheAskersEndDoesNotEndTheFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: time.Second}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := k.Bring(ctx, want(u)); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if kept := bring(t, k, want(u)); kept.Asked != pull.AskedNo {
			t.Fatalf("%+v", kept)
		}
	})
}

func TestTheLastGoodOneOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, s := &upstream{}, &snapshots{}
		first := pull.NewCache(s, time.Now)
		bring(t, first, want(u))
		first.Close()
		u.set(func(u *upstream) { u.err = errors.New("down") })
		second := pull.NewCache(s, time.Now)
		defer second.Close()
		time.Sleep(10 * time.Minute)
		kept := bring(t, second, want(u))
		if !kept.Stale || kept.Snapshot.Items[0].Title != "fetch 1" {
			t.Fatalf("%+v", kept)
		}
	})
}

func TestPrivateSnapshotsAreNeverWrittenDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &snapshots{}
		k := pull.NewCache(s, time.Now)
		w := want(&upstream{})
		w.ID.Key = "~membership 12"
		bring(t, k, w)
		k.Close()
		if len(s.kept) != 0 {
			t.Fatalf("%v", s.kept)
		}
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{rest: 5 * time.Minute}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		bring(t, k, want(u))
		time.Sleep(3 * time.Minute)
		kept := bring(t, k, want(u))
		if !kept.Stale || u.count() != 1 || pull.KindOf(kept.Err) != pull.Limited {
			t.Fatalf("%+v after %d fetches", kept, u.count())
		}
		time.Sleep(3 * time.Minute)
		if kept := bring(t, k, want(u)); kept.Stale || u.count() != 2 {
			t.Fatalf("%+v after %d fetches", kept, u.count())
		}
	})
}

func TestRetryAfterOfAnErrorIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{err: &pull.Error{Kind: pull.Limited, RetryAt: time.Now().Add(time.Minute)}}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		for range 5 {
			if _, err := k.Bring(t.Context(), want(u)); pull.KindOf(err) != pull.Limited {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		u.set(func(u *upstream) { u.err = nil })
		time.Sleep(10 * time.Second)
		if bring(t, k, want(u)); u.count() != 2 {
			t.Fatalf("%d fetches", u.count())
		}
	})
}

func TestAPanicOfASourceIsItsOwnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		if _, err := k.Bring(t.Context(), want(&upstream{panics: true})); pull.KindOf(err) != pull.Internal {
			t.Fatal(err)
		}
		if h := k.Health(); len(h) != 1 || h[0].Error.IsZero() {
			t.Fatalf("%+v", h)
		}
	})
}
