package feed

import (
	"cmp"
	"html"
	"net/url"
	"strings"
)

// itemBases are what the relative addresses of an item count from; "" if the
// document does not say.
type itemBases struct {
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

// withFallback returns the bases with base in place of those that the document does
// not say.
func (b itemBases) withFallback(base string) itemBases {
	b.item = cmp.Or(b.item, base)
	b.link, b.content, b.description = cmp.Or(b.link, b.item), cmp.Or(b.content, b.item), cmp.Or(b.description, b.item)
	return b
}

// noteBase keeps the base of an item and of what it consists of.
func (r *reducer) noteBase(word string, e element, own bool) {
	switch {
	case e.role == item:
		r.bases = append(r.bases, itemBases{item: e.base})
	case e.role == leaf && own && r.topElement().role == item:
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

// noteLinkOrLanguage keeps what the attributes of a tag say: a link of the feed itself, or
// the language of an item or of a part of it.
func (r *reducer) noteLinkOrLanguage(tag []byte, e element) {
	switch {
	case e.role == leaf && e.ofFeed && e.word == "link":
		if rel, href := attributeIn(tag, "rel"), attributeIn(tag, "href"); href != "" && len(r.said.Hubs) < maxHubs {
			r.said.addLink(html.UnescapeString(rel), resolveURL(cmp.Or(e.base, r.address), html.UnescapeString(href)))
		}
	case len(r.bases) == 0 || e.role != item && r.topElement().role != item:
	default:
		if lang := attributeIn(tag, "xml:lang"); lang != "" {
			b := &r.bases[len(r.bases)-1]
			b.lang = cmp.Or(b.lang, lang)
		}
	}
}

// resolveURL resolves href against base by RFC 3986; where either is unreadable it
// returns base.
func resolveURL(base, href string) string {
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
