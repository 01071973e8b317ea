package sources

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what a page leads to.
const (
	maxLinkedBytes = 2 << 20
	maxPageLinks   = 4000
	maxShown       = 20
)

// PageLink is what an element of a page leads to: link in its head, a in its text.
type PageLink struct {
	Tag string
	// URL is the whole address, of a calendar as well whose protocol is its own; Href
	// is as it is written.
	URL, Href string
	// Rel and Type are in small letters, Type without parameters.
	Rel, Type, Title string
	// Variant says that it is for another language or device.
	Variant bool
	// Text is what stands in a link of the text; InMenu and InFooter say where that is, InHead that it
	// stands above the page, and in no menu there.
	Text                     string
	InMenu, InFooter, InHead bool
}

// PageHead is what a web page says of itself, and what it leads to, in its order.
type PageHead struct {
	// Title is the page's own, Site what the site calls itself, Generator what it was made
	// with; "" where it does not say.
	Title, Language, Site, Generator string
	Links                            []PageLink
	// Said is what stands in its elements meta by their names in small letters, and what is
	// said elsewhere by Canonical and, behind it, the name of an Itemprop.
	Said [][2]string
}

// Names of what a page says of itself other than by the property or name of an element
// meta.
const (
	Canonical = "<link canonical>"
	Itemprop  = "itemprop:"
)

// First returns what stands first under any of some names; "" if nothing does.
func (h *PageHead) First(names ...string) string {
	for _, said := range h.Said {
		if said[1] != "" && slices.Contains(names, said[0]) {
			return said[1]
		}
	}
	return ""
}

// IsAlternate reports whether a link leads to the page in another form, of any of
// these types.
func (l PageLink) IsAlternate(types ...string) bool {
	return l.Tag == "link" && slices.Contains(types, l.Type) && strings.Contains(" "+l.Rel+" ", " alternate ")
}

// ReadHead reads what a web page says of itself and what it leads to.
func ReadHead(d Document) PageHead {
	root := d.parsePage()
	if root == nil {
		return PageHead{}
	}
	return HeadOf(root, d.URL)
}

// parsePage parses the beginning of a web page; nil where it is none.
func (d Document) parsePage() *html.Node {
	text, _ := Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxLinkedBytes)])
	root, _, _ := ParsePage(text)
	return root
}

// baseOf returns the address that those in a page are of, which came from one.
func baseOf(root *html.Node, address string) string {
	if base := FirstElement(root, func(n *html.Node) bool {
		return n.DataAtom == atom.Base && SafeLink(address, Attribute(n, "href")) != "" && Attribute(n, "href") != ""
	}); base != nil {
		return SafeLink(address, Attribute(base, "href"))
	}
	return address
}

// HeadOf is ReadHead of a page that was parsed, and came from an address.
func HeadOf(root *html.Node, address string) (h PageHead) {
	address = baseOf(root, address)
	var links []*html.Node // the elements of h.Links
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			h.Language = Line(Attribute(n, "lang"))
		case atom.Title:
			if n.Namespace == "" && h.Title == "" {
				h.Title = Line(TextOf(n))
			}
		case atom.Meta:
			name := cmp.Or(Attribute(n, "property"), Attribute(n, "name"), Itemprop+Attribute(n, "itemprop"))
			h.Said = append(h.Said, [2]string{strings.ToLower(name), Attribute(n, "content")})
		case atom.Link, atom.A:
			if h.addLink(n, address); n.DataAtom == atom.A && len(h.Links) > len(links) {
				links = append(links, make([]*html.Node, len(h.Links)-len(links))...)
				links[len(links)-1] = n
			}
		}
	}
	h.markFoot(links)
	h.Site, h.Generator = Line(h.First("og:site_name", "application-name")), h.First("generator")
	return h
}

// markFoot takes the last box of a page for its footer, where none is called one: a row of short links, one
// of them to how the outlet is reached or to what the law wants told.
func (h *PageHead) markFoot(elements []*html.Node) {
	const fewest, most = 2, 12
	last := len(elements) - 1
	for last >= 0 && elements[last] == nil {
		last--
	}
	if last < 0 || slices.ContainsFunc(h.Links, func(l PageLink) bool { return l.InFooter }) {
		return
	}
	box := elements[last].Parent
	for box.DataAtom == atom.Li || Reopens(box.DataAtom) {
		box = box.Parent
	}
	if box.DataAtom == atom.Body || toldIn(box) > maxFootBytes || FirstElement(box, IsHeading) != nil {
		return
	}
	first := last
	for first > 0 && elements[first-1] != nil && IsWithin(elements[first-1], box) {
		first--
	}
	foot := h.Links[first : last+1]
	if len(foot) < fewest || len(foot) > most || !slices.ContainsFunc(foot, func(l PageLink) bool {
		u, err := url.Parse(l.URL)
		return err == nil && (outletPages.MatchString(u.Path) || legalPages.MatchString(u.Path))
	}) {
		return
	}
	for i := range foot {
		foot[i].InFooter = true
	}
}

