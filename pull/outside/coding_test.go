package outside_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"keypull/pull/outside"
)

// packed returns a text in a content coding.
func packed(t *testing.T, coding string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, 9)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	default:
		return text
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestABodyIsDecodedFromWhateverItCameIn(t *testing.T) {
	want := []byte("<rss>" + strings.Repeat("Tiramisu, warm or cold. ", 10_000))
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
	}{
		"br": {"br", packed(t, "br", want)}, "zstd": {"zstd", packed(t, "zstd", want)}, "gzip": {"GZIP", packed(t, "gzip", want)},
		"deflate": {"deflate", packed(t, "deflate", want)}, "deflate without a head": {"deflate", packed(t, "raw deflate", want)},
		"one in another": {"gzip, br", packed(t, "br", packed(t, "gzip", want))}, "none, and so named": {"identity, none", want},
		"two frames":   {"zstd", append(packed(t, "zstd", want[:100]), packed(t, "zstd", want[100:])...)},
		"said in vain": {"gzip", want}, "said in vain of zstd": {"zstd", want},
	} {
		t.Run(name, func(t *testing.T) {
			header, body = v.header, v.body
			for range 2 {
				res, err := c.Do(t.Context(), outside.Request{URL: s.URL})
				if err != nil || !bytes.Equal(res.Body, want) {
					t.Fatalf("%d bytes, error %v", len(res.Body), err)
				}
			}
		})
	}
}

func TestACrawlBeginsFortyPagesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := outside.NewHost(outside.Options{})
		began := time.Now()
		var wg sync.WaitGroup
		for range 500 { // of several sources at once
			wg.Go(func() {
				if err := h.Enter(outside.InBackground(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("500 pages, of which 100 may go ahead, began within %v", took)
		}
		before := time.Now()
		if err := h.Enter(t.Context()); err != nil || !time.Now().Equal(before) {
			t.Errorf("a reader waits for a crawl: %v, %v", time.Since(before), err)
		}
		ctx, cancel := context.WithTimeout(outside.InBackground(t.Context()), time.Millisecond)
		defer cancel()
		if err := h.Enter(ctx); err == nil {
			t.Error("a page begins ahead of its moment")
		}
	})
}
