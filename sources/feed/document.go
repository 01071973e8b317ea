package feed

import (
	"cmp"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/newsfeed"
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

// parseItems reads at most limit items in the order in which they answer.
func (d *document) parseItems(limit int) (contents, error) {
	body := d.body
	d.body = nil // nobody needs it once it is decoded
	text, guessed := decodeDocument(body, sources.Encoded{Type: d.contentType, Languages: d.languages})
	feed, err := newsfeed.Read(text, d.url)
	switch {
	case errors.Is(err, newsfeed.ErrNoFeed):
		return contents{}, d.notFeedError(text)
	case errors.Is(err, newsfeed.ErrDeep):
		return contents{}, d.wrong(own.Text("too_deep", words.Args{"max": newsfeed.MaxDepth}), err)
	case errors.Is(err, newsfeed.ErrTorn):
		return contents{}, d.wrong(own.Text("torn", nil), err)
	case err != nil:
		return contents{}, d.wrong(own.Text("damaged", nil), err)
	}
	c := contents{title: sources.Line(feed.Title), form: feed.Form, items: d.items(feed), says: metadataOf(feed)}
	c.warnings = append(sources.Warned(guessed, damageWarnings(feed)), d.clockWarnings(feed, c.items)...)
	c.items = c.items[:min(len(c.items), limit)]
	if len(c.items) == 0 {
		c.warnings = append(c.warnings, own.Text("no_items", nil))
	}
	return c, nil
}

// damageWarnings tell the editor what is wrong with a feed that was read all the same.
func damageWarnings(feed newsfeed.Feed) []words.Text {
	return saidOf(
		sight{feed.Junk, "junk", nil},
		sight{feed.TooMany && feed.Form == "JSON Feed", "many_items", words.Args{"max": pull.MaxSnapshotItems}},
		sight{feed.TooMany && feed.Form != "JSON Feed", "many_elements", words.Args{"max": pull.MaxSnapshotItems, "elements": newsfeed.MaxElements}},
		sight{feed.TooLong, "long_text", words.Args{"max": newsfeed.MaxText >> 10}},
		sight{feed.Bare, "bare", nil}, sight{feed.Crossed, "crossed", nil},
	)
}

// sight is something that is told the editor where it was seen.
type sight struct {
	seen bool
	key  string
	args words.Args
}

func saidOf(sights ...sight) (all []words.Text) {
	for _, s := range sights {
		if s.seen {
			all = append(all, own.Text(s.key, s.args))
		}
	}
	return all
}

func (*document) wrong(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: hint, Err: err}
}

// items turns the feed's items into ours: in the order in which they answer,
// each once.
func (d *document) items(feed newsfeed.Feed) []what.Item {
	d.dates = d.reader(feed)
	items := make([]what.Item, 0, len(feed.Entries))
	for _, e := range feed.Entries {
		it := d.item(e)
		if it.Published.IsZero() && e.Published+e.Updated != "" {
			d.unclear++
		}
		if it.Title != "" || it.Link != "" || len(it.Media) > 0 {
			items = append(items, it)
		}
	}
	fillLanguages(items, feed.Language)
	items = assignIDs(items, d.last)
	d.moved = d.correctClock(feed, items)
	d.rememberTimes(items)
	return sources.OrderArticles(items, d.fetched)
}

// maxHints is how many dates of a feed are looked at to understand the others.
const maxHints = 100

// reader returns the reader of the feed's dates.
func (d *document) reader(feed newsfeed.Feed) *sources.Dates {
	h := sources.DateHints{
		Built: feed.Built, Arrived: d.fetched, Language: cmp.Or(feed.Language, d.language), Zone: d.zone, Naive: d.naive,
	}
	for _, e := range feed.Entries[:min(len(feed.Entries), maxHints)] {
		h.Others = append(h.Others, e.Published, e.Updated)
	}
	return sources.NewDates(h)
}

// rememberTimes gives items whose time of publication nobody knows the time at
// which they were first seen.
func (d *document) rememberTimes(items []what.Item) {
	known := make(map[string]time.Time, len(d.last))
	for _, it := range d.last {
		known[it.ID] = cmp.Or(it.Seen, d.seen)
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
