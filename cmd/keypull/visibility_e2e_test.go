package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestReadinessTellsStrangersOnlyWhetherAsksAreTaken(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	feed := site.feed("feed.xml", "Edition")
	s := serveWith(t, ServerOptions{}, feedBlock("news", feed.url(), ""), keywordBlock("news", "news"), telegramBlock(api.URL),
		"\n[[publisher]]\nid = \"other\"\nname = \"Other\"\nlanguages = [\"en\"]\n", chatBlock())
	s.reply(api, newChat(), "news")
	open := s.readyz("")
	s.stop()
	s.publish("https://pull.example.org")
	s.start()
	s.reply(api, newChat(), "news")
	all := s.token(t, "token create probe")
	lecker, other := s.token(t, "token create probe --publisher lecker --role viewer"), s.token(t, "token create probe --publisher other --role owner")
	for name, tt := range map[string]struct {
		token string
		want  []string
	}{
		"a stranger":           {"", []string{"ready"}},
		"a wrong token":        {"kp_" + strings.Repeat("a", 60), []string{"ready"}},
		"the installation's":   {all, slices.Sorted(maps.Keys(open))},
		"a publisher's":        {lecker, []string{"channels", "ready", "sources", "version"}},
		"another publisher's":  {other, []string{"channels", "ready", "sources", "version"}},
		"one letter too much":  {all + "a", []string{"ready"}},
		"one letter too short": {all[:len(all)-1], []string{"ready"}},
	} {
		if got := slices.Sorted(maps.Keys(s.readyz(tt.token))); !slices.Equal(got, tt.want) {
			t.Errorf("%s sees %v, want %v", name, got, tt.want)
		}
	}
	for token, publisher := range map[string]string{lecker: "lecker", other: "other"} {
		seen := s.readyz(token)
		body := string(seen["sources"]) + string(seen["channels"])
		if !strings.Contains(body, publisher) || strings.Contains(body, map[string]string{"lecker": "other", "other": "lecker"}[publisher]) {
			t.Errorf("%s sees %s", publisher, body)
		}
	}
}

// publish has the world reach the service at a URL, from its next start on.
func (s *service) publish(url string) {
	s.t.Helper()
	text, err := os.ReadFile(s.path)
	if err == nil {
		err = os.WriteFile(s.path, bytes.Replace(text, []byte("[server]\n"), []byte("[server]\npublic_url = \""+url+"\"\n"), 1), 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// token makes a token by a command.
func (s *service) token(t *testing.T, args string) string {
	t.Helper()
	token := strings.TrimSpace(s.printed(t, args))
	s.log.keepOut(token)
	return token
}

func (s *service) readyz(token string) map[string]json.RawMessage {
	s.t.Helper()
	header := map[string]string{}
	if token != "" {
		header["Authorization"] = "Bearer " + token
	}
	got := request(s.t, http.MethodGet, s.URL+"/readyz", "", header)
	var seen map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got.body), &seen); err != nil || got.status != http.StatusOK {
		s.t.Fatalf("/readyz answered %d %s", got.status, got.body)
	}
	return seen
}
