package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/webchat"
)

var jsonHeader = map[string]string{"Content-Type": "application/json"}

// chatAnswer is the response to a message of the web chat.
type chatAnswer struct {
	Session string `json:"session"`
	Replies []struct {
		Text    string           `json:"text"`
		Buttons []map[string]any `json:"buttons"`
		Media   []map[string]any `json:"media"`
	} `json:"replies"`
}

func (a chatAnswer) text() string {
	var all []string
	for _, r := range a.Replies {
		all = append(all, r.Text)
	}
	return strings.Join(all, "\n")
}

// chat posts a message to the web chat and reads the answer.
func (s *service) chat(body string) chatAnswer {
	s.t.Helper()
	got := request(s.t, http.MethodPost, s.URL+"/chat/lecker/web/messages", body, jsonHeader)
	var a chatAnswer
	if err := json.Unmarshal([]byte(got.body), &a); err != nil || got.status != http.StatusOK {
		s.t.Fatalf("the chat answered %d %s", got.status, got.body)
	}
	s.log.keepOut(a.Session)
	return a
}

// changingChat returns a web chat whose answer is another one at every fetch.
func changingChat(t *testing.T, lines ...string) (*service, *newsFeed) {
	t.Helper()
	feed := newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	return serveConfig(t, feedBlock("news", feed.url(), "max_age = \"0s\"\ndeadline = \"20s\""), keywordBlock("news", "news"), chatBlock(lines...)), feed
}

func TestAPageGetsItsAnswerInTheResponse(t *testing.T) {
	s, _ := changingChat(t)
	first := s.chat(`{"text":"news"}`)
	if len(first.Session) < 8 || !strings.Contains(first.text(), "Edition 1") {
		t.Fatalf("got %+v", first)
	}
	if first.Replies[0].Buttons == nil || first.Replies[0].Media == nil {
		t.Error("lists are null")
	}
	second := s.chat(fmt.Sprintf(`{"text":"news","session":%q}`, first.Session))
	if second.Session != first.Session || !strings.Contains(second.text(), "Edition 2") || strings.Contains(second.text(), "You are asking") {
		t.Errorf("got %+v in the same session", second)
	}
	third := s.chat(fmt.Sprintf(`{"text":"menu","session":%q}`, first.Session))
	if len(third.Replies) != 1 || third.Replies[0].Buttons[0]["send"] != "k:news" {
		t.Errorf("got %+v", third)
	}
	fourth := s.chat(fmt.Sprintf(`{"text":"k:news","session":%q}`, first.Session))
	if !strings.Contains(fourth.text(), "Edition 3") {
		t.Errorf("a tap got %+v", fourth)
	}
}

func TestARepeatedMessageGetsTheSameAnswer(t *testing.T) {
	s, feed := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	body := fmt.Sprintf(`{"text":"news","session":%q,"id":"message-1"}`, session)
	feed.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	answers := make([]chatAnswer, 10)
	go func() {
		eventually(t, "the feed is asked", func() bool { return feed.count() == 1 })
		feed.change((*newsFeed).release)
	}()
	inParallel(len(answers), func(i int) { answers[i] = s.chat(body) })
	for _, a := range slices.Concat(answers, []chatAnswer{s.chat(body)}) {
		if a.text() != answers[0].text() || !strings.Contains(a.text(), "Edition 1") || a.Session != session {
			t.Errorf("a repetition got %+v, want %+v", a, answers[0])
		}
	}
	s.restart()
	if a := s.chat(body); a.text() != answers[0].text() {
		t.Errorf("after a restart the repetition got %+v, want %+v", a, answers[0])
	}
	if n := feed.count(); n != 1 {
		t.Errorf("the feed was asked %d times", n)
	}
}

func TestARepetitionGetsTheAnswerOfAnAskThatTheLastServerLeft(t *testing.T) {
	s, feed := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	body := fmt.Sprintf(`{"text":"news","session":%q,"id":"message-1"}`, session)
	feed.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	lost := make(chan struct{})
	go func() {
		defer close(lost)
		_, _ = tryRequest(http.MethodPost, s.URL+"/chat/lecker/web/messages", body, jsonHeader)
	}()
	eventually(t, "the feed is asked", func() bool { return feed.count() == 1 })
	// As after a crash: accepted, never settled.
	s.breakOff()
	<-lost
	s.start()
	got := make(chan chatAnswer, 1)
	go func() { got <- s.chat(body) }()
	eventually(t, "the feed is asked again", func() bool { return feed.count() == 2 })
	feed.change((*newsFeed).release)
	if a := <-got; !strings.Contains(a.text(), "Edition 2") {
		t.Errorf("the repetition got %+v", a)
	}
}

