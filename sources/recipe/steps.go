package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what/textform"
)

// steps reads instructions in all the forms in use: text, lists of text,
// HowToStep, HowToSection, ItemList.
func (r reader) steps(v any, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	switch v := r.graph.resolve(v).(type) {
	case string:
		return paragraphs(v)
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
	name := line(text(m["name"]))
	said := ""
	for _, property := range []string{"text", "description", "@value"} {
		if said = line(text(m[property])); said != "" {
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
		if node(m).is("HowToSection") && name != "" {
			inner[0] = name + ": " + inner[0]
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
	if folded == "" || strings.Contains(textform.Fold(said), folded) || countedName.MatchString(folded) {
		return said
	}
	return strings.TrimRight(name, ": ") + ": " + said
}

var countedName = regexp.MustCompile(`^(?:step|etape|schritt|paso|passo|stap)?\s*[0-9]*$`)

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

// paragraphs splits running text into steps and drops numbers written before
// them: not those of "2 eggs".
func paragraphs(s string) []string {
	steps := split(s)
	for i, line := range steps {
		number, rest, _ := strings.Cut(line, " ")
		digits := strings.TrimRight(number, ".)")
		if rest = strings.TrimSpace(rest); rest != "" && digits != "" && digits != number && len(digits) <= 3 && strings.Trim(digits, "0123456789") == "" {
			steps[i] = rest
		}
	}
	return steps
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
			for _, property := range []string{"name", "text", "@value"} {
				if e = m[property]; e != nil {
					break
				}
			}
		}
		all = append(all, split(text(e))...)
	}
	return all
}
