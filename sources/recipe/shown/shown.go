// Package shown reads recipes from what web pages show to people: microdata,
// RDFa, microformats, the cards of plug-ins, parts that are named by their
// classes, headings above ingredients and method, labels before times and
// servings. It gives them as JSON-LD would, texts as HTML; what these mean is
// left to the kind.
package shown

import (
	"html"
	"strings"
)

// Limits of what is read of one page: of its text in bytes, of lists in entries,
// how deep elements are followed, and how many recipes a page has.
const (
	maxRawText = 256 << 10
	maxLines   = 500
	maxParents = 400
	maxRecipes = 200
)

// HeadingType is the type of an entry of a list of ingredients that is no
// ingredient: its name stands above those behind it.
const HeadingType = "Heading"

// Page is a page as it is shown.
type Page struct {
	root  *element
	lines []leaf
	body  []byte
}

// Read reads a page in UTF-8. It never fails: what cannot be told apart is text.
func Read(body []byte) *Page {
	p := &Page{root: parseTree(body), body: body}
	p.lines = splitHeadings(leavesOf(p.root))
	p.markHeadings()
	return p
}

// Written returns the recipes that are marked as such, by the first way to mark them
// that has any.
func (p *Page) Written() []map[string]any { return writtenRecipes(p.root) }

// node is a thing with properties.
type node map[string]any

// headingEntry returns an entry that is the heading of those behind it.
func headingEntry(text string) any {
	return map[string]any{"@type": HeadingType, "name": html.EscapeString(text)}
}

// Heading returns what the page is called, as HTML: by its first heading that says
// anything, else by its title without the name of the site.
func (p *Page) Heading() string {
	name := p.wholeHeading()
	if in := bracketed.FindString(name); in != "" && in != name && hasDigit(in) && (leaf{text: strings.Trim(in, " ()[]")}).yieldSaid(true, false) != "" {
		name = strings.TrimSuffix(name, in)
	}
	return html.EscapeString(name)
}

// wholeHeading is Heading as text, with how much the recipe makes, where it says so in brackets.
func (p *Page) wholeHeading() string {
	var headings, named []string
	shared, title, site := "", "", ""
	p.root.eachElement(func(e *element) bool {
		switch {
		case e.tag == "h1" && e.lineText() != "":
			headings = append(headings, e.lineText())
		case (e.tag == "h2" || e.tag == "h3") && (e.hasClass("entry-title") || e.hasClass("post-title")):
			named = append(named, e.lineText())
		case e.tag == "meta" && e.attrOf("property") == "og:title" && shared == "":
			shared = e.attrOf("content")
		case e.tag == "meta" && e.attrOf("property") == "og:site_name" && site == "":
			site = e.attrOf("content")
		case e.tag == "title" && title == "":
			title = e.lineText()
		}
		return true
	})
	if len(named) == 1 && strings.Contains(title, named[0]) {
		return named[0] // whose site is the first heading
	}
	titled := withoutSite(shared, site) + " " + withoutSite(title, site)
	for _, h := range headings {
		if strings.Contains(strings.ToLower(titled), strings.ToLower(h)) && !strings.EqualFold(h, site) {
			return h
		}
	}
	for _, s := range []string{withoutSite(shared, site), withoutSite(title, site)} {
		if s != "" && (len(headings) == 0 || strings.EqualFold(headings[0], site)) {
			return s
		}
	}
	if len(headings) > 0 {
		return headings[0]
	}
	return ""
}

// withoutSite returns a title without the name of the site behind or before it.
func withoutSite(title, site string) string {
	for _, mark := range []string{" | ", " - ", " – ", " — ", " • ", " · ", " :: ", " » "} {
		if at := strings.LastIndex(title, mark); at > 0 {
			if end := title[at+len(mark):]; site == "" || strings.EqualFold(end, site) {
				return strings.TrimSpace(title[:at])
			}
			if before, rest, _ := strings.Cut(title, mark); strings.EqualFold(before, site) {
				return strings.TrimSpace(rest)
			}
		}
	}
	return title
}
