package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
)

// post posts a body to a path of the web chat.
func (s *service) post(path, body string, header map[string]string) posted {
	s.t.Helper()
	all := map[string]string{"Content-Type": "application/json"}
	maps.Copy(all, header)
	return request(s.t, http.MethodPost, s.URL+"/chat/lecker/web/"+path, body, all)
}

func (s *service) ticket(session string) string {
	s.t.Helper()
	var sold struct {
		Ticket  string
		Expires time.Time
	}
	got := s.post("tickets", fmt.Sprintf(`{"session":%q}`, session), nil)
	if err := json.Unmarshal([]byte(got.body), &sold); err != nil || got.status != http.StatusOK || sold.Ticket == "" || sold.Expires.IsZero() {
		s.t.Fatalf("no ticket: %d %s", got.status, got.body)
	}
	return sold.Ticket
}

func TestEventsTakeATicketOrAHeaderAndNoSessionInTheAddress(t *testing.T) {
	s, _ := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	events := s.URL + "/chat/lecker/web/events"
	refused := request(t, http.MethodGet, events+"?session="+session, "", nil)
	wantProblem(t, refused, http.StatusBadRequest, "session", "tickets")
	if !strings.Contains(refused.body, "Authorization: Bearer") || strings.Contains(refused.body, session) {
		t.Errorf("got %s", refused.body)
	}
	ticket := s.ticket(session)
	openStreamAt(t, events+"?ticket="+ticket, nil)
	wantProblem(t, request(t, http.MethodGet, events+"?ticket="+ticket, "", nil), http.StatusBadRequest, "ticket", "tickets")
	old := s.ticket(session)
	s.clock.advance(2 * time.Minute)
	wantProblem(t, request(t, http.MethodGet, events+"?ticket="+old, "", nil), http.StatusBadRequest, "ticket", "tickets")
	wantProblem(t, request(t, http.MethodGet, events, "", nil), http.StatusBadRequest, "ticket", "tickets")
	wantProblem(t, s.post("tickets", `{"session":"invented-session-1"}`, nil), http.StatusBadRequest, "session", "not a session of ours")
	openStreamAt(t, events, map[string]string{"Authorization": "Bearer " + session})
}

func TestASessionIsKnownAfterARestartAndAnInventedOneNever(t *testing.T) {
	s, _ := changingChat(t)
	session := s.chat(`{"text":"help"}`).Session
	s.knownReader("web", "session-of-a-reader-from-before")
	s.restart()
	s.chat(fmt.Sprintf(`{"text":"help","session":%q}`, session))
	s.chat(`{"text":"help","session":"session-of-a-reader-from-before"}`)
	wantProblem(t, s.post("messages", `{"text":"help","session":"session-that-somebody-invented"}`, nil), http.StatusBadRequest, "session", "not a session of ours")
}

func TestTenThousandInventedSessionsCloseNobodysStream(t *testing.T) {
	s, _ := changingChat(t, "budget = { asks = 0, sessions = 0, streams = 0 }")
	var streams []*bufio.Reader
	var sessions []string
	for range 20 {
		sessions = append(sessions, s.chat(`{"text":"help"}`).Session)
		streams = append(streams, bufio.NewReader(openStream(t, s.URL, sessions[len(sessions)-1], "")))
	}
	refused := 0
	for i := range 10_400 {
		got := request(t, http.MethodGet, s.URL+"/chat/lecker/web/events", "", map[string]string{"Authorization": fmt.Sprintf("Bearer invented-session-%06d", i)})
		if got.status == http.StatusBadRequest {
			refused++
		}
	}
	told := 0
	for i, stream := range streams {
		if _, err := s.channels.Find("lecker", "web").Messenger.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "still here"}, Address: sessions[i], Key: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
		if _, data := nextEvent(t, stream); strings.Contains(data, "still here") {
			told++
		}
	}
	t.Logf("of 10,400 invented sessions %d were refused; of 20 open streams %d are open still", refused, told)
	if refused != 10_400 || told != 20 {
		t.Errorf("%d refused, %d open", refused, told)
	}
}

func TestABurstCostsItsOwnAddressAlone(t *testing.T) {
	s, _ := changingChat(t, "budget = { asks = 5, sessions = 2, streams = 1 }")
	s.stop()
	text, err := os.ReadFile(s.path)
	if err == nil {
		text = []byte(strings.Replace(string(text), "[server]\n", "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n", 1))
		err = os.WriteFile(s.path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.start()
	from := func(address string) map[string]string { return map[string]string{"X-Forwarded-For": address} }
	for i, want := range []int{200, 200, 429, 429} {
		got := s.post("messages", `{"text":"help","language":"de"}`, from("192.0.2.1"))
		if got.status != want {
			t.Errorf("message %d: %d %s", i+1, got.status, got.body)
		}
		if want == http.StatusTooManyRequests && (got.header.Get("Retry-After") != "30" || !strings.Contains(got.body, "warten")) {
			t.Errorf("come again after %q: %s", got.header.Get("Retry-After"), got.body)
		}
	}
	if got := s.post("messages", `{"text":"help"}`, from("192.0.2.2")); got.status != http.StatusOK {
		t.Errorf("another address: %d %s", got.status, got.body)
	}
	// What a client writes before the proxy does counts for nothing.
	if got := s.post("messages", `{"text":"help"}`, from("198.51.100.7, 192.0.2.1")); got.status != http.StatusTooManyRequests {
		t.Errorf("an invented address: %d %s", got.status, got.body)
	}
}

func TestWhatAClientSaysOfTheServersNameIsNotBelieved(t *testing.T) {
	s, _ := changingChat(t)
	for _, header := range []map[string]string{
		{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Origin": "https://evil.example"},
		{"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"},
		{"X-Forwarded-Proto": "https", "Origin": strings.Replace(s.URL, "http:", "https:", 1)},
		{"X-Forwarded-Host": "evil.example, 127.0.0.1", "X-Url-Scheme": "https", "Origin": "https://evil.example"},
	} {
		if got := s.post("messages", `{"text":"help"}`, header); got.status != http.StatusForbidden || got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v: %d %s", header, got.status, got.body)
		}
	}
	local := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	if got := s.post("messages", `{"text":"help"}`, map[string]string{"Origin": local}); got.status != http.StatusOK {
		t.Errorf("this machine by its other name: %d %s", got.status, got.body)
	}
}

func TestTheLogNamesAProxyThatIsNotListedOnce(t *testing.T) {
	s, _ := changingChat(t)
	for range 3 {
		s.post("messages", `{"text":"help"}`, map[string]string{"X-Forwarded-For": "192.0.2.1"})
	}
	if log := s.log.String(); strings.Count(log, `"trusted_proxies":"127.0.0.1/32"`) != 1 || strings.Contains(log, "192.0.2.1") {
		t.Errorf("the log is %s", log)
	}
}
