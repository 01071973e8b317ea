package sourcetest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// upstream is a server that is healthy and knows validators, until a test puts
// something else in its place.
type upstream struct {
	healthy http.Handler
	// header stands in every answer of the healthy one.
	header    atomic.Pointer[http.Header]
	bad       atomic.Pointer[http.HandlerFunc]
	requests  atomic.Int64
	unchanged atomic.Int64
	// by is the validator that it knows.
	by atomic.Int32

	// conditional says that a request was.
	conditional atomic.Bool

	mu    sync.Mutex
	lines []string
}

// The validators that an upstream may know.
const (
	byETag = iota
	byDate
	byNothing
)

// changed is the Last-Modified of the healthy upstream, kept byte for byte.
const changed = "Mon,  02 Mar 2026 09:00:00 GMT"

// note writes down what is asked for.
func (u *upstream) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
		u.conditional.Store(true)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.lines = append(u.lines, r.Method+" "+r.URL.RequestURI()+" "+string(body))
}

// asked returns what was asked for since it was last called.
func (u *upstream) asked() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	lines := u.lines
	u.lines = nil
	return lines
}

// say has the healthy upstream add a header to its answers.
func (u *upstream) say(h http.Header) { u.header.Store(&h) }

func (u *upstream) turn(bad http.HandlerFunc) { u.bad.Store(&bad) }

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.requests.Add(1)
	u.note(r)
	if r.URL.Path == "/robots.txt" && u.healthy != nil {
		// Whatever upstream does at its content, it keeps nobody from it.
		http.NotFound(w, r)
		return
	}
	if bad := u.bad.Load(); bad != nil {
		(*bad)(w, r)
		return
	}
	if u.healthy == nil {
		http.NotFound(w, r)
		return
	}
	answer := httptest.NewRecorder()
	u.healthy.ServeHTTP(answer, r)
	sum := sha256.Sum256(answer.Body.Bytes())
	tag := `W/"` + hex.EncodeToString(sum[:8]) + `"`
	maps.Copy(w.Header(), answer.Header())
	if h := u.header.Load(); h != nil {
		maps.Copy(w.Header(), *h)
	}
	known := false
	switch u.by.Load() {
	case byETag:
		w.Header().Set("ETag", tag)
		known = r.Header.Get("If-None-Match") == tag
	case byDate:
		w.Header().Set("Last-Modified", changed)
		known = r.Header.Get("If-Modified-Since") == changed
	}
	if known {
		u.unchanged.Add(1)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// renews: whichever validator upstream knows is sent, from the snapshot and not
// from memory, and again after it was confirmed; and none where nothing is known.
func (c overHTTP) renews(t *testing.T) {
	for name, by := range map[string]int32{"ETag": byETag, "Last-Modified": byDate} {
		t.Run(name, func(t *testing.T) {
			r := c.start(t)
			r.upstream.by.Store(by)
			last := r.fetch(t)
			if r.passes(t) {
				r.anew(t, last)
				return
			}
			if r.fetch(t); r.upstream.conditional.Load() {
				t.Error("a request is conditional although nothing is known")
			}
			for range 2 {
				r.source = r.reopened(t)
				last = r.renewed(t, last)
			}
		})
	}
}

// anew fetches what may be kept by nobody: no request says that it was, and the
// answer is not said to be fresh for any time.
func (r rig) anew(t *testing.T, last pull.Snapshot) {
	t.Helper()
	s, err := r.source.Fetch(t.Context(), r.key(t), &last)
	if err != nil {
		t.Fatal(err)
	}
	if r.upstream.conditional.Load() || s.Unchanged || s.Validators != (pull.Validators{}) || s.Expires.After(s.Fetched) {
		t.Errorf("what may not be kept is asked for by what was kept, or is to be kept: %+v until %v", s.Validators, s.Expires)
	}
}

// renewed fetches what has not changed.
func (r rig) renewed(t *testing.T, last pull.Snapshot) pull.Snapshot {
	t.Helper()
	before := r.upstream.unchanged.Load()
	last.Fetched = last.Fetched.Add(-time.Hour)
	s, err := r.source.Fetch(t.Context(), r.key(t), &last)
	if err != nil {
		t.Fatal(err)
	}
	if r.upstream.unchanged.Load() == before {
		t.Fatal("the request was not conditional")
	}
	if !s.Unchanged {
		t.Error("the snapshot does not say that nothing changed")
	}
	if !s.Fetched.After(last.Fetched) {
		t.Errorf("the time of fetching was not renewed: %v", s.Fetched)
	}
	if got, want := frozen(t, s.Items), frozen(t, last.Items); got != want {
		t.Errorf("the items are\n%s\ninstead of\n%s", got, want)
	}
	if got, want := frozen(t, s.Validators), frozen(t, last.Validators); got != want {
		t.Errorf("the validators are %s instead of %s", got, want)
	}
	return s
}

func (c overHTTP) down(t *testing.T) {
	r := c.start(t)
	key := r.key(t)
	r.upstream.turn(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := r.source.Fetch(t.Context(), key, nil)
	told(t, err, pull.Unavailable)
}

func (c overHTTP) refusals(t *testing.T) {
	for status, kinds := range map[int][]pull.ErrorKind{
		http.StatusUnauthorized: {pull.Unusable}, http.StatusForbidden: {pull.Unusable},
		http.StatusNotFound: {pull.Unusable, pull.Unknown}, http.StatusGone: {pull.Unusable, pull.Unknown},
		http.StatusTooManyRequests: {pull.Limited}, http.StatusInternalServerError: {pull.Unavailable},
		http.StatusServiceUnavailable: {pull.Unavailable}, http.StatusNotModified: {pull.Unusable, pull.Limited},
		http.StatusNoContent: {pull.Unusable},
	} {
		r := c.start(t)
		key := r.key(t)
		r.upstream.turn(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		_, err := r.source.Fetch(t.Context(), key, nil)
		told(t, err, kinds...)
		var e *pull.Error
		if errors.As(err, &e) && status == http.StatusTooManyRequests && e.RetryAt.IsZero() {
			t.Errorf("a refusal with %d loses its Retry-After", status)
		}
	}
}

// told checks that an error says what is wrong, in one of the kinds.
func told(t *testing.T, err error, kinds ...pull.ErrorKind) {
	t.Helper()
	var e *pull.Error
	if !errors.As(err, &e) {
		t.Errorf("the error is %v, not a pull.Error", err)
		return
	}
	if !slices.Contains(kinds, e.Kind) || e.Hint.IsZero() {
		t.Errorf("the error is of kind %q with the hint %q; want one of %q with a hint", e.Kind, e.Hint, kinds)
	}
}

func (c overHTTP) hostile(t *testing.T) {
	documents := map[string]http.HandlerFunc{
		"a web page":     send("text/html", `<!doctype html><title>Sign in</title><script>alert(1)</script><a href="javascript:alert(2)">x</a>`),
		"nothing":        send("", ""),
		"binary":         send("application/octet-stream", "\x00\x01\x02\xff\xfe\x1f\x8b"),
		"invalid UTF-8":  send("text/plain", "<rss><channel><item><title>\xff\xc3\x28</title></item></channel></rss>"),
		"deep XML":       send("application/xml", "<rss>"+strings.Repeat("<a>", 200_000)),
		"deep JSON":      send("application/json", strings.Repeat("[", 200_000)),
		"deeper objects": send("application/json", strings.Repeat(`{"a":`, 50_000)),
		"no end":         endless,
		"a gzip bomb":    bomb,
		"a broken gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("\x1f\x8b\x08\x00broken"))
		},
	}
	for name, text := range c.Hostile {
		documents[name] = send("", text)
	}
	for name, answer := range documents {
		t.Run(name, func(t *testing.T) {
			r := c.start(t)
			key := r.key(t)
			r.upstream.turn(answer)
			s, err := r.safely(t, key, nil)
			if err != nil {
				told(t, err, pull.Unavailable, pull.Unusable, pull.Limited, pull.Unknown)
				return
			}
			Inspect(t, s.Items)
			for _, it := range r.choose(t, s, r.Query) {
				if speaker, ok := r.source.(pull.Speaker); ok {
					inspectReply(t, speaker.Say([]what.Item{it}, pull.Voice{Zone: time.UTC, At: r.Query.At}), "en")
				}
			}
		})
	}
}

func send(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		_, _ = w.Write([]byte(text))
	}
}

// endless sends 100 MB, or as much as is taken.
func endless(w http.ResponseWriter, _ *http.Request) {
	block := bytes.Repeat([]byte("<item><title>more</title></item>\n"), 1000)
	for range 100_000_000 / len(block) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// bomb sends 100 MB of spaces as 100 kB.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range 100 {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
	_ = z.Close()
}