// maxFootBytes is how much text stands between the links of a footer at most.
const maxFootBytes = 300

// IsHeading reports whether an element is a heading.
func IsHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// Above returns the nearest element of a kind that another stands in; nil if there is none.
func Above(n *html.Node, kind atom.Atom) *html.Node {
	for n = n.Parent; n != nil && n.DataAtom != kind; {
		n = n.Parent
	}
	return n
}

// NextNode returns the node behind one in the order of the text, below root and without what stands in an element
// that is skipped; nil behind the last.
func NextNode(n, root *html.Node, skips func(*html.Node) bool) *html.Node {
	if n.FirstChild != nil && !skips(n) {
		return n.FirstChild
	}
	for n != root {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

// IsWithin reports whether an element is another, or stands in it.
func IsWithin(n, box *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

// dataNames are the attributes that say where a script has what it shows in an element.
var dataNames = []string{"data-src", "data-url", "data-json", "data-source", "data-endpoint", "data-api", "data-feed", "data-file", "data-href"}

// fetching is how a script of a page brings what it shows.
var fetching = regexp.MustCompile("\\b(?:fetch|getJSON|json|axios|axios\\.get|\\$\\.get)\\(\\s*[\"'`]([^\"'`\\s{}$]+)[\"'`]")

// Shown returns the addresses of JSON of a page's own site that scripts show in it, as its elements or these scripts say,
// or that it links.
func (d Document) Shown() (all []string) {
	root := d.parsePage()
	if root == nil {
		return nil
	}
	base := baseOf(root, d.URL)
	for n := range root.Descendants() {
		for _, address := range shownBy(n) {
			at := SafeLink(base, address)
			if len(all) < maxShown && isJSONAddress(at) && SameSite(at, d.URL) && !slices.Contains(all, at) {
				all = append(all, at)
			}
		}
	}
	return all
}

// shownBy returns the addresses from where an element may have what it shows, as it writes them.
func shownBy(n *html.Node) (all []string) {
	for _, a := range n.Attr {
		if slices.Contains(dataNames, a.Key) || n.DataAtom == atom.A && a.Key == "href" && !strings.Contains(a.Val, "?") && !service.MatchString(a.Val) {
			all = append(all, a.Val)
		}
	}
	if n.DataAtom == atom.Script && n.FirstChild != nil {
		for _, found := range fetching.FindAllStringSubmatch(n.FirstChild.Data, maxShown) {
			all = append(all, found[1])
		}
	}
	return all
}

// isJSONAddress reports whether an address reads as that of JSON: a file of it, or what stands below "api".
func isJSONAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (path.Ext(u.Path) == ".json" || path.Ext(u.Path) == "" && strings.Contains(path.Dir(u.Path)+"/", "/api/"))
}

// addLink adds what an element leads to.
func (h *PageHead) addLink(n *html.Node, base string) {
	href := Attribute(n, "href")
	at := SafeLink(base, WebAddress(href))
	rel := strings.Join(strings.Fields(strings.ToLower(Attribute(n, "rel"))), " ")
	if n.DataAtom == atom.Link && rel == "canonical" {
		h.Said = append(h.Said, [2]string{Canonical, href})
	}
	if at == "" || href == "" || len(h.Links) == maxPageLinks {
		return
	}
	kind, _, _ := strings.Cut(strings.ToLower(Attribute(n, "type")), ";")
	l := PageLink{
		Tag: n.Data, URL: at, Href: href, Rel: rel, Type: strings.TrimSpace(kind), Title: Line(Attribute(n, "title")),
		Variant: Attribute(n, "hreflang") != "" || Attribute(n, "media") != "",
	}
	if n.DataAtom == atom.A {
		l.Text = Line(TextOf(n))
	}
	listed := false
	for up := n.Parent; up != nil; up = up.Parent {
		menu := up.DataAtom == atom.Nav || up.DataAtom != atom.Body && menuName.MatchString(Attribute(up, "id")+" "+Attribute(up, "class")+" "+Attribute(up, "role"))
		header := up.DataAtom == atom.Header && Above(up, atom.Article) == nil // an article has a head of its own
		if listed = listed || menu || up.DataAtom == atom.Li; header {
			l.InHead = !listed
		}
		l.InMenu = l.InMenu || menu || header
		l.InFooter = l.InFooter || up.DataAtom == atom.Footer || isNamed(up, footerNames)
	}
	h.Links = append(h.Links, l)
}

// menuName is what elements are called that hold the menu of a site, where none is marked as such.
var menuName = regexp.MustCompile(`(?i)(menu|menue|menü|nav|navi|navbar|navigation)( |$)`)

// WebAddress writes webcal, which is no protocol of its own, as https.
func WebAddress(href string) string {
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if len(href) > len(scheme) && strings.EqualFold(href[:len(scheme)], scheme) {
			return "https://" + href[len(scheme):]
		}
	}
	return href
}

// otherPair is a parameter of a search's address with a place that may stay empty,
// otherPlace one that stands elsewhere.
var (
	otherPair  = regexp.MustCompile(`[^?&=]*=\{[^{}]*\}(&|$)`)
	otherPlace = regexp.MustCompile(`\{[^{}]*\}`)
)

// searchMark stands for ArgumentPlace where an address must be one.
const searchMark = "keypull0argument0"

// SearchFeed returns the address of the feed of an OpenSearch description, with a place
// for the argument, and what the search is called; "" of any other document.
func SearchFeed(d Document) (at, title string) {
	if !bytes.Contains(d.Body[:min(len(d.Body), 2048)], []byte("OpenSearchDescription")) {
		return "", ""
	}
	var description struct {
		ShortName string
		URLs      []struct {
			Type     string `xml:"type,attr"`
			Method   string `xml:"method,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Url"`
	}
	if xml.Unmarshal(d.Body[:min(len(d.Body), maxLinkedBytes)], &description) != nil {
		return "", ""
	}
	for _, u := range description.URLs {
		if !strings.Contains(u.Type, "rss") && !strings.Contains(u.Type, "atom") && !strings.Contains(u.Type, "feed+json") || u.Method != "" && !strings.EqualFold(u.Method, "get") {
			continue
		}
		at := strings.NewReplacer("{searchTerms}", searchMark, "{searchTerms?}", searchMark).Replace(u.Template)
		at = otherPlace.ReplaceAllString(strings.TrimRight(otherPair.ReplaceAllString(at, ""), "?&"), "")
		whole, err := url.Parse(SafeLink(d.URL, at))
		if err == nil && strings.Contains(at, searchMark) && !strings.Contains(whole.Host, searchMark) {
			return strings.ReplaceAll(whole.String(), searchMark, ArgumentPlace), Line(description.ShortName)
		}
	}
	return "", ""
}

// isPageAddress reports whether an address may be that of a page: what ends it is none of another file.
func isPageAddress(u *url.URL) bool {
	ending := strings.ToLower(path.Ext(u.Path))
	return slices.Contains([]string{"", ".html", ".htm", ".php"}, ending) || strings.ContainsAny(ending, "-_") // a part of a title
}

// maxListed is how many pages are taken of one that lists them.
const maxListed = 500

// Listed returns the pages that one lists, each once, at most maxListed.
func (d Document) Listed() (all []string) {
	if !d.IsPage() {
		return nil
	}
	links := ReadHead(d).Listed(d.URL)
	for _, l := range links[:min(len(links), maxListed)] {
		all = append(all, l.URL)
	}
	return all
}

// Listed returns the links to the pages that one lists, which came from an address: those of its own site that it links
// neither in a menu nor in its foot, each once, without what stands behind "#", with the first text that it has.
func (h PageHead) Listed(address string) (all []PageLink) {
	at, err := url.Parse(address)
	if err != nil {
		return nil
	}
	places := map[string]int{}
	for _, l := range h.Links {
		u, err := url.Parse(l.URL)
		if err != nil || l.Tag != "a" || l.InMenu || l.InFooter || l.InHead || !SameSite(l.URL, address) || u.RawQuery != "" {
			continue
		}
		u.Fragment = ""
		if !isPageAddress(u) || u.Path == at.Path || strings.Trim(u.Path, "/") == "" || service.MatchString(u.Path) || legalPages.MatchString(u.Path) {
			continue
		}
		l.URL = u.String()
		if i, again := places[l.URL]; again {
			all[i].Text = cmp.Or(all[i].Text, l.Text)
			continue
		}
		places[l.URL] = len(all)
		all = append(all, l)
	}
	return all
}
