package outside_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"keypull/pull/outside"
)

func TestABodyThatLiesAboutItsCodingIsRefused(t *testing.T) {
	large := bytes.Repeat([]byte(" "), 60<<20)
	var header string
	var body []byte
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", header)
		_, _ = w.Write(body)
	})
	c := local(t, outside.Options{})
	for name, v := range map[string]struct {
		header string
		body   []byte
		want   outside.Reason
	}{
		"a bomb of br":        {"br", packed(t, "br", large), outside.TooLarge},
		"a bomb of zstd":      {"zstd", packed(t, "zstd", large), outside.TooLarge},
		"a bomb of deflate":   {"deflate", packed(t, "deflate", large), outside.TooLarge},
		"a bomb within one":   {"gzip, zstd", packed(t, "zstd", packed(t, "gzip", large)), outside.TooLarge},
		"broken br":           {"br", []byte("\x8b\x02\x80broken\xff\xff"), outside.Garbled},
		"broken zstd":         {"zstd", []byte("\x28\xb5\x2f\xfd\x00broken"), outside.Garbled},
		"cut br":              {"br", packed(t, "br", []byte(strings.Repeat("abcdefgh", 9)))[:9], outside.Unreachable},
		"a coding of nobody":  {"compress", []byte("x"), outside.Garbled},
		"one in another, and": {"gzip, br, zstd", []byte("x"), outside.Garbled},
		"a window beyond all": {"zstd", []byte("\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00"), outside.Garbled},
	} {
		t.Run(name, func(t *testing.T) {
			header, body = v.header, v.body
			res, err := c.Do(t.Context(), outside.Request{URL: s.URL})
			if err == nil {
				t.Fatalf("it was taken: %d bytes", len(res.Body))
			}
			if got := reasonOf(t, err); got != v.want {
				t.Errorf("the reason is %q (%v); want %q", got, err, v.want)
			}
		})
	}
}

func FuzzCoding(f *testing.F) {
	f.Add([]byte("\x28\xb5\x2f\xfd\x00broken"), "zstd")
	f.Add([]byte("\x8b\x02\x80x"), "br, gzip")
	f.Fuzz(func(t *testing.T, body []byte, coding string) {
		answer := &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Encoding": {coding}}, ContentLength: -1,
			Body: io.NopCloser(bytes.NewReader(body)), Request: &http.Request{Method: http.MethodGet},
		}
		const limit = 1 << 16
		if got, err := outside.Read(answer, limit); err == nil && len(got) > limit {
			t.Errorf("%d bytes are read", len(got))
		}
	})
}
