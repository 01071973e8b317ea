package sources_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// sniffer is a kind that takes the documents that hold a sign, as they are.
type sniffer struct {
	URL     string `name:"url" label:"Address" help:"Where it is." check:"required,url"`
	sign    string
	samples bool
}

func (*sniffer) Open(sources.Env) (pull.Source, error) { return &sourcetest.Fixed{}, nil }

func (s *sniffer) Discover(d sources.Document) []sources.Found {
	body := string(d.Body)
	if !strings.Contains(body, s.sign) {
		return nil
	}
	if s.sign == "LEADS" {
		var all []sources.Found
		for word := range strings.FieldsSeq(body) {
			if strings.HasPrefix(word, "http") {
				all = append(all, sources.Found{At: word})
			}
		}
		return all
	}
	f := sources.Found{Title: "found", Settings: map[string]any{"url": d.Address}, Phrase: words.Verbatim("found"), Needs: strings.Contains(d.Address, "{"), Told: s.sign == "TABLE", Guess: s.sign == "LIST" || s.sign == "DAYS", Coming: s.sign == "DAYS"}
	if s.samples {
		for line := range strings.FieldsSeq(body) {
			if strings.HasPrefix(line, "http") {
				f.Samples = append(f.Samples, line)
			}
		}
	}
	return []sources.Found{f}
}

func (s *sniffer) Recognises(d sources.Document) bool {
	return strings.Contains(string(d.Body), "ARTICLE")
}

func sniffing(name, sign string, samples bool) sources.Kind {
	return sources.Kind{Name: name, Title: name, Help: name, New: func() settings.Opener[sources.Env, pull.Source] {
		return &sniffer{sign: sign, samples: samples}
	}}
}

