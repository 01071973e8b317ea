package chatwoot_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/bridges/bridgetest"
	"keypull/web/bridges/chatwoot"
	"keypull/web/desk"
	"keypull/web/messengers"
)

const (
	word    = "callback-word-0123456789"
	signing = "signing-secret-0123456789"
)

// helpdesk stands in for Chatwoot, by its documented public API.
type helpdesk struct {
	*httptest.Server
	mu            sync.Mutex
	contacts      []string
	conversations map[string][]string
	files         map[string][]string
	down          bool
	// mute: it takes no messages.
	mute bool
}

func newHelpdesk(t bridgetest.T) *helpdesk {
	h := &helpdesk{conversations: map[string][]string{}, files: map[string][]string{}}
	mux := http.NewServeMux()
	const contacts = "POST /public/api/v1/inboxes/inbox-1/contacts"
	read := func(r *http.Request) (body map[string]string) {
		_ = json.NewDecoder(r.Body).Decode(&body)
		return body
	}
	mux.HandleFunc(contacts, func(w http.ResponseWriter, r *http.Request) {
		h.contacts = append(h.contacts, read(r)["name"])
		_, _ = fmt.Fprintf(w, `{"source_id":"source-%d","pubsub_token":"x","id":%d,"name":%q,"email":null}`, len(h.contacts), len(h.contacts), h.contacts[len(h.contacts)-1])
	})
	mux.HandleFunc(contacts+"/{source}/conversations", func(w http.ResponseWriter, r *http.Request) {
		at := r.PathValue("source") + "/" + strconv.Itoa(40+len(h.conversations))
		h.conversations[at] = nil
		_, id, _ := strings.Cut(at, "/")
		_, _ = fmt.Fprintf(w, `{"id":%s,"inbox_id":"1","contact_last_seen_at":0,"status":"open","messages":[],"contact":{"id":1}}`, id)
	})
	mux.HandleFunc(contacts+"/{source}/conversations/{id}/messages", func(w http.ResponseWriter, r *http.Request) {
		at := r.PathValue("source") + "/" + r.PathValue("id")
		if _, there := h.conversations[at]; !there || h.mute {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			if err := r.ParseMultipartForm(1 << 20); err != nil { //nolint:gosec // of a test
				w.WriteHeader(http.StatusUnprocessableEntity)
				return
			}
			for _, f := range r.MultipartForm.File["attachments[]"] {
				if body, err := f.Open(); err == nil {
					all, _ := io.ReadAll(body)
					h.files[at] = append(h.files[at], string(all))
				}
			}
			h.take(at, r.FormValue("content"), r.FormValue("echo_id"))
		} else {
			said := read(r)
			h.take(at, said["content"], said["echo_id"])
		}
		_, _ = io.WriteString(w, `{"id":7,"message_type":0,"content_type":"text"}`)
	})
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	if c, cleans := t.(interface{ Cleanup(func()) }); cleans {
		c.Cleanup(h.Close)
	}
	return h
}

// take keeps a message, whose echo names it and holds no token of a conversation.
func (h *helpdesk) take(at, content, echo string) {
	if echo == "" || strings.Contains(echo, strings.Repeat("a", 26)) || strings.Contains(echo, strings.Repeat("b", 26)) {
		content = "an echo of " + echo
	}
	h.conversations[at] = append(h.conversations[at], content)
}

func (h *helpdesk) posts(thread string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.conversations[thread]...)
}

// post is what the inbox posts to its callback.
func post(path, body string, signed bool) messengers.Delivery {
	d := messengers.Delivery{Method: http.MethodPost, Path: path, Body: []byte(body), At: bridgetest.Now(), Header: map[string][]string{}}
	if signed {
		stamp := strconv.FormatInt(bridgetest.Now().Unix(), 10)
		d.Header["X-Chatwoot-Timestamp"] = []string{stamp}
		d.Header["X-Chatwoot-Signature"] = []string{messengers.Signature{Prefix: "sha256=", Secret: signing}.Of([]byte(stamp+"."), d.Body)}
	}
	return d
}

// message is an event of a message, as Chatwoot words it.
func message(thread, id, kind, sender, text string, private bool) string {
	source, conversation, _ := strings.Cut(thread, "/")
	content, _ := json.Marshal(text)
	number := strings.ReplaceAll(id, ".", "")
	return fmt.Sprintf(`{"account":{"id":1,"name":"Lecker"},"additional_attributes":{},"content_attributes":{},"content_type":"text","content":%s,`+
		`"conversation":{"additional_attributes":{},"can_reply":true,"channel":"Channel::Api","contact_inbox":{"id":5,"contact_id":4,"inbox_id":1,"source_id":%q,"created_at":"2026-11-25T09:00:00Z"},"id":%s,"inbox_id":1,"messages":[],"status":"open"},`+
		`"created_at":"2026-11-25T09:00:00.000Z","id":%s,"inbox":{"id":1,"name":"keypull"},"message_type":%q,"private":%t,"sender":{"id":1,"name":"Ann","email":"ann@example.org","type":%q},"source_id":null,"event":"message_created"}`,
		content, source, conversation, number, kind, private, sender)
}

func world(t bridgetest.T) desk.BridgeEnv {
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	if c, cleans := t.(interface{ Cleanup(func()) }); cleans {
		c.Cleanup(client.Close)
	}
	return desk.BridgeEnv{Publisher: "p", Client: client, Clock: bridgetest.Now}
}

