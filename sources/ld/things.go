package ld

import (
	"bytes"
	"encoding/json"

	"keypull/sources"
)

// Limits of a search for things.
const (
	maxDepth  = 24
	maxThings = 4000
)

// Things returns the objects that stand anywhere in the data of a page, be it JSON-LD or
// microdata, those that hold others before these.
func Things(page []byte) (all []map[string]any) {
	g := NewGraph(nil, nil)
	keep := func(thing map[string]any) bool {
		if len(all) < maxThings {
			all = append(all, thing)
		}
		return false
	}
	g.CollectAnywhere(Values(page), keep)
	if bytes.Contains(page, []byte("itemtype")) {
		if root, _, err := sources.ParsePage(page); err == nil {
			g.CollectAnywhere(Microdata(root), keep)
		}
	}
	return all
}

// List returns a value as a list: one that is none stands alone, and nil is none.
func List(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// Text returns a text, the first of a list, or the value of one that says its language; ""
// if there is none.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		for _, one := range v {
			if text := Text(one); text != "" {
				return text
			}
		}
	case map[string]any:
		text, _ := v["@value"].(string)
		return text
	}
	return ""
}
