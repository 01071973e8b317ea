package recipe

import (
	"cmp"
	"slices"
	"strings"

	"keypull/sources/ld"
)

// maxDepth is how deep JSON-LD is followed.
const maxDepth = 20

// node is an object of JSON-LD.
type node map[string]any

// newGraph returns the recipes of a page's JSON-LD: those that stand where it keeps main things,
// or, where none does, all.
func newGraph(body []byte) *ld.Graph {
	values := ld.Values(body)
	recipes := func(thing map[string]any) bool {
		n := node(thing)
		n.correctNames()
		return n.isOfType("Recipe") && (n.nameOrHeadline() != nil || n.firstOf("recipeIngredient", "recipeInstructions") != nil)
	}
	g := ld.NewGraph(values, recipes)
	if len(g.Things) == 0 {
		g.CollectAnywhere(values, recipes)
	}
	return g
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
func (n node) nameOrHeadline() any { return cmp.Or(n["name"], n["headline"]) }

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
		return r.graph.Follow(v)
	}
	out := make([]any, 0, len(all))
	for _, e := range all {
		out = append(out, r.graph.Follow(e))
	}
	return out
}

// isOfType reports whether a node is of a schema.org type.
func (n node) isOfType(name string) bool {
	return slices.ContainsFunc(ld.Types(n), func(t string) bool { return strings.EqualFold(t, name) })
}
