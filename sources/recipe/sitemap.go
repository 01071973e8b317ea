package recipe

import (
	"bytes"
	"compress/gzip"
	"context"
	"html"
	"io"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
)

// maxSitemapBytes is how long a sitemap may be, unzipped.
const maxSitemapBytes = 8 << 20

// pageRef is a page, or a sitemap, as a sitemap lists it; stamp is its lastmod.
type pageRef struct{ url, stamp string }

// listing is what a sitemap lists.
type listing struct {
	pages, sitemaps []pageRef
	// over counts the pages beyond maxPages.
	over int
	// etag and lastModified make the next request conditional; same says that
	// the last one was answered with "not modified".
	etag, lastModified string
	same               bool
	warnings           []words.Text
}

// oneSitemap brings a sitemap, conditionally where it was read before.
func (s *source) oneSitemap(ctx context.Context, address string, known sitemap) (listing, error) {
	res, err := s.client.Do(ctx, outside.Request{
		URL: address, MaxBytes: maxSitemapBytes, ETag: known.ETag, LastModified: known.LastModified,
		Header: map[string]string{"Accept": "application/xml, text/xml, */*;q=0.5"},
	})
	if err != nil {
		return listing{}, sources.Failed(op, "sitemap", err)
	}
	if res.Status == http.StatusNotModified && known.validated() {
		return listing{same: true}, nil
	}
	if res.Status != http.StatusOK {
		return listing{}, sources.Refused(op, "sitemap", res)
	}
	l, err := sources.Parse(ctx, op, func() (listing, error) { return parseSitemap(res.Body, res.URL) })
	l.etag, l.lastModified = res.ETag, res.LastModified
	return l, err
}

// parseSitemap reads a document as sitemaps.org describes it, zipped or not.
// It looks for the few elements that matter and keeps nothing else: an XML
// parser would hold whatever a document nests or makes long.
func parseSitemap(body []byte, base string) (listing, error) {
	var l listing
	if bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		var err error
		if body, err = unzip(body); err != nil {
			return l, wrongSitemap(own.Text("sitemap_zip", nil), err)
		}
		if len(body) == maxSitemapBytes {
			l.warnings = append(l.warnings, own.Text("sitemap_long", nil))
		}
	}
	e := entry{base: base}
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
		e.tag(body[at:], &l)
	}
	if len(l.pages) == 0 && len(l.sitemaps) == 0 {
		return l, wrongSitemap(own.Text("sitemap_none", nil), nil)
	}
	return l, nil
}

func wrongSitemap(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "sitemap", Hint: hint, Err: err}
}

// entry is one entry of a sitemap while it is read.
type entry struct {
	base, prefix, name string
	ref                pageRef
}

// tag takes what stands behind the opening bracket of a tag.
func (e *entry) tag(rest []byte, l *listing) {
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
		e.close(l)
	case begins:
		e.close(l)
		*e = entry{base: e.base, prefix: prefix, name: local}
	case closing || e.name == "" || prefix != e.prefix:
	case local == "loc" && e.ref.url == "":
		e.ref.url = content(inner[end:])
	case local == "lastmod":
		e.ref.stamp = content(inner[end:])
	}
}

// maxNameBytes is how long the name of an element may be.
const maxNameBytes = 64

func (e *entry) close(l *listing) {
	ref, name := e.ref, e.name
	e.name, e.ref = "", pageRef{}
	switch {
	case ref.url == "", name == "sitemap" && len(l.sitemaps) == maxSitemaps:
	case name == "url" && len(l.pages) == maxPages:
		l.over++
	default:
		if ref.url = sources.SafeLink(e.base, ref.url); ref.url == "" {
			return
		}
		if name == "sitemap" {
			l.sitemaps = append(l.sitemaps, ref)
			return
		}
		l.pages = append(l.pages, ref)
	}
}

// content is the text of an element, given what follows its name. Nothing that
// matters here is longer than a tag may be.
func content(rest []byte) string {
	rest = rest[:min(len(rest), maxTagBytes)]
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

func unzip(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxSitemapBytes))
}
