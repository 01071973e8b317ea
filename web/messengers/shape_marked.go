package messengers

import (
	"html"
	"regexp"

	"keypull/pull"
)

var (
	markedLink = regexp.MustCompile(`(?s)<a href="([^"]*)">(.*?)</a>`)
	markedTag  = regexp.MustCompile(`</?[abi]\b[^>]*>`)
)

// Unmarked returns the text that HTML marks, each address between two signs behind its
// words, unless it is these; without a sign before it, none.
func Unmarked(text, before, after string) string {
	text = markedLink.ReplaceAllStringFunc(text, func(link string) string {
		part := markedLink.FindStringSubmatch(link)
		if before == "" || part[1] == "" || html.UnescapeString(part[1]) == html.UnescapeString(markedTag.ReplaceAllString(part[2], "")) {
			return part[2]
		}
		return part[2] + html.EscapeString(before) + part[1] + html.EscapeString(after)
	})
	return html.UnescapeString(markedTag.ReplaceAllString(text, ""))
}

// Roomy are limits, counted without markup, by which a reply leaves room for its
// markup where that counts: as much as it takes. An address for which there is no
// room at all is the kind's to see to.
func (l Limits) Roomy(r pull.Reply) Limits {
	if !l.Marked {
		return l
	}
	const least = 8
	room := l
	for room.Marked = false; room.Text >= l.Text/least; {
		longest := 0
		for _, m := range Shape(r, room) {
			longest = max(longest, l.Unit.Count(m.Text))
		}
		if longest <= l.Text {
			return room
		}
		// A step that is no larger than what a split moves would be taken again and again.
		room.Text = min(room.Text*l.Text/longest, room.Text-room.Text/64-1)
	}
	room.Text = l.Text
	return room
}
