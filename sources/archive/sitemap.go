package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"io"
	"strings"

	"keypull/pull"
	"keypull/sources"
)

// Limits of sitemaps.
const (
	maxSitemapBytes = 16 << 20
	maxSitemaps     = 500
	maxPages        = 50_000
)

// pageRef is a page, or a sitemap, as a sitemap lists it; stamp is its lastmod.
type pageRef struct{ url, stamp string }

// listing is what a sitemap lists.
type listing struct{ pages, sitemaps []pageRef }

// sitemaps goes through the sitemap and those that it names, the newest first.
func (g *gathering) sitemaps(ctx context.Context) {
	root, ok := g.sitemap(ctx, g.settings.Sitemap)
	if !ok {
		return
	}
	more := root.sitemaps[:min(len(root.sitemaps), maxSitemaps)]
	for _, ref := range more {
		if ctx.Err() != nil {
			return
		}
		if !g.from.IsZero() && old(ref.stamp, g.from) {
			continue
		}
		g.sitemap(ctx, ref.url)
	}
}

// sitemap reads one and lists its pages.
func (g *gathering) sitemap(ctx context.Context, address string) (listing, bool) {
	res := g.get(ctx, "sitemap", address, "application/xml, text/xml, */*;q=0.5", maxSitemapBytes)
	if res == nil {
		return listing{}, false
	}
	body, url := res.Body, res.URL
	res.Body = nil
	l, err := sources.Parse(ctx, op, func() (listing, error) { return parseSitemap(body, url) })
	if err != nil {
		g.unread(address, err)
		return listing{}, false
	}
	if len(l.sitemaps) > 0 {
		// Whether those that it names have changed is not known by it.
		g.mu.Lock()
		delete(g.kept.Validators, address)
		g.mu.Unlock()
	}
	for _, ref := range l.pages {
		if g.from.IsZero() || !old(ref.stamp, g.from) {
			g.list(ref)
		}
	}
	return l, true
}

// parseSitemap reads a document as sitemaps.org describes it, zipped or not.
func parseSitemap(body []byte, base string) (listing, error) {
	var l listing
	wrong := func(err error) error {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "sitemap", Hint: own.Text("no_sitemap", nil), Err: err}
	}
	var r io.Reader = bytes.NewReader(body)
	if bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return l, wrong(err)
		}
		r = io.LimitReader(z, 4*maxSitemapBytes)
	}
	d := xml.NewDecoder(r)
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var ref pageRef
	var text strings.Builder
	for len(l.pages) < maxPages {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			text.Reset()
			if t.Name.Local == "url" || t.Name.Local == "sitemap" {
				ref = pageRef{}
			}
		case xml.CharData:
			if text.Len() < 4096 {
				text.Write(t)
			}
		case xml.EndElement:
			l.end(t.Name.Local, strings.TrimSpace(text.String()), base, &ref)
			text.Reset()
		}
	}
	if len(l.pages) == 0 && len(l.sitemaps) == 0 {
		return l, wrong(nil)
	}
	return l, nil
}

// end takes an element of a sitemap.
func (l *listing) end(name, text, base string, ref *pageRef) {
	switch name {
	case "loc":
		if ref.url == "" {
			ref.url = sources.SafeLink(base, text)
		}
	case "lastmod", "publication_date":
		ref.stamp = sources.Line(text)
	case "url":
		if ref.url != "" {
			l.pages = append(l.pages, *ref)
		}
		*ref = pageRef{}
	case "sitemap":
		if ref.url != "" && len(l.sitemaps) < maxSitemaps {
			l.sitemaps = append(l.sitemaps, *ref)
		}
		*ref = pageRef{}
	}
}
