package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// botAPI stands in for Telegram's Bot API: it takes what a bot sends and
// answers as the test says.
type botAPI struct {
	*httptest.Server
	mu    sync.Mutex
	calls []botCall
	// refuse, where set, answers in place of the API; it returns false to let
	// a call through.
	refuse func(call botCall, w http.ResponseWriter) bool
	// files are what readers sent, by their ids.
	files map[string]string
}

// botCall is one call of a method.
type botCall struct {
	Method string
	Chat   int64
	Text   string
	Body   string
	// ID is that of the message, where it is one.
	ID int64
	// Try counts the calls to this chat, from 1.
	Try     int
	Refused bool
}

func newBotAPI(t testing.TB) *botAPI {
	a := &botAPI{}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *botAPI) serve(w http.ResponseWriter, r *http.Request) {
	if id, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+botToken+"/"); ok && r.Method == http.MethodGet {
		a.mu.Lock()
		defer a.mu.Unlock()
		_, _ = io.WriteString(w, a.files[id])
		return
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || token != botToken || r.Method != http.MethodPost {
		botRefusal(w, http.StatusNotFound, "Not Found", "")
		return
	}
	var body struct {
		Chat    int64  `json:"chat_id"`
		Text    string `json:"text"`
		Caption string `json:"caption"`
		File    string `json:"file_id"`
	}
	raw := new(strings.Builder)
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	var sent json.RawMessage
	if d.Decode(&sent) != nil || json.Unmarshal(sent, &body) != nil {
		botRefusal(w, http.StatusBadRequest, "Bad Request: can't parse JSON", "")
		return
	}
	raw.Write(sent)
	a.mu.Lock()
	defer a.mu.Unlock()
	call := botCall{Method: method, Chat: body.Chat, Text: body.Text + body.Caption, Body: raw.String(), ID: int64(len(a.calls)) + 1, Try: 1}
	for _, c := range a.calls {
		if c.Chat == call.Chat && c.Method == method {
			call.Try++
		}
	}
	call.Refused = a.refuse != nil && a.refuse(call, w)
	a.calls = append(a.calls, call)
	if method == "getFile" && !call.Refused {
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"file_id":%q,"file_path":%q}}`, body.File, body.File)
		return
	}
	if !call.Refused {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"chat":{"id":%d,"type":"private"}}}`, len(a.calls), call.Chat)
	}
}

// botRefusal is an answer other than ok.
func botRefusal(w http.ResponseWriter, code int, description, parameters string) {
	if parameters == "" {
		parameters = "{}"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q,"parameters":%s}`, code, description, parameters)
}

// answer makes the API refuse calls from now on; nil ends it.
func (a *botAPI) answer(f func(call botCall, w http.ResponseWriter) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refuse = f
}

// tries returns every call that carries words to a chat, refused ones too.
func (a *botAPI) tries(chat int64) []botCall {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []botCall
	for _, c := range a.calls {
		if c.Chat == chat && (c.Method == "sendMessage" || c.Method == "sendPhoto") {
			all = append(all, c)
		}
	}
	return all
}

// sent returns the texts that arrived at a chat.
func (a *botAPI) sent(chat int64) []string {
	var texts []string
	for _, c := range a.tries(chat) {
		if !c.Refused {
			texts = append(texts, c.Text)
		}
	}
	return texts
}

// arrived returns the texts of every chat.
func (a *botAPI) arrived() map[int64][]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := map[int64][]string{}
	for _, c := range a.calls {
		if !c.Refused && (c.Method == "sendMessage" || c.Method == "sendPhoto") {
			all[c.Chat] = append(all[c.Chat], c.Text)
		}
	}
	return all
}

// updates numbers updates, and chats, over all tests: two stores never meet,
// and what is logged of one chat is found in any log.
var (
	updateIDs atomic.Int64
	chatIDs   atomic.Int64
)

func newChat() int64 { return 700_000_000 + chatIDs.Add(1) }

func newUpdate() int64 { return 100_000 + updateIDs.Add(1) }

// messageUpdate returns a private message as Telegram's own servers word it.
func messageUpdate(id, chat int64, text string) string {
	words, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Ada","language_code":"en"},`+
		`"chat":{"id":%d,"first_name":"Ada","type":"private"},"date":1790000000,"text":%s}}`, id, id, chat, chat, words)
}

func tapUpdate(id, chat int64, data string) string {
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Ada","language_code":"en"},`+
		`"message":{"message_id":7,"chat":{"id":%d,"type":"private"},"date":1790000000},"chat_instance":"1","data":%q}}`, id, id, chat, chat, data)
}

// deliver posts an update as Telegram does and returns the status.
func deliver(t testing.TB, url, update string) int {
	t.Helper()
	return request(t, http.MethodPost, url+"/hook/lecker/tg", update, telegramHeader()).status
}

func telegramHeader() map[string]string {
	return map[string]string{"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": hookSecret}
}

// tell posts a message of a reader, which must be taken.
func (s *service) tell(chat int64, text string) {
	s.t.Helper()
	s.log.keepOut(text, strconv.FormatInt(chat, 10))
	if status := deliver(s.t, s.URL, messageUpdate(newUpdate(), chat, text)); status != http.StatusOK {
		s.t.Fatalf("the webhook answered %d", status)
	}
}

// replies waits for the n-th text at a chat, makes sure that no other follows
// what is under way, and returns all.
func (s *service) replies(a *botAPI, chat int64, n int) []string {
	s.t.Helper()
	eventually(s.t, fmt.Sprintf("%d texts at a chat", n), func() bool { return len(a.sent(chat)) >= n })
	s.settled()
	texts := a.sent(chat)
	if len(texts) != n {
		s.t.Fatalf("%d texts arrived, want %d: %q", len(texts), n, texts)
	}
	return texts
}

// reply asks and returns the one text that answers.
func (s *service) reply(a *botAPI, chat int64, text string) string {
	s.t.Helper()
	before := len(a.sent(chat))
	s.tell(chat, text)
	return s.replies(a, chat, before+1)[before]
}
