package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// checker holds an input against the types of its operation, before anything
// is decoded into them, so that every problem is told at once and by its name.
type checker struct{ problems settings.Problems }

func (c *checker) addProblem(at, key string, args ...any) {
	c.problems = append(c.problems, settings.NewProblem(at, key, args...))
}

// checkValue judges one value; at is its path.
func (c *checker) checkValue(at string, f field, v any) {
	t, pointer := withoutPointer(f.typ)
	switch {
	case v == nil && (pointer || t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]()):
		return
	case v == nil:
		c.addProblem(at, "required")
	case t == reflect.TypeFor[time.Time]():
		c.checkTime(at, v)
	case decodesItself(t):
		c.checkText(at, v)
	case isText(t):
		c.checkString(at, f, v)
	default:
		c.checkByKind(at, f, t, v)
	}
}

// decodesItself reports whether a type takes any JSON and checks it itself.
func decodesItself(t reflect.Type) bool {
	return t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]() ||
		reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// isText reports whether the type is a string in JSON.
func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func (c *checker) checkByKind(at string, f field, t reflect.Type, v any) {
	switch t.Kind() {
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			c.addProblem(at, "toggle", "got", jsonTypeName(v))
		}
	case reflect.Struct:
		c.checkObject(at, t, v)
	case reflect.Map:
		c.checkMap(at, t, v)
	case reflect.Slice, reflect.Array:
		c.checkList(at, f, t, v)
	case reflect.Float32, reflect.Float64:
		c.checkFloat(at, f, t, v)
	default:
		c.checkInteger(at, f, t, v)
	}
}

func (c *checker) checkObject(at string, t reflect.Type, v any) {
	values, ok := v.(map[string]any)
	if !ok {
		c.addProblem(at, "row", "got", jsonTypeName(v))
		return
	}
	c.checkFields(at, fieldsOf(t), values)
}

