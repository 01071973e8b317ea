package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
)

// deadURL returns an address at which nobody listens.
func deadURL(t *testing.T) string {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return "http://" + ln.Addr().String() + "/feed.xml"
}

func TestABadConfigurationIsRefusedWithASentenceForEachFault(t *testing.T) {
	telegram := telegramBlock("https://api.telegram.org")
	for _, tt := range []struct {
		name  string
		parts []string
		want  []string
	}{
		{"an unknown key", []string{strings.Replace(feedBlock("news", "https://example.org/", ""), "url =", "ulr =", 1), keywordBlock("news", "news")},
			[]string{"config.toml:", "publisher.source.settings.ulr: There is no such setting", `did you mean “url”?`}},
		{"a wrong type", []string{feedBlock("news", "https://example.org/", "max_age = 60")},
			[]string{"publisher.source.max_age: ", "60s"}},
		{"a missing setting", []string{sourceBlock("news", "feed", "")},
			[]string{"publisher.source.settings.url: Fill this in: it is required"}},
		{"a secret that is not set", []string{strings.Replace(telegram, botToken, "${KEYPULL_E2E_UNSET}", 1)},
			[]string{"publisher.channel.settings.token: The environment has no variable KEYPULL_E2E_UNSET"}},
		{"a webhook without a secret", []string{strings.Replace(telegram, hookSecret, "", 1)},
			[]string{"publisher.channel.settings.secret_token: A webhook needs a secret"}},
		{"a kind that is not there", []string{sourceBlock("news", "fed", "")},
			[]string{`publisher.source.kind: There is no kind “fed”; did you mean “feed”?`}},
		{"a source that is not there", []string{keywordBlock("news", "nwes")},
			[]string{`publisher.keyword.source: There is no source “nwes”`}},
		{"two sources of one id", []string{feedBlock("news", "https://example.org/", ""), feedBlock("news", "https://example.org/", "")},
			[]string{`publisher.source.id: Another source has the id “news”, on line `}},
		{"no TOML at all", []string{"\n<html>\n"}, []string{"This is no TOML"}},
		{"several faults at once", []string{feedBlock("news", "nonsense", `deadline = "soon"`), keywordBlock("news", "none")},
			[]string{"source.settings.url", "source.deadline", "keyword.source"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeConfig(t, tt.parts...)
			for _, name := range []string{"serve", "check", "ask"} {
				args := []string{name, "-c", path}
				if name == "ask" {
					args = append(args, "news")
				}
				code, stdout, stderr := command(context.Background(), args...)
				if code != cli.Findings {
					t.Errorf("%s ended with %d, want %d", name, code, cli.Findings)
				}
				for _, w := range tt.want {
					if !strings.Contains(stdout+stderr, w) {
						t.Errorf("%s said %q, want %q in it", name, stdout+stderr, w)
					}
				}
			}
		})
	}
}

func TestTwoKeywordsWithOnePhraseAreAFinding(t *testing.T) {
	path := writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), strings.Replace(keywordBlock("times", "hours"), `["times"]`, `["Hours!"]`, 1))
	code, stdout, _ := command(context.Background(), "check", "--offline", "-c", path)
	if code != cli.Findings || !strings.Contains(stdout, "“Hours!”") || !strings.Contains(stdout, "“hours”") {
		t.Errorf("check ended with %d and said %q", code, stdout)
	}
	code, stdout, _ = command(context.Background(), "check", "--offline", "--json", "-c", path)
	var f config.Finding
	if err := json.NewDecoder(strings.NewReader(stdout)).Decode(&f); err != nil || f.Code != "duplicate" || f.Line == 0 || code != cli.Findings {
		t.Errorf("check --json ended with %d and said %q", code, stdout)
	}
	// It stops nobody: the tie is offered.
	code, stdout, _ = command(context.Background(), "ask", "-c", path, "hours")
	if code != cli.Done || !strings.Contains(stdout, "Which one do you mean?") {
		t.Errorf("ask ended with %d and said %q", code, stdout)
	}
}

