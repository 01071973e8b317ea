package shown

import (
	"regexp"
	"strings"
)

// Guessed returns what a page tells of one recipe to people alone: its ingredients
// and its method by how their elements are called and by the headings above
// them, times and yield by their labels. What it does not tell is not there.
func (p *Page) Guessed() map[string]any {
	n := map[string]any{"@type": "Recipe"}
	headed := p.headed()
	called := p.called()
	for part, name := range map[string]string{partIngredients: "recipeIngredient", partMethod: "recipeInstructions"} {
		best := called[part]
		if weight(best, part)*2 < weight(headed[part], part) {
			best = headed[part]
		}
		if found := values(best, part); len(found) > 0 {
			n[name] = found
		}
	}
	for name, value := range p.labels() {
		n[name] = value
	}
	return n
}

// weight returns how much entries say of a part: ingredients by their number, most of
// all those with amounts, a method by its letters.
func weight(all []entry, part string) int {
	n := 0
	for _, e := range all {
		switch {
		case e.heading:
		case part == partMethod:
			n += len(e.text)
		case hasDigit(e.text):
			n += 3
		default:
			n++
		}
	}
	return n
}

// headed returns the parts that begin at headings.
func (p *Page) headed() map[string][]entry {
	best := map[string][]entry{}
	for i, l := range p.lines {
		part := partOf(l.text)
		if part != partIngredients && part != partMethod {
			continue
		}
		// What a table of contents names is told below.
		if found := told(below(p.lines[i+1:], l), part); weight(found, part) > weight(best[part], part) {
			best[part] = found
		}
	}
	return best
}

// amount begins an ingredient that is measured: no number of an entry.
var amount = regexp.MustCompile(`^[~≈]?\s*(?:[½⅓⅔¼¾⅛⅜⅝⅞]|\d+(?:[.,/]\d+)?\s*[½⅓⅔¼¾⅛⅜⅝⅞\p{L}])`)

// below returns the lines of the part that begins at a heading.
func below(all []leaf, head leaf) []leaf {
	of := partOf(head.text)
	for i, l := range all {
		part := partOf(l.text)
		if of == partIngredients && part == "" && i+1 < len(all) && all[i+1].row > 0 && amount.MatchString(all[i+1].text) {
			continue // the heading of a group, which stands as high as that of all
		}
		ends := part == partIngredients || part == partMethod || part == partEnd || part != "" && l.row == 0
		if ends || l.level > 0 && l.row == 0 && (head.level == 0 || l.level <= head.level) && !stepLabel.MatchString(l.text) || i == maxLines {
			return all[:i]
		}
	}
	return all
}

// called returns the parts whose elements are called so. Elements of one name are
// one part; of several names the one counts that says most.
func (p *Page) called() map[string][]entry {
	type group struct {
		part  string
		lines []leaf
	}
	var order []string
	groups := map[string]*group{}
	var r reading
	p.root.each(func(e *element) bool {
		if silent(e.tag) || e.tag == "nav" || e.tag == "footer" || e.hidden() || len(r.all) > maxLeaves {
			return false
		}
		part, by := e.names().part, e.names().by
		if part == "" || e.holds(part) {
			return true
		}
		from := len(r.all)
		r.read(e, leaf{})
		if groups[by] == nil {
			groups[by] = &group{part: part}
			order = append(order, by)
		}
		groups[by].lines = append(groups[by].lines, r.all[from:]...)
		return false
	})
	best := map[string][]entry{}
	for _, by := range order {
		g := groups[by]
		found := told(g.lines, g.part)
		if g.part == partIngredients && len(found) < 2 || g.part == partMethod && weight(found, partMethod) < 40 {
			continue
		}
		if weight(found, g.part) > weight(best[g.part], g.part) {
			best[g.part] = found
		}
	}
	return best
}

// holds reports whether an element holds the other part as well, and so is
// neither.
func (e *element) holds(part string) (other bool) {
	for _, c := range e.children {
		c.each(func(c *element) bool {
			inner := c.names().part
			if inner == "" && len(c.tag) == 2 && c.tag[0] == 'h' {
				inner = partOf(c.brief())
			}
			other = other || inner != part && (inner == partIngredients || inner == partMethod)
			return !other
		})
	}
	return other
}

// hidden reports whether an element is shown to nobody.
func (e *element) hidden() bool {
	return e.has("hidden") || strings.Contains(strings.ReplaceAll(e.get("style"), " ", ""), "display:none")
}