// checkFields judges the values of an object by its fields.
func (c *checker) checkFields(at string, fields []field, values map[string]any) {
	if at != "" {
		at += "."
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
		v, given := values[f.name]
		switch {
		case given:
			c.checkValue(at+f.name, f, v)
		case f.required:
			c.addProblem(at+f.name, "required")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(names, name) {
			continue
		}
		shown := at + printable(name)
		if nearest := settings.Nearest(name, names); nearest != "" {
			c.addProblem(shown, "unknown_nearest", "nearest", nearest)
			continue
		}
		c.addProblem(shown, "unknown", "known", strings.Join(names, ", "))
	}
}

func (c *checker) checkMap(at string, t reflect.Type, v any) {
	values, ok := v.(map[string]any)
	if !ok {
		c.addProblem(at, "row", "got", jsonTypeName(v))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		c.checkText(at, name)
		c.checkValue(at+"."+printable(name), field{typ: t.Elem()}, values[name])
	}
}

func (c *checker) checkList(at string, f field, t reflect.Type, v any) {
	if t.Elem().Kind() == reflect.Uint8 {
		c.checkString(at, field{typ: f.typ}, v)
		return
	}
	values, ok := v.([]any)
	if !ok {
		c.addProblem(at, "rows", "got", jsonTypeName(v))
		return
	}
	c.checkSize(at, f, len(values), "min_entries", "max_entries")
	for i, e := range values {
		c.checkValue(at+"["+strconv.Itoa(i)+"]", field{typ: t.Elem()}, e)
	}
}

func (c *checker) checkString(at string, f field, v any) {
	text, ok := v.(string)
	if !ok {
		c.addProblem(at, "text", "got", jsonTypeName(v))
		return
	}
	c.checkText(at, text)
	if all := f.enumValues(); all != nil && !slices.Contains(all, text) {
		c.addProblem(at, "choice", "choices", strings.Join(all, ", "), "got", strconv.Quote(text))
	}
	if text == "" && f.tag.Get("required") == "true" {
		c.addProblem(at, "required")
		return
	}
	c.checkSize(at, f, utf8.RuneCountInString(text), "min_length", "max_length")
}

// checkSize holds a length against the bounds.
func (c *checker) checkSize(at string, f field, n int, least, most string) {
	low, high, ok := f.minMax()
	if !ok {
		return
	}
	if bound, err := strconv.Atoi(low); err == nil && n < bound {
		c.addProblem(at, least, "min", low, "got", strconv.Itoa(n))
	}
	if bound, err := strconv.Atoi(high); err == nil && n > bound {
		c.addProblem(at, most, "max", high, "got", strconv.Itoa(n))
	}
}

func (c *checker) checkInteger(at string, f field, t reflect.Type, v any) {
	n, ok := v.(json.Number)
	if !ok {
		c.addProblem(at, "number", "got", jsonTypeName(v))
		return
	}
	i, ok := new(big.Int).SetString(n.String(), 10)
	if !ok {
		c.addProblem(at, "number", "got", words.Text{Key: "got.fraction"})
		return
	}
	low, high := integerRange(t)
	if i.Cmp(low) < 0 || i.Cmp(high) > 0 {
		c.addProblem(at, "number_range", "min", low.String(), "max", high.String())
		return
	}
	least, most, _ := f.minMax()
	if bound, ok := new(big.Int).SetString(least, 10); ok && i.Cmp(bound) < 0 {
		c.addProblem(at, "min", "min", least)
	}
	if bound, ok := new(big.Int).SetString(most, 10); ok && i.Cmp(bound) > 0 {
		c.addProblem(at, "max", "max", most)
	}
}

// integerRange returns the least and the greatest number of an integer type.
func integerRange(t reflect.Type) (low, high *big.Int) {
	one := big.NewInt(1)
	if t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr {
		high = new(big.Int).Lsh(one, uint(t.Bits()))
		return new(big.Int), high.Sub(high, one)
	}
	high = new(big.Int).Lsh(one, uint(t.Bits()-1))
	return new(big.Int).Neg(high), new(big.Int).Sub(high, one)
}

func (c *checker) checkFloat(at string, f field, t reflect.Type, v any) {
	n, ok := v.(json.Number)
	if !ok {
		c.addProblem(at, "number", "got", jsonTypeName(v))
		return
	}
	x, err := strconv.ParseFloat(n.String(), t.Bits())
	if err != nil {
		c.addProblem(at, "number", "got", words.Text{Key: "got.large"})
		return
	}
	least, most, _ := f.minMax()
	if bound, err := strconv.ParseFloat(least, 64); err == nil && x < bound {
		c.addProblem(at, "min", "min", least)
	}
	if bound, err := strconv.ParseFloat(most, 64); err == nil && x > bound {
		c.addProblem(at, "max", "max", most)
	}
}

func (c *checker) checkTime(at string, v any) {
	text, ok := v.(string)
	if !ok {
		c.addProblem(at, "time", "got", jsonTypeName(v))
		return
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		c.addProblem(at, "time", "got", strconv.Quote(printable(text)))
	}
}

// checkText refuses zero bytes, however deep they are.
func (c *checker) checkText(at string, v any) {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			c.addProblem(at, "not_text")
		}
	case []any:
		for i, e := range v {
			c.checkText(at+"["+strconv.Itoa(i)+"]", e)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			c.checkText(at, name)
			c.checkText(at+"."+printable(name), v[name])
		}
	}
}

// jsonTypeName returns what a JSON value is called in a sentence.
func jsonTypeName(v any) words.Text {
	switch v.(type) {
	case string:
		return words.Text{Key: "got.text"}
	case bool:
		return words.Text{Key: "got.toggle"}
	case json.Number:
		return words.Text{Key: "got.number"}
	case []any:
		return words.Text{Key: "got.list"}
	case map[string]any:
		return words.Text{Key: "got.table"}
	}
	return words.Text{Key: "got.nothing"}
}

// printable returns a name as it may be repeated in an answer.
func printable(name string) string {
	const longest = 60
	return strings.Trim(fmt.Sprintf("%q", words.Shorten(name, longest)), `"`)
}
