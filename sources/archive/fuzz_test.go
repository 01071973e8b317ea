package archive

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"keypull/pull/outside"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// FuzzWhatAnOutletSendsIsReadOrRefused reads anything as a sitemap, a feed and a page:
// none may fail otherwise than by an error, nor give what is no text.
func FuzzWhatAnOutletSendsIsReadOrRefused(f *testing.F) {
	for _, seed := range []string{
		`<urlset><url><loc>https://example.org/a</loc><lastmod>2026-04-01</lastmod></url></urlset>`,
		`<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>`,
		`<rss><channel><item><title>A</title><link>/a</link><description>&lt;p>One.&lt;p>Two.</description></item></channel></rss>`,
		`<html lang="en"><script type="application/ld+json">{"@type":"NewsArticle","headline":"A","articleBody":"One.\n\nTwo.","datePublished":"2026-03-02"}</script></html>`,
		`<html><meta property="article:published_time" content="2026-13-45"><article><h1>A</h1><p>One.</p></article></html>`,
	} {
		f.Add([]byte(seed))
	}
	const base = "https://example.org/a"
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			return
		}
		_, _ = crawl.Sitemap(body, base, crawl.Limits{Pages: 100, Sitemaps: 10, Bytes: 1 << 20})
		_, _ = parseFeed(body, base, at, time.UTC)
		a, err := pageArticle(outside.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: body}, base, time.UTC, nil)
		if err != nil {
			return
		}
		for _, p := range append(a.Paragraphs, a.Title) {
			if !utf8.ValidString(p) {
				t.Errorf("%q is no text", p)
			}
		}
		for _, p := range a.Paragraphs {
			if strings.TrimSpace(p) == "" {
				t.Errorf("an empty paragraph of %q", body)
			}
		}
	})
}

// FuzzSavedArticlesAreReadOrRefused reads anything as saved articles: what comes of it can be
// kept, and is the same from a list as from lines.
func FuzzSavedArticlesAreReadOrRefused(f *testing.F) {
	for _, seed := range []string{
		`{"title":"A","text":"One.\n\nTwo.","link":"https://example.org/a","published":"2026-04-01","language":"en"}`,
		"\xEF\xBB\xBF[{\"headline\":\"A, \\\"B\\\"]\",\"body\":\"<p>One.<p>Two.\",\"url\":\"/a\",\"date\":1775000000},\n{\"title\":\"B\"}]",
		`{"articles":[{"title":"A","content":"One.","datePublished":1775000000000,"lang":"de","image":"//example.org/a.jpg"}],"items":[{"title":"B"},5]}`,
		`{"articles":[{"articles":[{"articles":[{"title":"A"}]}]}]}`,
		"{\"title\":\"A\"}\n{\"title\":\"B\"},\n\n[{\"title\":\"C\"}]\n{\"tit",
		`[]`, `[[[`, `null`, `{"title":5}`, `{"title":"A","published":1e300}`, `{"title":"A","published":-1,"language":"\u0000\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	const base = "https://example.org/articles.jsonl"
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			return
		}
		all := savedIn(t, body, base)
		var list []json.RawMessage
		if json.Unmarshal(body, &list) != nil {
			return
		}
		var lines bytes.Buffer
		for _, one := range list {
			if err := json.Compact(&lines, one); err != nil {
				t.Fatal(err)
			}
			lines.WriteByte('\n')
		}
		if again := savedIn(t, lines.Bytes(), base); len(again) != len(all) {
			t.Errorf("a list of %d is %d as lines: %q", len(all), len(again), body)
		}
	})
}

// savedIn returns the articles of a text, each of them good to be kept.
func savedIn(t *testing.T, body []byte, base string) (all []article) {
	t.Helper()
	_, err := eachSaved(t.Context(), bytes.NewReader(body), base, time.UTC, func(a article) { all = append(all, a) })
	if (err == nil) != (len(all) > 0) {
		t.Errorf("%d articles with %v of %q", len(all), err, body)
	}
	for _, a := range all {
		if a.ID == "" || len(a.ID) > maxIDBytes || !utf8.ValidString(a.ID+a.Title+a.Language+strings.Join(a.Paragraphs, "")) {
			t.Errorf("%+v of %q is no text", a, body)
		}
		if a.Link != "" && !strings.HasPrefix(a.Link, "http://") && !strings.HasPrefix(a.Link, "https://") {
			t.Errorf("%q leads to %q", body, a.Link)
		}
		if len(a.Paragraphs) > maxParagraphs || utf8.RuneCountInString(a.Title) > maxTitle+1 {
			t.Errorf("too much of %q is kept: %+v", body, a)
		}
		for _, p := range a.Paragraphs {
			if strings.TrimSpace(p) == "" {
				t.Errorf("an empty paragraph of %q", body)
			}
		}
		doc := a.toDocument([]string{"en"})
		if kept, ok := decodeArticle(fulltext.Hit{ID: doc.ID, Payload: doc.Payload}); !ok || len(doc.Language) > maxLanguage || !kept.Published.Equal(a.Published) || kept.Title != a.Title {
			t.Errorf("%+v of %q is kept as %+v", a, body, kept)
		}
	}
	return all
}
