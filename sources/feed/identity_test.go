package feed_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/sources/sourcetest"
)

func TestWhatSharesAGuidIsToldApart(t *testing.T) {
	item := func(guid, link, title string) string {
		return "<item><guid isPermaLink=\"false\">" + guid + "</guid><link>https://x.example/" + link + "</link><title>" + title + "</title></item>"
	}
	fetch := func(last *pull.Snapshot, items ...string) pull.Snapshot {
		t.Helper()
		s, err := saved(t, "", []byte("<rss><channel>"+strings.Join(items, "")+"</channel></rss>")).Fetch(t.Context(), "feed", last)
		if err != nil {
			t.Fatal(err)
		}
		sourcetest.Inspect(t, s.Items)
		return s
	}
	ids := func(s pull.Snapshot) map[string]string {
		m := map[string]string{}
		for _, it := range s.Items {
			m[it.Link+" "+it.Title] = it.ID
		}
		return m
	}
	alone := fetch(nil, item("0", "a", "A"))
	if got := alone.Items[0].ID; got != "0" {
		t.Errorf("the id of a guid that nobody shares is %q", got)
	}
	shared := fetch(&alone, item("0", "b", "B"), item("0", "a", "A"), item("0", "a", "A2"), item("0", "a", "A"))
	if len(shared.Items) != 3 || ids(shared)["https://x.example/a A"] != "0" {
		t.Errorf("the ids are %v", ids(shared))
	}
	// When the others leave, and whatever the order, each keeps its id.
	left := fetch(&shared, item("0", "b", "B"))
	if got, want := left.Items[0].ID, ids(shared)["https://x.example/b B"]; got != want {
		t.Errorf("the id was %q and is %q", want, got)
	}
	if a, b := ids(fetch(nil, item("0", "a", "A"), item("0", "b", "B"))), ids(fetch(nil, item("0", "b", "B"), item("0", "a", "A"))); a["https://x.example/a A"] != b["https://x.example/a A"] {
		t.Errorf("the ids %v and %v depend on the order", a, b)
	}
	edited := fetch(&alone, item("0", "a", "A, corrected"))
	if got := edited.Items[0].ID; got != "0" {
		t.Errorf("an edited title makes the id %q", got)
	}
}

// TestEveryPieceIsThereOnce makes feeds of few guids, links and titles.
func TestEveryPieceIsThereOnce(t *testing.T) {
	few := rapid.SampledFrom([]string{"", "1", "2", "https://x.example/1"})
	rapid.Check(t, func(rt *rapid.T) {
		var last *pull.Snapshot
		for range 3 {
			var b strings.Builder
			pieces := map[string]bool{}
			for range rapid.IntRange(1, 12).Draw(rt, "items") {
				guid, link, title := few.Draw(rt, "guid"), rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "link"), few.Draw(rt, "title")
				b.WriteString("<item><guid>" + guid + "</guid><link>https://x.example/" + link + "</link><title>" + title + "</title></item>")
				pieces[link+" "+title] = true
			}
			s, err := saved(t, "", []byte("<rss><channel>"+b.String()+"</channel></rss>")).Fetch(t.Context(), "feed", last)
			if err != nil || len(s.Items) != len(pieces) {
				rt.Fatalf("%d items of %d pieces, error %v", len(s.Items), len(pieces), err)
			}
			sourcetest.Inspect(t, s.Items)
			last = &s
		}
	})
}

func TestRelativeLinksCountFromTheirBase(t *testing.T) {
	const item = `<item><title>x</title><link>p/1?a=b</link><description>&lt;img src="i.png"&gt;</description></item>`
	for name, c := range map[string]struct{ text, link, image string }{
		"the feed's address":  {`<rss><channel>` + item + `</channel></rss>`, "https://site.example/rss/p/1?a=b", "https://site.example/rss/i.png"},
		"the site's":          {`<rss><channel><link>https://www.example/blog/</link>` + item + `</channel></rss>`, "https://www.example/blog/p/1?a=b", "https://www.example/blog/i.png"},
		"the site's, behind":  {`<rss><channel>` + item + `<link>https://www.example/blog/</link></channel></rss>`, "https://www.example/blog/p/1?a=b", "https://www.example/blog/i.png"},
		"a site's of no use":  {`<rss><channel><link>javascript:alert(1)</link>` + item + `</channel></rss>`, "https://site.example/rss/p/1?a=b", "https://site.example/rss/i.png"},
		"a base":              {`<rss xml:base="https://b.example/x/y"><channel><link>https://www.example/</link>` + item + `</channel></rss>`, "https://b.example/x/p/1?a=b", "https://b.example/x/i.png"},
		"a base in a base":    {`<rss xml:base="https://b.example/x/"><channel xml:base="../z/">` + item + `</channel></rss>`, "https://b.example/z/p/1?a=b", "https://b.example/z/i.png"},
		"a base of an item":   {`<rss><channel>` + strings.Replace(item, "<item>", `<item xml:base="https://b.example/">`, 1) + `</channel></rss>`, "https://b.example/p/1?a=b", "https://b.example/i.png"},
		"a base of a text":    {`<rss><channel><link>https://www.example/</link>` + strings.Replace(item, "<description>", `<description xml:base="https://b.example/">`, 1) + `</channel></rss>`, "https://www.example/p/1?a=b", "https://b.example/i.png"},
		"a base that is none": {`<rss xml:base="https://[::1"><channel>` + item + `</channel></rss>`, "https://site.example/rss/p/1?a=b", "https://site.example/rss/i.png"},
		"Atom": {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><link href="https://www.example/"/><entry xml:base="2026/"><title>x</title><link href="p/1?a=b"/>` +
			`<content type="html" xml:base="img/">&lt;img src="i.png"&gt;</content></entry></feed>`, "https://b.example/2026/p/1?a=b", "https://b.example/2026/img/i.png"},
		"Atom without a base": {`<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://www.example/"/><entry><title>x</title><link rel="alternate" href="/p/1?a=b"/>` +
			`<content type="html">&lt;img src="/i.png"&gt;</content></entry></feed>`, "https://www.example/p/1?a=b", "https://www.example/i.png"},
		"JSON": {`{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https://www.example/","items":[{"id":"1","title":"x","url":"/p/1?a=b","image":"i.png"}]}`, "https://www.example/p/1?a=b", "https://www.example/i.png"},
		"a medium": {`<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><link>https://www.example/</link><item xml:base="https://b.example/"><title>x</title><link>p/1?a=b</link>` +
			`<media:group><media:content url="i.png" medium="image"/></media:group></item></channel></rss>`, "https://b.example/p/1?a=b", "https://b.example/i.png"},
	} {
		s, err := saved(t, "", []byte(c.text)).Fetch(t.Context(), "feed", nil)
		if err != nil || len(s.Items) != 1 {
			t.Errorf("%s: %d items, error %v", name, len(s.Items), err)
			continue
		}
		if it := s.Items[0]; it.Link != c.link || it.Image() != c.image {
			t.Errorf("%s: the link is %s and the picture %s; want %s and %s", name, it.Link, it.Image(), c.link, c.image)
		}
	}
}
