package feed

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

var _ sources.Discoverer = (*Settings)(nil)

// Limits of what a page leads to.
const (
	maxNamed   = 12
	maxAnchors = 6
	maxGlance  = 20
)

// usual are the places where most sites have their feed, seen from their front
// page.
var usual = []string{"feed", "rss", "atom.xml", "feed.xml", "rss.xml", "index.xml", "feed.json"}

// Discover takes a feed for what it is, and a page for the feeds that it names.
func (*Settings) Discover(d sources.Document) []sources.Found {
	doc := document{body: d.Body, contentType: d.Type, url: d.URL, fetched: d.Fetched}
	if c, err := doc.parseItems(maxGlance); err == nil {
		f := sources.Found{
			Title: c.title, Form: c.form, Settings: map[string]any{"url": d.Address}, Phrase: words.Text{Key: "asked.news"},
		}
		for _, it := range c.items {
			if it.Title != "" {
				f.Shows = append(f.Shows, it.Title)
			}
		}
		if f.Topics, f.Count = topics(c.items), newsCount; strings.Contains(d.Address, sources.ArgumentPlace) {
			f.Phrase, f.Needs, f.Argument, f.Topics = words.Text{Key: "asked.search"}, true, d.Argument, nil
		}
		return []sources.Found{f}
	}
	if at, title := sources.SearchFeed(d); at != "" {
		return []sources.Found{{Title: title, Form: "OpenSearch", Phrase: words.Text{Key: "asked.news"}, Settings: map[string]any{"url": at}}}
	}
	if !d.IsPage() {
		return nil
	}
	var named, anchors, searches []sources.Found
	for _, l := range sources.ReadHead(d).Links {
		found := sources.Found{At: l.URL, Title: l.Title}
		switch {
		case isOfComments(l.URL): // readers ask for what the outlet writes
		case l.Tag == "link" && len(named) < maxNamed && isFeedLink(l):
			named = append(named, found)
		case l.Tag == "link" && len(searches) == 0 && l.Rel == "search" && strings.Contains(l.Type, "opensearchdescription"):
			searches = append(searches, found)
		case l.Tag == "a" && len(anchors) < maxAnchors && looksLikeFeed(l.URL):
			anchors = append(anchors, found)
		}
	}
	found := slices.Concat(named, anchors, searches)
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

// feedTypes are those of feeds.
var feedTypes = []string{"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss", "application/rss"}

// isFeedLink says whether a link element leads to a feed: by its type, or where that
// is wrong or left out, by what it leads to.
func isFeedLink(l sources.PageLink) bool {
	rel := strings.Fields(l.Rel)
	return !slices.Contains(rel, "stylesheet") && (slices.Contains(rel, "feed") || l.IsAlternate(feedTypes...) ||
		l.IsAlternate("", "text/xml", "application/xml", "application/json", "text/html", "text/plain") && !l.Variant && looksLikeFeed(l.URL))
}

// isOfComments says whether an address names itself that of comments, as WordPress and Blogger have it.
func isOfComments(address string) bool {
	u, err := url.Parse(address)
	return err == nil && ofComments.MatchString(u.Path+"?"+u.RawQuery)
}

var ofComments = regexp.MustCompile(`(?i)(^|[/_.=&-])comments?([/_.?&-]|$)`)

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
		all = append(all, sources.SafeLink(address, folder+usual[0]))
	}
	for _, name := range usual {
		all = append(all, sources.SafeLink(address, "/"+name))
	}
	return all
}
