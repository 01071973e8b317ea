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

func newGraph(body []byte, contentType string) graph {
	g := graph{byID: map[string]node{}}
	all := ld.Values(body, contentType)
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
		if n.is("Recipe") && n.name() != nil {
			g.recipes = append(g.recipes, n)
			return
		}
		for _, key := range n.ways(everywhere) {
			g.walk(v[key], depth+1, everywhere)
		}
	}
}

// ways are the properties that lead to recipes, in a lasting order.
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

// name is what a recipe is called; some call its name a headline.
func (n node) name() any {
	if n["name"] != nil {
		return n["name"]
	}
	return n["headline"]
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
