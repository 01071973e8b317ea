package sources

import (
	"net/url"
	"regexp"
	"strconv"
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
			if t.Data != "img" || IsPixel(TokenAttribute(t, "src"), TokenAttribute(t, "width"), TokenAttribute(t, "height")) || hiddenBy(TokenAttribute(t, "style")) {
				continue
			}
			if strings.Contains(TokenAttribute(t, "class"), "emoji") || strings.Contains(TokenAttribute(t, "class"), "smiley") {
				continue
			}
			if link := SafeLink(base, TokenAttribute(t, "src")); link != "" {
				return link, Line(TokenAttribute(t, "alt"))
			}
		}
	}
}

// maxPixel is up to how many pixels wide or high an image shows nothing.
const maxPixel = 2

// IsPixel says whether an image is there to be counted and not to be seen: by
// its size, as it is written, by its name, or by the server that counts.
func IsPixel(link, width, height string) bool {
	for _, side := range []string{width, height} {
		text := strings.TrimSuffix(strings.TrimSpace(side), "px")
		if n, err := strconv.ParseFloat(text, 64); err == nil && n <= maxPixel {
			return true
		}
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return false
	}
	return counts(strings.ToLower(u.Hostname()), strings.ToLower(u.Path)) || pixelName.MatchString(u.Path)
}

// pixelName are names of images that are transparent.
var pixelName = regexp.MustCompile(`(?i)/(?:(?:tracking|track|web|count|clear|transparent)?[-_.]?(?:pixel|beacon)|1x1|spacer|blank|clear|transparent)(?:[-_.]?1x1)?\.(?:gif|png)$`)

// counts says whether a server counts readers by images at that path.
func counts(host, path string) bool {
	for of, begin := range tables["counters"] {
		prefix := strings.HasSuffix(of, ".") && strings.HasPrefix(host, of)
		if (prefix || host == of || strings.HasSuffix(host, "."+of)) && strings.HasPrefix(path, begin) {
			return true
		}
	}
	return false
}

// hiddenBy says whether a style keeps an image from being seen.
func hiddenBy(style string) bool {
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
		return true
	}
	return hiddenSize.MatchString(style)
}

var hiddenSize = regexp.MustCompile(`(?:^|;)(?:max-)?(?:width|height):[0-2](?:px)?(?:;|!|$)`)

// TokenAttribute returns an attribute of a tag, "" if it has none.
func TokenAttribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
