package outside_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/outside"
)

// ledger is where rests are written down in these tests.
type ledger struct {
	mu    sync.Mutex
	kept  map[string]time.Time
	fails error
}

func (l *ledger) Load(context.Context) (map[string]time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.kept), l.fails
}

func (l *ledger) Keep(_ context.Context, host string, until time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.kept = map[string]time.Time{}
	}
	if l.kept[host] = until; until.IsZero() {
		delete(l.kept, host)
	}
	return l.fails
}

// asking returns a server that asks for rest, as its handler says, and counts.
func asking(t *testing.T, answer http.HandlerFunc) (url string, asked *atomic.Int64) {
	t.Helper()
	asked = new(atomic.Int64)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}).URL, asked
}

// rests checks that a fetch is refused until then, without a request.
func backOffs(t *testing.T, c *outside.Client, url string, until time.Time) {
	t.Helper()
	_, err := c.Do(t.Context(), outside.Request{URL: url})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.BackedOff || e.Sent || !e.RetryAt.Equal(until) {
		t.Errorf("%s: the error is %#v; want a rest until %v", url, err, until)
	}
}

func TestRetryAfterBindsTheHostWhateverItsStatus(t *testing.T) {
	for _, status := range []int{200, 204, 304, 403, 404, 410, 429, 500, 503, 600} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			url, asked := asking(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "600")
				w.WriteHeader(status)
			})
			clock := newClock()
			c := local(t, outside.Options{Clock: clock.Now})
			until := clock.Now().Add(10 * time.Minute)
			if res, err := c.Do(t.Context(), outside.Request{URL: url + "/a"}); err != nil || !res.RetryAt.Equal(until) {
				t.Fatalf("%+v, %v", res, err)
			}
			backOffs(t, c, url+"/b", until)
			backOffs(t, c, url+"/c?x", until)
			clock.pass(10*time.Minute - 1)
			backOffs(t, c, url, until)
			if asked.Load() != 1 {
				t.Errorf("the host was asked %d times", asked.Load())
			}
			clock.pass(1)
			if _, err := c.Do(t.Context(), outside.Request{URL: url + "/b"}); err != nil || asked.Load() != 2 {
				t.Errorf("after the rest: %v, asked %d times", err, asked.Load())
			}
		})
	}
}

func TestARestIsThatOfOneHostAlone(t *testing.T) {
	busy, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "60") })
	other, asked := asking(t, func(http.ResponseWriter, *http.Request) {})
	c := local(t, outside.Options{Clock: newClock().Now})
	for _, url := range []string{busy, other, other} {
		if _, err := c.Do(t.Context(), outside.Request{URL: url}); err != nil {
			t.Error(err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("the other host was asked %d times", asked.Load())
	}
}

func TestMessagesGoByTheirPlatformsOwnRules(t *testing.T) {
	url, asked := asking(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := local(t, outside.Options{Clock: newClock().Now})
	for range 3 {
		if res, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err != nil || res.RetryAt.IsZero() {
			t.Errorf("%+v, %v", res, err)
		}
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: url}); err != nil {
		t.Errorf("a fetch: %v", err)
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: url, Single: true}); err != nil || asked.Load() != 5 {
		t.Errorf("a message to a host that rests: %v, asked %d times", err, asked.Load())
	}
}

func TestAShortRestDoesNotEndALongOne(t *testing.T) {
	long := make(chan struct{})
	url, _ := asking(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/short" {
			<-long
		}
		w.Header().Set("Retry-After", map[string]string{"/short": "5", "/long": "600"}[r.URL.Path])
	})
	clock := newClock()
	c := local(t, outside.Options{Clock: clock.Now})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = c.Do(t.Context(), outside.Request{URL: url + "/short"}) })
	until := clock.Now().Add(10 * time.Minute)
	if _, err := c.Do(t.Context(), outside.Request{URL: url + "/long"}); err != nil {
		t.Fatal(err)
	}
	close(long)
	wg.Wait()
	backOffs(t, c, url, until)
}

