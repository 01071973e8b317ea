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

// sent is an answer as it went over the wire.
type sent struct {
	status int
	header http.Header
	body   []byte
}

func get(t *testing.T, address string, header map[string]string) sent {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	r, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return sent{r.StatusCode, r.Header, body}
}

func TestTheChatIsSmallAsSent(t *testing.T) {
	const most = 30_000
	chat, whole := serveChat(t), 0
	for _, name := range []string{"chat.js", "page.css", "", "config.json"} {
		got := get(t, chat+"/"+name, map[string]string{"Accept-Encoding": "gzip, br"})
		if got.status != http.StatusOK {
			t.Fatalf("%q: %d", name, got.status)
		}
		whole += len(got.body)
	}
	if whole > most {
		t.Errorf("the chat has %d bytes, at most %d are allowed", whole, most)
	}
}

func TestTheFilesOfTheChatAreKeptInTheFormTheyCameIn(t *testing.T) {
	script := serveChat(t) + "/chat.js"
	plain := get(t, script, nil)
	small := get(t, script, map[string]string{"Accept-Encoding": "gzip"})
	if small.header.Get("Content-Encoding") != packed.Gzip || plain.header.Get("Content-Encoding") != "" || !strings.Contains(string(plain.body), "use strict") {
		t.Errorf("got %v and %v", small.header, plain.header)
	}
	for _, r := range []sent{plain, small} {
		if vary := strings.Join(r.header.Values("Vary"), ","); !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("Vary is %q", vary)
		}
		again := get(t, script, map[string]string{
			"Accept-Encoding": r.header.Get("Content-Encoding"), "If-None-Match": r.header.Get("ETag")})
		if again.status != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("what is known was sent again: %d, %d bytes", again.status, len(again.body))
		}
	}
	if plain.header.Get("ETag") == small.header.Get("ETag") {
		t.Error("two forms have one ETag")
	}
}
