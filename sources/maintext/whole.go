package maintext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
)

// Whole returns all that a page tells that is no article, as HTML: its lists, its addresses, and the rows of its tables,
// each a paragraph with what its columns are called. Menus, what stands beside, lists of links and the title are left
// out. It changes the page.
func Whole(root *html.Node) string {
	p := &page{root: root, sizes: map[*html.Node]size{}}
	removeEach(root, func(n *html.Node) bool { return sources.InMenu(n) || n.DataAtom == atom.H1 })
	p.measureText(root, false)
	removeEach(root, p.isLinkList)
	region := p.findNamed()
	if region == nil {
		return ""
	}
	for n := range region.Descendants() {
		if n.DataAtom == atom.Table && sources.FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.Table }) == nil {
			writeRows(n)
		}
	}
	var b strings.Builder
	if html.Render(&b, region) != nil {
		return ""
	}
	return b.String()
}

// removeEach removes some elements.
func removeEach(n *html.Node, some func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.ElementNode && some(c):
			n.RemoveChild(c)
		default:
			removeEach(c, some)
		}
		c = next
	}
}

// isLinkList reports whether an element is but links to several pages.
func (p *page) isLinkList(n *html.Node) bool {
	const several = 3
	s, links := p.sizes[n], 0
	if s.link*10 <= s.all*9 {
		return false
	}
	for inner := range n.Descendants() {
		if sources.LeadsElsewhere(inner) {
			links++
		}
	}
	return links >= several
}

// writeRows puts paragraphs in place of the rows of a table whose first row says what its columns are called.
func writeRows(table *html.Node) {
	var labels []string
	for n := range table.Descendants() {
		if n.DataAtom != atom.Tr {
			continue
		}
		var cells []string
		heads := 0
		for c := range n.ChildNodes() {
			switch c.DataAtom {
			case atom.Th:
				heads++
				fallthrough
			case atom.Td:
				cells = append(cells, sources.Line(sources.TextOf(c)))
			}
		}
		if labels == nil {
			if heads < 2 || heads < len(cells) {
				return
			}
			labels = cells
		} else if len(cells) == len(labels) {
			for i := range cells {
				switch number := cells[i] != "" && strings.Trim(cells[i], "0123456789") == ""; {
				case cells[i] == "" || labels[i] == "" || i == 0 && !number:
				case i == 0:
					cells[i] = labels[i] + " " + cells[i]
				default:
					cells[i] = labels[i] + ": " + cells[i]
				}
			}
		}
		n.Data, n.DataAtom = "p", atom.P
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: strings.Join(cells, ", ")})
	}
}