// fronts are sites, by name: pages by path, and what is found there.
func fronts() map[string]struct {
	pages  map[string]string
	system string
	want   []string
} {
	const menu = `<nav><a href="/">Start</a><a href="%[1]s">Sport</a><a href="/login">Login</a><a href="https://elsewhere.example/x">Partner</a></nav>`
	page := func(head, section string) string {
		return `<!doctype html><html lang="de"><head>` + head + `</head><body>` + fmt.Sprintf(menu, section) + `</body></html>`
	}
	return map[string]struct {
		pages  map[string]string
		system string
		want   []string
	}{
		"WordPress": {map[string]string{
			"/": page(`<meta name="generator" content="WordPress 6.5">`, "/category/sport/"), "/category/sport/feed/": "FEED", "/?s=x": "",
		}, "WordPress", []string{"feed /category/sport/feed/ Sport"}},
		"Ghost": {map[string]string{
			"/": page(`<meta name="generator" content="Ghost 5.8">`, "/tag/sport/"), "/tag/sport/rss/": "FEED",
		}, "Ghost", []string{"feed /tag/sport/rss/ Sport"}},
		"Drupal, with a calendar and a search": {map[string]string{
			"/":            page(`<link rel="search" type="application/opensearchdescription+xml" href="/osd.xml">`, "/sport") + `<script data-drupal-selector="drupal-settings-json"></script><a href="/termine.ics">Termine</a>`,
			"/osd.xml":     `<OpenSearchDescription><Url type="text/html" template="/find?q={searchTerms}"/><Url type="application/rss+xml" template="/find.rss?q={searchTerms}&amp;p={startPage?}"/></OpenSearchDescription>`,
			"/find.rss":    "FEED",
			"/termine.ics": "CALENDAR",
		}, "Drupal", []string{"calendar /termine.ics found", "feed /find.rss?q={argument} found"}},
		"by hand, with a sitemap of articles": {map[string]string{
			"/": page("", "/sport.html"), "/robots.txt": "Sitemap: BASE/map.xml", "/map.xml": "MAP BASE/a BASE/b", "/a": "<html>ARTICLE", "/b": "<html>x",
		}, "", []string{"archive /map.xml found"}},
		"by hand, with a feed, a calendar, and a sitemap that its robots.txt does not name": {map[string]string{
			"/": page(`<title>Lake Ferry</title><link rel="alternate" type="application/rss+xml" href="/feed">`, "/sport.html") + `<a href="/t.ics">T</a>`, "/robots.txt": "User-agent: *",
			"/feed": "FEED", "/t.ics": "CALENDAR", "/sitemap.xml": "MAP BASE/a", "/a": "<html>ARTICLE",
		}, "", []string{"calendar /t.ics found", "archive /sitemap.xml found"}},
		"by hand, with a part that lists something": {map[string]string{
			"/": page("", "/sport.html"), "/sport.html": "<html>LIST",
		}, "", []string{"page /sport.html Sport"}},
		"by hand, with a part that has a table, too": {map[string]string{
			"/": page("", "/sport.html"), "/sport.html": "<html>LIST TABLE",
		}, "", []string{"table /sport.html Sport"}},
		"by hand, with a part that lists days to come beside a table, and has a long name": {map[string]string{
			"/": strings.ReplaceAll(page("", "/sport.html"), ">Sport<", ">Spiele und Ergebnisse der Saison<"), "/sport.html": "<html>DAYS TABLE",
		}, "", []string{"table /sport.html Spiele und Ergebnisse der Saison", "days /sport.html found"}},
		"by hand, with the list of its front page again in a part": {map[string]string{
			"/": page("", "/sport.html") + "LIST", "/sport.html": "<html>LIST",
		}, "", []string{"page / found"}},
		"by hand, with a menu that its name alone tells": {map[string]string{
			"/": `<!doctype html><div id="mainmenu"><ul><li><a href="/sport.html">Sport</a></ul></div><div class="teaser"><a href="/other.html">Other</a></div>`, "/sport.html": "<html>LIST", "/other.html": "<html>LIST",
		}, "", []string{"page /sport.html Sport"}},
		"by hand, with a footer that its name alone tells, and a file of rows in a part": {map[string]string{
			"/": page("", "/sport.html") + `<div id="footer"><a href="/prices.html">Prices</a> | <a href="/x.html">X</a></div>`, "/sport.html": `<html><a href="/rows.csv">rows</a>`, "/rows.csv": "TABLE", "/prices.html": "<html>TABLE",
		}, "", []string{"table /prices.html Prices", "table /rows.csv Sport"}},
		"by hand, with JSON that scripts show in the front page and in a part": {map[string]string{
			"/": page("", "/sport.html") + `<div data-json="/rates.json">Loading</div><img data-src="/a.jpg">`, "/rates.json": "TABLE", "/a.jpg": "TABLE",
			"/sport.html": `<html><div data-src="/live.json">Loading</div>`, "/live.json": "CALENDAR",
		}, "", []string{"calendar /live.json Sport", "table /rates.json found"}},
		"by hand, with JSON that a script fetches and that a part links": {map[string]string{
			"/": page("", "/sport.html") + `<script>fetch('/api/rates').then(show); fetch("/api/doc")</script>`, "/api/rates": "TABLE", "/api/doc": "<html>TABLE",
			"/sport.html": `<html><a href="live.json">all games</a>`, "/live.json": "CALENDAR",
		}, "", []string{"calendar /live.json Sport", "table /api/rates found"}},
		"by hand, with a footer in another language": {map[string]string{
			"/": page("", "/sport.html") + `<div id="pied"><a href="/prix.html">Prix</a> - <a href="/x.html">X</a></div>`, "/prix.html": "<html>TABLE",
		}, "", []string{"table /prix.html Prix"}},
		"by hand, with a last row of links that has no name": {map[string]string{
			"/": page("", "/sport.html") + `<h1>Today</h1><p>Rain. <a href="/rain.html">Further</a></p><p><a href="/prices.html">Prices</a> | <a href="/privacy.html">Privacy</a></p>`, "/prices.html": "<html>TABLE", "/rain.html": "<html>TABLE",
		}, "", []string{"table /prices.html Prices"}},
		"by hand, with a button above the menu": {map[string]string{
			"/": `<!doctype html><header><a href="/join.html">Join now</a></header><nav><a href="/sport.html">Sport</a><a href="/join.html">Prices</a></nav>`, "/join.html": "<html>TABLE",
		}, "", []string{"table /join.html Prices"}},
		"WordPress whose parts have no feeds": {map[string]string{
			"/":            page(`<meta name="generator" content="WordPress 6.5">`, "/category/sport/") + `<nav><a href="/town/">Town</a><a href="/prices/">Prices</a></nav>`,
			"/town/":       "<html>LIST",
			"/prices/":     "<html>TABLE",
			"/sitemap.xml": "MAP BASE/a", "/a": "<html>ARTICLE",
		}, "WordPress", []string{"page /town/ Town", "table /prices/ Prices", "archive /sitemap.xml found"}},
		"by hand, with parts that name what is not there": {map[string]string{
			"/":           page("", "/sport.html") + `<nav><a href="/town.html">Town</a></nav> LEADS BASE/missing`,
			"/sport.html": "<html>LIST one LEADS BASE/missing BASE/gone", "/town.html": "<html>TABLE LEADS BASE/missing BASE/gone",
		}, "", []string{"table /town.html Town", "page /sport.html Sport"}},
		"a shop, whose sitemap holds no article": {map[string]string{
			"/": page(`<script src="https://cdn.shopify.com/a.js"></script>`, "/collections/shoes"), "/sitemap.xml": "MAP BASE/products/a", "/products/a": "<html>shoe",
		}, "Shopify", nil},
		"in Greek letters, with a table": {map[string]string{
			"/": `<!doctype html><html lang="el"><body><nav><a href="/%CE%B1">Πολιτική</a></nav><a href="τιμές.csv">Τιμές</a></body></html>`, "/τιμές.csv": "TABLE",
		}, "", []string{"table /τιμές.csv found"}},
	}
}

