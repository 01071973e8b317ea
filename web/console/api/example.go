package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// withExamples adds an example to every body and parameter of an OpenAPI
// document, made of its schemas.
func withExamples(plain []byte) ([]byte, error) {
	v, err := parseJSON(plain)
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	doc, _ := v.(map[string]any)
	e := exampler{doc: doc}
	e.addExamples(doc["paths"])
	e.addExamples(doc["components"])
	out, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode the description: %w", err)
	}
	return out, nil
}

// exampler makes values that a schema takes.
type exampler struct{ doc map[string]any }

// addExamples looks for media types and parameters: what has a schema of its own.
func (e exampler) addExamples(v any) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			e.addExamples(inner)
		}
	case map[string]any:
		s, ok := v["schema"].(map[string]any)
		if _, has := v["example"]; ok && !has && v["properties"] == nil {
			v["example"] = e.exampleOf(s, nil)
			return
		}
		for name, inner := range v {
			if name != "schemas" {
				e.addExamples(inner)
			}
		}
	}
}

// exampleOf returns a value for a schema: what it says itself, else the least that it
// takes. within are the references that led here.
func (e exampler) exampleOf(s map[string]any, within []string) any {
	if ref, ok := s["$ref"].(string); ok {
		return e.exampleOf(e.resolveRef(ref), append(slices.Clone(within), ref))
	}
	if all, ok := s["examples"].([]any); ok && len(all) > 0 {
		return all[0]
	}
	for _, word := range []string{"const", "default"} {
		if v, ok := s[word]; ok {
			return v
		}
	}
	if all, ok := s["enum"].([]any); ok && len(all) > 0 {
		return all[0]
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		if all, ok := s[word].([]any); ok && len(all) > 0 && s["type"] == nil {
			return e.exampleOf(firstNotRecursive(all, within), within)
		}
	}
	return e.typeExample(s, within)
}

// firstNotRecursive returns the first schema that does not lead back to where it is asked for.
func firstNotRecursive(all []any, within []string) map[string]any {
	for _, one := range all {
		s, _ := one.(map[string]any)
		if !leadsBack(s, within) {
			return s
		}
	}
	return nil
}

func leadsBack(s map[string]any, within []string) bool {
	ref, ok := s["$ref"].(string)
	return ok && slices.Contains(within, ref)
}

func (e exampler) typeExample(s map[string]any, within []string) any {
	switch s["type"] {
	case "object":
		return e.objectExample(s, within)
	case "array":
		items, ok := s["items"].(map[string]any)
		if !ok || leadsBack(items, within) {
			return []any{}
		}
		return []any{e.exampleOf(items, within)}
	case "integer", "number":
		if least, ok := s["minimum"]; ok {
			return least
		}
		return 1
	case "boolean":
		return true
	case "null":
		return nil
	case "string":
		if s["format"] == "date-time" {
			return "2026-12-24T18:00:00Z"
		}
		return "text"
	}
	return map[string]any{}
}

// objectExample has what is required, and what says an example of its own.
func (e exampler) objectExample(s map[string]any, within []string) any {
	out := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for _, name := range required {
		text, _ := name.(string)
		if p, ok := properties[text].(map[string]any); ok {
			out[text] = e.exampleOf(p, within)
		}
	}
	for name, p := range properties {
		p, _ := p.(map[string]any)
		if all, ok := p["examples"].([]any); ok && len(all) > 0 {
			out[name] = all[0]
		}
	}
	// A table whose names are free mostly has languages for names.
	if values, ok := s["additionalProperties"].(map[string]any); ok && len(out) == 0 && s["minProperties"] != nil {
		out["en"] = e.exampleOf(values, within)
	}
	// What differs by kind is shown of the first.
	if all, ok := s["anyOf"].([]any); ok && len(all) > 0 {
		first, _ := all[0].(map[string]any)
		if inner, ok := e.objectExample(first, within).(map[string]any); ok {
			maps.Copy(out, inner)
		}
	}
	return out
}

// resolveRef finds what a reference within the document names.
func (e exampler) resolveRef(ref string) map[string]any {
	var at any = e.doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, _ := at.(map[string]any)
		at = m[part]
	}
	m, _ := at.(map[string]any)
	return m
}
