package recipe

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources"
)

// maxSitemaps is how many sitemaps of an index are read.
const maxSitemaps = 20

// listing is what sitemaps list.
type listing struct {
	pages    []pageRef
	sitemaps []string
	requests int
	warnings []string
}

// add notes a page, no more than maxPages.
func (l *listing) add(p pageRef) {
	if len(l.pages) < maxPages {
		l.pages = append(l.pages, p)
	}
}

// readSitemap reads a sitemap, or all that an index of sitemaps names.
func (s *source) readSitemap(ctx context.Context, address string) (listing, error) {
	all, err := s.oneSitemap(ctx, address)
	if err != nil {
		return all, err
	}
	names := all.sitemaps
	if len(names) > maxSitemaps {
		all.warnings = append(all.warnings, fmt.Sprintf("the sitemap names more than %d others; the rest was left out", maxSitemaps))
		names = names[:maxSitemaps]
	}
	for _, name := range names {
		l, err := s.oneSitemap(ctx, name)
		all.requests += l.requests
		if err != nil {
			all.warnings = append(all.warnings, name+": "+sentence(err))
			continue
		}
		for _, p := range l.pages {
			all.add(p)
		}
	}
	if all.pages = unique(all.pages); len(all.pages) == 0 {
		return all, wrongSitemap("the sitemap lists no page", nil)
	}
	return all, nil
}

func unique(pages []pageRef) []pageRef {
	seen := make(map[string]bool, len(pages))
	kept := pages[:0]
	for _, p := range pages {
		if !seen[p.url] {
			seen[p.url] = true
			kept = append(kept, p)
		}
	}
	return kept
}

func (s *source) oneSitemap(ctx context.Context, address string) (listing, error) {
	res, err := s.client.Do(ctx, outside.Request{URL: address, MaxBytes: maxPageBytes, Header: map[string]string{"Accept": "application/xml, text/xml, */*;q=0.5"}})
	if err != nil {
		return listing{requests: 1}, sources.Failed(op, "sitemap", err)
	}
	if res.Status != http.StatusOK {
		return listing{requests: 1}, sources.Refused(op, "sitemap", res)
	}
	l, err := sources.Parse(ctx, op, func() (listing, error) { return parseSitemap(res.Body, res.URL) })
	l.requests = 1
	return l, err
}

// parseSitemap reads a document as sitemaps.org describes it, zipped or not.
func parseSitemap(body []byte, base string) (listing, error) {
	var l listing
	if bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		var err error
		if body, err = unzip(body); err != nil {
			return l, wrongSitemap("the zipped sitemap cannot be read", err)
		}
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(body, []byte("\uFFFD"))))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, wrongSitemap("this is no sitemap", err)
		}
		if start, ok := t.(xml.StartElement); ok {
			l.entry(decoder, start, base)
		}
	}
	if len(l.pages) == 0 && len(l.sitemaps) == 0 {
		return l, wrongSitemap("this is no sitemap, or it lists no page", nil)
	}
	return l, nil
}

func wrongSitemap(hint string, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "sitemap", Hint: hint + "; check the address in a browser", Err: err}
}

func (l *listing) entry(decoder *xml.Decoder, start xml.StartElement, base string) {
	if start.Name.Local != "url" && start.Name.Local != "sitemap" {
		return
	}
	var e struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	}
	if err := decoder.DecodeElement(&e, &start); err != nil {
		return
	}
	link := sources.SafeLink(base, e.Loc)
	switch {
	case link == "":
	case start.Name.Local == "sitemap":
		l.sitemaps = append(l.sitemaps, link)
	default:
		l.add(pageRef{url: link, stamp: strings.TrimSpace(e.LastMod)})
	}
}

func unzip(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxPageBytes))
}