func TestAWrongCommandLineIsToldSo(t *testing.T) {
	good := writeConfig(t)
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no such command", []string{"sreve"}, cli.Usage, "did you mean keypull serve?"},
		{"no such flag", []string{"serve", "--port", "80"}, cli.Usage, "has no option --port"},
		{"words that nobody wants", []string{"serve", "now"}, cli.Usage, "now"},
		{"nothing to ask", []string{"ask", "-c", good}, cli.Usage, "write keypull ask WORDS…"},
		{"no moment", []string{"ask", "-c", good, "--at", "tomorrow", "news"}, cli.Usage, "2026-12-01T09:15:00+01:00"},
		{"no such file", []string{"serve", "-c", "/none/config.toml"}, cli.Findings, "There is no such file; keypull config prints one"},
		{"no such publisher", []string{"ask", "-c", good, "--publisher", "none", "news"}, cli.Findings, "There is no publisher “none”; known are lecker."},
		{"no such channel", []string{"ask", "-c", good, "--channel", "none", "news"}, cli.Findings, "There is no channel “none”."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := command(context.Background(), tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.want) {
				t.Errorf("ended with %d and said %q, want %d and %q", code, stdout+stderr, tt.code, tt.want)
			}
		})
	}
}

func TestABusyPortIsToldSo(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	t.Setenv("KEYPULL_SERVER_LISTEN", ln.Addr().String())
	// Who holds it is no predecessor that will leave it.
	t.Cleanup(func() { waits.address = patience })
	waits.address = 0
	code, _, stderr := command(t.Context(), "serve", "-c", writeConfig(t))
	if code != cli.Findings || !strings.Contains(stderr, "listen on "+ln.Addr().String()) || !strings.Contains(stderr, "[server] listen") {
		t.Errorf("serve ended with %d and said %q", code, stderr)
	}
}