func TestABadBodyIsToldWhatIsWrongWithIt(t *testing.T) {
	s, _ := changingChat(t)
	for _, tt := range []struct {
		name, body   string
		header       map[string]string
		status       int
		field, words string
	}{
		{"nothing", "", jsonHeader, 400, "", "JSON object"},
		{"no JSON", "hello", jsonHeader, 400, "", "JSON object"},
		{"a list", "[]", jsonHeader, 400, "", "JSON object"},
		{"two objects", `{"text":"a"}{"text":"b"}`, jsonHeader, 400, "", "JSON object"},
		{"a wrong type", `{"text":5}`, jsonHeader, 400, "", "JSON object"},
		{"invalid UTF-8", "{\"text\":\"\xff\"}", jsonHeader, 400, "", "UTF-8"},
		{"no text", `{"session":"abcdefgh"}`, jsonHeader, 400, "text", "needs a text"},
		{"a long text", `{"text":"` + strings.Repeat("x", 4001) + `"}`, jsonHeader, 400, "text", "4,000"},
		{"a strange session", `{"text":"news","session":"../../etc"}`, jsonHeader, 400, "session", "session"},
		{"a long id", `{"text":"news","id":"` + strings.Repeat("x", 65) + `"}`, jsonHeader, 400, "id", "64"},
		{"a strange language", `{"text":"news","language":"<b>"}`, jsonHeader, 400, "language", "tag"},
		{"a strange consent", `{"text":"news","consent":"perhaps"}`, jsonHeader, 400, "consent", "true"},
		{"more than 64 KiB", `{"text":"` + strings.Repeat("x", 65<<10) + `"}`, jsonHeader, 413, "", "64 KiB"},
		{"a form", "text=news", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 415, "", "application/json"},
		{"no type at all", `{"text":"news"}`, nil, 415, "", "application/json"},
		{"a compressed body", "\x1f\x8b\x08", map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415, "", "Content-Encoding"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", tt.body, tt.header)
			wantProblem(t, got, tt.status, tt.field, tt.words)
		})
	}
	wantProblem(t, request(t, http.MethodGet, s.URL+"/chat/lecker/web/messages", "", nil), 405, "", "POST")
	wantProblem(t, request(t, http.MethodPost, s.URL+"/chat/lecker/none/messages", "{}", jsonHeader), 404, "", "no such chat")
	wantProblem(t, request(t, http.MethodGet, s.URL+"/chat/lecker/web/none.js", "", nil), 404, "", "nothing at this address")
	wantProblem(t, request(t, http.MethodGet, s.URL+"/nothing", "", nil), 404, "", "nothing at this address")
}

// wantProblem checks a problem document (RFC 9457).
func wantProblem(t *testing.T, got posted, status int, field, words string) {
	t.Helper()
	var p struct {
		Status               int
		Title, Detail, Field string
	}
	if err := json.Unmarshal([]byte(got.body), &p); err != nil {
		t.Fatalf("no problem document: %d %s", got.status, got.body)
	}
	if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("the type is %q", kind)
	}
	if got.status != status || p.Status != status || p.Field != field || p.Title == "" || !strings.Contains(p.Detail, words) {
		t.Errorf("got %d %+v, want %d, field %q, with %q", got.status, p, status, field, words)
	}
}

func TestWhoAsksTooFastIsToldToWait(t *testing.T) {
	s, _ := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	for range 200 {
		got := request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", fmt.Sprintf(`{"text":"help","session":%q}`, session), jsonHeader)
		if got.status == http.StatusOK {
			continue
		}
		wantProblem(t, got, http.StatusTooManyRequests, "", "wait")
		if got.header.Get("Retry-After") == "" {
			t.Error("there is no Retry-After")
		}
		s.clock.advance(time.Second)
		s.chat(fmt.Sprintf(`{"text":"help","session":%q}`, session))
		return
	}
	t.Error("200 messages at once were all answered")
}

