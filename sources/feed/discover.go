package feed

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"keypull/pull/what"
	"keypull/sources"
)

var _ sources.Discoverer = (*Settings)(nil)

// Limits of what a page leads to.
const (
	maxPageBytes = 1 << 20
	maxNamed     = 12
	maxAnchors   = 6
	maxGlance    = 20
)

// usual are the places where most sites have their feed, seen from their front
// page.
var usual = []string{"feed", "rss", "atom.xml", "feed.xml", "rss.xml", "index.xml", "feed.json"}

// Discover takes a feed for what it is, and a page for the feeds that it names.
func (*Settings) Discover(d sources.Document) []sources.Found {
	doc := document{body: d.Body, contentType: d.Type, url: d.URL, fetched: d.Fetched}
	if c, err := doc.parseItems(maxGlance); err == nil {
		f := sources.Found{
			Title: c.title, Form: c.form, Settings: map[string]any{"url": d.Address}, Phrase: own.Text("phrase", nil),
		}
		for _, it := range c.items {
			if it.Title != "" {
				f.Shows = append(f.Shows, it.Title)
			}
		}
		if f.Topics, f.Count = topics(c.items), newsCount; strings.Contains(d.Address, sources.ArgumentPlace) {
			f.Phrase, f.Needs, f.Argument, f.Topics = own.Text("phrase_search", nil), true, d.Argument, nil
		}
		return []sources.Found{f}
	}
	if f, ok := readOpenSearch(d.Body, d.URL); ok {
		f.Needs = false
		return []sources.Found{f}
	}
	if !d.IsPage() {
		return nil
	}
	p := landing{base: d.URL}
	text, _ := decodeDocument(d.Body[:min(len(d.Body), maxPageBytes)], sources.Encoded{Type: d.Type})
	p.read(text)
	found := slices.Concat(p.named, p.anchors, p.searches)
	for _, at := range guesses(d.URL) {
		found = append(found, sources.Found{At: at, Guess: true})
	}
	return found
}

// newsCount is how many items an answer has that is asked for as news.
const newsCount = 3

// topics returns the categories that several items have, the most frequent first.
func topics(items []what.Item) []string {
	const most, several = 12, 2
	counts := map[string]int{}
	var all []string
	for _, it := range items {
		categories, _ := it.Facts.Find(factCategories)
		for _, name := range categories.List {
			if counts[name]++; counts[name] == several {
				all = append(all, name)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return counts[b] - counts[a] })
	return all[:min(len(all), most)]
}

// landing is a web page while the feeds are gathered that it leads to.
type landing struct {
	base           string
	based          bool
	named, anchors []sources.Found
	// searches lead to description documents of searches.
	searches []sources.Found
}

func (p *landing) read(text []byte) {
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(maxPageBytes)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			p.readTag(z.Token())
		}
	}
}

func (p *landing) readTag(t html.Token) {
	a := map[string]string{}
	for _, attribute := range t.Attr {
		if _, twice := a[attribute.Key]; !twice {
			a[attribute.Key] = strings.TrimSpace(attribute.Val)
		}
	}
	at := sources.SafeLink(p.base, a["href"])
	switch {
	case a["href"] == "" || at == "":
	case t.Data == "base" && !p.based:
		p.base, p.based = at, true
	case t.Data == "link" && len(p.named) < maxNamed && isFeedLink(a, at):
		p.named = append(p.named, sources.Found{At: at, Title: a["title"]})
	case t.Data == "link" && len(p.searches) == 0 && strings.EqualFold(a["rel"], "search") && strings.Contains(strings.ToLower(a["type"]), "opensearchdescription"):
		p.searches = append(p.searches, sources.Found{At: at, Title: a["title"]})
	case t.Data == "a" && len(p.anchors) < maxAnchors && looksLikeFeed(at):
		p.anchors = append(p.anchors, sources.Found{At: at, Title: a["title"]})
	}
}

// isFeedLink says whether a link element leads to a feed: by its type, or where that
// is wrong or left out, by what it leads to.
func isFeedLink(a map[string]string, at string) bool {
	rel := strings.Fields(strings.ToLower(a["rel"]))
	kind, _, _ := strings.Cut(strings.ToLower(a["type"]), ";")
	alternate := false
	for _, r := range rel {
		switch r {
		case "feed":
			return true
		case "stylesheet":
			return false
		case "alternate":
			alternate = true
		}
	}
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss", "application/rss":
		return alternate
	case "", "text/xml", "application/xml", "application/json", "text/html", "text/plain":
		return alternate && a["hreflang"] == "" && a["media"] == "" && looksLikeFeed(at)
	}
	return false
}

// looksLikeFeed says whether an address is written as those of feeds are.
func looksLikeFeed(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	path := strings.TrimSuffix(strings.ToLower(u.Path), "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch last {
	case "feed", "rss", "atom", "feeds", "feed.xml", "index.xml", "feed.json", "rss2":
		return true
	}
	return strings.HasSuffix(last, ".rss") || strings.HasSuffix(last, ".atom") || strings.HasSuffix(last, ".rdf") ||
		strings.HasSuffix(last, "rss.xml") || strings.HasSuffix(last, "atom.xml") || u.Query().Has("feed")
}

// guesses returns the usual places: of the folder that the page lies in, then of
// the whole site.
func guesses(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var all []string
	if folder := u.Path[:strings.LastIndexByte(u.Path, '/')+1]; strings.Trim(folder, "/") != "" {
		all = append(all, resolveURL(address, folder+usual[0]))
	}
	for _, name := range usual {
		all = append(all, resolveURL(address, "/"+name))
	}
	return all
}
