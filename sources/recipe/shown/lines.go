package shown

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// leaf is a line of a page: the text of an element that holds no other block.
type leaf struct {
	text string
	// level is that of a heading, from 1; 0 is none.
	level int
	// row tells the lines of one entry of a list, of one row of a table, or of one
	// element that is called a step or an ingredient, from those of others; 0 is no
	// such entry.
	row int
	// strong says that all of it is bold, or that its element is called a heading.
	strong bool
	// linked says that all of it leads elsewhere.
	linked bool
	// caption says that it stands below a picture.
	caption bool
	// part is the part of a recipe that it stands above.
	part string
	// of is the element whose text it is.
	of *element
}

// maxLeaves is how many lines of a page are looked at.
const maxLeaves = 5000

// reading gathers the lines of a page.
type reading struct {
	all  []leaf
	rows int
}

func leavesOf(e *element) []leaf {
	var r reading
	r.addElement(e, leaf{})
	return r.all
}

// addElement adds the lines of an element; within is what they share.
func (r *reading) addElement(e *element, within leaf) {
	if e.tag == "" || isSilent(e.tag) || e.tag == "nav" || e.tag == "footer" || len(r.all) > maxLeaves || e.isHidden() {
		return
	}
	if within.row == 0 && e.isRow() {
		r.rows++
		within.row = r.rows
	}
	within.caption = within.caption || e.tag == "figcaption"
	within.strong = within.strong || e.namesOf().heads && e.briefText() != ""
	if len(e.tag) == 2 && e.tag[0] == 'h' && e.tag[1] >= '1' && e.tag[1] <= '6' {
		within.level = int(e.tag[1] - '0')
	}
	switch {
	case e.tag == "table" && r.addTable(e, within):
	case e.holdsBlocks():
		r.addMixed(e, within)
	case e.tag == "button" && partOf(e.briefText()) == "":
	default:
		within.of = e
		r.addText(e, within)
	}
}

// addText adds the lines of an element without blocks.
func (r *reading) addText(e *element, within leaf) {
	bold, linked := e.isWholly("strong", "b"), e.isWholly("a", "button")
	for line := range strings.SplitSeq(html.UnescapeString(e.shownHTML()), "\n") {
		if line != "" {
			l := within
			l.text, l.strong, l.linked = line, within.strong || bold, within.linked || linked
			l.part = partOf(line)
			r.all = append(r.all, l)
		}
	}
}

// noPair says that what a term stands above is a part, and no entry.
const noPair = -1

// addMixed adds the lines of an element that holds blocks, and text between them.
func (r *reading) addMixed(e *element, within leaf) {
	line := &element{tag: "span"}
	flush := func() {
		if line.lineText() != "" {
			within.of = e
			r.addText(line, within)
		}
		line.children = nil
	}
	pair := 0
	for _, c := range e.children {
		inline := c.tag == "" || !isBlock(c.tag) && !c.holdsBlocks()
		switch {
		case c.tag == "br":
			flush()
		case c.tag == "button" && partOf(c.briefText()) == "":
		case inline:
			line.children = append(line.children, c)
		case e.tag == "dl" && within.row == 0 && (c.tag == "dt" || c.tag == "dd"):
			// A term and what is said of it are one entry.
			flush()
			if part := partOf(c.briefText()); c.tag == "dt" && (part == partIngredients || part == partMethod) {
				pair = noPair
			} else if c.tag == "dt" || pair == 0 {
				r.rows++
				pair = r.rows
			}
			l := within
			l.row = max(pair, 0)
			r.addElement(c, l)
			if c.tag == "dd" {
				pair = 0
			}
		default:
			flush()
			r.addElement(c, within)
		}
	}
	flush()
}

// addTable adds a table whose first row are the heads of the cells of its second,
// each head before its cell.
func (r *reading) addTable(e *element, within leaf) bool {
	var rows []*element
	e.eachElement(func(c *element) bool {
		if c.tag == "tr" {
			rows = append(rows, c)
		}
		return c.tag != "tr"
	})
	if len(rows) != 2 || len(rows[0].cellsOf("th")) < 2 || len(rows[0].cellsOf("th")) != len(rows[1].cellsOf("td")) {
		return false
	}
	cells := rows[1].cellsOf("td")
	for i, head := range rows[0].cellsOf("th") {
		r.addElement(head, within)
		r.addElement(cells[i], within)
	}
	return true
}

