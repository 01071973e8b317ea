package shown

import (
	"bytes"
	"encoding/json"
	"maps"
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
	states := 0
	for _, tag, script, rest, ok := ld.Cut(p.body); ok && states < maxStates; _, tag, script, rest, ok = ld.Cut(rest) {
		if !bytes.Contains(tag, []byte("application/json")) {
			continue
		}
		if states++; len(script) > maxState || !bytes.Contains(bytes.ToLower(script), []byte("ingredient")) {
			continue
		}
		var found map[string]any
		ld.NewGraph(nil, nil).CollectAnywhere(ld.Decode(script), func(thing map[string]any) bool {
			if found == nil {
				found = recipeOf(thing)
			}
			return found != nil
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// partNames are the names of what a list of ingredients or steps holds, in small letters without
// signs, and what JSON-LD calls it.
var partNames = map[string]string{
	"items": "itemListElement", "ingredients": "itemListElement", "steps": "itemListElement", "instructions": "itemListElement", "itemlistelement": "itemListElement",
	"text": "text", "label": "text", "displaytext": "text", "rawtext": "text", "original": "text", "instruction": "text", "content": "text", "body": "text", "step": "text", "description": "description",
	"name": "name", "title": "name", "heading": "name", "purpose": "name", "ingredient": "name", "ingredientname": "name",
	"quantity": "amount", "amount": "amount", "value": "amount", "unit": "unitText", "measure": "unitText", "unittext": "unitText",
}

// plainKey returns a key in small letters without signs.
func plainKey(key string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, key))
}

// recipeOf returns what an object of an application holds as a recipe; nil if it is none.
func recipeOf(m map[string]any) map[string]any {
	plain := map[string]any{}
	for key, v := range m {
		plain[plainKey(key)] = v
	}
	n := map[string]any{"@type": "Recipe"}
	for property, names := range kept {
		for _, name := range names {
			if v := plain[name]; v != nil && n[property] == nil {
				n[property] = v
			}
		}
	}
	of, how := namedAsLD(n["recipeIngredient"], 0), namedAsLD(n["recipeInstructions"], 0)
	if len(ld.List(of)) == 0 || how == nil || how == "" || n["name"] == nil {
		return nil
	}
	n["recipeIngredient"], n["recipeInstructions"] = of, how
	return n
}

// namedAsLD returns the entries of a list of an application under the names of JSON-LD: the
// thing that is called so for another thing, a list for a list, a text for what is one.
func namedAsLD(v any, depth int) any {
	if depth > maxStateDepth {
		return nil
	}
	switch v := v.(type) {
	case []any:
		all := make([]any, 0, len(v))
		for _, e := range v[:min(len(v), maxLines)] {
			all = append(all, namedAsLD(e, depth+1))
		}
		return all
	case map[string]any:
		n := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			name, value := partNames[plainKey(key)], v[key]
			if inner, ok := value.(map[string]any); ok && name == "name" {
				value = textIn(inner, "title", "name", "label")
			}
			if _, list := value.([]any); list != (name == "itemListElement") || n[name] != nil || value == "" {
				continue
			}
			n[name] = namedAsLD(value, depth+1)
		}
		return n
	}
	return v
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
