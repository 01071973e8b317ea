package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/bridges/bridgetest"
	"keypull/web/bridges/webhook"
	"keypull/web/desk"
	"keypull/web/messengers"
)

var (
	key    = []byte("twenty-four bytes, no less")
	secret = "whsec_" + base64.StdEncoding.EncodeToString(key)
)

// sign signs as Standard Webhooks has it.
func sign(key []byte, id, stamp, body string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// office is a system of the publisher's own, which takes what is signed, and each id once.
type office struct {
	*httptest.Server
	mu       sync.Mutex
	threads  map[string][]string
	files    map[string][]string
	tokens   map[string]string
	seen     map[string]bool
	down     bool
	unsigned int
}

func newOffice(t bridgetest.T) *office {
	o := &office{threads: map[string][]string{}, files: map[string][]string{}, tokens: map[string]string{}, seen: map[string]bool{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		id, stamp := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp")
		var told struct {
			Type string `json:"type"`
			Data struct {
				Publisher, Conversation, Token, Title, Text, Language string
				Files                                                 []struct{ URL string }
			}
		}
		switch {
		case o.down:
			w.WriteHeader(http.StatusServiceUnavailable)
		case json.Unmarshal(body, &told) == nil && told.Data.Token != "" && strings.Contains(id+told.Data.Conversation, told.Data.Token):
			w.WriteHeader(http.StatusTeapot) // whoever sees what messages are called could answer
		case r.Header.Get("Webhook-Signature") != sign(key, id, stamp, string(body)):
			o.unsigned++
			w.WriteHeader(http.StatusUnauthorized)
		case json.Unmarshal(body, &told) != nil || (told.Type == "conversation.opened") != (o.threads[told.Data.Conversation] == nil):
			w.WriteHeader(http.StatusBadRequest)
		case !o.seen[id]:
			o.seen[id] = true
			o.threads[told.Data.Conversation] = append(o.threads[told.Data.Conversation], told.Data.Text)
			for _, f := range told.Data.Files {
				o.files[told.Data.Conversation] = append(o.files[told.Data.Conversation], f.URL)
			}
			o.tokens[told.Data.Conversation] = told.Data.Token
		}
	}))
	if c, cleans := t.(interface{ Cleanup(func()) }); cleans {
		c.Cleanup(o.Close)
	}
	return o
}

func world(t bridgetest.T) desk.BridgeEnv {
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	if c, cleans := t.(interface{ Cleanup(func()) }); cleans {
		c.Cleanup(client.Close)
	}
	return desk.BridgeEnv{Publisher: "p", Client: client, Clock: bridgetest.Now}
}

// delivery is what the system posts, signed with a key at a moment.
func delivery(key []byte, id, body string, at time.Time) messengers.Delivery {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return messengers.Delivery{Method: http.MethodPost, Body: []byte(body), At: bridgetest.Now(), Header: map[string][]string{
		"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {"v1,bm9uZQ== " + sign(key, id, stamp, body)},
	}}
}

func answer(token, text string) string {
	coded, _ := json.Marshal(text)
	return fmt.Sprintf(`{"token":%q,"text":%s,"by":"Ann"}`, token, coded)
}

func TestAWebhookKeepsThePromisesOfABridge(t *testing.T) {
	c := bridgetest.Case{Kind: webhook.Kind, Settings: map[string]any{"secret": secret}}
	c.Open = func(t bridgetest.T) bridgetest.Platform {
		o := newOffice(t)
		c.Settings["url"] = o.URL
		say := func(with []byte) func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
			return func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
				o.mu.Lock()
				token := o.tokens[p.Thread]
				o.mu.Unlock()
				all, _ := b.(desk.Called).Receive(delivery(with, "msg_"+id, answer(token, text), bridgetest.Now()))
				return all
			}
		}
		return bridgetest.Platform{Env: world(t), Posts: func(thread string) []string {
			o.mu.Lock()
			defer o.mu.Unlock()
			return append([]string(nil), o.threads[thread]...)
		}, Down: func(down bool) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.down = down
		}, Answer: say(key), Stranger: say([]byte("another key")), Files: func(thread string) []string {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.files[thread]
		}, Attach: func(b desk.Bridge, p desk.Post, id, name string) []desk.Heard {
			all, _ := b.(desk.Called).Receive(delivery(key, "msg_"+id, fmt.Sprintf(`{"token":%q,"files":[{"name":%q,"type":"image/png","url":"https://desk.example/%s"}]}`, p.Token, name, name), bridgetest.Now()))
			return all
		}}
	}
	bridgetest.Run(t, c)
}

func TestWhatIsNotSignedIsNotHeard(t *testing.T) {
	filled := webhook.Kind.New()
	if err := settings.Fill(filled, map[string]any{"url": "http://127.0.0.1:9", "secret": secret}); err != nil {
		t.Fatal(err)
	}
	open, err := filled.Open(world(t))
	if err != nil {
		t.Fatal(err)
	}
	b, now := open.(desk.Called), bridgetest.Now()
	good := answer("token", "Hello")
	changed, elsewhere := delivery(key, "msg_1", good, now), delivery(key, "msg_1", good, now)
	changed.Body = []byte(strings.Replace(good, "Hello", "Hallo", 1))
	elsewhere.Path = "more"
	renamed, bare := delivery(key, "msg_1", good, now), delivery(key, "msg_1", good, now)
	renamed.Header["Webhook-Id"] = []string{"msg_2"}
	delete(bare.Header, "Webhook-Signature")
	for _, one := range []struct {
		what   string
		d      messengers.Delivery
		heard  int
		status int
	}{
		{"an answer", delivery(key, "msg_1", good, now), 1, 0},
		{"one that hands the reader back", delivery(key, "msg_1", `{"token":"token","release":true}`, now), 1, 0},
		{"one with a file", delivery(key, "msg_1", `{"token":"token","text":"See there","files":[{"url":"x"}]}`, now), 1, 0},
		{"one with another key", delivery([]byte("another key"), "msg_1", good, now), 0, http.StatusUnauthorized},
		{"one of long ago", delivery(key, "msg_1", good, now.Add(-6*time.Minute)), 0, http.StatusUnauthorized},
		{"one of later", delivery(key, "msg_1", good, now.Add(6*time.Minute)), 0, http.StatusUnauthorized},
		{"one that was changed", changed, 0, http.StatusUnauthorized},
		{"one under another id", renamed, 0, http.StatusUnauthorized},
		{"one without a signature", bare, 0, http.StatusUnauthorized},
		{"one to another address", elsewhere, 0, http.StatusNotFound},
		{"what is no JSON", delivery(key, "msg_1", "hello", now), 0, http.StatusBadRequest},
	} {
		all, status := b.Receive(one.d)
		if len(all) != one.heard || status != one.status {
			t.Errorf("%s: %d %+v", one.what, status, all)
			continue
		}
		if len(all) == 1 && (all[0].Tokens[0] != "token" || len(all[0].Threads) > 0 || all[0].Release != strings.Contains(string(one.d.Body), "release") || (len(all[0].Files) > 0) != strings.Contains(string(one.d.Body), "files")) {
			t.Errorf("%s: %+v", one.what, all)
		}
	}
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	wordstest.Run(t, wordstest.Case{Set: webhook.Kind.Words, Code: []string{"."}, Built: settings.Keys(webhook.Kind.New())})
}
