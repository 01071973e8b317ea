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
	maxLinkedBytes = 1 << 20
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

// LinksOf returns the title of a web page and what it leads to, in its order.
func LinksOf(d Document) (title string, links []PageLink) {
	text, _ := Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxLinkedBytes)])
	base, based := d.URL, false
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(2 * maxLinkedBytes)
	for len(links) < maxPageLinks {
		switch z.Next() {
		case html.ErrorToken:
			return title, links
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		t := z.Token()
		a := map[string]string{}
		for _, at := range t.Attr {
			if _, twice := a[at.Key]; !twice {
				a[at.Key] = strings.TrimSpace(at.Val)
			}
		}
		at := SafeLink(base, WebAddress(a["href"]))
		switch {
		case t.Data == "title" && title == "" && z.Next() == html.TextToken:
			title = Line(string(z.Text()))
		case a["href"] == "" || at == "":
		case t.Data == "base" && !based:
			base, based = at, true
		case t.Data == "link" || t.Data == "a":
			kind, _, _ := strings.Cut(strings.ToLower(a["type"]), ";")
			links = append(links, PageLink{
				Tag: t.Data, URL: at, Href: a["href"], Rel: strings.Join(strings.Fields(strings.ToLower(a["rel"])), " "),
				Type: strings.TrimSpace(kind), Title: Line(a["title"]), Variant: a["hreflang"] != "" || a["media"] != "",
			})
		}
	}
	return title, links
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
