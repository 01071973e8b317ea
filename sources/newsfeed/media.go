package newsfeed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/sources"
)

const (
	maxMedia = 10
	// maxSeconds is a week.
	maxSeconds = 7 * 24 * 3600
	maxAlt     = 300
)

// media gathers what an item shows: enclosures, Media RSS, its picture, and else the
// first picture within its text.
func (n *node) media(e Entry) []what.Media {
	g := gallery{}
	seconds := parseSeconds(n.textOf("itunes:duration"))
	for _, k := range n.kids {
		if k.name != "enclosure" && (k.name != "link" || !strings.EqualFold(k.attr("rel"), "enclosure")) {
			continue
		}
		href := k.attr("url", "href")
		m := what.Media{Type: mediaType(k.attr("type"), href), URL: resolved(k, href), Bytes: parseCount(k.attr("length"))}
		if m.Type != what.Image {
			m.Seconds = seconds
		}
		g.addMedium(m)
	}
	g.addMediaRSS(n)
	for _, k := range slices.Concat(n.all("itunes:image"), n.all("image")) {
		href := cmp.Or(k.attr("href", "url"), k.textOf("*:url"), k.ownText())
		g.addMedium(what.Media{Type: what.Image, URL: resolved(k, href), Alt: sources.Line(k.textOf("*:title"))})
	}
	for _, k := range n.all("content") {
		kind := strings.ToLower(k.attr("type"))
		if src := k.attr("src"); src != "" && !strings.Contains(kind, "html") && kind != "" && kind != "text" {
			g.addMedium(what.Media{Type: mediaType(kind, src), URL: resolved(k, src)})
		}
	}
	for _, k := range slices.Concat(n.all("content:encoded"), n.all("content"), n.all("*:description"), n.all("*:summary")) {
		g.addPicture(k.base, k.ownText())
	}
	g.addPicture(n.base, e.Content)
	return g.media
}

// gallery gathers media, each address once.
type gallery struct{ media []what.Media }

func (g *gallery) addMedium(m what.Media) {
	if m.URL == "" || len(g.media) >= maxMedia || m.Type == what.Image && sources.IsPixel(m.URL, "", "") ||
		slices.ContainsFunc(g.media, func(known what.Media) bool { return known.URL == m.URL }) {
		return
	}
	g.media = append(g.media, m)
}

// addPicture adds the first picture of a text where there is no other.
func (g *gallery) addPicture(base, text string) {
	if g.hasImage() {
		return
	}
	if link, alt := sources.Picture(base, text); link != "" {
		g.addMedium(what.Media{Type: what.Image, URL: link, Alt: alt})
	}
}

func (g *gallery) hasImage() bool {
	return slices.ContainsFunc(g.media, func(m what.Media) bool { return m.Type == what.Image })
}

// addMediaRSS reads Media RSS: content, alone or in groups, best first; thumbnails
// only where there is no picture.
func (g *gallery) addMediaRSS(n *node) {
	for _, c := range n.all("media:content") {
		g.addContent(c)
	}
	for _, group := range n.all("media:group") {
		g.addMediaRSS(group)
	}
	for _, t := range n.all("media:thumbnail") {
		if !g.hasImage() && !isPixel(t) {
			g.addMedium(what.Media{Type: what.Image, URL: resolved(t, t.attr("url"))})
		}
	}
}

func isPixel(n *node) bool { return sources.IsPixel(n.attr("url"), n.attr("width"), n.attr("height")) }

func (g *gallery) addContent(c *node) {
	if isPixel(c) {
		return
	}
	g.addMedium(what.Media{
		Type: mediaType(c.attr("type", "medium"), c.attr("url")), URL: resolved(c, c.attr("url")), Bytes: parseCount(c.attr("filesize")),
		Seconds: parseSeconds(c.attr("duration")), Alt: sources.Shorten(sources.Line(c.textOf("*:description", "*:title")), maxAlt),
	})
	g.addMediaRSS(c)
}

// mediaType goes by the MIME type or the Media RSS word, else by the name.
func mediaType(mime, url string) what.MediaType {
	kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(mime)), "/")
	switch kind {
	case "image":
		return what.Image
	case "audio":
		return what.Sound
	case "video":
		return what.Video
	}
	if named, ok := sources.MediaTypeOf(url); ok {
		return named
	}
	return what.Document
}

// parseCount reads a number of bytes; unknown is zero.
func parseCount(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// parseSeconds reads "754", "12:34" or "1:02:03", at most a week.
func parseSeconds(text string) int {
	total := 0
	for part := range strings.SplitSeq(strings.TrimSpace(text), ":") {
		whole, _, _ := strings.Cut(part, ".")
		n, err := strconv.Atoi(whole)
		if err != nil || n < 0 || n > maxSeconds {
			return 0
		}
		total = total*60 + n
	}
	if total > maxSeconds {
		return 0
	}
	return total
}

const (
	maxCredits  = 5
	maxCredited = 200
)

// credit is whose pictures an item shows: by Media RSS, of the first medium, or
// of the item.
func (n *node) credit() string {
	groups := n.all("media:group")
	contents := n.all("media:content")
	for _, group := range groups {
		contents = append(contents, group.all("media:content")...)
	}
	for _, called := range []string{"media:credit", "media:copyright"} {
		var found []string
		add := func(of ...*node) {
			for _, k := range of {
				for _, c := range k.all(called) {
					if text := sources.Shorten(sources.Line(c.ownText()), maxCredited); text != "" && len(found) < maxCredits && !slices.Contains(found, text) {
						found = append(found, text)
					}
				}
			}
		}
		if called == "media:credit" {
			add(groups...)
			add(n.all("media:thumbnail")...)
		}
		for _, c := range contents {
			if len(found) == 0 {
				add(c)
			}
		}
		if add(n); len(found) > 0 {
			return strings.Join(found, ", ")
		}
	}
	return ""
}
