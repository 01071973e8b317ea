package feed

import (
	"bytes"
	"mime"
	"strings"

	"golang.org/x/net/html"

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
	z := html.NewTokenizer(bytes.NewReader(text[:min(len(text), 1<<20)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return title, feed
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.Data == "title" && title == "" && z.Next() == html.TextToken:
				title = sources.Shorten(sources.Line(string(z.Text())), 80)
			case t.Data == "link" && feed == "":
				feed = d.alternate(t)
			case t.Data == "body" && feed != "":
				return title, feed
			}
		}
	}
}

// alternate returns the address of the feed that a link element names, or "".
func (d document) alternate(t html.Token) string {
	var rel, kind, href string
	for _, a := range t.Attr {
		switch a.Key {
		case "rel":
			rel = strings.ToLower(a.Val)
		case "type":
			kind = strings.ToLower(a.Val)
		case "href":
			href = a.Val
		}
	}
	switch kind {
	case "application/rss+xml", "application/atom+xml", "application/feed+json":
	default:
		return ""
	}
	if !strings.Contains(rel, "alternate") {
		return ""
	}
	return sources.SafeLink(d.url, href)
}

// goneError returns the error for a feed that was removed.
func goneError() error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("gone", nil)}
}
