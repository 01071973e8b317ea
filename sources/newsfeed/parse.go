package newsfeed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"
	jsonfeed "github.com/mmcdole/gofeed/json"
)

// Each item, and what a feed says of itself, is written anew for gofeed, well formed and
// within bounds: so damage ends with the item that it is in, and memory is that of one.
const (
	modules   = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:content="http://purl.org/rss/1.0/modules/content/"`
	rssStart  = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"` + modules + `><channel>`
	rssEnd    = `</channel></rss>`
	atomStart = `<feed xmlns="http://www.w3.org/2005/Atom"` + modules + `>`
	atomEnd   = `</feed>`
)

// parse has gofeed read elements in the form of a feed. Pictures are left to this
// package: gofeed's own search takes the HTML of every item apart.
func parse(elements *node, form string) (*gofeed.Feed, error) {
	var b bytes.Buffer
	start, end := rssStart, rssEnd
	if form == formAtom {
		start, end = atomStart, atomEnd
	}
	b.WriteString(start)
	for _, k := range elements.kids {
		k.writeTo(&b, form)
	}
	b.WriteString(end)
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := p.Parse(&b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamage, err)
	}
	return feed, nil
}

// parseItem has gofeed read an item.
func parseItem(n *node, form string) (*gofeed.Item, error) {
	whole := *n
	if whole.name = "item"; form == formAtom {
		whole.name = "entry"
	}
	whole.space = ""
	feed, err := parse(&node{kids: []*node{&whole}}, form)
	if err != nil {
		return nil, err
	}
	if len(feed.Items) != 1 {
		return nil, fmt.Errorf("%w: %d items in one", ErrDamage, len(feed.Items))
	}
	return feed.Items[0], nil
}

// writeTo writes an element with what lies in it. Links, whose base gofeed would not know,
// and what modules that it does not know say are left out.
func (n *node) writeTo(b *bytes.Buffer, form string) {
	called := n.name
	switch n.space {
	case "":
	case "dc", "itunes", "content":
		called = n.space + ":" + n.name
	case atomSpace:
		if form != formAtom {
			called = n.space + ":" + n.name
		}
	default:
		return
	}
	if n.name == "link" || strings.Trim(n.name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return
	}
	text := n.ownText()
	b.WriteString("<" + called)
	if n.name == "category" {
		text = cmp.Or(n.attr("term"), text, n.attr("label"))
		b.WriteString(` term="`)
		_ = xml.EscapeText(b, []byte(text))
		b.WriteString(`"`)
	}
	b.WriteString(">")
	if len(n.kids) == 0 {
		_ = xml.EscapeText(b, []byte(text))
	}
	for _, k := range n.kids {
		k.writeTo(b, form)
	}
	b.WriteString("</" + called + ">")
}

// parseJSONItem has gofeed read an item of a JSON Feed; what is of another type than it
// should be is not there.
func parseJSONItem(text []byte) (*gofeed.Item, error) {
	raw := &jsonfeed.Item{}
	var mistyped *json.UnmarshalTypeError
	if err := json.Unmarshal(text, raw); err != nil && !errors.As(err, &mistyped) {
		return nil, fmt.Errorf("%w: %w", ErrDamage, err)
	}
	raw.Authors = slices.DeleteFunc(raw.Authors, func(a *jsonfeed.Author) bool { return a == nil })
	feed, err := (&gofeed.DefaultJSONTranslator{}).Translate(&jsonfeed.Feed{Items: []*jsonfeed.Item{raw}})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamage, err)
	}
	return feed.Items[0], nil
}

// entryOf returns what gofeed has read of an item.
func entryOf(item *gofeed.Item) Entry {
	return Entry{
		Title: item.Title, GUID: item.GUID, Link: item.Link, Summary: item.Description, Content: item.Content,
		Published: item.Published, Updated: item.Updated, Categories: item.Categories,
	}
}
