package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A gateway that answered without asking would be no peer.
func TestKannelFetchesEachOfItsAnswers(t *testing.T) {
	var fetched atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, standInText)
	}))
	t.Cleanup(s.Close)
	b := &bencher{options: options{peer: quietKannel}, dir: t.TempDir()}
	k, err := b.startKannel(t.Context(), "kannel", gateway{Keywords: 5, URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	const asks = 500
	p, err := k.sendMessages(t.Context(), job{Count: asks, Keywords: 5}, 100)
	if err != nil || fetched.Load() != asks {
		t.Errorf("%d asks were answered by %d fetches: %v", asks, fetched.Load(), err)
	}
	t.Logf("%.0f/s", p.rate)
}
