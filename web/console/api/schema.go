package api

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/web/console"
)

// schema is a JSON schema (draft 2020-12), as OpenAPI 3.1 takes it.
type schema = map[string]any

// described is a type that says itself what its JSON is.
type described interface{ JSONSchema() map[string]any }

// components collects the schemas of named types on the way through those of
// the operations.
type components struct {
	schemas map[string]any
	names   map[reflect.Type]string
	// documents are the schemas of the tag schema.
	documents map[string]map[string]any
}

func newComponents(documents map[string]map[string]any) *components {
	c := &components{schemas: map[string]any{}, names: map[reflect.Type]string{}, documents: documents}
	for name, s := range documents {
		c.schemas[documentName(name)] = s
	}
	return c
}

func documentName(name string) string { return strings.ToUpper(name[:1]) + name[1:] + "Document" }

func schemaRef(name string) schema { return schema{"$ref": "#/components/schemas/" + name} }

// fieldSchema returns the schema of one field with what its tags say. In a parameter
// there is no null.
func (c *components) fieldSchema(f field, null bool) (schema, error) {
	s, err := c.documentSchema(f)
	if err != nil {
		return nil, fmt.Errorf("field %s: %w", f.name, err)
	}
	t, pointer := withoutPointer(f.typ)
	addBounds(s, t, f)
	if all := f.enumValues(); all != nil {
		s["enum"] = all
	}
	if pointer && f.required && null {
		s = schema{"anyOf": []any{s, schema{"type": "null"}}}
	}
	if doc := f.tag.Get("doc"); doc != "" {
		s["description"] = doc
	}
	if example := f.tag.Get("example"); example != "" {
		s["examples"] = []any{tagLiteral(t, example)}
	}
	return s, nil
}

// tagLiteral returns the text of a tag as a value of the field's type.
func tagLiteral(t reflect.Type, text string) any {
	if !isText(t) {
		if v, err := parseJSON([]byte(text)); err == nil {
			return v
		}
	}
	return text
}

// documentSchema returns the document that the tag schema names, or a list of such, or the
// schema of the type. A console.Doc without the tag is named as its field.
func (c *components) documentSchema(f field) (schema, error) {
	t, _ := withoutPointer(f.typ)
	name := f.tag.Get("schema")
	switch {
	case name == "" && t == reflect.TypeFor[console.Doc]() && c.documents[f.name] != nil:
		name = f.name
	case name == "":
		return c.typeSchema(f.typ)
	case c.documents[name] == nil:
		return nil, fmt.Errorf("there is no schema %q", name)
	}
	if t.Kind() == reflect.Slice && t != reflect.TypeFor[json.RawMessage]() {
		return schema{"type": "array", "items": schemaRef(documentName(name))}, nil
	}
	return schemaRef(documentName(name)), nil
}

// addBounds adds the tags min and max by what they count.
func addBounds(s schema, t reflect.Type, f field) {
	least, most := "minimum", "maximum"
	switch t.Kind() {
	case reflect.String:
		least, most = "minLength", "maxLength"
	case reflect.Slice, reflect.Array:
		least, most = "minItems", "maxItems"
	}
	low, high, _ := f.minMax()
	for word, text := range map[string]string{least: low, most: high} {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			s[word] = n
		}
	}
	if s["type"] == "string" && f.tag.Get("required") == "true" && s["minLength"] == nil && s["format"] == nil {
		s["minLength"] = 1
	}
}

// typeSchema returns the schema of a Go type as encoding/json writes and reads it.
func (c *components) typeSchema(t reflect.Type) (schema, error) {
	t, _ = withoutPointer(t)
	switch {
	case t == nil, t == reflect.TypeFor[json.RawMessage](), t.Kind() == reflect.Interface:
		return schema{}, nil
	case t == reflect.TypeFor[time.Time]():
		return schema{"type": "string", "format": "date-time"}, nil
	case t == reflect.TypeFor[what.Facts]():
		return schema{"type": "object"}, nil
	case t == reflect.TypeFor[json.Number]():
		return schema{"type": "number"}, nil
	}
	if d, ok := reflect.New(t).Interface().(described); ok {
		return d.JSONSchema(), nil
	}
	if marshalsItself(t) {
		if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()) {
			return customSchema(t), nil
		}
		return schema{"type": "string"}, nil
	}
	return c.kindSchema(t)
}

// customSchema returns what can be told of a type that writes its own JSON.
func customSchema(t reflect.Type) schema {
	if t.Kind() == reflect.String {
		return schema{"type": "string"}
	}
	return schema{}
}

func (c *components) kindSchema(t reflect.Type) (schema, error) {
	switch t.Kind() {
	case reflect.String:
		return schema{"type": "string"}, nil
	case reflect.Bool:
		return schema{"type": "boolean"}, nil
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}, nil
	case reflect.Map:
		values, err := c.typeSchema(t.Elem())
		return schema{"type": "object", "additionalProperties": values}, err
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return schema{"type": "string", "contentEncoding": "base64"}, nil
		}
		items, err := c.typeSchema(t.Elem())
		return schema{"type": "array", "items": items}, err
	case reflect.Struct:
		return c.structSchema(t)
	}
	if t.Kind() < reflect.Int || t.Kind() > reflect.Uintptr {
		return nil, fmt.Errorf("%s can't be JSON", t)
	}
	low, high := integerRange(t)
	s := schema{"type": "integer", "minimum": json.Number(low.String()), "maximum": json.Number(high.String())}
	if t.Bits() == 64 {
		s = schema{"type": "integer", "format": "int64"}
		if t.Kind() >= reflect.Uint {
			s = schema{"type": "integer", "minimum": 0}
		}
	}
	return s, nil
}

// structSchema refers to the component of a named struct, and makes it once.
func (c *components) structSchema(t reflect.Type) (schema, error) {
	if t.Name() == "" {
		return c.objectSchema(fieldsOf(t))
	}
	if name, ok := c.names[t]; ok {
		return schemaRef(name), nil
	}
	name := c.componentName(t)
	c.names[t] = name
	// A type that holds itself finds its name taken.
	c.schemas[name] = schema{}
	s, err := c.objectSchema(fieldsOf(t))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t, err)
	}
	c.schemas[name] = s
	return schemaRef(name), nil
}

// objectSchema returns the schema of an object of these fields, which has no others.
func (c *components) objectSchema(all []field) (schema, error) {
	properties, required := schema{}, []string{}
	for _, f := range all {
		s, err := c.fieldSchema(f, true)
		if err != nil {
			return nil, err
		}
		properties[f.name] = s
		if f.required {
			required = append(required, f.name)
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s, nil
}

var (
	folders = regexp.MustCompile(`[\w./-]*/`)
	odd     = regexp.MustCompile(`[^A-Za-z0-9]+`)
)

// componentName returns the type's own, in capitals where a type of another package took
// it: then the package stands before it.
func (c *components) componentName(t reflect.Type) string {
	name := odd.ReplaceAllString(folders.ReplaceAllString(t.Name(), ""), "")
	name = strings.ToUpper(name[:1]) + name[1:]
	if _, taken := c.schemas[name]; taken {
		folder := path.Base(t.PkgPath())
		name = strings.ToUpper(folder[:1]) + folder[1:] + name
	}
	for base, n := name, 2; c.schemas[name] != nil; n++ {
		name = base + strconv.Itoa(n)
	}
	return name
}
