package page

import (
	"cmp"
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
	g := ld.NewGraph(ld.Values(d.body), wanted)
	if len(g.Things) == 0 {
		g = ld.NewGraph(ld.Microdata(d.root), wanted)
	}
	for _, k := range []string{kind, shape.Event, shape.Product, shape.Article, question} {
		var records []shape.Record
		for _, thing := range g.Things {
			if kindOf(thing) != k || k == shape.None {
				continue
			}
			if r := recordOf(g, thing, k); len(r) > 0 {
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

// filled adds what a page says of itself elsewhere.
func (d *document) filled(r shape.Record) shape.Record {
	return append(r, withoutNames(d.openGraph(), r)...)
}

// question is the kind of what stands on a page of questions.
const question = "question"

// kindOf returns what a thing is like, or "" if nothing is made of it.
func kindOf(thing map[string]any) string {
	for _, name := range ld.Types(thing) {
		switch {
		case name == "Event" || name == "Festival" || name == "EventSeries" || strings.HasSuffix(name, "Event") && name != "DeliveryEvent":
			return shape.Event
		case name == "Product" || name == "ProductGroup" || name == "IndividualProduct":
			return shape.Product
		case name == "Question":
			return question
		case name == "Recipe":
			return shape.Recipe
		}
	}
	if ld.IsArticle(thing) {
		return shape.Article
	}
	return ""
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
		{"admission", []string{"offers", "price"}}, {"currency", []string{"offers", "priceCurrency"}}, {"performer", []string{"performer", "name"}},
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

// recordOf returns a thing as named values.
func recordOf(g *ld.Graph, thing map[string]any, kind string) shape.Record {
	var r shape.Record
	for _, s := range schema[kind] {
		if slices.ContainsFunc(r, func(v shape.Value) bool { return v.Name == s.field }) {
			continue
		}
		if v := g.Get(thing, s.at...); shape.Text(v) != "" {
			r = append(r, shape.Value{Name: s.field, V: v})
		}
	}
	if !slices.ContainsFunc(r, func(v shape.Value) bool { return v.Name == "title" }) {
		return nil
	}
	return r
}

// openGraph returns what a page says of itself for those who link to it: Open Graph, its
// title, its canonical address.
func (d *document) openGraph() shape.Record {
	head := sources.HeadOf(d.root, d.base)
	var r shape.Record
	for _, said := range [][2]string{
		{"title", cmp.Or(head.First("og:title", "twitter:title"), head.Title)},
		{"summary", head.First("og:description", "twitter:description", "description")},
		{"link", cmp.Or(head.First("og:url", sources.Canonical), d.at.String())},
		{"image", head.First("og:image", "og:image:secure_url", "twitter:image")},
		{"published", head.First("article:published_time")},
		{"language", head.Language},
		{"price", head.First("product:price:amount", "og:price:amount")},
		{"currency", head.First("product:price:currency", "og:price:currency")},
		{"stock", head.First("product:availability")},
	} {
		if said[1] != "" {
			r = append(r, shape.Value{Name: said[0], V: said[1]})
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
	if body := sources.FirstElement(d.root, func(n *element) bool { return n.DataAtom == atom.Body }); body == nil || sources.TextOf(body) == "" {
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
