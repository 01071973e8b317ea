package site_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answer as a browser reads it.
type page struct {
	t    testing.TB
	root *html.Node
}

func (a answer) page(t testing.TB) page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return page{t, root}
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// all returns the elements for which f is true.
func (p page) all(f func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && f(n) {
			found = append(found, n)
		}
	}
	return found
}

// by returns the element of an id, or nil.
func (p page) by(id string) *html.Node {
	for _, n := range p.all(func(n *html.Node) bool { got, _ := attribute(n, "id"); return got == id }) {
		return n
	}
	return nil
}

// said returns what an element says, spaces made one.
func said(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// raw returns the text of an element as it is.
func raw(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// says fails unless an element of that id has the words.
func (p page) says(id, words string) {
	p.t.Helper()
	if got := said(p.by(id)); !strings.Contains(got, words) {
		p.t.Errorf("#%s says %q, not %q", id, got, words)
	}
}

// form returns what a browser would send of the form of an id.
func (p page) form(id string) url.Values {
	p.t.Helper()
	form := p.by(id)
	if form == nil {
		p.t.Fatalf("there is no form #%s", id)
	}
	inside := map[*html.Node]bool{}
	for d := range form.Descendants() {
		inside[d] = true
	}
	values := url.Values{}
	for _, n := range p.all(func(n *html.Node) bool { of, _ := attribute(n, "form"); return of == id || of == "" && inside[n] }) {
		name, _ := attribute(n, "name")
		if _, disabled := attribute(n, "disabled"); name == "" || disabled {
			continue
		}
		switch n.Data {
		case "input":
			kind, _ := attribute(n, "type")
			_, checked := attribute(n, "checked")
			if (kind == "checkbox" || kind == "radio") && !checked {
				continue
			}
			value, _ := attribute(n, "value")
			values.Add(name, value)
		case "textarea":
			// The first line end is not part of the text; the parser drops it.
			values.Add(name, raw(n))
		case "select":
			values.Add(name, chosen(n))
		}
	}
	return values
}

func chosen(selection *html.Node) string {
	first, found := "", false
	for n := range selection.Descendants() {
		if n.Type != html.ElementNode || n.Data != "option" {
			continue
		}
		value, _ := attribute(n, "value")
		if _, ok := attribute(n, "selected"); ok {
			return value
		}
		if !found {
			first, found = value, true
		}
	}
	return first
}

// harmless fails where the page runs, or leads to, what content has brought.
func (p page) harmless() {
	p.t.Helper()
	for _, n := range p.all(func(*html.Node) bool { return true }) {
		if n.Data == "script" && raw(n) != "" || n.Data == "style" || n.Data == "iframe" {
			p.t.Errorf("the page holds <%s> %q", n.Data, raw(n))
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				p.t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
			leads := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction"
			if leads && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:")) {
				p.t.Errorf("<%s> leads to %q", n.Data, a.Val)
			}
		}
	}
}

// posts returns the addresses of the forms that change something, signing out
// aside.
func (p page) posts() []string {
	var all []string
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "form" || n.Data == "button" }) {
		method, _ := attribute(n, "method")
		action, _ := attribute(n, "action")
		if to, there := attribute(n, "formaction"); there {
			method, action = "post", to
		}
		if method == "post" && !strings.HasSuffix(action, "/sign-out") {
			all = append(all, action)
		}
	}
	return all
}
