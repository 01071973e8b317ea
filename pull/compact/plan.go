package compact

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"
)

// coder writes and reads values of one type, which stand where a pointer says. What a value
// holds is reached by the offsets of its fields, since a reflected value for each of them takes
// twice the time of a document.
type coder struct {
	put   func(*writer, unsafe.Pointer)
	get   func(*reader, unsafe.Pointer)
	empty func(unsafe.Pointer) bool
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
		return coderFor((*writer).writeTime, (*reader).readTime, time.Time.IsZero)
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
	case k == reflect.String:
		return coderFor((*writer).writeText, (*reader).readText, isZero[string])
	case k == reflect.Bool:
		return coderFor(func(*writer, bool) {}, func(*reader) bool { return true }, isZero[bool])
	case k == reflect.Int:
		return coderFor(func(w *writer, n int) { w.writeVarint(int64(n)) }, func(r *reader) int { return int(r.readVarint()) }, isZero[int])
	case k == reflect.Int64:
		return coderFor((*writer).writeVarint, (*reader).readVarint, isZero[int64])
	case k == reflect.Uint64:
		return coderFor((*writer).writeUvarint, (*reader).readUvarint, isZero[uint64])
	case k == reflect.Float64:
		return coderFor((*writer).writeFloat, (*reader).readFloat, isPlainZero)
	case k == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return pointerTo(t.Elem(), p.coderOf(t.Elem()))
	case t == reflect.TypeFor[[]uint64]():
		return coderFor((*writer).writeNumbers, (*reader).readNumbers, isEmpty[uint64])
	case t == reflect.TypeFor[[]byte]():
		return coderFor((*writer).writeBytes, (*reader).readBytes, isEmpty[byte])
	case t == reflect.TypeFor[[]string]():
		return coderFor((*writer).writeTexts, (*reader).readTexts, isEmpty[string])
	case k == reflect.Slice && (t.Elem().Kind() == reflect.Struct || t.Elem().Kind() == reflect.String):
		return sliceOf(t, p.coderOf(t.Elem()))
	case t == reflect.TypeFor[map[string]string]():
		return mapFor[string](p.coderOf(t.Elem()))
	case t == reflect.TypeFor[map[string]time.Time]():
		return mapFor[time.Time](p.coderOf(t.Elem()))
	case t == reflect.TypeFor[map[string]float64]():
		return mapFor[float64](p.coderOf(t.Elem()))
	case k == reflect.Map && t.Key() == reflect.TypeFor[string]() && t.Elem().Kind() != reflect.Bool:
		return mapOf(t, p.coderOf(t.Elem()))
	case k == reflect.Struct:
		return p.structure(t)
	}
	panic(fmt.Sprintf("compact: %s has no form", t))
}

// coderFor returns the coder of the types that stand in memory as T does.
func coderFor[T any](put func(*writer, T), get func(*reader) T, empty func(T) bool) coder {
	return coder{
		func(w *writer, at unsafe.Pointer) { put(w, *(*T)(at)) },
		func(r *reader, at unsafe.Pointer) { *(*T)(at) = get(r) },
		func(at unsafe.Pointer) bool { return empty(*(*T)(at)) },
	}
}

func addressOf[T any](v *T) unsafe.Pointer {
	return unsafe.Pointer(v) //nolint:gosec // for the coder of its type alone
}

func isZero[T comparable](v T) bool { return v == *new(T) }

func isEmpty[E any](v []E) bool { return len(v) == 0 }

// isPlainZero leaves the zero that is negative to be written.
func isPlainZero(f float64) bool { return math.Float64bits(f) == 0 }

func pointerTo(t reflect.Type, of coder) coder {
	return coder{
		func(w *writer, at unsafe.Pointer) { of.put(w, *(*unsafe.Pointer)(at)) },
		func(r *reader, at unsafe.Pointer) {
			made := reflect.New(t).UnsafePointer()
			*(*unsafe.Pointer)(at) = made
			of.get(r, made)
		},
		func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil },
	}
}

func sliceOf(t reflect.Type, of coder) coder {
	size := t.Elem().Size()
	return coder{
		func(w *writer, at unsafe.Pointer) {
			// Of what elements it may be, a slice begins with where they stand.
			n, first := len(*(*[]byte)(at)), *(*unsafe.Pointer)(at)
			w.writeUvarint(uint64(n))
			for i := range n {
				of.put(w, unsafe.Add(first, uintptr(i)*size))
			}
		},
		func(r *reader, at unsafe.Pointer) {
			n, v := r.readCount(), reflect.NewAt(t, at).Elem()
			v.Grow(n)
			v.SetLen(n)
			for i, first := 0, v.UnsafePointer(); i < n && r.err == nil; i++ {
				of.get(r, unsafe.Add(first, uintptr(i)*size))
			}
		},
		func(at unsafe.Pointer) bool { return len(*(*[]byte)(at)) == 0 },
	}
}

