package feed

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"html"
	"strings"

	"keypull/pull/what"
	"keypull/sources"
)

// aside is what an item says beside what its parser tells: by elements of other
// formats and modules. It counts where the parser has nothing.
type aside struct {
	title, text []byte
	// link leads to its page; weak is one that leads somewhere near it.
	link, weak string
	media      []what.Media
	coded      bool
}

// Bounds of what is gathered of an item so, and of the whole feed.
const (
	maxAsideText = 16 << 10
	maxAsides    = 4 << 20
	maxAsideLink = 2048
)

// wantedAside says what a leaf of an item is gathered as: 't'itle, te'x't, 'l'ink,
// 'w'eak link, a picture's 'u'rl; zero for any other.
func wantedAside(word string) byte {
	switch word {
	case "title":
		return 't'
	case "description", "summary", "subtitle", "abstract", "fullitem", "body", "div", "encoded", "content":
		return 'x'
	case "link", "origlink":
		return 'l'
	case "comments":
		return 'w'
	case "image":
		return 'u'
	}
	return 0
}

// gatherAddress keeps the address that the tag of an item, or of a part of it, holds.
func (r *reducer) gatherAddress(tag []byte, e *element) {
	if len(r.bases) == 0 {
		return
	}
	a := &r.bases[len(r.bases)-1].aside
	if e.role == item {
		a.link = r.href(tag, e, "rdf:about", "about", "href", "HREF")
		return
	}
	if in := r.topElement(); in.role != item && in.word != "group" && in.word != "content" {
		return
	}
	if e.wanted == 0 {
		e.wanted = wantedAside(e.word)
	}
	switch e.word {
	case "link":
		a.linked(strings.ToLower(attributeIn(tag, "rel")), r.href(tag, e, "href", "rdf:resource", "resource"))
	case "player":
		a.weak = cmp.Or(a.weak, r.href(tag, e, "url"))
	case "enclosure":
		if href := r.href(tag, e, "href"); href != "" {
			a.media = append(a.media, what.Media{Type: mediaType(attributeIn(tag, "type"), href), URL: href})
		}
	case "content":
		a.coded = a.coded || strings.EqualFold(attributeIn(tag, "mode"), "base64")
		kind := strings.ToLower(attributeIn(tag, "type"))
		switch src := r.href(tag, e, "src"); {
		case src == "":
		case strings.Contains(kind, "html") || kind == "" || kind == "text":
			a.weak = cmp.Or(a.weak, src)
		default:
			a.media = append(a.media, what.Media{Type: mediaType(kind, src), URL: src})
		}
	}
}

// linked keeps a link by what it is to the item.
func (a *aside) linked(rel, href string) {
	switch rel {
	case "", "alternate":
		a.link = cmp.Or(a.link, href)
	case "enclosure", "hub", "edit", "edit-media", "replies", "next", "previous", "license":
	default:
		a.weak = cmp.Or(a.weak, href)
	}
}

// href returns the first of these attributes that is an address.
func (r *reducer) href(tag []byte, e *element, names ...string) string {
	for _, called := range names {
		if value := attributeIn(tag, called); value != "" && len(value) <= maxAsideLink {
			return resolveURL(cmp.Or(e.base, r.address), html.UnescapeString(value))
		}
	}
	return ""
}

// keepAside gathers a text, or a tag within one.
func (r *reducer) keepAside(in *element, text []byte) {
	if in.wanted == 0 || len(r.bases) == 0 || r.asides > maxAsides {
		return
	}
	a := &r.bases[len(r.bases)-1].aside
	var to *[]byte
	switch in.wanted {
	case 't':
		to = &a.title
	case 'x':
		to = &a.text
	case 'l':
		to = &in.address
	default:
		to = &in.address
	}
	if text = text[:min(len(text), maxAsideText-len(*to))]; len(text) > 0 {
		*to = append(*to, text...)
		r.asides += len(text)
	}
}

// endAside takes what a leaf has gathered when it ends.
func (r *reducer) endAside(e element) {
	if e.wanted == 0 || len(r.bases) == 0 {
		return
	}
	a := &r.bases[len(r.bases)-1].aside
	address := strings.TrimSpace(html.UnescapeString(string(e.address)))
	if address != "" && len(address) <= maxAsideLink && !strings.ContainsAny(address, " \n<") {
		address = resolveURL(cmp.Or(e.base, r.address), address)
		switch e.wanted {
		case 'l':
			a.link = cmp.Or(a.link, address)
		case 'w':
			a.weak = cmp.Or(a.weak, address)
		case 'u':
			a.media = append(a.media, what.Media{Type: what.Image, URL: address})
		}
	}
	// Of several the first that says something counts.
	if e.wanted == 't' || e.wanted == 'x' {
		r.separateAside(a, e.wanted)
	}
}

// separateAside parts what one element said from what the next one says.
func (r *reducer) separateAside(a *aside, wanted byte) {
	said := &a.title
	if wanted == 'x' {
		said = &a.text
	}
	if len(bytes.TrimSpace(*said)) > 0 && !bytes.HasSuffix(*said, parted) {
		*said = append(*said, parted...)
	}
}

// parted stands between what several elements said.
var parted = []byte{0} //nolint:gochecknoglobals // never written

// firstSaid returns what the first element said.
func firstSaid(all []byte) string {
	said, _, _ := bytes.Cut(all, parted)
	return string(said)
}

// decodeBase64 returns the text that text encodes in Base64, or text itself if it
// does not.
func decodeBase64(text string) string {
	plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || bytes.IndexByte(plain, 0) >= 0 {
		return text
	}
	decoded, _ := decodeDocument(plain, sources.Encoded{})
	return string(decoded)
}

// fillMissing gives an item the title and link that its parser did not find.
func (a aside) fillMissing(it *what.Item) {
	if it.Title == "" {
		it.Title = sources.Shorten(sources.Line(firstSaid(a.title)), maxTitle)
	}
	if it.Link == "" {
		it.Link = sources.SafeLink("", cmp.Or(a.link, a.weak))
	}
}
