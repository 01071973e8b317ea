package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest/kinds/gateway"
	"keypull/web/messengers/messengertest/kinds/official"
	"keypull/web/messengers/messengertest/kinds/pages"
	"keypull/web/messengers/messengertest/kinds/smsbox"
	"keypull/web/messengers/messengertest/kinds/workspace"
)

const (
	kindSecret = "kind-secret-that-no-log-may-hold"
	kindToken  = "kind-token-that-no-log-may-hold"
)

// plantKinds adds the suite's small kinds to those of the binary for one test.
func plantKinds(t *testing.T) {
	t.Helper()
	plantedMessengers = []messengers.Kind{workspace.Kind, smsbox.Kind, pages.Kind, official.Kind, gateway.Kind}
	t.Cleanup(func() { plantedMessengers = nil })
}

// platform stands in for the platforms of all of them: it takes every message.
type platform struct {
	*httptest.Server
	answer string
	mu     sync.Mutex
	got    []taken
}

// taken is a request that a platform took.
type taken struct{ path, query, token, body string }

func newPlatform(t *testing.T, answer string) *platform {
	t.Helper()
	p := &platform{answer: answer}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.got = append(p.got, taken{r.URL.Path, r.URL.RawQuery, r.Header.Get("Authorization"), string(body)})
		p.mu.Unlock()
		_, _ = io.WriteString(w, p.answer)
	}))
	t.Cleanup(p.Close)
	return p
}

// all returns the requests whose path ends so, and that hold a word.
func (p *platform) all(path, word string) []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []taken
	for _, g := range p.got {
		if strings.HasSuffix(g.path, path) && strings.Contains(g.body+g.query, word) {
			found = append(found, g)
		}
	}
	return found
}

// textBlock answers a word by a sentence.
func textBlock(word, text string) string {
	return sourceBlock(word, "text", "deadline = \"20s\"", fmt.Sprintf("answers = [{ text = %q }]", text)) + keywordBlock(word, word)
}

// kindBlock returns a channel of a kind, by whose name it is called.
func kindBlock(kind, words string, settings ...string) string {
	return fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = %q\n%s\n[publisher.channel.settings]\n%s\n", kind, kind, words, strings.Join(settings, "\n"))
}

func quoted(name, value string) string { return fmt.Sprintf("%s = %q", name, value) }

func TestAWorkspaceIsAnsweredInItsThreadAndItsCommandsInTheResponse(t *testing.T) {
	plantKinds(t)
	api := newPlatform(t, `{"ok":true,"ts":"180.1"}`)
	s := serveConfig(t, textBlock("tiramisu", "Whip the cream & <wait>."),
		kindBlock("workspace", "", quoted("bot_token", kindToken), quoted("signing_secret", kindSecret), quoted("api_base", api.URL)))
	post := func(kind, body string) posted {
		stamp := strconv.FormatInt(s.clock.Now().Unix(), 10)
		return request(t, http.MethodPost, s.URL+"/hook/lecker/workspace", body, map[string]string{
			"Content-Type": kind, "X-Workspace-Request-Timestamp": stamp, "X-Workspace-Signature": workspace.Sign(kindSecret, stamp, []byte(body)),
		})
	}
	event := func(inner string) posted {
		return post("application/json", `{"type":"event_callback","team_id":"T1","event":{`+inner+`}}`)
	}
	mention := `"type":"app_mention","channel_type":"channel","channel":"C1","user":"U1","ts":"170.2","text":"<@B> tiramisu"`
	for _, e := range []string{mention, mention, `"type":"message","channel_type":"channel","channel":"C1","user":"U2","ts":"170.3","text":"tiramisu"`,
		`"type":"message","subtype":"message_changed","channel_type":"im","channel":"D1","message":{"type":"message","user":"U1","ts":"170.4","text":"tiramisu"}`} {
		if got := event(e); got.status != http.StatusOK {
			t.Fatalf("%+v", got)
		}
	}
	eventually(t, "the mention is answered", func() bool { return len(api.all("/chat.postMessage", "Whip the cream")) == 1 })
	command := post("application/x-www-form-urlencoded", "text=tiramisu&user_id=U1&team_id=T1&channel_id=D1&trigger_id=tr.1")
	if command.status != http.StatusOK || !strings.Contains(command.body, `"response_type":"ephemeral"`) || !strings.Contains(command.body, `Whip the cream \u0026amp; \u0026lt;wait`) {
		t.Errorf("%+v", command)
	}
	s.settled()
	answers := api.all("/chat.postMessage", "")
	if len(answers) != 1 || !strings.Contains(answers[0].body, `"thread_ts":"170.2"`) || answers[0].token != "Bearer "+kindToken {
		t.Errorf("%+v", answers)
	}
	event(`"type":"reaction_added","user":"U1","reaction":"+1","item":{"ts":"180.1"}`)
	event(`"type":"reaction_added","user":"U1","reaction":"+1","item":{"ts":"99.9"}`)
	if h := s.channels.Find("lecker", "workspace").Health(); h.Liked != 1 {
		t.Errorf("%+v", h)
	}
}

