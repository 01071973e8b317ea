package shown

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/textform"
)

// labelled are the parts that are told as a value beside a label, with the
// properties that they are.
var labelled = map[string]string{"total": "totalTime", "prep": "prepTime", "cook": "cookTime", partYield: "recipeYield"}

// maxLabelled is how long a line of labels and values may be, in bytes.
const maxLabelled = 200

// labelWords finds the labels of a line: those that stand at its beginning, or
// behind the value of another one.
var labelWords = sync.OnceValue(func() *regexp.Regexp {
	var all []string
	for _, section := range [...]string{partMethod, "total", "prep", "cook", partYield} {
		for _, name := range names()[section] {
			all = append(all, regexp.QuoteMeta(name))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`(?i)(?:^|[\s|,;•·/(])(` + strings.Join(all, "|") + `)(\s*\([^)]*\))?\s*(?:([:：=|–—-])|[^\p{L}\p{M}]|$)`)
})

// valued is what a value begins with: an amount, behind a few short words.
var valued = regexp.MustCompile(`^(?:\p{L}{1,10}[.:]?\s+){0,2}[(~≈]?\s*[0-9` + Fractions + `]`)

// isDuration reports whether a line is a time and nothing else: what the heading of a
// method stands above is no method then, but how long it takes.
func isDuration(line string) bool {
	return len(line) <= maxHeading/2 && valued.MatchString(strings.TrimSpace(line)) && tellsTime(line)
}

// readLabels returns times and yield as lines tell them: "Serves: 4", a label above or
// below its value, several of them in one line.
func (p *Page) readLabels() map[string]string {
	found := map[string]string{}
	put := func(part, value string) bool {
		value = strings.Trim(value, " :：=|-–—,;•·/")
		if part == partMethod && isDuration(value) {
			part = "prep"
		}
		if part == partYield {
			value = countOf(value)
		}
		name := labelled[part]
		timed := part == partYield && tellsTime(value)
		if name == "" || timed || len(value) > maxHeading || !valued.MatchString(value) {
			return false
		}
		if found[name] == "" {
			found[name] = html.EscapeString(value)
		}
		return true
	}
	in := ""
	for i, l := range p.lines {
		part, many := partFor(l.text)
		if part == partMethod && i+1 < len(p.lines) && isDuration(p.lines[i+1].text) {
			put(part, p.lines[i+1].text)
			continue
		}
		if part == partIngredients || part == partMethod || part == partEnd {
			if many != "" && !putLabels(many, put) {
				put(partYield, many)
			}
			in = part
			continue
		}
		switch {
		case in == partEnd && l.row > 0, in == partMethod && part == "" && !l.isLabelled() && (l.row > 0 || !l.saysServings(in)):
		case part != "":
			below := i+1 < len(p.lines) && !beginsWithLabel(p.lines[i+1].text) && (p.lines[i+1].row == l.row || !hasMeasure(p.lines[i+1].text))
			_ = below && put(part, p.lines[i+1].text) ||
				i > 0 && (i < 2 || partOf(p.lines[i-2].text) == "") && put(part, p.lines[i-1].text)
		case len(l.text) <= maxLabelled:
			putLabels(l.text, put)
			if found["recipeYield"] == "" {
				put(partYield, p.yieldAt(i, in))
			}
		}
	}
	p.putNamed(put)
	return found
}

// countOf returns a value that says how much a recipe makes by the number in it: what stands for
// a tin and its eight pieces, two dozen.
func countOf(value string) string {
	words := lineWord.FindAllString(value, -1)
	for i := range words[:max(len(words)-1, 0)] {
		if times, ok := dozens(digitsOf(words[i]), textform.Fold(words[i+1])); ok {
			return times
		}
	}
	number := func(i int) string {
		if i >= len(words) {
			return ""
		}
		return writtenNumbers()[textform.Fold(words[i])]
	}
	switch first := number(0); {
	case first == "1" && number(1) != "":
		return number(1) // "une douzaine"
	case first == "1" && len(words) > 1 && parts()[textform.Fold(words[1])] == partPieces, first != "" && first != "1":
		return first
	case first != "", !valued.MatchString(value):
		return leaf{text: partYield + ": " + value}.yieldSaid(true, false)
	}
	return value
}

var onlyNumber = regexp.MustCompile(`^[0-9]{1,3}(?:\s*[-–—/]\s*[0-9]{1,3})?\.?$`)

// isLabelled reports whether a line is a label and its value.
func (l leaf) isLabelled() bool {
	if l.row > 0 || len(l.text) > maxHeading {
		return false
	}
	label, value, marked := labelOf(l.text)
	switch part := partOf(label); {
	case label == "", part == partMethod && !isDuration(value):
		return false
	case part == partYield && !marked:
		return onlyNumber.MatchString(value)
	case !marked && len(label) < 8:
		return false
	}
	return valued.MatchString(value)
}

func beginsWithLabel(line string) bool {
	label, value, _ := labelOf(line)
	return label != "" && (partOf(label) != partMethod || isDuration(value))
}

// labelOf returns the label that a line begins with, what stands behind it, and
// whether a sign parts them.
func labelOf(line string) (label, value string, marked bool) {
	at := labelWords().FindStringSubmatchIndex(line)
	if len(at) < 8 || at[2] > 0 {
		return "", line, false
	}
	return line[:at[3]], strings.TrimLeft(line[max(at[3], at[5]):], " :：=|-–—"), at[6] >= 0
}

// putLabels reads the labels and values of one line. A label that no sign parts from
// its value is none in a sentence.
func putLabels(line string, put func(part, value string) bool) (found bool) {
	at := labelWords().FindAllStringSubmatchIndex(line, -1)
	for i := 1; i < len(at); i++ {
		// "Quantity: for four" is one label, "makes 4 portions" too.
		between := strings.Trim(line[at[i-1][3]:at[i][2]], " :：=|-–—")
		counted := between != "" && hasDigit(between[len(between)-1:])
		if partOf(line[at[i-1][2]:at[i-1][3]]) == partYield && partOf(line[at[i][2]:at[i][3]]) == partYield && (between == "" || counted) {
			at = slices.Delete(at, i, i+1)
			i--
		}
	}
	value := func(i int) string {
		end := len(line)
		if i+1 < len(at) {
			end = at[i+1][2]
		}
		return line[max(at[i][3], at[i][5]):end]
	}
	valuable := 0
	for i := range at {
		if valued.MatchString(strings.TrimLeft(value(i), " :：=|-–—")) {
			valuable++
		}
	}
	for i, m := range at {
		label, before := line[m[2]:m[3]], strings.Trim(line[:m[2]], " |,;•·/(")
		if strings.Trim(value(i), " .)") == "" && len(at) == 1 && len(line) <= maxHeading {
			return !strings.Contains(before, " ") && partOf(label) == partYield && put(partYield, before+" "+label) || partOf(label) != partYield && put(partOf(label), before)
		}
		if marked := m[6] >= 0 || valuable > 1; !marked && (before != "" || !strings.Contains(label, " ") && partOf(label) != partYield && len(line) > maxHeading/2) {
			continue
		}
		found = put(partOf(label), value(i)) || found
	}
	return found
}

// putNamed reads what elements hold that are called times or yields.
func (p *Page) putNamed(put func(part, value string) bool) {
	p.root.eachElement(func(e *element) bool {
		if e.tag == "nav" || e.tag == "footer" || isSilent(e.tag) {
			return false
		}
		part := e.namesOf().measure
		if part == "" {
			return true
		}
		text := e.briefText()
		if e.tag == "input" || e.tag == "option" {
			text = e.attrOf("value")
		}
		if label, value, _ := labelOf(text); label != "" {
			part, text = partOf(label), value
		}
		return !put(part, text)
	})
}
