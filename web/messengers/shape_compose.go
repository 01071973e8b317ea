package messengers

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
)

// composer writes blocks one below the other into a rich text.
type composer struct {
	limits Limits
	text   rich
	// written holds what text is a part of.
	written strings.Builder
	urls    []string
	links   []placed
	// unplaced are the addresses that no message has room for.
	unplaced []string
	// told is where the last text ends that a stamp may date, stamps are where
	// such stand.
	told   int
	stamps []dated
}

// dated is a stamp that stands from one place of the text to another, and where
// what it dates ends.
type dated struct{ fact, from, to int }

// placed is the address of a link block, and where in the text it stands.
type placed struct {
	at  int
	url string
}

// coded returns a reply with its code behind the last age that it tells, where the
// channel shows codes: what has no age is proved on request.
func (l Limits) coded(r pull.Reply) pull.Reply {
	if !l.Codes || r.Proof == "" {
		return r
	}
	for i := len(r.Blocks) - 1; i >= 0; i-- {
		if r.Blocks[i].Kind == pull.Stamp && r.Blocks[i].Text != "" {
			r.Blocks = slices.Clone(r.Blocks)
			r.Blocks[i].Text += codeBehind(r)
			break
		}
	}
	return r
}

// codeBehind returns a reply's code as it stands behind an age.
func codeBehind(r pull.Reply) string { return " · " + r.Proof.String() }

// expect makes room for blocks.
func (c *composer) expect(blocks []pull.Block) {
	const between = 4
	room := 0
	for i := range blocks {
		room += len(blocks[i].Text) + len(blocks[i].URL) + between
	}
	c.written.Grow(room)
	c.text.marks = make([]mark, 0, len(blocks))
}

// blocks appends blocks, a blank line between any two that are not joined.
func (c *composer) blocks(blocks []pull.Block) {
	for _, b := range blocks {
		c.block(b)
	}
}

func (c *composer) block(b pull.Block) {
	switch b.Kind {
	case pull.Stamp:
		if from := c.paragraph(clean(b.Text), slanted, b.Tight); from < len(c.text.s) {
			c.stamps = append(c.stamps, dated{fact: c.told, from: from, to: len(c.text.s)})
		}
		return
	case pull.Link:
		c.placed(b)
		return
	case pull.Title:
		c.paragraph(c.others(b, clean(b.Text)), strong, b.Tight)
	case pull.Note:
		c.paragraph(c.others(b, clean(b.Text)), slanted, b.Tight)
	case pull.Bullets, pull.Steps:
		c.paragraph(c.others(b, list(b, c.limits.bullet())), upright, b.Tight)
	case pull.FactLines:
		c.paragraph(c.others(b, facts(b.Facts)), upright, b.Tight)
	default:
		c.paragraph(c.others(b, clean(b.Text)), upright, b.Tight)
	}
	c.told = len(c.text.s)
}

// placed appends a link, and notes where it stands.
func (c *composer) placed(b pull.Block) {
	if url := cleanURL(b.URL); url != "" {
		c.links = append(c.links, placed{at: len(c.text.s), url: url})
	}
	c.link(clean(b.Text), b.URL, b.Tight)
}

// others returns a block's text, in which nothing is a tap but what we say ourselves.
func (c *composer) others(b pull.Block, text string) string {
	if b.Own {
		return text
	}
	return c.limits.tapless(text)
}

// paragraph appends text in one style, and returns where it begins; without text
// it appends nothing. The addresses in it have none: some platforms would take the
// signs around them for a part of them.
func (c *composer) paragraph(text string, st style, tight bool) (from int) {
	text = around(text, func(s string) string { return s }, c.short)
	if text == "" {
		return len(c.text.s)
	}
	from = c.write(tight, text, "")
	at := 0
	for _, url := range addresses(text) {
		c.set(from+at, from+max(at, strings.LastIndexFunc(text[:url[0]], unicode.IsSpace)), st)
		at = url[1]
		c.text.marks = append(c.text.marks, mark{from: from + url[0], to: from + at, bare: true})
		if space := strings.IndexFunc(text[at:], unicode.IsSpace); space >= 0 {
			at += space
		} else {
			at = len(text)
		}
	}
	c.set(from+at, len(c.text.s), st)
	return from
}

// short returns an address, or a mark where no message has room for it.
func (c *composer) short(url string) string {
	if c.places(url) {
		return url
	}
	return ellipsis
}

