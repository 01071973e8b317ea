package wechat_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/web/messengers"
)

// platform stands in for WeChat: each new token ends the one before, and each
// path is answered with what is left of its script, then with success.
type platform struct {
	URL    string
	mu     sync.Mutex
	script map[string][]string
	calls  []string
	bodies []string
	tokens int
	// old: there are no stable tokens.
	old bool
}

func newPlatform(t testing.TB, script map[string][]string) *platform {
	t.Helper()
	p := &platform{script: script}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/cgi-bin/")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.bodies = append(p.calls, path), append(p.bodies, string(body))
	answer := `{"errcode":0,"errmsg":"ok"}`
	left := p.script[path]
	switch {
	case len(left) > 0:
		answer, p.script[path] = left[0], left[1:]
	case path == "stable_token" && !p.old, path == "token" && r.URL.Query().Get("secret") == secret:
		p.tokens++
		answer = `{"access_token":"t` + strconv.Itoa(p.tokens) + `","expires_in":7200}`
	case path == "stable_token":
		w.WriteHeader(http.StatusNotFound)
	case r.URL.Query().Get("access_token") != "t"+strconv.Itoa(p.tokens):
		answer = `{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}`
	}
	_, _ = io.WriteString(w, answer)
}

func late(text string) messengers.Sending {
	return messengers.Sending{Message: messengers.Message{Text: text}, Address: ann, Key: "7.0", Why: messengers.Late}
}

func TestALateAnswerIsACustomerServiceMessage(t *testing.T) {
	p := newPlatform(t, nil)
	m := plain().Open(t, p.URL, nil)
	if _, err := m.Send(t.Context(), late(`提拉米苏 <b> & "c"`)); err != nil {
		t.Fatal(err)
	}
	if err := m.(messengers.Typist).Type(t.Context(), late("")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"appid":"wx0123456789abcdef","force_refresh":false,"grant_type":"client_credential","secret":"` + secret + `"}`,
		`{"touser":"` + ann + `","msgtype":"text","text":{"content":"提拉米苏 <b> & \"c\""}}`,
		`{"command":"Typing","touser":"` + ann + `"}`,
	}
	if diff := cmp.Diff(want, p.bodies); diff != "" {
		t.Error(diff)
	}
}

func TestAnAccessTokenIsGotOnceForAllAndAnewWhereItIsOver(t *testing.T) {
	const send = "message/custom/send"
	over := `{"errcode":42001,"errmsg":"access_token expired"}`
	for name, tt := range map[string]struct {
		script map[string][]string
		old    bool
		sends  int
		want   []string
		fault  messengers.Fault
	}{
		"twice":                    {nil, false, 2, []string{"stable_token", send, send}, ""},
		"over":                     {map[string][]string{send: {over}}, false, 1, []string{"stable_token", send, "stable_token", send}, ""},
		"over, again and again":    {map[string][]string{send: {over, over}}, false, 1, []string{"stable_token", send, "stable_token", send}, messengers.TokenInvalid},
		"no stable ones":           {nil, true, 1, []string{"stable_token", "token", send}, ""},
		"a secret that is unknown": {map[string][]string{"stable_token": {`{"errcode":40125,"errmsg":"invalid appsecret"}`}}, false, 1, []string{"stable_token"}, messengers.TokenInvalid},
		"busy":                     {map[string][]string{"stable_token": {`{"errcode":-1,"errmsg":"system error"}`}}, false, 1, []string{"stable_token"}, messengers.Temporary},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, tt.script)
			p.old = tt.old
			m := plain().Open(t, p.URL, nil)
			var err error
			for range tt.sends {
				_, err = m.Send(t.Context(), late("A"))
			}
			var e *messengers.SendError
			if tt.fault == "" && err != nil || tt.fault != "" && (!errors.As(err, &e) || e.Fault != tt.fault) {
				t.Errorf("got %v, want %q", err, tt.fault)
			}
			if diff := cmp.Diff(tt.want, p.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestManyAtOnceGetOneAccessToken(t *testing.T) {
	p := newPlatform(t, nil)
	m := plain().Open(t, p.URL, nil)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := m.Send(t.Context(), late("A")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if p.tokens != 1 {
		t.Errorf("%d tokens", p.tokens)
	}
}

func TestAnAccountIsToldWhatIsWrongWithIt(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		kind   pull.ErrorKind
		says   string
	}{
		"good":                        {`{"access_token":"t1","expires_in":7200}`, "", ""},
		"another secret":              {`{"errcode":40125,"errmsg":"invalid appsecret"}`, pull.Denied, "does not know this AppID"},
		"a server that is not listed": {`{"errcode":40164,"errmsg":"invalid ip 203.0.113.7, not in whitelist"}`, pull.Denied, "203.0.113.7"},
		"busy":                        {`{"errcode":-1,"errmsg":"system error"}`, pull.Unavailable, "a fault of its own"},
		"somebody else":               {`<html>`, pull.Unusable, "is not WeChat"},
	} {
		t.Run(name, func(t *testing.T) {
			m := plain().Open(t, newPlatform(t, map[string][]string{"stable_token": {tt.answer}}).URL, nil)
			err := m.(messengers.Trier).Try(t.Context())
			if (err == nil) != (tt.kind == "") || err != nil && (pull.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says)) {
				t.Errorf("got %v, want %s", err, tt.kind)
			}
			if err := m.(messengers.Answering).Answers(t.Context()); err != nil {
				t.Errorf("it does not answer: %v", err)
			}
		})
	}
}
