package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/ld"
	"keypull/sources/maintext"
	"keypull/sources/shape"
)

// structuredData returns what a page tells machines of what it is about: by JSON-LD, else by
// microdata. Of several kinds of things the ones of the shape count, else the
// first in the order below; of articles the first one alone.
func (d *document) structuredData(kind string) []shape.Record {
	wanted := func(thing map[string]any) bool { return kindOf(thing) != "" }
	g := graph{ld.NewGraph(ld.Values(d.body), wanted)}
	if len(g.Things) == 0 {
		g = graph{ld.NewGraph(ld.Microdata(d.root), wanted)}
	}
	for _, k := range []string{kind, shape.Event, shape.Product, shape.Article, question} {
		var records []shape.Record
		for _, thing := range g.Things {
			if kindOf(thing) != k || k == shape.None {
				continue
			}
			if r := g.record(thing, k); len(r) > 0 {
				records = append(records, r)
			}
		}
		switch {
		case len(records) == 0:
		case k == shape.Article, k == shape.Product && len(records) == 1:
			return []shape.Record{d.filled(records[0])}
		default:
			return records[:min(len(records), shape.MaxRecords)]
		}
	}
	return nil
}

// question is the kind of what stands on a page of questions.
const question = "question"

// graph is all things of a page, in their order.
type graph struct{ *ld.Graph }

// kindOf returns what a thing is like, or "" if nothing is made of it.
func kindOf(thing map[string]any) string {
	for _, name := range ld.Types(thing) {
		switch {
		case name == "Event" || name == "Festival" || name == "EventSeries" || strings.HasSuffix(name, "Event") && name != "DeliveryEvent":
			return shape.Event
		case name == "Product" || name == "ProductGroup" || name == "IndividualProduct":
			return shape.Product
		case name == "Article" || strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "BlogPosting") || name == "BlogPosting" || name == "Report":
			return shape.Article
		case name == "Question":
			return question
		case name == "Recipe":
			return shape.Recipe
		}
	}
	return ""
}

// get returns a member of a thing, followed where it only names another one; of a
// list the first.
func (g *graph) get(v any, names ...string) any {
	for _, name := range names {
		for list, ok := v.([]any); ok && len(list) > 0; list, ok = v.([]any) {
			v = list[0]
		}
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = g.Follow(object[name])
	}
	return v
}

// schema is what the values of a thing are to an item, by its kind.
var schema = map[string][]struct {
	field string
	at    []string
}{
	shape.Article: {
		{"title", []string{"headline"}}, {"title", []string{"name"}}, {"summary", []string{"description"}}, {"body", []string{"articleBody"}}, {"link", []string{"url"}},
		{"link", []string{"mainEntityOfPage"}}, {"image", []string{"image"}}, {"published", []string{"datePublished"}}, {"language", []string{"inLanguage"}},
		{"author", []string{"author", "name"}}, {"section", []string{"articleSection"}}, {"free", []string{"isAccessibleForFree"}},
	},
	shape.Event: {
		{"title", []string{"name"}}, {"summary", []string{"description"}}, {"link", []string{"url"}}, {"image", []string{"image"}},
		{"start", []string{"startDate"}}, {"end", []string{"endDate"}}, {"place", []string{"location", "name"}}, {"place", []string{"location", "address", "streetAddress"}},
		{"place", []string{"location", "address"}}, {"place", []string{"location"}}, {"town", []string{"location", "address", "addressLocality"}},
		{"admission", []string{"offers", "price"}}, {"performer", []string{"performer", "name"}},
	},
	shape.Product: {
		{"title", []string{"name"}}, {"summary", []string{"description"}}, {"link", []string{"url"}}, {"image", []string{"image"}}, {"sku", []string{"sku"}},
		{"price", []string{"offers", "price"}}, {"price", []string{"offers", "lowPrice"}}, {"price", []string{"offers", "priceSpecification", "price"}},
		{"currency", []string{"offers", "priceCurrency"}}, {"currency", []string{"offers", "priceSpecification", "priceCurrency"}},
		{"stock", []string{"offers", "availability"}}, {"brand", []string{"brand", "name"}}, {"size", []string{"size"}}, {"color", []string{"color"}},
	},
	question: {{"title", []string{"name"}}, {"summary", []string{"acceptedAnswer", "text"}}, {"link", []string{"url"}}},
	shape.Recipe: {
		{"title", []string{"name"}}, {"summary", []string{"description"}}, {"link", []string{"url"}}, {"image", []string{"image"}},
		{"ingredients", []string{"recipeIngredient"}}, {"steps", []string{"recipeInstructions"}}, {"prep_minutes", []string{"prepTime"}},
		{"cook_minutes", []string{"cookTime"}}, {"total_minutes", []string{"totalTime"}}, {"yield", []string{"recipeYield"}},
	},
}

