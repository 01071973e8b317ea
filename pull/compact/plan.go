package compact

import (
	"encoding/json"
	"fmt"
	"math/bits"
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

func (p *planner) coderOf(t reflect.Type) coder {
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
			func(w *writer, v reflect.Value) { w.writeTime(*v.Addr().Interface().(*time.Time)) },
			func(r *reader, v reflect.Value) { *v.Addr().Interface().(*time.Time) = r.readTime() },
		}
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
	case k == reflect.String:
		return coder{func(w *writer, v reflect.Value) { w.writeText(v.String()) }, func(r *reader, v reflect.Value) { v.SetString(r.readText()) }}
	case k == reflect.Bool:
		return coder{func(*writer, reflect.Value) {}, func(_ *reader, v reflect.Value) { v.SetBool(true) }}
	case k == reflect.Int, k == reflect.Int64:
		return coder{func(w *writer, v reflect.Value) { w.writeVarint(v.Int()) }, func(r *reader, v reflect.Value) { v.SetInt(r.readVarint()) }}
	case k == reflect.Uint64:
		return coder{func(w *writer, v reflect.Value) { w.writeUvarint(v.Uint()) }, func(r *reader, v reflect.Value) { v.SetUint(r.readUvarint()) }}
	case k == reflect.Float64:
		return coder{func(w *writer, v reflect.Value) { w.writeFloat(v.Float()) }, func(r *reader, v reflect.Value) { v.SetFloat(r.readFloat()) }}
	case k == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return pointerTo(t.Elem(), p.coderOf(t.Elem()))
	case t == reflect.TypeFor[[]uint64]():
		return coder{
			func(w *writer, v reflect.Value) { w.writeNumbers(*v.Addr().Interface().(*[]uint64)) },
			func(r *reader, v reflect.Value) { *v.Addr().Interface().(*[]uint64) = r.readNumbers() },
		}
	case t == reflect.TypeFor[[]byte]():
		return coder{
			func(w *writer, v reflect.Value) { w.writeBytes(v.Bytes()) },
			func(r *reader, v reflect.Value) { v.SetBytes(r.readBytes()) },
		}
	case t == reflect.TypeFor[[]string]():
		return coder{
			func(w *writer, v reflect.Value) { w.writeTexts(*v.Addr().Interface().(*[]string)) },
			func(r *reader, v reflect.Value) { *v.Addr().Interface().(*[]string) = r.readTexts() },
		}
	case k == reflect.Slice && (t.Elem().Kind() == reflect.Struct || t.Elem().Kind() == reflect.String):
		return sliceOf(p.coderOf(t.Elem()))
	case k == reflect.Map && t.Key() == reflect.TypeFor[string]() && t.Elem().Kind() != reflect.Bool:
		return mapOf(t, p.coderOf(t.Elem()))
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

func sliceOf(of coder) coder {
	return coder{
		func(w *writer, v reflect.Value) {
			w.writeUvarint(uint64(v.Len())) //nolint:gosec // not negative
			for i := range v.Len() {
				of.put(w, v.Index(i))
			}
		},
		func(r *reader, v reflect.Value) {
			n := r.readCount()
			v.Grow(n)
			v.SetLen(n)
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
			w.writeUvarint(uint64(len(keys)))
			at := reflect.New(t.Elem()).Elem()
			for _, key := range keys {
				w.writeText(key.String())
				at.Set(v.MapIndex(key))
				of.put(w, at)
			}
		},
		func(r *reader, v reflect.Value) {
			v.Set(reflect.MakeMap(t))
			for n := r.readCount(); n > 0 && r.err == nil; n-- {
				key, at := r.readText(), reflect.New(t.Elem()).Elem()
				of.get(r, at)
				v.SetMapIndex(reflect.ValueOf(key), at)
			}
		},
	}
}

// structPlan is how the values of a struct are written: its fields in the order of
// the form, and where those embedded in it stand.
type structPlan struct {
	fields []field
	// embedded are the structs that fields stand in, each within an earlier one; the
	// first is the whole.
	embedded []place
}

// field is one of a struct, or of one that is embedded in it.
type field struct {
	coder
	place

	empty func(reflect.Value) bool
}

// place is a field of one of the structs of a plan.
type place struct{ in, at int }

func (p *planner) structure(t reflect.Type) coder {
	there, order := named(t, nil), p.forms[t.String()]
	if len(there) != len(order) || len(order) > maxFields {
		panic(fmt.Sprintf("compact: %s has %d fields, and its form %d: %v", t, len(there), len(order), order))
	}
	plan := &structPlan{embedded: []place{{}}}
	for _, name := range order {
		f, ok := there[name]
		if !ok {
			panic(fmt.Sprintf("compact: %s has no field %s", t, name))
		}
		delete(there, name)
		plan.fields = append(plan.fields, field{p.coderOf(f.Type), plan.place(f.Index), emptiness(f.Type)})
	}
	if len(plan.embedded) > maxEmbedded {
		panic(fmt.Sprintf("compact: %s embeds more than %d structs", t, maxEmbedded-1))
	}
	return coder{plan.put, plan.take}
}

// place finds where a field stands, and notes the structs that it is embedded in.
func (s *structPlan) place(index []int) place {
	in := 0
	for _, at := range index[:len(index)-1] {
		of := place{in, at}
		known := slices.Index(s.embedded[1:], of)
		if known < 0 {
			known = len(s.embedded) - 1
			s.embedded = append(s.embedded, of)
		}
		in = known + 1
	}
	return place{in, index[len(index)-1]}
}

// named returns the fields of a struct by their names in JSON, those of embedded
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

// maxEmbedded is how many structs a plan has places for: the whole, and those
// embedded in it.
const maxEmbedded = 4

// parts are the structs of a plan in one value.
type parts [maxEmbedded]reflect.Value

func (s *structPlan) parts(v reflect.Value) (p parts) {
	p[0] = v
	for i, of := range s.embedded[1:] {
		p[i+1] = p[of.in].Field(of.at)
	}
	return p
}

func (p *parts) of(f *field) reflect.Value { return p[f.in].Field(f.at) }

func (s *structPlan) put(w *writer, v reflect.Value) {
	p, there := s.parts(v), uint64(0)
	for i := range s.fields {
		if f := &s.fields[i]; !f.empty(p.of(f)) {
			there |= 1 << i
		}
	}
	w.writeUvarint(there)
	for ; there != 0; there &= there - 1 {
		f := &s.fields[bits.TrailingZeros64(there)]
		f.put(w, p.of(f))
	}
}

func (s *structPlan) take(r *reader, v reflect.Value) {
	there := r.readUvarint()
	if len(s.fields) < maxFields && there>>len(s.fields) != 0 {
		r.failWith(ErrVersion)
	}
	for p := s.parts(v); there != 0 && r.err == nil; there &= there - 1 {
		f := &s.fields[bits.TrailingZeros64(there)]
		f.get(r, p.of(f))
	}
}
