package archive

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"keypull/pull/outside"
	"keypull/sources"
	"keypull/sources/ld"
	"keypull/sources/maintext"
)

// pageArticle returns the article of a web page: as its publisher describes it for programs,
// else what a reader would take for its text.
func pageArticle(res outside.Response, address string, zone *time.Location, languages []string) (article, error) {
	contentType := res.Header.Get("Content-Type")
	if !strings.Contains(contentType, "html") && contentType != "" {
		return article{}, nil
	}
	text, _ := sources.Text(res, languages)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		return article{}, err //nolint:wrapcheck // the caller passes over the page
	}
	p := pageReader{doc: doc, base: res.URL, language: sources.Line(doc.Find("html").AttrOr("lang", "")), zone: zone}
	a := article{Language: p.language, Link: address}
	var body string
	for _, value := range ld.Values(text) {
		if node := articleIn(value, 0); node != nil && body == "" {
			body = p.readDescribed(node, &a)
		}
	}
	p.readMeta(&a)
	if len(a.Paragraphs) == 0 {
		p.readParagraphs(&a, body)
	}
	if canonical := sources.SafeLink(res.URL, doc.Find("link[rel=canonical]").AttrOr("href", "")); canonical != "" && sameHost(canonical, address) {
		a.Link = canonical
	}
	a.ID = articleID(a.Link, "", a.Title)
	return a, nil
}

// pageReader reads one page.
type pageReader struct {
	doc            *goquery.Document
	base, language string
	zone           *time.Location
}

// articleIn finds an article in JSON-LD.
func articleIn(value any, depth int) map[string]any {
	const deepest = 6
	if depth > deepest {
		return nil
	}
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			if found := articleIn(one, depth+1); found != nil {
				return found
			}
		}
	case map[string]any:
		for _, name := range textValues(v["@type"]) {
			if strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "BlogPosting") || name == "Report" {
				return v
			}
		}
		for _, inner := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if found := articleIn(v[inner], depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

// textValues returns the texts of a value that may be one or a list.
func textValues(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, textValues(one)...)
		}
		return all
	case map[string]any:
		return textValues(v["url"])
	}
	return nil
}

// firstText returns the first text of a value, or "" if there is none.
func firstText(value any) string {
	if all := textValues(value); len(all) > 0 {
		return all[0]
	}
	return ""
}

// readDescribed reads what a publisher says of an article in JSON-LD, and returns its text.
func (p pageReader) readDescribed(node map[string]any, a *article) string {
	a.Title = sources.Shorten(sources.Line(firstText(node["headline"])), maxTitle)
	if language := sources.Line(firstText(node["inLanguage"])); language != "" {
		a.Language = language
	}
	a.Published = p.parseDate(firstText(node["datePublished"]))
	a.Image = sources.SafeLink(p.base, firstText(node["image"]))
	return firstText(node["articleBody"])
}

// parseDate parses a date as the page writes it.
func (p pageReader) parseDate(date string) time.Time {
	return sources.NewDates(sources.DateHints{Language: p.language, Zone: p.zone, Naive: p.zone}).Read(strings.TrimSpace(date))
}

// readMeta fills in what stands in the head of the page.
func (p pageReader) readMeta(a *article) {
	content := func(name string) string {
		return p.doc.Find(`meta[property="`+name+`"], meta[name="`+name+`"], meta[itemprop="`+name+`"]`).First().AttrOr("content", "")
	}
	if a.Title == "" {
		a.Title = sources.Shorten(sources.Line(content("og:title")), maxTitle)
	}
	if a.Title == "" {
		a.Title = sources.Shorten(sources.Line(p.doc.Find("h1").First().Text()), maxTitle)
	}
	for _, name := range []string{"article:published_time", "datePublished", "date", "dc.date", "DC.date.issued", "pubdate"} {
		if a.Published.IsZero() {
			a.Published = p.parseDate(content(name))
		}
	}
	if a.Published.IsZero() {
		a.Published = p.parseDate(p.doc.Find("article time[datetime], main time[datetime], time[pubdate]").First().AttrOr("datetime", ""))
	}
	if a.Image == "" {
		a.Image = sources.SafeLink(p.base, content("og:image"))
	}
}

// readParagraphs reads the paragraphs that a reader of the page would read. A text that
// its publisher wrote for programs stands without paragraphs often: those of the
// page are taken where they hold most of it.
func (p pageReader) readParagraphs(a *article, body string) {
	described := splitParagraphs(sources.Plain(body))
	base, err := url.Parse(p.base)
	if err != nil {
		a.Paragraphs = described
		return
	}
	found, err := maintext.Find(p.doc.Get(0), base, maxElements)
	if err == nil {
		a.Paragraphs = splitParagraphs(sources.Plain(found.HTML))
		if a.Title == "" {
			a.Title = sources.Shorten(sources.Line(found.Title), maxTitle)
		}
		if a.Published.IsZero() && found.PublishedTime != nil {
			a.Published = found.PublishedTime.UTC()
		}
	}
	if textBytes(a.Paragraphs)*10 < textBytes(described)*8 && len(described) > 0 {
		a.Paragraphs = described
	}
}

// maxElements is how many elements of a page are looked at.
const maxElements = 20_000

// textBytes returns how long some texts are together, in bytes.
func textBytes(texts []string) (n int) {
	for _, t := range texts {
		n += len(t)
	}
	return n
}

func sameHost(a, b string) bool {
	x, err := url.Parse(a)
	y, failed := url.Parse(b)
	return err == nil && failed == nil && strings.EqualFold(x.Host, y.Host)
}
