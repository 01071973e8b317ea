package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestAnAssistantGoesOnInItsSession: a choice is asked with, in the words that the
// answer gave, and in the language of the reader.
func TestAnAssistantGoesOnInItsSession(t *testing.T) {
	s, _ := askedPublisher(t, assistantTokens())
	c := s.assistant(&http.Client{Transport: bearing{assistantToken}})
	menu, text, _ := callTool(t, c, "ask", map[string]any{"text": "menu", "language": "fr"})
	if menu.Status != "choice" || menu.Language != "fr" || len(menu.Choices) < 2 || !strings.Contains(text, menu.Choices[1].Send) {
		t.Fatalf("the menu: %+v", menu)
	}
	for _, choice := range menu.Choices {
		if choice.Send != "k:news" {
			continue
		}
		news, _, _ := callTool(t, c, "ask", map[string]any{"text": choice.Send, "session": menu.Session, "language": "fr"})
		if news.Status != "found" || news.Session != menu.Session || news.Language != "fr" {
			t.Errorf("the choice: %+v", news)
		}
	}
	for text, want := range map[string]string{"price": "refused", "price Nobody": "refused", "xyzzy frobnicate": "refused", "price TCS": "refused"} {
		if a, _, _ := callTool(t, c, "ask", map[string]any{"text": text, "language": "de"}); a.Status != want || a.Language != "de" || a.Reply == "" || len(a.Items) > 0 {
			t.Errorf("%q: %+v, want %s", text, a, want)
		}
	}
}

// TestWhereAssistantsCome: the server is at its own address alone, and what tells
// of it beside.
func TestWhereAssistantsCome(t *testing.T) {
	s, _ := askedPublisher(t, "anonymous = true", "listed = true\n"+chatBlock())
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	browser := map[string]string{"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate", "Accept-Language": "de"}
	for _, tt := range []struct {
		method, path, body string
		header             map[string]string
		status             int
		want               string
	}{
		{"POST", "/mcp/lecker/ai", ping, jsonHeader, 200, `"result":{}`},
		{"POST", "/hook/lecker/ai", ping, jsonHeader, 404, ""},
		{"POST", "/mcp/lecker/web", ping, jsonHeader, 404, ""},
		{"POST", "/mcp/lecker/nobody", ping, jsonHeader, 404, ""},
		{"GET", "/mcp/lecker/ai", "", map[string]string{"Accept": "text/event-stream"}, 405, ""},
		{"DELETE", "/mcp/lecker/ai", "", nil, 405, ""},
		{"POST", "/mcp/lecker/ai", ping, map[string]string{"Content-Type": "application/json", "Origin": "https://evil.example"}, 403, ""},
		{"GET", "/mcp/lecker/ai", "", browser, 200, "Lecker mit Ihrem Assistenten fragen"},
		{"GET", "/mcp/lecker/ai/page.css", "", nil, 200, "main {"},
		{"GET", "/mcp/lecker/ai/server-card", "", nil, 200, `/mcp/lecker/ai"`},
		{"GET", "/.well-known/ai-catalog.json", "", nil, 200, `/mcp/lecker/ai/server-card"`},
	} {
		got := request(t, tt.method, s.URL+tt.path, tt.body, tt.header)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, got.status, got.body)
		}
	}
	page := request(t, "GET", s.URL+"/mcp/lecker/ai", "", browser)
	if policy := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || page.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the page's headers are %v", page.header)
	}
	catalogue := request(t, "GET", s.URL+"/.well-known/ai-catalog.json", "", nil)
	var told struct {
		SpecVersion string
		Entries     []struct{ Identifier, Type, URL string }
	}
	if err := json.Unmarshal([]byte(catalogue.body), &told); err != nil || told.SpecVersion != "1.0" || len(told.Entries) != 1 || catalogue.header.Get("Content-Type") != "application/ai-catalog+json" {
		t.Errorf("the catalogue is %v %s", catalogue.header, catalogue.body)
	}
	hidden, _ := askedPublisher(t, "anonymous = true")
	if got := request(t, "GET", hidden.URL+"/.well-known/ai-catalog.json", "", nil); got.status != http.StatusNotFound {
		t.Errorf("what nobody wants listed is: %d %s", got.status, got.body)
	}
}

// TestATokenIsTakenAwayInTheConsole: it opens nothing any more at once, and is
// shown to nobody.
func TestATokenIsTakenAwayInTheConsole(t *testing.T) {
	s := serveConfig(t)
	s.log.keepOut(assistantToken)
	c := s.admin()
	c.outlet("gazette")
	channel := func(settings object) object {
		return object{"id": "ai", "kind": "mcp", "settings": settings}
	}
	one, another := object{"name": "desk", "token": assistantToken}, object{"name": "kitchen", "token": "e2e-token-of-another"}
	made := c.add("gazette", "channel", channel(object{"tokens": []object{one, another}}))
	if strings.Contains(made.body, assistantToken) || !strings.Contains(made.body, "/mcp/gazette/ai") {
		t.Errorf("the channel is told as %s", made.body)
	}
	ask := func() int {
		return request(t, http.MethodPost, s.URL+"/mcp/gazette/ai", `{"jsonrpc":"2.0","id":1,"method":"ping"}`,
			map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + assistantToken}).status
	}
	if status := ask(); status != http.StatusOK {
		t.Errorf("the token gets %d", status)
	}
	s.restart()
	if status := ask(); status != http.StatusOK {
		t.Errorf("after a restart the token gets %d", status)
	}
	c.put("/publishers/gazette/channels/ai", "channel", func(doc object) { doc["settings"] = object{"tokens": []object{another}} })
	if status := ask(); status != http.StatusUnauthorized {
		t.Errorf("a token that was taken away gets %d", status)
	}
	c.want(http.StatusUnprocessableEntity, http.MethodPost, "/publishers/gazette/channels", object{"channel": object{"id": "shut", "kind": "mcp", "settings": object{}}})
}
