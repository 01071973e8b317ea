package settings

import "fmt"

// Secrets returns a copy of values in which f has been applied to every secret
// of the struct that v points to, at any depth: sealing on the way into the
// store, opening on the way out. f gets the path of the secret's field and its
// text. Empty secrets are left as they are; values
// that are no texts are left to Fill to complain of. The error names the field.
func Secrets(v any, values map[string]any, f func(path, text string) (string, error)) (map[string]any, error) {
	s, _, err := describeStruct(v)
	if err != nil {
		return nil, err
	}
	return s.secrets(values, "", f)
}

func (s *spec) secrets(values map[string]any, path string, f func(path, text string) (string, error)) (map[string]any, error) {
	out := make(map[string]any, len(values))
	for name, raw := range values {
		out[name] = cloneRaw(raw)
		i, ok := s.byName[name]
		if !ok {
			continue
		}
		changed, err := s.fields[i].secrets(raw, path+name, f)
		if err != nil {
			return nil, err
		}
		if changed != nil {
			out[name] = changed
		}
	}
	return out, nil
}

// secrets returns the changed value of one field, or nil if nothing changes.
func (e entry) secrets(raw any, at string, f func(path, text string) (string, error)) (any, error) {
	if values, ok := tableEntries(raw); ok {
		switch {
		case e.Type == Section:
			return e.inner.secrets(values, at+".", f)
		case e.Type == Pairs && e.Secret:
			return secretPairs(values, at, f)
		}
		return nil, nil //nolint:nilnil // nil is "unchanged"
	}
	if rows, ok := listEntries(raw); ok && e.Type == Rows {
		return e.secretRows(rows, at, f)
	}
	if text, ok := stringOf(raw); ok && e.Secret {
		return applied(text, at, f)
	}
	return nil, nil //nolint:nilnil // nil is "unchanged"
}

func (e entry) secretRows(rows []any, at string, f func(path, text string) (string, error)) (any, error) {
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = cloneRaw(row)
		values, ok := tableEntries(row)
		if !ok {
			continue
		}
		changed, err := e.inner.secrets(values, at+indexPath(i)+".", f)
		if err != nil {
			return nil, err
		}
		out[i] = changed
	}
	return out, nil
}

func secretPairs(values map[string]any, at string, f func(path, text string) (string, error)) (any, error) {
	out := make(map[string]any, len(values))
	for name, value := range values {
		out[name] = value
		text, ok := stringOf(value)
		if !ok {
			continue
		}
		changed, err := applied(text, at+"."+name, f)
		if err != nil {
			return nil, err
		}
		out[name] = changed
	}
	return out, nil
}

func applied(text, at string, f func(path, text string) (string, error)) (any, error) {
	if text == "" {
		return text, nil
	}
	changed, err := f(at, text)
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", at, err)
	}
	return changed, nil
}
