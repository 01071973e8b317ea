package feed

import (
	"html"
	"net/url"
	"strings"
)

// bases are what the relative addresses of an item count from; "" if the
// document does not say.
type bases struct {
	item, link, content, description string
	// lang is the language that the item says it is in.
	lang string
	// paid says that it is for subscribers, by what its parser does not tell.
	paid bool
	// lengths are how many seconds media take, by address.
	lengths map[string]int
	// aside is what it says by other elements.
	aside aside
}

// or fills in what is not said, from the outer to the inner.
func (b bases) or(base string) bases {
	b.item = first(b.item, base)
	b.link, b.content, b.description = first(b.link, b.item), first(b.content, b.item), first(b.description, b.item)
	return b
}

// note keeps the base of an item and of what it consists of.
func (r *reducer) note(word string, e element, own bool) {
	switch {
	case e.role == item:
		r.bases = append(r.bases, bases{item: e.base})
	case e.role == leaf && own && r.top().role == item:
		b := &r.bases[len(r.bases)-1]
		switch word {
		case "link":
			b.link = e.base
		case "content", "encoded":
			b.content = e.base
		case "summary", "description":
			b.description = e.base
		}
	}
}

// hear takes note of what a tag says beside its text: a link of the feed itself,
// and the language of an item, or of what it consists of.
func (r *reducer) hear(tag []byte, e element) {
	switch {
	case e.role == leaf && e.ofFeed && e.word == "link":
		if rel, href := attribute(tag, "rel"), attribute(tag, "href"); href != "" && len(r.said.Hubs) < maxHubs {
			r.said.link(html.UnescapeString(rel), resolve(first(e.base, r.address), html.UnescapeString(href)))
		}
	case len(r.bases) == 0 || e.role != item && r.top().role != item:
	default:
		if lang := attribute(tag, "xml:lang"); lang != "" {
			b := &r.bases[len(r.bases)-1]
			b.lang = first(b.lang, lang)
		}
	}
}

// resolve finds an address by the rules of RFC 3986; a base that is none is
// passed over.
func resolve(base, href string) string {
	b, err := url.Parse(base)
	if err != nil {
		return base
	}
	u, err := b.Parse(strings.TrimSpace(href))
	if err != nil {
		return base
	}
	return u.String()
}
