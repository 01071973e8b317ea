package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

func TestAnOrderlyEndUnderLoadLosesNothing(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	w := &crowdOfWriters{t: t}
	p := startProcess(t, book, config)
	w.url.Store(&p.url)
	w.start(8)
	for range 3 {
		until := w.acks.Load() + 100
		eventually(t, "the load goes on", func() bool { return w.acks.Load() >= until })
		code, took := p.end()
		if code != cli.Done || took > waits.drain {
			t.Errorf("the server ended with %d after %s", code, took)
		}
		t.Logf("ended in %s", took)
		p = startProcess(t, book, config)
		w.url.Store(&p.url)
	}
	chats := w.rest()
	if duplicates := sameAnswers(t, api, chats); duplicates != 0 {
		t.Errorf("%d answers came twice; an orderly end repeats none", duplicates)
	}
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the last server ended with %d", code)
	}
}

func TestAnOpenStreamDoesNotDelayTheEnd(t *testing.T) {
	book := newLogBook(t)
	p := startProcess(t, book, writeConfig(t, chatBlock()))
	streams := make([]io.Reader, 5)
	for i := range streams {
		var first chatAnswer
		got := request(t, http.MethodPost, p.url+"/chat/lecker/web/messages", `{"text":"help"}`, jsonHeader)
		if err := json.Unmarshal([]byte(got.body), &first); err != nil {
			t.Fatalf("the chat answered %d %s", got.status, got.body)
		}
		streams[i] = openStream(t, p.url, first.Session, "")
	}
	code, took := p.end()
	if code != cli.Done || took >= waits.drain {
		t.Errorf("the server ended with %d after %s, want 0 and nobody waited for", code, took)
	}
	for _, s := range streams {
		if _, err := io.ReadAll(s); err != nil {
			t.Errorf("a stream broke off: %v", err)
		}
	}
}

func TestConnectionsOnWhichNothingComesDoNotDelayTheEnd(t *testing.T) {
	for _, tt := range []struct{ name, said string }{
		{"opened ahead of need", ""},
		{"half of a request", "POST /hook/lecker/tg HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"},
		{"half of a head", "GET /heal"},
		{"kept after an answer", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := openingHours(t)
			for range 5 {
				conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = conn.Close() })
				if _, err := io.WriteString(conn, tt.said); err != nil {
					t.Fatal(err)
				}
			}
			// Who comes after them is answered, so they are inside.
			request(t, http.MethodGet, s.URL+"/healthz", "", nil)
			began := time.Now()
			s.stop()
			if took := time.Since(began); took >= waits.drain {
				t.Errorf("the end took %s, want nobody waited for", took)
			}
		})
	}
}

// openStream subscribes to a chat's events and returns the body once the
// server has said hello.
func openStream(t *testing.T, url, session, lastID string) io.Reader {
	t.Helper()
	header := map[string]string{"Authorization": "Bearer " + session}
	if lastID != "" {
		header["Last-Event-ID"] = lastID
	}
	return openStreamAt(t, url+"/chat/lecker/web/events", header)
}

func openStreamAt(t *testing.T, url string, header map[string]string) io.Reader {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if kind := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("the stream is %d %s", res.StatusCode, kind)
	}
	hello := make([]byte, len("retry: 2000\n: hello\n\n"))
	if _, err := io.ReadFull(res.Body, hello); err != nil {
		t.Fatal(err)
	}
	return res.Body
}

func TestAnAskUnderWayIsFinishedBeforeTheEnd(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	feed := newNewsSite(t).feed("feed.xml", "First edition")
	feed.hold = make(chan struct{})
	p := startProcess(t, book, writeConfig(t, feedBlock("news", feed.url(), `deadline = "20s"`),
		keywordBlock("news", "news"), telegramBlock(api.URL), chatBlock()))
	chat := newChat()
	if status := deliver(t, p.url, messageUpdate(newUpdate(), chat, "news")); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	inBand := make(chan posted, 1)
	go func() {
		got, err := tryRequest(http.MethodPost, p.url+"/chat/lecker/web/messages", `{"text":"news"}`, jsonHeader)
		if err != nil {
			t.Errorf("the page got no answer: %v", err)
		}
		inBand <- got
	}()
	eventually(t, "the feed is asked", func() bool { return feed.count() == 1 })
	eventually(t, "both asks are under way", func() bool {
		return strings.Contains(request(t, http.MethodGet, p.url+"/readyz", "", nil).body, `"pending":2`)
	})
	ended := make(chan int, 1)
	go func() { code, _ := p.end(); ended <- code }()
	eventually(t, "the server takes no more", func() bool {
		_, err := tryRequest(http.MethodGet, p.url+"/healthz", "", map[string]string{"Connection": "close"})
		return err != nil
	})
	feed.change((*newsFeed).release)
	if got := <-inBand; !strings.Contains(got.body, "First edition") {
		t.Errorf("the page got %d %s", got.status, got.body)
	}
	if code := <-ended; code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
	if got := api.sent(chat); len(got) != 1 || !strings.Contains(got[0], "First edition") {
		t.Errorf("Telegram got %q", got)
	}
}

func TestWhatCannotBeSentBeforeTheEndIsSentByTheNextServer(t *testing.T) {
	s, api := openingHours(t)
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusInternalServerError, "Internal Server Error", "")
		return true
	})
	chat := newChat()
	s.tell(chat, "hours")
	eventually(t, "a first try", func() bool { return len(api.tries(chat)) > 0 })
	s.breakOff()
	api.answer(nil)
	s.start()
	s.replies(api, chat, 1)
}
