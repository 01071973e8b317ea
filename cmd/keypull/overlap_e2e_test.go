package main

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"keypull/cmd/keypull/cli"
)

// overlapped ends a process and starts the next at once, as a restart by hand
// does: the two meet. One that has waited for its predecessor for too long, on a
// machine that is busy, is started again.
func overlapped(t *testing.T, p *process, book *logBook, config string) *process {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for {
		next := launch(t, book, "serve", "-c", config)
		if next.url != "" {
			p.wait()
			return next
		}
		if code := next.wait(); code != cli.InUse {
			t.Fatalf("the next server ends with %d:\n%s", code, book)
		}
	}
}

func TestReadersWhoAreNewWhileTwoServersMeetAreAnsweredForEver(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	config := writeConfig(t, sourceBlock("hours", "text", "", `answers = [ { text = "Open from 9 to 17." } ]`),
		keywordBlock("hours", "hours"), telegramBlock(api.URL))
	p := startProcess(t, book, config)
	var chats []int64
	for round := range 8 {
		var came []int64
		for range 5 {
			chat := newChat()
			if status := deliver(t, p.url, messageUpdate(newUpdate(), chat, "hours")); status == 200 {
				came = append(came, chat)
			}
		}
		// The server ends with their keys just made.
		p = overlapped(t, p, book, config)
		if code, _, stderr := command(t.Context(), "reader", "show", "-c", config, "--publisher", "lecker", "--channel", "tg", "--id", "1"); code != cli.Findings {
			t.Fatalf("round %d: a command in between: %d, %s", round, code, stderr)
		}
		chats = append(chats, came...)
		for _, chat := range chats {
			eventually(t, fmt.Sprintf("round %d: %d is answered", round, chat), func() bool { return len(api.sent(chat)) > 0 })
		}
	}
	for _, chat := range chats {
		before := len(api.sent(chat))
		deliver(t, p.url, messageUpdate(newUpdate(), chat, "hours"))
		eventually(t, "every reader is answered again", func() bool { return len(api.sent(chat)) > before })
	}
	if text := book.String(); strings.Contains(text, "starts anew") || strings.Contains(text, "could not be settled") {
		t.Errorf("keys were lost:\n%s", text)
	}
	if ready := request(t, "GET", p.url+"/readyz", "", nil); !strings.Contains(ready.body, `"damaged":{"readers_anew":0,"day_keys":0,`) {
		t.Errorf("damage where there is none: %s", ready.body)
	}
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the last server ended with %d", code)
	}
}

func TestASecondServerOfAStoreIsRefused(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	p := startProcess(t, book, config)
	// On the same port, as when somebody starts it twice, and on another one.
	for _, listen := range []string{strings.TrimPrefix(p.url, "http://"), "127.0.0.1:0"} {
		t.Setenv("KEYPULL_SERVER_LISTEN", listen)
		second := newLogBook(t)
		q := launch(t, second, "serve", "-c", config)
		if code := q.wait(); code != cli.InUse || !strings.Contains(second.String(), "held by process ") {
			t.Errorf("the second server ended with %d and said %q", code, second)
		}
	}
	chat := newChat()
	if status := deliver(t, p.url, messageUpdate(newUpdate(), chat, "news")); status != http.StatusOK {
		t.Errorf("the first server answers %d", status)
	}
	eventually(t, "the first server goes on", func() bool { return len(api.sent(chat)) == 1 })
}
