package outside_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"keypull/pull/outside"
)

// requests are as messengers make them, and as nobody should.
func requests() []outside.Request {
	type header = map[string]string
	body := []byte(`{"chat_id":1}`)
	return []outside.Request{
		{Method: "POST", URL: "https://api.example.org/bot1:x/send", Body: body, Header: header{"Content-Type": "application/json"}},
		{Method: "POST", URL: "http://127.0.0.1:81/send?to=1&text=a%20b", Header: header{"Authorization": "Bearer x", "X-Key": "1.0"}},
		{Method: "PUT", URL: "https://example.org", Body: body}, {Method: "DELETE", URL: "https://example.org/a#b"}, {URL: "https://example.org/?"},
		{Method: "POST", URL: "https://example.org/large", Body: bytes.Repeat(body, 10_000)},
		{Method: "HEAD", URL: "http://[::1]:80/"}, {Method: "GET", URL: "https://[fe80::1%25en0]/"}, {URL: "https://bücher.example/ä"},
		{URL: "https://user:pass@example.org/"}, {URL: "https://example.org/a b?c d"}, {URL: `https://exa"mple.org/`}, {URL: "https://example.org//x\u00a0y"},
		{URL: "https://example.org/", Header: header{"user-agent": "me"}, Body: body}, {URL: "https://example.org/", Header: header{"User-Agent": ""}},
		{URL: "https://example.org/", Header: header{"Host": "other.example", "Content-Length": "7", "Transfer-Encoding": "chunked", "Trailer": "X"}},
		{URL: "https://example.org/", Header: header{"X-Two": "a\r\nX-Three: b", "X Four": "c", "X-Five": " d ", "X-Six": "ä", "X-Seven": "", "X-Eight": "a\tb", "X-Nine:": "e"}},
		{URL: "https://example.org/", ETag: `"1"`, LastModified: "then", Header: header{"Accept": "*/*"}},
	}
}

func TestARequestOfOursIsTheOneThatNetHTTPWrites(t *testing.T) {
	for _, r := range requests() {
		r.Single = true
		same(t, r, "keypull/1 (+https://example.org)")
	}
}

// same fails where a request does not arrive as one of net/http does.
func same(t *testing.T, r outside.Request, agent string) {
	t.Helper()
	own, usual, whole, err := outside.Wire(r, agent)
	if err != nil {
		return // neither was written
	}
	if !whole {
		own = append(own, r.Body...)
	}
	got, gotBody := requestOf(t, own)
	want, wantBody := requestOf(t, usual)
	if got == nil && want == nil {
		return
	}
	if got == nil || want == nil || got.Method != want.Method || got.RequestURI != want.RequestURI || got.Host != want.Host || got.ContentLength != want.ContentLength ||
		!maps.EqualFunc(got.Header, want.Header, slices.Equal) || !slices.Equal(gotBody, wantBody) {
		t.Errorf("%+v is written as\n%s\nand not as\n%s", r, own, usual)
	}
}

func requestOf(t *testing.T, raw []byte) (*http.Request, []byte) {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(raw))
	r, err := http.ReadRequest(in)
	if err != nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if rest, _ := io.ReadAll(in); err != nil || len(rest) > 0 {
		t.Errorf("%q is more than a request: %v", raw, err)
	}
	return r, body
}

// FuzzRequest writes whatever callers hand over.
func FuzzRequest(f *testing.F) {
	for _, r := range requests() {
		for name, value := range r.Header {
			f.Add(r.Method, r.URL, name, value, r.Body)
		}
		f.Add(r.Method, r.URL, "X", "1", r.Body)
	}
	f.Fuzz(func(t *testing.T, method, url, name, value string, body []byte) {
		if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || method == http.MethodConnect {
			return // callers write methods themselves
		}
		same(t, outside.Request{Method: method, URL: url, Header: map[string]string{name: value}, Body: body, Single: true}, "keypull")
	})
}

// plainAnswers are read by our own hand, odd ones never.
var plainAnswers, oddAnswers = []string{
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 404\r\ncontent-length: 0\r\nx-a: 1\r\nX-A: 2\r\n\r\n",
	"HTTP/1.1 429 Too Many Requests\r\nConnection: keep-alive\r\nRetry-After:7\r\nContent-Length:  2 \r\nX-Empty:\r\nX-Text: ä\tb\r\n\r\nnoHTTP",
}, []string{
	"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX: 1\r\n Content-Length: 9\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "HTTP/1.1 200 O\nContent-Length: 9\r\nX: 2\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nX: a\nContent-Length: 9\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\n\r\nok", "220 mail\r\n\r\n",
}

func TestAnAnswerThatIsNotPlainIsNotReadByOurOwnHand(t *testing.T) {
	for _, raw := range plainAnswers {
		if !sameAnswer(t, []byte(raw)) {
			t.Errorf("%q is plain", raw)
		}
	}
	for _, raw := range oddAnswers {
		if sameAnswer(t, []byte(raw)) {
			t.Errorf("%q is not plain", raw)
		}
	}
	if _, left, ok, err := outside.Plain([]byte(plainAnswers[0]), http.MethodHead, 100); ok || left != len(plainAnswers[0]) || err != nil {
		t.Error("an answer to HEAD has no body", err)
	}
	if _, _, ok, _ := outside.Plain([]byte(plainAnswers[0]), http.MethodPost, 1); ok {
		t.Error("an answer beyond its limit is none to read")
	}
}

// sameAnswer reports whether an answer is plain, and fails where it is not what
// net/http reads.
func sameAnswer(t *testing.T, raw []byte) bool {
	t.Helper()
	got, left, ok, err := outside.Plain(raw, http.MethodPost, 1<<20)
	if !ok {
		if err == nil && left != len(raw) && len(raw) < outside.MaxHeaderBytes {
			t.Errorf("%q is not plain, and %d bytes of it are gone", raw, len(raw)-left)
		}
		return false
	}
	in := bufio.NewReader(bytes.NewReader(raw))
	want, failed := http.ReadResponse(in, &http.Request{Method: http.MethodPost})
	if failed != nil {
		t.Errorf("%q is none for net/http: %v", raw, failed)
		return true
	}
	defer func() { _ = want.Body.Close() }()
	body, failed := io.ReadAll(want.Body)
	rest, _ := io.ReadAll(in)
	if (err == nil) != (failed == nil) || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q: %v, and %v by net/http", raw, err, failed)
	}
	if got.Status != want.StatusCode || want.Close || want.ProtoMinor != 1 || !maps.EqualFunc(got.Header, want.Header, slices.Equal) || err == nil && (left != len(rest) || !bytes.Equal(got.Body, body)) {
		t.Errorf("%q: %+v, %d left; by net/http %d %v %q, %d left", raw, got, left, want.StatusCode, want.Header, body, len(rest))
	}
	return true
}

// FuzzAnswer reads whatever comes back.
func FuzzAnswer(f *testing.F) {
	for _, raw := range slices.Concat(plainAnswers, oddAnswers) {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { sameAnswer(t, raw) })
}
