package publishing_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
)

const matcherSecret = "a secret of the outlet's own"

// matcherNow is the moment of every request here.
var matcherNow = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// endpoint serves f over HTTPS and returns a matcher that asks it.
func endpoint(t *testing.T, set catalogue.Matcher, f http.HandlerFunc) pull.Matcher {
	t.Helper()
	s := httptest.NewTLSServer(f)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Roots: roots})
	t.Cleanup(client.Close)
	set.URL, set.Secret = s.URL+"/match", matcherSecret
	return publishing.NewMatcher(client, set, func() time.Time { return matcherNow })
}

var matcherAsk = pull.MatcherAsk{Publisher: "lecker", Text: "wie wird das wetter", Language: "de"}

// genuine reports whether a request is signed with the secret, as an endpoint
// would.
func genuine(r *http.Request, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(matcherSecret))
	_, _ = fmt.Fprintf(mac, "%s.%s", r.Header.Get("Keypull-Timestamp"), body)
	signature, ok := strings.CutPrefix(r.Header.Get("Keypull-Signature"), "v1=")
	return ok && hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil))))
}

func TestAMatcherIsAskedBySignedRequests(t *testing.T) {
	var asked atomic.Int32
	m := endpoint(t, catalogue.Matcher{}, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		body, err := io.ReadAll(r.Body)
		if err != nil || !genuine(r, body) || r.Method != http.MethodPost || r.URL.Path != "/match" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s with %v: %v", r.Method, r.URL, r.Header, err)
		}
		if at := r.Header.Get("Keypull-Timestamp"); at != "1772445600" {
			t.Errorf("it is signed for %s", at)
		}
		var got map[string]any
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(map[string]any{"publisher": "lecker", "text": "wie wird das wetter", "language": "de"}, got); diff != "" {
			t.Error(diff)
		}
		_, _ = io.WriteString(w, `{"keywords":[{"id":"weather","score":0.93,"text":"Sunny!"},{"id":"news","score":0.6},{"id":"sport","score":0.59}],"text":"Sunny!"}`)
	})
	got, err := m.Match(t.Context(), matcherAsk)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]pull.Scored{{Keyword: "weather", Score: 0.93}, {Keyword: "news", Score: 0.6}}, got); diff != "" {
		t.Error(diff)
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times", asked.Load())
	}
}

func TestAMatchersWrongAnswersAreRefusedAndNotRepeated(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"no JSON", "<html>weather</html>", http.StatusOK, "must look like"},
		{"nothing", "", http.StatusOK, "must look like"},
		{"another shape", `{"keywords":["weather"]}`, http.StatusOK, "must look like"},
		{"a score that is no number", `{"keywords":[{"id":"weather","score":"high"}]}`, http.StatusOK, "must look like"},
		{"more than 16 KiB", `{"keywords":[]` + strings.Repeat(" ", 16<<10) + `}`, http.StatusOK, "larger"},
		{"an error", `{"keywords":[{"id":"weather","score":1}]}`, http.StatusBadGateway, "status 502"},
		{"a redirect", "", http.StatusFound, "status 302"},
		{"no scores in range", `{"keywords":[{"id":"weather","score":93},{"id":"news","score":-1},{"id":"sport"}]}`, http.StatusOK, ""},
		{"no keywords", `{}`, http.StatusOK, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			m := endpoint(t, catalogue.Matcher{}, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			got, err := m.Match(t.Context(), matcherAsk)
			if len(got) > 0 || asked.Load() != 1 || (err == nil) != (c.says == "") {
				t.Fatalf("got %v, %v after %d requests", got, err, asked.Load())
			}
			if err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), matcherAsk.Text) || strings.Contains(err.Error(), "weather")) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestASlowMatcherIsNotWaitedFor(t *testing.T) {
	m := endpoint(t, catalogue.Matcher{Deadline: 50 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-t.Context().Done()
	})
	began := time.Now()
	got, err := m.Match(t.Context(), matcherAsk)
	if len(got) > 0 || err == nil || !strings.Contains(err.Error(), "in time") {
		t.Errorf("got %v, %v", got, err)
	}
	if took := time.Since(began); took >= outside.MaxDuration {
		t.Errorf("it took %v, the longest that any request may", took)
	}
}

func TestAMatcherThatIsDownIsSparedForAWhile(t *testing.T) {
	var asked atomic.Int32
	m := endpoint(t, catalogue.Matcher{Deadline: 50 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		<-t.Context().Done()
	})
	var last error
	for range 20 {
		if _, last = m.Match(t.Context(), matcherAsk); last == nil {
			t.Fatal("it answered")
		}
	}
	if asked.Load() >= 20 {
		t.Errorf("it was asked %d times of 20: %v", asked.Load(), last)
	}
}

func TestTheLeastScoreIsTheOutletsToSay(t *testing.T) {
	m := endpoint(t, catalogue.Matcher{MinScore: 95}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"keywords":[{"id":"weather","score":0.94},{"id":"news","score":0.95}]}`)
	})
	got, err := m.Match(t.Context(), matcherAsk)
	if diff := cmp.Diff([]pull.Scored{{Keyword: "news", Score: 0.95}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
