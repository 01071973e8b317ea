package feed

import (
	"mime"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// notFeedError returns the error for a document that is no feed, with where the feed
// may be.
func (d document) notFeedError(text []byte) error {
	e := &pull.Error{Kind: pull.Unusable, Op: op, Field: "url"}
	kind, _, err := mime.ParseMediaType(d.contentType)
	shown := words.Verbatim(sources.Clean(kind))
	if err != nil {
		shown = own.Text("no_type", nil)
	}
	if len(text) == 0 {
		e.Hint = own.Text("empty_document", words.Args{"type": shown})
		return e
	}
	title, feed := d.page(text)
	switch {
	case feed != "":
		e.Hint = own.Text("page_with_feed", words.Args{"titled": titleText(title), "feed": feed})
	case title != "" || strings.Contains(kind, "html"):
		e.Hint = own.Text("page", words.Args{"titled": titleText(title), "type": shown})
	default:
		begin := string(text[:min(len(text), 60)])
		e.Hint = own.Text("no_feed", words.Args{"type": shown, "begin": sources.Line(begin)})
	}
	return e
}

func titleText(title string) words.Text {
	if title == "" {
		return words.Text{}
	}
	return own.Text("titled", words.Args{"title": title})
}

// page reads the title of a web page and the feed that it names.
func (d document) page(text []byte) (title, feed string) {
	head := sources.ReadHead(sources.Document{URL: d.url, Type: "text/html; charset=utf-8", Body: text})
	for _, l := range head.Links {
		if feed == "" && l.IsAlternate(feedTypes...) {
			feed = l.URL
		}
	}
	return sources.Shorten(head.Title, 80), feed
}

// goneError returns the error for a feed that was removed.
func goneError() error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("gone", nil)}
}
