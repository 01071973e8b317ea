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
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// clock is one that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fetchAgain fetches with what was kept, as it comes back from the store.
func fetchAgain(t *testing.T, s pull.Source, last *pull.Snapshot) (pull.Snapshot, error) {
	t.Helper()
	return s.Fetch(t.Context(), "feed", last)
}

func TestAFeedThatHasMovedForGoodIsAskedForThere(t *testing.T) {
	var mu sync.Mutex
	asked, back, broken, code := []string{}, false, false, http.StatusMovedPermanently
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
		switch {
		case r.URL.Path == "/old" && !back:
			http.Redirect(w, r, "/new", code)
		case r.URL.Path == "/new" && broken:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = fmt.Fprintf(w, "<rss><channel><item><title>%s %d</title></item></channel></rss>", r.URL.Path, len(asked))
		}
	}))
	defer s.Close()
	paths := func() string {
		mu.Lock()
		defer mu.Unlock()
		all := strings.Join(asked, " ")
		asked = nil
		return all
	}
	now := &clock{at: time.Now()}
	env := sourcetest.Env(t, "")
	env.Clock = now.now
	open := func() pull.Source { return sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL + "/old"}) }
	var last *pull.Snapshot
	round := func(want string) {
		t.Helper()
		snapshot, err := fetchAgain(t, open(), last)
		if err != nil {
			t.Fatal(err)
		}
		// The clock of the responses is that of the machine; what was kept ages.
		snapshot.Extra = aged(t, snapshot.Extra, 2*time.Hour)
		if last = &snapshot; paths() != want {
			t.Errorf("want %q; the snapshot keeps %s", want, snapshot.Extra)
		}
	}
	round("/old /new")
	round("/old /new")
	round("/old /new")
	round("/new")
	if len(last.Warnings) == 0 || !strings.Contains(fmt.Sprint(last.Warnings), s.URL+"/new") {
		t.Errorf("the editor hears %q", last.Warnings)
	}
	mu.Lock()
	broken, back = true, true
	mu.Unlock()
	round("/new /old")
	round("/old")
	code, back, broken, last = http.StatusFound, false, false, nil
	for range 4 {
		round("/old /new")
	}
}

// aged is what was kept, longer ago.
func aged(t *testing.T, extra []byte, by time.Duration) []byte {
	t.Helper()
	const mark = `"told":"`
	text := string(extra)
	i := strings.Index(text, mark)
	if i < 0 {
		return extra
	}
	end := i + len(mark) + strings.IndexByte(text[i+len(mark):], '"')
	at, err := time.Parse(time.RFC3339Nano, text[i+len(mark):end])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text[:i+len(mark)] + at.Add(-by).Format(time.RFC3339Nano) + text[end:])
}

func TestAFeedThatIsGoneIsNotAskedForAgain(t *testing.T) {
	requests := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(http.StatusGone)
	}))
	defer s.Close()
	now := &clock{at: time.Now()}
	env := sourcetest.Env(t, "")
	env.Clock = now.now
	for _, name := range []string{"at first", "again", "after a restart"} {
		source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL})
		_, err := fetchAgain(t, source, nil)
		if err == nil || !strings.Contains(err.Error(), "gone for good") || requests != 1 {
			t.Errorf("%s: %v after %d requests", name, err, requests)
		}
	}
	other := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL + "/new"})
	if _, err := fetchAgain(t, other, nil); err == nil || requests != 2 {
		t.Errorf("another address is not asked: %v after %d requests", err, requests)
	}
	now.pass(8 * 24 * time.Hour)
	if _, err := fetchAgain(t, other, nil); err == nil || requests != 3 {
		t.Errorf("after a week: %v after %d requests", err, requests)
	}
}

func TestWhatAServerWithoutValidatorsRepeatsIsUnchanged(t *testing.T) {
	text := "<rss><channel><item><title>one</title></item></channel></rss>"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }))
	defer s.Close()
	source := sourcetest.Open(t, feed.Kind, sourcetest.Env(t, ""), map[string]any{"url": s.URL})
	first, err := fetchAgain(t, source, nil)
	if err != nil || first.Unchanged {
		t.Fatalf("unchanged %v, %v", first.Unchanged, err)
	}
	second, err := fetchAgain(t, source, &first)
	if err != nil || !second.Unchanged || second.Fetched.Before(first.Fetched) || string(second.Extra) != string(first.Extra) {
		t.Errorf("%+v, %v", second, err)
	}
	text = strings.ReplaceAll(text, "one", "two")
	if third, err := fetchAgain(t, source, &second); err != nil || third.Unchanged || third.Items[0].Title != "two" {
		t.Errorf("%+v, %v", third, err)
	}
}

func TestAFeedSaysForHowLongItIsFresh(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 10, 0, 0, time.UTC) // a Monday
	for name, c := range map[string]struct {
		inside, header string
		want           time.Duration
	}{
		"nothing":                   {"", "", 0},
		"a ttl":                     {"<ttl>45</ttl>", "", 45 * time.Minute},
		"a ttl beyond reason":       {"<ttl>99999</ttl>", "", 24 * time.Hour},
		"no ttl":                    {"<ttl>soon</ttl>", "", 0},
		"a ttl beside its server's": {"<ttl>45</ttl>", "max-age=120", 2 * time.Minute},
		"a period":                  {`<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>`, "", 15 * time.Minute},
		"a long period":             {`<sy:updatePeriod>weekly</sy:updatePeriod>`, "", time.Hour},
		"hours":                     {"<skipHours><hour>12</hour><hour>13</hour></skipHours>", "", 110 * time.Minute},
		"a ttl into such hours":     {"<ttl>60</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>", "", 170 * time.Minute},
		"all hours":                 {"<skipHours>" + strings.Repeat("<hour>1</hour>", 3) + allHours() + "</skipHours>", "", 0},
		"days":                      {"<skipDays><day>Monday</day></skipDays>", "", 11*time.Hour + 50*time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("Cache-Control", c.header)
				}
				_, _ = w.Write([]byte("<rss><channel>" + c.inside + "<item><title>one</title></item></channel></rss>"))
			}))
			defer s.Close()
			env := sourcetest.Env(t, "")
			if c.header == "" {
				env.Client = cannedAt(at, "", []byte("<rss><channel>"+c.inside+"<item><title>one</title></item></channel></rss>"))
			}
			source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL})
			var last *pull.Snapshot
			for range 2 {
				got, err := fetchAgain(t, source, last)
				if err != nil {
					t.Fatal(err)
				}
				if last = &got; got.Expires.IsZero() != (c.want == 0) || c.want > 0 && got.Expires.Sub(got.Fetched).Round(time.Second) != c.want {
					t.Errorf("it is fresh for %v; want %v", got.Expires.Sub(got.Fetched), c.want)
				}
			}
		})
	}
}

func allHours() (all string) {
	for h := range 24 {
		all += fmt.Sprintf("<hour>%d</hour>", h)
	}
	return all
}

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
