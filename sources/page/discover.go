package page

import (
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/shape"
)

var _ sources.Discoverer = (*Settings)(nil)

// Discover takes pages that tell of events, products or questions by JSON-LD or
// microdata, and those that list articles and name no feed.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if !d.IsPage() || len(d.Body) > maxBytes {
		return nil
	}
	doc, err := parsePage(d.Body, sources.Encoded{Type: d.Type}, d.URL)
	if err != nil {
		return nil
	}
	f := sources.Found{Form: "HTML", Phrase: own.Text("phrase", nil), Settings: map[string]any{"url": d.Address}}
	if u, err := url.Parse(d.URL); err == nil {
		f.Title = u.Hostname()
	}
	for _, v := range doc.openGraph() {
		if v.Name == "title" {
			f.Title = sources.Line(shape.Text(v.V))
		}
	}
	for _, kind := range []string{shape.Event, shape.Product, question} {
		records := doc.structuredData(kind)
		if kind == question {
			records = doc.questionRecords()
		}
		if len(records) == 0 || kind != question && !has(records[0], map[string]string{shape.Event: "start", shape.Product: "price"}[kind]) {
			continue
		}
		f.Settings["shape"], f.Reply = kind, shownOf(records[0], kind)
		f.Told, f.Usual = true, kind == question
		f.Phrase = own.Text("phrase_"+kind, nil)
		f.Shows = titles(records, kind, d)
		return []sources.Found{f}
	}
	if named(doc) {
		return nil
	}
	return list(f, doc, d)
}

// list offers the articles that a page lists, where each has a heading and a link.
func list(f sources.Found, doc *document, d sources.Document) []sources.Found {
	s, err := parseSelector("article")
	if err != nil {
		return nil
	}
	const least = 3
	var records []shape.Record
	for _, n := range s.selectAll(doc.root, shape.MaxRecords) {
		if r := defaultRecord(n); has(r, "title") && has(r, "link") {
			records = append(records, r)
		}
	}
	if len(records) < least {
		return nil
	}
	f.Settings["item"], f.Settings["shape"] = "article", shape.Article
	f.Phrase, f.Shows = own.Text("phrase", nil), titles(records, shape.Article, d)
	return []sources.Found{f}
}

// shownOf returns what an answer shows of a kind, as far as a record has it.
func shownOf(r shape.Record, kind string) []string {
	var all []string
	for _, name := range map[string][]string{
		shape.Product: {"title", "price", "currency", "stock", "link"}, // of an event the kind tells the time best
	}[kind] {
		if has(r, name) {
			all = append(all, name)
		}
	}
	return all
}

func has(r shape.Record, name string) bool {
	for _, v := range r {
		if v.Name == name && shape.Text(v.V) != "" {
			return true
		}
	}
	return false
}

// named reports whether a page names a feed.
func named(doc *document) bool {
	return firstElement(doc.root, func(n *element) bool {
		kind := strings.ToLower(attrOf(n, "type"))
		return n.DataAtom == atom.Link && (strings.Contains(kind, "rss") || strings.Contains(kind, "atom+xml") || strings.Contains(kind, "feed+json"))
	}) != nil
}

// titles returns what readers would get.
func titles(records []shape.Record, kind string, d sources.Document) []string {
	if kind == question {
		kind = shape.None
	}
	m := shape.New(shape.Options{Shape: kind, Base: d.URL, Untyped: true})
	var all []string
	for _, it := range m.Ordered(m.Make(records, d.Fetched, nil).Items, pull.Query{At: d.Fetched, Count: 1}) {
		all = append(all, it.Title)
	}
	return all
}
