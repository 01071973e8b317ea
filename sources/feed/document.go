package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	jsonfeed "github.com/mmcdole/gofeed/json"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// document is what a server sent in place of a feed, or as one.
type document struct {
	body        []byte
	contentType string
	// url is where it came from, fetched when it left there.
	url     string
	fetched time.Time
	// language is what the response says of it, served its Date; zone is the
	// publisher's, naive that of times that name none.
	language    string
	served      time.Time
	zone, naive *time.Location
	// languages are the publisher's.
	languages []string
	// last is what was found before.
	last  []what.Item
	seen  time.Time
	dates *sources.Dates
	// moved is by how much the clock of the feed ran ahead, and its items' times
	// were moved.
	moved time.Duration
	// unclear counts the items whose date cannot be understood.
	unclear int
}

// contents is what was found in a document.
type contents struct {
	// title is what the feed calls itself, form what it is written as.
	title, form string
	items       []what.Item
	warnings    []words.Text
	says        metadata
}

// parsed is a feed with what its parser does not tell.
type parsed struct {
	*gofeed.Feed
	bases    []itemBases
	says     metadata
	warnings []words.Text
}

// maxJunk is how much other text before a feed is passed over.
const maxJunk = 4096

// forms are the formats as people call them.
var forms = map[string]string{"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}

// parseItems reads at most limit items in the order in which they answer.
func (d *document) parseItems(limit int) (contents, error) {
	body := d.body
	d.body = nil // nobody needs it once it is decoded
	text, guessed := decodeDocument(body, sources.Encoded{Type: d.contentType, Languages: d.languages})
	junk := sources.Warned(guessed, nil)
	if i := bytes.Index(text[:min(len(text), maxJunk)], []byte("<?xml")); i > 0 && sniffFormat(text) == looksWrong {
		text = text[i:]
		junk = append(junk, own.Text("junk", nil))
	}
	if sniffFormat(text) == looksWrong {
		if inner := embeddedFeed(text); inner != nil {
			text = inner
		}
	}
	var feed parsed
	var err error
	switch sniffFormat(text) {
	case looksXML:
		feed, err = d.parseXML(text)
	case looksJSON:
		feed, err = d.parseJSON(text)
	default:
		err = d.notFeedError(text)
	}
	if err != nil {
		return contents{}, err
	}
	c := contents{title: sources.Line(feed.Title), form: forms[feed.FeedType], items: d.items(feed), warnings: append(junk, feed.warnings...), says: feed.says}
	c.warnings = append(c.warnings, d.clockWarnings(feed, c.items)...)
	c.items = c.items[:min(len(c.items), limit)]
	if len(c.items) == 0 {
		c.warnings = append(c.warnings, own.Text("no_items", nil))
	}
	return c, nil
}

func (d *document) parseXML(text []byte) (parsed, error) {
	r := newReducer(text, d.url)
	p := gofeed.NewParser()
	// Pictures are left to this package: the parser's own search takes the
	// HTML of every item apart.
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := p.Parse(r)
	switch {
	case r.tooDeep:
		return parsed{}, d.wrong(own.Text("too_deep", words.Args{"max": maxDepth}), nil)
	case r.torn:
		return parsed{}, d.wrong(own.Text("torn", nil), err)
	case err != nil:
		return parsed{}, d.wrong(own.Text("damaged", nil), err)
	}
	found := parsed{Feed: feed, bases: r.bases, says: r.said.parseTexts()}
	switch {
	case len(feed.Items) == 0 && len(r.bases) > 0:
		for range r.bases {
			feed.Items = append(feed.Items, &gofeed.Item{})
		}
	case len(feed.Items) != len(r.bases):
		found.bases = nil
	}
	if r.tooMany {
		found.warnings = append(found.warnings, own.Text("many_elements", words.Args{"max": pull.MaxSnapshotItems, "elements": maxElements}))
	}
	if r.tooLong {
		found.warnings = append(found.warnings, own.Text("long_text", words.Args{"max": maxText >> 10}))
	}
	if r.bare {
		found.warnings = append(found.warnings, own.Text("bare", nil))
	}
	if r.crossed {
		found.warnings = append(found.warnings, own.Text("crossed", nil))
	}
	return found, nil
}

func (d *document) parseJSON(text []byte) (parsed, error) {
	text, cut, deep := reduceJSON(text)
	if deep {
		return parsed{}, d.wrong(own.Text("too_deep", words.Args{"max": maxDepth}), nil)
	}
	var raw jsonfeed.Feed
	var mistyped *json.UnmarshalTypeError
	if err := json.Unmarshal(text, &raw); err != nil && (!errors.As(err, &mistyped) || len(raw.Items) == 0) {
		return parsed{}, d.wrong(own.Text("damaged", nil), err)
	}
	if !strings.Contains(raw.Version, "jsonfeed.org") && len(raw.Items) == 0 {
		return parsed{}, d.notFeedError(text)
	}
	feed, err := (&gofeed.DefaultJSONTranslator{}).Translate(&raw)
	if err != nil {
		return parsed{}, d.wrong(own.Text("damaged", nil), errors.Unwrap(err))
	}
	// These are those of the first item, and not the feed's.
	feed.Updated, feed.Published = "", ""
	found := parsed{Feed: feed, says: metadataJSON(&raw, text)}
	found.bases = itemsJSON(&raw)
	besideJSON(text, found.bases)
	if cut {
		found.warnings = append(found.warnings, own.Text("many_items", words.Args{"max": pull.MaxSnapshotItems}))
	}
	return found, nil
}

func (*document) wrong(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: hint, Err: err}
}

