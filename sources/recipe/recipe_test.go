package recipe_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files")

type values = map[string]any

var fetched = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestRecipe(t *testing.T) {
	page := read(t, "yoast.html")
	sourcetest.Run(t, sourcetest.Case{
		Kind:     recipe.Kind,
		Settings: func(upstream string) map[string]any { return values{"urls": []any{upstream + "/tiramisu/"}} },
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) }),
		Query:    pull.Query{Argument: "tiramisu", Count: 1},
		Bad: []sourcetest.Bad{
			{Name: "nothing", Settings: values{}, Field: "urls"},
			{Name: "two of them", Settings: values{"urls": []any{"https://a.example"}, "folder": "x"}, Field: "urls"},
			{Name: "a page that is none", Settings: values{"urls": []any{"javascript:x"}}, Field: "urls"},
			{Name: "a sitemap that is none", Settings: values{"sitemap": "sitemap.xml"}, Field: "sitemap"},
		},
		Hostile: map[string]string{
			"scripts and bad links": `<script type="application/ld+json">{"@type":"Recipe","name":"<script>alert(1)<\/script>X &lt;img src=x&gt;","url":"javascript:alert(1)","image":"data:image/png,x","recipeIngredient":["<a href=javascript:x>a</a>\u202e"],"recipeInstructions":"<svg onload=x>y</svg>z","recipeYield":"<b>4</b>"}</script>`,
			"wrong types":           `{"@type":"Recipe","name":["N"],"recipeIngredient":{"a":1},"recipeInstructions":7,"image":[[["x"]]],"totalTime":{},"recipeYield":[[]],"url":{"url":{}}}`,
			"deep lists":            `{"@type":"Recipe","name":"N","recipeInstructions":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
			"a step within itself":  `{"@graph":[{"@id":"#s","itemListElement":{"@id":"#s"}},{"@type":"Recipe","name":"N","recipeInstructions":{"@id":"#s"}}]}`,
			"many recipes":          `[` + strings.Repeat(`{"@type":"Recipe","name":"N"},`, 5000) + `{}]`,
		},
	})
}

func TestRecipesOfAFolder(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: recipe.Kind, Base: "testdata",
		Settings: func(string) map[string]any { return values{"folder": "."} },
		Query:    pull.Query{Argument: "soup", Count: 1},
		Bad:      []sourcetest.Bad{{Name: "no folder", Settings: values{"folder": ""}, Field: "urls"}},
	})
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// saved opens a book of one page whose client answers with a document.
func saved(t testing.TB, text []byte) pull.Source {
	t.Helper()
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: text, Fetched: fetched}, nil
	}})
	return sourcetest.Open(t, recipe.Kind, env, values{"urls": []any{"https://site.example/page"}})
}

func TestGoldenPages(t *testing.T) {
	for _, name := range []string{"yoast.html", "broken.html", "list.json", "plain-text.html"} {
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, read(t, name)).Fetch(t.Context(), "book", nil)
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
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestReplies(t *testing.T) {
	source := saved(t, read(t, "yoast.html"))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	replies := map[string]pull.Reply{}
	for _, language := range []string{"en", "fr", "de"} {
		replies[language] = source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language, Zone: time.UTC, At: fetched})
	}
	golden(t, "replies.json", replies)
}

// site is a server of recipe pages that a test can change.
type site struct {
	mu     sync.Mutex
	pages  map[string]string
	broken map[string]int
	asked  map[string]int
	server *httptest.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{pages: map[string]string{}, broken: map[string]int{}, asked: map[string]int{}}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.URL.Path]++
	if status := s.broken[r.URL.Path]; status != 0 {
		w.WriteHeader(status)
		return
	}
	text, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf(`"%d-%x"`, len(text), text[:min(len(text), 8)])
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(strings.ReplaceAll(text, "{site}", s.server.URL)))
}

func page(name string) string {
	return fmt.Sprintf(`<script type="application/ld+json">{"@type":"Recipe","name":%q,"recipeIngredient":["x"]}</script>`, name)
}

func titles(s pull.Snapshot) string {
	var all []string
	for _, it := range s.Items {
		all = append(all, it.Title)
	}
	return strings.Join(all, ",")
}

func TestARefreshIsConditionalPerPage(t *testing.T) {
	web := newSite(t)
	web.pages["/a"], web.pages["/b"] = page("Apple pie"), page("Bread")
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"urls": []any{web.server.URL + "/a", web.server.URL + "/b", web.server.URL + "/a"}})
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || titles(first) != "Apple pie,Bread" || first.Requests != 2 || first.Unchanged {
		t.Fatalf("first: %q after %d requests, %v", titles(first), first.Requests, err)
	}
	second, err := source.Fetch(t.Context(), "book", &first)
	if err != nil || titles(second) != "Apple pie,Bread" || !second.Unchanged {
		t.Fatalf("second: %q, unchanged %v, %v", titles(second), second.Unchanged, err)
	}
	web.pages["/b"] = page("Brioche, buttery")
	third, err := source.Fetch(t.Context(), "book", &second)
	if err != nil || titles(third) != "Apple pie,Brioche, buttery" || third.Unchanged {
		t.Fatalf("third: %q, unchanged %v, %v", titles(third), third.Unchanged, err)
	}
}

func TestAPageThatFailsKeepsItsRecipe(t *testing.T) {
	web := newSite(t)
	web.pages["/a"], web.pages["/b"] = page("Apple pie"), page("Bread")
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"urls": []any{web.server.URL + "/a", web.server.URL + "/b"}})
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	web.broken["/b"] = 500
	second, err := source.Fetch(t.Context(), "book", &first)
	if err != nil || titles(second) != "Apple pie,Bread" || len(second.Warnings) != 1 || !strings.Contains(second.Warnings[0], "/b") || second.Unchanged {
		t.Fatalf("%q, warnings %q, %v", titles(second), second.Warnings, err)
	}
	web.pages["/b"] = "<html>no recipe any more</html>"
	web.broken["/b"] = 0
	third, err := source.Fetch(t.Context(), "book", &second)
	if err != nil || titles(third) != "Apple pie,Bread" || len(third.Warnings) != 1 {
		t.Fatalf("%q, warnings %q, %v", titles(third), third.Warnings, err)
	}
	web.broken["/a"], web.broken["/b"] = 503, 503
	_, err = source.Fetch(t.Context(), "book", &third)
	if pull.KindOf(err) != pull.Unavailable {
		t.Errorf("with all pages down: %v", err)
	}
}

func TestSitemaps(t *testing.T) {
	web := newSite(t)
	web.pages["/index.xml"] = `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{site}/one.xml</loc></sitemap><sitemap><loc>{site}/gone.xml</loc></sitemap></sitemapindex>`
	web.pages["/one.xml"] = `<urlset><url><loc> {site}/a </loc><lastmod>2026-03-01</lastmod></url><url><loc>{site}/b</loc></url><url><loc>javascript:x</loc></url><url><loc>{site}/about</loc></url></urlset>`
	web.pages["/a"], web.pages["/b"], web.pages["/about"] = page("Apple pie"), page("Bread"), "<html>About us</html>"
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"sitemap": web.server.URL + "/index.xml"})
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || titles(first) != "Apple pie,Bread" || first.Requests != 6 {
		t.Fatalf("%q after %d requests, %v", titles(first), first.Requests, err)
	}
	second, err := source.Fetch(t.Context(), "book", &first)
	if err != nil || titles(second) != "Apple pie,Bread" || !second.Unchanged || web.asked["/a"] != 1 || web.asked["/b"] != 2 {
		t.Errorf("%q, unchanged %v, asked %v, %v", titles(second), second.Unchanged, web.asked, err)
	}
}

func TestASitemapMayBeZipped(t *testing.T) {
	web := newSite(t)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = fmt.Fprintf(z, "<urlset><url><loc>%s/a</loc></url></urlset>", web.server.URL)
	_ = z.Close()
	web.pages["/s.xml.gz"], web.pages["/a"] = b.String(), page("Apple pie")
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"sitemap": web.server.URL + "/s.xml.gz"})
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || titles(s) != "Apple pie" {
		t.Errorf("%q, %v", titles(s), err)
	}
}

func TestWhatIsNoSitemapSaysSo(t *testing.T) {
	web := newSite(t)
	web.pages["/s.xml"] = "<!doctype html><html><body><p>Hello</body>"
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"sitemap": web.server.URL + "/s.xml"})
	_, err := source.Fetch(t.Context(), "book", nil)
	var e *pull.Error
	if !errors.As(err, &e) || e.Kind != pull.Unavailable || e.Field != "sitemap" {
		t.Errorf("the error is %v", err)
	}
}

func TestAFileIsReadAgainWhenItChanged(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.html", page("Apple pie"))
	write("notes.txt", page("Not this"))
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, folder), values{"folder": "."})
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || titles(first) != "Apple pie" || first.Items[0].ID != "a.html" {
		t.Fatalf("%q, %v", titles(first), err)
	}
	second, err := source.Fetch(t.Context(), "book", &first)
	if err != nil || !second.Unchanged || second.Requests != 0 {
		t.Fatalf("unchanged %v, %d requests, %v", second.Unchanged, second.Requests, err)
	}
	write("a.html", page("Apple crumble"))
	write("b.jsonld", `{"@type":"Recipe","name":"Bread"}`)
	third, err := source.Fetch(t.Context(), "book", &second)
	if err != nil || titles(third) != "Apple crumble,Bread" {
		t.Errorf("%q, %v", titles(third), err)
	}
	if err := os.Remove(filepath.Join(folder, "a.html")); err != nil {
		t.Fatal(err)
	}
	fourth, err := source.Fetch(t.Context(), "book", &third)
	if err != nil || titles(fourth) != "Bread" || fourth.Unchanged {
		t.Errorf("%q, unchanged %v, %v", titles(fourth), fourth.Unchanged, err)
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	outsideFile := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(outsideFile, []byte(`{"@type":"Recipe","name":"Outside"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(outsideFile, filepath.Join(folder, "x.json")); err != nil {
		t.Fatal(err)
	}
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, folder), values{"folder": "."})
	if s, err := source.Fetch(t.Context(), "book", nil); err == nil && len(s.Items) > 0 {
		t.Errorf("it was read: %q", titles(s))
	}
}

