package ld

import (
	"bytes"
	"maps"
	"slices"
)

// Limits of a search for things.
const (
	maxDepth  = 20
	maxThings = 4000
)

// Things returns the objects that stand anywhere in the data of a page, be it JSON-LD or
// microdata, those that hold others before these.
func Things(page []byte) (all []map[string]any) {
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > maxDepth || len(all) >= maxThings {
			return
		}
		switch v := v.(type) {
		case []any:
			for _, entry := range v {
				walk(entry, depth+1)
			}
		case map[string]any:
			all = append(all, v)
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], depth+1)
			}
		}
	}
	walk(Values(page), 0)
	if bytes.Contains(page, []byte("itemtype")) {
		if root, _, err := ParsePage(page); err == nil {
			walk(Microdata(root), 0)
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

// Text returns a text, or the first of a list; "" if there is none.
func Text(v any) string {
	for _, one := range List(v) {
		if text, ok := one.(string); ok {
			return text
		}
	}
	return ""
}
