package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestSnippetsAreListedWrittenAndDeletedInPageAPIAndCommand walks the one resource
// through the three faces.
func TestSnippetsAreListedWrittenAndDeletedInPageAPIAndCommand(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	const at = "/console/p/lecker/snippets"
	desk := s.deskOf("lecker")
	empty := request(t, http.MethodGet, s.URL+at, "", desk)
	if empty.status != http.StatusOK || !strings.Contains(empty.body, `href="`+at+`/new"`) || !strings.Contains(empty.body, `aria-current`) {
		t.Fatalf("the list is %d %s", empty.status, empty.body)
	}
	form := request(t, http.MethodGet, s.URL+at+"/new", "", desk)
	token := between(form.body, `name="_csrf" value="`)
	post := func(path string, values url.Values, status int) posted {
		t.Helper()
		values.Set("_csrf", token)
		got := request(t, http.MethodPost, s.URL+at+path, values.Encode(), desk)
		if got.status != status {
			t.Fatalf("%s was answered %d, want %d: %s", path, got.status, status, got.body)
		}
		return got
	}
	if refused := post("", url.Values{"text": {""}}, http.StatusUnprocessableEntity); !strings.Contains(refused.body, `href="#f-text"`) {
		t.Errorf("an empty text is refused with %s", refused.body)
	}
	post("", url.Values{"id": {"morning"}, "text": {"Good morning"}}, http.StatusSeeOther)
	if list := request(t, http.MethodGet, s.URL+at, "", desk); !strings.Contains(list.body, "morning: Good morning") {
		t.Errorf("the list shows %s", list.body)
	}

	// The API and the command know the same thing.
	stored := c.get("/publishers/lecker/snippets/morning")
	if textOf(stored.table("snippet"), "text") != "Good morning" {
		t.Errorf("%v", stored.object)
	}
	c.put("/publishers/lecker/snippets/morning", "snippet", func(d object) { d["text"] = "Hello" })
	stale := post("/morning", url.Values{"text": {"Mine"}, "version": {stored.header.Get("Etag")}, "stored": {"morning"}}, http.StatusConflict)
	if !strings.Contains(stale.body, "Hello") || !strings.Contains(stale.body, "Mine") {
		t.Errorf("two who write one thing see %s", stale.body)
	}
	do := func(operation, in, wants string) {
		t.Helper()
		if code, out, errs := command(t.Context(), "do", operation, in, "-c", s.path); code != 0 || !strings.Contains(out, wants) {
			t.Errorf("do %s: %d %s %s", operation, code, out, errs)
		}
	}
	do("snippet.list", `{"publisher": "lecker"}`, `"text": "Hello"`)
	do("snippet.create", `{"publisher": "lecker", "snippet": {"id": "night", "text": "Good night"}}`, "Good night")
	do("snippet.update", `{"publisher": "lecker", "id": "night", "version": "*", "snippet": {"text": "Sleep well"}}`, "Sleep well")
	do("snippet.delete", `{"publisher": "lecker", "id": "night", "version": "*"}`, "")
	c.want(http.StatusNotFound, http.MethodGet, "/publishers/lecker/snippets/night", nil)

	// What is deleted on its page is gone, for a server that begins anew too.
	sure := request(t, http.MethodGet, s.URL+at+"/morning/delete", "", desk)
	post("/morning/delete", url.Values{"version": {between(sure.body, `name="version" value="`)}}, http.StatusSeeOther)
	do("snippet.list", `{"publisher": "lecker"}`, `"snippets": []`)
}

// between returns what stands behind a text, up to the next quote.
func between(text, begin string) string {
	_, rest, _ := strings.Cut(text, begin)
	found, _, _ := strings.Cut(rest, `"`)
	return found
}
