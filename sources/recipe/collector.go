package recipe

import (
	"context"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// Limits of one fetch: pages and sitemaps, and the bytes that a snapshot's recipes
// may take; pull.MaxSnapshotItems bounds how many there are.
const (
	maxPages         = 20_000
	maxSitemaps      = 1000
	maxSitemapBytes  = 8 << 20
	maxPageBytes     = 4 << 20
	maxSnapshotBytes = 16 << 20
	// atOnce is how many pages that are new one fetch reads at most.
	atOnce = 250
	// maxDoubts bounds those of one page.
	maxDoubts = 4
)

// extra is what a snapshot keeps beside the recipes.
type extra struct {
	Pages map[string]crawl.Page `json:"pages"`
	// Partial says that pages are still to be read.
	Partial bool `json:"partial,omitempty"`
}

// collector gathers the recipes of one fetch; the lock of its crawl guards them.
type collector struct {
	*crawl.Crawl
	items map[string]what.Item
	bytes int
	// former are the ids of the last snapshot; nil if there is none.
	former map[string]bool
	// last is how the last page came that did.
	last *crawl.Visit

	// index holds the recipes of a site, in place of items; nil without a sitemap. pending
	// are the pages that are not written yet, broken the first error of writing.
	index   *fulltext.Index
	pending []*crawl.Visit
	broken  error
}

// toCrawl returns what a crawl needs to know of the source.
func (s *source) toCrawl() crawl.Site {
	return crawl.Site{
		Op: op, Field: "urls", Client: s.env.Client, Clock: s.env.Clock, Say: sayFinding, Rank: recipeLikelihood,
		Budget: crawl.Budget{MaxPages: maxPages, MaxSitemaps: maxSitemaps, SitemapBytes: maxSitemapBytes, PageBytes: maxPageBytes, AtOnce: atOnce, Again: maxPages},
	}
}

// sayFinding words what was found of sitemaps.
func sayFinding(found crawl.Finding, count int) words.Text {
	switch found {
	case crawl.ListingShrunk:
		return own.Text("listing_shrunk", words.Args{"count": count})
	case crawl.ManySitemaps:
		return own.Text("sitemaps_many", words.Args{"max": count})
	case crawl.LongSitemap:
		return own.Text("sitemap_long", nil)
	case crawl.SpoiltSitemap:
		return own.Text("sitemap_zip", nil)
	case crawl.EmptySitemap:
		return own.Text("sitemap_empty", nil)
	}
	return own.Text("sitemap_none", nil)
}

// newCollector returns a collector with the pages and recipes of the last snapshot.
func (s *source) newCollector(last *pull.Snapshot) *collector {
	b := &collector{items: map[string]what.Item{}}
	x := sources.ExtraOf[extra](last)
	if last != nil {
		b.former = make(map[string]bool, len(last.Items))
		for _, it := range last.Items {
			b.former[it.ID] = true
		}
		// Without its records every page is simply asked for anew.
		if x.Pages != nil {
			for _, it := range last.Items {
				b.keepItem(it)
			}
		}
	}
	b.Crawl = crawl.New(s.toCrawl(), x.Pages)
	b.Dropped = func(p crawl.Page) { b.removeItems(p.Items) }
	b.rereadLeftOut()
	return b
}

// rereadLeftOut marks pages as unread whose recipes are not there, or were left out while there
// was less room.
func (b *collector) rereadLeftOut() {
	room := len(b.items) < pull.MaxSnapshotItems && b.bytes <= maxSnapshotBytes/2
	for page, r := range b.Pages {
		missing := slices.ContainsFunc(r.Items, func(id string) bool { _, ok := b.items[id]; return !ok })
		if missing || r.Left > 0 && room {
			b.Pages[page] = crawl.Page{In: r.In, Listed: r.Listed}
		}
	}
}

// keepItem adds a recipe, removeItems removes those of some ids.
func (b *collector) keepItem(it what.Item) {
	b.items[it.ID] = it
	b.bytes += itemBytes(it)
}

func (b *collector) removeItems(ids []string) {
	for _, id := range ids {
		if it, ok := b.items[id]; ok {
			b.bytes -= itemBytes(it)
			delete(b.items, id)
		}
	}
}

// itemBytes returns about how many bytes an item takes.
func itemBytes(it what.Item) int {
	n := 200 + len(it.ID) + len(it.Title) + len(it.Summary) + len(it.Link)
	for _, line := range slices.Concat(listIn(it, factIngredients), listIn(it, factSteps)) {
		n += len(line)
	}
	for _, m := range it.Media {
		n += len(m.URL) + len(m.Alt)
	}
	return n
}

// addPage adds the recipes of a page that came.
func (b *collector) addPage(v *crawl.Visit) {
	b.last = v
	if b.index != nil {
		b.queuePage(v)
		return
	}
	if v.Same {
		return
	}
	b.removeItems(v.Before.Items)
	for _, it := range v.Items {
		v.Page.Items = append(v.Page.Items, it.ID)
		b.keepItem(it)
	}
	if len(b.items) > 2*pull.MaxSnapshotItems || b.bytes > 2*maxSnapshotBytes {
		b.Pages[v.Address] = v.Page
		b.sortAndTrim()
		v.Page = b.Pages[v.Address]
	}
}

// readPages reads the pages that are due.
func (s *source) readPages(ctx context.Context, b *collector) {
	b.ReadPages(ctx, func(ctx context.Context, v *crawl.Visit) {
		d := document{body: v.Response.Body, base: v.Response.URL, id: v.Address}
		v.Response.Body = nil
		// A sitemap may well list pages without a recipe.
		s.parsePage(ctx, v, d, s.settings.Sitemap == "")
	}, b.addPage)
}

// parsePage reads the recipes of a page; demand makes it a failure that there is none.
func (s *source) parsePage(ctx context.Context, v *crawl.Visit, d document, demand bool) {
	d.zone, d.doubt = s.env.Zone, func(said words.Text) { v.Page.Doubts = append(v.Page.Doubts, said) }
	v.Items, v.Err = sources.RunParser(ctx, op, func() ([]what.Item, error) {
		var guessed string
		encoded := sources.Encoded{Type: v.Response.Header.Get("Content-Type"), Languages: s.env.Languages}
		if d.body, guessed = encoded.UTF8(d.body); guessed != "" {
			v.Page.Doubts = sources.Warned(guessed, nil)
		}
		return d.readRecipes(), nil
	})
	v.Page.Doubts = v.Page.Doubts[:min(len(v.Page.Doubts), maxDoubts)]
	if v.Err == nil && len(v.Items) == 0 && demand {
		v.Err = &pull.Error{Kind: pull.Unusable, Op: op, Hint: own.Text("no_recipe", nil)}
	}
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
