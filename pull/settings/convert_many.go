package settings

import (
	"iter"
	"maps"
	"reflect"
	"slices"
)

// listEntries returns the entries of a slice of any type.
func listEntries(raw any) ([]any, bool) {
	if l, ok := raw.([]any); ok {
		return l, true
	}
	v := reflect.ValueOf(raw)
	if v.Kind() != reflect.Slice {
		return nil, false
	}
	l := make([]any, v.Len())
	for i := range l {
		l[i] = v.Index(i).Interface()
	}
	return l, true
}

// tableEntries returns the entries of a map by name of any type.
func tableEntries(raw any) (map[string]any, bool) {
	if m, ok := raw.(map[string]any); ok {
		return m, true
	}
	v := reflect.ValueOf(raw)
	if v.Kind() != reflect.Map || v.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	m := make(map[string]any, v.Len())
	for _, k := range v.MapKeys() {
		m[k.String()] = v.MapIndex(k).Interface()
	}
	return m, true
}

// convertLines fills a slice of texts; t is its type.
func (f *filler) convertLines(e entry, t reflect.Type, raw any, at string) reflect.Value {
	entries, ok := listEntries(raw)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	v := reflect.MakeSlice(t, len(entries), len(entries))
	for i, one := range entries {
		if s, ok := f.word(one, at+indexPath(i)); ok {
			v.Index(i).SetString(s)
		}
	}
	return v
}

// word reads one text within a list or map.
func (f *filler) word(raw any, at string) (string, bool) {
	s, ok := stringOf(raw)
	switch {
	case !ok:
		f.reportProblem(at, "text", "got", kindOf(raw))
	case !isStorable(s):
		f.reportProblem(at, "not_text")
	}
	return s, ok && isStorable(s)
}

// convertMap fills the types that are maps by name.
func (f *filler) convertMap(e entry, raw any, at string) reflect.Value {
	v := reflect.MakeMap(e.typ)
	set := func(name string, value reflect.Value) {
		v.SetMapIndex(reflect.ValueOf(name).Convert(e.typ.Key()), value)
	}
	if s, ok := stringOf(raw); ok && e.Type == Localised {
		if s, ok := f.word(s, at); ok {
			set("", reflect.ValueOf(s).Convert(e.typ.Elem()))
		}
		return v
	}
	values, ok := tableEntries(raw)
	switch {
	case !ok:
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	case len(values) == 0:
		return reflect.Zero(e.typ)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == "" && (e.Type == Pairs || e.Type == Lists) {
			f.reportProblem(at, "nameless")
		}
		if value := f.entry(e, values[name], at+"."+name); value.IsValid() {
			set(name, value)
		}
	}
	return v
}

// entry fills one value of a map.
func (f *filler) entry(e entry, raw any, at string) reflect.Value {
	switch {
	case raw == nil:
		return reflect.Value{}
	case e.Type == Raw:
		return reflect.ValueOf(cloneRaw(raw))
	case e.Type == Lists:
		// An entry that is a list of texts is spoken of like any such list.
		return f.convertLines(entry{Field: Field{Type: Lines}}, e.typ.Elem(), raw, at)
	}
	if s, ok := f.word(raw, at); ok {
		return reflect.ValueOf(s).Convert(e.typ.Elem())
	}
	return reflect.Value{}
}

// cloneRaw copies the tables and lists of a raw value, so that a filled struct
// shares nothing with what it was filled from.
func cloneRaw(raw any) any {
	switch v := raw.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, value := range v {
			m[name] = cloneRaw(value)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, value := range v {
			l[i] = cloneRaw(value)
		}
		return l
	}
	return raw
}

// Stream is a list of rows that are made while they are filled in, so that a long
// one does not stand in memory as values. Rows gives Len of them.
type Stream struct {
	Len  int
	Rows iter.Seq[any]
}

// streamed returns a list as a Stream.
func streamed(raw any) (Stream, bool) {
	if s, ok := raw.(Stream); ok {
		return s, true
	}
	entries, ok := listEntries(raw)
	return Stream{Len: len(entries), Rows: slices.Values(entries)}, ok
}

func (f *filler) convertRows(e entry, raw any, at string) reflect.Value {
	s, ok := streamed(raw)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	if s.Len == 0 {
		return reflect.Zero(e.typ)
	}
	v, i := reflect.MakeSlice(e.typ, s.Len, s.Len), -1
	for one := range s.Rows {
		i++
		row := v.Index(i)
		if d, ok := row.Addr().Interface().(Defaulter); ok {
			d.Defaults()
		}
		values, ok := tableEntries(one)
		if !ok {
			f.reportProblem(at+indexPath(i), "row", "got", kindOf(one))
			continue
		}
		f.fillStruct(row, e.inner, values, at+indexPath(i)+".")
	}
	return v
}

func (f *filler) convertSection(e entry, raw any, old reflect.Value, at string) reflect.Value {
	values, ok := tableEntries(raw)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	v := reflect.New(e.typ).Elem()
	v.Set(old)
	f.fillStruct(v, e.inner, values, at+".")
	return v
}