func (e *element) cellsOf(tag string) (all []*element) {
	for _, c := range e.children {
		if c.tag == tag {
			all = append(all, c)
		}
	}
	return all
}

func (e *element) holdsBlocks() (holds bool) {
	for _, c := range e.children {
		c.eachElement(func(c *element) bool {
			holds = holds || isBlock(c.tag) || c.tag == "body"
			return !holds
		})
	}
	return holds
}

// manyBreaks is from how many lines on a row of a table lays out a page.
const manyBreaks = 3

// isRow reports whether the lines of an element belong together.
func (e *element) isRow() bool {
	n := e.namesOf()
	listed := e.tag == "li" || e.tag == "tr"
	if !listed && (n.part == "" || e.tag == "ul" || e.tag == "ol" || e.tag == "table" || e.tag == "dl" || !n.single) {
		return false
	}
	whole, breaks := true, 0
	for _, c := range e.children {
		c.eachElement(func(c *element) bool {
			inner := c.namesOf()
			if c.tag == "br" || c.tag == "p" {
				breaks++
			}
			whole = whole && (e.tag != "tr" || breaks < manyBreaks) && c.tag != "li" && c.tag != "tr" && c.tag != "dl" && (listed || inner.part != n.part || !inner.single)
			return whole
		})
	}
	return whole
}

// splitHeadings returns lines, of which those that begin with the heading of a part are
// parted from it.
func splitHeadings(all []leaf) []leaf {
	var out []leaf
	for _, l := range all {
		if len(out) > maxLeaves {
			break
		}
		heading, rest, ok := strings.Cut(l.text, ":")
		part := ""
		if ok && l.row == 0 && strings.TrimSpace(rest) != "" && !beginsWithTime(rest) {
			part = partOf(heading)
		}
		if part != partIngredients && part != partMethod {
			out = append(out, l)
			continue
		}
		out = append(out, leaf{text: heading, strong: true, part: part, of: l.of})
		mark := "; "
		if part == partMethod {
			mark = "\n"
		} else if !strings.Contains(rest, mark) {
			mark = ", "
		}
		for text := range strings.SplitSeq(rest, mark) {
			out = append(out, leaf{text: strings.TrimSpace(text), of: l.of})
		}
	}
	return out
}

// isWholly reports whether all text of an element stands in elements of some tags.
func (e *element) isWholly(tags ...string) bool {
	if slices.Contains(tags, e.tag) {
		return true
	}
	plain, within := false, false
	var look func(e *element)
	look = func(e *element) {
		for _, c := range e.children {
			switch {
			case slices.Contains(tags, c.tag):
				within = true
			case c.tag == "":
				plain = plain || strings.ContainsFunc(c.text, unicode.IsLetter) || hasDigit(c.text)
			default:
				look(c)
			}
		}
	}
	look(e)
	return within && !plain
}

var (
	// stepLabel is the number of a step, alone.
	stepLabel  = regexp.MustCompile(`(?i)^(?:\p{L}{1,12}\s*)?#?[0-9]{1,3}\s*[.):：]?$`)
	bulletMark = regexp.MustCompile(`^[•·▢□☐✓✔►▪◦●*–-]\s+`)
)

func hasDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) || unicode.Is(unicode.No, r) })
}

// isHeading reports whether a line stands above others of its part.
func (l leaf) isHeading(part string) bool {
	switch {
	case len(l.text) > 2*maxHeading:
		return false
	case l.level > 0 && l.row == 0:
		return true
	case part == partIngredients && hasDigit(l.text):
		return false
	}
	colon := strings.HasSuffix(l.text, ":") || strings.HasSuffix(l.text, "：")
	if part == partMethod {
		return l.row == 0 && (colon || l.strong) && len(l.text) <= maxHeading
	}
	return colon || l.strong
}
