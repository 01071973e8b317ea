package page

import (
	"bytes"
	"errors"
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
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
	if bytes.IndexByte(body, 0) >= 0 || !sources.HasTag(string(body)) {
		begin := sources.Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("no_page", words.Args{"begin": begin})}
	}
	root, size, err := sources.ParsePage(body)
	switch {
	case errors.Is(err, sources.ErrElements):
		return nil, fails("many_elements")
	case err != nil:
		return nil, fails("nested")
	}
	sources.RepeatSpans(root)
	d := &document{root: root, body: body, base: address, size: size, guessed: guessed}
	if d.at, err = url.Parse(address); err != nil {
		d.at = &url.URL{}
	}
	if base := sources.FirstElement(root, func(n *element) bool { return n.DataAtom == atom.Base && sources.Attribute(n, "href") != "" }); base != nil {
		if link := sources.SafeLink(address, sources.Attribute(base, "href")); link != "" {
			d.base = link
		}
	}
	return d, nil
}
