package shown

import (
	"bytes"
	"encoding/json"
	"html"
	"slices"
	"strings"
	"unicode"

	"keypull/sources/ld"
)

// Limits of the state of an application that a page brings: how many scripts are
// looked at, their length in bytes, and how deep they are followed.
const (
	maxStates     = 10
	maxState      = 1 << 20
	maxStateDepth = 24
)

// kept are the properties by which applications keep a recipe, in small letters
// without signs.
var kept = map[string][]string{
	"name":               {"title", "name", "recipename", "recipetitle", "headline"},
	"recipeIngredient":   {"recipeingredient", "recipeingredients", "ingredients", "ingredientlist", "ingredientslist"},
	"recipeInstructions": {"recipeinstructions", "instructions", "cookinginstructions", "method", "methods", "methodsteps", "steps", "recipesteps", "directions", "preparation", "preparationsteps"},
	"recipeYield":        {"recipeyield", "yield", "yields", "servings", "servingsize", "serves", "portions", "numberofservings", "serving"},
	"totalTime":          {"totaltime", "totaltimeminutes", "totalminutes", "totaltimeinminutes", "duration", "time"},
	"prepTime":           {"preptime", "preparationtime", "preptimeminutes", "prepminutes", "preptimeinminutes"},
	"cookTime":           {"cooktime", "cookingtime", "cooktimeminutes", "cookminutes", "cooktimeinminutes"},
}

// State returns the recipe in the data that an application of the page is drawn from;
// nil where there is none.
func (p *Page) State() map[string]any {
	rest := p.body
	for range maxStates {
		at := bytes.Index(rest, []byte("application/json"))
		if at < 0 {
			return nil
		}
		rest = rest[at:]
		begin, end := bytes.IndexByte(rest, '>'), bytes.Index(rest, []byte("</script"))
		if begin < 0 || end < begin {
			return nil
		}
		if script := rest[begin+1 : end]; len(script) <= maxState && ld.IndexFold(script, []byte("ingredient")) >= 0 {
			for _, v := range ld.Decode(script) {
				if n := stateOf(v, 0); n != nil {
					return n
				}
			}
		}
		rest = rest[end:]
	}
	return nil
}

// stateOf finds the first thing that has both ingredients and a method.
func stateOf(v any, depth int) map[string]any {
	if depth > maxStateDepth {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if n := stateOf(e, depth+1); n != nil {
				return n
			}
		}
	case map[string]any:
		if n := recipeOf(v); n != nil {
			return n
		}
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if n := stateOf(v[key], depth+1); n != nil {
				return n
			}
		}
	}
	return nil
}

func recipeOf(m map[string]any) map[string]any {
	plain := map[string]any{}
	for key, v := range m {
		plain[strings.ToLower(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, key))] = v
	}
	n := map[string]any{"@type": "Recipe"}
	for property, names := range kept {
		for _, name := range names {
			if v := plain[name]; v != nil && n[property] == nil {
				n[property] = v
			}
		}
	}
	of, how := said(n["recipeIngredient"], partIngredients, 0), said(n["recipeInstructions"], partMethod, 0)
	if len(of) < 2 || len(how) == 0 || n["name"] == nil {
		return nil
	}
	n["recipeIngredient"], n["recipeInstructions"] = of, how
	return n
}

// said returns the texts of a list that an application keeps of ingredients or steps.
func said(v any, part string, depth int) (all []any) {
	if depth > maxStateDepth {
		return nil
	}
	switch v := v.(type) {
	case string:
		if strings.TrimSpace(v) != "" {
			all = append(all, v)
		}
	case []any:
		for _, e := range v {
			if all = append(all, said(e, part, depth+1)...); len(all) > maxLines {
				break
			}
		}
	case map[string]any:
		return saidOf(v, part, depth)
	}
	return all
}

// saidOf returns the texts of one thing of such a list.
func saidOf(m map[string]any, part string, depth int) []any {
	for _, inner := range []string{"items", "ingredients", "steps", "itemListElement", "instructions"} {
		if list, ok := m[inner].([]any); ok {
			all := said(list, part, depth+1)
			if head := textIn(m, "title", "name", "heading", "purpose"); head != "" && part == partIngredients && len(all) > 0 {
				all = append([]any{above(head)}, all...)
			}
			return all
		}
	}
	if part == partMethod {
		if text := textIn(m, "text", "description", "instruction", "content", "body", "step", "instructions", "title", "name"); text != "" {
			return []any{text}
		}
		return nil
	}
	text := textIn(m, "label", "text", "displayText", "description", "rawText", "original")
	if text == "" {
		name := textIn(m, "name", "title", "ingredient", "ingredientName")
		if inner, ok := m["ingredient"].(map[string]any); ok && name == "" {
			name = textIn(inner, "title", "name", "label")
		}
		text = strings.Join(strings.Fields(strings.Join([]string{textIn(m, "quantity", "amount", "value"), textIn(m, "unit", "measure", "unitText"), name}, " ")), " ")
	} else {
		text = html.UnescapeString(text)
	}
	if text == "" {
		return nil
	}
	return []any{html.EscapeString(text)}
}

// textIn returns the first of some properties that has a text.
func textIn(m map[string]any, names ...string) string {
	for _, name := range names {
		switch v := m[name].(type) {
		case string:
			if strings.TrimSpace(v) != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}
