package ld

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Names of what a page says of itself other than in elements meta, whose names these are
// in small letters; behind an itemprop stands its name.
const (
	Title     = "<title>"
	Lang      = "<html lang>"
	Canonical = "<link canonical>"
	Itemprop  = "itemprop:"
)

// Head is what a page says of itself, by name, in its order.
type Head [][2]string

// HeadOf returns what a page says of itself.
func HeadOf(root *html.Node) (h Head) {
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Meta:
			name := cmp.Or(Attribute(n, "property"), Attribute(n, "name"), Itemprop+Attribute(n, "itemprop"))
			h = append(h, [2]string{strings.ToLower(name), Attribute(n, "content")})
		case atom.Link:
			if strings.EqualFold(Attribute(n, "rel"), "canonical") {
				h = append(h, [2]string{Canonical, Attribute(n, "href")})
			}
		case atom.Title:
			if n.Parent != nil && n.Parent.DataAtom == atom.Head {
				h = append(h, [2]string{Title, TextOf(n)})
			}
		case atom.Html:
			h = append(h, [2]string{Lang, Attribute(n, "lang")})
		}
	}
	return h
}

// First returns what stands first under any of some names; "" if nothing does.
func (h Head) First(names ...string) string {
	for _, said := range h {
		if said[1] != "" && slices.Contains(names, said[0]) {
			return said[1]
		}
	}
	return ""
}
