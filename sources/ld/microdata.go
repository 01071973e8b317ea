package ld

import (
	"strings"

	"golang.org/x/net/html"

	"keypull/sources"
)

// Microdata returns the things that a page marks among its text, in the form that
// JSON-LD has.
func Microdata(root *html.Node) []any {
	const most = 500
	var things []any
	for n := range root.Descendants() {
		if sources.Attribute(n, "itemtype") != "" && sources.Attribute(n, "itemprop") == "" && len(things) < most {
			things = append(things, microdataOf(n, 0))
		}
	}
	return things
}

// microdataOf returns a thing with its values.
func microdataOf(n *html.Node, depth int) map[string]any {
	thing := map[string]any{"@type": sources.Attribute(n, "itemtype")}
	if depth > maxDepth {
		return thing
	}
	for at := n.FirstChild; at != nil; at = sources.NextNode(at, n, isThing) {
		prop := sources.Attribute(at, "itemprop")
		if prop == "" {
			continue
		}
		var v any
		if isThing(at) {
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

// isThing reports whether an element is a thing of its own: what stands in it belongs to no other.
func isThing(n *html.Node) bool { return sources.Attribute(n, "itemtype") != "" }

// propertyOf returns the value of an element that is one.
func propertyOf(n *html.Node) string {
	for _, name := range []string{"content", "datetime", "href", "src", "value"} {
		switch text := sources.Attribute(n, name); {
		case text == "":
		case strings.HasPrefix(text, "tel:") && strings.ContainsAny(sources.TextOf(n), "0123456789"):
			return sources.TextOf(n) // as people write it
		default:
			return text
		}
	}
	return sources.TextOf(n)
}
