package recipe_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

const root = "https://big.example/sitemap.xml"

// big is a site of many recipes whose every answer takes a while.
type big struct {
	mu       sync.Mutex
	sitemaps map[string]string
	takes    time.Duration
	asked    map[string]int
	// silent is after how many answers the server answers no more.
	silent int
}

func (s *big) answer(ctx context.Context, r outside.Request) (outside.Response, error) {
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return outside.Response{}, &outside.Error{Reason: outside.TimedOut, Hint: words.Verbatim("it took too long"), Err: ctx.Err()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasSuffix(r.URL, "/robots.txt") {
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte("User-agent: *\nDisallow: /private\n")}, nil
	}
	s.asked[r.URL]++
	if s.silent--; s.silent == 0 {
		s.silent = 1
		return outside.Response{}, &outside.Error{Reason: outside.Unreachable, Hint: words.Verbatim("nobody is there")}
	}
	text, ok := s.sitemaps[r.URL]
	if !ok {
		n := strings.TrimPrefix(r.URL, "https://big.example/")
		text = fmt.Sprintf(`<script type="application/ld+json">{"@type":"Recipe","name":"Dish %s","datePublished":%q,"recipeInstructions":"Cook it."}</script>`,
			n, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, len(n)).Format(time.DateOnly))
	}
	return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(text)}, nil
}

// requests counts the requests since it was last called.
func (s *big) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, times := range s.asked {
		n += times
	}
	s.asked = map[string]int{}
	return n
}

func urlset(from, to int, stamp string) string {
	var b strings.Builder
	b.WriteString("<urlset>")
	for n := from; n < to; n++ {
		_, _ = fmt.Fprintf(&b, "<url><loc>https://big.example/%d</loc><lastmod>%s</lastmod></url>", n, stamp)
	}
	b.WriteString("</urlset>")
	return b.String()
}

// crawl opens the site's source in a folder.
func crawl(t *testing.T, s *big, folder string) pull.Source {
	t.Helper()
	s.asked = map[string]int{}
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: s.answer})
	env.Folder = folder
	return sourcetest.Open(t, recipe.Kind, env, values{"sitemap": root})
}

// minute fetches as a flight does.
func minute(t *testing.T, source pull.Source, last *pull.Snapshot) pull.Snapshot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := source.Fetch(ctx, "book", last)
	if err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatal("the fetch came back after its time")
	}
	sourcetest.Inspect(t, s.Items)
	return s
}

// held counts the recipes that a source knows.
func held(source pull.Source, s pull.Snapshot) int { return len(source.(pull.Vocabulary).Terms(&s)) }

func TestALargeSiteIsReadInSeveralFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pages = 600
		site := &big{takes: 250 * time.Millisecond, sitemaps: map[string]string{root: urlset(0, pages, "2026-01-01")}}
		source := crawl(t, site, t.TempDir())
		start := time.Now()
		last := minute(t, source, nil)
		if n := held(source, last); n < 20 || time.Since(start) > 10*time.Second || !last.Unfinished {
			t.Fatalf("after %s %d recipes are held", time.Since(start), n)
		}
		fetches, requests := 1, site.requests()
		for last.Unfinished {
			s := minute(t, source, &last)
			if held(source, s) < held(source, last) || s.Revision == last.Revision {
				t.Fatalf("fetch %d holds %d recipes, the one before %d", fetches, held(source, s), held(source, last))
			}
			if s.Unfinished && !strings.Contains(s.Warnings[0].String(), fmt.Sprintf("%s of 600 recipes are held", thousands(held(source, s)))) {
				t.Fatalf("the editor is told %q", s.Warnings)
			}
			last = s
			requests += site.requests()
			if fetches++; fetches > 9 {
				t.Fatal("it has no end")
			}
		}
		// What is under way when the time is up may be asked for once more.
		if requests > pages+5*fetches || held(source, last) != pages || len(last.Warnings) > 0 {
			t.Errorf("%d fetches took %d requests for %d recipes, %q", fetches, requests, held(source, last), last.Warnings)
		}
		site.sitemaps[root] = strings.Replace(site.sitemaps[root], "/77</loc><lastmod>2026-01-01", "/77</loc><lastmod>2026-02-02", 1)
		if s := minute(t, source, &last); site.requests() != 2 || held(source, s) != pages || s.Revision == last.Revision {
			t.Errorf("one changed page leaves %d recipes, %q", held(source, s), s.Warnings)
		}
	})
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func TestACrawlGoesOnInAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &big{takes: 2 * time.Second, sitemaps: map[string]string{root: urlset(0, 200, "2026-01-01")}}
		folder := t.TempDir()
		one := crawl(t, site, folder)
		first := minute(t, one, nil)
		first = minute(t, one, &first)
		read := held(one, first)
		if asked := site.requests() - 2; read < asked-4 || asked >= 200 || !first.Unfinished {
			t.Fatalf("%d recipes of %d pages", read, asked)
		}
		if err := one.(pull.Closer).Close(); err != nil {
			t.Fatal(err)
		}
		site.takes = time.Millisecond
		// The snapshot may be older than the index, or gone.
		other := crawl(t, site, folder)
		second := minute(t, other, nil)
		if n := site.requests(); held(other, second) != 200 || n != 200-read+1 || second.Unfinished {
			t.Errorf("%d recipes after %d and %d requests, %q", held(other, second), read, n, second.Warnings)
		}
		found, err := other.Select(t.Context(), second, pull.Query{Argument: "Dish 199", Count: 1})
		if err != nil || len(found.Items) != 1 || found.Items[0].Facts[0].List[0] != "Cook it." {
			t.Errorf("it finds %+v, %v", found, err)
		}
	})
}

