package recipe

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what/textform"
	"keypull/sources/ld"
	"keypull/sources/recipe/shown"
)

// readSteps reads instructions in all the forms in use: text, lists of text,
// HowToStep, HowToSection, ItemList.
func (r reader) readSteps(v any, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	switch v := r.graph.Follow(v).(type) {
	case string:
		if inner := decodeEmbeddedJSON(v); inner != nil {
			return r.readSteps(inner, depth+1)
		}
		return splitLines(v)
	case []any:
		var all []string
		for _, e := range v {
			if all = append(all, r.readSteps(e, depth+1)...); len(all) > maxLines {
				break
			}
		}
		return all
	case map[string]any:
		return r.readStep(v, depth)
	}
	return nil
}

// readStep reads one object of instructions: a section, a list, or a single step.
func (r reader) readStep(m map[string]any, depth int) []string {
	node(m).correctNames()
	if node(m).isOfType("VideoObject") || node(m).isOfType("ImageObject") || node(m).isOfType("Clip") {
		return nil
	}
	name := plainLine(ld.Text(m["name"]))
	if labelPattern.MatchString(name) {
		name = ""
	}
	said := ""
	for _, property := range []string{"text", "description", "@value"} {
		if said = strings.Join(textLines(m[property], depth), " "); said != "" {
			break
		}
	}
	for _, parts := range []string{"itemListElement", "item", "step", "steps", "@list"} {
		if m[parts] == nil {
			continue
		}
		inner := r.readSteps(m[parts], depth+1)
		if len(inner) == 0 {
			break
		}
		switch {
		case name == "":
		case node(m).isOfType("HowToSection"):
			inner[0] = name + ": " + inner[0]
		case node(m).isOfType("HowToStep"):
			inner[0] = prefixName(name, inner[0])
		}
		if said != "" && !strings.Contains(textform.Fold(strings.Join(inner, " ")), textform.Fold(said)) {
			inner = append([]string{said}, inner...)
		}
		return inner
	}
	if said != "" {
		return []string{prefixName(name, said)}
	}
	if name != "" {
		return []string{name}
	}
	return r.readNumberedSteps(m, depth)
}

// prefixName puts the name of a step before its text, where it says more than that
// text begins with, and than that it is a step.
func prefixName(name, said string) string {
	folded := textform.Fold(strings.TrimRight(name, ".…:! "))
	if folded == "" || strings.HasPrefix(textform.Fold(said), folded) {
		return said
	}
	return strings.TrimRight(name, ": ") + ": " + said
}

// stepWords are what pages call a step before its number.
const stepWords = `(?:step|étape|etape|schritt|paso|passo|passaggio|stap|krok|шаг|adım|langkah|steg|trin|vaihe|步骤|手順|ขั้นตอนที่)` //nolint:gosec // it is no secret

// stepNumber is the number of a step as pages write it before its text: in a list
// that is numbered it says nothing.
var stepNumber = regexp.MustCompile(`(?i)^\s*(?:` + stepWords + `\s*)?([0-9]{1,3})\s*[.):：]+\s*`)

// stripStepNumbers returns steps without their own numbers, where these are those of a
// numbered list.
func stripStepNumbers(steps []string) []string {
	all := slices.Clone(steps)
	for i, s := range all {
		m := stepNumber.FindStringSubmatch(s)
		if len(m) > 1 && m[1] == strconv.Itoa(i+1) && len(m[0]) < len(s) {
			all[i] = s[len(m[0]):]
		}
	}
	return all
}

// readNumberedSteps reads what a template wrote as an object instead of a list:
// {"1": "…", "2": "…"}.
func (r reader) readNumberedSteps(m map[string]any, depth int) []string {
	var places []int
	for key := range m {
		if n, err := strconv.Atoi(key); err == nil {
			places = append(places, n)
		}
	}
	slices.Sort(places)
	var all []string
	for _, n := range places {
		all = append(all, r.readSteps(m[strconv.Itoa(n)], depth+1)...)
	}
	return all
}

// textLines reads a list of short texts, or a text of several lines.
func textLines(v any, depth int) []string {
	var all []string
	for _, e := range ld.List(v) {
		if len(all) > maxLines {
			break
		}
		if m, ok := e.(map[string]any); ok {
			if inner, ok := m["@list"]; ok && depth < maxDepth {
				all = append(all, textLines(inner, depth+1)...)
				continue
			}
			if node(m).isOfType(shown.HeadingType) {
				all = append(all, headingMark+plainLine(ld.Text(m["name"])))
				continue
			}
			if inner := m["itemListElement"]; inner != nil && depth < maxDepth {
				if name := plainLine(ld.Text(m["name"])); name != "" {
					all = append(all, headingMark+name)
				}
				all = append(all, textLines(inner, depth+1)...)
				continue
			}
			e = ingredientText(m)
		}
		if s, ok := e.(string); ok {
			if inner := decodeEmbeddedJSON(s); inner != nil {
				e = inner
			}
		}
		if inner, ok := e.([]any); ok && depth < maxDepth {
			all = append(all, textLines(inner, depth+1)...)
			continue
		}
		all = append(all, splitLines(ld.Text(e))...)
	}
	return all
}

// headingMark begins a line that is a heading: no text that was read has a
// control character.
const headingMark = "\x01"

// splitGroups returns the lines of ingredients, and the headings of their groups as
// "3: Crust", which stands above the third one. A heading that a page lists as an
// ingredient stays in the list as well.
func splitGroups(lines []string) (all, groups []string) {
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
	if heading == line || len(line) > maxGroup || strings.ContainsAny(line, "0123456789"+shown.Fractions) {
		return ""
	}
	return heading
}

// ingredientText returns an ingredient that is written as an object: how much of what.
func ingredientText(m map[string]any) any {
	name := plainLine(ld.Text(node(m).firstOf("name", "text", "@value", "item", "ingredient")))
	if whole := plainLine(ld.Text(m["text"])); name != "" && strings.Contains(textform.Fold(whole), textform.Fold(name)) {
		name = whole
	}
	value := node(m).firstOf("value", "amount", "quantity", "requiredQuantity")
	unit := ld.Text(node(m).firstOf("unitText", "unit", "unitCode"))
	if q, ok := value.(map[string]any); ok {
		value, unit = q["value"], ld.Text(node(q).firstOf("unitText", "unitCode"))
	}
	amount := strings.TrimSpace(plainLine(ld.Text(value)) + " " + plainLine(unit))
	if amount == "" || strings.HasPrefix(textform.Fold(name), textform.Fold(amount)) {
		return html.EscapeString(name)
	}
	return html.EscapeString(strings.TrimSpace(amount + " " + name))
}
