package sources

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

const maxLinkBytes = 2048

// SafeLink resolves href against base and returns it if it is a web address
// that a reader may be sent to: http or https, with a host, without a name and
// password, at most 2048 bytes. Anything else gives "".
func SafeLink(base, href string) string {
	href = strings.TrimSpace(href)
	if href == "" || len(href) > maxLinkBytes {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	if b, err := url.Parse(base); err == nil && base != "" {
		u = b.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		return ""
	}
	u.User = nil
	link := u.String()
	if len(link) > maxLinkBytes || strings.ContainsAny(link, " \"<>\\^`{|}\u00A0") || Clean(link) != link {
		return ""
	}
	return link
}

// Picture returns source and description of the first image in HTML that can
// be shown; tracking pixels and inline data are passed over.
func Picture(base, s string) (link, alt string) {
	if !strings.Contains(s, "<img") && !strings.Contains(s, "<IMG") {
		return "", ""
	}
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return "", ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "img" || attribute(t, "width") == "1" || attribute(t, "height") == "1" {
				continue
			}
			if link := SafeLink(base, attribute(t, "src")); link != "" {
				return link, Line(attribute(t, "alt"))
			}
		}
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
