package sourcetest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
)

// overHTTP is a Case whose upstream is asked by HTTP.
type overHTTP struct{ Case }

// passes says whether what the query brings is kept by nobody: there is nothing
// that upstream could confirm then.
func (r rig) passes(t *testing.T) bool {
	t.Helper()
	return strings.HasPrefix(r.key(t), pull.PassingKey(""))
}

// dated fetches, and checks that the snapshot left its origin that long ago.
func (r rig) dated(t *testing.T, ago time.Duration, last *pull.Snapshot) pull.Snapshot {
	t.Helper()
	before := time.Now()
	s, err := r.source.Fetch(t.Context(), r.key(t), last)
	if err != nil {
		t.Fatal(err)
	}
	if early, late := before.Add(-ago), time.Now().Add(-ago); s.Fetched.Before(early) || s.Fetched.After(late) {
		t.Errorf("it was fetched at %v; want a moment from %v to %v", s.Fetched, early, late)
	}
	return s
}

func (c overHTTP) ages(t *testing.T) {
	const age = 2 * time.Hour
	now := time.Now()
	for name, h := range map[string]http.Header{
		"Age":                {"Age": {"7200"}, "Date": {now.UTC().Format(http.TimeFormat)}},
		"Age without a Date": {"Age": {"7200"}, "Date": nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.start(t)
			r.upstream.say(h)
			last := r.dated(t, age, nil)
			if s := r.dated(t, age, &last); !s.Unchanged && !r.passes(t) {
				t.Error("the second answer does not say that nothing changed")
			}
			r.upstream.say(http.Header{})
			if s := r.dated(t, 0, &last); !s.Unchanged && !r.passes(t) {
				t.Error("the third answer does not say that nothing changed")
			}
		})
	}
}

func (c overHTTP) clocks(t *testing.T) {
	for _, off := range []time.Duration{-365 * 24 * time.Hour, -3 * time.Hour, -time.Minute, time.Minute, 3 * time.Hour} {
		r := c.start(t)
		r.upstream.say(http.Header{"Date": {time.Now().Add(off).UTC().Format(http.TimeFormat)}})
		last := r.dated(t, 0, nil)
		r.dated(t, 0, &last)
	}
}

// rests checks that what one answer says of when to ask again is told, and
// holds for the next fetch, whatever became of this one.
func (c overHTTP) rests(t *testing.T) {
	const rest = 10 * time.Minute
	r := c.start(t)
	r.upstream.say(http.Header{"Retry-After": {"600"}})
	s := r.fetch(t)
	if s.NotBefore.IsZero() {
		t.Error("a snapshot loses its Retry-After")
	}
	r.resting(t, &s, rest)
	for _, status := range []int{http.StatusNotFound, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable} {
		r := c.start(t)
		key := r.key(t)
		r.upstream.turn(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(status)
		})
		_, err := r.source.Fetch(t.Context(), key, nil)
		var e *pull.Error
		if !errors.As(err, &e) || e.RetryAt.IsZero() {
			t.Errorf("a refusal with %d loses its Retry-After: %v", status, err)
		}
		r.resting(t, nil, rest)
	}
}

// resting checks that a fetch asks nobody and tells when to try again.
func (r rig) resting(t *testing.T, last *pull.Snapshot, rest time.Duration) {
	t.Helper()
	before := r.upstream.requests.Load()
	_, err := r.source.Fetch(t.Context(), r.key(t), last)
	told(t, err, pull.Limited)
	var e *pull.Error
	if errors.As(err, &e) && (!e.RetryAt.After(time.Now()) || e.RetryAt.After(time.Now().Add(rest))) {
		t.Errorf("it may be tried again at %v; want within %v", e.RetryAt, rest)
	}
	if n := r.upstream.requests.Load() - before; n != 0 {
		t.Errorf("%d requests were sent to an upstream that rests", n)
	}
}
