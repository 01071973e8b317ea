package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull/who"
)

// openingHours returns a publisher with one written answer, asked over Telegram.
func openingHours(t *testing.T, lines ...string) (*service, *botAPI) {
	t.Helper()
	api := newBotAPI(t)
	return serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), telegramBlock(api.URL, lines...)), api
}

func TestOnlyTelegramItselfCanSpeakAsAReader(t *testing.T) {
	s, api := openingHours(t)
	for _, tt := range []struct {
		name   string
		header map[string]string
		path   string
		method string
		want   int
	}{
		{"no secret", map[string]string{}, "lecker/tg", http.MethodPost, 401},
		{"a wrong secret", map[string]string{"X-Telegram-Bot-Api-Secret-Token": "guess"}, "lecker/tg", http.MethodPost, 401},
		{"an empty secret", map[string]string{"X-Telegram-Bot-Api-Secret-Token": ""}, "lecker/tg", http.MethodPost, 401},
		{"the beginning of the secret", map[string]string{"X-Telegram-Bot-Api-Secret-Token": hookSecret[:5]}, "lecker/tg", http.MethodPost, 401},
		{"a channel that is not there", telegramHeader(), "lecker/other", http.MethodPost, 404},
		{"a publisher that is not there", telegramHeader(), "other/tg", http.MethodPost, 404},
		{"a path below the hook", telegramHeader(), "lecker/tg/more", http.MethodPost, 404},
		{"another method", telegramHeader(), "lecker/tg", http.MethodGet, 405},
		{"a compressed body", map[string]string{"X-Telegram-Bot-Api-Secret-Token": hookSecret, "Content-Encoding": "gzip"}, "lecker/tg", http.MethodPost, 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chat := newChat()
			got := request(t, tt.method, s.URL+"/hook/"+tt.path, messageUpdate(newUpdate(), chat, "hours"), tt.header)
			if got.status != tt.want {
				t.Errorf("status %d, want %d", got.status, tt.want)
			}
			s.settled()
			if sent := api.sent(chat); len(sent) != 0 {
				t.Errorf("a reply was sent: %q", sent)
			}
			if _, revision := s.document(chat); revision != 0 {
				t.Error("a reader's document was stored")
			}
		})
	}
	if n := s.pipeline.Unfinished(); n != 0 {
		t.Errorf("%d asks were stored", n)
	}
}

// document returns what is kept of a reader.
func (s *service) document(chat int64) (who.Reader, uint64) {
	s.t.Helper()
	r, revision, err := s.ledger.Reader(context.Background(), s.readerKey("lecker", "tg", strconv.FormatInt(chat, 10)))
	if err != nil {
		s.t.Fatal(err)
	}
	return r, revision
}

func TestOneMessageIsAnsweredOnceHoweverOftenItComes(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	update := messageUpdate(newUpdate(), chat, "hours")
	inParallel(100, func(int) {
		if status := deliver(t, s.URL, update); status != http.StatusOK {
			t.Errorf("the webhook answered %d", status)
		}
	})
	s.replies(api, chat, 1)
	s.restart()
	inParallel(100, func(int) {
		if status := deliver(t, s.URL, update); status != http.StatusOK {
			t.Errorf("the webhook answered %d after the restart", status)
		}
	})
	s.replies(api, chat, 1)
}

func TestWhatIsNoMessageIsAcknowledgedAndIgnored(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	person := fmt.Sprintf(`{"id":%d,"is_bot":false,"first_name":"Ada"}`, chat)
	private := fmt.Sprintf(`{"id":%d,"type":"private"}`, chat)
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	for _, tt := range []struct{ name, body string }{
		{"nothing", ""},
		{"no JSON", "keyword=hours"},
		{"half of an update", `{"update_id":1,"message":{"text":"ho`},
		{"another kind of JSON", `[1,2,3]`},
		{"null", `null`},
		{"zero bytes", "\x00\x00\x00"},
		{"invalid UTF-8", "{\"update_id\":5,\"message\":{\"text\":\"\xff\xfe\"}}"},
		{"a lone surrogate", `{"update_id":6,"message":{"text":"\ud800"}}`},
		{"numbers beyond all bounds", `{"update_id":99999999999999999999999,"message":{"chat":{"id":1e400}}}`},
		{"wrong types", `{"update_id":"7","message":[],"callback_query":3}`},
		{"very deep", deep},
		{"no sender", `{"update_id":8,"message":{"message_id":1,"chat":` + private + `,"text":"hours"}}`},
		{"another bot", `{"update_id":9,"message":{"message_id":1,"from":{"id":5,"is_bot":true},"chat":` + private + `,"text":"hours"}}`},
		{"a kind of tomorrow", fmt.Sprintf(`{"update_id":%d,"hologram":{"from":%s,"text":"hours"}}`, newUpdate(), person)},
		{"an edited message", fmt.Sprintf(`{"update_id":%d,"edited_message":{"message_id":1,"from":%s,"chat":%s,"text":"hours"}}`, newUpdate(), person, private)},
		{"a post of a channel", fmt.Sprintf(`{"update_id":%d,"channel_post":{"message_id":1,"chat":{"id":-100123,"type":"channel"},"text":"hours"}}`, newUpdate())},
		{"a poll", fmt.Sprintf(`{"update_id":%d,"poll":{"id":"1","question":"hours"}}`, newUpdate())},
		{"talk in a group", fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":%s,"chat":{"id":-5,"type":"group"},"text":"hours"}}`, newUpdate(), person)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status := deliver(t, s.URL, tt.body); status >= 500 {
				t.Errorf("the webhook answered %d", status)
			}
		})
	}
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("got %q after all that", got)
	}
	if arrived := api.arrived(); len(arrived) != 1 {
		t.Errorf("replies went to %d chats, want one", len(arrived))
	}
}

