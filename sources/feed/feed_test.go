package feed_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files")

func TestFeed(t *testing.T) {
	text := read(t, "wordpress.xml")
	sourcetest.Run(t, sourcetest.Case{
		Kind: feed.Kind,
		Settings: func(upstream string) map[string]any {
			return map[string]any{"url": upstream + "/feed.xml", "push_secret": pushSecret}
		},
		Push: signed,
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml")
			_, _ = w.Write(text)
		}),
		Query:      pull.Query{Argument: "tarte", Count: 1},
		Discovered: discovered(),
		Bad: []sourcetest.Bad{
			{Name: "no address", Settings: map[string]any{}, Field: "url"},
			{Name: "no web address", Settings: map[string]any{"url": "file:///etc/passwd"}, Field: "url"},
			{Name: "too many items", Settings: map[string]any{"url": "https://example.org", "items": 2001}, Field: "items"},
			{Name: "no items", Settings: map[string]any{"url": "https://example.org", "items": 0}, Field: "items"},
			{Name: "an unknown setting", Settings: map[string]any{"url": "https://example.org", "link": "x"}, Field: "link"},
		},
		Hostile: map[string]string{
			"scripts and bad links": string(read(t, "hostile.xml")),
			"many items":            "<rss><channel>" + strings.Repeat("<item><title>x</title></item>", 100_000) + "</channel></rss>",
			"texts beyond measure":  "<rss><channel><item><title>" + strings.Repeat("long ", 1_000_000) + "</title></item></channel></rss>",
			"JSON of wrong types":   `{"version":"https://jsonfeed.org/version/1","items":[1,"a",null,{"id":[]}]}`,
		},
		Dated: func(at ...time.Time) string {
			var b strings.Builder
			for _, when := range at {
				fmt.Fprintf(&b, "<item><title>Tarte of %d</title><guid>%[1]d</guid><pubDate>%s</pubDate></item>", when.Unix(), when.In(time.FixedZone("", -7200)).Format(time.RFC1123Z))
			}
			return "<rss><channel>" + b.String() + "</channel></rss>"
		},
		Zoneless: `<rss><channel>` +
			`<item><title>tarte 1</title><guid>1</guid><pubDate>Mon, 02 Mar 2026 09:00:00 IST</pubDate></item>` +
			`<item><title>tarte 2</title><guid>2</guid><pubDate>Mon, 02 Mar 2026 09:00:00 XYZ</pubDate></item>` +
			`<item><title>tarte 3</title><guid>3</guid><pubDate>2026-03-02 09:00:00</pubDate></item></channel></rss>`,
		Ahead: `<rss><channel>` +
			`<item><title>tarte to come</title><guid>1</guid><pubDate>Mon, 02 Mar 2093 12:00:00 GMT</pubDate></item>` +
			`<item><title>tarte of old</title><guid>2</guid><pubDate>Mon, 02 Mar 2015 12:00:00 GMT</pubDate></item></channel></rss>`,
		Twins: `<rss><channel>` +
			`<item><title>tarte</title><link>https://x.example/1</link><guid>1</guid></item>` +
			`<item><title>tarte</title><link>https://x.example/1</link><guid>1</guid></item>` +
			`<item><title>tarte</title><link>https://x.example/2</link><guid>1</guid></item></channel></rss>`,
	})
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name)) //nolint:gosec // a file of this folder
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fetched is when documents of the golden files left their origin.
var fetched = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// saved opens a feed whose client answers with a document.
func saved(t testing.TB, contentType string, text []byte) pull.Source {
	t.Helper()
	env := sourcetest.Env(t, "")
	env.Client = canned(contentType, text)
	return sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://site.example/rss/feed.xml"})
}

func TestGoldenDocuments(t *testing.T) {
	types := map[string]string{"header-charset.xml": "text/xml; charset=windows-1251", "bom.xml": "text/xml; charset=iso-8859-1"}
	names, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(names, "testdata/jsonfeed.json") {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, types[name], read(t, name)).Fetch(t.Context(), "feed", nil)
			if err != nil {
				t.Fatal(err)
			}
			sourcetest.Inspect(t, s.Items)
			golden(t, name, s.Items)
		})
	}
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".want")
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of this folder
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestWhatCameInPlaceOfAFeedIsNamed(t *testing.T) {
	cases := map[string]struct{ contentType, text, want string }{
		"a page that names its feed": {
			"text/html; charset=utf-8",
			`<html><head><title>Lecker – Start</title><link rel="alternate" type="application/rss+xml" href="/feed/"></head><body>`,
			"https://site.example/feed/",
		},
		"a page that names none": {"text/html", "<!doctype html><title>Sign in</title>", "titled “Sign in” (text/html)"},
		"nothing":                {"application/xml", "", "an empty document (application/xml)"},
		"something else":         {"text/plain", "Hello there", "beginning with “Hello there”"},
		"a broken feed":          {"text/xml", "<rss><channel><item><title>x", "damaged"},
		"a feed too deep":        {"text/xml", "<rss>" + strings.Repeat("<a>", 300), "256 deep"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := saved(t, c.contentType, []byte(c.text)).Fetch(t.Context(), "feed", nil)
			var e *pull.Error
			if !errors.As(err, &e) || e.Kind != pull.Unusable || !strings.Contains(e.Hint.String(), c.want) {
				t.Errorf("the error is %v; want a hint with %q", err, c.want)
			}
		})
	}
}

