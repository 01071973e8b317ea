package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// previewCase is a keyword whose preview must be what is sent.
type previewCase struct {
	name     string
	source   object
	keyword  object
	language string
	// messages is how many there must be, has what must stand in them.
	messages int
	has      []string
}

// picturedFeed returns a feed with one item that has a picture.
func picturedFeed(site *newsSite) string {
	site.feed("pictured.xml", "").raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		_, _ = fmt.Fprint(w, rssFeed(`<item><title>Fish &amp; chips "again"</title><link>https://news.example/a?b=1&amp;c=2</link>`+
			`<description>Twelve pages on "the" dish.</description><enclosure url="https://news.example/fish.jpg" length="1000" type="image/jpeg"/>`+
			`<pubDate>`+time.Now().Add(-50*time.Hour).UTC().Format(time.RFC1123Z)+`</pubDate></item>`))
	}
	return site.URL + "/pictured.xml"
}

func previewCases(site *newsSite) []previewCase {
	site.feed("quote", "").raw = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"last":"1234.50","change":"-1.25%%","currency":"EUR","at":%q}`, time.Now().UTC().Format(time.RFC3339))
	}
	feed := feedDoc("pictured", picturedFeed(site))
	long := strings.Repeat("A sentence of the long answer, <b>not bold</b> & with “quotes”. ", 110)
	return []previewCase{
		{"a feed item with link and picture", feed, wordDoc("pictured", "pictured"), "en", 1,
			[]string{"https://news.example/fish.jpg", `Fish &amp; chips \"again\"`, "https://news.example/a?b=1"}},
		{"signs of markup", textDoc("signs", `5 < 6 & "7" > 'x' <b>no</b> &amp; &#39;`), wordDoc("signs", "signs"), "en", 1, []string{"5 &lt; 6 &amp; "}},
		{"a quote without a stamp", object{"id": "share", "kind": "quote", "max_age": "0s", "settings": object{
			"url": site.URL + "/quote?s={symbol}", "price": "last", "change": "change", "currency": "currency", "as_of": "at"}},
			wordDoc("share", "share", object{"stamp": "never", "query": "ACME"}), "en", 1, []string{"1,234.50"}},
		{"ticked parts with labels in French", feed, object{"id": "parts", "source": "pictured", "phrases": object{"fr": []string{"poisson"}}, "reply": []object{
			{"show": "title", "label": object{"en": "Dish", "fr": "Plat"}}, {"show": "summary", "label": object{"fr": "Détail"}}, {"show": "link"},
		}}, "fr", 1, []string{"Plat", "Détail"}},
		{"a Liquid template", feed, wordDoc("liquid", "pictured", object{"template": "{{ item.title | upcase }} & {{ item.link }}"}), "en", 1,
			[]string{`FISH &amp; CHIPS \"AGAIN\" &amp; https://news.example/a`}},
		{"a long text in pieces", textDoc("long", long), wordDoc("long", "long"), "en", 2, []string{"not bold"}},
	}
}

// bodies returns what the API was sent for a chat, byte for byte.
func (a *botAPI) bodies(chat int64) []string {
	var all []string
	for _, c := range a.tries(chat) {
		all = append(all, c.Body)
	}
	return all
}

func TestAPreviewShowsTheBytesThatAreSent(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "channel", botDoc("tg", api, nil))
	there := map[string]bool{}
	for _, tt := range previewCases(site) {
		if id := textOf(tt.source, "id"); !there[id] {
			c.add("lecker", "source", tt.source)
			there[id] = true
		}
		chat := newChat()
		previewed := tt.wires(t, c, chat)
		c.add("lecker", "keyword", tt.keyword)
		s.samePreview(t, api, tt, chat, previewed)
	}
}

// wires returns the bodies that the preview of Telegram shows.
func (tt previewCase) wires(t *testing.T, c caller, chat int64) []string {
	t.Helper()
	got := c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/preview/keyword", object{
		"keyword": tt.keyword, "language": tt.language, "reader": strconv.FormatInt(chat, 10),
	})
	var out struct {
		Previews []struct {
			Channel  string
			Messages []struct{ Wire json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(got.body), &out); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range out.Previews {
		if p.Channel != "tg" {
			continue
		}
		for _, m := range p.Messages {
			all = append(all, string(m.Wire))
		}
	}
	if len(all) != tt.messages {
		t.Fatalf("%s: the preview has %d messages for Telegram, want %d: %s", tt.name, len(all), tt.messages, got.body)
	}
	return all
}

// samePreview asks for real, by the second message of a reader: the first is
// answered with a line that says who speaks.
func (s *service) samePreview(t *testing.T, api *botAPI, tt previewCase, chat int64, previewed []string) {
	t.Helper()
	s.tellIn(tt.language, chat, "help")
	eventually(t, "the first answer", func() bool { return len(api.bodies(chat)) > 0 })
	s.settled()
	before := len(api.bodies(chat))
	phrases := tableOf(tt.keyword, "phrases")
	words, _ := phrases[tt.language].([]string)
	s.tellIn(tt.language, chat, words[0])
	eventually(t, tt.name+" is sent", func() bool { return len(api.bodies(chat)) >= before+len(previewed) })
	s.settled()
	sent := api.bodies(chat)[before:]
	if len(sent) != len(previewed) {
		t.Fatalf("%s: %d messages were sent, the preview had %d", tt.name, len(sent), len(previewed))
	}
	for i := range sent {
		if sent[i] != previewed[i] {
			t.Errorf("%s: message %d was sent as\n%s\nand previewed as\n%s", tt.name, i+1, sent[i], previewed[i])
		}
	}
	for _, want := range tt.has {
		if !strings.Contains(strings.Join(sent, "\n"), want) {
			t.Errorf("%s: %s\nlacks %q", tt.name, strings.Join(sent, "\n"), want)
		}
	}
}

// tellIn is tell by somebody whose phone speaks a language.
func (s *service) tellIn(language string, chat int64, text string) {
	s.t.Helper()
	s.log.keepOut(text, strconv.FormatInt(chat, 10))
	update := strings.Replace(messageUpdate(newUpdate(), chat, text), `"language_code":"en"`, fmt.Sprintf(`"language_code":%q`, language), 1)
	if status := deliver(s.t, s.URL, update); status != http.StatusOK {
		s.t.Fatalf("the webhook answered %d", status)
	}
}
