package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
)

// encodeOutput writes an output as JSON in which empty lists and tables stand in place
// of null.
func encodeOutput(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(withoutNulls(reflect.ValueOf(v))); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return b.Bytes(), nil
}

// withoutNulls returns a copy of a value with empty lists and maps in place of nil
// ones, at any depth.
func withoutNulls(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return fillNulls(v).Interface()
}

func fillNulls(v reflect.Value) reflect.Value {
	if marshalsItself(v.Type()) {
		return v
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return fillReference(v)
	case reflect.Slice:
		return fillList(v)
	case reflect.Array:
		out := reflect.New(v.Type()).Elem()
		for i := range v.Len() {
			out.Index(i).Set(fillNulls(v.Index(i)))
		}
		return out
	case reflect.Map:
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for key, value := range v.Seq2() {
			out.SetMapIndex(key, fillNulls(value))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(fillNulls(v.Field(i)))
			}
		}
		return out
	}
	return v
}

func fillReference(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	inner := fillNulls(v.Elem())
	if v.Kind() == reflect.Interface {
		out.Set(inner)
		return out
	}
	out.Set(reflect.New(v.Type().Elem()))
	out.Elem().Set(inner)
	return out
}

func fillList(v reflect.Value) reflect.Value {
	if v.Type().Elem().Kind() == reflect.Uint8 && !v.IsNil() {
		return v
	}
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		out.Index(i).Set(fillNulls(v.Index(i)))
	}
	return out
}

// marshalsItself reports whether a type writes its own JSON.
func marshalsItself(t reflect.Type) bool {
	for _, i := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		if t.Kind() != reflect.Interface && (t.Implements(i) || reflect.PointerTo(t).Implements(i)) {
			return true
		}
	}
	return false
}

// nextOf returns the cursor of the page after an output.
func nextOf(out any) string {
	v := reflect.Indirect(reflect.ValueOf(out))
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.Type.Kind() == reflect.String && jsonName(f) == "next" {
			return v.FieldByIndex(f.Index).String()
		}
	}
	return ""
}