// set sets a stretch of what is written, without the space around it.
func (c *composer) set(from, to int, st style) {
	from = trimLeft(c.text.s[:to], from)
	to = trimRight(c.text.s, min(from, to), to)
	if st != upright && from < to {
		c.text.marks = append(c.text.marks, mark{from: from, to: to, style: st})
	}
}

// places tells whether a message has room for an address: half of one leads
// elsewhere.
func (c *composer) places(url string) bool {
	if (frame{c.limits.Text, c.limits.Unit}).fits(url) {
		return true
	}
	c.unplaced = append(c.unplaced, url)
	return false
}

// write appends text in two parts, on a line of its own, and returns where it begins.
func (c *composer) write(tight bool, text, rest string) (from int) {
	between := "\n\n"
	switch {
	case c.text.s == "":
		between = ""
	case tight:
		between = "\n"
	}
	from = len(c.text.s) + len(between)
	c.written.WriteString(between)
	c.written.WriteString(text)
	c.written.WriteString(rest)
	c.text.s = c.written.String()
	return from
}

// link appends a URL on a line of its own. A channel with markup shows the
// label in its place; SMS shows the URL alone, since every letter is paid for.
func (c *composer) link(label, url string, tight bool) {
	url = cleanURL(url)
	switch {
	case url == "" || !c.places(url):
		c.paragraph(label, upright, tight)
	case label == "" || label == url || c.limits.SMS:
		c.address("", url, tight)
	case c.limits.Markup.Link != "":
		c.urls = append(c.urls, url)
		from := c.write(tight, label, "")
		c.text.marks = append(c.text.marks, mark{from: from, to: len(c.text.s), url: url})
	default:
		c.address(label+": ", url, tight)
	}
}

// address appends a URL that stands in the text, behind what says where it
// leads: it is written so that it can be followed.
func (c *composer) address(before, url string, tight bool) {
	c.urls = append(c.urls, url)
	from := c.write(tight, before, url) + len(before)
	c.text.marks = append(c.text.marks, mark{from: from, to: len(c.text.s), bare: true})
}

// media returns what to send beside the text, a picture first, and appends a
// link line for what the channel cannot show: the first medium of each type.
func (c *composer) media(media []what.Media) (sent []what.Media) {
	if len(media) == 0 {
		return nil
	}
	seen := map[what.MediaType]bool{}
	for _, m := range media {
		url := cleanURL(m.URL)
		if url == "" || seen[m.Type] {
			continue
		}
		seen[m.Type] = true
		m.URL, m.Alt = url, clean(m.Alt)
		switch {
		case m.Type == what.Image && c.limits.Carries(m) && c.captions():
			sent = append([]what.Media{m}, sent...)
		case m.Type != what.Image && c.limits.Carries(m):
			sent = append(sent, m)
		case m.Type == what.Image && c.limits.SMS || slices.Contains(c.urls, url):
		default:
			c.link(m.Alt, url, false)
		}
	}
	return sent
}

// captions returns false where a picture would take the only message there is.
func (c *composer) captions() bool { return c.limits.Caption > 0 || c.limits.Messages > 1 }

// list sets the lines of a list.
func list(b pull.Block, bullet string) string {
	var lines []string
	if head := clean(b.Text); head != "" {
		lines = append(lines, head)
	}
	n := 0
	for _, line := range b.Lines {
		line = clean(line)
		if line == "" {
			continue
		}
		n++
		if b.Kind == pull.Steps {
			line = strconv.Itoa(n) + ". " + line
		} else {
			line = bullet + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func facts(facts []pull.LabelledFact) string {
	lines := make([]string, 0, len(facts))
	for _, f := range facts {
		label, value := clean(f.Label), clean(f.Value)
		switch {
		case value == "":
		case label == "":
			lines = append(lines, value)
		default:
			lines = append(lines, label+": "+value)
		}
	}
	return strings.Join(lines, "\n")
}

// clean makes text safe for any channel: valid UTF-8, line feeds only, no
// control characters, none of the marks that turn the direction of what
// follows, no more than one blank line, no space around.
func clean(s string) string {
	if plainASCII(s) {
		return strings.TrimSpace(s)
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028':
			return '\n'
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
	for strings.Contains(s, "\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(s)
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleanURL returns a web address as it may be shown and followed, or "".
func cleanURL(s string) string {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return ""
	}
	for _, r := range s {
		if r == unicode.ReplacementChar || unicode.IsSpace(r) || unicode.IsControl(r) {
			return ""
		}
	}
	return s
}
