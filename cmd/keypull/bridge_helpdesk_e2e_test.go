package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// helpdesk stands in for Chatwoot's public API.
type helpdesk struct {
	*httptest.Server
	mu       sync.Mutex
	contacts int
	// said are the messages by conversation, raw all that came.
	said map[string][]string
	raw  string
}

func newHelpdesk(t *testing.T) *helpdesk {
	t.Helper()
	h := &helpdesk{said: map[string][]string{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		h.raw += r.URL.Path + string(body)
		rest := strings.Split(strings.TrimPrefix(r.URL.Path, "/public/api/v1/inboxes/inbox-1/contacts"), "/")
		switch len(rest) {
		case 1:
			h.contacts++
			_, _ = fmt.Fprintf(w, `{"source_id":"s%d","id":%d}`, h.contacts, h.contacts)
		case 3:
			_, _ = fmt.Fprintf(w, `{"id":%s7}`, strings.TrimPrefix(rest[1], "s"))
		case 5:
			var in struct{ Content string }
			_ = json.Unmarshal(body, &in)
			h.said[rest[1]+"/"+rest[3]] = append(h.said[rest[1]+"/"+rest[3]], in.Content)
			_, _ = io.WriteString(w, `{"id":1}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *helpdesk) in(conversation string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.said[conversation]...)
}

func TestPeopleAnswerReadersInTheirHelpdesk(t *testing.T) {
	h := newHelpdesk(t)
	s, c, api := alarmHouse(t)
	d := &personDesk{service: s, api: api}
	d.log.keepOut(callbackWord)
	c.put("/publishers/lecker", "publisher", func(doc object) {
		doc["person"] = object{"bridge": object{"kind": "chatwoot", "settings": object{"base": h.URL, "inbox": "inbox-1", "secret": callbackWord}}}
	})
	d.restart() // its word was sealed, and is opened
	chat := newChat()
	d.reply(d.api, chat, "hours")
	c.want(http.StatusOK, http.MethodPost, d.at(chat)+"/take", nil)
	d.silent(chat, "my paper is wet")
	eventually(t, "the conversation stands in the helpdesk", func() bool { return len(h.in("s1/17")) == 1 })
	if first := h.in("s1/17")[0]; !strings.Contains(first, "my paper is wet") || !strings.Contains(first, "Open from 9 to 17.") {
		t.Errorf("%q", first)
	}
	call := func(word, body string) int {
		return request(t, http.MethodPost, d.URL+"/bridge/lecker/"+word, body, map[string]string{"Content-Type": "application/json"}).status
	}
	answer := func(source string, conversation, id int, text string) string {
		return fmt.Sprintf(`{"event":"message_created","id":%d,"content":%q,"message_type":"outgoing","private":false,"sender":{"name":"Ann","type":"user"},"conversation":{"id":%d,"contact_inbox":{"source_id":%q}}}`, id, text, conversation, source)
	}
	if a, b := call("guess", answer("s1", 17, 1, "forged")), call(callbackWord, answer("s2", 17, 1, "forged")); a != http.StatusNotFound || b != http.StatusOK {
		t.Errorf("%d %d", a, b)
	}
	if got := request(t, http.MethodPost, d.URL+"/bridge/nobody/"+callbackWord, "{}", nil).status; got != http.StatusNotFound {
		t.Errorf("another publisher's: %d", got)
	}
	// The thread is known a moment after the post stands there.
	eventually(t, "the answer is taken", func() bool {
		return call(callbackWord, answer("s1", 17, 2, "A dry one is on its way.")) == http.StatusOK && len(d.api.sent(chat)) == 2
	})
	call(callbackWord, answer("s1", 17, 2, "A dry one is on its way."))
	if got := d.replies(d.api, chat, 2)[1]; !strings.HasPrefix(got, "A dry one is on its way.") {
		t.Errorf("%q", got)
	}
	if got := call(callbackWord, `{"event":"conversation_status_changed","id":17,"status":"resolved","contact_inbox":{"source_id":"s1"}}`); got != http.StatusOK || d.mode(chat) != "" {
		t.Errorf("resolved: %d, %q", got, d.mode(chat))
	}
	d.reply(d.api, chat, "FORGET ME")
	d.reply(d.api, chat, "yes")
	eventually(t, "the helpdesk is asked to delete it", func() bool {
		all := h.in("s1/17")
		return strings.Contains(all[len(all)-1], "delete this thread")
	})
	for _, what := range []string{fmt.Sprint(chat), "Ada"} {
		if strings.Contains(h.raw, what) {
			t.Errorf("%q stands there", what)
		}
	}
}
