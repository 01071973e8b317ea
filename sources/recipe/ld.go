package recipe

import (
	"slices"
	"strings"

	"keypull/sources/ld"
)

// maxDepth is how deep JSON-LD is followed, maxTagBytes how much of a tag is
// looked at.
const (
	maxDepth    = 20
	maxTagBytes = 4 << 10
)

// node is an object of JSON-LD.
type node map[string]any

// graph is all of a page's JSON-LD: its recipes in order, and what has an id.
type graph struct {
	recipes []node
	byID    map[string]node
}

func newGraph(body []byte) graph {
	g := graph{byID: map[string]node{}}
	all := ld.Values(body)
	for _, v := range all {
		g.collectRecipes(v, 0, false)
	}
	for _, v := range all {
		if len(g.recipes) == 0 {
			g.collectRecipes(v, 0, true)
		}
	}
	return g
}

// collectRecipes gathers recipes wherever JSON-LD keeps main things, or, where they are
// not there, everywhere.
func (g *graph) collectRecipes(v any, depth int, everywhere bool) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.collectRecipes(e, depth+1, everywhere)
		}
	case map[string]any:
		n := node(v)
		g.noteID(n)
		n.correctNames()
		if n.isOfType("Recipe") && (n.nameOrHeadline() != nil || n.firstOf("recipeIngredient", "recipeInstructions") != nil) {
			g.recipes = append(g.recipes, n)
			return
		}
		for _, key := range n.propertiesToFollow(everywhere) {
			g.collectRecipes(v[key], depth+1, everywhere)
		}
	}
}

// propertiesToFollow returns the properties that lead to recipes, in a lasting order.
func (n node) propertiesToFollow(everywhere bool) []string {
	if !everywhere {
		return []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "about"}
	}
	all := make([]string, 0, len(n))
	for key := range n {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

// correctName holds the properties that decide what is read of a recipe, by their
// names in small letters: some pages write RecipeIngredient.
var correctName = func() map[string]string {
	all := map[string]string{}
	for name := range strings.FieldsSeq("name headline recipeIngredient recipeInstructions recipeYield prepTime cookTime totalTime performTime itemListElement text description image") {
		all[strings.ToLower(name)] = name
	}
	return all
}()

// correctNames gives the properties of a node the names that they should have.
func (n node) correctNames() {
	for key, v := range n {
		if name := correctName[strings.ToLower(key)]; name != "" && name != key && n[name] == nil {
			n[name] = v
		}
	}
}

// nameOrHeadline returns what a recipe is called; some call its name a headline.
func (n node) nameOrHeadline() any {
	if n["name"] != nil {
		return n["name"]
	}
	return n["headline"]
}

// firstOf returns the first of some properties that says anything.
func (n node) firstOf(names ...string) any {
	for _, name := range names {
		switch v := n[name].(type) {
		case nil:
		case string:
			if strings.TrimSpace(v) != "" {
				return v
			}
		case []any:
			if len(v) > 0 {
				return v
			}
		default:
			return v
		}
	}
	return nil
}

// resolveList returns a value with the references of a list of it followed.
func (r reader) resolveList(v any) any {
	all, ok := v.([]any)
	if !ok {
		return r.graph.resolveReference(v)
	}
	out := make([]any, 0, len(all))
	for _, e := range all {
		out = append(out, r.graph.resolveReference(e))
	}
	return out
}

// noteID records a node that others may refer to by its id.
func (g *graph) noteID(n node) {
	id, _ := n["@id"].(string)
	if id != "" && len(n) > 1 && g.byID[id] == nil {
		g.byID[id] = n
	}
}

// resolveReference follows a reference of the form {"@id": "…"}.
func (g *graph) resolveReference(v any) any {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		return v
	}
	id, _ := m["@id"].(string)
	if n, ok := g.byID[id]; ok {
		return map[string]any(n)
	}
	return v
}

// isOfType reports whether a node is of a schema.org type.
func (n node) isOfType(name string) bool {
	for _, t := range asList(n["@type"]) {
		s, _ := t.(string)
		if s = s[strings.LastIndexAny(s, "/:#")+1:]; strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// asList returns a value as a list: lists as they are, nil for nil.
func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
