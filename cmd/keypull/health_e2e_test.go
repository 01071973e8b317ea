package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// ready reads /readyz.
func (s *service) ready(status int) readiness {
	s.t.Helper()
	got := request(s.t, http.MethodGet, s.URL+"/readyz", "", nil)
	var r readiness
	if err := json.Unmarshal([]byte(got.body), &r); err != nil || got.status != status {
		s.t.Fatalf("/readyz answered %d %s", got.status, got.body)
	}
	for _, secret := range []string{botToken, hookSecret} {
		if strings.Contains(got.body, secret) {
			s.t.Errorf("/readyz tells a secret: %s", got.body)
		}
	}
	return r
}

func TestHealthTellsHowSourcesAndChannelsFare(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	good, bad := site.feed("good.xml", "Good edition"), site.feed("bad.xml", "")
	bad.down = true
	s := serveConfig(t, feedBlock("good", good.url(), ""), keywordBlock("good", "good"),
		feedBlock("bad", bad.url(), ""), keywordBlock("bad", "bad"), telegramBlock(api.URL), chatBlock())
	if got := request(t, http.MethodGet, s.URL+"/healthz", "", nil); got.status != http.StatusOK || got.body != "ok\n" {
		t.Errorf("/healthz answered %d %q", got.status, got.body)
	}
	if r := s.ready(http.StatusOK); !r.Ready || len(r.Channels) != 2 || r.Version == "" {
		t.Errorf("at first: %+v", r)
	}
	s.reply(api, newChat(), "good")
	s.reply(api, newChat(), "bad")
	r := s.ready(http.StatusOK)
	if len(r.Sources) != 2 || r.Pending != 0 {
		t.Fatalf("after two asks: %+v", r)
	}
	for _, h := range r.Sources {
		switch {
		case h.Source == "good" && (h.Error != "" || h.Good.IsZero() || h.Requests != 1):
			t.Errorf("the good source: %+v", h)
		case h.Source == "bad" && (!strings.Contains(h.Error, "no connection to the host") || !strings.Contains(h.Error, "is up: EOF") || h.Bad.IsZero()):
			t.Errorf("the bad source: %+v", h)
		}
	}
	channel := r.Channels[0]
	if channel.Channel != "tg" || channel.Kind != "telegram" || channel.Sent != 2 || channel.Error != "" {
		t.Errorf("the channel: %+v", channel)
	}

	chat := newChat()
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusBadRequest, "Bad Request: chat not found", "")
		return true
	})
	s.tell(chat, "good")
	s.settled()
	if channel = s.ready(http.StatusOK).Channels[0]; channel.Dead != 1 || !strings.Contains(channel.Error, "chat not found") {
		t.Errorf("the channel after a dead letter: %+v", channel)
	}
}

func TestADeadTokenPausesItsChannelAlone(t *testing.T) {
	api := newBotAPI(t)
	s := serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), telegramBlock(api.URL), chatBlock())
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusUnauthorized, "Unauthorized", "")
		return true
	})
	chat := newChat()
	s.tell(chat, "hours")
	eventually(t, "the channel says what is wrong", func() bool {
		return strings.Contains(s.ready(http.StatusOK).Channels[0].Error, "401: “Unauthorized”")
	})
	eventually(t, "the channel pauses", func() bool { return !s.ready(http.StatusOK).Channels[0].Paused.IsZero() })
	if got := s.chat(`{"text":"hours"}`); !strings.Contains(got.text(), "Open from 9") {
		t.Errorf("the other channel answered %+v", got)
	}
	// The reply is kept until the account works again.
	s.breakOff()
	api.answer(nil)
	s.start()
	s.replies(api, chat, 1)
}

func TestASourceThatCannotBeOpenedIsToldAndRefuses(t *testing.T) {
	api := newBotAPI(t)
	s := serveConfig(t, sourceBlock("recipes", "recipe", "", `folder = "no-such-folder"`), keywordBlock("recipes", "recipes"),
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		telegramBlock(api.URL))
	if got := s.reply(api, newChat(), "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("got %q beside a source that is not there", got)
	}
	if got := s.reply(api, newChat(), "recipes"); !strings.Contains(got, "There is no answer for “recipes” right now") {
		t.Errorf("got %q, want a refusal", got)
	}
}