func TestAnInstallationWithoutAPublisherIsAWarning(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "config.toml")
	if err := os.WriteFile(path, []byte("[server]\nlisten = \"127.0.0.1:0\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, _ := command(t.Context(), "check", "--offline", "-c", path)
	if code != cli.Done || !strings.Contains(stdout, "warning: ") || !strings.Contains(stdout, "[no_publisher]") {
		t.Errorf("check ended with %d and said %q", code, stdout)
	}
	over, end := context.WithCancel(t.Context())
	end()
	code, stdout, stderr := command(over, "serve", "-c", path)
	if code != cli.Done || !strings.Contains(stdout, "serves at http://localhost:") || !strings.Contains(stderr, "no_publisher") {
		t.Errorf("serve ended with %d and said %q", code, stdout+stderr)
	}
}

func TestARefusedStartLeavesNothingHalfMade(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("KEYPULL_STORE_URL", "bolt:"+filepath.Join(folder, "new", "keypull.db"))
	t.Setenv("KEYPULL_SECRETS_KEY_FILE", filepath.Join(folder, "nowhere", "keypull.key"))
	code, _, stderr := command(t.Context(), "serve", "-c", writeConfig(t))
	left, err := os.ReadDir(folder)
	if code != cli.Findings || !strings.Contains(stderr, "is not there") || err != nil || len(left) > 0 {
		t.Errorf("ended with %d, said %q and left %v", code, stderr, left)
	}
}

func TestAServerThatBreaksOffIsToldApartFromNone(t *testing.T) {
	path := writeConfig(t)
	socket := socketPath(strings.TrimSuffix(path, "config.toml") + "keypull.db")
	ln, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	code, _, stderr := command(t.Context(), "ask", "-c", path, "news")
	if code != cli.Unreachable || !strings.Contains(stderr, "The server ended before it answered") {
		t.Errorf("ask ended with %d and said %q, want %d", code, stderr, cli.Unreachable)
	}
}

// brokenFeeds are documents that are no good feed, and what is to be said.
var brokenFeeds = []struct {
	name  string
	serve http.HandlerFunc
	want  []string
}{
	{"a web page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><title>Lecker</title><link rel="alternate" type="application/rss+xml" href="/real.xml">`))
	}, []string{"a web page titled “Lecker”, not a feed", "/real.xml"}},
	{"nothing", func(http.ResponseWriter, *http.Request) {}, []string{"an empty document"}},
	{"a picture", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00"))
	}, []string{"no feed", "image/png"}},
	{"a feed that breaks off", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<rss version="2.0"><channel><item><title>Half an it`))
	}, []string{"the feed cannot be read"}},
	{"a feed of 100 MB", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<rss version="2.0"><channel>`))
		chunk := []byte(strings.Repeat("<item><title>x</title></item>", 1<<15))
		for sent := 0; sent < 100<<20; sent += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}, []string{"larger than allowed"}},
	{"a bomb of gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb())
	}, []string{"the answer is"}},
	{"an entity without end", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` +
			strings.Repeat("<rss>", 300)))
	}, []string{"the feed cannot be read"}},
	{"not found", http.NotFound, []string{"there is nothing at this address (404)"}},
	{"a fault of the server", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, []string{"a fault of its own (500)"}},
	{"a redirect without end", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		[]string{"redirects more than 5 times"}},
	{"a redirect to the inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
	}, []string{"169.254.169.254 is not a public address"}},
}

// bomb is 100 MB of blanks, compressed once: it takes a while.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 100 {
		_, _ = z.Write(blanks)
	}
	_ = z.Close()
	return b.Bytes()
})

func TestABrokenSourceIsNamedAndStopsNobodyElse(t *testing.T) {
	site, api := newNewsSite(t), newBotAPI(t)
	bomb() // before anybody waits for it
	parts := []string{
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		feedBlock("unreachable", deadURL(t), `deadline = "3s"`), keywordBlock("word-unreachable", "unreachable"),
		feedBlock("unnamed", "http://no-such-host.invalid/feed.xml", `deadline = "3s"`), keywordBlock("word-unnamed", "unnamed"),
		feedBlock("inside", "http://10.0.0.1/feed.xml", `deadline = "3s"`), keywordBlock("word-inside", "inside"),
		telegramBlock(api.URL),
	}
	wants := map[string][]string{
		"unreachable": {"no connection to the host"}, "unnamed": {"no-such-host.invalid"}, "inside": {"10.0.0.1"},
	}
	for i, b := range brokenFeeds {
		id := "broken-" + string(rune('a'+i))
		f := site.feed(id, "")
		f.raw = b.serve
		parts = append(parts, feedBlock(id, f.url(), `deadline = "10s"`), keywordBlock("word-"+id, id))
		wants[id] = b.want
	}
	path := writeConfig(t, parts...)
	code, stdout, _ := command(t.Context(), "check", "-c", path)
	if code != cli.Findings {
		t.Errorf("check ended with %d", code)
	}
	for id, want := range wants {
		line := lineWith(stdout, "source "+id+":")
		for _, w := range want {
			if !strings.Contains(line, w) {
				t.Errorf("check says of %s: %q, want %q in it", id, line, w)
			}
		}
		if !strings.HasPrefix(line, path+":") {
			t.Errorf("check does not say where %s stands: %q", id, line)
		}
	}

	s := serveConfig(t, parts...)
	for id := range wants {
		said := "word-" + id // what readers write stands in no log, and the source's id does
		if got := s.reply(api, newChat(), said); !strings.Contains(got, "There is no answer for “"+said+"” right now") {
			t.Errorf("%s was answered %q, want a refusal", said, got)
		}
	}
	if got := s.reply(api, newChat(), "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("beside the broken ones, hours was answered %q", got)
	}
}

// lineWith returns the first line that holds some words.
func lineWith(text, words string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, words) {
			return line
		}
	}
	return ""
}

func TestAFeedOfAnyBytesIsToldInGoodText(t *testing.T) {
	site, api := newNewsSite(t), newBotAPI(t)
	for _, tt := range []struct{ name, body, want string }{
		{"invalid UTF-8", rssFeed("<item><title>Crème brûlée \xff broken</title></item>"), "Crème brûlée"},
		{"Latin-1 without a word of it", rssFeed("<item><title>Caf\xe9 au lait \xe0 Paris</title></item>"), "Café au lait à Paris"},
		{"control characters", rssFeed("<item><title>One\x00\x08 two</title></item>"), "One two"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := site.feed("feed.xml", "")
			f.raw = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(tt.body)) }
			s := serveConfig(t, feedBlock("news", f.url(), ""), keywordBlock("news", "news"), telegramBlock(api.URL))
			if got := s.reply(api, newChat(), "news"); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
		})
	}
}
