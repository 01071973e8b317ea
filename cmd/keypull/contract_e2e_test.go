package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/sources/sourcetest/testdata/stops"
)

// The kind that the docs show, by its own folder and one line, asks which of
// several is meant and goes on with MORE in a real server.
func TestTheKindOfTheDocsAsksWhichInARealServer(t *testing.T) {
	text, err := os.ReadFile("../../sources/sourcetest/testdata/stops/stops.go")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("../../docs/developers/source.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(docs), string(text)) {
		t.Fatal("docs/developers/source.md shows another kind than the one that is run here")
	}
	planted = append(planted, stops.Kind)
	t.Cleanup(func() { planted = planted[:len(planted)-1] })
	s := serveConfig(t, chatBlock(), sourceBlock("stops", "stops", "", `stops = [
	{ name = "Kirkgate", town = "Springfield", lines = "4, 12" }, { name = "Kirkgate", town = "Shelbyville", lines = "7" },
	{ name = "Harbour", town = "Springfield", lines = "1" }]`),
		keywordBlock("bus", "stops", `argument = "required"`), keywordBlock("all", "stops", "count = 2"))
	session := s.chat(`{"text":"help"}`).Session
	say := func(text string) chatAnswer {
		t.Helper()
		s.clock.advance(time.Second) // nobody is asked to wait
		return s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, text, session))
	}
	for _, answer := range []string{"2", "the second one", "shelbyville"} {
		session = s.chat(`{"text":"help"}`).Session // who chose it twice is asked no more
		a := say("bus kirkgate")
		if len(a.Replies) != 1 || len(a.Replies[0].Buttons) != 2 || a.Replies[0].Buttons[1]["label"] != "bus Kirkgate, Shelbyville" {
			t.Fatalf("the reader is not asked which: %+v", a)
		}
		if got := say(answer).text(); !strings.Contains(got, "Kirkgate, Shelbyville") || !strings.Contains(got, "7") {
			t.Errorf("%q got %q", answer, got)
		}
	}
	tap := say("bus kirkgate").Replies[0].Buttons[0]["send"]
	if got := say(fmt.Sprint(tap)).text(); !strings.Contains(got, "Springfield") {
		t.Errorf("a tap got %q", got)
	}
	if got := say("all").text(); !strings.Contains(got, "Springfield") || strings.Contains(got, "Harbour") {
		t.Errorf("all begins with %q", got)
	}
	s.restart()
	if got := say("more").text(); !strings.Contains(got, "Harbour") || strings.Contains(got, "Kirk") {
		t.Errorf("after a restart, MORE goes on with %q", got)
	}
}

// pushed sends a push that carries a signature of the secret.
func (s *service) pushed(path, secret, id, body string) posted {
	s.t.Helper()
	return request(s.t, http.MethodPost, s.URL+path, body, s.signedPush(secret, id, body))
}

// signedPush returns the headers of a push, as Standard Webhooks has them.
func (s *service) signedPush(secret, id, body string) map[string]string {
	stamp := fmt.Sprint(s.clock.Now().Unix())
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(id + "." + stamp + "." + body))
	return map[string]string{
		"Webhook-Id": id, "Webhook-Timestamp": stamp, "Webhook-Signature": "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil)),
	}
}