func TestAGatewayThatAsksByGetTakesTheAnswerWithAHeaderOfItsOwn(t *testing.T) {
	plantKinds(t)
	api := newPlatform(t, "0: Accepted for delivery")
	s := serveConfig(t, textBlock("goals", "Зенит 2:1"), textBlock("news", "All is well."), kindBlock("smsbox", "",
		quoted("secret", kindSecret), quoted("password", kindToken), `username = "kp"`, quoted("sendsms_url", api.URL)))
	get := func(id, text string) posted {
		return request(t, http.MethodGet, s.URL+"/hook/lecker/smsbox/"+kindSecret+"?from=%2B336001&id="+id+"&text="+url.QueryEscape(text), "", nil)
	}
	if got := get("u1", "goals"); got.status != http.StatusOK || !strings.Contains(got.body, "Зенит 2:1") || got.header.Get("X-Kannel-Coding") != "2" {
		t.Errorf("%+v", got)
	}
	first, again := get("u2", "news"), get("u2", "news")
	if !strings.Contains(first.body, "All is well.") || first.header.Get("X-Kannel-Coding") != "" || again.body != first.body {
		t.Errorf("%+v\n%+v", first, again)
	}
	if got := request(t, http.MethodGet, s.URL+"/hook/lecker/smsbox/guess?from=1&id=3&text=news", "", nil); got.status != http.StatusNotFound || got.body != "" {
		t.Errorf("%+v", got)
	}
	if sent := api.all("", ""); len(sent) != 0 {
		t.Errorf("%+v", sent)
	}
}

