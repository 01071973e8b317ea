package settings

// MaskSecrets returns a copy of values for showing: whatever stands where the
// struct that v points to has a secret, at any depth, is Mask. What is empty
// stays so. The error is a mistake in the struct.
func MaskSecrets(v any, values map[string]any) (map[string]any, error) {
	s, _, err := describeStruct(v)
	if err != nil {
		return nil, err
	}
	return s.meetSecrets(values, nil, func(raw, _ any) any {
		if text, ok := stringOf(raw); raw == nil || ok && text == "" {
			return raw
		}
		return Mask
	}), nil
}

// KeepSecrets returns a copy of values in which every secret that is Mask, as
// a form hands it back where nobody typed another, is the one of old at the
// same path. Rows are matched by position: a form that moves or removes rows
// with secrets must ask for these again. A Mask that nothing of old stands
// behind is dropped, so that Fill finds a required one missing; an empty
// secret stays empty, and so takes the old one away. The error is a mistake in
// the struct that v points to.
func KeepSecrets(v any, values, old map[string]any) (map[string]any, error) {
	s, _, err := describeStruct(v)
	if err != nil {
		return nil, err
	}
	return s.meetSecrets(values, old, func(raw, before any) any {
		if text, _ := stringOf(raw); text != Mask {
			return raw
		}
		if text, _ := stringOf(before); text != "" && text != Mask {
			return before
		}
		return nil
	}), nil
}

// meet is given what stands in a secret's place, and what old has there; what
// it returns stands there then, nil for nothing.
type meet func(raw, before any) any

func (s *spec) meetSecrets(values, old map[string]any, f meet) map[string]any {
	out := make(map[string]any, len(values))
	for name, raw := range values {
		kept := cloneRaw(raw)
		if i, ok := s.byName[name]; ok {
			kept = s.fields[i].meetSecrets(raw, old[name], f)
		}
		if kept != nil || raw == nil {
			out[name] = kept
		}
	}
	return out
}

func (e entry) meetSecrets(raw, before any, f meet) any {
	if !e.hides() || raw == nil {
		return cloneRaw(raw)
	}
	values, isTable := tableEntries(raw)
	rows, isList := listEntries(raw)
	switch {
	case e.Type == Section && isTable:
		inner, _ := tableEntries(before)
		return e.inner.meetSecrets(values, inner, f)
	case e.Type == Rows && isList:
		return e.meetRows(rows, before, f)
	case e.Type == Pairs && isTable:
		return meetPairs(values, before, f)
	}
	// Any other shape is wrong, but may hold a secret all the same.
	return f(cloneRaw(raw), before)
}

func (e entry) meetRows(rows []any, before any, f meet) []any {
	out := make([]any, len(rows))
	old, _ := listEntries(before)
	for i, row := range rows {
		var last any
		if i < len(old) {
			last = old[i]
		}
		if values, ok := tableEntries(row); ok {
			inner, _ := tableEntries(last)
			out[i] = e.inner.meetSecrets(values, inner, f)
			continue
		}
		out[i] = f(cloneRaw(row), last)
	}
	return out
}

func meetPairs(values map[string]any, before any, f meet) map[string]any {
	out := make(map[string]any, len(values))
	old, _ := tableEntries(before)
	for name, value := range values {
		if kept := f(cloneRaw(value), old[name]); kept != nil {
			out[name] = kept
		}
	}
	return out
}

// hides says whether the field is or holds a secret.
func (e entry) hides() bool {
	if e.Secret || e.inner == nil {
		return e.Secret
	}
	for _, inner := range e.inner.fields {
		if inner.hides() {
			return true
		}
	}
	return false
}
