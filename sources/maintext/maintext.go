package maintext

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	readability "codeberg.org/readeck/go-readability"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/sources"
)

// Text is the text of a page as HTML, and what is told of it.
type Text struct {
	HTML string
	readability.Article
}

// ErrNone says that a page has no text that can be told from the rest of it.
var ErrNone = errors.New("maintext: no text can be told from this page")

// page is a page while its text is looked for.
type page struct {
	root  *html.Node
	sizes map[*html.Node]size
	// prose is how much text there is in sentences.
	prose int
	// chosen are the elements that readability takes for text.
	chosen map[*html.Node]bool
}

// size is how much text an element holds, in characters: all, that of links, that of long
// texts outside of links, and that which readability takes for text of the page.
type size struct{ all, link, prose, chosen int }

const (
	// proseRunes is how long a text is that is more than a label.
	proseRunes = 50
	// little is a text so short that there may be a better one.
	little = 300
	// enough is how much of what readability takes the place of the text holds, in percent.
	enough = 85
)

// Find returns the text of a page, which it changes. most bounds the elements that
// readability looks at; a page of many times that has no text. The error is ErrNone.
func Find(root *html.Node, at *url.URL, most int) (t Text, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			t, err = Text{}, fmt.Errorf("%w: %v", ErrNone, reason)
		}
	}()
	const muchMore = 5
	nodes := 0
	for range root.Descendants() {
		if nodes++; nodes > muchMore*most {
			return t, ErrNone
		}
	}
	p := &page{root: root, sizes: map[*html.Node]size{}, chosen: map[*html.Node]bool{}}
	p.prose = p.measureText(root, false).prose
	removeEach(root, p.isNoise)
	// Where readability fails there is still what the page itself calls its text.
	t.Article, err = p.chooseText(at, most)
	clear(p.sizes)
	region := p.findRegion(p.measureText(root, false))
	if region == nil {
		return t, errors.Join(ErrNone, err)
	}
	var b strings.Builder
	for _, n := range append(p.findLeads(region), region) {
		if err := html.Render(&b, n); err != nil {
			return t, fmt.Errorf("%w: %w", ErrNone, err)
		}
	}
	t.HTML = b.String()
	return t, nil
}

// markName is the attribute by which elements are known again in what readability returns.
const markName = "data-maintext"

// chooseText has readability choose the elements that are text.
func (p *page) chooseText(at *url.URL, most int) (readability.Article, error) {
	var marked []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode {
			n.Attr = append(n.Attr, html.Attribute{Key: markName, Val: strconv.Itoa(len(marked))})
			if marked = append(marked, n); len(marked) > most {
				break
			}
		}
	}
	var found readability.Article
	var err error
	if parser := readability.NewParser(); len(marked) <= most {
		found, err = parser.ParseDocument(p.root, at)
	}
	for _, n := range marked {
		n.Attr = slices.DeleteFunc(n.Attr, isMark)
	}
	if err != nil || found.Node == nil {
		return found, err //nolint:wrapcheck // it says what failed
	}
	for n := range found.Node.Descendants() {
		if i := slices.IndexFunc(n.Attr, isMark); i >= 0 {
			if mark, err := strconv.Atoi(n.Attr[i].Val); err == nil && mark >= 0 && mark < len(marked) {
				p.chosen[marked[mark]] = true
			}
		}
	}
	return found, nil
}

func isMark(a html.Attribute) bool { return a.Key == markName }

// isBlock reports whether an element begins a line of its own.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Aside, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
		atom.Table, atom.Tbody, atom.Thead, atom.Tr, atom.Td, atom.Th, atom.Blockquote, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Figure, atom.Form, atom.Body, atom.Details, atom.Summary, atom.Address, atom.Center, atom.Fieldset:
		return true
	}
	return false
}

// hasTitle reports whether an element is the title of a page, or holds it.
func hasTitle(n *html.Node) bool {
	isTitle := func(n *html.Node) bool { return n.DataAtom == atom.H1 }
	return isTitle(n) || sources.FirstElement(n, isTitle) != nil
}

// hasBlock reports whether a block stands in an element.
func hasBlock(n *html.Node) bool { return sources.FirstElement(n, isBlock) != nil }

// measureText measures the text of a node and of all in it; chosen says that the block
// around it is text of the page.
func (p *page) measureText(n *html.Node, chosen bool) (s size) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head:
		return s
	}
	if n.Type == html.TextNode {
		s.all = textLength(n.Data)
		if chosen {
			s.chosen = s.all
		}
		if s.all >= proseRunes {
			s.prose = s.all
		}
		return s
	}
	if isBlock(n) || p.chosen[n] {
		chosen = p.chosen[n]
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		one := p.measureText(c, chosen)
		s = size{s.all + one.all, s.link + one.link, s.prose + one.prose, s.chosen + one.chosen}
	}
	if n.DataAtom == atom.A {
		s.link, s.prose = s.all, 0
	}
	p.sizes[n] = s
	return s
}

// textLength returns how long a text is, in letters: a sign of a script without spaces
// says as much as several.
func textLength(text string) (n int) {
	const many = 3
	for _, r := range strings.TrimSpace(text) {
		if n++; textform.IsSpaceless(r) {
			n += many - 1
		}
	}
	return n
}

