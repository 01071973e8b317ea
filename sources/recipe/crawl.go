package recipe

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources/crawl"
)

// atOnce is how many pages that are new one fetch reads at most.
const atOnce = 250

// askingContext returns the context for requests: a crawl runs in the background, a single
// page does not, since a reader waits for it.
func (s *source) askingContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.settings.Sitemap != "" || len(s.settings.URLs) > 1 {
		ctx = outside.InBackground(ctx)
	}
	return crawl.InTime(ctx)
}

// readSite goes through the sitemaps, and then through the pages they list.
func (s *site) readSite(ctx context.Context, b *collector) error {
	root, err := s.oneSitemap(ctx, s.settings.Sitemap, sitemap{})
	b.asked++
	if err != nil {
		return err
	}
	b.over += root.Over
	b.warnings = append(b.warnings, root.warnings...)
	if len(root.Pages) > 0 {
		b.listPages(0, crawl.Unique(root.Pages))
	}
	listing, cancel := crawl.HalfTime(ctx)
	s.readSitemaps(listing, b, crawl.Unique(root.Sitemaps))
	cancel()
	if len(b.pages) == 0 && !b.unlisted {
		return wrongSitemap(own.Text("sitemap_empty", nil), nil)
	}
	b.mu.Lock()
	err = b.commitPages(ctx)
	b.mu.Unlock()
	if err != nil {
		return noIndex(err)
	}
	s.readPages(ctx, b)
	return nil
}

// readSitemaps reads what an index names, first what was not read before. One
// whose lastmod is what it was lists what it listed.
func (s *site) readSitemaps(ctx context.Context, b *collector, refs []crawl.Ref) {
	if len(refs) == maxSitemaps {
		b.warnings = append(b.warnings, own.Text("sitemaps_many", words.Args{"max": maxSitemaps}))
	}
	numbers := b.numberSitemaps(refs)
	slices.SortStableFunc(refs, func(a, c crawl.Ref) int {
		return readRank(b.sitemaps[numbers[a.URL]-1]) - readRank(b.sitemaps[numbers[c.URL]-1])
	})
	for _, ref := range refs {
		number := numbers[ref.URL]
		known := &b.sitemaps[number-1]
		if known.Read && ref.Stamp != "" && ref.Stamp == known.Stamp {
			continue
		}
		if ctx.Err() != nil || b.shouldPause(s.clock()) {
			b.unlisted = b.unlisted || !known.Read
			continue
		}
		validators := *known
		if !known.Read {
			validators = sitemap{}
		}
		l, err := s.oneSitemap(ctx, ref.URL, validators)
		b.asked++
		b.over += l.Over
		b.warnings = append(b.warnings, l.warnings...)
		switch {
		case err != nil:
			b.warnings = append(b.warnings, words.Text{Key: "fetch.because", Args: words.Args{"what": ref.URL, "reason": words.Said(err)}})
			// One that answers, but not with a sitemap, is not waited for.
			b.unlisted = b.unlisted || !known.Read && pull.KindOf(err) != pull.Unusable
		case l.same:
			known.Stamp = ref.Stamp
		default:
			whole := b.listPages(number, crawl.Unique(l.Pages)) && l.Over == 0
			*known = sitemap{URL: ref.URL, ETag: l.etag, LastModified: l.lastModified, Stamp: ref.Stamp, Read: whole}
		}
	}
}

// readRank sorts sitemaps that were not read before those that were.
func readRank(s sitemap) int {
	if s.Read {
		return 1
	}
	return 0
}

// numberSitemaps gives every sitemap its number, those that are known the one they
// have; the pages of those that are gone go too.
func (b *collector) numberSitemaps(refs []crawl.Ref) map[string]int {
	numbers := make(map[string]int, len(refs))
	listed := make(map[string]bool, len(refs))
	for _, ref := range refs {
		listed[ref.URL] = true
	}
	for i := range b.sitemaps {
		if m := &b.sitemaps[i]; listed[m.URL] {
			numbers[m.URL] = i + 1
		} else if m.URL != "" {
			*m = sitemap{}
			b.listPages(i+1, nil)
		}
	}
	for _, ref := range refs {
		if numbers[ref.URL] == 0 {
			b.sitemaps = append(b.sitemaps, sitemap{URL: ref.URL})
			numbers[ref.URL] = len(b.sitemaps)
		}
	}
	return numbers
}

// readPages reads what is due, the newest first, and looks again at what has
// no lastmod, that which was not looked at for the longest time first. It ends
// early with ctx, and where the server falls silent.
func (s *source) readPages(ctx context.Context, b *collector) {
	due, again, confirmed := b.sortPages(s.clock())
	b.good += confirmed
	most := atOnce
	if b.index != nil && b.held == 0 {
		// Whoever asks first waits for these alone.
		most = firstPages
	}
	if len(due) > most {
		due, again = due[:most], nil
	}
	for _, pages := range [][]string{due, again} {
		crawl.EachPage(ctx, pages, func() bool { return b.shouldPause(s.clock()) }, func(page string) {
			if r := s.readPageSafely(ctx, b, page); r.err == nil || ctx.Err() == nil {
				b.addPage(r)
			}
		})
	}
}

// sortPages returns the pages to be read, those to be looked at again, and how many need
// neither.
func (b *collector) sortPages(now time.Time) (due, again []string, confirmed int) {
	for page, r := range b.pages {
		seen := now.Sub(time.Unix(r.Seen, 0))
		switch {
		case r.needsReading():
			due = append(due, page)
		case b.index != nil && r.Failed && seen < tryAgain:
			confirmed++
		case r.Stamp == "" || r.Failed:
			again = append(again, page)
		default:
			confirmed++
		}
	}
	slices.SortFunc(due, b.newerFirst)
	slices.SortFunc(again, func(x, y string) int {
		if seen := b.pages[x].Seen - b.pages[y].Seen; seen != 0 {
			return int(seen)
		}
		return strings.Compare(x, y)
	})
	if b.index != nil && len(again) > againAtOnce {
		confirmed += len(again) - againAtOnce
		again = again[:againAtOnce]
	}
	return due, again, confirmed
}

// newerFirst orders pages by their lastmod.
func (b *collector) newerFirst(x, y string) int {
	p, q := b.pages[x], b.pages[y]
	if likely := recipeLikelihood(y) - recipeLikelihood(x); likely != 0 {
		return likely
	}
	if n := strings.Compare(q.Listed+q.Stamp, p.Listed+p.Stamp); n != 0 {
		return n
	}
	return strings.Compare(x, y)
}

// recipeLikelihood returns 1 for an address with a word for recipes in it, else 0: of a
// site with much else those are read first.
func recipeLikelihood(address string) int {
	for _, word := range []string{"recipe", "recette", "rezept", "receta", "ricett", "receita", "recept", "przepis", "recept", "oppskrift", "opskrift", "resep", "tarif", "retsept", "%d1%80%d0%b5%d1%86%d0%b5%d0%bf%d1%82"} {
		if strings.Contains(strings.ToLower(address), word) {
			return 1
		}
	}
	return 0
}
