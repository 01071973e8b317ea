package shown

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"keypull/sources/ld"
)

// Limits of the tree of a page: elements, texts beside them, how deep what is
// deeper is still told apart, and how long one tag or text may be, in bytes.
const (
	maxElements = 40_000
	maxNesting  = 200
	maxToken    = 256 << 10
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

// tree reads a page as far as its limits go. It knows nothing of how browsers
// mend pages but that some elements end where the next begins: what a page of
// open tags costs stays in step with its length.
func tree(body []byte) *element {
	z := html.NewTokenizer(bytes.NewReader(visible(body)))
	z.SetMaxBuf(maxToken)
	root := &element{tag: "html"}
	open := []*element{root}
	for made := 0; made < maxElements; made++ {
		switch z.Next() {
		case html.ErrorToken:
			return root
		case html.TextToken:
			if parent := open[len(open)-1]; !silent(parent.tag) {
				s := string(z.Text())
				if slices.ContainsFunc(open, func(e *element) bool { return e.tag == "pre" }) {
					s = strings.ReplaceAll(s, "\n", keptBreak)
				}
				if strings.TrimSpace(s) != "" || len(parent.children) > 0 {
					parent.children = append(parent.children, &element{text: s})
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			e := &element{tag: t.Data, attr: t.Attr}
			open = ended(open, e.tag)
			parent := open[len(open)-1]
			e.parent, parent.children = parent, append(parent.children, e)
			if t.Type == html.StartTagToken && !void(e.tag) && len(open) < maxNesting {
				open = append(open, e)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			open = closed(open, string(name))
		}
	}
	return root
}

// visible returns a page without its scripts and styles, which may be longer than
// any text.
func visible(body []byte) []byte {
	kept := make([]byte, 0, len(body))
	for {
		at := bytes.IndexByte(body, '<')
		if at < 0 {
			return append(kept, body...)
		}
		kept = append(kept, body[:at]...)
		body = body[at:]
		var end []byte
		var length int
		switch {
		case ld.Opens(body, "<script"):
			end, length = []byte("</script"), len("</script")
		case ld.Opens(body, "<style"):
			end, length = []byte("</style"), len("</style")
		case bytes.HasPrefix(body, []byte("<!--")):
			end = []byte("-->")
		default:
			kept, body = append(kept, '<'), body[1:]
			continue
		}
		i := ld.IndexFold(body, end)
		if i < 0 {
			return kept
		}
		body = body[i+length:]
		if last := bytes.IndexByte(body, '>'); last >= 0 {
			body = body[last+1:]
		}
	}
}

// silent reports whether the content of an element is shown to nobody.
func silent(tag string) bool {
	return slices.Contains([]string{"script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"}, tag)
}

func void(tag string) bool {
	return slices.Contains([]string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}, tag)
}

// ended closes what ends where an element begins: a list's entry before the
// next, a paragraph before a block.
func ended(open []*element, tag string) []*element {
	last := open[len(open)-1].tag
	switch {
	case last == "p" && block(tag), last == "option" && tag == "option":
		return open[:len(open)-1]
	case !slices.Contains([]string{"li", "dt", "dd", "tr", "td", "th"}, tag):
		return open
	}
	for i := len(open) - 1; i > 0; i-- {
		switch was := open[i].tag; {
		case was == tag, tag != "li" && cells(was) && cells(tag) && (was != "tr" || tag == "tr"):
			return open[:i]
		case was == "ul" || was == "ol" || was == "dl" || was == "table" || was == "div" || was == "section":
			return open
		}
	}
	return open
}

func cells(tag string) bool { return slices.Contains([]string{"dt", "dd", "tr", "td", "th"}, tag) }

func closed(open []*element, tag string) []*element {
	for i := len(open) - 1; i > 0; i-- {
		if open[i].tag == tag {
			return open[:i]
		}
	}
	return open
}

// block reports whether a tag begins a line of its own.
func block(tag string) bool {
	return slices.Contains([]string{
		"address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
		"header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr", "ul",
	}, tag)
}

func (e *element) get(name string) string {
	for _, a := range e.attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func (e *element) has(name string) bool {
	return slices.ContainsFunc(e.attr, func(a html.Attribute) bool { return a.Key == name })
}

// classed reports whether an element is of a class.
func (e *element) classed(name string) bool {
	for class := range strings.FieldsSeq(e.get("class")) {
		if class == name {
			return true
		}
	}
	return false
}

// each calls f with an element and all below it in their order; f says whether
// to go on below.
func (e *element) each(f func(*element) bool) {
	if e.tag == "" || !f(e) {
		return
	}
	for _, c := range e.children {
		c.each(f)
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

// list returns the list or table that an element is an entry of; nil if it is none.
func (e *element) list() *element {
	for ; e != nil; e = e.parent {
		if e.tag == "ul" || e.tag == "ol" || e.tag == "table" {
			return e
		}
	}
	return nil
}

// shown returns the text of an element, each of its blocks on a line of its own, as
// HTML: so that all texts of recipes are read by the same code.
func (e *element) shown() string {
	var b strings.Builder
	e.write(&b, maxRawText)
	return html.EscapeString(tidy(b.String()))
}

// brief returns the text of an element on one line, or "" if it is longer than a
// heading may be.
func (e *element) brief() string {
	var b strings.Builder
	e.write(&b, 3*maxHeading)
	if text := strings.Join(strings.Fields(b.String()), " "); len(text) <= maxHeading {
		return text
	}
	return ""
}

// words returns the text of an element on one line.
func (e *element) words() string {
	var b strings.Builder
	e.write(&b, maxRawText)
	return strings.Join(strings.Fields(b.String()), " ")
}

// write writes the text of an element, as far as there is room.
func (e *element) write(b *strings.Builder, room int) {
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
	case silent(e.tag), e.hidden():
		return
	case e.tag == "br":
		b.WriteByte('\n')
		return
	}
	lines := block(e.tag) && e.tag != "td" && e.tag != "th"
	if lines {
		b.WriteByte('\n')
	} else if e.tag == "td" || e.tag == "th" {
		b.WriteByte(' ')
	}
	var before *element
	for _, c := range e.children {
		if before != nil && before.apart() && c.apart() {
			// What a style sets apart is no word.
			b.WriteByte(' ')
		}
		c.write(b, room)
		before = c
	}
	if lines {
		b.WriteByte('\n')
	}
}

// apart reports whether an element that follows another such is no part of the
// same word.
func (e *element) apart() bool {
	return slices.Contains([]string{"span", "strong", "b", "a", "em", "small", "label", "time", "data"}, e.tag)
}

// tidy drops empty lines and the spaces around the others.
func tidy(s string) string {
	var all []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}