func TestARedirectIsFollowedWhenItsHostAllows(t *testing.T) {
	url, asked := asking(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/new" {
			_, _ = w.Write([]byte("here"))
			return
		}
		w.Header().Set("Retry-After", strings.TrimPrefix(r.URL.Path, "/"))
		http.Redirect(w, r, "/new", http.StatusFound)
	})
	soon := local(t, outside.Options{})
	if res, err := soon.Do(t.Context(), outside.Request{URL: url + "/0.01"}); err != nil || string(res.Body) != "here" {
		t.Errorf("%q, %v", res.Body, err)
	}
	asked.Store(0)
	clock := newClock()
	late := local(t, outside.Options{Clock: clock.Now})
	backOffs(t, late, url+"/600", clock.Now().Add(10*time.Minute))
	backOffs(t, late, url+"/new", clock.Now().Add(10*time.Minute))
	if asked.Load() != 1 {
		t.Errorf("the host was asked %d times", asked.Load())
	}
}

func TestARestOutlivesARestart(t *testing.T) {
	url, asked := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "600") })
	clock, book := newClock(), &ledger{}
	until := clock.Now().Add(10 * time.Minute)
	before := local(t, outside.Options{Clock: clock.Now, BackOffs: book})
	if _, err := before.Do(t.Context(), outside.Request{URL: url}); err != nil {
		t.Fatal(err)
	}
	after := local(t, outside.Options{Clock: clock.Now, BackOffs: book})
	backOffs(t, after, url, until)
	if asked.Load() != 1 {
		t.Errorf("the host was asked %d times", asked.Load())
	}
}

func TestAClockThatWasWrongSilencesNoHostForLongerThanADay(t *testing.T) {
	url, asked := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "600") })
	clock := newClock()
	host := strings.TrimPrefix(url, "http://")
	book := &ledger{kept: map[string]time.Time{host: clock.Now().Add(365 * 24 * time.Hour)}}
	c := local(t, outside.Options{Clock: clock.Now, BackOffs: book})
	if _, err := c.Do(t.Context(), outside.Request{URL: url}); err != nil || asked.Load() != 1 {
		t.Fatalf("%v, asked %d times", err, asked.Load())
	}
	until := clock.Now().Add(10 * time.Minute)
	backOffs(t, c, url, until)
	if got := book.kept[host]; !got.Equal(until) {
		t.Errorf("written down is %v; want %v", got, until)
	}
}

func TestABookThatFailsCostsNoReaderAnything(t *testing.T) {
	url, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "600") })
	clock := newClock()
	c := local(t, outside.Options{Clock: clock.Now, BackOffs: &ledger{fails: errors.New("disk full")}})
	if _, err := c.Do(t.Context(), outside.Request{URL: url}); err != nil {
		t.Error(err)
	}
	backOffs(t, c, url, clock.Now().Add(10*time.Minute))
}

func TestRestsAreBounded(t *testing.T) {
	const most = 4096
	clock, book := newClock(), &ledger{kept: map[string]time.Time{}}
	for i := range most - 1 {
		over := time.Duration(i%2) * time.Hour
		book.kept[fmt.Sprintf("h%d.example:443", i)] = clock.Now().Add(over + time.Second)
	}
	clock.pass(time.Minute)
	c := local(t, outside.Options{Clock: clock.Now, BackOffs: book})
	for range 3 {
		url, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "600") })
		if _, err := c.Do(t.Context(), outside.Request{URL: url}); err != nil {
			t.Fatal(err)
		}
		backOffs(t, c, url, clock.Now().Add(10*time.Minute))
	}
	if n := len(book.kept); n > most/2+3 {
		t.Errorf("%d rests are written down", n)
	}
}

func TestAHostIsItsNameAndPortHoweverSpelt(t *testing.T) {
	for spelt, want := range map[string]string{
		"http://Example.ORG/a": "example.org:80", "http://example.org.:80": "example.org:80", "https://example.org": "example.org:443",
		"https://u:p@EXAMPLE.org:443/": "example.org:443", "http://example.org:443": "example.org:443", "http://[::1]:8080/x": "[::1]:8080",
	} {
		u, err := url.Parse(spelt)
		if err != nil {
			t.Fatal(err)
		}
		if got := outside.Place(u); got != want {
			t.Errorf("%s is at %s; want %s", spelt, got, want)
		}
	}
}