func TestOnlyPagesThatTheEditorNamedMayUseTheChat(t *testing.T) {
	s, _ := changingChat(t, `origins = ["https://www.lecker.example"]`)
	for _, tt := range []struct {
		name, origin string
		status       int
		allowed      string
	}{
		{"no origin at all", "", 200, ""},
		{"its own page", s.URL, 200, ""},
		{"a page that the editor named", "https://www.lecker.example", 200, "https://www.lecker.example"},
		{"a stranger", "https://evil.example", 403, ""},
		{"one that looks alike", "https://www.lecker.example.evil.example", 403, ""},
		{"another scheme", "http://www.lecker.example", 403, ""},
		{"another port", "https://www.lecker.example:8443", 403, ""},
		{"a sandbox", "null", 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{"Content-Type": "application/json"}
			if tt.origin != "" {
				header["Origin"] = tt.origin
			}
			for _, try := range []struct{ method, path, body string }{
				{http.MethodPost, "messages", `{"text":"help"}`},
				{http.MethodGet, "config.json", ""},
			} {
				got := request(t, try.method, s.URL+"/chat/lecker/web/"+try.path, try.body, header)
				if got.status != tt.status || got.header.Get("Access-Control-Allow-Origin") != tt.allowed {
					t.Errorf("%s: %d, allowed %q", try.path, got.status, got.header.Get("Access-Control-Allow-Origin"))
				}
				if !strings.Contains(got.header.Get("Vary"), "Origin") {
					t.Errorf("%s: Vary is %q", try.path, got.header.Get("Vary"))
				}
				if got.header.Get("Access-Control-Allow-Credentials") != "" {
					t.Errorf("%s: credentials are allowed", try.path)
				}
			}
			if tt.allowed == "" {
				return
			}
			header["Access-Control-Request-Method"] = http.MethodPost
			got := request(t, http.MethodOptions, s.URL+"/chat/lecker/web/messages", "", header)
			if got.status != http.StatusNoContent || !strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "POST") ||
				!strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "Content-Type") {
				t.Errorf("the preflight got %d %v", got.status, got.header)
			}
		})
	}
}

// hasty is a web chat whose pages wait no longer than a second.
type hasty struct{ *webchat.Chat }

func (h hasty) Limits() messengers.Limits {
	l := h.Chat.Limits()
	l.InBand = time.Second
	return l
}

func TestALateAnswerFollowsAsAnEvent(t *testing.T) {
	s, feed := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	chat, _ := s.channels.Find("lecker", "web").Messenger.(*webchat.Chat)
	s.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "web", "webchat", hasty{chat})})
	events := bufio.NewReader(openStream(t, s.URL, session, ""))

	feed.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	if got := s.chat(fmt.Sprintf(`{"text":"news","session":%q,"id":"slow-1","language":"de"}`, session)); got.text() != "Bin dran. Die Antwort folgt." {
		t.Errorf("got %+v, want to be told that the answer follows", got)
	}
	feed.change((*newsFeed).release)
	id, data := nextEvent(t, events)
	if !strings.Contains(data, "Edition 1") || !strings.HasPrefix(data, `{"replies":[{"text":`) {
		t.Errorf("the event is %s", data)
	}
	s.settled()
	// A page that was away gets it again; one that has it does not.
	if _, again := nextEvent(t, bufio.NewReader(openStream(t, s.URL, session, ""))); again != data {
		t.Errorf("a page that was away got %s", again)
	}
	feed.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	s.chat(fmt.Sprintf(`{"text":"news","session":%q,"id":"slow-2"}`, session))
	feed.change((*newsFeed).release)
	if _, next := nextEvent(t, bufio.NewReader(openStream(t, s.URL, session, id))); !strings.Contains(next, "Edition 2") {
		t.Errorf("after event %s came %s", id, next)
	}
}

// nextEvent reads one event of a stream.
func nextEvent(t *testing.T, stream *bufio.Reader) (id, data string) {
	t.Helper()
	timer := time.AfterFunc(patience, func() { t.Error("no event came"); e2eClient.CloseIdleConnections() })
	defer timer.Stop()
	for {
		line, err := stream.ReadString('\n')
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "id: "):
			id = strings.TrimPrefix(line, "id: ")
		case strings.HasPrefix(line, "data: "):
			data = strings.TrimPrefix(line, "data: ")
		case line == "" && data != "":
			return id, data
		case err == io.EOF:
			t.Fatal("the stream ended")
		}
	}
}

func TestWithoutConsentNothingButTheSessionIsKept(t *testing.T) {
	s, _ := changingChat(t, `consent = "May we remember what you ask?"`)
	session := s.chat(`{"text":"news"}`).Session
	s.settled()
	key := s.readerKey("lecker", "web", session)
	kept := func() (recent int, asked string) {
		r, _, err := s.ledger.Reader(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		record, found, err := s.ledger.Record(t.Context(), r.Settled[len(r.Settled)-1])
		if err != nil || !found {
			t.Fatalf("record: %v, %v", found, err)
		}
		return len(r.Recent), record.Trace.What.Keyword
	}
	eventually(t, "the record is reduced", func() bool { _, asked := kept(); return asked == "" })
	if recent, _ := kept(); recent != 0 {
		t.Errorf("%d pulls are remembered", recent)
	}
	s.chat(fmt.Sprintf(`{"text":"news","session":%q,"consent":true}`, session))
	s.settled()
	if recent, asked := kept(); recent != 1 || asked != "news" {
		t.Errorf("with consent %d pulls are remembered, and %q", recent, asked)
	}
}
