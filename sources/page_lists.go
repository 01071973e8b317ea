package sources

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ListLines returns the lines of a list, which holds no other and is none of links, or those of
// a paragraph and of the ones right behind it; none for another element, and for a paragraph
// that stands right behind one.
func ListLines(n *html.Node) (lines []string) {
	add := func(n *html.Node) {
		for text := range strings.Lines(TextOf(n)) {
			if text = Line(text); text != "" {
				lines = append(lines, text)
			}
		}
	}
	switch n.DataAtom {
	case atom.P:
		for before := n.PrevSibling; before != nil; before = before.PrevSibling {
			if before.DataAtom == atom.P {
				return nil
			}
			if before.Type == html.ElementNode {
				break
			}
		}
		for ; n != nil && (n.Type != html.ElementNode || n.DataAtom == atom.P); n = n.NextSibling {
			if n.Type == html.ElementNode {
				add(n)
			}
		}
	case atom.Ul, atom.Ol:
		links := 0
		for inner := range n.Descendants() {
			switch inner.DataAtom {
			case atom.Ul, atom.Ol, atom.Table:
				return nil
			case atom.A:
				links++
			case atom.Li:
				add(inner)
			}
		}
		if links*2 > len(lines) {
			return nil
		}
	}
	return lines
}