// items turns the feed's items into ours: in the order in which they answer,
// each once.
func (d *document) items(feed parsed) []what.Item {
	d.dates = d.reader(feed)
	base := sources.SafeLink(d.url, feed.Link)
	if base == "" {
		base = d.url
	}
	items := make([]what.Item, 0, len(feed.Items))
	for i, raw := range feed.Items {
		if raw == nil || len(items) >= pull.MaxSnapshotItems {
			continue
		}
		e := entry{raw: raw, bases: itemBases{}.withFallback(base), dates: d.dates}
		if i < len(feed.bases) {
			e.bases = feed.bases[i].withFallback(base)
		}
		it := e.toItem()
		it.Language = e.languageTag()
		if it.Published.IsZero() && cmp.Or(raw.Published, raw.Updated) != "" {
			d.unclear++
		}
		if it.Title != "" || it.Link != "" || len(it.Media) > 0 {
			items = append(items, it)
		}
	}
	fillLanguages(items, feed.Language)
	items = assignIDs(items, d.last)
	d.moved = d.correctClock(feed, items)
	d.remember(items)
	return orderItems(items, d.fetched)
}

// maxHints is how many dates of a feed are looked at to understand the others.
const maxHints = 100

// reader returns the reader of the feed's dates.
func (d *document) reader(feed parsed) *sources.Dates {
	h := sources.DateHints{
		Built: cmp.Or(feed.Updated, feed.Published), Arrived: d.fetched,
		Language: cmp.Or(feed.Language, d.language), Zone: d.zone, Naive: d.naive,
	}
	h.Others = append(h.Others, feed.Published)
	for _, raw := range feed.Items[:min(len(feed.Items), maxHints)] {
		if raw == nil {
			continue
		}
		h.Others = append(h.Others, raw.Published)
		if raw.Updated != raw.Published {
			h.Others = append(h.Others, raw.Updated)
		}
	}
	return sources.NewDates(h)
}

// remember gives items whose time of publication nobody knows the time at
// which they were first seen.
func (d *document) remember(items []what.Item) {
	known := make(map[string]time.Time, len(d.last))
	for _, it := range d.last {
		known[it.ID] = d.seen
		if !it.Seen.IsZero() {
			known[it.ID] = it.Seen
		}
	}
	for i := range items {
		if it := &items[i]; it.Published.IsZero() {
			it.Seen = d.fetched.UTC().Truncate(time.Second)
			if at, ok := known[it.ID]; ok {
				it.Seen = at
			}
		}
	}
}