// mapFor is mapOf without reflection: a full document of a reader takes a tenth less time with it.
func mapFor[E any](of coder) coder {
	return coder{
		func(w *writer, at unsafe.Pointer) {
			all := *(*map[string]E)(at)
			keys := slices.AppendSeq(w.keys[:0], maps.Keys(all))
			slices.Sort(keys)
			w.writeUvarint(uint64(len(keys)))
			var one E
			for _, key := range keys {
				one = all[key]
				w.writeText(key)
				of.put(w, addressOf(&one))
			}
			clear(keys)
			w.keys = keys
		},
		func(r *reader, at unsafe.Pointer) {
			n := r.readCount()
			all := make(map[string]E, n)
			var one, none E
			for ; n > 0 && r.err == nil; n-- {
				one = none
				key := r.readText()
				of.get(r, addressOf(&one))
				all[key] = one
			}
			*(*map[string]E)(at) = all
		},
		func(at unsafe.Pointer) bool { return len(*(*map[string]E)(at)) == 0 },
	}
}

func mapOf(t reflect.Type, of coder) coder {
	return coder{
		func(w *writer, at unsafe.Pointer) {
			v, one := reflect.NewAt(t, at).Elem(), reflect.New(t.Elem())
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			w.writeUvarint(uint64(len(keys)))
			for _, key := range keys {
				w.writeText(key.String())
				one.Elem().Set(v.MapIndex(key))
				of.put(w, one.UnsafePointer())
			}
		},
		func(r *reader, at unsafe.Pointer) {
			n := r.readCount()
			v := reflect.MakeMapWithSize(t, n)
			key, one := reflect.New(t.Key()), reflect.New(t.Elem())
			for ; n > 0 && r.err == nil; n-- {
				key.Elem().SetString(r.readText())
				one.Elem().SetZero()
				of.get(r, one.UnsafePointer())
				v.SetMapIndex(key.Elem(), one.Elem())
			}
			reflect.NewAt(t, at).Elem().Set(v)
		},
		func(at unsafe.Pointer) bool { return reflect.NewAt(t, at).Elem().Len() == 0 },
	}
}

// structPlan is how the values of a struct are written: its fields in the order of the form,
// those of embedded structs among them.
type structPlan []field

// field is one of a struct.
type field struct {
	coder

	offset uintptr
}

func (p *planner) structure(t reflect.Type) coder {
	there, order := fieldsOf(t, 0), p.forms[t.String()]
	if len(there) != len(order) || len(order) > maxFields {
		panic(fmt.Sprintf("compact: %s has %d fields, and its form %d: %v", t, len(there), len(order), order))
	}
	var plan structPlan
	for _, name := range order {
		f, ok := there[name]
		if !ok {
			panic(fmt.Sprintf("compact: %s has no field %s", t, name))
		}
		delete(there, name)
		plan = append(plan, field{p.coderOf(f.Type), f.Offset})
	}
	return coder{plan.putFields, plan.takeFields, func(at unsafe.Pointer) bool { return reflect.NewAt(t, at).Elem().IsZero() }}
}

// fieldsOf returns the fields of a struct by their names in JSON, those of embedded structs
// among them, each with its offset in what the struct stands in, at an offset of its own.
func fieldsOf(t reflect.Type, offset uintptr) map[string]reflect.StructField {
	found := make(map[string]reflect.StructField)
	for i := range t.NumField() {
		f := t.Field(i)
		f.Offset += offset
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			maps.Copy(found, fieldsOf(f.Type, f.Offset))
		case name == "":
			panic(fmt.Sprintf("compact: the field %s of %s has no name", f.Name, t))
		default:
			found[name] = f
		}
	}
	return found
}

func (s structPlan) putFields(w *writer, at unsafe.Pointer) {
	there := uint64(0)
	for i := range s {
		if f := &s[i]; !f.empty(unsafe.Add(at, f.offset)) {
			there |= 1 << i
		}
	}
	w.writeUvarint(there)
	for ; there != 0; there &= there - 1 {
		f := &s[bits.TrailingZeros64(there)]
		f.put(w, unsafe.Add(at, f.offset))
	}
}

func (s structPlan) takeFields(r *reader, at unsafe.Pointer) {
	there := r.readUvarint()
	if len(s) < maxFields && there>>len(s) != 0 {
		r.failWith(ErrVersion)
	}
	for ; there != 0 && r.err == nil; there &= there - 1 {
		f := &s[bits.TrailingZeros64(there)]
		f.get(r, unsafe.Add(at, f.offset))
	}
}
