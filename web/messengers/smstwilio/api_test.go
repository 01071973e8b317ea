package smstwilio_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// api stands in for Twilio's: it holds one number, and takes every message but
// those that its script says otherwise of.
type api struct {
	url string

	mu     sync.Mutex
	script []string // "201 {…}", or "cut"
	calls  []string
	forms  []url.Values
	hook   string
	list   string
}

func newAPI(t *testing.T, script ...string) *api {
	t.Helper()
	a := &api{script: script}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// ServeHTTP answers one call.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	user, password, _ := r.BasicAuth()
	a.mu.Lock()
	defer a.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+sid)
	a.calls, a.forms = append(a.calls, r.Method+" "+path), append(a.forms, form)
	if user != sid || password != token {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":20003,"message":"Authenticate","status":401}`)
		return
	}
	switch r.Method + " " + path {
	case "GET .json":
		_, _ = io.WriteString(w, `{"friendly_name":"Lecker","status":"active"}`)
	case "GET /IncomingPhoneNumbers.json":
		if r.URL.Query().Get("PhoneNumber") != "+33700000000" {
			_, _ = io.WriteString(w, `{"incoming_phone_numbers":[]}`)
			return
		}
		_, _ = fmt.Fprintf(w, `{"incoming_phone_numbers":[{"sid":"PN1","sms_url":%q,"sms_method":"POST"}]}`, a.hook)
	case "POST /IncomingPhoneNumbers/PN1.json":
		a.hook = form.Get("SmsUrl")
		_, _ = io.WriteString(w, `{"sid":"PN1"}`)
	case "GET /Messages.json":
		_, _ = io.WriteString(w, a.list)
	default:
		a.message(w)
	}
}

func (a *api) message(w http.ResponseWriter) {
	next := `201 {"sid":"SM1","status":"queued"}`
	if len(a.script) > 0 {
		next, a.script = a.script[0], a.script[1:]
	}
	if next == "cut" {
		panic(http.ErrAbortHandler)
	}
	status, answer, _ := strings.Cut(next, " ")
	code := 0
	_, _ = fmt.Sscan(status, &code)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, answer)
}

// platform is Twilio as it stands before a channel is set up: the number leads
// to a service of others.
func platform() messengertest.Platform {
	a := &api{hook: "https://demo.twilio.com/welcome/sms/reply/"}
	return messengertest.Platform{
		Handler: a, Changes: func(r *http.Request) bool { return r.Method == http.MethodPost },
		Kept: func() string { return "Lecker " + a.hook }, Others: "Lecker",
		Spoil: map[string]func(){"webhook": func() { a.hook = "https://elsewhere.example/sms" }},
	}
}

func (a *api) seen() (calls []string, forms []url.Values) {
	a.mu.Lock()
	defer a.mu.Unlock()
	calls, forms = a.calls, a.forms
	a.calls, a.forms = nil, nil
	return calls, forms
}

func message(text string, media ...what.Media) messengers.Sending {
	return messengers.Sending{Message: messengers.Message{Text: text, Media: media}, Address: "whatsapp:+4915100000001", Key: "3.0", Why: messengers.Answer, Asked: messengertest.Now()}
}

func TestCodesOfBothFamiliesMeanWhatTheySay(t *testing.T) {
	for code, want := range map[int]messengers.Fault{
		21610: messengers.Permanent, 63014: messengers.Blocked, 63016: messengers.WindowClosed, 63018: messengers.LimitedUntil, 63038: messengers.LimitedUntil,
		20003: messengers.TokenInvalid, 21606: messengers.TokenInvalid, 63007: messengers.TokenInvalid, 63026: messengers.TokenInvalid, 21211: messengers.Permanent, 21617: messengers.Permanent,
		63003: messengers.Permanent, 63010: messengers.Temporary, 30001: messengers.LimitedUntil, 99999: messengers.Permanent,
	} {
		a := newAPI(t, fmt.Sprintf(`400 {"code":%d,"message":"no","status":400}`, code))
		_, err := onWhatsApp().Open(t, a.url, nil).Send(t.Context(), message("Hi"))
		var send *messengers.SendError
		if !errors.As(err, &send) || send.Fault != want {
			t.Errorf("%d: got %v, want %s", code, err, want)
		} else if want == messengers.LimitedUntil && !send.RetryAt.After(messengertest.Now()) {
			t.Errorf("%d: again at %s", code, send.RetryAt)
		}
	}
}

