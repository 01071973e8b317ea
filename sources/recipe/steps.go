package recipe

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what/textform"
	"keypull/sources/recipe/shown"
)

// steps reads instructions in all the forms in use: text, lists of text,
// HowToStep, HowToSection, ItemList.
func (r reader) steps(v any, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	switch v := r.graph.resolve(v).(type) {
	case string:
		if inner := unwrapped(v); inner != nil {
			return r.steps(inner, depth+1)
		}
		return split(v)
	case []any:
		var all []string
		for _, e := range v {
			if all = append(all, r.steps(e, depth+1)...); len(all) > maxLines {
				break
			}
		}
		return all
	case map[string]any:
		return r.step(v, depth)
	}
	return nil
}

// step reads one object of instructions: a section, a list, or a single step.
func (r reader) step(m map[string]any, depth int) []string {
	node(m).spellOut()
	if node(m).is("VideoObject") || node(m).is("ImageObject") || node(m).is("Clip") {
		return nil
	}
	name := line(text(m["name"]))
	if label.MatchString(name) {
		name = ""
	}
	said := ""
	for _, property := range []string{"text", "description", "@value"} {
		if said = strings.Join(lines(m[property], depth), " "); said != "" {
			break
		}
	}
	for _, parts := range []string{"itemListElement", "item", "step", "steps", "@list"} {
		if m[parts] == nil {
			continue
		}
		inner := r.steps(m[parts], depth+1)
		if len(inner) == 0 {
			break
		}
		switch {
		case name == "":
		case node(m).is("HowToSection"):
			inner[0] = name + ": " + inner[0]
		case node(m).is("HowToStep"):
			inner[0] = headed(name, inner[0])
		}
		if said != "" && !strings.Contains(textform.Fold(strings.Join(inner, " ")), textform.Fold(said)) {
			inner = append([]string{said}, inner...)
		}
		return inner
	}
	if said != "" {
		return []string{headed(name, said)}
	}
	if name != "" {
		return []string{name}
	}
	return r.numbered(m, depth)
}

// headed puts the name of a step before its text, where it says more than that
// text begins with, and than that it is a step.
func headed(name, said string) string {
	folded := textform.Fold(strings.TrimRight(name, ".…:! "))
	if folded == "" || strings.HasPrefix(textform.Fold(said), folded) {
		return said
	}
	return strings.TrimRight(name, ": ") + ": " + said
}

// counted is the number of a step as pages write it before its text: in a list
// that is numbered it says nothing.
var counted = regexp.MustCompile(`(?i)^\s*(?:(?:step|étape|etape|schritt|paso|passo|passaggio|stap|krok|шаг|adım|langkah|steg|trin|vaihe|步骤|手順|ขั้นตอนที่)\s*)?([0-9]{1,3})\s*[.):：]+\s*`)

// uncounted are steps as they are told in a numbered list: without the numbers
// that they bear themselves, where these are those of the list.
func uncounted(steps []string) []string {
	all := slices.Clone(steps)
	for i, s := range all {
		m := counted.FindStringSubmatch(s)
		if len(m) > 1 && m[1] == strconv.Itoa(i+1) && len(m[0]) < len(s) {
			all[i] = s[len(m[0]):]
		}
	}
	return all
}

// numbered reads what a template wrote as an object instead of a list:
// {"1": "…", "2": "…"}.
func (r reader) numbered(m map[string]any, depth int) []string {
	var places []int
	for key := range m {
		if n, err := strconv.Atoi(key); err == nil {
			places = append(places, n)
		}
	}
	slices.Sort(places)
	var all []string
	for _, n := range places {
		all = append(all, r.steps(m[strconv.Itoa(n)], depth+1)...)
	}
	return all
}

// lines reads a list of short texts, or a text of several lines.
func lines(v any, depth int) []string {
	var all []string
	for _, e := range list(v) {
		if len(all) > maxLines {
			break
		}
		if m, ok := e.(map[string]any); ok {
			if inner, ok := m["@list"]; ok && depth < maxDepth {
				all = append(all, lines(inner, depth+1)...)
				continue
			}
			if node(m).is(shown.HeadingType) {
				all = append(all, headingMark+line(text(m["name"])))
				continue
			}
			if inner := m["itemListElement"]; inner != nil && depth < maxDepth {
				all = append(all, lines(inner, depth+1)...)
				continue
			}
			e = measured(m)
		}
		if s, ok := e.(string); ok {
			if inner := unwrapped(s); inner != nil {
				e = inner
			}
		}
		if inner, ok := e.([]any); ok && depth < maxDepth {
			all = append(all, lines(inner, depth+1)...)
			continue
		}
		all = append(all, split(text(e))...)
	}
	return all
}

// headingMark begins a line that is a heading: no text that was read has a
// control character.
const headingMark = "\x01"

// grouped returns the lines of ingredients, and the headings of their groups as
// "3: Crust", which stands above the third one. A heading that a page lists as an
// ingredient stays in the list as well.
func grouped(lines []string) (all, groups []string) {
	for _, line := range lines {
		heading, marked := strings.CutPrefix(line, headingMark)
		if !marked {
			all = append(all, line)
			heading = headingOf(line)
		}
		if heading != "" {
			groups = append(groups, strconv.Itoa(len(all)+1)+": "+heading)
		}
	}
	return all, groups
}

// maxGroup is how long the heading of a group may be, in bytes.
const maxGroup = 60

// headingOf returns the heading that a line is which a page lists as an ingredient.
func headingOf(line string) string {
	heading := strings.TrimRight(line, ":： ")
	if heading == line || len(line) > maxGroup || strings.ContainsAny(line, "0123456789"+signsOfFractions) {
		return ""
	}
	return heading
}

// measured returns an ingredient that is written as an object: how much of what.
func measured(m map[string]any) any {
	name := line(text(node(m).first("name", "text", "@value", "item", "ingredient")))
	if whole := line(text(m["text"])); name != "" && strings.Contains(textform.Fold(whole), textform.Fold(name)) {
		name = whole
	}
	value := node(m).first("value", "amount", "quantity", "requiredQuantity")
	unit := text(node(m).first("unitText", "unit", "unitCode"))
	if q, ok := value.(map[string]any); ok {
		value, unit = q["value"], text(node(q).first("unitText", "unitCode"))
	}
	amount := strings.TrimSpace(line(text(value)) + " " + line(unit))
	if amount == "" || strings.HasPrefix(textform.Fold(name), textform.Fold(amount)) {
		return html.EscapeString(name)
	}
	return html.EscapeString(strings.TrimSpace(amount + " " + name))
}
