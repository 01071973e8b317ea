package messengers

import "strings"

// style is how a stretch of text is set.
type style uint8

const (
	upright style = iota
	strong
	slanted
)

// mark sets a stretch of a rich text, or makes it a link.
type mark struct {
	from, to int
	style    style
	url      string
	// bare says that the stretch itself is an address, which is never divided.
	bare bool
}

// rich is text as the reader sees it, and the marks that set it: in order,
// never overlapping. It is split by what is seen and rendered afterwards, so
// that no cut can fall into an escape or leave a tag open.
type rich struct {
	s     string
	marks []mark
}

// piece is the stretch of a rich text that one message carries. A piece that
// was cut ends with an ellipsis and what closes it.
type piece struct {
	from, to int
	ellipsis string
	closing  rich
}

// render sets a piece in a channel's markup.
func (r rich) render(p piece, m Markup) string {
	if p.from == 0 && p.to == len(r.s) && len(r.marks) == 0 && p.ellipsis == "" && p.closing.s == "" {
		return m.Text(r.s)
	}
	var b strings.Builder
	b.Grow(p.to - p.from + 64)
	r.set(&b, p.from, p.to, m)
	b.WriteString(p.ellipsis)
	if p.closing.s != "" {
		b.WriteString("\n\n")
		p.closing.set(&b, 0, len(p.closing.s), m)
	}
	return b.String()
}

// set writes one stretch with the marks that touch it.
func (r rich) set(b *strings.Builder, from, to int, m Markup) {
	at := from
	for _, k := range r.marks {
		start, end := max(k.from, from), min(k.to, to)
		if start >= end {
			continue
		}
		b.WriteString(m.Text(r.s[at:start]))
		before, after := k.around(m)
		b.WriteString(before)
		if k.bare {
			b.WriteString(m.address(r.s[start:end]))
		} else {
			b.WriteString(m.Text(r.s[start:end]))
		}
		b.WriteString(after)
		at = end
	}
	b.WriteString(m.Text(r.s[at:to]))
}

// undivided returns where a piece ends that would end at some place: before an address
// that it would divide.
func (r rich) undivided(from, to int) int {
	for _, k := range r.marks {
		if k.bare && k.from < to && to < k.to {
			return trimRight(r.s, from, max(from, k.from))
		}
	}
	return to
}

// around returns what a marked stretch stands between.
func (k mark) around(m Markup) (before, after string) {
	switch {
	case k.url != "":
		return m.around(k.url)
	case k.style == strong:
		return m.Bold[0], m.Bold[1]
	case k.style == slanted:
		return m.Italic[0], m.Italic[1]
	}
	return "", ""
}
