package feed_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// hubWorld is a feed, its hub, and the way from the hub to the source.
type hubWorld struct {
	mu       sync.Mutex
	server   *httptest.Server
	asks     []url.Values
	lease    string
	callback string
	names    bool
}

func newHubWorld(t *testing.T) *hubWorld {
	t.Helper()
	w := &hubWorld{callback: "http://127.0.0.1:9/in/lecker/news", lease: "3600", names: true}
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if r.URL.Path == "/hub" {
			_ = r.ParseForm()
			w.asks = append(w.asks, r.PostForm)
			rw.WriteHeader(http.StatusAccepted)
			return
		}
		links := ""
		if w.names {
			links = `<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="hub" href="/hub"/><a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="/feed?full"/>`
		}
		_, _ = fmt.Fprintf(rw, "<rss><channel>%s<item><title>%d</title></item></channel></rss>", links, time.Now().UnixNano())
	}))
	t.Cleanup(w.server.Close)
	return w
}

func (w *hubWorld) asked() []url.Values {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asks
}

// waitFor waits until the hub was asked so often.
func (w *hubWorld) waitFor(t *testing.T, n int) url.Values {
	t.Helper()
	for range 500 {
		if asked := w.asked(); len(asked) >= n {
			return asked[n-1]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the hub was asked %d times; want %d", len(w.asked()), n)
	return nil
}

func (w *hubWorld) verify(t *testing.T, s pull.Source, mode, topic string, now time.Time) pull.Pushed {
	t.Helper()
	p := pull.Push{Method: http.MethodGet, At: now, Query: map[string][]string{
		"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {"c-17"}, "hub.lease_seconds": {w.lease},
	}}
	pushed, err := s.(pull.Receiver).Receive(t.Context(), p, func(string) *pull.Snapshot { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return pushed
}

func (w *hubWorld) open(t *testing.T, env sources.Env) pull.Source {
	t.Helper()
	return sourcetest.Open(t, feed.Kind, env, map[string]any{"url": w.server.URL + "/feed"})
}

func TestAHubIsSubscribedToVerifiedRenewedAndLeft(t *testing.T) {
	w := newHubWorld(t)
	now := &clock{at: time.Now()}
	env := sourcetest.Env(t, "")
	env.Clock, env.Inbox = now.now, func() string { return w.callback }
	s := w.open(t, env)
	fetch := func() {
		t.Helper()
		if _, err := fetchAgain(t, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	fetch()
	topic := w.server.URL + "/feed?full"
	ask := w.waitFor(t, 1)
	secret := ask.Get("hub.secret")
	if ask.Get("hub.mode") != "subscribe" || ask.Get("hub.topic") != topic || ask.Get("hub.callback") != w.callback || len(secret) < 20 {
		t.Fatalf("the hub is asked %v", ask)
	}
	if p := w.verify(t, s, "subscribe", topic+"x", now.now()); p.Status != http.StatusNotFound {
		t.Errorf("another topic is confirmed: %+v", p)
	}
	if p := w.verify(t, s, "unsubscribe", topic, now.now()); p.Status != http.StatusNotFound {
		t.Errorf("a leave that nobody asked for is confirmed: %+v", p)
	}
	if p := w.verify(t, s, "subscribe", topic, now.now()); string(p.Answer) != "c-17" || p.Status >= 400 {
		t.Fatalf("the subscription is not confirmed: %+v", p)
	}
	notice(t, s, secret)
	if err := s.(pull.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	s = w.open(t, env) // after a restart it is still subscribed to
	fetch()
	notice(t, s, secret)
	now.pass(50 * time.Minute)
	fetch()
	if again := w.waitFor(t, 2); again.Get("hub.mode") != "subscribe" || again.Get("hub.secret") != secret {
		t.Errorf("it is renewed by %v", again)
	}
	w.verify(t, s, "subscribe", topic, now.now())
	left := make(chan struct{})
	go func() {
		defer close(left)
		s.(pull.Leaver).Leave(t.Context())
	}()
	if leave := w.waitFor(t, 3); leave.Get("hub.mode") != "unsubscribe" || leave.Get("hub.topic") != topic {
		t.Errorf("it is left by %v", leave)
	}
	if p := w.verify(t, s, "unsubscribe", topic, now.now()); string(p.Answer) != "c-17" {
		t.Errorf("the leave is not confirmed: %+v", p)
	}
	<-left
	if len(w.asked()) != 3 {
		t.Errorf("the hub was asked %d times", len(w.asked()))
	}
}

// notice sends one as hubs do, well signed and not.
func notice(t *testing.T, s pull.Source, secret string) {
	t.Helper()
	body := []byte("<rss/>")
	sum := hmac.New(sha512.New, []byte(secret))
	_, _ = sum.Write(body)
	for signature, want := range map[string]bool{"sha512=" + hex.EncodeToString(sum.Sum(nil)): true, "sha512=00": false, "md5=": false, "": false} {
		p := pull.Push{Method: http.MethodPost, Body: body, Header: map[string][]string{"X-Hub-Signature": {signature}}, At: time.Now()}
		pushed, err := s.(pull.Receiver).Receive(context.Background(), p, func(string) *pull.Snapshot { return nil })
		if err != nil || (len(pushed.Refresh) == 1 && pushed.Status < 400) != want {
			t.Errorf("a notice signed by %q: %+v, %v", signature, pushed, err)
		}
	}
}

func TestAHubIsLeftAloneWhereNobodyListensOrItIsNamedNoMore(t *testing.T) {
	w := newHubWorld(t)
	env := sourcetest.Env(t, "")
	for name, inbox := range map[string]func() string{"no inbox": nil, "nobody listens": func() string { return "" }} {
		env.Inbox = inbox
		if _, err := fetchAgain(t, w.open(t, env), nil); err != nil {
			t.Fatal(name, err)
		}
	}
	env.Inbox = func() string { return w.callback }
	byHand := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": w.server.URL + "/feed", "hub_secret": "by-hand"})
	if _, err := fetchAgain(t, byHand, nil); err != nil {
		t.Fatal(err)
	}
	s := w.open(t, env)
	if _, err := fetchAgain(t, s, nil); err != nil {
		t.Fatal(err)
	}
	if ask := w.waitFor(t, 1); ask.Get("hub.mode") != "subscribe" {
		t.Errorf("it is asked %v", ask)
	}
	for range 3 { // while it has not verified it is asked once
		if _, err := fetchAgain(t, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.mu.Lock()
	w.names = false
	w.mu.Unlock()
	if _, err := fetchAgain(t, s, nil); err != nil {
		t.Fatal(err)
	}
	if ask := w.waitFor(t, 2); ask.Get("hub.mode") != "unsubscribe" {
		t.Errorf("a hub that is named no more is asked %v", ask)
	}
	if err := s.(pull.Closer).Close(); err != nil || len(w.asked()) != 2 {
		t.Errorf("%v, after %d requests", err, len(w.asked()))
	}
	if info, err := os.Stat(env.Folder + "/hub.json"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret lies in %v, %v", info, err)
	}
}
