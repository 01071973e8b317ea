package page

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// Limits of one page. maxNodes is how many elements and texts it may come to,
// those included that a parser makes by itself for what is not closed; maxDeep
// is how deep they may be nested for selectors to look through them.
const (
	maxNodes = 300_000
	maxDeep  = 200
)

// element is a node of a page.
type element = html.Node

// document is a page that was parsed.
type document struct {
	root *element
	// body is the page in UTF-8; base is what its links count from.
	body []byte
	base string
	at   *url.URL
	size int
	// guessed names an encoding that nothing told.
	guessed string
}

// parsePage reads a page in whatever character set its mark, its header or itself
// says.
func parsePage(body []byte, e sources.Encoded, address string) (*document, error) {
	fails := func(key string) error {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text(key, nil)}
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, fails("empty_page")
	}
	body, guessed := e.UTF8(body)
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	if !looksLikePage(body) {
		begin := sources.Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("no_page", words.Args{"begin": begin})}
	}
	size := nodes(body)
	if size > maxNodes {
		return nil, fails("many_elements")
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fails("nested")
	}
	d := &document{root: root, body: body, base: address, size: size, guessed: guessed}
	if d.at, err = url.Parse(address); err != nil {
		d.at = &url.URL{}
	}
	if base := firstElement(root, func(n *element) bool { return n.DataAtom == atom.Base && attrOf(n, "href") != "" }); base != nil {
		if link := sources.SafeLink(address, attrOf(base, "href")); link != "" {
			d.base = link
		}
	}
	if depth(root) > maxDeep {
		return nil, fails("nested")
	}
	return d, nil
}

// looksLikePage reports whether a body holds any element, and is no picture.
func looksLikePage(body []byte) bool {
	if bytes.IndexByte(body, 0) >= 0 {
		return false
	}
	for rest := body; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 || i+1 >= len(rest) {
			return false
		}
		if c := rest[i+1] | 0x20; c >= 'a' && c <= 'z' || rest[i+1] == '!' {
			return true
		}
		rest = rest[i+1:]
	}
}

// nodes returns how many nodes a page comes to at most: a parser opens again, in each
// block and before each text, all formatting that was not closed.
func nodes(body []byte) int {
	count, open := 0, 0
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(maxBytes + 1)
	for count <= maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			return count
		case html.TextToken:
			count += 1 + open
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if formats(atom.Lookup(name)) {
				open++
				count++
			} else {
				count += 1 + open
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); formats(atom.Lookup(name)) && open > 0 {
				open--
			}
		}
	}
	return count
}

// formats lists the elements that a parser opens again.
func formats(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// depth returns how deep a tree is; it does not call itself, since pages choose it.
func depth(root *element) int {
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

// firstElement finds the first element below a node that fits.
func firstElement(root *element, fits func(*element) bool) *element {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			return n
		}
	}
	return nil
}

func attrOf(n *element, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// textOf returns the text of an element, without what is not shown.
func textOf(n *element) string {
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
