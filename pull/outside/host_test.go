package outside_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
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

// failing returns a server whose failures take the given time on the clock.
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

// crowded is a server whose answers wait for open, and which knows the most
// requests that were under way at a time.
type crowded struct {
	url     string
	arrived chan struct{}
	open    chan struct{}
	mu      sync.Mutex
	now     int
	most    int
}

func newCrowded(t *testing.T) *crowded {
	t.Helper()
	c := &crowded{arrived: make(chan struct{}, 1000), open: make(chan struct{})}
	c.url = serve(t, func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.now++
		c.most = max(c.most, c.now)
		c.mu.Unlock()
		c.arrived <- struct{}{}
		select {
		case <-c.open:
		case <-r.Context().Done():
		}
		c.mu.Lock()
		c.now--
		c.mu.Unlock()
	}).URL
	return c
}

func TestFetchesAtOneHostAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		options outside.Options
		behind  bool
		want    int
	}{
		"what readers wait for":       {want: 32},
		"as many as the operator set": {options: outside.Options{Fetches: 5}, want: 5},
		"what nobody waits for":       {behind: true, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			server, client, ctx := newCrowded(t), local(t, c.options), t.Context()
			if c.behind {
				ctx = outside.InBackground(ctx)
			}
			var wg sync.WaitGroup
			for range 2 * c.want {
				wg.Go(func() {
					if _, err := client.Do(ctx, outside.Request{URL: server.url}); err != nil {
						t.Error(err)
					}
				})
			}
			for range c.want {
				<-server.arrived
			}
			close(server.open)
			wg.Wait()
			if server.most != c.want {
				t.Errorf("%d ran at once; want %d", server.most, c.want)
			}
		})
	}
}

func TestWhatNobodyWaitsForTakesNoReadersPlace(t *testing.T) {
	server, client := newCrowded(t), local(t, outside.Options{Fetches: 1})
	var wg sync.WaitGroup
	ask := func(ctx context.Context) {
		wg.Go(func() {
			if _, err := client.Do(ctx, outside.Request{URL: server.url}); err != nil {
				t.Error(err)
			}
		})
	}
	for range 10 {
		ask(outside.InBackground(t.Context()))
	}
	<-server.arrived
	<-server.arrived
	ask(t.Context())
	<-server.arrived
	close(server.open)
	wg.Wait()
}

func TestAFetchThatIsGivenUpFreesItsPlaceAtOnce(t *testing.T) {
	server, client := newCrowded(t), local(t, outside.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range outside.DefaultFetches {
		wg.Go(func() { _, _ = client.Do(ctx, outside.Request{URL: server.url}) })
	}
	for range outside.DefaultFetches {
		<-server.arrived
	}
	wg.Go(func() {
		if _, err := client.Do(t.Context(), outside.Request{URL: server.url}); err != nil {
			t.Error(err)
		}
	})
	cancel()
	<-server.arrived
	close(server.open)
	wg.Wait()
}

func TestWhoWaitsForAPlaceIsToldThatItIsCrowded(t *testing.T) {
	server, client := newCrowded(t), local(t, outside.Options{Fetches: 1})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = client.Do(t.Context(), outside.Request{URL: server.url}) })
	<-server.arrived
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Do(ctx, outside.Request{URL: server.url})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.Crowded || e.Sent {
		t.Errorf("the error is %#v", err)
	}
	close(server.open)
	wg.Wait()
}

func TestPagesThatHangSayNothingOfTheirHost(t *testing.T) {
	hanging := make(chan struct{}, 100)
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			hanging <- struct{}{}
			<-r.Context().Done()
		case "/broken":
			panic(http.ErrAbortHandler)
		}
	})
	clock := newClock()
	c := local(t, outside.Options{Clock: clock.Now})
	for range 5 {
		// The deadline of a reader, when his page has begun to hang.
		ctx, end := context.WithCancelCause(t.Context())
		go func() {
			<-hanging
			clock.pass(4 * time.Second)
			end(context.DeadlineExceeded)
		}()
		if _, err := c.Do(ctx, outside.Request{URL: s.URL + "/hang"}); err == nil {
			t.Fatal("no error")
		}
		if _, err := c.Do(t.Context(), outside.Request{URL: s.URL + "/broken"}); reasonOf(t, err) != outside.Unreachable {
			t.Fatal(err)
		}
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: s.URL + "/fine"}); err != nil {
		t.Error(err)
	}
}

func TestAHostThatCannotBeReachedIsAskedOncePerPause(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	s.Close()
	clock := newClock()
	// While it is slow, time passes between any two looks at the clock.
	slow := true
	c := local(t, outside.Options{Clock: func() time.Time {
		if slow {
			clock.pass(time.Second)
		}
		return clock.Now()
	}})
	for range 3 {
		if _, err := c.Do(t.Context(), outside.Request{URL: s.URL}); reasonOf(t, err) != outside.Unreachable {
			t.Fatal(err)
		}
	}
	slow = false
	_, err := c.Do(t.Context(), outside.Request{URL: s.URL})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.Busy || e.Sent || e.RetryAt.Sub(clock.Now()) > time.Second {
		t.Errorf("within the pause the error is %#v", err)
	}
	clock.pass(time.Second)
	if _, err := c.Do(t.Context(), outside.Request{URL: s.URL}); reasonOf(t, err) != outside.Unreachable {
		t.Errorf("after the pause it is not asked: %v", err)
	}
}

func TestWhoWaitsForAPlaceIsToldOfIt(t *testing.T) {
	server, client := newCrowded(t), local(t, outside.Options{Fetches: 1})
	told := make(chan bool, 10)
	ask := func(ctx context.Context, wg *sync.WaitGroup) {
		wg.Go(func() {
			errand := outside.ErrandOf(ctx)
			errand.Waiting = func(waiting, _ bool) { told <- waiting }
			ctx := outside.WithErrand(ctx, errand)
			if _, err := client.Do(ctx, outside.Request{URL: server.url}); err != nil {
				t.Error(err)
			}
		})
	}
	var wg sync.WaitGroup
	ask(t.Context(), &wg)
	<-server.arrived
	ask(t.Context(), &wg)
	if !<-told {
		t.Error("who waits is told that he does not")
	}
	for range 4 {
		ask(outside.InBackground(t.Context()), &wg)
	}
	close(server.open)
	if <-told {
		t.Error("who has a place is told that he waits")
	}
	wg.Wait()
	if len(told) != 0 {
		t.Errorf("%d more were told", len(told))
	}
}

// What is known of a host counts for all who ask it, by whatever scheme.
func TestAHostIsOneHoweverItIsSpelt(t *testing.T) {
	clock := newClock()
	url, asked, _ := failing(t, clock, 4*time.Second)
	c := local(t, outside.Options{Clock: clock.Now})
	for range 3 {
		_, _ = c.Do(t.Context(), outside.Request{URL: url, Single: true})
	}
	_, err := c.Do(t.Context(), outside.Request{URL: strings.Replace(url, "http:", "https:", 1), Single: true})
	if got := reasonOf(t, err); got != outside.Busy || asked.Load() != 3 {
		t.Errorf("asked %d times; then %q", asked.Load(), got)
	}
}
