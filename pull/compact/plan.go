package compact

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// coder writes and reads values of one type. What is put can be addressed.
type coder struct {
	put func(*writer, reflect.Value)
	get func(*reader, reflect.Value)
}

// planner makes the coders of a type and of all within it.
type planner struct {
	forms map[string][]string
	done  map[reflect.Type]coder
}

// maxFields is how many fields a struct may have: a bit each.
const maxFields = 64

func (p *planner) coder(t reflect.Type) coder {
	if c, ok := p.done[t]; ok {
		if c.put == nil {
			panic(fmt.Sprintf("compact: %s holds itself", t))
		}
		return c
	}
	p.done[t] = coder{}
	c := p.make(t)
	p.done[t] = c
	return c
}

func (p *planner) make(t reflect.Type) coder {
	switch k := t.Kind(); {
	case t == reflect.TypeFor[time.Time]():
		return coder{
			func(w *writer, v reflect.Value) { w.time(*v.Addr().Interface().(*time.Time)) },
			func(r *reader, v reflect.Value) { *v.Addr().Interface().(*time.Time) = r.time() },
		}
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
	case k == reflect.String:
		return coder{func(w *writer, v reflect.Value) { w.text(v.String()) }, func(r *reader, v reflect.Value) { v.SetString(r.text()) }}
	case k == reflect.Bool:
		return coder{func(*writer, reflect.Value) {}, func(_ *reader, v reflect.Value) { v.SetBool(true) }}
	case k == reflect.Int, k == reflect.Int64:
		return coder{func(w *writer, v reflect.Value) { w.varint(v.Int()) }, func(r *reader, v reflect.Value) { v.SetInt(r.varint()) }}
	case k == reflect.Uint64:
		return coder{func(w *writer, v reflect.Value) { w.uvarint(v.Uint()) }, func(r *reader, v reflect.Value) { v.SetUint(r.uvarint()) }}
	case k == reflect.Float64:
		return coder{func(w *writer, v reflect.Value) { w.float(v.Float()) }, func(r *reader, v reflect.Value) { v.SetFloat(r.float()) }}
	case k == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return pointerTo(t.Elem(), p.coder(t.Elem()))
	case t == reflect.TypeFor[[]uint64]():
		return coder{
			func(w *writer, v reflect.Value) { w.numbers(*v.Addr().Interface().(*[]uint64)) },
			func(r *reader, v reflect.Value) { *v.Addr().Interface().(*[]uint64) = r.numbers() },
		}
	case k == reflect.Slice && (t.Elem().Kind() == reflect.Struct || t.Elem().Kind() == reflect.String):
		return sliceOf(t, p.coder(t.Elem()))
	case k == reflect.Map && t.Key() == reflect.TypeFor[string]() && t.Elem().Kind() != reflect.Bool:
		return mapOf(t, p.coder(t.Elem()))
	case k == reflect.Struct:
		return p.structure(t)
	}
	panic(fmt.Sprintf("compact: %s has no form", t))
}

func pointerTo(t reflect.Type, of coder) coder {
	return coder{
		func(w *writer, v reflect.Value) { of.put(w, v.Elem()) },
		func(r *reader, v reflect.Value) {
			v.Set(reflect.New(t))
			of.get(r, v.Elem())
		},
	}
}

func sliceOf(t reflect.Type, of coder) coder {
	return coder{
		func(w *writer, v reflect.Value) {
			w.uvarint(uint64(v.Len())) //nolint:gosec // not negative
			for i := range v.Len() {
				of.put(w, v.Index(i))
			}
		},
		func(r *reader, v reflect.Value) {
			n := r.count()
			v.Set(reflect.MakeSlice(t, n, n))
			for i := 0; i < n && r.err == nil; i++ {
				of.get(r, v.Index(i))
			}
		},
	}
}

func mapOf(t reflect.Type, of coder) coder {
	return coder{
		func(w *writer, v reflect.Value) {
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			w.uvarint(uint64(len(keys)))
			at := reflect.New(t.Elem()).Elem()
			for _, key := range keys {
				w.text(key.String())
				at.Set(v.MapIndex(key))
				of.put(w, at)
			}
		},
		func(r *reader, v reflect.Value) {
			v.Set(reflect.MakeMap(t))
			for n := r.count(); n > 0 && r.err == nil; n-- {
				key, at := r.text(), reflect.New(t.Elem()).Elem()
				of.get(r, at)
				v.SetMapIndex(reflect.ValueOf(key), at)
			}
		},
	}
}

// field is one of a struct, or of one that is embedded in it.
type field struct {
	coder
	index []int
	empty func(reflect.Value) bool
}

func (p *planner) structure(t reflect.Type) coder {
	there, order := named(t, nil), p.forms[t.String()]
	if len(there) != len(order) || len(order) > maxFields {
		panic(fmt.Sprintf("compact: %s has %d fields, and its form %d: %v", t, len(there), len(order), order))
	}
	fields := make([]field, 0, len(order))
	for _, name := range order {
		f, ok := there[name]
		if !ok {
			panic(fmt.Sprintf("compact: %s has no field %s", t, name))
		}
		delete(there, name)
		fields = append(fields, field{p.coder(f.Type), f.Index, emptiness(f.Type)})
	}
	return coder{
		func(w *writer, v reflect.Value) { putFields(w, v, fields) },
		func(r *reader, v reflect.Value) { takeFields(r, v, fields) },
	}
}

// named are the fields of a struct by their names in JSON, those of embedded
// structs among them.
func named(t reflect.Type, below []int) map[string]reflect.StructField {
	found := make(map[string]reflect.StructField)
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index = append(slices.Clone(below), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			for name, inner := range named(f.Type, f.Index) {
				found[name] = inner
			}
		case name == "":
			panic(fmt.Sprintf("compact: the field %s of %s has no name", f.Name, t))
		default:
			found[name] = f
		}
	}
	return found
}

func emptiness(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return func(v reflect.Value) bool { return v.Addr().Interface().(*time.Time).IsZero() }
		}
	}
	return reflect.Value.IsZero
}

func (f *field) in(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

func putFields(w *writer, v reflect.Value, fields []field) {
	var bits uint64
	for i := range fields {
		if f := &fields[i]; !f.empty(f.in(v)) {
			bits |= 1 << i
		}
	}
	w.uvarint(bits)
	for i := range fields {
		if bits&(1<<i) != 0 {
			fields[i].put(w, fields[i].in(v))
		}
	}
}

func takeFields(r *reader, v reflect.Value, fields []field) {
	bits := r.uvarint()
	if len(fields) < maxFields && bits>>len(fields) != 0 {
		r.fail(ErrVersion)
	}
	for i := range fields {
		if bits&(1<<i) != 0 && r.err == nil {
			fields[i].get(r, fields[i].in(v))
		}
	}
}
