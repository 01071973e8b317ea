package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/cmd/keypull/demo"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
)

// runningAt returns the demo in a folder.
func runningAt(t *testing.T, folder string) *runningDemo {
	t.Helper()
	d, err := startDemo(t.Context(), folder, freeAddress(t.Context(), "127.0.0.1:0"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *runningDemo) end(t *testing.T) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Errorf("the demo did not end well: %v", err)
	}
}

// came is what an address answered.
type came struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    string
}

// get asks the demo for a page as a browser's address bar does.
func (d *runningDemo) get(t *testing.T, path string, cookies ...*http.Cookie) came {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "none")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Error(err)
	}
	return came{answer.StatusCode, answer.Header, answer.Cookies(), string(body)}
}

var talkInList = regexp.MustCompile(`/console/p/demo/conversations/[a-z2-7]{20,}`)

// A reader of the demo asks for a person; its editor sees who waits, and answers.
func (d *runningDemo) talksToAPerson(t *testing.T, cookies []*http.Cookie) {
	t.Helper()
	say := func(body string) (a chatAnswer) {
		t.Helper()
		got := request(t, http.MethodPost, d.server.URL+"/chat/demo/web/messages", body, jsonHeader)
		if err := json.Unmarshal([]byte(got.body), &a); err != nil || got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return a
	}
	asked := say(`{"text":"HUMAN","language":"en","consent":true}`)
	if !strings.Contains(asked.text(), "A person of The Daily Pull is asked for") {
		t.Fatal(asked.text())
	}
	list := d.get(t, "/console/p/demo/conversations", cookies...)
	at := talkInList.FindString(list.body)
	page := d.get(t, at, cookies...)
	_, rest, _ := strings.Cut(page.body, `name="_csrf" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	if at == "" || page.status != http.StatusOK {
		t.Fatalf("%q: %d", at, page.status)
	}
	form := url.Values{"_csrf": {token}, "key": {"a"}, "text": {"Good morning, what can I do?"}}
	got := request(t, http.MethodPost, d.server.URL+at+"/reply", form.Encode(), map[string]string{
		"Cookie": cookies[0].Name + "=" + cookies[0].Value, "Content-Type": "application/x-www-form-urlencoded", "Origin": d.server.URL, "Sec-Fetch-Site": "same-origin",
	})
	if got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	stream := bufio.NewReader(openStreamAt(t, d.server.URL+"/chat/demo/web/events", map[string]string{"Authorization": "Bearer " + asked.Session}))
	if _, data := nextEvent(t, stream); !strings.Contains(data, "Good morning, what can I do?") {
		t.Error(data)
	}
	if silent := say(`{"text":"news","session":"` + asked.Session + `"}`); silent.text() != "" {
		t.Errorf("beside the person the service says %q", silent.text())
	}
}

func TestTheDemosEditorComesInWithoutAPassword(t *testing.T) {
	d := runningAt(t, t.TempDir())
	defer d.end(t)
	if d.server.Welcome != "" {
		t.Errorf("the demo waits for a first owner at %s", d.server.Welcome)
	}
	entered := d.get(t, "/demo/console")
	if entered.status != http.StatusSeeOther || entered.header.Get("Location") != "/console/p/demo/today" || len(entered.cookies) != 1 {
		t.Fatalf("got %d to %q with %v", entered.status, entered.header.Get("Location"), entered.cookies)
	}
	today := d.get(t, "/console/p/demo/today", entered.cookies...)
	if got := today.header.Get("Content-Security-Policy"); today.status != http.StatusOK || !strings.Contains(got, "frame-ancestors 'self'") {
		t.Errorf("today: %d, policy %q", today.status, got)
	}
	d.talksToAPerson(t, entered.cookies)
	if again := d.get(t, "/demo/console", entered.cookies...); again.status != http.StatusSeeOther || len(again.cookies) != 0 {
		t.Errorf("who is signed in gets another session: %d, %v", again.status, again.cookies)
	}
}

func TestTheDemosConsoleOpensFromItsOwnMachineAlone(t *testing.T) {
	d := runningAt(t, t.TempDir())
	defer d.end(t)
	door := &demoDoor{}
	door.setServer(d.server)
	for _, tt := range []struct {
		host, from, site string
		open             bool
	}{
		{"127.0.0.1:8080", "127.0.0.1", "same-origin", true},
		{"localhost:8080", "127.0.0.1:4711", "none", true},
		{"[::1]:8080", "::1", "same-origin", true},
		{"localhost", "::ffff:127.0.0.1", "none", true},
		{"127.0.0.1:8080", "127.0.0.1", "cross-site", false},
		{"127.0.0.1:8080", "127.0.0.1", "same-site", false},
		{"127.0.0.1:8080", "127.0.0.1", "", false},
		{"demo.example.org:8080", "127.0.0.1", "same-origin", false},
		{"localhost.example.org", "127.0.0.1", "same-origin", false},
		{"192.0.2.7:8080", "127.0.0.1", "none", false},
		{"localhost:8080", "192.0.2.9", "none", false},
		{"", "127.0.0.1", "none", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/demo/console", http.NoBody)
		r.Host, r.RemoteAddr = tt.host, tt.from
		r.Header.Set("Sec-Fetch-Site", tt.site)
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, r)
		want, cookies := http.StatusForbidden, 0
		if tt.open {
			want, cookies = http.StatusSeeOther, 1
		}
		if got := len(answer.Result().Cookies()); answer.Code != want || got != cookies {
			t.Errorf("%+v: got %d with %d cookies, want %d with %d", tt, answer.Code, got, want, cookies)
		}
	}
}

func TestTheDemosDoorLeadsIntoTheConsoleAlone(t *testing.T) {
	const first = "/console/p/demo/today"
	for to, want := range map[string]string{
		"":                            first,
		"/console/p/demo/keywords":    "/console/p/demo/keywords",
		"/console/p/demo/sources?q=a": "/console/p/demo/sources?q=a",
		"/demo/":                      first,
		"/consoles":                   first,
		"//example.org/console/":      first,
		"https://example.org/console/p/demo/today": first,
		"/console/../demo/":                        first,
		"/console//example.org":                    first,
		"/console/\\example.org":                   first,
		"/console/%2e%2e/demo/":                    first,
		"/console/\r\nX: y":                        first,
		"javascript:alert(1)":                      first,
	} {
		if got := consolePage(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
	d := runningAt(t, t.TempDir())
	defer d.end(t)
	if got := d.get(t, "/demo/console?to="+url.QueryEscape("/console/p/demo/keywords/new")).header.Get("Location"); got != "/console/p/demo/keywords/new" {
		t.Errorf("the door leads to %q", got)
	}
}

func TestASecondStartOfTheDemoKeepsWhatWasChanged(t *testing.T) {
	folder := t.TempDir()
	first := runningAt(t, folder)
	world := first.world.URL()
	o := first.server.room.Publisher(demo.PublisherID)
	if o == nil || o.Provisioned || o.Meta.By != demoFounder || len(o.Keywords) < 20 || len(o.Sources) < 20 || len(o.Channels) != 1 {
		t.Fatalf("the demo's publisher is %+v", o)
	}
	past := askedBefore(t, first)
	word, _ := o.Keyword("latest")
	changed := *word
	changed.Phrases = map[string][]string{"en": {"extra extra"}}
	if _, err := first.server.room.Save(t.Context(), catalogue.Change{Publisher: o.ID, Resource: catalogue.ResourceKeyword, ID: "latest",
		Value: changed, When: o.MetaOf(catalogue.ResourceKeyword, "latest").Version, By: "somebody"}); err != nil {
		t.Fatal(err)
	}
	if err := first.server.room.Remove(t.Context(), catalogue.Change{Publisher: o.ID, Resource: catalogue.ResourceKeyword, ID: "news",
		When: o.MetaOf(catalogue.ResourceKeyword, "news").Version, By: "somebody"}); err != nil {
		t.Fatal(err)
	}
	first.end(t)

	second := runningAt(t, folder)
	defer second.end(t)
	o = second.server.room.Publisher(demo.PublisherID)
	if k, ok := o.Keyword("latest"); !ok || !slices.Equal(k.Phrases["en"], []string{"extra extra"}) {
		t.Errorf("the keyword that was changed is %+v", k)
	}
	if k, ok := o.Keyword("news"); ok {
		t.Errorf("the keyword that was removed is back: %+v", k)
	}
	if again := askedBefore(t, second); again != past || past < pastDays*15 {
		t.Errorf("before its first start the demo was asked %d times, and before its second %d", past, again)
	}
	if got := second.world.URL(); got != world {
		t.Errorf("the world moved from %s to %s, where no source looks for it", world, got)
	}
}

// askedBefore returns how often the demo was asked in the days before today.
func askedBefore(t *testing.T, d *runningDemo) (asks int) {
	t.Helper()
	today := journal.DemandDay(d.server.clock())
	if err := d.server.resources.demand.Figures(t.Context(), demo.PublisherID, today-pastDays, today, func(_ int, of journal.DayFigures) {
		for _, h := range of.Hours {
			asks += h.Asks
		}
	}); err != nil {
		t.Fatal(err)
	}
	return asks
}

func TestAPublisherThatIsGoneIsSetUpAnew(t *testing.T) {
	folder := t.TempDir()
	first := runningAt(t, folder)
	past := askedBefore(t, first)
	if err := first.server.room.Remove(t.Context(), catalogue.Change{Publisher: demo.PublisherID, Resource: catalogue.ResourcePublisher,
		ID: demo.PublisherID, When: first.server.room.Publisher(demo.PublisherID).Meta.Version}); err != nil {
		t.Fatal(err)
	}
	first.end(t)
	second := runningAt(t, folder)
	defer second.end(t)
	if o := second.server.room.Publisher(demo.PublisherID); o == nil || len(o.Keywords) < 20 {
		t.Errorf("after the next start there is %+v", o)
	}
	if again := askedBefore(t, second); again != past {
		t.Errorf("it was asked %d times before its first start, and %d before its next", past, again)
	}
}

// TestEveryKeywordOfTheDemoAnswers asks some, so that their sources have brought
// something, and looks for findings that speak against answering: there are none.
func TestEveryKeywordOfTheDemoAnswers(t *testing.T) {
	d := runningAt(t, t.TempDir())
	defer d.end(t)
	for _, word := range []string{"news", "tiramisu", "WIPRO", "nachrichten"} {
		if code, _, said := command(t.Context(), "ask", "-c", d.config, "--publisher", "demo", word); code != 0 {
			t.Fatal(said)
		}
	}
	if _, out, said := command(t.Context(), "check", "-c", d.config); out != "No findings.\n" {
		t.Errorf("check says %s%s", out, said)
	}
	code, out, said := command(t.Context(), "keyword", "list", "--json", "-c", d.config)
	if code != 0 || strings.Count(out, "\n") < 10 {
		t.Fatalf("%d: %s%s", code, out, said)
	}
	for line := range strings.Lines(out) {
		if !strings.Contains(line, `"state":"open"`) {
			t.Errorf("one does not answer: %s", line)
		}
	}
}
