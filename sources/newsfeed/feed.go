// Package newsfeed reads RSS, Atom, CDF and JSON Feed, damaged ones as well as can be,
// within bounds. gofeed tells what a feed and its items say; where they lead, what they
// show, and what is damaged is found here.
package newsfeed

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/sources"
)

// What is wrong with a document that is not read.
var (
	ErrNoFeed = errors.New("it is no feed")
	ErrTorn   = errors.New("it ends in the middle")
	ErrDeep   = errors.New("its elements lie too deep in each other")
	ErrDamage = errors.New("it is damaged")
)

// What documents are written as.
const (
	formRSS  = "RSS"
	formAtom = "Atom"
	formJSON = "JSON Feed"
)

// Feed is what a document holds.
type Feed struct {
	// Form is what the document is written as.
	Title, Form, Language string
	// Built is when it says that it was made, as it is written.
	Built   string
	Entries []Entry
	// Said are further elements of the feed itself, by name.
	Said map[string]string
	// Hubs tell when it changes, under the name Self.
	Hubs []string
	Self string
	Damage
}

// Entry is one item. Its texts are HTML, its dates as they are written.
type Entry struct {
	Title, GUID, Link, Language string
	// Summary and Content are what is told of it, Other what it says by elements of
	// other formats where it has neither.
	Summary, Content, Other string
	Published, Updated      string
	Authors, Categories     []string
	Media                   []what.Media
	// Credit is whose pictures it shows; Paid says that it is for subscribers.
	Credit string
	Paid   bool
}

