package alarms_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/messengers"
)

// post is a messenger that sends letters.
type post struct {
	bot
	mu      sync.Mutex
	letters []messengers.Sending
	down    bool
}

func (*post) Mailbox(typed string) (string, bool) {
	return strings.ToLower(typed), strings.Count(typed, "@") == 1
}

func (p *post) Send(_ context.Context, s messengers.Sending) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: errors.New("the post office is closed")}
	}
	p.letters = append(p.letters, s)
	return "", nil
}

func (p *post) set(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// last returns the last letter, and how many came.
func (p *post) last() (messengers.Sending, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.letters) == 0 {
		return messengers.Sending{}, 0
	}
	return p.letters[len(p.letters)-1], len(p.letters)
}

// follow asks for the page of a link, or presses its button.
func (n *newsroom) follow(method, link, agent string) (status int, page string) {
	n.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		n.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(n.t.Context(), method, u.RequestURI(), nil)
	r.Header.Set("User-Agent", agent)
	w := httptest.NewRecorder()
	n.alarms.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestAMailboxIsToldOnceItsButtonIsPressed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, office := newNewsroom(t, "news"), &post{}
		n.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "mail", "email", office)})
		in := alarms.AlarmCreate{Of: console.Of{Publisher: "lecker"}, Way: "mailbox", Mailbox: "Desk@Example.org", AlarmKept: alarms.AlarmKept{Language: "de"}}
		office.set(true)
		if _, err := alarms.CreateAlarm.Call(n.operator(), in); pull.KindOf(err) != pull.Unavailable {
			t.Errorf("a mailbox that no letter reaches: %v", err)
		}
		office.set(false)
		made, err := alarms.CreateAlarm.Call(n.operator(), in)
		asked, _ := office.last()
		if err != nil || made.Alarm.State != "waits" || asked.Address != "desk@example.org" || made.Code+made.Secret != "" || asked.Subject != "Alarme von Lecker" {
			t.Fatalf("%+v %v %+v", made, err, asked)
		}
		_, link, _ := strings.Cut(asked.Text, "/alarm?")
		link, _, _ = strings.Cut("/alarm?"+link, "\n")
		n.upstream = func(string, time.Time) error { return errors.New("no") }
		_ = n.fetch("news")
		time.Sleep(5 * time.Minute)
		// A letter's scanners follow its link, as browsers or as themselves.
		for agent, method := range map[string]string{"Mozilla/5.0": http.MethodGet, "SafeLinks/1": http.MethodGet, "googlebot": http.MethodHead} {
			if status, page := n.follow(method, link, agent); status != http.StatusOK || !strings.Contains(page, "Ist das Ihr Postfach?") || !strings.Contains(page, "desk@example.org") {
				t.Errorf("%s is answered %d %s", agent, status, page)
			}
		}
		if status, _ := n.follow(http.MethodPut, link, "curl/8"); status != http.StatusMethodNotAllowed {
			t.Errorf("PUT is answered %d", status)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if status, page := n.follow(method, link+"x", "curl/8"); status != http.StatusNotFound || strings.Contains(page, "<form") {
				t.Errorf("another link is answered %d %s", status, page)
			}
		}
		if _, letters := office.last(); letters != 1 {
			t.Errorf("%d letters before it was confirmed", letters)
		}
		for _, method := range []string{http.MethodPost, http.MethodPost, http.MethodGet} {
			if status, page := n.follow(method, link, "python-requests/2"); status != http.StatusOK || !strings.Contains(page, "Bestätigt") {
				t.Errorf("the link is answered %d %s", status, page)
			}
		}
		time.Sleep(2 * time.Minute)
		told, letters := office.last()
		if letters != 2 || told.Subject != "Lecker: 1 Sache braucht Sie" || !strings.Contains(told.Text, "Quelle news: ist ausgefallen") || !strings.Contains(told.Text, "STOP") {
			t.Errorf("%d letters, the last is %+v", letters, told)
		}

		// What does not arrive shows, and is told when it can be.
		office.set(true)
		n.mu.Lock()
		n.upstream = nil
		n.mu.Unlock()
		time.Sleep(10 * time.Minute)
		failures, err := n.failures.Of(n.operator(), "lecker")
		if err != nil || len(failures) != 1 || failures[0].Code != "untold" || failures[0].Name != "desk@example.org" || !strings.Contains(failures[0].Text, "closed") {
			t.Errorf("%+v %v", failures, err)
		}
		office.set(false)
		time.Sleep(20 * time.Minute)
		if told, letters := office.last(); letters != 3 || !strings.Contains(told.Text, "Quelle news: vorbei") {
			t.Errorf("%d letters, the last is %+v", letters, told)
		}
		// Who answers STOP is told nothing more.
		n.alarms.Watch(pull.Ask{ID: 9, Publisher: "lecker", Channel: "mail", Reader: "leckermaildesk@example.org", At: time.Now()}, pull.Resolved{Reader: who.Reader{State: who.Stopped}})
		n.mu.Lock()
		n.upstream = func(string, time.Time) error { return errors.New("no") }
		n.mu.Unlock()
		time.Sleep(time.Hour)
		if _, letters := office.last(); letters != 3 {
			t.Errorf("%d letters after STOP", letters)
		}
		n.stop()
	})
}
