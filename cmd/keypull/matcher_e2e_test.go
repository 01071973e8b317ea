package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// ownMatcher is an outlet's matcher: it knows that bakers talk of dough.
type ownMatcher struct {
	mu    sync.Mutex
	texts []string
}

const ownSecret = "between the two of us"

func (m *ownMatcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, []byte(ownSecret))
	_, _ = fmt.Fprintf(mac, "%s.%s", r.Header.Get("Keypull-Timestamp"), body)
	if r.Header.Get("Keypull-Signature") != "v1="+hex.EncodeToString(mac.Sum(nil)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var asked struct{ Text string }
	_ = json.Unmarshal(body, &asked)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts = append(m.texts, asked.Text)
	_, _ = io.WriteString(w, `{"keywords":[{"id":"cherry","score":0.9},{"id":"gone","score":0.8}],"text":"I made this up."}`)
}

func TestAnOutletsOwnMatcherMayOfferAndNothingElse(t *testing.T) {
	own := &ownMatcher{}
	endpoint := httptest.NewServer(own)
	t.Cleanup(endpoint.Close)
	s := serveConfig(t, append(twoCakes(), chatBlock(),
		fmt.Sprintf("\n[publisher.matcher]\nurl = %q\nsecret = %q\n", endpoint.URL, ownSecret))...)
	session := ""
	say := func(text string) string {
		t.Helper()
		a := s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, text, session))
		session = a.Session
		return a.text()
	}
	session = s.chat(`{"text":"help"}`).Session
	for _, text := range []string{"lemon cake", "hello", "menu", "lemon caek"} {
		say(text)
	}
	if got := say("please send me something with dough"); !strings.Contains(got, "cherry cake") || strings.Contains(got, "made this up") {
		t.Errorf("the offer is %q", got)
	}
	if got := say("1"); got != otherCake {
		t.Errorf("the number got %q", got)
	}
	own.mu.Lock()
	defer own.mu.Unlock()
	if len(own.texts) != 1 || !strings.Contains(own.texts[0], "dough") || strings.Contains(own.texts[0], "please") {
		t.Errorf("it was asked about %q", own.texts)
	}
}
