package source

import (
	"encoding/json"
	"slices"
	"strings"

	"keypull/cmd/keypull/cli"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// parseValues returns the settings that a command line gives, as a document would:
// "name=value", of a setting within another "a.b=value". What is no plain text
// is written as JSON, and so is a list, unless it is of one entry or given entry
// by entry.
func parseValues(fields []settings.Field, given []string) (map[string]any, error) {
	all := map[string]any{}
	for _, one := range given {
		name, value, ok := strings.Cut(one, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, cli.Misused("cli.set_form", words.Args{"got": one})
		}
		at, below := all, fields
		path := strings.Split(name, ".")
		for _, step := range path[:len(path)-1] {
			inner, ok := at[step].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[step] = inner
			}
			at, below = inner, fieldOf(below, step).Fields
		}
		last := path[len(path)-1]
		at[last] = valueOf(fieldOf(below, last), value, at[last])
	}
	return all, nil
}

// fieldOf returns the field of a name; a plain text where there is none, which the
// settings then refuse by name.
func fieldOf(fields []settings.Field, name string) settings.Field {
	if i := slices.IndexFunc(fields, func(f settings.Field) bool { return f.Name == name }); i >= 0 {
		return fields[i]
	}
	return settings.Field{Type: settings.Text}
}

// valueOf reads a value as its field wants it; before is what was given for the
// same field already.
func valueOf(f settings.Field, text string, before any) any {
	var read any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	whole := d.Decode(&read) == nil && !d.More()
	switch f.Type {
	case settings.Lines:
		if list, ok := read.([]any); whole && ok {
			return list
		}
		list, _ := before.([]any)
		return append(list, text)
	case settings.Number, settings.Toggle, settings.Rows, settings.Section, settings.Pairs, settings.Lists, settings.Raw:
		if whole {
			return read
		}
	case settings.Localised:
		if _, ok := read.(map[string]any); whole && ok {
			return read
		}
	}
	return text
}

// withAddresses are values with an address for each field that needs one and has
// none, so that a document in place of the network is enough: for the required
// ones, else, where no address at all was given, for the first. A field whose
// example has a place for an argument gets that example.
func withAddresses(fields []settings.Field, given map[string]any, address string) map[string]any {
	all := make(map[string]any, len(given)+1)
	there := false
	for name, value := range given {
		all[name] = value
		there = there || isAddress(fieldOf(fields, name)) || fieldOf(fields, name).Local
	}
	set := func(f settings.Field) {
		text := address
		if strings.Contains(f.Example, "{") {
			text = f.Example
		}
		all[f.Name] = any(text)
		if f.Type == settings.Lines {
			all[f.Name] = []any{text}
		}
		there = true
	}
	for _, f := range fields {
		if _, ok := given[f.Name]; !ok && isAddress(f) && f.Required {
			set(f)
		}
	}
	if i := slices.IndexFunc(fields, isAddress); !there && i >= 0 {
		set(fields[i])
	}
	return all
}

// isAddress says that a field tells where the content is.
func isAddress(f settings.Field) bool {
	return f.Is == settings.Address && (f.Type == settings.URL || f.Type == settings.Text || f.Type == settings.Lines)
}