func TestASpoiltIndexBeginsAnew(t *testing.T) {
	site := &big{sitemaps: map[string]string{root: urlset(0, 5, "2026-01-01")}}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "recipes.db"), bytes.Repeat([]byte("spoilt"), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	source := crawl(t, site, folder)
	s, err := source.Fetch(t.Context(), "book", &pull.Snapshot{Extra: []byte("spoilt"), Unfinished: true})
	if err != nil || len(s.Items) != 5 || len(s.Warnings) != 0 || s.Unfinished {
		t.Errorf("%d recipes, %q, %v", len(s.Items), s.Warnings, err)
	}
}

func TestWhatTheOwnerForbidsIsNotRead(t *testing.T) {
	site := &big{sitemaps: map[string]string{root: strings.Replace(urlset(0, 5, "2026-01-01"), "example/3<", "example/private/3<", 1)}}
	source := crawl(t, site, t.TempDir())
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != 4 || site.asked["https://big.example/private/3"] > 0 || len(s.Warnings) != 1 {
		t.Errorf("%d recipes, %q, %v; asked %v", len(s.Items), s.Warnings, err, site.asked)
	}
}

func TestAPageThatIsGoneLeavesWithItsRecipe(t *testing.T) {
	web := newSite(t)
	web.pages["/s.xml"] = `<urlset><url><loc>{site}/a</loc></url><url><loc>{site}/b</loc></url></urlset>`
	web.pages["/a"], web.pages["/b"] = page("Apple pie"), page("Bread")
	source := sourcetest.Open(t, recipe.Kind, sourcetest.Env(t, ""), values{"sitemap": web.server.URL + "/s.xml"})
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(first.Items) != 2 {
		t.Fatal(err, titles(first))
	}
	delete(web.pages, "/a")
	second, err := source.Fetch(t.Context(), "book", &first)
	if err != nil || titles(second) != "Bread" || second.Revision == first.Revision {
		t.Errorf("%q, %v", titles(second), err)
	}
}

func TestAServerThatFallsSilentLosesNothing(t *testing.T) {
	synctest.Test(t, silentServer)
}

func silentServer(t *testing.T) {
	site := &big{silent: 101, takes: 10 * time.Millisecond, sitemaps: map[string]string{root: urlset(0, 400, "2026-01-01")}}
	source := crawl(t, site, t.TempDir())
	first, err := source.Fetch(t.Context(), "book", nil)
	if err == nil {
		first, err = source.Fetch(t.Context(), "book", &first)
	}
	if err != nil || held(source, first) != 98 {
		t.Fatalf("%d recipes, %v", held(source, first), err)
	}
	if n := site.requests(); n > 120 {
		t.Errorf("a silent server was asked %d times", n)
	}
	site.silent = 0
	last, fetches := first, 0
	for last.Unfinished && fetches < 9 {
		if last, err = source.Fetch(t.Context(), "book", &last); err != nil {
			t.Fatal(err)
		}
		fetches++
	}
	if n := site.requests(); held(source, last) != 400 || n != 400-98+fetches {
		t.Errorf("%d recipes after %d fetches and %d requests", held(source, last), fetches, n)
	}
}

func TestAnIndexOfManySitemapsIsReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		index := &strings.Builder{}
		site := &big{takes: 500 * time.Millisecond, sitemaps: map[string]string{}}
		index.WriteString("<sitemapindex>")
		for n := range 40 {
			url := fmt.Sprintf("https://big.example/s%d.xml", n)
			_, _ = fmt.Fprintf(index, "<sitemap><loc>%s</loc><lastmod>2026-01-0%d</lastmod></sitemap>", url, 1+n%9)
			site.sitemaps[url] = urlset(10*n, 10*n+10, "2026-01-01")
		}
		index.WriteString("</sitemapindex>")
		site.sitemaps[root] = index.String()
		source := crawl(t, site, t.TempDir())
		var last *pull.Snapshot
		requests := 0
		for fetches := 0; last == nil || held(source, *last) < 400; fetches++ {
			s := minute(t, source, last)
			last = &s
			if requests += site.requests(); fetches > 20 {
				t.Fatalf("after %d fetches there are %d recipes: %q", fetches, held(source, s), s.Warnings)
			}
		}
		if requests > 400+40+10*20 {
			t.Errorf("it took %d requests", requests)
		}
		s := minute(t, source, last)
		if n := site.requests(); n != 1 || held(source, s) != 400 || !s.Unchanged {
			t.Errorf("nothing changed, and %d requests were sent, %q", n, s.Warnings)
		}
	})
}
