package sources

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Limits of what a page leads to.
const (
	maxLinkedBytes = 2 << 20
	maxPageLinks   = 4000
)

// PageLink is what an element of a page leads to: link in its head, a in its text.
type PageLink struct {
	Tag string
	// URL is the whole address, of a calendar as well whose protocol is its own; Href
	// is as it is written.
	URL, Href string
	// Rel and Type are in small letters, Type without parameters.
	Rel, Type, Title string
	// Variant says that it is for another language or device.
	Variant bool
	// Text is what stands in a link of the text; InMenu and InFooter say where that is.
	Text             string
	InMenu, InFooter bool
}

// PageHead is what a web page says of itself, and what it leads to, in its order.
type PageHead struct {
	// Title is the page's own, Site what the site calls itself, Generator what it was made
	// with; "" where it does not say.
	Title, Language, Site, Generator string
	Links                            []PageLink
}

// IsAlternate reports whether a link leads to the page in another form, of any of
// these types.
func (l PageLink) IsAlternate(types ...string) bool {
	for _, kind := range types {
		if l.Type == kind {
			return l.Tag == "link" && strings.Contains(" "+l.Rel+" ", " alternate ")
		}
	}
	return false
}

// ReadHead reads what a web page says of itself and what it leads to.
func ReadHead(d Document) PageHead {
	text, _ := Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxLinkedBytes)])
	r := headReader{base: d.URL}
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(2 * maxLinkedBytes)
	for len(r.Links) < maxPageLinks && z.Next() != html.ErrorToken {
		switch t := z.Token(); t.Type {
		case html.StartTagToken, html.SelfClosingTagToken:
			r.openTag(t)
		case html.TextToken:
			r.addText(t.Data)
		case html.EndTagToken:
			r.closeTag(t.Data)
		}
	}
	r.closeTag("a")
	return r.PageHead
}

// headReader goes through the tokens of a page.
type headReader struct {
	PageHead
	base  string
	based bool
	// menus counts the open elements that hold links to the parts of a site, footers those
	// at the end of the page, whose links lead to less.
	menus, footers int
	// inTitle and inLink say what the text belongs to, which is that of the last link.
	inTitle, inLink bool
}

func (r *headReader) openTag(t html.Token) {
	a := map[string]string{}
	for _, at := range t.Attr {
		if _, twice := a[at.Key]; !twice {
			a[at.Key] = strings.TrimSpace(at.Val)
		}
	}
	at := SafeLink(r.base, WebAddress(a["href"]))
	switch t.Data {
	case "html":
		r.Language = Line(a["lang"])
	case "title":
		r.inTitle = t.Type == html.StartTagToken
	case "nav", "header":
		r.menus++
	case "footer":
		r.footers++
	case "meta":
		if strings.EqualFold(a["property"], "og:site_name") || strings.EqualFold(a["name"], "application-name") {
			r.Site = Line(a["content"])
		}
		if strings.EqualFold(a["name"], "generator") {
			r.Generator = a["content"]
		}
	case "base":
		if at != "" && a["href"] != "" && !r.based {
			r.base, r.based = at, true
		}
	case "link", "a":
		r.closeTag(t.Data)
		if at == "" || a["href"] == "" {
			return
		}
		kind, _, _ := strings.Cut(strings.ToLower(a["type"]), ";")
		r.inLink = t.Data == "a"
		r.Links = append(r.Links, PageLink{
			Tag: t.Data, URL: at, Href: a["href"], Rel: strings.Join(strings.Fields(strings.ToLower(a["rel"])), " "),
			Type: strings.TrimSpace(kind), Title: Line(a["title"]), Variant: a["hreflang"] != "" || a["media"] != "",
			InMenu: r.menus > 0, InFooter: r.footers > 0,
		})
	}
}

func (r *headReader) addText(text string) {
	const longest = 200
	if r.inTitle && r.Title == "" {
		r.Title = Line(text)
	}
	if !r.inLink {
		return
	}
	if l := &r.Links[len(r.Links)-1]; len(l.Text) < longest {
		l.Text += text + " "
	}
}

func (r *headReader) closeTag(name string) {
	switch name {
	case "nav", "header":
		r.menus = max(0, r.menus-1)
	case "footer":
		r.footers = max(0, r.footers-1)
	case "title":
		r.inTitle = false
	case "a":
		if r.inLink {
			r.Links[len(r.Links)-1].Text = Line(r.Links[len(r.Links)-1].Text)
		}
		r.inLink = false
	}
}

// WebAddress writes webcal, which is no protocol of its own, as https.
func WebAddress(href string) string {
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if len(href) > len(scheme) && strings.EqualFold(href[:len(scheme)], scheme) {
			return "https://" + href[len(scheme):]
		}
	}
	return href
}

// otherPair is a parameter of a search's address with a place that may stay empty,
// otherPlace one that stands elsewhere.
var (
	otherPair  = regexp.MustCompile(`[^?&=]*=\{[^{}]*\}(&|$)`)
	otherPlace = regexp.MustCompile(`\{[^{}]*\}`)
)

// searchMark stands for ArgumentPlace where an address must be one.
const searchMark = "keypull0argument0"

// SearchFeed returns the address of the feed of an OpenSearch description, with a place
// for the argument, and what the search is called; "" of any other document.
func SearchFeed(d Document) (at, title string) {
	if !bytes.Contains(d.Body[:min(len(d.Body), 2048)], []byte("OpenSearchDescription")) {
		return "", ""
	}
	var description struct {
		ShortName string
		URLs      []struct {
			Type     string `xml:"type,attr"`
			Method   string `xml:"method,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Url"`
	}
	if xml.Unmarshal(d.Body[:min(len(d.Body), maxLinkedBytes)], &description) != nil {
		return "", ""
	}
	for _, u := range description.URLs {
		if !strings.Contains(u.Type, "rss") && !strings.Contains(u.Type, "atom") && !strings.Contains(u.Type, "feed+json") || u.Method != "" && !strings.EqualFold(u.Method, "get") {
			continue
		}
		at := strings.NewReplacer("{searchTerms}", searchMark, "{searchTerms?}", searchMark).Replace(u.Template)
		at = otherPlace.ReplaceAllString(strings.TrimRight(otherPair.ReplaceAllString(at, ""), "?&"), "")
		whole, err := url.Parse(SafeLink(d.URL, at))
		if err == nil && strings.Contains(at, searchMark) && !strings.Contains(whole.Host, searchMark) {
			return strings.ReplaceAll(whole.String(), searchMark, ArgumentPlace), Line(description.ShortName)
		}
	}
	return "", ""
}
