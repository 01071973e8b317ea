package sources

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ListLines returns the lines of a list, which holds no other and is none of links, or those of
// a paragraph and of the ones right behind it, or those of ListPairs with their parts behind a
// colon; none for another element, and for one that stands right behind its like.
func ListLines(n *html.Node) (lines []string) {
	for _, pair := range ListPairs(n) {
		lines = append(lines, strings.TrimRight(pair[0], " :")+": "+strings.Join(pair[1:], ", "))
	}
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
		if len(lines) > 0 {
			return lines
		}
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

// ListPairs returns what a list of terms, a table, boxes in a row or the parts of a list's lines say
// side by side: a name, and what is told of it; none for another element, and for a box right behind
// its like.
func ListPairs(n *html.Node) (pairs [][]string) {
	switch n.DataAtom {
	case atom.Dl:
		for inner := range n.Descendants() {
			switch text := Line(TextOf(inner)); {
			case inner.DataAtom == atom.Dt:
				pairs = append(pairs, []string{text})
			case inner.DataAtom == atom.Dd && len(pairs) > 0 && text != "":
				pairs[len(pairs)-1] = append(pairs[len(pairs)-1], text)
			}
		}
	case atom.Table:
		for inner := range n.Descendants() {
			if inner.DataAtom == atom.Table {
				return nil
			}
			if inner.DataAtom == atom.Tr && inner.Parent.DataAtom != atom.Thead {
				pairs = append(pairs, partsOf(inner))
			}
		}
	case atom.Ul, atom.Ol:
		for line := range n.ChildNodes() {
			if line.DataAtom == atom.Li {
				pairs = append(pairs, partsOf(Unwrapped(line)))
			}
		}
		if FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.A }) != nil {
			return nil
		}
	case atom.Div:
		if n.Parent == nil || n.Parent.DataAtom == atom.Dl || boxBehind(n, func(n *html.Node) *html.Node { return n.PrevSibling }) != nil {
			return nil
		}
		for ; n != nil; n = boxBehind(n, func(n *html.Node) *html.Node { return n.NextSibling }) {
			parts := partsOf(n)
			if len(parts) != 2 {
				break
			}
			pairs = append(pairs, parts)
		}
	}
	for _, parts := range pairs {
		if len(parts) < 2 {
			return nil
		}
	}
	return pairs
}

// boxBehind returns the box of two parts that is the next element in some direction; nil if that is
// another one.
func boxBehind(n *html.Node, next func(*html.Node) *html.Node) *html.Node {
	n = next(n)
	for n != nil && n.Type != html.ElementNode {
		n = next(n)
	}
	if n == nil || n.DataAtom != atom.Div || len(partsOf(n)) != 2 {
		return nil
	}
	return n
}

// Unwrapped returns the element within others that hold nothing beside it.
func Unwrapped(n *html.Node) *html.Node {
	for {
		var only *html.Node
		for c := range n.ChildNodes() {
			switch {
			case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
			case only != nil || c.Type != html.ElementNode:
				return n
			default:
				only = c
			}
		}
		if only == nil {
			return n
		}
		n = only
	}
}

// partsOf returns the texts of the elements in a row that say something; none where it says anything
// beside them, or more than fits side by side.
func partsOf(row *html.Node) (parts []string) {
	const most, long = 8, 120
	for c := range row.ChildNodes() {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return nil
		}
		if c.Type != html.ElementNode {
			continue
		}
		text := strings.TrimSpace(TextOf(c))
		if strings.Contains(text, "\n") || len(text) > long || len(parts) == most {
			return nil
		}
		if text != "" {
			parts = append(parts, Line(text))
		}
	}
	return parts
}
