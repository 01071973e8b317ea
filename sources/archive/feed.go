package archive

import (
	"bytes"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
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
			g.listPage(crawl.Ref{URL: a.Link, Stamp: a.Published.Format(time.RFC3339)})
			if g.pages[a.Link].ID != "" {
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
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range sources.Warned(encoding, nil) {
		g.addWarning(words.Text{Key: "fetch.because", Args: words.Args{"what": document, "reason": w}})
	}
}

// parseFeed reads RSS, Atom or JSON Feed, in UTF-8.
func parseFeed(body []byte, base string, arrived time.Time, zone *time.Location) (feedContents, error) {
	c := feedContents{short: map[string]bool{}}
	body = bytes.TrimLeft(bytes.ToValidUTF8(body, []byte("\uFFFD")), " \r\n\t")
	if head, rest, ok := bytes.Cut(body, []byte("?>")); ok && bytes.HasPrefix(head, []byte("<?xml")) {
		body = rest // what it says of its encoding is true no longer
	}
	parser := gofeed.NewParser()
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := parser.Parse(bytes.NewReader(body))
	if err != nil {
		return c, &pull.Error{Kind: pull.Unusable, Op: op, Field: "feeds", Hint: own.Text("no_feed", nil), Err: err}
	}
	hints := sources.DateHints{Built: feed.Updated, Arrived: arrived, Language: feed.Language, Zone: zone, Naive: zone}
	for _, raw := range feed.Items[:min(len(feed.Items), 100)] {
		hints.Others = append(hints.Others, raw.Published)
	}
	dates := sources.NewDates(hints)
	twice := map[string]bool{}
	for _, raw := range feed.Items[:min(len(feed.Items), maxFeedItems)] {
		a, short := entryArticle(raw, base, dates)
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
func entryArticle(raw *gofeed.Item, base string, dates *sources.Dates) (a article, short bool) {
	a = article{Title: sources.Shorten(sources.Line(raw.Title), maxTitle), Link: sources.SafeLink(base, raw.Link)}
	a.ID = articleID(a.Link, strings.TrimSpace(raw.GUID), a.Title)
	for _, date := range []string{raw.Published, raw.Updated} {
		if at := dates.Read(date); !at.IsZero() && a.Published.IsZero() {
			a.Published = at
		}
	}
	text := raw.Content
	if len(text) < len(raw.Description) {
		text = raw.Description
	}
	plain := sources.Plain(text)
	a.Paragraphs = splitParagraphs(plain)
	if raw.Image != nil {
		a.Image = sources.SafeLink(base, raw.Image.URL)
	}
	return a, utf8.RuneCountInString(plain) < fullTextRunes
}
