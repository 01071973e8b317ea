package sourcetest

import (
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Env returns an environment whose client reaches the local machine only.
func Env(t testing.TB, base string) sources.Env {
	t.Helper()
	return EnvAt(t, base, time.Now)
}

// EnvAt is Env with a clock, by which its client also says when something arrived.
func EnvAt(t testing.TB, base string, clock func() time.Time) sources.Env {
	t.Helper()
	client := outside.New(outside.Options{Clock: clock, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	return sources.Env{
		ID: "test", Languages: []string{"en", "fr", "de"}, Client: client, Clock: clock,
		// #nosec G404 -- tests want the same numbers each time
		Rand: rand.New(rand.NewPCG(1, 2)), Logger: slog.New(slog.DiscardHandler),
		Folder: t.TempDir(), Base: base,
	}
}

// Open fills and opens a source, or ends the test, with which it is closed.
func Open(t testing.TB, kind sources.Kind, env sources.Env, values map[string]any) pull.Source {
	t.Helper()
	s := kind.New()
	if err := settings.Fill(s, values); err != nil {
		t.Fatal(err)
	}
	source, err := s.Open(env)
	if err != nil {
		t.Fatal(err)
	}
	if closer, ok := source.(pull.Closer); ok {
		t.Cleanup(func() {
			if err := closer.Close(); err != nil {
				t.Errorf("it cannot be closed: %v", err)
			}
		})
	}
	return source
}

// rig is a source of the case at work, with an upstream and a folder of its
// own.
type rig struct {
	Case
	source   pull.Source
	upstream *upstream
	env      sources.Env
	settings map[string]any
	log      *logBook
}

func (c Case) start(t *testing.T) rig {
	t.Helper()
	r := rig{Case: c, upstream: &upstream{healthy: c.Upstream}}
	server := httptest.NewServer(r.upstream)
	t.Cleanup(server.Close)
	r.env, r.settings, r.log = Env(t, c.Base), c.Settings(server.URL), &logBook{}
	r.env.Logger = slog.New(slog.NewTextHandler(r.log, nil))
	r.source = r.reopened(t)
	if r.Query.Count == 0 {
		r.Query.Count = 1
	}
	if r.Query.At.IsZero() {
		r.Query.At = time.Now()
	}
	return r
}

// reopened returns the same source in another process, at another moment.
func (r rig) reopened(t *testing.T) pull.Source {
	t.Helper()
	env := r.env
	env.Rand = rand.New(rand.NewPCG(rand.Uint64(), 2)) // #nosec G404 -- not the numbers of another process
	return Open(t, r.Kind, env, r.settings)
}

// safely fetches; a panic fails the test.
func (r rig) safely(t *testing.T, key string, last *pull.Snapshot) (s pull.Snapshot, err error) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("the fetch breaks down: %v", p)
			err = &pull.Error{Kind: pull.Unusable, Hint: words.Verbatim("it broke down")}
		}
	}()
	return r.source.Fetch(t.Context(), key, last)
}

// logBook is what a source logs.
type logBook struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns all of it.
func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (r rig) key(t *testing.T) string {
	t.Helper()
	key, err := r.source.Key(r.Query)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (r rig) fetch(t *testing.T) pull.Snapshot {
	t.Helper()
	s, err := r.source.Fetch(t.Context(), r.key(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r rig) choose(t *testing.T, s pull.Snapshot, q pull.Query) []what.Item {
	t.Helper()
	found, err := r.source.Select(t.Context(), s, q)
	if err != nil {
		t.Fatal(err)
	}
	return found.Items
}

// frozen returns a copy of a value to compare it with later.
func frozen(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Inspect fails the test where an item could do harm to a reader: markup in
// its texts, characters that turn or hide text, links that are not web
// addresses.
func Inspect(t testing.TB, items []what.Item) {
	t.Helper()
	if len(items) > pull.MaxSnapshotItems {
		t.Errorf("there are %d items; at most %d are allowed", len(items), pull.MaxSnapshotItems)
	}
	seen := map[string]bool{}
	for _, it := range items {
		if it.ID == "" || seen[it.ID] {
			t.Errorf("the id %q is empty or not the only one", it.ID)
		}
		seen[it.ID] = true
		texts := []string{it.Title, it.Summary, it.Body}
		for _, f := range it.Facts {
			texts = append(append(texts, f.Text), f.List...)
		}
		links := []string{it.Link}
		for _, m := range it.Media {
			texts, links = append(texts, m.Alt), append(links, m.URL)
		}
		inspectTexts(t, it.ID, texts)
		inspectLinks(t, it.ID, links)
	}
}

func inspectTexts(t testing.TB, id string, texts []string) {
	t.Helper()
	for _, text := range texts {
		lower := strings.ToLower(text)
		for _, tag := range []string{"<script", "</", "<img", "<svg", "<iframe", "<!--", "<a ", "<p>"} {
			if strings.Contains(lower, tag) {
				t.Errorf("item %q has markup in a text: %.80q", id, text)
			}
		}
		if !utf8.ValidString(text) {
			t.Errorf("item %q has a text that is not UTF-8: %.80q", id, text)
		}
		for _, r := range text {
			if r != '\n' && unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
				t.Errorf("item %q has the character %U in a text", id, r)
			}
		}
	}
}

func inspectLinks(t testing.TB, id string, links []string) {
	t.Helper()
	for _, link := range links {
		if link == "" {
			continue
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			t.Errorf("item %q has the link %q, which is no web address", id, link)
		}
	}
}
