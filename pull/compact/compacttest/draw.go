// Package compacttest draws values of any type with every field that is kept, so
// that a test of a codec forgets none.
package compacttest

import (
	"reflect"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// Draw draws a value whose fields have names in JSON, as a codec gives it back:
// lists and maps are nil where they are empty, times are in UTC.
func Draw[T any](t *rapid.T) T {
	var v T
	Fill(t, reflect.ValueOf(&v).Elem())
	return v
}

// most is how long a list or map is at most.
const most = 3

// Fill draws what Draw does, for a value that is there.
func Fill(t *rapid.T, v reflect.Value) {
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		if rapid.Bool().Draw(t, "some time") {
			// From the year 1 to 9999.
			second := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "second")
			*at = time.Unix(second, rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).UTC()
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "en", "title", "https://example.org/a", "a81f60c93d27be45", "4366412345", "abcdefabc"})).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "yes"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64().Draw(t, "number"))
	case reflect.Uint8:
		v.SetUint(uint64(rapid.Byte().Draw(t, "byte")))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64().Draw(t, "count"))
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 0.25, 1.5, 12.345678})).Draw(t, "amount"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			Fill(t, v.Elem())
		}
	case reflect.Slice:
		for range rapid.IntRange(0, most).Draw(t, "length") {
			one := reflect.New(v.Type().Elem()).Elem()
			Fill(t, one)
			v.Set(reflect.Append(v, one))
		}
	case reflect.Map:
		for range rapid.IntRange(0, most).Draw(t, "length") {
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			one := reflect.New(v.Type().Elem()).Elem()
			Fill(t, one)
			v.SetMapIndex(reflect.ValueOf(rapid.String().Draw(t, "key")), one)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !strings.HasPrefix(f.Tag.Get("json"), "-") {
				Fill(t, v.Field(i))
			}
		}
	default:
		t.Fatalf("%s is drawn by nobody", v.Type())
	}
}
