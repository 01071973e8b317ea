package crawl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

func TestWhatWasNotedOfPagesBeforeIsRead(t *testing.T) {
	for noted, want := range map[string]crawl.Page{
		// Recipes and archives of 0.3 and 0.4.
		`{"etag":"\"1\"","last_modified":"Mon","stamp":"2026-01-01","listed":"2026-02-02","seen":5,"failed":true,"in":2,"items":["a","b"],"left":1}`: {
			ETag: `"1"`, LastModified: "Mon", Stamp: "2026-01-01", Listed: "2026-02-02", Seen: 5, Failed: 1, In: 2, Items: []string{"a", "b"}, Left: 1,
		},
		`{"s":"2026-01-01","i":"https://n.example/a","e":"\"1\"","m":"Mon","t":5,"f":2}`: {
			ETag: `"1"`, LastModified: "Mon", Stamp: "2026-01-01", Seen: 5, Failed: 2, Items: []string{"https://n.example/a"},
		},
	} {
		var p crawl.Page
		if err := json.Unmarshal([]byte(noted), &p); err != nil || !reflect.DeepEqual(p, want) {
			t.Errorf("%s is %+v, %v", noted, p, err)
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q crawl.Page
		if err := json.Unmarshal(again, &q); err != nil || !reflect.DeepEqual(q, want) {
			t.Errorf("%s is %+v, %v", again, q, err)
		}
	}
}

// town is a site of some pages, whose answers a test can change.
type town struct {
	mu     sync.Mutex
	asked  []string
	status map[string]int
	pages  map[string]string
}

func (s *town) answer(_ context.Context, r outside.Request) (outside.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := strings.TrimPrefix(r.URL, "https://n.example")
	s.asked = append(s.asked, at)
	res := outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(s.pages[at]), ETag: "1"}
	if n := s.status[at]; n != 0 {
		res.Status = n
	} else if s.pages[at] == "" {
		res.Status = http.StatusNotFound
	} else if r.ETag == res.ETag {
		res.Status = http.StatusNotModified
	}
	return res, nil
}

func (s *town) asks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.asked
	s.asked = nil
	slices.Sort(all)
	return all
}

func (s *town) list(pages ...string) {
	var b strings.Builder
	for _, p := range pages {
		at, stamp, _ := strings.Cut(p, " ")
		fmt.Fprintf(&b, "<url><loc>https://n.example%s</loc><lastmod>%s</lastmod></url>", at, stamp)
	}
	s.pages["/map.xml"] = "<urlset>" + b.String() + "</urlset>"
	s.status["/map.xml"] = http.StatusOK
}

func TestACrawlGoesOnWhereItEnded(t *testing.T) {
	s := &town{status: map[string]int{}, pages: map[string]string{"/a": "A", "/b": "B", "/c": "C", "/d": "D"}}
	now := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	x, err := fulltext.Open(t.Context(), fulltext.Options{Path: filepath.Join(t.TempDir(), "x.db"), Fields: []fulltext.Field{{Name: "title"}}, Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	site := crawl.Site{
		Op: "read", Client: outside.New(outside.Options{Answer: s.answer}), Clock: func() time.Time { return now }, Keeps: true,
		Say:    func(crawl.Finding, int) words.Text { return words.Text{} },
		Budget: crawl.Budget{MaxPages: 100, MaxSitemaps: 5, SitemapBytes: 1 << 20, PageBytes: 1 << 20, AtOnce: 2, Again: 2, AgainAfter: time.Hour, TryAgain: time.Hour},
	}
	// fetch goes on with the crawl, and returns what was read, gone and asked for.
	fetch := func() (read, gone, asked []string) {
		t.Helper()
		c, err := crawl.Load(t.Context(), site, x, "p:")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ReadSitemaps(t.Context(), "https://n.example/map.xml"); err != nil {
			t.Fatal(err)
		}
		c.ReadPages(t.Context(), func(_ context.Context, v *crawl.Visit) {
			v.Items = []what.Item{{ID: v.Address}}
		}, func(v *crawl.Visit) {
			switch at := strings.TrimPrefix(v.Address, "https://n.example"); {
			case v.Gone:
				gone = append(gone, at)
			case !v.Same:
				read = append(read, at)
			}
		})
		c.Lock()
		defer c.Unlock()
		if err := c.Save(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		slices.Sort(read)
		return read, gone, s.asks()
	}
	check := func(step string, wantRead, wantGone, wantAsked string) {
		t.Helper()
		read, gone, asked := fetch()
		if got := fmt.Sprint(read, gone, asked); got != fmt.Sprintf("[%s] [%s] [%s]", wantRead, wantGone, wantAsked) {
			t.Errorf("%s: %s", step, got)
		}
	}
	s.list("/a 2026-01-01", "/b 2026-03-01", "/c 2026-02-01", "/d")
	check("the newest first", "/b /c", "", "/b /c /map.xml")
	check("then the others", "/a /d", "", "/a /d /map.xml")
	check("nothing is due", "", "", "/map.xml")
	now = now.Add(2 * time.Hour)
	check("what tells no time is looked at again", "", "", "/d /map.xml")
	s.list("/a 2026-01-01", "/b 2026-04-01", "/d")
	delete(s.pages, "/b")
	check("a page is gone", "", "/b", "/b /map.xml")
	s.list("/a 2026-05-01", "/d")
	s.status["/a"] = http.StatusServiceUnavailable
	for range 3 {
		check("one that fails is tried again", "", "", "/a /map.xml")
	}
	check("but not for ever", "", "", "/map.xml")
	now = now.Add(2 * time.Hour)
	delete(s.status, "/a")
	check("and again later, unlike one that is gone and listed no more", "/a", "", "/a /d /map.xml")
}
