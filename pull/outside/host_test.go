package outside_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/outside"
)

// wallClock is a clock that a test moves.
type wallClock struct{ now atomic.Int64 }

func newClock() *wallClock {
	c := &wallClock{}
	c.now.Store(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *wallClock) Now() time.Time       { return time.Unix(0, c.now.Load()).UTC() }
func (c *wallClock) pass(d time.Duration) { c.now.Add(int64(d)) }

// failing is a server whose failures take the given time on the clock.
func failing(t *testing.T, clock *wallClock, took time.Duration) (url string, asked *atomic.Int64, heal func()) {
	t.Helper()
	var healthy atomic.Bool
	asked = new(atomic.Int64)
	s := serve(t, func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		if !healthy.Load() {
			clock.pass(took)
			panic(http.ErrAbortHandler)
		}
	})
	return s.URL, asked, func() { healthy.Store(true) }
}

func TestAHostThatHangsIsAskedOncePerPause(t *testing.T) {
	clock := newClock()
	url, asked, heal := failing(t, clock, 4*time.Second)
	c := local(t, outside.Options{Clock: clock.Now})
	for range 3 {
		_, err := c.Do(t.Context(), outside.Request{URL: url, Single: true})
		if got := reasonOf(t, err); got != outside.Unreachable {
			t.Fatalf("the reason is %q", got)
		}
	}
	before := asked.Load()
	_, err := c.Do(t.Context(), outside.Request{URL: url, Single: true})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.Busy || e.Sent || e.RetryAt.Sub(clock.Now()) > time.Second {
		t.Errorf("within the pause the error is %#v", err)
	}
	if asked.Load() != before {
		t.Error("the host was asked within the pause")
	}
	clock.pass(time.Second)
	heal()
	if _, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err != nil {
		t.Errorf("after the pause the host answers, but: %v", err)
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err != nil {
		t.Errorf("after its answer nothing is held back, but: %v", err)
	}
}

func TestAHostThatFailsAtOnceIsAskedAgainAtOnce(t *testing.T) {
	clock := newClock()
	url, asked, heal := failing(t, clock, 0)
	c := local(t, outside.Options{Clock: clock.Now})
	for range 10 {
		if _, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err == nil {
			t.Fatal("no error")
		}
	}
	if asked.Load() < 10 {
		t.Errorf("the host was asked %d times", asked.Load())
	}
	heal()
	if _, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err != nil {
		t.Errorf("the host answers again, but: %v", err)
	}
}

func TestACallerWhoGivesUpSaysNothingOfTheHost(t *testing.T) {
	started := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			started <- struct{}{}
			<-r.Context().Done()
		}
	})
	clock := newClock()
	c := local(t, outside.Options{Clock: clock.Now})
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-started
			clock.pass(time.Minute)
			cancel()
		}()
		if _, err := c.Do(ctx, outside.Request{URL: s.URL + "/slow", Single: true}); err == nil {
			t.Fatal("no error")
		}
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: s.URL}); err != nil {
		t.Error(err)
	}
}

func TestOneDeadHostDoesNotHoldUpAnother(t *testing.T) {
	dead := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	alive := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := local(t, outside.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := c.Do(ctx, outside.Request{URL: dead.URL}); err == nil {
				t.Error("the dead host answered")
			}
		})
	}
	for range 20 {
		if _, err := c.Do(t.Context(), outside.Request{URL: alive.URL}); err != nil {
			t.Error(err)
		}
	}
	cancel()
	wg.Wait()
}

func TestAPageThatHangsIsOvertakenByOthersOfItsHost(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			<-r.Context().Done()
		}
	})
	c := local(t, outside.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { _, _ = c.Do(ctx, outside.Request{URL: s.URL + "/hang"}) })
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: s.URL + "/fine"}); err != nil {
		t.Error(err)
	}
	cancel()
	wg.Wait()
}

func TestFetchesAtOneHostAreFew(t *testing.T) {
	var mu sync.Mutex
	var now, most int
	s := serve(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		mu.Lock()
		now--
		mu.Unlock()
	})
	c := local(t, outside.Options{})
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), outside.Request{URL: s.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most > 2 {
		t.Errorf("%d quick fetches ran at once", most)
	}
}
