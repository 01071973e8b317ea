package outside_test

import (
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/outside"
)

func local(t testing.TB, o outside.Options) *outside.Client {
	t.Helper()
	o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c := outside.New(o)
	t.Cleanup(c.Close)
	return c
}

func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// reasonOf returns the reason of an error, or fails the test.
func reasonOf(t testing.TB, err error) outside.Reason {
	t.Helper()
	var e *outside.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is %v, not an outside.Error", err)
	}
	if e.Hint.IsZero() {
		t.Errorf("the error %v has no hint", err)
	}
	return e.Reason
}

func TestAResponseIsReadWhole(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"x y"`)
		w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT")
		_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("User-Agent"), r.Header.Get("X-Own"))
	})
	res, err := local(t, outside.Options{UserAgent: "tester"}).Do(t.Context(), outside.Request{URL: s.URL + "/a?b=c", Header: map[string]string{"X-Own": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(res.Body); got != "GET tester 1" {
		t.Errorf("body is %q", got)
	}
	if res.Status != 200 || res.URL != s.URL+"/a?b=c" || res.ETag != `W/"x y"` || res.LastModified != "Mon, 02 Mar 2026 10:00:00 GMT" {
		t.Errorf("response is %+v", res)
	}
}

func TestARequestIsConditionalByItsValidators(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `W/"1"` && r.Header.Get("If-Modified-Since") == "then" {
			w.Header().Set("Content-Length", "99999999")
			w.WriteHeader(http.StatusNotModified)
		}
	})
	res, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: s.URL, ETag: `W/"1"`, LastModified: "then", MaxBytes: 10})
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != http.StatusNotModified || res.ETag != `W/"1"` || res.LastModified != "then" {
		t.Errorf("response is %+v", res)
	}
}

func TestABodyIsSentOnce(t *testing.T) {
	var bodies atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		bodies.Add(r.ContentLength)
		w.WriteHeader(http.StatusFound)
	})
	res, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{Method: "POST", URL: s.URL, Body: []byte("12345"), Single: true})
	if err != nil || res.Status != http.StatusFound || bodies.Load() != 5 {
		t.Errorf("status %d, error %v, %d bytes", res.Status, err, bodies.Load())
	}
}

func TestWrongURLsAreRefused(t *testing.T) {
	c := local(t, outside.Options{})
	for _, url := range []string{"", "example.org", "ftp://example.org", "file:///etc/passwd", "http://", "http:///path", "https://[::1", "http://a b", "gopher://x", "http://x/" + strings.Repeat("a", 9000), "http://x\x00y"} {
		_, err := c.Do(t.Context(), outside.Request{URL: url})
		if got := reasonOf(t, err); got != outside.BadURL {
			t.Errorf("%.40q gives %q", url, got)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	zipped := func(size int, fill byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(strings.Repeat(string(fill), size)))
			_ = z.Close()
		}
	}
	cases := map[string]struct {
		answer http.HandlerFunc
		want   outside.Reason
	}{
		"a declared length past the limit": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000000")
			_, _ = w.Write([]byte("x"))
		}, outside.TooLarge},
		"a body without end": {func(w http.ResponseWriter, _ *http.Request) {
			for range 1000 {
				if _, err := w.Write(make([]byte, 100_000)); err != nil {
					return
				}
			}
		}, outside.TooLarge},
		"a zipped body past the limit": {zipped(5_000_000, 'a'), outside.TooLarge},
		"a bomb below the limit":       {zipped(3_900_000, ' '), outside.TooLarge},
		"a broken zip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("no"))
		}, outside.Unreachable},
		"a coding never asked for": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", "compress") }, outside.Garbled},
		"a body shorter than declared": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("short"))
		}, outside.Unreachable},
		"a header past the limit": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("a", 100_000)) }, outside.TooLarge},
		"a connection cut":        {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, outside.Unreachable},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.answer)
			res, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: s.URL, MaxBytes: 4_000_000})
			if err == nil {
				t.Fatalf("it was taken: %d bytes", len(res.Body))
			}
			if got := reasonOf(t, err); got != c.want {
				t.Errorf("the reason is %q (%v); want %q", got, err, c.want)
			}
		})
	}
}

func TestAZippedBodyIsDecoded(t *testing.T) {
	want := strings.Repeat("Tiramisu, warm or cold. ", 10_000)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip, br, zstd" {
			t.Errorf("Accept-Encoding is %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(want))
		_ = z.Close()
	})
	c := local(t, outside.Options{})
	for range 3 {
		res, err := c.Do(t.Context(), outside.Request{URL: s.URL})
		if err != nil || string(res.Body) != want {
			t.Fatalf("%d bytes, error %v", len(res.Body), err)
		}
	}
}

// endedBy is a context whose deadline has passed when a channel is closed.
type endedBy struct {
	context.Context //nolint:containedctx // it is one
	over            chan struct{}
}

func (e endedBy) Done() <-chan struct{} { return e.over }

func (e endedBy) Err() error {
	select {
	case <-e.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func TestTheCallersDeadlineEndsARequest(t *testing.T) {
	ctx := endedBy{t.Context(), make(chan struct{})}
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(ctx.over)
		<-r.Context().Done()
	})
	_, err := local(t, outside.Options{}).Do(ctx, outside.Request{Method: "POST", URL: s.URL, Single: true})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.TimedOut || !e.Sent || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %#v", err)
	}
}

func TestWhatWasNeverSentSaysSo(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	_, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{Method: "POST", URL: s.URL, Single: true})
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.Unreachable || e.Sent {
		t.Errorf("the error is %#v", err)
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	const token = "123:AB/c+d é"
	hang := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	away := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "ftp://x/"+token, http.StatusFound) })
	urls := map[string]string{
		"a dead host":         "http://127.0.0.1:1/bot" + token + "/send",
		"a URL that is none":  "http://127.0.0.1:x/bot" + token,
		"a control character": "http://127.0.0.1/bot" + token + "\x7f",
		"a wrong scheme":      token + "://x",
		"a forbidden host":    "http://10.0.0.1/bot" + token,
		"a host that hangs":   hang.URL + "/bot" + token,
		"a bad redirect":      away.URL + "/bot" + token,
		"the host itself":     "http://" + "123-secret.invalid",
		"a password":          "http://user:swordfish@127.0.0.1:1/",
	}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			_, err := local(t, outside.Options{}).Do(ctx, outside.Request{URL: url, Redact: token})
			if err == nil {
				t.Fatal("no error")
			}
			for _, secret := range []string{token, "AB/c", "AB%2Fc", "swordfish"} {
				if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, secret) {
					t.Errorf("the error tells %q: %s", secret, text)
				}
			}
		})
	}
}

func TestTheProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	var proxied atomic.Bool
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { proxied.Store(true) })
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	_, err := outside.New(outside.Options{}).Do(t.Context(), outside.Request{URL: "http://192.0.2.1/"})
	if got := reasonOf(t, err); got != outside.Refused || proxied.Load() {
		t.Errorf("reason %q, proxied %v", got, proxied.Load())
	}
}

func TestAnAnswerTakesThePlaceOfTheNetwork(t *testing.T) {
	c := outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: 200, URL: r.URL, Body: []byte("saved")}, nil
	}})
	res, err := c.Do(t.Context(), outside.Request{URL: "http://example.org"})
	if err != nil || string(res.Body) != "saved" || res.Fetched.IsZero() || res.Header == nil {
		t.Errorf("%+v, %v", res, err)
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: "http://example.org", MaxBytes: 3}); reasonOf(t, err) != outside.TooLarge {
		t.Errorf("past the limit: %v", err)
	}
}

func TestManyRequestsAtOnce(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"ok":true}`)) })
	c := local(t, outside.Options{})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), outside.Request{Method: "POST", URL: s.URL, Body: []byte("{}"), Single: i%2 == 0}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestALaterConnectionGoesOnWithTheSessionOfAnEarlierOne(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = fmt.Fprint(w, r.TLS.DidResume)
	}))
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c := local(t, outside.Options{Roots: roots})
	for _, want := range []string{"false", "true", "true"} {
		res, err := c.Do(t.Context(), outside.Request{Method: http.MethodPost, URL: s.URL, Single: true})
		if err != nil || string(res.Body) != want {
			t.Fatalf("resumed: %s, want %s; %v", res.Body, want, err)
		}
	}
	if _, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: s.URL}); reasonOf(t, err) != outside.Unreachable {
		t.Errorf("who does not trust the server: %v", err)
	}
}
