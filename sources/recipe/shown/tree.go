package shown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"keypull/sources"
	"keypull/sources/ld"
)

// Limits of a page: its elements and texts, and what is looked at of it without its scripts, in
// bytes.
const (
	maxElements = 40_000
	maxVisible  = 1 << 20
)

// element is one element of a page, or a text, which has no tag.
type element struct {
	tag      string
	text     string
	attr     []html.Attribute
	children []*element
	parent   *element
	naming   *naming
}

// keptBreak is a line break of the source that is one of the page, too.
const keptBreak = "\v"

// parseTree reads a page. One that nobody wrote, of too many elements or nested too deep, is empty.
func parseTree(body []byte) *element {
	shown := withoutScripts(body)
	root, _, err := sources.ParsePage(shown[:min(len(shown), maxVisible)])
	if err != nil {
		return &element{tag: "html"}
	}
	made := 0
	return elementOf(root, nil, false, &made)
}

// elementOf returns a node of a page with all below it; kept says that its line breaks are those
// of the page.
func elementOf(n *html.Node, parent *element, kept bool, made *int) *element {
	e := &element{parent: parent}
	switch n.Type {
	case html.TextNode:
		e.text = n.Data
		if kept {
			e.text = strings.ReplaceAll(e.text, "\n", keptBreak)
		}
		return e
	case html.ElementNode:
		e.tag, e.attr = n.Data, n.Attr
	default:
		e.tag = "html"
	}
	if isSilent(e.tag) {
		return e
	}
	for c := n.FirstChild; c != nil && *made < maxElements; c = c.NextSibling {
		if c.Type == html.TextNode && (strings.TrimSpace(c.Data) != "" || len(e.children) > 0) || c.Type == html.ElementNode {
			*made++
			e.children = append(e.children, elementOf(c, e, kept || e.tag == "pre", made))
		}
	}
	return e
}

// withoutScripts returns a page without its scripts and styles, which may be longer than
// any text.
func withoutScripts(body []byte) []byte {
	kept := make([]byte, 0, len(body))
	for rest, more := body, true; more; {
		var before []byte
		before, _, _, rest, more = ld.Cut(rest)
		kept = append(kept, before...)
	}
	return kept
}

// isSilent reports whether the content of an element is shown to nobody.
func isSilent(tag string) bool {
	return slices.Contains([]string{"script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"}, tag)
}

// isBlock reports whether a tag begins a line of its own.
func isBlock(tag string) bool {
	return slices.Contains([]string{
		"address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
		"header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr", "ul",
	}, tag)
}

func (e *element) attrOf(name string) string {
	for _, a := range e.attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func (e *element) hasAttr(name string) bool {
	return slices.ContainsFunc(e.attr, func(a html.Attribute) bool { return a.Key == name })
}

func (e *element) hasClass(name string) bool {
	return slices.Contains(strings.Fields(e.attrOf("class")), name)
}

// eachElement calls f with an element and all below it in their order; f says whether
// to go on below.
func (e *element) eachElement(f func(*element) bool) {
	if e.tag == "" || !f(e) {
		return
	}
	for _, c := range e.children {
		c.eachElement(f)
	}
}

// isWithin reports whether an element is another one or below it.
func (e *element) isWithin(o *element) bool {
	for ; e != nil; e = e.parent {
		if e == o {
			return true
		}
	}
	return false
}

// listOf returns the list or table that an element is an entry of; nil if it is none.
func (e *element) listOf() *element {
	for ; e != nil; e = e.parent {
		if e.tag == "ul" || e.tag == "ol" || e.tag == "table" {
			return e
		}
	}
	return nil
}

// shownHTML returns the text of an element, each of its blocks on a line of its own, as
// HTML: so that all texts of recipes are read by the same code.
func (e *element) shownHTML() string {
	var b strings.Builder
	e.writeText(&b, maxRawText)
	return html.EscapeString(tidyLines(b.String()))
}

// briefText returns the text of an element on one line, or "" if it is longer than a
// heading may be.
func (e *element) briefText() string {
	var b strings.Builder
	e.writeText(&b, 3*maxHeading)
	if text := strings.Join(strings.Fields(b.String()), " "); len(text) <= maxHeading {
		return text
	}
	return ""
}

func (e *element) lineText() string {
	var b strings.Builder
	e.writeText(&b, maxRawText)
	return strings.Join(strings.Fields(b.String()), " ")
}

// writeText writes the text of an element, as far as there is room.
func (e *element) writeText(b *strings.Builder, room int) {
	if b.Len() > room {
		return
	}
	switch {
	case e.tag == "":
		// Line breaks of the source are spaces.
		b.WriteString(strings.Map(func(r rune) rune {
			switch r {
			case '\n', '\r', '\t':
				return ' '
			case '\v':
				return '\n'
			}
			return r
		}, e.text))
		return
	case isSilent(e.tag), e.isHidden():
		return
	case e.tag == "br":
		b.WriteByte('\n')
		return
	}
	lines := isBlock(e.tag) && e.tag != "td" && e.tag != "th"
	if lines {
		b.WriteByte('\n')
	} else if e.tag == "td" || e.tag == "th" {
		b.WriteByte(' ')
	}
	var before *element
	for _, c := range e.children {
		if before != nil && before.isApart() && c.isApart() {
			// What a style sets apart is no word.
			b.WriteByte(' ')
		}
		c.writeText(b, room)
		before = c
	}
	if lines {
		b.WriteByte('\n')
	}
}

// isApart reports whether an element that follows another such is no part of the
// same word.
func (e *element) isApart() bool {
	return slices.Contains([]string{"span", "strong", "b", "a", "em", "small", "label", "time", "data"}, e.tag)
}

// tidyLines drops empty lines and the spaces around the others.
func tidyLines(s string) string {
	var all []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}
