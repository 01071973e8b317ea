package settings

import (
	"strconv"
	"strings"
)

// Schema returns the JSON schema (draft 2020-12) of the struct that v points
// to. It has the defaults, secrets excepted, refuses unknown names, and tells
// as much of the checks as a schema can; Fill remains the judge.
func Schema(v any) (map[string]any, error) {
	fields, err := Fields(v)
	if err != nil {
		return nil, err
	}
	schema := object(fields)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	return schema, nil
}

func object(fields []Field) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fields {
		properties[f.Name] = f.schema()
		if f.Required && f.Default == nil {
			required = append(required, f.Name)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func (f Field) schema() map[string]any {
	s := f.shape()
	f.bound(s)
	for name, text := range map[string]string{"title": f.Label, "description": f.Help} {
		if text != "" {
			s[name] = text
		}
	}
	if f.Default != nil {
		s["default"] = f.Default
	}
	return s
}

func (f Field) shape() map[string]any {
	text := map[string]any{"type": "string"}
	switch f.Type {
	case Lines:
		return map[string]any{"type": "array", "items": text}
	case Number:
		return map[string]any{"type": "integer"}
	case Toggle:
		return map[string]any{"type": "boolean"}
	case Duration:
		return map[string]any{"type": "string", "pattern": `^([0-9]+d)?([0-9.]+(ns|us|µs|ms|s|m|h))*$`}
	case Size:
		written := map[string]any{"type": "string", "pattern": `^[0-9]+([KMGT]i)?B?$`}
		return map[string]any{"oneOf": []any{written, map[string]any{"type": "integer", "minimum": 0}}}
	case URL:
		address := map[string]any{"type": "string", "pattern": `^([hH][tT][tT][pP][sS]?://.+)?$`}
		if f.Required {
			address["format"] = "uri" // an empty text is none
		}
		return address
	case Choice:
		return map[string]any{"type": "string", "enum": f.Choices}
	case Hidden:
		return map[string]any{"type": "string", "writeOnly": true}
	case Time:
		return map[string]any{"type": "string", "format": "date-time"}
	case Pairs:
		return map[string]any{"type": "object", "additionalProperties": text}
	case Lists:
		return map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "array", "items": text}}
	case Rows:
		return map[string]any{"type": "array", "items": object(f.Fields)}
	case Section:
		return object(f.Fields)
	case Raw:
		return map[string]any{"type": "object"}
	case Localised:
		return map[string]any{"oneOf": []any{text, map[string]any{"type": "object", "additionalProperties": text}}}
	}
	if f.Secret {
		text["writeOnly"] = true
	}
	return text
}

// bound adds what the checks say about size.
func (f Field) bound(s map[string]any) {
	names := map[string]string{}
	switch f.Type {
	case Number:
		names = map[string]string{"min": "minimum", "max": "maximum"}
	case Text, URL, Hidden:
		names = map[string]string{"min": "minLength", "max": "maxLength"}
	case Localised:
		// A text alone, and each of those by language, which have one schema.
		either, _ := s["oneOf"].([]any)
		s, _ = either[0].(map[string]any)
		names = map[string]string{"min": "minLength", "max": "maxLength"}
	case Lines, Rows:
		names = map[string]string{"min": "minItems", "max": "maxItems"}
	case Pairs, Lists:
		names = map[string]string{"min": "minProperties", "max": "maxProperties"}
	}
	if f.Required && f.Type != Number && names["min"] != "" {
		s[names["min"]] = int64(1)
	}
	for _, check := range strings.Split(f.Check, ",") {
		name, arg, _ := strings.Cut(check, "=")
		n, err := strconv.ParseInt(arg, 10, 64)
		optional := name == "min" && !f.Required && f.Type != Number
		if err != nil || names[name] == "" || optional {
			// An optional text may be empty whatever its least length.
			continue
		}
		s[names[name]] = n
	}
}