func TestAFrontPageLeadsToAllThatItsSiteHas(t *testing.T) {
	kinds := []sources.Kind{sniffing("feed", "FEED", false), sniffing("calendar", "CALENDAR", false), sniffing("table", "TABLE", false), sniffing("page", "LIST", false), sniffing("days", "DAYS", false), sniffing("archive", "MAP", true), sniffing("leads", "LEADS", false)}
	for name, c := range fronts() {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			asked, missed := map[string]int{}, 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked[r.URL.Path]++
				mu.Unlock()
				body, ok := c.pages[r.URL.Path]
				if !ok {
					if strings.HasSuffix(r.URL.Path, "/feed/") {
						mu.Lock()
						missed++
						mu.Unlock()
					}
					http.NotFound(w, r)
					return
				}
				_, _ = w.Write([]byte(strings.ReplaceAll(body, "BASE", "http://"+r.Host)))
			}))
			defer server.Close()
			found, err := sources.Discover(t.Context(), sourcetest.Env(t, "").Client, kinds, server.URL+"/", "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range found.Offers {
				address, _ := o.Settings["url"].(string)
				got = append(got, o.Kind+" "+unescaped(strings.TrimPrefix(address, server.URL))+" "+o.Title)
			}
			if found.System != c.system || !slices.Equal(got, c.want) {
				t.Errorf("made with %q, it has %q; want %q, %q", found.System, got, c.system, c.want)
			}
			mu.Lock()
			defer mu.Unlock()
			if missed > 1 {
				t.Errorf("%d feeds were guessed that are not there", missed)
			}
			for path, n := range asked {
				if n > 1 && path != "/" {
					t.Errorf("%s was asked for %d times", path, n)
				}
			}
		})
	}
}

func TestASiteIsCalledAsItsTitlesAndItsAddressSay(t *testing.T) {
	for title, want := range map[string]string{"Lake Ferry": "Lake Ferry", "127-0-0-1 – fresh every day": "127-0-0-1", "Fresh every day – and night": ""} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			_, _ = w.Write([]byte("<!doctype html><title>" + title + "</title>"))
		}))
		found, err := sources.Discover(t.Context(), sourcetest.Env(t, "").Client, nil, server.URL+"/", "")
		server.Close()
		if err != nil || found.Site != want {
			t.Errorf("the site of %q is called %q, %v; want %q", title, found.Site, err, want)
		}
	}
}

func unescaped(address string) string {
	if plain, err := url.PathUnescape(address); err == nil {
		return plain
	}
	return address
}

// FuzzFrontPage looks at pages of any bytes.
func FuzzFrontPage(f *testing.F) {
	for _, c := range fronts() {
		f.Add([]byte(c.pages["/"]))
	}
	f.Add([]byte("<OpenSearchDescription><Url type='application/rss+xml' template='{searchTerms}{'/>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write(body)
		}))
		defer server.Close()
		found, err := sources.Discover(t.Context(), sourcetest.Env(t, "").Client, []sources.Kind{sniffing("feed", "FEED", false)}, server.URL+"/", "")
		if err != nil || len(found.Offers) > 30 {
			t.Errorf("%d offers, %v", len(found.Offers), err)
		}
	})
}