func TestAnAppCarriesPagesOfTwoPublishers(t *testing.T) {
	plantKinds(t)
	api := newPlatform(t, `{"message_id":"mid.1"}`)
	page := func(number, token string) string {
		return kindBlock("pages", `app = "meta"`, quoted("page_id", number), quoted("access_token", token), quoted("api_base", api.URL))
	}
	s := serveConfig(t, textBlock("tiramisu", "Whip the cream."), page("102", kindToken),
		"\n[[publisher]]\nid = \"sport\"\nname = \"Sport\"\nlanguages = [\"en\"]\ntime_zone = \"Europe/Paris\"\n", textBlock("goals", "Two to one."), page("103", kindToken+"3"),
		"\n[[app]]\nid = \"meta\"\nkind = \"pageapp\"\noverlap = \"1h\"\n[app.settings]\n"+quoted("app_secret", kindSecret)+"\n"+quoted("verify_token", kindToken)+"\n")
	message := func(page, reader, mid, text string) string {
		return fmt.Sprintf(`{"id":%q,"messaging":[{"sender":{"id":%q},"message":{"mid":%q,"text":%q}}]}`, page, reader, mid, text)
	}
	deliver := func(sign string, entries ...string) posted {
		body := `{"object":"page","entry":[` + strings.Join(entries, ",") + `]}`
		return request(t, http.MethodPost, s.URL+"/hook/app/meta", body, map[string]string{"X-Hub-Signature-256": pages.Sign(sign, []byte(body))})
	}
	shown := request(t, http.MethodGet, s.URL+"/hook/app/meta?hub.verify_token="+kindToken+"&hub.challenge=42", "", nil)
	forged := deliver("guess", message("102", "P1", "m0", "tiramisu"))
	direct := request(t, http.MethodPost, s.URL+"/hook/lecker/pages", `{"entry":[`+message("102", "P1", "m0", "tiramisu")+`]}`, nil)
	unknown := request(t, http.MethodPost, s.URL+"/hook/app/other", "", nil)
	if shown.body != "42" || forged.status != http.StatusUnauthorized || direct.status != http.StatusUnauthorized || unknown.status != http.StatusNotFound {
		t.Errorf("%+v\n%+v\n%+v\n%+v", shown, forged, direct, unknown)
	}
	for range 2 {
		got := deliver(kindSecret, message("102", "P1", "m1", "tiramisu"), message("103", "P2", "m2", "goals"), message("104", "P3", "m3", "goals"))
		if got.status != http.StatusOK {
			t.Fatalf("%+v", got)
		}
	}
	eventually(t, "both are answered", func() bool { return len(api.all("/me/messages", "")) == 2 })
	s.settled()
	for word, want := range map[string][2]string{"Whip the cream.": {"Bearer " + kindToken, `"P1"`}, "Two to one.": {"Bearer " + kindToken + "3", `"P2"`}} {
		if got := api.all("/me/messages", word); len(got) != 1 || got[0].token != want[0] || !strings.Contains(got[0].body, want[1]) {
			t.Errorf("%s: %+v", word, got)
		}
	}
	if n := s.channels.App("meta").Strangers(); n != 2 {
		t.Errorf("%d parts for nobody", n)
	}
	const next = "the-secret-after-the-change"
	s.log.keepOut(next)
	b, err := os.ReadFile(s.path)
	if err == nil {
		err = os.WriteFile(s.path, []byte(strings.Replace(string(b), quoted("app_secret", kindSecret), quoted("app_secret", next), 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.restart()
	proven := func(want map[string]int) {
		t.Helper()
		for secret, status := range want {
			if got := deliver(secret, message("102", "P1", rand.Text(), "tiramisu")); got.status != status {
				t.Errorf("what %s proves is answered %d, want %d", secret, got.status, status)
			}
		}
	}
	proven(map[string]int{kindSecret: http.StatusOK, next: http.StatusOK, "guess": http.StatusUnauthorized})
	s.clock.advance(61 * time.Minute)
	proven(map[string]int{kindSecret: http.StatusUnauthorized, next: http.StatusOK})
	s.settled()
}

func TestThreeTriesOfOneAskGetOneAnswer(t *testing.T) {
	plantKinds(t)
	api, site := newPlatform(t, `{"errcode":0,"access_token":"hour"}`), newNewsSite(t)
	slow, release := site.feed("slow.xml", ""), make(chan struct{})
	let := sync.OnceFunc(func() { close(release) })
	defer let()
	slow.change(func(f *newsFeed) {
		f.raw = func(w http.ResponseWriter, _ *http.Request) {
			<-release
			_, _ = w.Write([]byte(rssFeed(rssItem("Edition one", "https://news.example/1", time.Now()))))
		}
	})
	s := serveConfig(t, feedBlock("slow", slow.url(), `deadline = "30s"`), keywordBlock("slow", "slow"), kindBlock("official", "",
		quoted("token", kindSecret), quoted("app_secret", kindToken), quoted("api_base", api.URL), `try = "3s"`))
	try := func() posted {
		query := "?timestamp=1&nonce=n&signature=" + official.Sign(kindSecret, "1", "n")
		return request(t, http.MethodPost, s.URL+"/hook/lecker/official"+query,
			`<xml><FromUserName>reader1</FromUserName><MsgType>text</MsgType><MsgId>41</MsgId><Content>slow</Content></xml>`, nil)
	}
	if first := try(); first.status != http.StatusServiceUnavailable || strings.Contains(first.body, "Content") {
		t.Errorf("%+v", first)
	}
	time.AfterFunc(100*time.Millisecond, let)
	second := try()
	third := try()
	if second.status != http.StatusOK || !strings.Contains(second.body, "Edition one") || third.body != second.body {
		t.Errorf("%+v\n%+v", second, third)
	}
	eventually(t, "the reader was shown that an answer is written", func() bool { return len(api.all("/typing", "reader1")) == 1 })
	s.settled()
	if sent := api.all("/send", ""); len(sent) != 0 {
		t.Errorf("it was sent as well: %+v", sent)
	}
}

// wire is a gateway that holds websockets open.
type wire struct {
	*platform
	socket *httptest.Server
	mu     sync.Mutex
	after  []string
	events []string
}

func newLine(t *testing.T) *wire {
	t.Helper()
	l := &wire{platform: newPlatform(t, "{}")}
	l.socket = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			l.Config.Handler.ServeHTTP(w, r)
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil || r.Header.Get("Authorization") != "Bearer "+kindSecret {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		after := r.URL.Query().Get("after")
		l.mu.Lock()
		l.after = append(l.after, after)
		waiting := l.events
		l.mu.Unlock()
		from, _ := strconv.Atoi(after)
		for _, e := range waiting[min(from, len(waiting)):] {
			if conn.Write(r.Context(), websocket.MessageText, []byte(e)) != nil {
				return
			}
		}
		_, _, _ = conn.Read(r.Context())
	}))
	t.Cleanup(l.socket.Close)
	return l
}

func (l *wire) waits(seq int, id, text string) {
	raw, _ := json.Marshal(map[string]any{"seq": seq, "id": id, "from": "ann@example.org", "text": text, "thread": "t" + id})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, string(raw))
}

func (l *wire) opened() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.after
}

func TestALineThatIsHeldOpenGoesOnWhereItWasLeftOverARestart(t *testing.T) {
	plantKinds(t)
	l := newLine(t)
	l.waits(1, "1", "tiramisu")
	l.waits(2, "2", "goals")
	s := serveConfig(t, textBlock("tiramisu", "Whip the cream."), textBlock("goals", "Two to one."), textBlock("news", "All is well."),
		kindBlock("gateway", "", quoted("token", kindSecret), quoted("base", l.socket.URL)))
	answered := func(word, thread string) func() bool {
		return func() bool {
			got := l.all("/messages", word)
			return len(got) == 1 && strings.Contains(got[0].body, thread)
		}
	}
	eventually(t, "the first is answered", answered("Whip the cream.", `"thread":"t1"`))
	eventually(t, "the second is answered", answered("Two to one.", `"thread":"t2"`))
	s.settled()
	s.stop()
	l.waits(3, "3", "news")
	s.start()
	eventually(t, "the third is answered", answered("All is well.", `"thread":"t3"`))
	s.settled()
	if after := l.opened(); len(after) != 2 || after[0] != "" || after[1] != "2" || len(l.all("/messages", "")) != 3 {
		t.Errorf("opened after %q; sent %+v", after, l.all("/messages", ""))
	}
}
