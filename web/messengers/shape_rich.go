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
	if p.from == 0 && p.to == len(r.s) && (m != HTML || len(r.marks) == 0 && !strings.ContainsAny(r.s, "&<>")) {
		return r.s
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
	if m != HTML {
		b.WriteString(r.s[from:to])
		return
	}
	at := from
	for _, k := range r.marks {
		start, end := max(k.from, from), min(k.to, to)
		if start >= end {
			continue
		}
		escapeText(b, r.s[at:start])
		k.open(b)
		escapeText(b, r.s[start:end])
		k.shut(b)
		at = end
	}
	escapeText(b, r.s[at:to])
}

func (k mark) open(b *strings.Builder) {
	switch {
	case k.url != "":
		b.WriteString(`<a href="`)
		escapeAttribute(b, k.url)
		b.WriteString(`">`)
	case k.style == strong:
		b.WriteString("<b>")
	case k.style == slanted:
		b.WriteString("<i>")
	}
}

func (k mark) shut(b *strings.Builder) {
	switch {
	case k.url != "":
		b.WriteString("</a>")
	case k.style == strong:
		b.WriteString("</b>")
	case k.style == slanted:
		b.WriteString("</i>")
	}
}

// escapeText and escapeAttribute write the escapes that Telegram's HTML knows.
func escapeText(b *strings.Builder, s string) { escape(b, s, "&<>") }

func escapeAttribute(b *strings.Builder, s string) { escape(b, s, `&<>"`) }

func escape(b *strings.Builder, s, special string) {
	for {
		i := strings.IndexAny(s, special)
		if i < 0 {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:i])
		switch s[i] {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&quot;")
		}
		s = s[i+1:]
	}
}