func TestRecipesAreFoundByName(t *testing.T) {
	items := []what.Item{
		{ID: "https://x.example/2", Title: "Crème brûlée à la vanille"},
		{ID: "https://x.example/1", Title: "Crème brûlée", Facts: what.Facts{{Name: "alternate_names", Kind: what.List, List: []string{"Burnt cream"}}}},
		{ID: "https://x.example/3", Title: "Apple pie"},
	}
	source := saved(t, nil)
	for argument, want := range map[string]string{
		"https://x.example/2": "2", "creme brulee": "1", "BURNT CREAM": "1", "vanille creme": "2", "creme": "1,2", "brul": "1,2", "pie": "3", "pizza": "", "": "2,1,3", "?": "",
	} {
		found, err := source.Select(t.Context(), pull.Snapshot{Items: items}, pull.Query{Argument: argument, Count: 5})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, it := range found {
			ids = append(ids, it.ID[len(it.ID)-1:])
		}
		if got := strings.Join(ids, ","); got != want {
			t.Errorf("%q finds %q; want %q", argument, got, want)
		}
	}
	terms := source.(pull.Vocabulary).Terms(&pull.Snapshot{Items: items})
	want := what.Term{Value: "https://x.example/1", Names: []string{"Crème brûlée", "Burnt cream"}}
	if diff := cmp.Diff(want, terms[1]); diff != "" {
		t.Error(diff)
	}
}

