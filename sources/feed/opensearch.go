package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"

	"keypull/sources"
)

// maxDescription is how many elements of a description document are looked at.
const maxDescription = 500

// readOpenSearch returns the search for feeds that an OpenSearch description document
// offers; false if it is another document, or offers none.
func readOpenSearch(text []byte, base string) (f sources.Found, ok bool) {
	if !bytes.Contains(text[:min(len(text), maxPageBytes)], []byte("OpenSearchDescription")) {
		return f, false
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	inside := ""
	for range maxDescription {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			if inside == "Url" && f.Settings == nil {
				if at := templateOf(token, base); at != "" {
					f.Settings = map[string]any{"url": at}
				}
			}
		case xml.CharData:
			if inside == "ShortName" && f.Title == "" {
				f.Title = sources.Line(string(token))
			}
		case xml.EndElement:
			inside = ""
		}
	}
	f.Form, f.Phrase = "OpenSearch", own.Text("phrase", nil)
	return f, f.Settings != nil
}

// templateOf returns the address that a Url element has for feeds, or "" if it has
// it for something else.
func templateOf(e xml.StartElement, base string) string {
	a := map[string]string{}
	for _, attribute := range e.Attr {
		a[strings.ToLower(attribute.Name.Local)] = attribute.Value
	}
	switch kind, _, _ := strings.Cut(strings.ToLower(a["type"]), ";"); strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
	default:
		return ""
	}
	if method := a["method"]; method != "" && !strings.EqualFold(method, "get") {
		return ""
	}
	at := fillTemplate(a["template"])
	if !strings.Contains(at, placeholder) {
		return ""
	}
	at = strings.ReplaceAll(sources.SafeLink(base, strings.ReplaceAll(at, placeholder, marked)), marked, placeholder)
	if newAddress(at).inHost() {
		return ""
	}
	return at
}

// marked stands for the placeholder where an address must be one.
const marked = "keypull0argument0"

var (
	// otherPair is a parameter of a template, with the pair of the query that they are
	// the value of, otherPlace one that stands elsewhere.
	otherPair  = regexp.MustCompile(`[^?&=]*=\{[^{}]*\}(&|$)`)
	otherPlace = regexp.MustCompile(`\{[^{}]*\}`)
)

// fillTemplate returns a template with our placeholder for what is searched for, and
// without what else could be said.
func fillTemplate(template string) string {
	template = strings.ReplaceAll(strings.ReplaceAll(template, "{searchTerms?}", "{searchTerms}"), "{searchTerms}", marked)
	template = strings.TrimRight(otherPair.ReplaceAllString(template, ""), "?&")
	template = otherPlace.ReplaceAllString(template, "")
	if u, err := url.Parse(template); err != nil || u.Opaque != "" {
		return ""
	}
	return strings.ReplaceAll(template, marked, placeholder)
}