func TestAServerThatAlwaysSaysUnchangedIsAskedOnceMore(t *testing.T) {
	text := read(t, "wordpress.xml")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cache-Control") != "no-cache" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if r.Header.Get("If-None-Match") != "" {
			t.Error("the second request is conditional")
		}
		_, _ = w.Write(text)
	}))
	defer s.Close()
	source := sourcetest.Open(t, feed.Kind, sourcetest.Env(t, ""), map[string]any{"url": s.URL})
	for name, last := range map[string]*pull.Snapshot{"no last": nil, "an empty last": {Validators: pull.Validators{ETag: `"x"`}}} {
		got, err := source.Fetch(t.Context(), "feed", last)
		if err != nil || len(got.Items) == 0 || got.Requests != 2 || got.Unchanged {
			t.Errorf("with %s: %d items after %d requests, error %v", name, len(got.Items), got.Requests, err)
		}
	}
}

func TestItemsAreFoundByAllWords(t *testing.T) {
	source := saved(t, "", read(t, "wordpress.xml"))
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]int{"": 4, "tarte": 2, "TORT": 1, "tarte flat": 1, "tarte rocket": 0, "sweets": 1, "future": 1, "older escaped": 1, "!!!": 4} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 10})
		if err != nil || len(found.Items) != want {
			t.Errorf("%q finds %d items, error %v; want %d", argument, len(found.Items), err, want)
		}
	}
}

func TestTheNewestItemsAreKept(t *testing.T) {
	var text strings.Builder
	text.WriteString("<rss><channel>")
	for i := range 2500 {
		fmt.Fprintf(&text, "<item><title>n%d</title><guid>%d</guid><pubDate>%s</pubDate></item>", i, i, fetched.Add(time.Duration(i-3000)*time.Minute).Format(time.RFC1123Z))
	}
	text.WriteString("</channel></rss>")
	env := sourcetest.Env(t, "")
	env.Client = canned("", []byte(text.String()))
	source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://site.example/", "items": 10})
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Items) != 10 || s.Items[0].Title != "n1999" || len(s.Warnings) != 1 {
		t.Errorf("%d items, the first %q, warnings %q", len(s.Items), s.Items[0].Title, s.Warnings)
	}
}

func TestTextBeforeAFeedIsPassedOver(t *testing.T) {
	text := append([]byte("<br />\n<b>Warning</b>: something in <b>x.php</b><br />\n"), read(t, "latin1.xml")...)
	s, err := saved(t, "", text).Fetch(t.Context(), "feed", nil)
	if err != nil || len(s.Items) != 1 || len(s.Warnings) != 1 {
		t.Errorf("%d items, warnings %q, %v", len(s.Items), s.Warnings, err)
	}
}

func TestReplies(t *testing.T) {
	source := saved(t, "", read(t, "wordpress.xml"))
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	replies := map[string]pull.Reply{}
	for _, language := range []string{"en", "fr", "de"} {
		v := pull.Voice{Language: language, Zone: time.FixedZone("CET", 3600), At: fetched}
		replies[language+" one"] = source.(pull.Speaker).Say(s.Items[1:2], v)
		replies[language+" many"] = source.(pull.Speaker).Say(s.Items[:2], v)
	}
	golden(t, "replies.json", replies)
}

func FuzzDocument(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, ".want") {
			f.Add(read(f, filepath.Base(name)), "text/xml")
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, contentType string) {
		s, err := saved(t, contentType, text).Fetch(t.Context(), "feed", nil)
		if err != nil {
			var e *pull.Error
			if !errors.As(err, &e) || e.Hint.IsZero() || strings.Contains(fmt.Sprint(err), "panic") {
				t.Errorf("the error is %v", err)
			}
			return
		}
		sourcetest.Inspect(t, s.Items)
	})
}

func BenchmarkHundredItems(b *testing.B) {
	var text strings.Builder
	text.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>b</title>`)
	for i := range 100 {
		fmt.Fprintf(&text, `<item><title>Item %d</title><link>https://x.example/%d</link><guid>%d</guid><pubDate>Mon, 02 Mar 2026 09:%02d:00 +0000</pubDate><description><![CDATA[<p>%s</p><p><a href="/x">More</a></p>]]></description></item>`,
			i, i, i, i%60, strings.Repeat("A sentence of some words. ", 32))
	}
	text.WriteString("</channel></rss>")
	source := saved(b, "application/rss+xml", []byte(text.String()))
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Fetch(b.Context(), "feed", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelectByWords(b *testing.B) {
	items := make([]what.Item, 100)
	for i := range items {
		items[i] = what.Item{ID: fmt.Sprint(i), Title: "A headline of some words", Summary: strings.Repeat("A sentence of some words. ", 12)}
	}
	source := saved(b, "", nil)
	for b.Loop() {
		if _, err := source.Select(b.Context(), pull.Snapshot{Items: items}, pull.Query{Argument: "nothing like it", Count: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

// pushSecret is what the tests' outlet signs its pushes with.
const pushSecret = "a-secret-that-nobody-sees"

// signed returns a push that takes an article back, signed by Standard Webhooks.
func signed(settings map[string]any) pull.Push {
	at := time.Now()
	id := fmt.Sprint("msg_", at.UnixNano())
	stamp, body := fmt.Sprint(at.Unix()), `{"withdraw": ["https://lecker.example/older"]}`
	secret, _ := settings["push_secret"].(string)
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(id + "." + stamp + "." + body))
	return pull.Push{Method: http.MethodPost, At: at, Body: []byte(body), Header: map[string][]string{
		"Webhook-Id": {id}, "Webhook-Timestamp": {stamp},
		"Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))},
	}}
}
