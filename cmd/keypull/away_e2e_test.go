package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// priceBlocks returns the source and the keyword of a price that a server tells, and
// the time of its clock with it.
func priceBlocks(t *testing.T, s **service, words string) []string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"last":"250.10","at":%q}`, (*s).clock.Now().UTC().Format(time.RFC3339))
	}))
	t.Cleanup(server.Close)
	return []string{
		sourceBlock("price", "quote", words, fmt.Sprintf("url = %q\nformat = \"json\"\nprice = \"last\"\nas_of = \"at\"\nsymbols = [{symbol = \"WIPRO\", name = \"Wipro\"}]", server.URL+"/{symbol}")),
		keywordBlock("wipro", "price", `query = "WIPRO"`),
	}
}

// away returns an answer of a gateway before a platform that is not there.
func away(_ botCall, w http.ResponseWriter) bool {
	botRefusal(w, http.StatusBadGateway, "Bad Gateway", "")
	return true
}

func TestAnswersOutliveThePlatformsAbsence(t *testing.T) {
	for name, c := range map[string]struct {
		words   string
		restart bool
		want    string
	}{
		"told by the clock":                  {words: `max_age = "5s"` + "\n" + `stale_if_error = "2h"`, want: "as of"},
		"also after a restart":               {words: `max_age = "5s"` + "\n" + `stale_if_error = "2h"`, want: "as of", restart: true},
		"refused where they are too old":     {words: `max_age = "5s"` + "\n" + `stale_if_error = "1m"`, want: "too old"},
		"refused after a restart, and again": {words: `max_age = "5s"` + "\n" + `stale_if_error = "1m"`, want: "too old", restart: true},
	} {
		t.Run(name, func(t *testing.T) {
			api := newBotAPI(t)
			var s *service
			s = newService(t, append(priceBlocks(t, &s, c.words), telegramBlock(api.URL))...)
			s.start()
			t.Cleanup(s.stop)
			api.answer(away)
			first := newChat()
			s.tell(first, "wipro")
			eventually(t, "the channel is closed", func() bool { return !s.channels.Find("lecker", "tg").Health().Paused.IsZero() })
			chats := make([]int64, 12)
			for i := range chats {
				chats[i] = newChat()
				s.tell(chats[i], "wipro")
			}
			eventually(t, "all are settled", func() bool {
				loads := s.pipeline.Loads()
				return len(loads) == 1 && loads[0].Asks == 0 && loads[0].Waiting == 13
			})
			s.clock.advance(20 * time.Minute)
			if c.restart {
				s.restart()
			}
			api.answer(nil)
			s.clock.advance(time.Minute)
			for _, chat := range chats {
				text := s.replies(api, chat, 1)[0]
				if !strings.Contains(text, c.want) || strings.Contains(text, " ago") {
					t.Errorf("a late answer: %q", text)
				}
			}
			texts := map[string]bool{}
			for _, try := range api.tries(first) {
				texts[try.Text] = true
			}
			if len(texts) != 1 || len(s.replies(api, first, 1)) != 1 {
				t.Errorf("what had left once was told in the words %v", texts)
			}
		})
	}
}
