package webchat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"keypull/web/messengers/webchat"
)

func asset(t testing.TB, name string) string {
	t.Helper()
	body, contentType, ok := new(webchat.Chat).Asset(name)
	if !ok || contentType == "" || len(body) == 0 {
		t.Fatalf("%s: %d bytes of %q, %t", name, len(body), contentType, ok)
	}
	return string(body)
}

func TestTheWidgetAsksNobodyElseAndWritesNoHTML(t *testing.T) {
	js := asset(t, "chat.js")
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "document.cookie", "{{style}}", "//cdn", "@import", "url("} {
		if strings.Contains(js, word) {
			t.Errorf("the widget holds %q", word)
		}
	}
	for _, part := range strings.Split(js, "://")[1:] {
		if !strings.HasPrefix(part, "www.w3.org/2000/svg\"") {
			t.Errorf("an address of somebody else: %.40q", part)
		}
	}
}

func TestOnlyTheWidgetsFilesAreAssets(t *testing.T) {
	for _, name := range []string{"", "page.html", "chat.css", "../webchat.go", "static/chat.js"} {
		if _, _, ok := new(webchat.Chat).Asset(name); ok {
			t.Errorf("%q is handed out", name)
		}
	}
}

func TestThePageStandsAlone(t *testing.T) {
	page, err := open(t, map[string]any{"title": `<script>"&`, "theme": "dark"}).Page("fr")
	if err != nil {
		t.Fatal(err)
	}
	html := string(page)
	for _, want := range []string{
		`<html lang="fr" data-theme="dark">`, `<title>&lt;script&gt;&#34;&amp;</title>`,
		`src="/chat/lecker/test/chat.js"`, `href="/chat/lecker/test/page.css"`, "besoin de JavaScript",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in\n%s", want, html)
		}
	}
	if strings.Contains(html, "<style") || strings.Contains(html, "style=") || strings.Contains(html, "<script>") {
		t.Errorf("inline script or style in\n%s", html)
	}
}

func TestTheClientIsToldWhatItNeeds(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal(open(t, map[string]any{"consent": "May we?", "title": ""}).ClientConfig("fr"), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"title": "Lecker & Co", "theme": "auto", "consent": "May we?",
		"messages": "/chat/lecker/test/messages", "events": "/chat/lecker/test/events",
		"tickets": "/chat/lecker/test/tickets", "hint": "Un mot, p. ex. Tiramisu",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}
