package sources

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Plain turns HTML into plain text: blocks on lines of their own, paragraphs
// parted by an empty line, list entries led by a bullet; scripts, styles and
// everything else that is not text left out. Text escaped twice, as many
// publishing systems do, is unescaped again; nothing that looks like a tag is
// left. Plain text passes unchanged but for the cleaning of Clean.
func Plain(s string) string {
	if !marked(s) {
		s = layer.Replace(s)
	}
	for range maxEscapes {
		if s = reduce(s); !HasTag(s) && !entity.MatchString(s) {
			break
		}
		// The next layer must not take the breaks of this one for mere space.
		s = layer.Replace(s)
	}
	s = unlayer.Replace(s)
	// Cleaning comes first: a character that it drops may have hidden a tag.
	return withoutTags(Clean(s))
}

// marked reports whether a text is markup, escaped or not: its breaks are mere space then. A
// text that only has an entity, or an ampersand, is none.
func marked(s string) bool {
	for range maxEscapes {
		if HasTag(s) {
			return true
		}
		if !strings.Contains(s, "&") {
			return false
		}
		s = html.UnescapeString(s)
	}
	return HasTag(s)
}

var (
	layer   = strings.NewReplacer("\n\n", "<p>", "\n", "<br>")
	unlayer = strings.NewReplacer("<p>", "\n\n", "<br>", "\n")
)

// maxEscapes is how many layers of escaping are taken off.
const maxEscapes = 3

// reduce takes off one layer of markup.
func reduce(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var w writer
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), html.ErrBufferExceeded) {
				// Whatever stands behind so long a tag is lost.
				w.text.WriteString("…")
			}
			return w.text.String()
		case html.TextToken:
			w.writeText(z.Text())
		case html.StartTagToken:
			name, _ := z.TagName()
			w.openElement(atom.Lookup(name), z)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); !hides(a) {
				w.openElement(a, z)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			w.closeElement(atom.Lookup(name))
		}
	}
}

// writer gathers text and the breaks between it.
type writer struct {
	text strings.Builder
	// hidden counts the open elements whose content is not text.
	hidden int
	// breaks is the number of line feeds that the next text begins with.
	breaks int
	space  bool
	bullet bool
}

// writeText appends text, runs of white space made one space.
func (w *writer) writeText(text []byte) {
	if w.hidden > 0 {
		return
	}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if unicode.IsSpace(r) {
			w.space = true
			text = text[size:]
			continue
		}
		w.writeBreak()
		end := 0
		for end < len(text) {
			r, size := utf8.DecodeRune(text[end:])
			if unicode.IsSpace(r) {
				break
			}
			end += size
		}
		w.text.Write(text[:end])
		text = text[end:]
	}
}

// writeBreak writes what stands between the last text and the next.
func (w *writer) writeBreak() {
	switch {
	case w.text.Len() == 0:
	case w.breaks > 0:
		w.text.WriteString(strings.Repeat("\n", w.breaks))
	case w.space:
		w.text.WriteByte(' ')
	}
	if w.bullet {
		w.text.WriteString("• ")
	}
	w.breaks, w.space, w.bullet = 0, false, false
}

func (w *writer) openElement(a atom.Atom, z *html.Tokenizer) {
	switch {
	case raw(a):
		// The tokenizer takes the content for one text; it is skipped with
		// its end tag.
		if z.Next() == html.TextToken {
			z.Next()
		}
		w.space = true
	case hides(a):
		w.hidden++
	case a == atom.Li:
		w.breakLines(1)
		w.bullet = w.hidden == 0
	default:
		w.breakLines(breaksAround(a))
	}
}

func (w *writer) closeElement(a atom.Atom) {
	switch {
	case hides(a):
		w.hidden = max(0, w.hidden-1)
	case a == atom.Li:
		w.bullet = false
		w.breakLines(1)
	default:
		w.breakLines(breaksAround(a))
	}
}

func (w *writer) breakLines(n int) {
	if n < 0 {
		w.space = true
		return
	}
	w.breaks = max(w.breaks, n)
}

// raw lists the elements whose content HTML takes as it stands.
func raw(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Title, atom.Textarea, atom.Xmp:
		return true
	}
	return false
}

func hides(a atom.Atom) bool {
	switch a {
	case atom.Template, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Button, atom.Audio, atom.Video, atom.Canvas:
		return true
	}
	return false
}

// breaksAround tells the line feeds around an element; -1 is a space.
func breaksAround(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl,
		atom.Table, atom.Blockquote, atom.Pre, atom.Section, atom.Article, atom.Figure, atom.Hr:
		return 2
	case atom.Br, atom.Div, atom.Tr, atom.Dt, atom.Dd, atom.Header, atom.Footer, atom.Figcaption,
		atom.Aside, atom.Nav, atom.Main, atom.Address, atom.Details, atom.Summary, atom.Caption:
		return 1
	case atom.Td, atom.Th:
		return -1
	}
	return 0
}

var (
	tagStart = regexp.MustCompile(`<([A-Za-z/!?])`)
	// entity is one that markup is escaped with.
	entity = regexp.MustCompile(`&(?:lt;|gt;|amp;|quot;|nbsp;|#)`)
)

// HasTag reports whether something in s looks like the beginning of a tag or a
// comment.
func HasTag(s string) bool { return tagStart.MatchString(s) }

// withoutTags drops the angle brackets of what still looks like a tag, one
// after another until none is left.
func withoutTags(s string) string {
	for HasTag(s) {
		s = tagStart.ReplaceAllString(s, "$1")
	}
	return s
}