func TestNobodyIsToldTheSecretsOfAnAddress(t *testing.T) {
	const secret = "hunter2-in-the-address"
	api, site := newBotAPI(t), newNewsSite(t)
	page := site.feed("page.xml", "")
	page.raw = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html><title>Home</title>")) }
	for _, url := range []string{page.url(), site.URL + "/none.xml", deadURL(t)} {
		address := strings.Replace(url, "http://", "http://editor:"+secret+"@", 1) + "?key=" + secret
		s := serveConfig(t, feedBlock("news", address, `refresh = "@every 1s"`), keywordBlock("news", "news"), telegramBlock(api.URL))
		s.log.keepOut(secret)
		if got := s.reply(api, newChat(), "news"); strings.Contains(got, secret) {
			t.Errorf("a reader is told %q", got)
		}
		eventually(t, "the log tells of it", func() bool { return strings.Contains(s.log.String(), "could not be fetched") })
		if got := request(t, http.MethodGet, s.URL+"/readyz", "", nil); strings.Contains(got.body, secret) {
			t.Errorf("/readyz tells %s", got.body)
		}
		if _, stdout, _ := command(t.Context(), "check", "-c", s.path); strings.Contains(stdout, secret) || !strings.Contains(stdout, "source news") {
			t.Errorf("check tells %s", stdout)
		}
		s.stop()
	}
}

func TestTheLogHoldsNothingOfReaders(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	bad := site.feed("bad.xml", "")
	bad.down = true
	s := serveConfig(t, feedBlock("news", bad.url(), `deadline = "1s"`), keywordBlock("news", "news", `argument = "optional"`), telegramBlock(api.URL), chatBlock())
	// The log's own check, at the end of the test, looks for all of these.
	for code, chat := range map[int]int64{200: newChat(), 400: newChat(), 403: newChat()} {
		api.answer(func(c botCall, w http.ResponseWriter) bool {
			if code != 200 {
				botRefusal(w, code, "Refused for a reason of chat "+strconv.FormatInt(c.Chat, 10), "")
			}
			return code != 200
		})
		for _, words := range []string{"my-secret-question", "news my-secret-argument", "stop please my-secret-plea"} {
			s.tell(chat, words)
		}
		s.settled()
	}
	s.knownReader("web", "my-secret-session")
	s.chat(`{"text":"my-secret-question","session":"my-secret-session"}`)
	s.log.keepOut("my-secret-session", "my-secret-question", "my-secret-argument", "my-secret-plea")
	for _, body := range []string{"my-secret-garbage", `{"update_id":5,"message":{"text":"my-secret-garbage"}}`} {
		s.log.keepOut("my-secret-garbage")
		deliver(t, s.URL, body)
	}
	s.stop()
	if log := s.log.String(); !strings.Contains(log, "a reply was not sent") {
		t.Errorf("the log tells nothing at all: %q", log)
	}
}

func TestHowSourcesFareIsKeptOverARestart(t *testing.T) {
	site := newNewsSite(t)
	good, bad := site.feed("good.xml", "Good edition"), site.feed("bad.xml", "")
	bad.down = true
	s := serveConfig(t, feedBlock("good", good.url(), ""), keywordBlock("good", "good"), feedBlock("bad", bad.url(), ""), keywordBlock("bad", "bad"), chatBlock())
	for range 4 {
		asks(t, s.URL, "lecker", "good", "Good edition")
	}
	asks(t, s.URL, "lecker", "bad")
	before := s.ready(http.StatusOK).Sources
	s.restart()
	after := s.ready(http.StatusOK).Sources
	if len(before) != 2 || len(after) != 2 {
		t.Fatalf("before %+v, after %+v", before, after)
	}
	for i, was := range before {
		is := after[i]
		if is.Source != was.Source || !is.Good.Equal(was.Good) || !is.Bad.Equal(was.Bad) || is.Requests != was.Requests || is.Bytes != was.Bytes ||
			is.Took != was.Took || is.LastBytes != was.LastBytes || is.Asks != was.Asks || is.Hits != was.Hits || is.Items != was.Items || (is.Error == "") != (was.Error == "") {
			t.Errorf("it was %+v, and is %+v", was, is)
		}
	}
	if after[1].Asks != 4 || after[1].Hits != 3 || !strings.Contains(after[0].Error, "no connection to the host") {
		t.Errorf("%+v", after)
	}
	// It counts on.
	asks(t, s.URL, "lecker", "good", "Good edition")
	if got := s.ready(http.StatusOK).Sources[1]; got.Asks != 5 || got.Requests < before[1].Requests {
		t.Errorf("%+v", got)
	}
}