// Read reads a document in UTF-8 that came from an address.
func Read(text []byte, address string) (Feed, error) {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("{")) {
		return readJSON(text, address)
	}
	r, err := readMarkup(text, address)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{Form: formRSS, Said: map[string]string{}, Damage: r.Damage}
	if own := r.own[strings.IndexByte(r.own, ':')+1:]; own == "feed" || own == "entry" {
		f.Form = formAtom
	}
	h := r.head
	said, err := parse(h, f.Form)
	if err != nil {
		return Feed{}, err
	}
	f.Title, f.Language = said.Title, cmp.Or(said.Language, h.textOf("*:language"), h.lang)
	f.Built = cmp.Or(said.Updated, said.Published, h.textOf("*:date"))
	site := ""
	for _, k := range h.kids {
		switch k.name {
		case "link":
			href := k.attr("href")
			switch rel := strings.ToLower(k.attr("rel")); {
			case rel == "hub" && href != "":
				f.Hubs = append(f.Hubs, resolveURL(cmp.Or(k.base, address), href))
			case rel == "self" && href != "":
				f.Self = cmp.Or(f.Self, resolveURL(cmp.Or(k.base, address), href))
			case (rel == "" || rel == "alternate") && site == "" && k.space == "":
				site = cmp.Or(k.ownText(), href)
			}
		case "ttl", "updateperiod", "updatefrequency":
			f.Said[k.name] = k.ownText()
		case "skiphours", "skipdays":
			for _, one := range k.kids {
				f.Said[k.name] += " " + one.ownText()
			}
		}
	}
	base := cmp.Or(sources.SafeLink(cmp.Or(h.base, address), site), address)
	if h.base != "" {
		base = h.base
	}
	for _, n := range r.items {
		n.setBase(base)
		e, err := n.entry(f.Form)
		if err != nil {
			return Feed{}, err
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

// setBase has what knows no other base count from one.
func (n *node) setBase(base string) {
	n.base = cmp.Or(n.base, base)
	for _, k := range n.kids {
		k.setBase(base)
	}
}

// texts are the elements that may say what an item tells.
var texts = []string{"description", "summary", "subtitle", "abstract", "fullitem", "body", "div", "encoded", "content"}

// entry returns what an item says.
func (n *node) entry(form string) (Entry, error) {
	item, err := parseItem(n, form)
	if err != nil {
		return Entry{}, err
	}
	e := entryOf(item)
	e.Title, e.Content = cmp.Or(e.Title, n.textOf("*:title")), cmp.Or(e.Content, n.textOf("content"))
	e.Language, e.Link = n.lang, n.link()
	for _, k := range slices.Concat(n.kids, n.grouped()) {
		e.Language = cmp.Or(e.Language, k.lang)
		e.Paid = e.Paid || isPaid(k.name, k.ownText(), k.attr)
		if e.Title == "" && k.name == "title" {
			e.Title = k.ownText()
		}
		if e.Other == "" && slices.Contains(texts, k.name) {
			e.Other = k.ownText()
		}
	}
	e.Language = cmp.Or(e.Language, n.textOf("dc:language"))
	e.Published = cmp.Or(e.Published, n.textOf("dc:date", "created"))
	e.Updated = cmp.Or(e.Updated, n.textOf("*:date"))
	e.Authors, e.Media, e.Credit = n.authors(), n.media(e), n.credit()
	return e, nil
}

// grouped returns what lies in the media of an item.
func (n *node) grouped() (found []*node) {
	for _, k := range n.kids {
		if k.space == "media" {
			found = append(append(found, k.kids...), k.grouped()...)
		}
	}
	return found
}

// link returns the page of an item: by what leads to it, else by what leads somewhere
// near it.
func (n *node) link() string {
	var sure, fair, weak []string
	for _, k := range slices.Concat(n.kids, n.grouped()) {
		href := resolved(k, k.attr("href", "rdf:resource", "resource"))
		said := resolved(k, k.ownText())
		switch rel := strings.ToLower(k.attr("rel")); {
		case k.name == "link" && (rel == "" || rel == "alternate"):
			switch {
			case k.space != "":
				fair = append(fair, said, href)
			case n.name == "item": // of several the last
				sure = append([]string{said, href}, sure...)
			default:
				sure = append(sure, said, href)
			}
		case k.name == "origlink":
			fair = append(fair, said)
		case k.is("comments"):
			weak = append(weak, said)
		case k.name == "link" && !slices.Contains([]string{"enclosure", "hub", "edit", "edit-media", "replies", "next", "previous", "license"}, rel):
			weak = append(weak, href)
		case k.is("*:player"):
			weak = append(weak, resolved(k, k.attr("url")))
		case k.is("content"):
			if kind := strings.ToLower(k.attr("type")); strings.Contains(kind, "html") || kind == "" || kind == "text" {
				weak = append(weak, resolved(k, k.attr("src")))
			}
		}
	}
	if id := n.textOf("guid", "id"); strings.HasPrefix(id, "http") {
		sure = append(sure, id)
	}
	sure = append(sure, resolved(n, n.attr("rdf:about", "about", "href")))
	for _, href := range slices.Concat(sure, fair, weak) {
		if link := sources.SafeLink("", href); link != "" {
			return link
		}
	}
	return ""
}

// resolved returns an address that an element tells, or "".
func resolved(k *node, href string) string {
	const longest = 2048
	if href == "" || len(href) > longest || strings.ContainsAny(href, "\n<") {
		return ""
	}
	return sources.SafeLink(k.base, href)
}

// What people write of an author in one text.
var (
	emailAndName = regexp.MustCompile(`^[^@]+@\S+\s+\(([^@]+)\)$`)
	nameAndEmail = regexp.MustCompile(`^([^@]+?)\s+[(<][^@]+@[^)>]+[)>]$`)
)

// personName returns the name of a person, "" where only an address is told.
func personName(text string) string {
	for _, form := range []*regexp.Regexp{emailAndName, nameAndEmail} {
		if m := form.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	if strings.Contains(text, "@") {
		return ""
	}
	return text
}

func (n *node) authors() (names []string) {
	for _, called := range []string{"author", "dc:creator", "dc:author", "itunes:author"} {
		for _, k := range n.all(called) {
			if name := personName(cmp.Or(k.textOf("*:name"), k.ownText())); name != "" {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

// decodedBase64 returns the text that text encodes in Base64, or text itself if it
// does not.
func decodedBase64(text string) string {
	plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || bytes.IndexByte(plain, 0) >= 0 || !utf8.Valid(plain) {
		return text
	}
	return string(plain)
}
