package feed

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/mmcdole/gofeed"

	"keypull/pull"
	"keypull/pull/what"
)

// document is what a server sent in place of a feed, or as one.
type document struct {
	body        []byte
	contentType string
	// url is where it came from, fetched when it left there.
	url     string
	fetched time.Time
}

// contents is what was found in a document.
type contents struct {
	items    []what.Item
	warnings []string
}

// maxJunk is how much other text before a feed is passed over.
const maxJunk = 4096

// parse reads at most limit items, newest first.
func (d document) parse(limit int) (contents, error) {
	var c contents
	text := decode(d.body, d.contentType)
	if i := bytes.Index(text[:min(len(text), maxJunk)], []byte("<?xml")); i > 0 && sniff(text) == looksWrong {
		text = text[i:]
		c.warnings = append(c.warnings, "there is other text before the feed; the server may have a fault")
	}
	switch sniff(text) {
	case looksXML:
		s := survey(text, pull.MaxSnapshotItems)
		if s.depth > maxDepth {
			return c, d.wrong(fmt.Sprintf("its elements lie more than %d deep in each other", maxDepth), nil)
		}
		if s.cut > 0 {
			text = append(slices.Clip(text[:s.cut]), s.closing...)
			c.warnings = append(c.warnings, fmt.Sprintf("the feed has more than %d items; the rest was left out", pull.MaxSnapshotItems))
		}
	case looksJSON:
	default:
		return c, d.instead(text)
	}
	feed, err := newParser().Parse(bytes.NewReader(text))
	if err != nil {
		// Titles with a bare "<" are the damage that is seen most.
		var again error
		if feed, again = newParser().Parse(bytes.NewReader(escapeBare(text))); again != nil {
			return c, d.wrong("it is damaged", err)
		}
		c.warnings = append(c.warnings, "the feed is not well-formed: a \"<\" in its text is not escaped")
	}
	c.items = d.items(feed)
	c.items = c.items[:min(len(c.items), limit)]
	if len(c.items) == 0 {
		c.warnings = append(c.warnings, "the feed holds no items")
	}
	return c, nil
}

// newParser returns a parser that leaves pictures to this package: its own
// search parses the HTML of every item.
func newParser() *gofeed.Parser {
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	return p
}

func (d document) wrong(what string, err error) error {
	return &pull.Error{
		Kind: pull.Unusable, Op: op, Field: "url", Err: err,
		Hint: "the feed cannot be read: " + what + "; check it with a feed validator",
	}
}

// items turns the feed's items into ours: newest first, those without a date
// where the feed has them, each once.
func (d document) items(feed *gofeed.Feed) []what.Item {
	base := d.url
	dated := make([]datedItem, 0, len(feed.Items))
	for _, raw := range feed.Items {
		if raw == nil || len(dated) >= pull.MaxSnapshotItems {
			continue
		}
		e := entry{raw: raw, base: base, fetched: d.fetched}
		if it := e.item(); it.Title != "" || it.Link != "" || len(it.Media) > 0 {
			dated = append(dated, datedItem{item: it})
		}
	}
	place(dated)
	slices.SortStableFunc(dated, func(a, b datedItem) int { return b.at.Compare(a.at) })
	return unique(dated)
}

// datedItem is an item with the time by which it is sorted.
type datedItem struct {
	item what.Item
	at   time.Time
}

// place gives an item without a date the time of its neighbour above, the
// first ones that of the first date below.
func place(items []datedItem) {
	var at time.Time
	for _, it := range items {
		if at = it.item.Published; !at.IsZero() {
			break
		}
	}
	for i := range items {
		if p := items[i].item.Published; !p.IsZero() {
			at = p
		}
		items[i].at = at
	}
}

// unique keeps the newest of the items that share an id, or link and title.
func unique(dated []datedItem) []what.Item {
	seen := make(map[string]bool, 2*len(dated))
	items := make([]what.Item, 0, len(dated))
	for _, d := range dated {
		page := "\x00" + d.item.Link + "\x00" + d.item.Title
		if seen[d.item.ID] || d.item.Link != "" && seen[page] {
			continue
		}
		seen[d.item.ID], seen[page] = true, true
		items = append(items, d.item)
	}
	return items
}
