package ld

import (
	"bytes"
	"errors"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
)

// Limits of a page: how many elements and texts it may come to, those included that a
// parser makes by itself for what is not closed, and how deep they may be nested.
const (
	maxNodes = 300_000
	maxDeep  = 200
)

// What ParsePage refuses.
var (
	ErrElements = errors.New("the page has too many elements")
	ErrNested   = errors.New("the page is nested too deep")
)

// ParsePage parses a page in UTF-8, and returns how many nodes it comes to at most.
func ParsePage(body []byte) (root *html.Node, size int, err error) {
	if size = countNodes(body); size > maxNodes {
		return nil, size, ErrElements
	}
	if root, err = html.Parse(bytes.NewReader(body)); err != nil || depthOf(root) > maxDeep {
		return nil, size, ErrNested
	}
	return root, size, nil
}

// countNodes returns how many nodes a page comes to at most: a parser opens again, in each
// block and before each text, all formatting that was not closed.
func countNodes(body []byte) int {
	count, open := 0, 0
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(len(body) + 1)
	for count <= maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			return count
		case html.TextToken:
			count += 1 + open
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if Reopens(atom.Lookup(name)) {
				open++
				count++
			} else {
				count += 1 + open
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); Reopens(atom.Lookup(name)) && open > 0 {
				open--
			}
		}
	}
	return count
}

// Reopens lists the elements that a parser opens again.
func Reopens(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// depthOf returns how deep a tree is; it does not call itself, since pages choose it.
func depthOf(root *html.Node) int {
	deepest, at := 0, 0
	for n := root; n != nil; {
		deepest = max(deepest, at)
		if n.FirstChild != nil {
			n, at = n.FirstChild, at+1
			continue
		}
		for n != root && n.NextSibling == nil {
			n, at = n.Parent, at-1
		}
		if n == root {
			break
		}
		n = n.NextSibling
	}
	return deepest
}

// Attribute returns an attribute of an element, "" if it has none.
func Attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// FirstElement finds the first element below a node that fits; nil where none does.
func FirstElement(root *html.Node, fits func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			return n
		}
	}
	return nil
}

// TextOf returns the text of an element, without what is not shown.
func TextOf(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if b.Len() > maxText {
			break
		}
		if html.Render(&b, c) != nil {
			return ""
		}
	}
	return sources.Plain(b.String())
}

// maxText is how much of an element's markup is looked at.
const maxText = 256 << 10

// Microdata returns the things that a page marks among its text, in the form that
// JSON-LD has.
func Microdata(root *html.Node) []any {
	const most = 500
	var things []any
	for n := range root.Descendants() {
		if Attribute(n, "itemtype") != "" && Attribute(n, "itemprop") == "" && len(things) < most {
			things = append(things, microdataOf(n, 0))
		}
	}
	return things
}

// microdataOf returns a thing with its values.
func microdataOf(n *html.Node, depth int) map[string]any {
	thing := map[string]any{"@type": Attribute(n, "itemtype")}
	if depth > maxDepth {
		return thing
	}
	for at := n.FirstChild; at != nil; at = nextProperty(at, n) {
		prop := Attribute(at, "itemprop")
		if prop == "" {
			continue
		}
		var v any
		if Attribute(at, "itemtype") != "" {
			v = microdataOf(at, depth+1)
		} else {
			v = propertyOf(at)
		}
		for name := range strings.FieldsSeq(prop) {
			switch before := thing[name].(type) {
			case nil:
				thing[name] = v
			case []any:
				thing[name] = append(before, v)
			default:
				thing[name] = []any{before, v}
			}
		}
	}
	return thing
}

// nextProperty returns the element behind one, in the order of the text, that belongs to the
// thing at root: what stands in another thing is that one's own.
func nextProperty(at, root *html.Node) *html.Node {
	if at.FirstChild != nil && Attribute(at, "itemtype") == "" {
		return at.FirstChild
	}
	for at != root {
		if at.NextSibling != nil {
			return at.NextSibling
		}
		at = at.Parent
	}
	return nil
}

// propertyOf returns the value of an element that is one.
func propertyOf(n *html.Node) string {
	for _, name := range []string{"content", "datetime", "href", "src", "value"} {
		switch text := Attribute(n, name); {
		case text == "":
		case strings.HasPrefix(text, "tel:") && strings.ContainsAny(TextOf(n), "0123456789"):
			return TextOf(n) // as people write it
		default:
			return text
		}
	}
	return TextOf(n)
}