func opened(t *testing.T, base string, signed bool) desk.Bridge {
	t.Helper()
	values := map[string]any{"base": base, "inbox": "inbox-1", "secret": word}
	if signed {
		values["signing_secret"] = signing
	}
	filled := chatwoot.Kind.New()
	if err := settings.Fill(filled, values); err != nil {
		t.Fatal(err)
	}
	b, err := filled.Open(world(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnInboxKeepsThePromisesOfABridge(t *testing.T) {
	c := bridgetest.Case{Kind: chatwoot.Kind, Settings: map[string]any{"inbox": "inbox-1", "secret": word, "signing_secret": signing}}
	c.Open = func(t bridgetest.T) bridgetest.Platform {
		h := newHelpdesk(t)
		c.Settings["base"] = h.URL
		say := func(path string) func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
			return func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
				all, _ := b.(desk.Called).Receive(post(path, message(p.Thread, id, "outgoing", "user", text, false), true))
				return all
			}
		}
		return bridgetest.Platform{Env: world(t), Posts: h.posts, Down: func(down bool) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.down = down
		}, Answer: say(word), Stranger: say("guess"), Files: func(thread string) []string {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.files[thread]
		}, Attach: func(b desk.Bridge, p desk.Post, id, name string) []desk.Heard {
			body := strings.Replace(message(p.Thread, id, "outgoing", "user", "", false), `"account":`, `"attachments":[{"id":3,"message_id":7,"file_type":"image","data_url":"`+h.URL+`/rails/active_storage/blobs/redirect/x/`+name+`","extension":null}],"account":`, 1)
			all, _ := b.(desk.Called).Receive(post(word, body, true))
			return all
		}}
	}
	bridgetest.Run(t, c)
}

func TestAConversationThatBeganIsNotBegunTwice(t *testing.T) {
	h := newHelpdesk(t)
	b := opened(t, h.URL, false)
	p := desk.Post{Token: "t", Key: "talk-t-1", Title: "A reader 4F0C", Text: "hello"}
	for h.mute = true; len(h.contacts) < 1; {
		if _, err := b.Carry(t.Context(), p); err == nil {
			t.Fatal("it says nothing of what failed")
		}
	}
	h.mute = false
	thread, err := b.Carry(t.Context(), p)
	if err != nil || len(h.contacts) != 1 || h.contacts[0] != "A reader 4F0C" || len(h.posts(thread)) != 1 {
		t.Errorf("%v: %q, %q", err, h.contacts, h.conversations)
	}
}

func TestWhatAgentsWriteIsHeardAndNothingElse(t *testing.T) {
	plain, signed := opened(t, "http://127.0.0.1:9", false).(desk.Called), opened(t, "http://127.0.0.1:9", true).(desk.Called)
	good := message("source-1/40", "1", "outgoing", "user", "Hello", false)
	resolved := `{"event":"conversation_status_changed","id":40,"status":"resolved","contact_inbox":{"source_id":"source-1"},"changed_attributes":[]}`
	late := post(word, good, true)
	late.At = late.At.Add(chatwootLate)
	changed := post(word, good, true)
	changed.Body = []byte(strings.Replace(good, "Hello", "Hallo", 1))
	for _, one := range []struct {
		what   string
		b      desk.Called
		d      messengers.Delivery
		heard  int
		status int
	}{
		{"an agent's answer", plain, post(word, good, false), 1, 0},
		{"a signed one", signed, post(word, good, true), 1, 0},
		{"one that should be signed", signed, post(word, good, false), 0, http.StatusUnauthorized},
		{"one signed long ago", signed, late, 0, http.StatusUnauthorized},
		{"one that was changed", signed, changed, 0, http.StatusUnauthorized},
		{"one with another word", plain, post(word+"x", good, false), 0, http.StatusNotFound},
		{"one with none", plain, post("", good, false), 0, http.StatusNotFound},
		{"a private note", plain, post(word, message("source-1/40", "2", "outgoing", "user", "Hm", true), false), 0, 0},
		{"what we wrote ourselves", plain, post(word, message("source-1/40", "3", "incoming", "contact", "Hello", false), false), 0, 0},
		{"what a bot of theirs wrote", plain, post(word, message("source-1/40", "4", "outgoing", "agent_bot", "Hello", false), false), 0, 0},
		{"what is no JSON", plain, post(word, "hello", false), 0, 0},
		{"that it is resolved", plain, post(word, resolved, false), 1, 0},
		{"that it is open again", plain, post(word, strings.Replace(resolved, "resolved", "open", 1), false), 0, 0},
	} {
		all, status := one.b.Receive(one.d)
		if len(all) != one.heard || status != one.status {
			t.Errorf("%s: %d %+v", one.what, status, all)
		}
		if len(all) == 1 && (all[0].Threads[0] != "source-1/40" || all[0].Release != strings.Contains(string(one.d.Body), "resolved")) {
			t.Errorf("%s: %+v", one.what, all)
		}
	}
}

// chatwootLate is longer than what is signed is believed.
const chatwootLate = 6 * 60 * 1e9

func TestItsMessageFilesAreWhole(t *testing.T) {
	wordstest.Run(t, wordstest.Case{Set: chatwoot.Kind.Words, Code: []string{"."}, Built: settings.Keys(chatwoot.Kind.New())})
}
