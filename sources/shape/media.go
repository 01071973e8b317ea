package shape

import (
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/sources"
)

const maxMedia = 8

// readMedia returns the pictures, sounds, videos and documents of a record.
func (b *batch) readMedia(r Record) []what.Media {
	var all []what.Media
	for _, v := range r {
		if b.roles[PlainName(v.Name)].part != partMedia {
			continue
		}
		usual := what.Image
		switch PlainName(v.Name) {
		case "video":
			usual = what.Video
		case "audio":
			usual = what.Sound
		}
		entries, many := v.V.([]any)
		if !many {
			entries = []any{v.V}
		}
		for _, entry := range entries {
			m, ok := b.readMedium(entry, usual)
			double := slices.ContainsFunc(all, func(n what.Media) bool { return n.URL == m.URL })
			if ok && !double && len(all) < maxMedia {
				all = append(all, m)
			}
		}
	}
	return all
}

// readMedium returns an address, an object that holds one, or an element of a page.
func (b *batch) readMedium(v any, usual what.MediaType) (what.Media, bool) {
	m := what.Media{Type: usual}
	link := ""
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"url", "contentUrl", "src", "source_url", "href", "@id", "image"} {
			if text, ok := valueText(v[name]); ok {
				link = text
				break
			}
		}
		for _, name := range []string{"alt", "alt_text", "caption", "description"} {
			if m.Alt = oneLine(v[name], maxLine); m.Alt != "" {
				break
			}
		}
	default:
		link, _ = valueText(v)
		if strings.Contains(link, "<") {
			link, m.Alt = sources.Picture(b.options.Base, link)
		}
	}
	if m.URL = sources.SafeLink(b.options.Base, link); m.URL == "" || m.URL == sources.SafeLink("", b.options.Base) {
		return m, false
	}
	if kind, ok := sources.MediaTypeOf(m.URL); ok {
		m.Type = kind
	}
	return m, m.Type != what.Image || !sources.IsPixel(m.URL, "", "")
}
