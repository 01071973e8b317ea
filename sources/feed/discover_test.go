package feed_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

const (
	aRSS  = `<?xml version="1.0"?><rss version="2.0"><channel><title>The Valley Post</title><item><title>Bridge opens</title><link>https://v.example/1</link></item></channel></rss>`
	aAtom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Valley Sport</title><entry><id>1</id><title>Cup final</title></entry></feed>`
	aJSON = `{"version":"https://jsonfeed.org/version/1.1","title":"Valley Notes","items":[{"id":"1","title":"A note","url":"https://v.example/n"}]}`
)

// discovered returns the documents of the suite.
func discovered() []sourcetest.Discovered {
	doc := func(kind, body string) sources.Document {
		return sources.Document{Address: "https://v.example/a/", URL: "https://v.example/a/", Type: kind, Body: []byte(body)}
	}
	is := map[string]any{"url": "https://v.example/a/"}
	head := func(links string) sources.Document {
		return doc("text/html; charset=utf-8", "<!doctype html><html><head><title>V</title>"+links+"</head><body><p>Hello</p></body></html>")
	}
	return []sourcetest.Discovered{
		{Name: "RSS", Document: doc("text/html", aRSS), Settings: is},
		{Name: "Atom", Document: doc("application/atom+xml", aAtom), Settings: is},
		{Name: "JSON Feed", Document: doc("application/json", aJSON), Settings: is},
		{Name: "other JSON", Document: doc("application/json", `{"price": 1}`)},
		{
			Name: "a page with several", Document: head(`<link rel="alternate" type="application/rss+xml" title="News" href="/rss">` +
				`<link rel=alternate type=application/atom+xml href=sport.atom><link REL="Alternate" TYPE="application/feed+json" HREF="//v.example/feed.json">` +
				`<link rel="alternate" hreflang="fr" href="/fr/feed"><link rel="alternate" type="application/json+oembed" href="/oembed">`),
			Leads: []string{"https://v.example/rss", "https://v.example/a/sport.atom", "https://v.example/feed.json"},
		},
		{
			Name: "one of comments beside it", Document: head(`<link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" type="application/rss+xml" href="/comments-feed.xml"><a href="/?feed=comments-rss2">c</a>`),
			Leads: []string{"https://v.example/feed/"},
		}, {
			Name: "a base", Document: head(`<base href="https://cdn.example/x/"><link rel=alternate type="application/rss+xml" href="y.rss">`),
			Leads: []string{"https://cdn.example/x/y.rss"},
		},
		{
			Name: "wrong types", Document: head(`<link rel=alternate type="text/xml" href="/feed/"><link rel=feed href="/here"><link rel=alternate href="/mobile">`),
			Leads: []string{"https://v.example/feed/", "https://v.example/here"},
		},
		{
			Name: "an anchor", Document: doc("", "<html><body><a href='/blog/index.xml'>RSS</a> <a href='javascript:feed'>x</a> <a href='/about'>y</a></body></html>"),
			Leads: []string{"https://v.example/blog/index.xml"},
		},
		{Name: "none at all", Document: head("")},
	}
}

// site answers by path; anything else is 404.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if to, moved := strings.CutPrefix(body, "-> "); moved {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnAddressLeadsToTheFeedsOfItsSite(t *testing.T) {
	link := func(kind, at string) string {
		return `<link rel="alternate" type="application/` + kind + `+xml" href="` + at + `">`
	}
	for _, c := range []struct {
		name  string
		pages map[string]string
		at    string
		want  string
	}{
		{"a feed itself", map[string]string{"/rss": aRSS}, "/rss", "/rss The Valley Post RSS [Bridge opens]"},
		{
			"a choice of several, without the dead and the twice named", map[string]string{
				"/":    "<html><head>" + link("rss", "/rss") + link("atom", "sport") + link("rss", "/rss") + link("rss", "/gone") + link("rss", "/about") + "</head></html>",
				"/rss": aRSS, "/sport": aAtom, "/about": "<html><head>" + link("rss", "/rss") + "</head></html>",
			}, "/", "/rss The Valley Post RSS [Bridge opens], /sport Valley Sport Atom [Cup final]",
		},
		{"the usual places", map[string]string{"/": "<html></html>", "/atom.xml": aAtom}, "/", "/atom.xml Valley Sport Atom [Cup final]"},
		{
			"the folder of the page, which only names what is gone", map[string]string{"/blog/today.html": "<html><head>" + link("rss", "/x") + "</head></html>", "/blog/feed": aJSON},
			"/blog/today.html", "/blog/feed Valley Notes JSON Feed [A note]",
		},
		{"a page that moved", map[string]string{"/": "-> /home", "/home": "<html><head>" + link("rss", "feed.rss") + "</head></html>", "/feed.rss": aRSS}, "/", "/feed.rss The Valley Post RSS [Bridge opens]"},
		{
			"the search of a site", map[string]string{
				"/":    `<html><head>` + link("rss", "/rss") + `<link rel="search" type="application/opensearchdescription+xml" href="/os.xml" title="Search"></head></html>`,
				"/rss": aRSS, "/os.xml": `<?xml version="1.0"?><OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>Valley</ShortName>` +
					`<Url type="text/html" template="/?s={searchTerms}"/><Url type="application/rss+xml" template="/?s={searchTerms}&amp;page={startPage?}&amp;feed=rss2"/></OpenSearchDescription>`,
			}, "/", "/rss The Valley Post RSS [Bridge opens], /?s={argument}&feed=rss2 Valley OpenSearch []",
		},
		{"a search of another's host", map[string]string{"/": `<OpenSearchDescription><Url type="application/rss+xml" template="https://{searchTerms}.example/"/></OpenSearchDescription>`}, "/", ""},
		{"a search feed itself", map[string]string{"/find": aRSS}, "/find?q={argument}", "/find?q={argument} The Valley Post RSS [Bridge opens]"},
		{"nothing", map[string]string{"/": "<html></html>"}, "/", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := site(t, c.pages)
			found, err := sources.Discover(t.Context(), sourcetest.Env(t, "").Client, []sources.Kind{feed.Kind}, base+c.at, "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range found.Offers {
				got = append(got, fmt.Sprintf("%s %s %s %v", strings.TrimPrefix(fmt.Sprint(o.Settings["url"]), base), o.Title, o.Form, o.Shows))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("found %q; want %q", got, c.want)
			}
		})
	}
}

func TestADiscoveryAsksAFewTimesOnly(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		for i := range 50 {
			_, _ = fmt.Fprintf(w, `<html><link rel="alternate" type="application/rss+xml" href="/%d"><a href="/%d/feed">x</a>`, i, i)
		}
	}))
	defer server.Close()
	found, err := sources.Discover(t.Context(), sourcetest.Env(t, "").Client, []sources.Kind{feed.Kind}, server.URL, "")
	if err != nil || len(found.Offers) > 0 || asked.Load() > 24 {
		t.Errorf("%v with %d offers after %d requests", err, len(found.Offers), asked.Load())
	}
}

func TestWhatCannotBeDiscoveredSaysWhy(t *testing.T) {
	base := site(t, nil)
	client := sourcetest.Env(t, "").Client
	for address, want := range map[string]pull.ErrorKind{base + "/gone": pull.Unusable, "no address": pull.Unusable, base + "/{symbol}": pull.Invalid, "http://192.0.2.1:81/": pull.Unusable} {
		_, err := sources.Discover(context.Background(), client, []sources.Kind{feed.Kind}, address, "")
		if pull.KindOf(err) != want {
			t.Errorf("%s: %v (%s); want %s", address, err, pull.KindOf(err), want)
		}
	}
}