func TestABodyBeyondTheLimitIsRefused(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	// A server may hang up on who goes on sending; what counts is that it lives.
	got, err := tryRequest(http.MethodPost, s.URL+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, strings.Repeat("x", 2<<20)), telegramHeader())
	if err == nil && got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", got.status)
	}
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("got %q", got)
	}
}

func TestAPauseThatTelegramAsksForIsKept(t *testing.T) {
	s, api := openingHours(t)
	first, second := newChat(), newChat()
	var resumed time.Time
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		if c.Chat == first && c.Try == 1 {
			resumed = time.Now().Add(time.Second)
			w.Header().Set("Retry-After", "1")
			botRefusal(w, http.StatusTooManyRequests, "Too Many Requests: retry after 1", `{"retry_after":1}`)
			return true
		}
		if early := time.Until(resumed); early > 0 && c.Chat != 0 { // what shows the bot is no message
			t.Errorf("a message was sent %s too early", early)
		}
		return false
	})
	s.tell(first, "hours")
	eventually(t, "the channel pauses, or has", func() bool {
		return !s.channels.Find("lecker", "tg").Health().Paused.IsZero() || len(api.tries(first)) > 1
	})
	// Nobody else is written to during the pause either.
	s.tell(second, "hours")
	s.replies(api, first, 1)
	if tries := api.tries(first); len(tries) != 2 {
		t.Errorf("%d tries, want the refused one and one more", len(tries))
	}
	s.replies(api, second, 1)
}

func TestAReaderWhoBlockedTheBotIsLeftAlone(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	s.reply(api, chat, "hours")
	hold := make(chan struct{})
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		<-hold
		botRefusal(w, http.StatusForbidden, "Forbidden: bot was blocked by the user", "")
		return true
	})
	for range 6 {
		s.tell(chat, "hours")
	}
	eventually(t, "all six are settled", func() bool { r, _ := s.document(chat); return len(r.Settled) == 7 })
	close(hold)
	s.settled()
	eventually(t, "the reader is marked as gone", func() bool { r, _ := s.document(chat); return r.State == who.Gone })
	// The last may just have been on its way into the line when the first was
	// refused.
	tries := len(api.tries(chat))
	if tries > 3 {
		t.Errorf("%d tries, want the good one and the one that was refused", tries)
	}
	s.restart()
	s.settled()
	if again := len(api.tries(chat)); again != tries {
		t.Errorf("%d tries after the restart, want no more than %d", again, tries)
	}
	api.answer(nil)
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("a reader who came back got %q", got)
	}
	if r, _ := s.document(chat); r.State != who.Active {
		t.Errorf("a reader who came back is %q", r.State)
	}
}

func TestAFailureOfTelegramIsTriedAgain(t *testing.T) {
	for _, tt := range []struct {
		name string
		fail func(w http.ResponseWriter)
	}{
		{"a fault of the server", func(w http.ResponseWriter) {
			botRefusal(w, http.StatusInternalServerError, "Internal Server Error", "")
		}},
		{"a page of a proxy", func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte("<html>Bad Gateway</html>"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, api := openingHours(t)
			api.answer(func(c botCall, w http.ResponseWriter) bool {
				if c.Try == 1 {
					tt.fail(w)
				}
				return c.Try == 1
			})
			chat := newChat()
			s.tell(chat, "hours")
			s.replies(api, chat, 1)
			if tries := api.tries(chat); len(tries) != 2 {
				t.Errorf("%d tries, want 2", len(tries))
			}
		})
	}
}

func TestWhoComesWhileTooMuchIsUnderWayIsAskedToComeAgain(t *testing.T) {
	api, feed := newBotAPI(t), newNewsSite(t).feed("feed.xml", "First edition")
	feed.hold = make(chan struct{})
	s := serveWith(t, ServerOptions{Pending: 5}, feedBlock("news", feed.url(), `deadline = "20s"`),
		keywordBlock("news", "news"), telegramBlock(api.URL), chatBlock())
	waiting := make([]int64, 5)
	for i := range waiting {
		waiting[i] = newChat()
		s.tell(waiting[i], "news")
	}
	late := newChat()
	update := messageUpdate(newUpdate(), late, "news")
	got := request(t, http.MethodPost, s.URL+"/hook/lecker/tg", update, telegramHeader())
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("got %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	if page := request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", `{"text":"news"}`, jsonHeader); page.status != http.StatusServiceUnavailable {
		t.Errorf("a page got %d", page.status)
	}
	feed.change((*newsFeed).release)
	for _, chat := range waiting {
		eventually(t, "everybody who was taken is answered", func() bool { return len(api.sent(chat)) == 1 })
	}
	s.settled()
	if status := deliver(t, s.URL, update); status != http.StatusOK {
		t.Errorf("the repetition got %d", status)
	}
	s.replies(api, late, 1)
}
