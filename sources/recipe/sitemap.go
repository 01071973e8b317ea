package recipe

import (
	"context"
	"errors"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
)

// maxSitemapBytes is how long a sitemap may be, unzipped.
const maxSitemapBytes = 8 << 20

// listing is what a sitemap lists, and how it was had.
type listing struct {
	crawl.Listing
	// etag and lastModified make the next request conditional; same says that
	// the last one was answered with "not modified".
	etag, lastModified string
	same               bool
	warnings           []words.Text
}

// oneSitemap brings a sitemap, conditionally where it was read before.
func (s *source) oneSitemap(ctx context.Context, address string, known sitemap) (listing, error) {
	o := sources.Opening{Op: op, Field: "sitemap", Request: sources.Accepting(address, "application/xml, text/xml, */*;q=0.5", maxSitemapBytes)}
	res, same, _, err := o.If(known.hasValidators(), pull.Validators{ETag: known.ETag, LastModified: known.LastModified}).Open(ctx, s.client)
	if err != nil || same {
		return listing{same: same}, err
	}
	l, err := sources.RunParser(ctx, op, func() (listing, error) { return parseSitemap(res.Body, res.URL) })
	l.etag, l.lastModified = res.ETag, res.LastModified
	return l, err
}

// parseSitemap reads a sitemap.
func parseSitemap(body []byte, base string) (listing, error) {
	found, err := crawl.Sitemap(body, base, crawl.Limits{Pages: maxPages, Sitemaps: maxSitemaps, Bytes: maxSitemapBytes})
	l := listing{Listing: found}
	if found.Cut {
		l.warnings = append(l.warnings, own.Text("sitemap_long", nil))
	}
	switch {
	case errors.Is(err, crawl.ErrZip):
		return l, wrongSitemap(own.Text("sitemap_zip", nil), err)
	case err != nil:
		return l, wrongSitemap(own.Text("sitemap_none", nil), nil)
	}
	return l, nil
}

// wrongSitemap returns the error of a sitemap that cannot be used.
func wrongSitemap(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "sitemap", Hint: hint, Err: err}
}
