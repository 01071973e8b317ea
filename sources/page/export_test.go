package page

import (
	"slices"
	"testing"
	"time"

	"keypull/sources"
)

// Offered is a list of blocks as a page was found to have it.
type Offered struct {
	Selector string
	// Texts are those of the blocks, in their order.
	Texts  []string
	Fields map[string]string
}

// Offers returns the blocks of a page that repeat, the likeliest first. It holds what
// was made against the page as it is read anew.
func Offers(t testing.TB, body []byte, now time.Time) (all []Offered) {
	t.Helper()
	encoded := sources.Encoded{Type: "text/html; charset=utf-8"}
	d, err := parsePage(body, encoded, "https://site.example/")
	if err != nil {
		return nil
	}
	again, err := parsePage(body, encoded, "https://site.example/")
	l := newLayout(d, now)
	if err != nil || l == nil || len(l.shown) == 0 {
		return nil
	}
	for _, b := range l.findBlocks() {
		o := Offered{Selector: b.selector}
		for _, n := range b.all {
			o.Texts = append(o.Texts, sources.TextOf(n))
		}
		s, err := parseSelector(b.selector)
		if err != nil {
			t.Fatalf("%s can't be followed: %v", b.selector, err)
		}
		var found []string
		for _, n := range s.selectAll(again.root, len(b.all)+1) {
			found = append(found, sources.TextOf(n))
		}
		if !slices.Equal(found, o.Texts) {
			t.Fatalf("%s finds %q; it was made from %q", b.selector, found, o.Texts)
		}
		sample := sampleOf(b.all)
		pieces := l.findPieces(b)
		for _, p := range pieces {
			f, err := parseField("", p.spelling)
			if err != nil {
				t.Fatalf("%s can't be followed: %v", p.spelling, err)
			}
			if l.nodeIn(f, sample[p.block]) != p.node {
				t.Fatalf("%s does not find what it was made from", p.spelling)
			}
		}
		o.Fields = fieldsOf(pieces)
		all = append(all, o)
	}
	return all
}
