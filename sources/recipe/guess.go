package recipe

import (
	_ "embed"
	"html"
	"regexp"
	"strings"
	"sync"

	"keypull/pull/what/textform"
)

//go:embed headings.txt
var headings string

// parts maps what stands above a part of a recipe, folded, to that part.
var parts = sync.OnceValue(func() map[string]string {
	all, part := map[string]string{}, ""
	for line := range strings.SplitSeq(headings, "\n") {
		switch line = strings.TrimSpace(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			part = strings.Trim(line, "[]")
		default:
			all[textform.Fold(line)] = part
		}
	}
	return all
})

// leaf is a line of a page: the text of an element that holds no other block.
type leaf struct {
	text string
	// level is that of a heading, from 1; 0 is none. entry says that it is one of
	// a list.
	level int
	entry bool
}

// Bounds of what is told of a page by its headings alone.
const (
	maxLeaves  = 5000
	maxHeading = 60
	maxGuessed = 80
)

// leaves are the lines of a page in their order.
func leaves(e *element, all []leaf, entry bool) []leaf {
	if e.tag == "" || silent(e.tag) || e.tag == "nav" || e.tag == "footer" || len(all) > maxLeaves {
		return all
	}
	entry = entry || e.tag == "li"
	inner := false
	e.each(func(c *element) bool {
		inner = inner || c != e && (block(c.tag) || c.tag == "body")
		return !inner
	})
	if inner && (e.tag != "li" || e.lists()) {
		return mixed(e, all, entry)
	}
	l := leaf{entry: entry}
	if len(e.tag) == 2 && e.tag[0] == 'h' && e.tag[1] >= '1' && e.tag[1] <= '6' {
		l.level = int(e.tag[1] - '0')
	}
	for line := range strings.SplitSeq(html.UnescapeString(e.shown()), "\n") {
		if l.text = line; line != "" {
			all = append(all, l)
		}
	}
	return all
}

// mixed are the lines of an element that holds blocks, and text between them.
func mixed(e *element, all []leaf, entry bool) []leaf {
	line := &element{tag: "span"}
	flush := func() {
		if text := line.words(); text != "" {
			all = append(all, leaf{text: text, entry: entry})
		}
		line.children = nil
	}
	for _, c := range e.children {
		inline := c.tag == "" || !block(c.tag)
		if inline && c.tag != "" {
			c.each(func(d *element) bool {
				inline = inline && !block(d.tag)
				return inline
			})
		}
		switch {
		case c.tag == "br":
			flush()
		case inline:
			line.children = append(line.children, c)
		default:
			flush()
			all = leaves(c, all, entry)
		}
	}
	flush()
	return all
}

var bracketed = regexp.MustCompile(`\s*\([^)]*\)\s*$`)

// partOf is the part of a recipe that a line stands above; "" where it is none.
func partOf(text string) string {
	if len(text) > maxHeading {
		return ""
	}
	return parts()[textform.Fold(strings.TrimRight(bracketed.ReplaceAllString(text, ""), " :：-–"))]
}

// guess reads a page that tells its recipe to people alone, by the headings above
// ingredients and method. nil where it has not both.
func guess(root *element) node {
	all := leaves(root, nil, false)
	n := node{"@type": "Recipe"}
	for i, l := range all {
		part := partOf(l.text)
		switch part {
		case "ingredients", "method":
			name := map[string]string{"ingredients": "recipeIngredient", "method": "recipeInstructions"}[part]
			// What a table of contents names is told below.
			if found := below(all[i+1:], l); len(found) > len(list(n[name])) {
				n[name] = found
			}
		case "", "end":
			n.label(l.text)
		default:
			if i+1 < len(all) && len(all[i+1].text) <= maxHeading {
				n.labelled(part, all[i+1].text)
			}
		}
	}
	if len(list(n["recipeIngredient"])) < 2 || len(list(n["recipeInstructions"])) == 0 {
		return nil
	}
	return n
}

// below are the texts of the part that begins at a heading: the entries of its
// lists, or all its lines where it has none.
func below(all []leaf, head leaf) []any {
	var lines, entries []any
	for _, l := range all {
		if partOf(l.text) != "" || l.level > 0 && (head.level == 0 || l.level <= head.level) || len(lines) == maxGuessed {
			break
		}
		if l.level > 0 {
			continue
		}
		text := html.EscapeString(l.text)
		lines = append(lines, text)
		if l.entry {
			entries = append(entries, text)
		}
	}
	if len(entries) > 1 {
		return entries
	}
	return lines
}

// label reads "Total time: 40 min".
func (n node) label(text string) {
	label, value, ok := strings.Cut(text, ":")
	if !ok || len(text) > 2*maxHeading {
		return
	}
	if part := partOf(label); part != "" && part != "end" {
		n.labelled(part, strings.TrimSpace(value))
	}
}

func (n node) labelled(part, value string) {
	name := map[string]string{"total": "totalTime", "prep": "prepTime", "cook": "cookTime", "yield": "recipeYield"}[part]
	if name != "" && n[name] == nil && value != "" {
		n[name] = html.EscapeString(value)
	}
}

// heading is what a page is called: by its first heading, else by its title.
func heading(root *element) string {
	first, shared, title := "", "", ""
	root.each(func(e *element) bool {
		switch {
		case e.tag == "h1" && first == "":
			first = e.words()
		case e.tag == "meta" && e.get("property") == "og:title" && shared == "":
			shared = e.get("content")
		case e.tag == "title" && title == "":
			title = e.words()
		}
		return first == ""
	})
	for _, s := range []string{first, shared, title} {
		if s != "" {
			return html.EscapeString(s)
		}
	}
	return ""
}
