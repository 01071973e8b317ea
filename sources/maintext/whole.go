package maintext

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
)

// Piece is a heading of a page, or a text below one.
type Piece struct {
	Heading bool
	Text    string
}

// Whole returns all that a page tells that is no article, piece by piece: its lists, its addresses, and the rows of its tables,
// each with what its columns are called. Menus, what stands beside, what is hidden, comments, lists of links and the title are
// left out. It changes the page.
func Whole(root *html.Node) []Piece {
	p := &page{root: root, sizes: map[*html.Node]size{}}
	removeEach(root, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.H1, atom.Select, atom.Textarea, atom.Noscript, atom.Template:
			return true
		case atom.Html, atom.Head, atom.Body, atom.Main:
			return false
		}
		beside := sources.IsBeside(n) || n.DataAtom == atom.Header && sources.InMenu(n) // what is around it was looked at before
		return beside || isHidden(n) || hasNoisyName(namesOf(n), true)
	})
	p.measureText(root, false)
	removeEach(root, p.isLinkList)
	region := p.findNamed()
	if region == nil {
		return nil
	}
	for n := range region.Descendants() {
		if n.DataAtom == atom.Table && sources.FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.Table }) == nil {
			writeRows(n)
		}
	}
	return appendPieces(nil, region)
}

// appendPieces adds what an element tells: its headings, and the lines between them.
func appendPieces(all []Piece, n *html.Node) []Piece {
	var between strings.Builder
	flush := func() {
		for block := range strings.SplitSeq(sources.Plain(between.String()), "\n\n") {
			all = append(all, piecesOf(block)...)
		}
		between.Reset()
	}
	for c := range n.ChildNodes() {
		switch {
		case isSection(c):
			flush()
			if line := sources.Line(sources.TextOf(c)); line != "" {
				all = append(all, Piece{true, line})
			}
		case sources.FirstElement(c, isSection) != nil:
			flush()
			all = appendPieces(all, c)
		default:
			_ = html.Render(&between, c) // to memory
		}
	}
	flush()
	return all
}

// isSection reports whether an element is the heading of a part of a page.
func isSection(n *html.Node) bool {
	return sources.IsHeading(n) && n.DataAtom != atom.H1
}

// bullet begins an entry of a list in a plain text.
const bullet = "• "

// piecesOf returns the entries of a list, or the lines of a block where each tells a figure of something that it names, else the
// block as one.
func piecesOf(block string) (all []Piece) {
	lines := strings.FieldsFunc(block, func(r rune) bool { return r == '\n' })
	each := !slices.ContainsFunc(lines, func(line string) bool {
		return !strings.ContainsFunc(line, unicode.IsDigit) || !strings.ContainsAny(line, ":,：，،")
	})
	for i, line := range lines {
		entry := strings.HasPrefix(line, bullet)
		line = sources.Line(strings.TrimPrefix(line, bullet))
		switch {
		case line == "":
		case each || entry || i == 0 || len(all) == 0:
			all = append(all, Piece{Text: line})
		default:
			all[len(all)-1].Text += " " + line
		}
	}
	return all
}

// removeEach removes some elements, and comments.
func removeEach(n *html.Node, some func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode, c.Type == html.ElementNode && some(c):
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