func FuzzPage(f *testing.F) {
	for _, name := range []string{"yoast.html", "broken.html", "list.json", "plain-text.html"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := saved(t, text).Fetch(context.Background(), "book", nil)
		if err != nil {
			var e *pull.Error
			if !errors.As(err, &e) || e.Hint == "" || strings.Contains(err.Error(), "panic") {
				t.Errorf("the error is %v", err)
			}
			return
		}
		sourcetest.Inspect(t, s.Items)
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://x.example/a</loc><lastmod>2026</lastmod></url></urlset>"))
	f.Add([]byte("<sitemapindex><sitemap><loc>//x/a</loc></sitemap></sitemapindex>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		env := sourcetest.Env(t, "")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			body := text
			if r.URL != "https://x.example/sitemap.xml" {
				body = []byte(page("N"))
			}
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: body, Fetched: fetched}, nil
		}})
		source := sourcetest.Open(t, recipe.Kind, env, values{"sitemap": "https://x.example/sitemap.xml"})
		s, err := source.Fetch(context.Background(), "book", nil)
		if err == nil {
			sourcetest.Inspect(t, s.Items)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	text := append(bytes.Repeat([]byte("<div class=\"x\"><p>Some words of the page that nobody needs here.</p></div>\n"), 2600), read(b, "yoast.html")...)
	source := saved(b, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Fetch(b.Context(), "book", nil); err != nil {
			b.Fatal(err)
		}
	}
}