func TestAPublisherPushesChangesAndWithdrawals(t *testing.T) {
	const secret, hub = "a-secret-for-pushes", "a-secret-of-the-hub"
	var version, fetches atomic.Int64
	version.Store(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetches.Add(1)
		_, _ = fmt.Fprintf(w, `<rss><channel><item><title>Newest %d</title><guid>n%d</guid><link>https://example.org/n</link></item><item><title>Older</title><guid>o</guid></item></channel></rss>`, version.Load(), version.Load())
	}))
	t.Cleanup(server.Close)
	upstream := server.URL
	s := serveConfig(t, chatBlock(), sourceBlock("news", "feed", `max_age = "1h"`, fmt.Sprintf("url = %q\npush_secret = %q\nhub_secret = %q", upstream, secret, hub)),
		sourceBlock("silent", "feed", "", fmt.Sprintf("url = %q", upstream)), keywordBlock("news", "news"))
	session := s.chat(`{"text":"help"}`).Session
	ask := func() string {
		t.Helper()
		s.clock.advance(time.Second) // nobody is asked to wait
		return s.chat(fmt.Sprintf(`{"text":"news","session":%q}`, session)).text()
	}
	if got := ask(); !strings.Contains(got, "Newest 1") {
		t.Fatalf("got %q", got)
	}
	version.Store(2)
	const in = "/in/lecker/news"
	for name, got := range map[string]posted{
		"a wrong secret": s.pushed(in, "guess", "m0", "{}"), "no secret set": s.pushed("/in/lecker/silent", "", "m0", "{}"),
		"no signature": request(t, http.MethodPost, s.URL+in, "{}", nil),
	} {
		if got.status != http.StatusUnauthorized {
			t.Errorf("%s gets %d", name, got.status)
		}
	}
	for path, status := range map[string]int{"/in/lecker/none": 404, "/in/none/news": 404, "/in/lecker": 404, in + "/x": 404} {
		if got := s.pushed(path, secret, "m1", "{}"); got.status != status {
			t.Errorf("%s gets %d", path, got.status)
		}
	}
	// A server may hang up on who goes on sending.
	large := strings.Repeat(" ", 2<<20)
	if got, err := tryRequest(http.MethodPost, s.URL+in, large, s.signedPush(secret, "m1", large)); err == nil && got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 2 MiB gets %d", got.status)
	}
	if got := ask(); !strings.Contains(got, "Newest 1") {
		t.Errorf("what nobody signed had %q fetched", got)
	}
	if got := s.pushed(in, secret, "m2", "{}"); got.status != http.StatusOK {
		t.Fatalf("the push gets %d", got.status)
	}
	eventually(t, "the feed is fetched anew", func() bool { return strings.Contains(ask(), "Newest 2") })
	before := fetches.Load()
	if got := s.pushed(in, secret, "m2", "{}"); got.status != http.StatusOK || fetches.Load() != before {
		t.Errorf("a repeated push gets %d and %d fetches", got.status, fetches.Load()-before)
	}
	if got := s.pushed(in, secret, "m3", `{"withdraw": ["https://example.org/n"]}`); got.status != http.StatusOK {
		t.Fatalf("the withdrawal gets %d", got.status)
	}
	if got := ask(); !strings.Contains(got, "Older") {
		t.Errorf("after the withdrawal %q is told", got)
	}
	s.restart()
	if got := ask(); !strings.Contains(got, "Older") {
		t.Errorf("after a restart %q is told", got)
	}
	hubs(t, s, upstream, hub, &fetches)
}

// hubs checks what a WebSub hub gets.
func hubs(t *testing.T, s *service, topic, secret string, fetches *atomic.Int64) {
	t.Helper()
	const in = "/in/lecker/news"
	confirm := s.URL + in + "?hub.mode=subscribe&hub.challenge=abc&hub.topic="
	if got := request(t, http.MethodGet, confirm+topic, "", nil); got.status != http.StatusOK || got.body != "abc" {
		t.Errorf("the hub's question gets %d %q", got.status, got.body)
	}
	if got := request(t, http.MethodGet, confirm+"https://elsewhere.example", "", nil); got.status != http.StatusNotFound {
		t.Errorf("a topic of somebody else gets %d", got.status)
	}
	before := fetches.Load()
	for _, c := range []struct {
		secret string
		status int
	}{{"guess", http.StatusUnauthorized}, {secret, http.StatusOK}} {
		sum := hmac.New(sha256.New, []byte(c.secret))
		_, _ = sum.Write([]byte("<rss/>"))
		got := request(t, http.MethodPost, s.URL+in, "<rss/>", map[string]string{"X-Hub-Signature": "sha256=" + hex.EncodeToString(sum.Sum(nil))})
		if got.status != c.status {
			t.Errorf("a notice signed with %q gets %d", c.secret, got.status)
		}
	}
	eventually(t, "the hub's notice has the feed fetched", func() bool { return fetches.Load() == before+1 })
}
