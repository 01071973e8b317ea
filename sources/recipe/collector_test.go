package recipe_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

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
	if err != nil || titles(second) != "Apple pie,Bread" || len(second.Warnings) != 1 || !strings.Contains(second.Warnings[0].String(), "/b") || second.Unchanged {
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
	if !errors.As(err, &e) || e.Kind != pull.Unusable || e.Field != "sitemap" {
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
