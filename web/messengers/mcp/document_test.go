package mcp_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
)

func reading(path string, header map[string][]string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodGet, Path: path, Header: header}
}

func TestABrowserGetsAPageThatSaysHowToAddIt(t *testing.T) {
	m := open(t, map[string]any{"anonymous": true}, asking(1, keywords(3)...))
	for language, title := range map[string]string{
		"en": "Ask Lecker with your assistant", "fr-CH": "Demander à Lecker avec votre assistant", "de": "Lecker mit Ihrem Assistenten fragen", "es": "Pregunte a Lecker con su asistente",
	} {
		r := receive(t, m, reading("", map[string][]string{"Accept": {"text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}, "Accept-Language": {language}}))
		page := string(r.Body)
		for _, part := range []string{title, `<html lang="` + language[:2] + `"`, "https://example.org/mcp/lecker/ai", "Price Wipro", "Claude", "ChatGPT", `href="/mcp/lecker/ai/page.css"`} {
			if !strings.Contains(page, part) {
				t.Errorf("%s: the page lacks %q", language, part)
			}
		}
		policy := r.Header["Content-Security-Policy"]
		if r.ContentType != "text/html; charset=utf-8" || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(page, "<script") || strings.Contains(page, "style=") {
			t.Errorf("%s: %s %s", language, r.ContentType, policy)
		}
	}
	if r := receive(t, m, reading("page.css", nil)); r.ContentType != "text/css; charset=utf-8" || len(r.Body) == 0 {
		t.Errorf("the style is %s", r.ContentType)
	}
	if r := receive(t, m, reading("../secret", nil)); r.Status != http.StatusNotFound {
		t.Errorf("got %d", r.Status)
	}
}

func TestTheCardTellsHowToSpeakToTheServer(t *testing.T) {
	m := open(t, map[string]any{"anonymous": true, "listed": true}, nil)
	r := receive(t, m, reading("server-card", map[string][]string{"Origin": {"https://anybody.example"}}))
	var card struct {
		Schema      string `json:"$schema"`
		Name        string
		Version     string
		Description string
		Remotes     []struct {
			Type, URL string
			Versions  []string `json:"supportedProtocolVersions"`
			Headers   []struct {
				Name     string
				Required bool `json:"isRequired"`
				Secret   bool `json:"isSecret"`
			}
		}
		Tools any
	}
	if err := json.Unmarshal(r.Body, &card); err != nil || r.ContentType != "application/mcp-server-card+json" || r.Header["Access-Control-Allow-Origin"] != "*" {
		t.Fatalf("%v: %s %v", err, r.ContentType, r.Header)
	}
	if card.Schema == "" || card.Name != "example.org/lecker-ai" || card.Version == "" || card.Description == "" || len(card.Description) > 100 || card.Tools != nil {
		t.Errorf("the card is %s", r.Body)
	}
	if len(card.Remotes) != 1 || card.Remotes[0].URL != "https://example.org/mcp/lecker/ai" || card.Remotes[0].Headers[0].Required || !card.Remotes[0].Headers[0].Secret || strings.Contains(string(r.Body), token) {
		t.Errorf("the remotes are %s", r.Body)
	}
	if again := receive(t, m, reading("server-card", map[string][]string{"If-None-Match": {r.Header["Etag"]}})); again.Status != http.StatusNotModified || len(again.Body) > 0 {
		t.Errorf("asked again: %d", again.Status)
	}
	if listing, wanted := m.Listing(); !wanted || listing.URL != "https://example.org/mcp/lecker/ai/server-card" || !strings.HasPrefix(listing.Identifier, "urn:air:example.org:mcp:") {
		t.Errorf("the listing is %+v, %v", listing, wanted)
	}
	if _, wanted := open(t, nil, nil).Listing(); wanted {
		t.Error("a server is listed that nobody wanted listed")
	}
}