// record returns a thing as named values.
func (g *graph) record(thing map[string]any, kind string) shape.Record {
	var r shape.Record
	for _, s := range schema[kind] {
		if slices.ContainsFunc(r, func(v shape.Value) bool { return v.Name == s.field }) {
			continue
		}
		if v := g.get(thing, s.at...); shape.Text(v) != "" {
			r = append(r, shape.Value{Name: s.field, V: v})
		}
	}
	if !slices.ContainsFunc(r, func(v shape.Value) bool { return v.Name == "title" }) {
		return nil
	}
	return r
}

// filled adds what a page says of itself elsewhere.
func (d *document) filled(r shape.Record) shape.Record {
	return append(r, withoutNames(d.openGraph(), r)...)
}

// openGraph returns what a page says of itself for those who link to it: Open Graph, its
// title, its canonical address.
func (d *document) openGraph() shape.Record {
	names := map[string]string{
		"og:title": "title", "twitter:title": "title", "og:description": "summary", "twitter:description": "summary", "description": "summary",
		"og:image": "image", "og:image:secure_url": "image", "twitter:image": "image", "og:url": "link", "article:published_time": "published", "og:updated_time": "",
		"product:price:amount": "price", "product:price:currency": "currency", "product:availability": "stock", "og:price:amount": "price", "og:price:currency": "currency",
	}
	said := map[string]string{}
	for n := range d.root.Descendants() {
		switch n.DataAtom {
		case atom.Meta:
			name := attrOf(n, "property")
			if name == "" {
				name = attrOf(n, "name")
			}
			if field := names[strings.ToLower(name)]; field != "" && said[field] == "" {
				said[field] = attrOf(n, "content")
			}
		case atom.Link:
			if strings.EqualFold(attrOf(n, "rel"), "canonical") && said["link"] == "" {
				said["link"] = attrOf(n, "href")
			}
		case atom.Title:
			if n.Parent != nil && n.Parent.DataAtom == atom.Head && said["page"] == "" {
				said["page"] = textOf(n)
			}
		case atom.Html:
			said["language"] = attrOf(n, "lang")
		}
	}
	if said["title"] == "" {
		said["title"] = said["page"]
	}
	if said["link"] == "" {
		said["link"] = d.at.String()
	}
	var r shape.Record
	for _, name := range []string{"title", "summary", "link", "image", "published", "language", "price", "currency", "stock"} {
		if said[name] != "" {
			r = append(r, shape.Value{Name: name, V: said[name]})
		}
	}
	return r
}

// Limits of what is read like an article: it looks at a page many times.
const (
	maxReadable      = 60_000
	maxReadableBytes = 2 << 20
)

// articleRecord returns the record of a page without structured data: what of it reads
// like an article. It changes the page.
func (d *document) articleRecord() shape.Record {
	r := d.openGraph()
	if body := firstElement(d.root, func(n *element) bool { return n.DataAtom == atom.Body }); body == nil || textOf(body) == "" {
		return nil
	}
	if d.size > maxReadable || len(d.body) > maxReadableBytes {
		return r
	}
	read, err := maintext.Find(d.root, d.at, maxReadable)
	if err != nil || sources.Plain(read.HTML) == "" {
		return r
	}
	more := shape.Record{{Name: "title", V: read.Title}, {Name: "body", V: read.HTML}, {Name: "summary", V: read.Excerpt}, {Name: "image", V: read.Image}, {Name: "author", V: read.Byline}}
	if read.PublishedTime != nil {
		more = append(more, shape.Value{Name: "published", V: *read.PublishedTime})
	}
	more = slices.DeleteFunc(more, func(v shape.Value) bool { return shape.Text(v.V) == "" })
	return append(r, withoutNames(more, r)...)
}
