package recipe

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/ld"
)

var _ sources.Discoverer = (*Settings)(nil)

// Discover takes a page that holds recipes, and a sitemap, of which nobody knows
// yet what its pages hold.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if f, ok := crawl.Discover(d, words.Text{Key: "asked.recipe"}, crawl.Limits{Pages: maxPages, Sitemaps: maxSitemaps, Bytes: maxSitemapBytes}); ok {
		return []sources.Found{f}
	}
	doc := document{base: d.URL, id: d.Address}
	doc.body, _ = sources.Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxPageBytes)])
	items := doc.readRecipes()
	if len(items) < 2 {
		if f, ok := discoverList(d, doc.body, len(items) == 0); ok {
			return []sources.Found{f}
		}
	}
	if len(items) == 0 {
		return nil
	}
	f := sources.Found{Title: items[0].Title, Form: form, Settings: map[string]any{"urls": []any{d.Address}}, Phrase: words.Verbatim(items[0].Title)}
	if len(items) > 1 {
		f.Phrase, f.Needs, f.Told = words.Text{Key: "asked.recipe"}, true, len(newGraph(doc.body).Things) > 1
	}
	for _, it := range items {
		f.Shows = append(f.Shows, it.Title)
	}
	return []sources.Found{f}
}

// leastListed is how many pages a collection lists at least; maxListed how many of
// them a source holds.
const (
	leastListed = 2
	maxListed   = 2000
	// fewSamples is how many are looked at where no data says that it is a list, rootSlashes how
	// many there are in the address of a site.
	fewSamples, rootSlashes = 3, 3
)

// discoverList takes a page that lists the pages of recipes in its JSON-LD, or, where it tells none itself, leads to
// pages that may be such; that they are is seen by some of them.
func discoverList(d sources.Document, body []byte, tellsNone bool) (sources.Found, bool) {
	f := sources.Found{Form: form, Phrase: words.Text{Key: "asked.recipe"}, Needs: true, Told: true}
	var pages []any
	seen := map[string]bool{d.URL: true, d.Address: true}
	add := func(address, name string) {
		if address != "" && !seen[address] && len(pages) < maxListed && sources.SameSite(address, d.URL) {
			seen[address] = true
			if pages = append(pages, address); name != "" {
				f.Shows = append(f.Shows, name)
			}
		}
	}
	var look func(v any, depth int, listed bool)
	look = func(v any, depth int, listed bool) {
		if depth > maxDepth || len(pages) == maxListed {
			return
		}
		for _, e := range ld.List(v) {
			at, name := e, ""
			if m, ok := e.(map[string]any); ok {
				n := node(m)
				at, name = n.firstOf("url", "@id"), plainLine(ld.Text(n["name"]))
				if n.isOfType("ItemList") || n.isOfType("CollectionPage") {
					f.Title = cmp.Or(f.Title, name)
				}
				for _, key := range []string{"@graph", "mainEntity", "hasPart"} {
					look(m[key], depth+1, listed)
				}
				look(m["itemListElement"], depth+1, !n.isOfType("BreadcrumbList"))
				look(m["item"], depth+1, listed)
			}
			if address, _ := at.(string); listed {
				add(sources.SafeLink(d.URL, address), name)
			}
		}
	}
	for _, v := range ld.Values(body) {
		look(v, 0, false)
	}
	samples := len(pages)
	if samples == 0 && tellsNone && d.IsPage() {
		title, links := likelyLinks(d)
		for _, l := range links {
			add(l.URL, l.Text)
		}
		samples, f.Guess, f.Title = min(len(pages), fewSamples), true, cmp.Or(f.Title, title)
	}
	if len(pages) < leastListed {
		return f, false
	}
	for _, i := range sources.SpreadSamples(samples) {
		at, _ := pages[i*len(pages)/samples].(string)
		f.Samples = append(f.Samples, at)
	}
	f.Title = cmp.Or(f.Title, d.Host())
	f.Settings = map[string]any{"urls": pages}
	return f, true
}

// likelyLinks returns what a page is called, and its links to pages that may tell one recipe each: those below its own
// address, else the most that lie beside each other, where it is called after recipes.
func likelyLinks(d sources.Document) (title string, links []sources.PageLink) {
	stem := strings.TrimSuffix(strings.TrimSuffix(d.URL, "/"), path.Ext(d.URL))
	below := strings.TrimSuffix(stem, "/index") + "/"
	head := sources.ReadHead(d)
	title = head.Title
	beside := map[string][]sources.PageLink{}
	for _, l := range head.Listed(d.URL) {
		if strings.HasPrefix(l.URL, below) {
			links = append(links, l)
		}
		folder := path.Dir(strings.TrimSuffix(l.URL, "/"))
		beside[folder] = append(beside[folder], l)
	}
	if strings.Count(below, "/") > rootSlashes && len(links) >= leastListed {
		return title, links
	}
	called, _, _ := strings.Cut(strings.NewReplacer(" - ", "|", " – ", "|", " — ", "|").Replace(title), "|") // without the name of the site
	if !d.IsFront() {
		called += " " + path.Base(strings.TrimSuffix(below, "/"))
	}
	links = nil
	if !sources.SaysWord(called, strings.Split(words.Text{Key: "asked.recipe"}.In(cmp.Or(head.Language, "en")), "|")) {
		return title, links
	}
	for _, folder := range slices.Sorted(maps.Keys(beside)) {
		if len(beside[folder]) > len(links) {
			links = beside[folder]
		}
	}
	return title, links
}

// form is what pages write recipes in.
const form = "schema.org"
