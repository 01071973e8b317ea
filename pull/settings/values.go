package settings

import (
	"reflect"
	"slices"
	"time"
)

// Values returns the way back from Fill: what the struct that v points to holds, in
// the form that Fill takes, so that filling a new struct of the same kind with
// it gives an equal one. Fields that are not set are left out, and in rows
// those that hold their default. Secrets are of type Secret, so that they stay
// masked until Secrets has sealed them.
func Values(v any) (map[string]any, error) {
	s, value, err := describeStruct(v)
	if err != nil {
		return nil, err
	}
	return s.values(value, reflect.Value{}), nil
}

// values leaves out what equals the field of preset, where preset is valid.
func (s *spec) values(v, preset reflect.Value) map[string]any {
	values := make(map[string]any, len(s.fields))
	for _, e := range s.fields {
		field := v.FieldByIndex(e.index)
		if preset.IsValid() && reflect.DeepEqual(field.Interface(), preset.FieldByIndex(e.index).Interface()) {
			continue
		}
		if e.set(field) {
			values[e.Name] = e.plainValue(field)
		}
	}
	return values
}

// set says whether v is a value that Fill would take, not a mere zero that
// stands for "not set".
func (e entry) set(v reflect.Value) bool {
	if !v.IsZero() {
		return true
	}
	switch e.Type {
	case Time:
		return false
	case Choice:
		return slices.Contains(e.Choices, "")
	case Number, Duration, Size:
		return v.Kind() != reflect.Pointer && e.allowsValue(v)
	case Section, Toggle:
		return true
	}
	return !e.Required
}

// plainValue returns the form of one value that Fill takes.
func (e entry) plainValue(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	switch e.Type {
	case Duration:
		return FormatDuration(time.Duration(v.Int()))
	case Size:
		return Bytes(v.Int()).String()
	case Time:
		t, _ := v.Interface().(time.Time)
		return t.Format(time.RFC3339Nano)
	case Number:
		if v.CanUint() {
			return v.Uint()
		}
		return v.Int()
	case Toggle:
		return v.Bool()
	case Hidden:
		return Secret(v.String())
	case Section:
		return e.inner.values(v, reflect.Value{})
	case Rows:
		rows, preset := make([]any, v.Len()), e.inner.newStruct()
		for i := range rows {
			rows[i] = e.inner.values(v.Index(i), preset)
		}
		return rows
	case Raw:
		values, _ := tableEntries(v.Interface())
		return cloneRaw(values)
	}
	return e.plainText(v)
}

func (e entry) plainText(v reflect.Value) any {
	switch e.Type {
	case Lines:
		return entries(v)
	case Pairs, Localised, Lists:
		m := make(map[string]any, v.Len())
		for _, k := range v.MapKeys() {
			if value := v.MapIndex(k); value.Kind() == reflect.Slice {
				m[k.String()] = entries(value)
			} else {
				m[k.String()] = e.shown(value.String())
			}
		}
		return m
	}
	return e.shown(v.String())
}

// shown masks a text that is a secret by its tag.
func (e entry) shown(text string) any {
	if e.Secret {
		return Secret(text)
	}
	return text
}

func entries(v reflect.Value) []any {
	l := make([]any, v.Len())
	for i := range l {
		l[i] = v.Index(i).String()
	}
	return l
}
