package apitest

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// deepest bounds how far a value goes into schemas that refer to each other.
const deepest = 8

// value draws a value that the schema takes.
func (c *contract) value(t *rapid.T, s object, depth int) any {
	s = c.resolved(s)
	if all := list(s["examples"]); len(all) > 0 && rapid.IntRange(0, 2).Draw(t, "example") == 0 {
		return all[0]
	}
	if v, ok := s["const"]; ok {
		return v
	}
	if all := list(s["enum"]); len(all) > 0 {
		return rapid.SampledFrom(all).Draw(t, "enum")
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		all := list(s[word])
		if len(all) == 0 {
			continue
		}
		branch := c.resolved(table(rapid.SampledFrom(all).Draw(t, word)))
		if s["type"] == nil {
			return c.value(t, branch, depth)
		}
		s = both(s, branch)
	}
	switch s["type"] {
	case "object":
		return c.object(t, s, depth-1)
	case "array":
		return c.list(t, s, depth-1)
	case "integer":
		low, high := whole(s["minimum"], -1e6), whole(s["maximum"], 1e6)
		return rapid.Int64Range(low, max(low, high)).Draw(t, "integer")
	case "number":
		low, high := number(s["minimum"], -1e6), number(s["maximum"], 1e6)
		return rapid.Float64Range(low, max(low, high)).Draw(t, "number")
	case "boolean":
		return rapid.Bool().Draw(t, "boolean")
	case "string":
		return word(t, s)
	case "null":
		return nil
	}
	return rapid.SampledFrom([]any{"x", 1, true, object{}, []any{}}).Draw(t, "anything")
}

// both returns a schema narrowed by one of its branches.
func both(s, branch object) object {
	out := maps.Clone(s)
	properties := maps.Clone(table(s["properties"]))
	if properties == nil {
		properties = object{}
	}
	maps.Copy(properties, table(branch["properties"]))
	out["properties"] = properties
	out["required"] = slices.Concat(list(s["required"]), list(branch["required"]))
	return out
}

func (c *contract) object(t *rapid.T, s object, depth int) any {
	out, properties := object{}, table(s["properties"])
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		needed := slices.Contains(list(s["required"]), any(name))
		if needed || depth > 0 && rapid.IntRange(0, 2).Draw(t, "give "+name) == 0 {
			out[name] = c.value(t, table(properties[name]), depth)
		}
	}
	least := min(int(whole(s["minProperties"], 0)), len(freeNames()))
	if more := table(s["additionalProperties"]); more != nil && (depth > 0 || least > 0) {
		for _, name := range freeNames()[:rapid.IntRange(least, len(freeNames())).Draw(t, "more")] {
			out[name] = c.value(t, more, depth)
		}
	}
	return out
}

// freeNames are names for a table that takes any.
func freeNames() []string { return []string{"en", "fr", "title"} }

func (c *contract) list(t *rapid.T, s object, depth int) any {
	least := int(whole(s["minItems"], 0))
	most := min(int(whole(s["maxItems"], 3)), least+3)
	if depth <= 0 {
		most = least
	}
	out := []any{}
	for range rapid.IntRange(least, max(least, most)).Draw(t, "entries") {
		out = append(out, c.value(t, table(s["items"]), depth))
	}
	return out
}

// word draws a text.
func word(t *rapid.T, s object) string {
	switch {
	case s["format"] == "date-time":
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "moment"), 0).UTC()
		return at.Format(time.RFC3339)
	case s["format"] == "uri":
		return "https://example.org/" + rapid.StringMatching(`[a-z0-9]{0,8}`).Draw(t, "address")
	case text(s["pattern"]) != "":
		drawn := rapid.StringMatching(text(s["pattern"])).Draw(t, "pattern")
		return cut(drawn, s)
	}
	least := int(whole(s["minLength"], 0))
	most := min(int(whole(s["maxLength"], math.MaxInt32)), least+20)
	drawn := rapid.StringN(least, most, -1).Draw(t, "text")
	return strings.ReplaceAll(drawn, "\x00", "0")
}

// cut keeps a text that was drawn by its pattern within its length.
func cut(drawn string, s object) string {
	r := []rune(drawn)
	return string(r[:min(len(r), int(whole(s["maxLength"], math.MaxInt32)))])
}

func number(v any, otherwise float64) float64 {
	if n, ok := v.(float64); ok {
		return n
	}
	return otherwise
}

func whole(v any, otherwise float64) int64 { return int64(number(v, otherwise)) }
