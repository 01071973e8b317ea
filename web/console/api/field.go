package api

import (
	"reflect"
	"strings"
)

// field is one field of a struct as encoding/json sees it.
type field struct {
	name string
	typ  reflect.Type
	tag  reflect.StructTag
	// required fields always stand in the JSON: nothing says that they may be
	// left out.
	required bool
}

// fieldsOf lists the fields of a struct type in its order, those of embedded
// structs in their place.
func fieldsOf(t reflect.Type) (all []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			for _, e := range fieldsOf(inner) {
				e.required = e.required && f.Type.Kind() != reflect.Pointer
				all = append(all, e)
			}
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			all = append(all, field{name: name, typ: f.Type, tag: f.Tag, required: isRequired(f.Tag, options)})
		}
	}
	return all
}

// isRequired returns what the tags say: required "true" or "false", else whether
// JSON may omit it.
func isRequired(tag reflect.StructTag, options string) bool {
	switch tag.Get("required") {
	case "true":
		return true
	case "false":
		return false
	}
	return !strings.Contains(","+options+",", ",omitempty,") && !strings.Contains(","+options+",", ",omitzero,")
}

// withoutPointer returns a type without its pointer, and whether it had one.
func withoutPointer(t reflect.Type) (reflect.Type, bool) {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	return t, false
}

// minMax returns the tags min and max of a field, or false if there is none.
func (f field) minMax() (least, most string, ok bool) {
	least, most = f.tag.Get("min"), f.tag.Get("max")
	return least, most, least != "" || most != ""
}

// enumValues returns the values of the tag enum; none where everything goes.
func (f field) enumValues() []string {
	if f.tag.Get("enum") == "" {
		return nil
	}
	return strings.Split(f.tag.Get("enum"), ",")
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
