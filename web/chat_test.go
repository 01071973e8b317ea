package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/web"
	"keypull/web/messengers"
	"keypull/web/messengers/webchat"
	"keypull/web/packed"
)

// serveChat serves one web chat and returns its address.
func serveChat(t *testing.T) string {
	t.Helper()
	chat, err := webchat.Kind.New().Open(messengers.Env{Publisher: "lecker", ID: "web", Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	channels := &messengers.Channels{}
	channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "web", "webchat", chat)})
	return "http://" + serve(t, web.Options{Hook: &messengers.Hook{Channels: channels}}) + "/chat/lecker/web"
}

// get fetches an address; sent is what went over the wire.
func get(t *testing.T, address string, header map[string]string) (r *http.Response, sent []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	r, err = (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if sent, err = io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	return r, sent
}

func TestTheChatIsSmallAsSent(t *testing.T) {
	chat, whole := serveChat(t), 0
	for _, name := range append(webchat.Assets(), "", "config.json") {
		r, sent := get(t, chat+"/"+name, map[string]string{"Accept-Encoding": "gzip, br"})
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%q: %s", name, r.Status)
		}
		whole += len(sent)
	}
	if whole > 30<<10 {
		t.Errorf("the chat has %d bytes, at most 30 KiB are allowed", whole)
	}
}

func TestTheFilesOfTheChatAreKeptInTheFormTheyCameIn(t *testing.T) {
	script := serveChat(t) + "/chat.js"
	plain, text := get(t, script, nil)
	small, _ := get(t, script, map[string]string{"Accept-Encoding": "gzip"})
	if small.Header.Get("Content-Encoding") != packed.Gzip || plain.Header.Get("Content-Encoding") != "" || !strings.Contains(string(text), "use strict") {
		t.Errorf("got %v and %v", small.Header, plain.Header)
	}
	for _, r := range []*http.Response{plain, small} {
		if vary := strings.Join(r.Header.Values("Vary"), ","); !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("Vary is %q", vary)
		}
		again, sent := get(t, script, map[string]string{
			"Accept-Encoding": r.Header.Get("Content-Encoding"), "If-None-Match": r.Header.Get("ETag")})
		if again.StatusCode != http.StatusNotModified || len(sent) != 0 {
			t.Errorf("what is known was sent again: %s, %d bytes", again.Status, len(sent))
		}
	}
	if plain.Header.Get("ETag") == small.Header.Get("ETag") {
		t.Error("two forms have one ETag")
	}
}
