package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
)

// Schemas returns the schemas of the documents of an installation: publisher,
// source, keyword and channel. The settings of a source or channel are those of
// one of its kinds. Ids are not required, since what has none is given one; nor
// is anything said of a secret but that it is a text, since it is shown masked.
func Schemas(k console.Kinds) (map[string]map[string]any, error) {
	all := map[string]map[string]any{}
	for name, f := range map[string]func() (map[string]any, error){
		"publisher": func() (map[string]any, error) {
			v := &catalogue.Publisher{}
			v.Defaults()
			return structSchema(v, "source", "keyword", "channel", "matcher")
		},
		"keyword": func() (map[string]any, error) {
			v := &catalogue.Keyword{}
			v.Defaults()
			s, err := structSchema(v)
			if err == nil {
				// Clients of before rely on it; that of a request is empty.
				s["required"] = append(s["required"].([]string), "source") //nolint:forcetypeassert // what Schema gives
			}
			return s, err
		},
		"source": func() (map[string]any, error) {
			v := &catalogue.Source{}
			v.Defaults()
			return kindsSchema(v, k.Sources)
		},
		"channel": func() (map[string]any, error) { return kindsSchema(&catalogue.Channel{}, k.Messengers) },
	} {
		s, err := f()
		if err != nil {
			return nil, fmt.Errorf("schema of %s: %w", name, err)
		}
		if required, ok := s["required"].([]string); ok {
			s["required"] = slices.DeleteFunc(required, func(field string) bool { return field == "id" })
		}
		all[name] = s
	}
	return all, nil
}

// structSchema returns the schema of the struct that v points to, without some fields.
func structSchema(v any, without ...string) (map[string]any, error) {
	s, err := settings.Schema(v)
	if err != nil {
		return nil, fmt.Errorf("describe %T: %w", v, err)
	}
	fields, err := settings.Fields(v)
	if err != nil {
		return nil, fmt.Errorf("describe %T: %w", v, err)
	}
	delete(s, "$schema")
	properties, _ := s["properties"].(map[string]any)
	maps.DeleteFunc(properties, func(name string, _ any) bool { return slices.Contains(without, name) })
	for _, f := range fields {
		if p, ok := properties[f.Name].(map[string]any); ok {
			refineSchema(p, f)
		}
	}
	return s, nil
}

// idPattern is what the check id takes.
const idPattern = "^[a-z0-9][a-z0-9-]{0,31}$"

// refineSchema tells of a field what an API has to know beyond a form.
func refineSchema(s map[string]any, f settings.Field) {
	if f.Secret || f.Type == settings.Hidden {
		maps.DeleteFunc(s, func(word string, _ any) bool {
			return slices.Contains([]string{"writeOnly", "minLength", "maxLength", "pattern", "format", "default"}, word)
		})
		s["description"] = strings.TrimSpace(f.Help + " Shown as " + settings.Mask + ", which means: as it is.")
	} else if v := exampleValue(f); v != nil {
		s["examples"] = []any{v}
	}
	if f.Type == settings.Text && slices.Contains(strings.Split(f.Check, ","), "id") {
		s["pattern"] = idPattern
	}
	inner := s
	if items, ok := s["items"].(map[string]any); ok {
		inner = items
	}
	properties, _ := inner["properties"].(map[string]any)
	for _, field := range f.Fields {
		if p, ok := properties[field.Name].(map[string]any); ok {
			refineSchema(p, field)
		}
	}
}

// exampleValue returns the example of a field as JSON, or nil if there is none or it is
// written in another language.
func exampleValue(f settings.Field) any {
	if f.Example == "" {
		return nil
	}
	switch f.Type {
	case settings.Text, settings.URL, settings.Duration, settings.Size, settings.Time, settings.Choice:
		return f.Example
	case settings.Lines:
		return strings.Split(f.Example, ", ")
	}
	return nil
}

// kindsSchema returns the schema of what has a kind and the settings of that kind.
func kindsSchema(v any, kinds []console.Kind) (map[string]any, error) {
	s, err := structSchema(v)
	if err != nil {
		return nil, err
	}
	var names []string
	var branches []any
	for _, k := range kinds {
		inner, err := structSchema(k.New())
		if err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Name, err)
		}
		required := []string{"kind"}
		if inner["required"] != nil {
			required = append(required, "settings")
		}
		names = append(names, k.Name)
		branches = append(branches, map[string]any{
			"title": k.Title, "description": k.Help, "required": required,
			"properties": map[string]any{"kind": map[string]any{"const": k.Name}, "settings": inner},
		})
	}
	properties, _ := s["properties"].(map[string]any)
	if kind, ok := properties["kind"].(map[string]any); ok && len(names) > 0 {
		kind["enum"] = names
		delete(kind, "examples")
	}
	if len(branches) > 0 {
		s["anyOf"] = branches
	}
	return s, nil
}
