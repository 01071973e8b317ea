package pull_test

import (
	"context"
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

// many is an upstream whose hanging keys hang and whose others take a while.
type many struct{ upstream }

func (u *many) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	if strings.HasPrefix(key, "hang") {
		<-ctx.Done()
		return pull.Snapshot{}, ctx.Err()
	}
	return u.upstream.Fetch(ctx, key, last)
}

func (u *many) ask(k *pull.Cache, key, asker string) (pull.Found, error) {
	w := want(nil)
	w.Source, w.ID.Key, w.Asker = u, key, asker
	return k.Bring(context.Background(), w)
}

func TestAQueueOfOurOwnIsNoSilenceOfTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &many{upstream{pace: 300 * time.Millisecond}}
		k := pull.NewCache(nil, time.Now)
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
		if h := k.Health(); !h[0].Error.IsZero() {
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
	over := outside.ErrandOf(ctx).Pause()
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
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		ask := func(i int) (pull.Found, error) {
			w := want(nil)
			w.Source, w.ID.Key, w.Wait = u, fmt.Sprint("page", i), 4*time.Second
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
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w := want(u)
		w.Wait = 4 * time.Second
		if _, err := k.Bring(context.Background(), w); pull.KindOf(err) != pull.Unavailable {
			t.Errorf("whoever waits for it is told %v", err)
		}
		time.Sleep(20 * time.Second)
		if h := k.Health(); len(h) != 1 || !strings.Contains(h[0].Error.In("en"), "did not answer within 15s") {
			t.Errorf("%+v", h)
		}
	})
}

func TestWhatHasLandedSinceIsNotToldToBeTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{pace: 4*time.Second + time.Millisecond}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w := want(u)
		w.Wait = 4 * time.Second
		kept, err := k.Bring(context.Background(), w)
		time.Sleep(time.Second)
		if err == nil || kept.Last != nil || k.Last(t.Context(), w.ID) == nil {
			t.Errorf("%+v, %v", kept, err)
		}
	})
}

func TestHangingKeysStallNeitherOthersNorEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &many{upstream{pace: 300 * time.Millisecond}}
		k := pull.NewCache(nil, time.Now)
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
		u, s := &heavy{body: strings.Repeat("x", 4<<20)}, &snapshots{}
		k := pull.NewCache(s, time.Now)
		defer k.Close()
		for i := range 100 {
			w := want(nil)
			w.Source, w.ID.Key = u, fmt.Sprint("heavy", i)
			bring(t, k, w)
		}
		synctest.Wait()
		if n := k.HeldBytes(); n > 96<<20 {
			t.Errorf("%d MiB are held", n>>20)
		}
		w := want(nil)
		w.Source, w.ID.Key = u, "heavy0"
		if kept := bring(t, k, w); kept.Asked != pull.AskedNo {
			t.Errorf("what left memory is not found on the snapshots: %+v", kept)
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