func TestAPictureThatTwilioCannotTakeIsSentAsALink(t *testing.T) {
	a := newAPI(t, `400 {"code":63019,"message":"Media failed to download"}`)
	picture := what.Media{Type: what.Image, URL: "https://example.org/a.jpg"}
	id, err := onWhatsApp().Open(t, a.url, nil).Send(t.Context(), message("Hi", picture))
	_, forms := a.seen()
	if err != nil || id != "SM1" || len(forms) != 2 {
		t.Fatalf("got %q, %v, after %d requests", id, err, len(forms))
	}
	if forms[0].Get("MediaUrl") != picture.URL || forms[1].Get("Body") != "Hi\n\n"+picture.URL || forms[1].Has("MediaUrl") {
		t.Errorf("got %v", forms)
	}
	if forms[0].Get("StatusCallback") != hook+"/status/of/3.0" || forms[0].Get("From") != "whatsapp:+4930000000" {
		t.Errorf("got %v", forms[0])
	}
}

func TestButtonsTravelInTheTemplateForAsMany(t *testing.T) {
	a := newAPI(t)
	s := message("Which?", what.Media{Type: what.Image, URL: "https://example.org/a.jpg"})
	s.Buttons = []pull.Button{{Label: "One", Send: "o:1:t"}, {Label: "Two", Send: "o:2:t"}}
	m := onWhatsApp().Open(t, a.url, map[string]any{"buttons": []any{"HX01", "HX02", "HX03"}})
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	_, forms := a.seen()
	if len(forms) != 2 || forms[0].Get("ContentSid") != "HX02" || forms[0].Has("Body") || forms[1].Get("MediaUrl") != "https://example.org/a.jpg" {
		t.Errorf("got %v", forms)
	}
	if got := forms[0].Get("ContentVariables"); got != `{"1":"Which?","2":"One","3":"o:1:t","4":"Two","5":"o:2:t"}` {
		t.Errorf("got %s", got)
	}
}

func TestWhatMayHaveLeftIsLookedForBeforeItIsSentAgain(t *testing.T) {
	a := newAPI(t, "cut", "cut")
	m := onWhatsApp().Open(t, a.url, nil)
	if _, err := m.Send(t.Context(), message("Hi")); err == nil {
		t.Fatal("a cut connection is a success")
	}
	at := messengertest.Now().Add(time.Second).Format(time.RFC1123Z)
	a.list = `{"messages":[{"sid":"SM8","body":"Ho","date_created":"` + at + `"},{"sid":"SM9","body":"Hi","date_created":"` + at + `"}]}`
	a.seen()
	id, err := m.Send(t.Context(), message("Hi"))
	if calls, _ := a.seen(); err != nil || id != "SM9" || strings.Join(calls, ", ") != "GET /Messages.json" {
		t.Errorf("got %q, %v, by %v", id, err, calls)
	}
	if _, err := m.Send(t.Context(), message("Another")); err == nil {
		t.Fatal("a cut connection is a success")
	}
	a.list = `{"messages":[]}`
	if id, err = m.Send(t.Context(), message("Another")); err != nil || id != "SM1" {
		t.Errorf("what Twilio has not got is sent again: got %q, %v", id, err)
	}
}

func TestTheNumberLeadsToTheHook(t *testing.T) {
	a := newAPI(t)
	a.hook = "https://elsewhere.example/sms"
	front := suite().Open(t, a.url, nil).(messengers.ProfileSyncer)
	want := messengers.Drift{Part: "webhook", Has: "POST https://elsewhere.example/sms", Wants: "POST " + hook}
	for _, mend := range []bool{false, true} {
		if drift, err := front.SyncProfile(t.Context(), messengers.Profile{}, mend); err != nil || len(drift) != 1 || drift[0] != want {
			t.Fatalf("got %+v, %v", drift, err)
		}
	}
	a.seen()
	drift, err := front.SyncProfile(t.Context(), messengers.Profile{}, true)
	if calls, _ := a.seen(); err != nil || len(drift) != 0 || len(calls) != 1 {
		t.Errorf("a second time: %+v, %v, by %v", drift, err, calls)
	}
	_, err = suite().Open(t, a.url, map[string]any{"from": "+33711111111"}).(messengers.ProfileSyncer).SyncProfile(t.Context(), messengers.Profile{}, true)
	var e *pull.Error
	if !errors.As(err, &e) || e.Field != "from" || e.Kind != pull.Denied {
		t.Errorf("a number of others: got %v", err)
	}
	for _, from := range []string{"MG01", "whatsapp:+33700000000", "36123"} {
		if _, ok := suite().Open(t, a.url, map[string]any{"from": from}).(messengers.ProfileSyncer); ok {
			t.Errorf("%s is led here by the API", from)
		}
	}
}

func TestTheAccountIsTried(t *testing.T) {
	a := newAPI(t)
	m := suite().Open(t, a.url, nil)
	if err := m.(messengers.Trier).Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.(messengers.Accountable).Whose().In("en"); got != "This is Twilio’s account “Lecker”, and +33700000000 answers." {
		t.Errorf("got %q", got)
	}
	err := suite().Open(t, a.url, map[string]any{"auth_token": "wrong-0123456789"}).(messengers.Trier).Try(t.Context())
	if pull.KindOf(err) != pull.Denied {
		t.Errorf("a wrong token: %v", err)
	}
}
