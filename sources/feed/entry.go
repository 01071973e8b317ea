package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"keypull/pull/what"
	"keypull/sources"
)

// Facts of a feed's items.
const (
	factAuthor     = "author"
	factCategories = "categories"
)

// Limits of what is kept of an item.
const (
	maxTitle      = 300
	maxSummary    = 2000
	maxBody       = 20000
	madeTitle     = 80
	madeSummary   = 400
	maxIDBytes    = 256
	maxCategories = 30
)

// entry is one item of a feed on its way to be ours.
type entry struct {
	raw   *gofeed.Item
	bases itemBases
	dates *sources.Dates
}

func (e entry) toItem() what.Item {
	r := e.raw
	it := what.Item{Title: sources.Shorten(sources.Line(r.Title), maxTitle), Link: e.link()}
	e.bases.aside.fillMissing(&it)
	if e.bases.aside.coded {
		r.Content = decodeBase64(r.Content)
	}
	own := boilerplate{title: it.Title, link: it.Link}
	it = what.Item{
		Title:     it.Title,
		Summary:   sources.Shorten(own.plainText(r.Description), maxSummary),
		Body:      sources.Shorten(own.plainText(r.Content), maxBody),
		Link:      it.Link,
		Media:     e.collectMedia(),
		Facts:     e.facts(),
		Published: e.published(),
	}
	if it.Summary == "" && it.Body == "" {
		it.Body = sources.Shorten(own.plainText(firstSaid(e.bases.aside.text)), maxBody)
	}
	if it.Summary == "" {
		it.Summary = sources.Shorten(it.Body, madeSummary)
	}
	if it.Body == it.Summary {
		it.Body = ""
	}
	if it.Title == "" {
		it.Title = sources.Shorten(strings.Join(strings.Fields(it.Summary), " "), madeTitle)
	}
	it.ID = e.id(it)
	return it
}

// link returns the item's page; a guid that is an address stands in for it.
func (e entry) link() string {
	for _, href := range append([]string{e.raw.Link}, e.raw.Links...) {
		if link := sources.SafeLink(e.bases.link, href); link != "" {
			return link
		}
	}
	if strings.HasPrefix(e.raw.GUID, "http") {
		return sources.SafeLink("", e.raw.GUID)
	}
	return ""
}

// id returns the guid, else the link, else a hash of what the item says.
func (e entry) id(it what.Item) string {
	id := sources.Clean(strings.TrimSpace(e.raw.GUID))
	if id == "" {
		id = it.Link
	}
	if id != "" && len(id) <= maxIDBytes {
		return id
	}
	if id == "" {
		id = it.Title + "\x00" + it.Summary + "\x00" + e.raw.Published
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16])
}

func (e entry) facts() what.Facts {
	var facts what.Facts
	var authors []string
	for _, a := range e.raw.Authors {
		if a != nil {
			authors = appendNew(authors, sources.Line(a.Name))
		}
	}
	if len(authors) > 0 {
		facts = append(facts, what.Fact{Name: factAuthor, Text: strings.Join(authors, ", ")})
	}
	var categories []string
	for _, c := range e.raw.Categories[:min(len(e.raw.Categories), maxCategories)] {
		categories = appendNew(categories, sources.Line(c))
	}
	if len(categories) > 0 {
		facts = append(facts, what.Fact{Name: factCategories, Kind: what.List, List: categories})
	}
	return append(facts, e.shownFacts()...)
}

func appendNew(list []string, s string) []string {
	if s == "" {
		return list
	}
	for _, known := range list {
		if known == s {
			return list
		}
	}
	return append(list, s)
}

// published returns the item's own date; zero where none can be understood.
func (e entry) published() time.Time {
	texts := []string{e.raw.Published, e.raw.Updated}
	if dc := e.raw.DublinCoreExt; dc != nil && len(dc.Date) > 0 {
		texts = append(texts, dc.Date[0])
	}
	for _, text := range texts {
		if at := e.dates.Read(text); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}
