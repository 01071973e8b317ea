package shown

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Guessed returns what a page tells of one recipe to people alone: its ingredients
// and its method by how their elements are called, by the headings above them, and by
// amounts; times and yield by their labels. What it does not tell is not there.
func (p *Page) Guessed() map[string]any {
	n := map[string]any{"@type": "Recipe"}
	found := p.headedParts()
	for part, all := range p.namedSections() {
		if weightOf(all, part)*2 >= weightOf(found[part].entries, part) {
			found[part] = section{entries: all, from: found[part].from, to: found[part].to}
		}
	}
	p.addUnheaded(found)
	for part, name := range map[string]string{partIngredients: "recipeIngredient", partMethod: "recipeInstructions"} {
		if all := asValues(found[part].entries, part); len(all) > 0 {
			n[name] = all
		}
	}
	for name, value := range p.readLabels() {
		n[name] = value
	}
	return n
}

// section is a part of a recipe: what it tells, and its lines; from is 0 where it is not
// known where they stand, since a heading stands before them.
type section struct {
	entries  []entry
	from, to int
}

// weightOf returns how much entries say of a part: ingredients by their number, most of
// all those with amounts, a method by its letters.
func weightOf(all []entry, part string) int {
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

// leastMethod is how much a method says at least, in bytes.
const leastMethod = 40

// headedParts returns the parts that begin at headings.
func (p *Page) headedParts() map[string]section {
	best := map[string]section{}
	for i, l := range p.lines {
		part := l.part
		if part == partMade && best[partIngredients].to > 0 {
			part = partMethod
		}
		if part != partIngredients && part != partMethod {
			continue
		}
		// What a table of contents names is told below.
		if s := p.sectionBelow(i, part); weightOf(s.entries, part) > weightOf(best[part].entries, part) {
			best[part] = s
		}
	}
	return best
}

// amount begins an ingredient that is measured: no number of an entry.
var amount = regexp.MustCompile(`^[~≈]?\s*(?:[` + Fractions + `]|\d+(?:[.,/]\d+)?\s*[` + Fractions + `\p{L}])`)

// BeginsWithAmount reports whether an ingredient is measured: "1 chicken", "½ lemon".
func BeginsWithAmount(text string) bool { return amount.MatchString(text) }

// sectionBelow returns the part that begins at a heading: what stands beside it in the
// innermost element that says enough.
func (p *Page) sectionBelow(head int, part string) section {
	end := p.endOfPart(head, part)
	within := p.lines[head].of
	for within != nil {
		to := head + 1
		for to < end && p.lines[to].of.isWithin(within) {
			to++
		}
		s := section{entriesOf(p.lines[head+1:to], part), head + 1, to}
		if to == end || part == partIngredients && len(s.entries) > 1 || part == partMethod && weightOf(s.entries, part) >= leastMethod {
			return s
		}
		within = within.parent
	}
	return section{entriesOf(p.lines[head+1:end], part), head + 1, end}
}

// endOfPart returns where the part that begins at a heading ends at the latest.
func (p *Page) endOfPart(at int, of string) int {
	head := p.lines[at]
	marked := head.of.markedPart()
	for i := at + 1; i < len(p.lines); i++ {
		l := p.lines[i]
		if other := l.of.markedPart(); other != "" && other != of && other != marked {
			return i
		}
		if of == partIngredients && l.part == "" && i+1 < len(p.lines) && p.lines[i+1].row > 0 && amount.MatchString(p.lines[i+1].text) {
			continue // the heading of a group, which stands as high as that of all
		}
		ends := l.part == partIngredients || l.part == partMethod || l.part == partMade || l.part == partEnd || l.part != "" && l.part != partNoise && l.row == 0
		higher := l.level > 0 && l.row == 0 && (head.level == 0 || l.level <= head.level) && !stepLabel.MatchString(l.text)
		aside := l.row == 0 && (isChatter(l.text) || l.linked && of == partMethod)
		if ends || higher || aside || i == at+maxLines {
			return i
		}
	}
	return len(p.lines)
}

// addUnheaded adds what no heading stands above: a list of amounts, and the method that
// follows it.
func (p *Page) addUnheaded(found map[string]section) {
	of, how := found[partIngredients], found[partMethod]
	if len(of.entries) < 2 {
		before := len(p.lines)
		if how.from > 0 {
			before = how.from - 1
		}
		if of = p.findMeasured(before); len(of.entries) > 0 {
			found[partIngredients] = of
		}
	}
	if len(how.entries) == 0 && of.from > 0 && isMeasured(of.entries) && !comparesAmounts(p.lines[of.from:of.to]) {
		found[partMethod] = p.methodBehind(of.to)
	}
}

// isMeasured reports whether entries are measured as food is: two of them, and a third of
// all, by units of the kitchen.
func isMeasured(all []entry) bool {
	units := 0
	for _, e := range all {
		if hasMeasure(e.text) {
			units++
		}
	}
	return units > 1 && units*3 >= len(all)
}

// unitAmount finds the words behind numbers, or before them.
var unitAmount = regexp.MustCompile(`[0-9` + Fractions + `]\s*([\p{L}\p{M}]+)|([\p{L}\p{M}]+)\s*[0-9]`)

// hasMeasure reports whether a line has a number with a unit of the kitchen.
func hasMeasure(text string) bool {
	return slices.ContainsFunc(unitAmount.FindAllStringSubmatch(text, -1), func(m []string) bool {
		return slices.ContainsFunc(append(wordsOf(m[1]), wordsOf(m[2])...), IsUnit)
	})
}

// maxIngredient is how long an ingredient may be that nothing but its amount tells, in
// bytes.
const maxIngredient = 120

// findMeasured returns the ingredients of which only their amounts tell what they are: the
// longest run of lines before a place of which most are amounts.
func (p *Page) findMeasured(before int) (best section) {
	for i := 0; i < before; {
		to, amounts := p.runOfAmounts(i, before)
		if to == i {
			i++
			continue
		}
		if s := (section{entriesOf(p.lines[i:to], partIngredients), i, to}); amounts > 2 && isMeasured(s.entries) && weightOf(s.entries, partIngredients) > weightOf(best.entries, partIngredients) {
			best = s
		}
		i = to
	}
	return best
}

// comparesAmounts reports whether most of some lines set an amount beside another one, or beside money: a table of
// measures and a list of prices do.
func comparesAmounts(lines []leaf) bool {
	rows, compared := 0, 0
	for from := 0; from < len(lines); {
		to, amounts := from, 0
		for ; to == from || to < len(lines) && lines[to].row > 0 && lines[to].row == lines[from].row; to++ {
			if isBareAmount(lines[to].text) {
				amounts++
			}
			if strings.ContainsFunc(lines[to].text, func(r rune) bool { return r == '=' || r == '≈' || unicode.Is(unicode.Sc, r) }) {
				amounts = 2
			}
		}
		if rows++; amounts > 1 {
			compared++
		}
		from = to
	}
	return compared*2 > rows
}

// runOfAmounts returns where the run of amounts ends that begins at a line, and how many
// there are.
func (p *Page) runOfAmounts(from, before int) (to, amounts int) {
	to = from
	others := 0
	for i := from; i < before; i++ {
		l := p.lines[i]
		short := len(l.text) <= maxIngredient && l.part == "" && !l.linked
		switch {
		case short && amount.MatchString(l.text):
			to, others = i+1, 0
			amounts++
		case i == from || !short || others > 1 || len(l.text) > maxHeading || strings.HasSuffix(l.text, ".") || strings.HasSuffix(l.text, "。"):
			return to, amounts
		case l.row > 0 && p.lines[to-1].row > 0 && l.of.listOf() == p.lines[to-1].of.listOf():
			to = i + 1 // salt and pepper, of the same list
		default:
			others++
		}
	}
	return to, amounts
}

// methodBehind returns the method that begins where the ingredients end, under a heading that
// nothing is known of or under none.
func (p *Page) methodBehind(at int) section {
	head := at - 1
	for ; at < len(p.lines) && (p.lines[at].isLabelled() || p.lines[at].row == 0 && p.lines[at].isHeading(partMethod)); at++ {
		if p.lines[at].part == partEnd || p.lines[at].part == partNoise {
			return section{}
		}
		head = at
	}
	s := p.sectionBelow(head, partMethod)
	if weightOf(s.entries, partMethod) < leastMethod || isMeasured(s.entries) || slices.ContainsFunc(p.lines[s.from:s.to], func(l leaf) bool { return l.linked && l.row > 0 }) {
		return section{}
	}
	return s
}

// namedSections returns the parts whose elements are called so. Elements of one name are
// one part; of several names the one counts that says most.
func (p *Page) namedSections() map[string][]entry {
	type group struct {
		part  string
		lines []leaf
	}
	var order []string
	groups := map[string]*group{}
	var r reading
	p.root.eachElement(func(e *element) bool {
		if isSilent(e.tag) || e.tag == "nav" || e.tag == "footer" || e.isHidden() || len(r.all) > maxLeaves {
			return false
		}
		part, by := e.namesOf().part, e.namesOf().by
		if part == "" {
			return true
		}
		from := len(r.all)
		r.addElement(e, leaf{})
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
		found := entriesOf(g.lines, g.part)
		if g.part == partIngredients && len(found) < 2 || g.part == partMethod && weightOf(found, partMethod) < 40 {
			continue
		}
		if weightOf(found, g.part) > weightOf(best[g.part], g.part) {
			best[g.part] = found
		}
	}
	return best
}

// markedPart returns the part of a recipe that an element is marked as for machines, or stands in; ""
// where it is none.
func (e *element) markedPart() string {
	for ; e != nil; e = e.parent {
		for _, name := range propertyNames(e.attrOf("itemprop") + " " + e.attrOf("property")) {
			switch name {
			case "recipeIngredient":
				return partIngredients
			case "recipeInstructions":
				return partMethod
			}
		}
	}
	return ""
}

// isHidden reports whether an element is shown to nobody.
func (e *element) isHidden() bool {
	return e.hasAttr("hidden") || strings.Contains(strings.ReplaceAll(e.attrOf("style"), " ", ""), "display:none")
}
