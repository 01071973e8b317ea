package feed

import (
	"cmp"
	"path"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"keypull/pull/what"
	"keypull/sources"
)

const (
	maxMedia = 10
	// maxSeconds is a week.
	maxSeconds = 7 * 24 * 3600
)

// collectMedia gathers what an item shows: enclosures, Media RSS, its picture, and
// else the first picture within its text.
func (e entry) collectMedia() []what.Media {
	g := gallery{base: e.bases.item}
	for _, c := range e.raw.Enclosures {
		if c == nil {
			continue
		}
		m := what.Media{Type: mediaType(c.Type, c.URL), URL: c.URL, Bytes: parseCount(c.Length)}
		if it := e.raw.ITunesExt; it != nil && m.Type != what.Image {
			m.Seconds = parseSeconds(it.Duration)
		}
		if m.Seconds == 0 {
			m.Seconds = e.bases.lengths[c.URL]
		}
		g.addMedia(m)
	}
	g.addMediaRSS(e.raw.Extensions["media"])
	if e.raw.Image != nil {
		g.addMedia(what.Media{Type: what.Image, URL: e.raw.Image.URL, Alt: sources.Line(e.raw.Image.Title)})
	}
	if it := e.raw.ITunesExt; it != nil {
		g.addMedia(what.Media{Type: what.Image, URL: it.Image})
	}
	for _, m := range e.bases.aside.media {
		g.addMedia(m)
	}
	if !g.hasImage() {
		for _, text := range [][2]string{{e.bases.content, e.raw.Content}, {e.bases.description, e.raw.Description}} {
			if link, alt := sources.Picture(text[0], text[1]); link != "" {
				g.addMedia(what.Media{Type: what.Image, URL: link, Alt: alt})
				break
			}
		}
	}
	return g.media
}

// gallery gathers media, each address once.
type gallery struct {
	base  string
	media []what.Media
}

func (g *gallery) addMedia(m what.Media) {
	m.URL = sources.SafeLink(g.base, m.URL)
	if m.URL == "" || len(g.media) >= maxMedia || m.Type == what.Image && sources.IsPixel(m.URL, "", "") {
		return
	}
	for _, known := range g.media {
		if known.URL == m.URL {
			return
		}
	}
	g.media = append(g.media, m)
}

func (g *gallery) hasImage() bool {
	for _, m := range g.media {
		if m.Type == what.Image {
			return true
		}
	}
	return false
}

// addMediaRSS reads Media RSS: content, alone or in groups, best first; thumbnails
// only where there is no picture.
func (g *gallery) addMediaRSS(elements map[string][]ext.Extension) {
	for _, c := range elements["content"] {
		g.addContent(c)
	}
	for _, group := range elements["group"] {
		for _, c := range group.Children["content"] {
			g.addContent(c)
		}
		g.addThumbnails(group.Children["thumbnail"])
	}
	g.addThumbnails(elements["thumbnail"])
}

func (g *gallery) addContent(c ext.Extension) {
	m := what.Media{URL: c.Attrs["url"], Bytes: parseCount(c.Attrs["fileSize"]), Seconds: parseSeconds(c.Attrs["duration"])}
	if sources.IsPixel(m.URL, c.Attrs["width"], c.Attrs["height"]) {
		return
	}
	m.Type = mediaType(cmp.Or(c.Attrs["type"], c.Attrs["medium"]), m.URL)
	for _, name := range []string{"description", "title"} {
		if texts := c.Children[name]; len(texts) > 0 && m.Alt == "" {
			m.Alt = sources.Shorten(sources.Line(texts[0].Value), maxTitle)
		}
	}
	g.addMedia(m)
	g.addThumbnails(c.Children["thumbnail"])
}

func (g *gallery) addThumbnails(thumbnails []ext.Extension) {
	for _, t := range thumbnails {
		if url := t.Attrs["url"]; !g.hasImage() && !sources.IsPixel(url, t.Attrs["width"], t.Attrs["height"]) {
			g.addMedia(what.Media{Type: what.Image, URL: url})
		}
	}
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
	name, _, _ := strings.Cut(url, "?")
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif":
		return what.Image
	case ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".aac":
		return what.Sound
	case ".mp4", ".webm", ".mov", ".m4v":
		return what.Video
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
