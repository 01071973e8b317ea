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
		g.walk(v, 0, false)
	}
	for _, v := range all {
		if len(g.recipes) == 0 {
			g.walk(v, 0, true)
		}
	}
	return g
}

// walk gathers recipes wherever JSON-LD keeps main things, or, where they are
// not there, everywhere.
func (g *graph) walk(v any, depth int, everywhere bool) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.walk(e, depth+1, everywhere)
		}
	case map[string]any:
		n := node(v)
		g.note(n)
		n.spellOut()
		if n.is("Recipe") && (n.name() != nil || n.first("recipeIngredient", "recipeInstructions") != nil) {
			g.recipes = append(g.recipes, n)
			return
		}
		for _, key := range n.ways(everywhere) {
			g.walk(v[key], depth+1, everywhere)
		}
	}
}

// ways returns the properties that lead to recipes, in a lasting order.
func (n node) ways(everywhere bool) []string {
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

// spelled are the properties that decide what is read of a recipe, by their
// names in small letters: some pages write RecipeIngredient.
var spelled = func() map[string]string {
	all := map[string]string{}
	for name := range strings.FieldsSeq("name headline recipeIngredient recipeInstructions recipeYield prepTime cookTime totalTime performTime itemListElement text description image") {
		all[strings.ToLower(name)] = name
	}
	return all
}()

// spellOut gives the properties of a node the names that they should have.
func (n node) spellOut() {
	for key, v := range n {
		if name := spelled[strings.ToLower(key)]; name != "" && name != key && n[name] == nil {
			n[name] = v
		}
	}
}

// name returns what a recipe is called; some call its name a headline.
func (n node) name() any {
	if n["name"] != nil {
		return n["name"]
	}
	return n["headline"]
}

// first returns the first of some properties that says anything.
func (n node) first(names ...string) any {
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

// resolved returns a value with the references of a list of it followed.
func (r reader) resolved(v any) any {
	all, ok := v.([]any)
	if !ok {
		return r.graph.resolve(v)
	}
	out := make([]any, 0, len(all))
	for _, e := range all {
		out = append(out, r.graph.resolve(e))
	}
	return out
}

// note remembers what other nodes may refer to by id.
func (g *graph) note(n node) {
	id, _ := n["@id"].(string)
	if id != "" && len(n) > 1 && g.byID[id] == nil {
		g.byID[id] = n
	}
}

// resolve follows a reference of the form {"@id": "…"}.
func (g *graph) resolve(v any) any {
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

// is says whether a node is of a schema.org type.
func (n node) is(name string) bool {
	for _, t := range list(n["@type"]) {
		s, _ := t.(string)
		if s = s[strings.LastIndexAny(s, "/:#")+1:]; strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// list returns a value as a list: lists as they are, nothing as none.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