// findRegion returns the element that holds the text, without what does not belong to it:
// the one around most of what readability takes for text, or where that is next to
// nothing what the page itself calls its text. It is nil if there is none.
func (p *page) findRegion(whole size) *html.Node {
	if n := p.findNamed(); n != nil {
		s := p.sizes[n]
		plain := s.all - s.link
		if whole.chosen < little && plain > 2*whole.chosen || s.chosen*4 < plain && s.chosen*2 < whole.chosen+plain {
			p.removeLinks(n)
			return n
		}
	}
	if whole.chosen == 0 {
		return nil
	}
	region := p.root
	for {
		i := region.FirstChild
		for i != nil && p.sizes[i].chosen*100 < enough*whole.chosen {
			i = i.NextSibling
		}
		if i == nil || !isBlock(i) && i.DataAtom != atom.Html {
			break
		}
		region = i
	}
	s := p.sizes[region]
	p.keepText(region, s.link*3 > s.all)
	return region
}

// findNamed returns what the page itself calls its text, or all of it.
func (p *page) findNamed() *html.Node {
	var body, article, main, whole *html.Node
	articles := 0
	for n := range p.root.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "itemprop" && (a.Val == "articleBody" || a.Val == "text") && (body == nil || p.sizes[n].all > p.sizes[body].all):
				body = n
			case a.Key == "role" && a.Val == "main" && main == nil:
				main = n
			}
		}
		switch n.DataAtom {
		case atom.Article:
			article = n
			articles++
		case atom.Main:
			main = n
		case atom.Body:
			whole = n
		}
	}
	switch {
	case body != nil && p.sizes[body].all > little:
		return body
	case articles == 1:
		return article
	case main != nil:
		return main
	}
	return whole
}

// removeLinks removes what only leads elsewhere, and the title.
func (p *page) removeLinks(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next, s := c.NextSibling, p.sizes[c]
		switch {
		case c.Type != html.ElementNode, p.headsText(c):
		case c.DataAtom == atom.H1, isBlock(c) && (s.all == 0 || s.link*10 > s.all*9 && s.all < little):
			n.RemoveChild(c)
		default:
			p.removeLinks(c)
		}
		c = next
	}
}

// keepText removes from the element that holds the text what does not belong to it; linked
// says that the text itself is made of links.
func (p *page) keepText(n *html.Node, linked bool) {
	among := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if p.sizes[c].chosen > 0 {
			among++
		}
	}
	for c := n.FirstChild; c != nil; {
		next, s := c.NextSibling, p.sizes[c]
		switch {
		case c.Type != html.ElementNode || !isBlock(c) && !hasBlock(c), p.headsText(c):
		case s.chosen == 0 && hasTitle(c):
			leads, _ := p.leadsIn(c)
			for _, lead := range leads {
				lead.Parent.RemoveChild(lead)
				n.InsertBefore(lead, c)
			}
			n.RemoveChild(c)
		case !linked && leadsElsewhere(c, s), s.chosen == 0 && (among < 2 || !isLikeText(c, s)):
			n.RemoveChild(c)
		case s.chosen > 0:
			p.keepText(c, linked)
		}
		c = next
	}
}

// headsText reports whether an element is a heading, a link or not, with text right behind it.
func (p *page) headsText(n *html.Node) bool {
	if !isSection(n) {
		return false
	}
	next := n.NextSibling
	for next != nil && next.Type != html.ElementNode {
		next = next.NextSibling
	}
	s := p.sizes[next]
	return s.prose > 0 && s.link*2 < s.all
}

// leadsElsewhere reports whether an element is a line, or a few, that leads to other pages.
func leadsElsewhere(n *html.Node, s size) bool {
	switch n.DataAtom {
	case atom.Li, atom.Td, atom.Th, atom.Tr, atom.Dt, atom.Dd, atom.Tbody, atom.Thead:
		return false // what they are part of is judged
	}
	return s.all < little && s.link*10 > s.all*7
}

// isLikeText reports whether an element that readability left out, though what stands
// beside it is text, is text too.
func isLikeText(n *html.Node, s size) bool {
	if s.all == 0 || s.link*10 > s.all*4 {
		return false
	}
	switch n.DataAtom {
	case atom.P, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Pre, atom.Blockquote, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return s.all > proseRunes
}

// findLeads returns the paragraphs between the title of a page and the element that holds
// its text.
func (p *page) findLeads(region *html.Node) (all []*html.Node) {
	const most = 3
	for at := region; at != nil && at.DataAtom != atom.Body && at.DataAtom != atom.Main; at = at.Parent {
		for before := at.PrevSibling; before != nil; before = before.PrevSibling {
			found, titled := p.leadsIn(before)
			all = append(found, all...)
			if titled || len(all) >= most {
				return all[max(0, len(all)-most):]
			}
		}
	}
	// Without a title before them they may be of anything.
	return nil
}

// leadsIn returns the paragraphs in an element, those behind the title if that is in it.
func (p *page) leadsIn(n *html.Node) (all []*html.Node, titled bool) {
	const shortest, longest = 40, 900
	look := func(c *html.Node) {
		s := p.sizes[c]
		switch c.DataAtom {
		case atom.H1:
			all, titled = nil, true
		case atom.P, atom.Div, atom.H2:
			if s.all >= shortest && s.all <= longest && s.link*3 < s.all && !hasBlock(c) {
				all = append(all, c)
			}
		}
	}
	look(n)
	for c := range n.Descendants() {
		look(c)
	}
	return all, titled
}
