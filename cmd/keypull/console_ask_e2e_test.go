package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAnEditorAsksAsAReaderAndSeesWhy(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("kiosk")
	c.add("kiosk", "source", textDoc("hours", "We open at nine."))
	c.add("kiosk", "keyword", wordDoc("hours", "hours"))
	session, err := measuredServer{s.Server}.SignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, said string
		want       []string
	}{
		{"nothing yet", "", []string{"Write what a reader might send"}},
		{"a keyword", "hours", []string{"We open at nine.", "Answered", `href="/console/p/kiosk/keywords/hours"`, `href="/console/p/kiosk/sources/hours"`}},
		{"a word that nobody knows", "zeppelin", []string{"Not found", "zeppelin"}},
		{"a command", "STOP", []string{"A command of the service"}},
		{"markup", `<script>alert(1)</script>`, []string{html.EscapeString(`<script>alert(1)</script>`)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := viewed(t, s.URL+"/console/p/kiosk/ask?"+url.Values{"q": {tt.said}}.Encode(), session)
			for _, want := range tt.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if strings.Contains(page, "<script>alert") {
				t.Error("the page runs what a reader wrote")
			}
		})
	}
	if got := c.get("/publishers/kiosk/today"); got.table("day")["asks"] != float64(0) {
		t.Errorf("what an editor tried was counted: %s", got.body)
	}
}

// viewed returns a page as somebody sees it who is signed in.
func viewed(t *testing.T, address string, session *http.Cookie) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(session)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, answer.Status, err)
	}
	return string(body)
}
