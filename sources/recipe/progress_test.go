package recipe_test

import (
	"context"
	"fmt"
	"net/http"
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

func TestASiteOfThousandsOfPagesIsReadInSeveralFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &big{takes: 100 * time.Millisecond, sitemaps: map[string]string{root: urlset(0, 5300, "2026-01-01")}}
		source := crawl(t, site, t.TempDir())
		var last *pull.Snapshot
		fetches, requests := 0, 0
		for partial := true; partial; fetches++ {
			s := minute(t, source, last)
			if last != nil && len(s.Items) < len(last.Items) {
				t.Fatalf("fetch %d holds %d recipes, the one before %d", fetches, len(s.Items), len(last.Items))
			}
			partial = strings.Contains(fmt.Sprint(s.Warnings), "the next fetch goes on")
			if partial != s.Unfinished {
				t.Fatalf("unfinished is %v: %q", s.Unfinished, s.Warnings)
			}
			if partial && !strings.Contains(s.Warnings[0].String(), fmt.Sprintf("%s of 5,300 recipes are held", thousands(len(s.Items)))) {
				t.Fatalf("the editor is told %q", s.Warnings)
			}
			last = &s
			requests += site.requests()
			if fetches > 5300/250+2 {
				t.Fatal("it has no end")
			}
		}
		// What is under way when the time is up may be asked for once more.
		if fetches < 3 || requests > 5300+5*fetches || len(last.Items) != pull.MaxSnapshotItems {
			t.Errorf("%d fetches took %d requests for %d recipes", fetches, requests, len(last.Items))
		}
		if len(last.Warnings) != 1 || !strings.Contains(last.Warnings[0].String(), "2,000 of 5,300 recipes are held, the newest") {
			t.Errorf("the editor is told %q", last.Warnings)
		}
		site.sitemaps[root] = strings.Replace(site.sitemaps[root], "/77</loc><lastmod>2026-01-01", "/77</loc><lastmod>2026-02-02", 1)
		if s := minute(t, source, last); site.requests() != 2 || len(s.Items) != pull.MaxSnapshotItems {
			t.Errorf("one changed page leaves %d recipes, %q", len(s.Items), s.Warnings)
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
		site := &big{takes: time.Second, sitemaps: map[string]string{root: urlset(0, 300, "2026-01-01")}}
		first := minute(t, crawl(t, site, ""), nil)
		read := len(first.Items)
		if asked := site.requests() - 1; read < asked-4 || asked >= 300 || !first.Unfinished {
			t.Fatalf("%d recipes of %d pages", read, asked)
		}
		site.takes = time.Millisecond
		second := minute(t, crawl(t, site, ""), &first)
		if n := site.requests(); len(second.Items) != 300 || n != 300-read+1 || second.Unfinished || second.Items[299].Facts[0].List[0] != "Cook it." {
			t.Errorf("%d recipes after %d and %d requests, %q", len(second.Items), read, n, second.Warnings)
		}
	})
}

func TestSpoiltRecordsBeginAnew(t *testing.T) {
	for name, extra := range map[string]string{
		"half of them": `{"of":"` + root + `","pag`, "nothing": "", "a list": "[]", "another site": `{"of":"https://x.example","pages":{}}`,
		"records without recipes": `{"of":"` + root + `","pages":{"https://big.example/1":{"seen":1,"stamp":"2026-01-01","items":["x"]}}}`,
		"wrong types":             `"x"`,
	} {
		t.Run(name, func(t *testing.T) {
			site := &big{sitemaps: map[string]string{root: urlset(0, 5, "2026-01-01")}}
			s, err := crawl(t, site, "").Fetch(t.Context(), "book", &pull.Snapshot{Extra: []byte(extra), Unfinished: true})
			if err != nil || len(s.Items) != 5 || len(s.Warnings) != 0 || s.Unfinished {
				t.Errorf("%d recipes, %q, %v", len(s.Items), s.Warnings, err)
			}
		})
	}
}

func TestAServerThatFallsSilentLosesNothing(t *testing.T) {
	synctest.Test(t, silentServer)
}

func silentServer(t *testing.T) {
	site := &big{silent: 101, takes: 10 * time.Millisecond, sitemaps: map[string]string{root: urlset(0, 1000, "2026-01-01")}}
	source := crawl(t, site, t.TempDir())
	first, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(first.Items) != 99 {
		t.Fatalf("%d recipes, %v", len(first.Items), err)
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
	if n := site.requests(); len(last.Items) != 1000 || n != 1000-99+fetches {
		t.Errorf("%d recipes after %d fetches and %d requests", len(last.Items), fetches, n)
	}
}

func TestAnIndexOfManySitemapsIsReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		index := &strings.Builder{}
		site := &big{takes: 500 * time.Millisecond, sitemaps: map[string]string{}}
		index.WriteString("<sitemapindex>")
		for n := range 150 {
			url := fmt.Sprintf("https://big.example/s%d.xml", n)
			_, _ = fmt.Fprintf(index, "<sitemap><loc>%s</loc><lastmod>2026-01-0%d</lastmod></sitemap>", url, 1+n%9)
			site.sitemaps[url] = urlset(10*n, 10*n+10, "2026-01-01")
		}
		index.WriteString("</sitemapindex>")
		site.sitemaps[root] = index.String()
		source := crawl(t, site, t.TempDir())
		var last *pull.Snapshot
		requests := 0
		for fetches := 0; last == nil || len(last.Items) < 1500; fetches++ {
			s := minute(t, source, last)
			last = &s
			if requests += site.requests(); fetches > 20 {
				t.Fatalf("after %d fetches there are %d recipes: %q", fetches, len(s.Items), s.Warnings)
			}
		}
		if requests > 1500+150+10*20 {
			t.Errorf("it took %d requests", requests)
		}
		s := minute(t, source, last)
		if n := site.requests(); n != 1 || len(s.Items) != 1500 || !s.Unchanged {
			t.Errorf("nothing changed, and %d requests were sent, %q", n, s.Warnings)
		}
	})
}
