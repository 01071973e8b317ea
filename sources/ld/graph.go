package ld

import (
	"maps"
	"slices"
	"strings"
)

// mainNames are the properties under which data keeps what a page is about.
var mainNames = []string{
	"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "about", "subEvent", "event", "events",
}

// Graph is the things of a page's data that are wanted, in their order, and all that has an id.
type Graph struct {
	Things []map[string]any
	byID   map[string]map[string]any
}

// NewGraph returns the graph of the data of a page: of the things that are wanted those that stand
// where data keeps main things.
func NewGraph(values []any, wanted func(thing map[string]any) bool) *Graph {
	g := &Graph{byID: map[string]map[string]any{}}
	g.collect(values, 0, wanted, func(map[string]any) []string { return mainNames })
	return g
}

// CollectAnywhere adds the things that are wanted wherever they stand.
func (g *Graph) CollectAnywhere(values []any, wanted func(thing map[string]any) bool) {
	g.collect(values, 0, wanted, func(thing map[string]any) []string { return slices.Sorted(maps.Keys(thing)) })
}

// collect adds the things of a value that are wanted, and those in others under some names.
func (g *Graph) collect(v any, depth int, wanted func(map[string]any) bool, under func(map[string]any) []string) {
	if depth > maxDepth || len(g.Things) >= maxThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, entry := range v {
			g.collect(entry, depth+1, wanted, under)
		}
	case map[string]any:
		if id, _ := v["@id"].(string); id != "" && len(v) > 1 && g.byID[id] == nil {
			g.byID[id] = v
		}
		if wanted(v) {
			g.Things = append(g.Things, v)
			return
		}
		for _, name := range under(v) {
			g.collect(v[name], depth+1, wanted, under)
		}
	}
}

// Follow returns the thing that a reference of the form {"@id": "…"} names, else the value as it
// is.
func (g *Graph) Follow(v any) any {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		return v
	}
	id, _ := m["@id"].(string)
	if thing, ok := g.byID[id]; ok {
		return thing
	}
	return v
}

// Get returns a member of a thing, followed where it only names another one; of a
// list the first.
func (g *Graph) Get(v any, names ...string) any {
	for _, name := range names {
		for list, ok := v.([]any); ok && len(list) > 0; list, ok = v.([]any) {
			v = list[0]
		}
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = g.Follow(object[name])
	}
	return v
}

// IsArticle reports whether a thing is an article.
func IsArticle(thing map[string]any) bool {
	return slices.ContainsFunc(Types(thing), func(name string) bool {
		return strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "BlogPosting") || name == "Report"
	})
}

// Types returns the types of a thing without where they are defined.
func Types(thing map[string]any) (all []string) {
	for _, t := range List(thing["@type"]) {
		name, _ := t.(string)
		all = append(all, name[strings.LastIndexAny(name, "/:#")+1:])
	}
	return all
}
