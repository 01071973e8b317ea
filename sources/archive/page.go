package archive

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

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
	root, _, err := sources.ParsePage(text)
	if err != nil {
		return article{}, err
	}
	p := pageReader{root: root, head: sources.HeadOf(root, res.URL), base: res.URL, zone: zone}
	p.language = p.head.Language
	a := article{Language: p.language, Link: address}
	body := ""
	if g := ld.NewGraph(ld.Values(text), ld.IsArticle); len(g.Things) > 0 {
		i := slices.IndexFunc(g.Things, func(thing map[string]any) bool { return ld.Text(thing["articleBody"]) != "" })
		body = p.readDescribed(g, g.Things[max(i, 0)], &a)
	}
	p.readMeta(&a)
	if len(a.Paragraphs) == 0 {
		p.readParagraphs(&a, body)
	}
	if a.Published.IsZero() && body == "" {
		if root, _, err := sources.ParsePage(text); err == nil {
			a.addWhole(maintext.Whole(root))
		}
	}
	if canonical := sources.SafeLink(res.URL, p.head.First(sources.Canonical)); canonical != "" && sources.SameSite(canonical, address) {
		a.Link = canonical
	}
	a.ID = articleID(a.Link, "", a.Title)
	return a, nil
}

// pageReader reads one page.
type pageReader struct {
	root           *html.Node
	head           sources.PageHead
	base, language string
	zone           *time.Location
}

// readDescribed reads what a publisher says of an article in JSON-LD, and returns its text.
func (p pageReader) readDescribed(g *ld.Graph, thing map[string]any, a *article) string {
	a.Title = sources.Shorten(sources.Line(ld.Text(thing["headline"])), maxTitle)
	a.Language = cmp.Or(sources.Line(ld.Text(thing["inLanguage"])), a.Language)
	a.Published = p.parseDate(ld.Text(thing["datePublished"]))
	a.Image = sources.SafeLink(p.base, cmp.Or(ld.Text(thing["image"]), ld.Text(g.Get(thing, "image", "url"))))
	return ld.Text(thing["articleBody"])
}

// parseDate parses a date as the page writes it.
func (p pageReader) parseDate(date string) time.Time {
	return sources.NewDates(sources.DateHints{Language: p.language, Zone: p.zone, Naive: p.zone}).Read(strings.TrimSpace(date))
}

// siteBehind parts what a site is called from the title of a page.
var siteBehind = regexp.MustCompile(`^\s+([-–—|·»]|::)\s+`)

// publishedTimes are the elements that say when an article was published.
var publishedTimes = cascadia.MustCompile("article time[datetime], main time[datetime], time[pubdate]")

// readMeta fills in what stands in the head of the page.
func (p pageReader) readMeta(a *article) {
	a.Title = cmp.Or(a.Title, sources.Shorten(sources.Line(p.head.First("og:title")), maxTitle))
	if h1 := sources.FirstElement(p.root, func(n *html.Node) bool { return n.DataAtom == atom.H1 }); h1 != nil {
		own := sources.Shorten(sources.Line(sources.TextOf(h1)), maxTitle)
		if behind, begins := strings.CutPrefix(a.Title, own); a.Title == "" || begins && own != "" && siteBehind.MatchString(behind) {
			a.Title = own // without what the site is called
		}
	}
	for _, name := range []string{"article:published_time", "datepublished", sources.Itemprop + "datepublished", "date", "dc.date", "dc.date.issued", "pubdate"} {
		if a.Published.IsZero() {
			a.Published = p.parseDate(p.head.First(name))
		}
	}
	if at := cascadia.Query(p.root, publishedTimes); a.Published.IsZero() && at != nil {
		a.Published = p.parseDate(sources.Attribute(at, "datetime"))
	}
	a.Image = cmp.Or(a.Image, sources.SafeLink(p.base, p.head.First("og:image")))
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
	found, err := maintext.Find(p.root, base, maxElements)
	if err == nil {
		a.Paragraphs = splitParagraphs(sources.Plain(found.HTML))
		a.Title = cmp.Or(a.Title, sources.Shorten(sources.Line(found.Title), maxTitle))
		if a.Published.IsZero() && found.PublishedTime != nil {
			a.Published = found.PublishedTime.UTC()
		}
	}
	if textBytes(a.Paragraphs)*10 < textBytes(described)*8 && len(described) > 0 {
		a.Paragraphs = described
	}
}

// addWhole takes all that a page tells for its text, where most of that is no prose, as lists, tables and addresses
// are, or its text has its menu in it.
func (a *article) addWhole(pieces []maintext.Piece) {
	var whole []string
	heading := ""
	for _, p := range pieces {
		switch {
		case p.Heading:
			heading = p.Text + " · "
		case len(whole) < maxParagraphs:
			for i, cut := range cutParagraph(p.Text) {
				if i == 0 {
					cut = heading + cut
				}
				whole = append(whole, cut)
			}
		}
	}
	prose := 0
	for _, p := range a.Paragraphs {
		if endsSentence(p) && utf8.RuneCountInString(p) >= shortest {
			prose += len(p)
		}
	}
	if held, all := textBytes(a.Paragraphs), textBytes(whole); prose*2 < all && held < 2*all || held > all && held < 2*all {
		a.Paragraphs = whole
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
