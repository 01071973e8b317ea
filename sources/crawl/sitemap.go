// Package crawl goes through a site for the kinds that hold its pages: what its sitemaps
// list, in which order it is read, when the site is left alone, and what is noted of it
// for the next fetch. What a page tells is theirs.
package crawl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	"keypull/sources"
)

// Ref is a page, or a sitemap, as a sitemap lists it; Stamp is its lastmod as it is
// written, or the day on which a piece of news was published.
type Ref struct{ URL, Stamp string }

// Listing is what a sitemap lists.
type Listing struct {
	Pages, Sitemaps []Ref
	// Over counts the pages beyond the limit; Cut says that the document goes on
	// beyond what is read.
	Over int
	Cut  bool
}

// Limits bound what is read of one sitemap; Bytes count once it is unzipped.
type Limits struct{ Pages, Sitemaps, Bytes int }

// What may be wrong with a sitemap.
var (
	// ErrZip: it is zipped, and can't be unzipped.
	ErrZip = errors.New("crawl: a sitemap can't be unzipped")
	// ErrNone: it lists nothing.
	ErrNone = errors.New("crawl: it is no sitemap")
)

const (
	// maxNameBytes is how long the name of an element may be, maxTextBytes how far
	// behind it its text is looked for.
	maxNameBytes = 64
	maxTextBytes = 4 << 10
)

// Sitemap reads a document as sitemaps.org describes it, zipped or not; base is
// where it was. It looks for the few elements that matter and keeps nothing else:
// an XML parser would hold whatever a document nests or makes long. The error is
// ErrZip or ErrNone.
func Sitemap(body []byte, base string, most Limits) (Listing, error) {
	var l Listing
	if bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		var err error
		if body, err = unzipBody(body, most.Bytes); err != nil {
			return l, fmt.Errorf("%w: %w", ErrZip, err)
		}
		l.Cut = len(body) == most.Bytes
	}
	e := entry{base: base, most: most}
	for at := 0; ; {
		i := bytes.IndexByte(body[at:], '<')
		if i < 0 {
			break
		}
		at += i + 1
		if rest := body[at:]; bytes.HasPrefix(rest, []byte("!--")) {
			end := bytes.Index(rest, []byte("-->"))
			if end < 0 {
				break
			}
			at += end
			continue
		}
		e.readTag(body[at:], &l)
	}
	if len(l.Pages) == 0 && len(l.Sitemaps) == 0 {
		return l, ErrNone
	}
	return l, nil
}

// Unique returns those with an address that none before them has.
func Unique(refs []Ref) []Ref { return sources.Unique(refs, func(r Ref) string { return r.URL }) }

// entry is one entry of a sitemap while it is read.
type entry struct {
	base, prefix, name string
	most               Limits
	ref                Ref
}

// readTag reads a tag, given what stands behind its opening bracket.
func (e *entry) readTag(rest []byte, l *Listing) {
	inner, closing := bytes.CutPrefix(rest, []byte("/"))
	end := bytes.IndexAny(inner[:min(len(inner), maxNameBytes)], " \t\r\n/>")
	if end <= 0 {
		return
	}
	prefix, local, found := strings.Cut(string(inner[:end]), ":")
	if !found {
		prefix, local = "", prefix
	}
	switch begins := local == "url" || local == "sitemap"; {
	case begins && closing:
		e.addToListing(l)
	case begins:
		e.addToListing(l)
		e.prefix, e.name, e.ref = prefix, local, Ref{}
	case closing || e.name == "":
	case local == "publication_date" && e.ref.Stamp == "":
		e.ref.Stamp = elementText(inner[end:])
	case prefix != e.prefix:
	case local == "loc" && e.ref.URL == "":
		e.ref.URL = elementText(inner[end:])
	case local == "lastmod":
		e.ref.Stamp = elementText(inner[end:])
	}
}

// addToListing adds the entry to what its sitemap lists.
func (e *entry) addToListing(l *Listing) {
	ref, name := e.ref, e.name
	e.name, e.ref = "", Ref{}
	switch {
	case ref.URL == "", name == "sitemap" && len(l.Sitemaps) == e.most.Sitemaps:
	case name == "url" && len(l.Pages) == e.most.Pages:
		l.Over++
	default:
		if ref.URL = sources.SafeLink(e.base, ref.URL); ref.URL == "" {
			return
		}
		if name == "sitemap" {
			l.Sitemaps = append(l.Sitemaps, ref)
			return
		}
		l.Pages = append(l.Pages, ref)
	}
}

// elementText returns the text of an element, given what follows its name. Nothing that
// matters here is longer than a tag may be.
func elementText(rest []byte) string {
	rest = rest[:min(len(rest), maxTextBytes)]
	open := bytes.IndexByte(rest, '>')
	if open < 0 || open > 0 && rest[open-1] == '/' {
		return ""
	}
	rest = bytes.TrimSpace(rest[open+1:])
	if inner, ok := bytes.CutPrefix(rest, []byte("<![CDATA[")); ok {
		text, _, closed := bytes.Cut(inner, []byte("]]>"))
		if !closed {
			return ""
		}
		return strings.TrimSpace(strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	text, _, closed := bytes.Cut(rest, []byte("<"))
	if !closed {
		return ""
	}
	return strings.TrimSpace(html.UnescapeString(strings.ToValidUTF8(string(text), "\uFFFD")))
}

// unzipBody unzips a document, at most so many bytes of it.
func unzipBody(body []byte, most int) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err //nolint:wrapcheck // Sitemap wraps it
	}
	return io.ReadAll(io.LimitReader(z, int64(most)))
}
