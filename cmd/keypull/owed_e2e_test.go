package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// owes has a new chat ask in vain and wait for the answer.
func (n *newsroomUnderTest) owes(text string) (chat int64) {
	n.t.Helper()
	chat = newChat()
	if got := n.reply(n.api, chat, text); !strings.Contains(got, "I can tell you once, if I learn it by") {
		n.t.Fatalf("%q is answered with %q", text, got)
	}
	if got := n.reply(n.api, chat, "let me know when you know"); !strings.Contains(got, "is told once") {
		n.t.Fatalf("it is answered with %q", got)
	}
	return chat
}

// told waits for the answer that is owed to a chat.
func (n *newsroomUnderTest) told(chat int64, want string) {
	n.t.Helper()
	if got := n.replies(n.api, chat, 3)[2]; !strings.Contains(got, "and I did not know. Now I do:") || !strings.Contains(got, want) {
		n.t.Errorf("it is told %q, want %q in it", got, want)
	}
}

func TestWhoeverAskedInVainIsToldOnceThereIsAnItem(t *testing.T) {
	n := openNewsroom(t, `max_age = "60s"`)
	n.asks("First edition")
	waits, other := n.owes("lantern parade"), n.owes("ferry timetable")
	n.feed.change(func(f *newsFeed) { f.title = "Lantern parade moves to Sunday" })
	n.later(time.Hour)
	if got := n.feed.count(); got > 3 {
		t.Errorf("%d requests were made for what is owed", got)
	}
	n.asks("Lantern parade") // somebody else, who has it brought
	n.told(waits, "Lantern parade moves to Sunday")
	n.restart()
	n.asks("Lantern parade")
	n.replies(n.api, waits, 3)
	n.replies(n.api, other, 2)
}

func TestWhoeverAskedInVainIsToldOnceThereIsAKeyword(t *testing.T) {
	n := &newsroomUnderTest{api: newBotAPI(t), site: newNewsSite(t), service: serveConsole(t)}
	n.feed = n.site.feed("feed.xml", "First edition")
	c := n.admin()
	c.outlet("lecker")
	c.add("lecker", "source", object{"id": "news", "kind": "feed", "settings": object{"url": n.feed.url()}})
	c.add("lecker", "keyword", object{"id": "news", "source": "news", "phrases": object{"en": []string{"news"}}})
	c.add("lecker", "channel", object{"id": "tg", "kind": "telegram", "settings": object{"token": botToken, "secret_token": hookSecret, "api_base": n.api.URL}})
	n.asks("First edition")
	waits, stops := n.owes("gazette"), n.owes("gazette")
	n.reply(n.api, stops, "STOP")
	n.restart()
	n.admin().want(http.StatusOK, http.MethodPost, "/publishers/lecker/demand/adopt", object{"keyword": "news", "text": "gazette"})
	n.told(waits, "First edition")
	n.replies(n.api, stops, 3)
	if got := n.admin().want(http.StatusOK, http.MethodGet, "/publishers/lecker/sends", nil).body; !strings.Contains(got, `"kind":"owed"`) || strings.Contains(got, `"orphan":true`) {
		t.Errorf("what caused it is not told: %s", got)
	}
}
