package archive

import (
	"bytes"
	"cmp"
	"context"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/newsfeed"
)

// Limits of what is read of a feed.
const (
	maxFeedBytes = 8 << 20
	maxFeedItems = 2000
	// fullTextRunes is how much text an entry has that need not be looked for at its page.
	fullTextRunes = 600
)

const acceptFeed = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5"

// readFeed reads one feed: what its entries hold in full is kept as it stands, of the
// others the pages are read.
func (g *collector) readFeed(ctx context.Context, address string) {
	res := g.fetchDocument(ctx, "feeds", address, acceptFeed, maxFeedBytes)
	if res == nil {
		return
	}
	body, url := res.Body, res.URL
	res.Body = nil
	found, err := sources.RunParser(ctx, op, func() (feedContents, error) { return parseFeed(g.toUTF8(res, body), url, g.env.Clock(), g.env.Zone) })
	if err != nil {
		g.forgetUnreadable(address, err)
		return
	}
	for _, a := range found.articles {
		a.Seen = g.firstSeen(ctx, a)
		if found.short[a.ID] && a.Link != "" {
			g.ListPage(crawl.Ref{URL: a.Link, Stamp: a.Published.Format(time.RFC3339)})
			if len(g.Pages[a.Link].Items) > 0 {
				continue // the page has more to it
			}
		}
		g.putArticles(ctx, a)
	}
}

// firstSeen returns when an article without a time of publication was first seen.
func (g *collector) firstSeen(ctx context.Context, a article) time.Time {
	if !a.Published.IsZero() {
		return time.Time{}
	}
	if h, ok, err := g.index.Get(ctx, a.ID); err == nil && ok {
		if was, ok := decodeArticle(h); ok && !was.Seen.IsZero() {
			if g.last == nil {
				return was.Seen
			}
			for _, it := range g.last.Items {
				if it.ID == a.ID && !it.Seen.IsZero() {
					return it.Seen
				}
			}
			return was.Seen
		}
	}
	return g.env.Clock().UTC().Truncate(time.Second)
}

// feedContents is what a feed holds; short are the ids of entries that hold less
// than the article.
type feedContents struct {
	articles []article
	short    map[string]bool
}

// toUTF8 returns a document in UTF-8, and warns of an encoding that was guessed.
func (g *collector) toUTF8(res *outside.Response, body []byte) []byte {
	text, guessed := sources.Text(outside.Response{Header: res.Header, Body: body}, g.env.Languages)
	g.noteGuessedEncoding(res.URL, guessed)
	return text
}

// noteGuessedEncoding warns of the encoding of a document that was guessed; "" is none.
func (g *collector) noteGuessedEncoding(document, encoding string) {
	for _, w := range sources.Warned(encoding, nil) {
		g.Warnings = append(g.Warnings, crawl.AboutPage(document, w))
	}
}

// parseFeed reads RSS, Atom or JSON Feed, in UTF-8.
func parseFeed(body []byte, base string, arrived time.Time, zone *time.Location) (feedContents, error) {
	c := feedContents{short: map[string]bool{}}
	feed, err := newsfeed.Read(bytes.ToValidUTF8(body, []byte("\uFFFD")), base)
	if err != nil {
		return c, &pull.Error{Kind: pull.Unusable, Op: op, Field: "feeds", Hint: own.Text("no_feed", nil), Err: err}
	}
	hints := sources.DateHints{Built: feed.Built, Arrived: arrived, Language: feed.Language, Zone: zone, Naive: zone}
	for _, e := range feed.Entries[:min(len(feed.Entries), 100)] {
		hints.Others = append(hints.Others, e.Published)
	}
	dates := sources.NewDates(hints)
	twice := map[string]bool{}
	for _, e := range feed.Entries[:min(len(feed.Entries), maxFeedItems)] {
		a, short := entryArticle(e, dates)
		a.Language = sources.Line(feed.Language)
		if a.Title == "" && len(a.Paragraphs) == 0 || twice[a.ID] {
			continue
		}
		twice[a.ID] = true
		c.short[a.ID] = short
		c.articles = append(c.articles, a)
	}
	return c, nil
}

// entryArticle returns an entry of a feed as an article.
func entryArticle(e newsfeed.Entry, dates *sources.Dates) (a article, short bool) {
	a = article{Title: sources.Shorten(sources.Line(e.Title), maxTitle), Link: e.Link}
	a.ID = articleID(a.Link, e.GUID, a.Title)
	a.Published = cmp.Or(dates.Read(e.Published), dates.Read(e.Updated))
	text := e.Content
	if len(text) < len(e.Summary) {
		text = e.Summary
	}
	plain := sources.Plain(text)
	a.Paragraphs = splitParagraphs(plain)
	for _, m := range e.Media {
		if m.Type == what.Image && a.Image == "" {
			a.Image = m.URL
		}
	}
	return a, utf8.RuneCountInString(plain) < fullTextRunes
}
