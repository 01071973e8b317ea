package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/newsfeed"
)

// Facts of a feed's items.
const (
	factAuthor     = "author"
	factCategories = "categories"
	// factPaywall is "subscription" where a page is not free to read.
	factPaywall = "paywall"
	// factCredit is whose pictures are shown.
	factCredit = "credit"
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

// item makes an item of an entry.
func (d *document) item(e newsfeed.Entry) what.Item {
	own := boilerplate{title: sources.Shorten(sources.Line(e.Title), maxTitle), link: e.Link}
	it := what.Item{
		Title:    own.title,
		Summary:  sources.Shorten(own.plainText(e.Summary), maxSummary),
		Body:     sources.Shorten(own.plainText(e.Content), maxBody),
		Link:     e.Link,
		Media:    e.Media,
		Facts:    factsOf(e),
		Language: sources.LanguageTag(e.Language),
	}
	it.Published = cmp.Or(d.dates.Read(e.Published), d.dates.Read(e.Updated))
	if it.Summary == "" && it.Body == "" {
		it.Body = sources.Shorten(own.plainText(e.Other), maxBody)
	}
	it.Summary = cmp.Or(it.Summary, sources.Shorten(it.Body, madeSummary))
	if it.Body == it.Summary {
		it.Body = ""
	}
	it.Title = cmp.Or(it.Title, sources.Shorten(strings.Join(strings.Fields(it.Summary), " "), madeTitle))
	it.ID = idOf(e, it)
	return it
}

// idOf returns the guid, else the link, else a hash of what the item says.
func idOf(e newsfeed.Entry, it what.Item) string {
	id := cmp.Or(sources.Clean(strings.TrimSpace(e.GUID)), it.Link)
	if id != "" && len(id) <= maxIDBytes {
		return id
	}
	sum := sha256.Sum256([]byte(cmp.Or(id, it.Title+"\x00"+it.Summary+"\x00"+e.Published)))
	return hex.EncodeToString(sum[:16])
}

func factsOf(e newsfeed.Entry) what.Facts {
	paywall := ""
	if e.Paid {
		paywall = "subscription"
	}
	return sources.Saying(
		what.Fact{Name: factAuthor, Text: strings.Join(distinctLines(e.Authors), ", ")},
		what.Fact{Name: factCategories, Kind: what.List, List: distinctLines(e.Categories[:min(len(e.Categories), maxCategories)])},
		what.Fact{Name: factPaywall, Text: paywall},
		what.Fact{Name: factCredit, Text: e.Credit},
	)
}

// distinctLines returns texts on a line each, each once.
func distinctLines(texts []string) (all []string) {
	for _, text := range texts {
		if text = sources.Line(text); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// fillLanguages gives items without a language that of their feed, if other items have
// one of their own.
func fillLanguages(items []what.Item, feed string) {
	if len(languagesOf(items)) == 0 {
		return
	}
	for i := range items {
		if items[i].Language == "" {
			items[i].Language = sources.LanguageTag(feed)
		}
	}
}
