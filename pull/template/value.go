package template

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// truth: all but nothing and false.
func isTrue(v any) bool { return v != nil && v != false }

// propertyOf returns what follows a point.
func propertyOf(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		if x, ok := v[name]; ok || name != "size" {
			return x
		}
		return len(v)
	case *turn:
		return v.loopProperty(name)
	case string:
		if name == "size" {
			return len(v)
		}
	default:
		if l, ok := loopList(v); ok {
			return ofList(l, name)
		}
	}
	return nil
}

func ofList(l list, name string) any {
	switch {
	case name == "size":
		return l.len()
	case name == "first" && l.len() > 0:
		return l.at(0)
	case name == "last" && l.len() > 0:
		return l.at(l.len() - 1)
	}
	return nil
}

// placeOf returns what stands in brackets: a place of a list, those below 0 from its
// end, or a name of a map.
func placeOf(v, at any) any {
	if m, ok := v.(map[string]any); ok {
		name, _ := at.(string)
		return m[name]
	}
	if t, ok := v.(*turn); ok {
		name, _ := at.(string)
		return t.loopProperty(name)
	}
	l, ok := loopList(v)
	if !ok {
		return nil
	}
	var n int
	switch at := at.(type) {
	case int:
		n = at
	case float64:
		n, _ = wholeFloat(at)
	default:
		return nil
	}
	if n < 0 {
		n += l.len()
	}
	if n < 0 || n >= l.len() {
		return nil
	}
	return l.at(n)
}

// equalValues compares by value; whole and other numbers are of one kind.
func (r *rendering) equalValues(a, b any) (bool, error) {
	if err := r.payStep(1); err != nil {
		return false, err
	}
	switch x := a.(type) {
	case nil:
		return b == nil, nil
	case bool:
		return b == any(x), nil
	case string:
		y, ok := b.(string)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		return x == y, r.payToRead(len(x))
	case int:
		if y, ok := b.(int); ok {
			return x == y, nil
		}
	case map[string]any, *turn:
		return false, nil
	}
	if x, ok := numberOf(a); ok {
		y, ok := numberOf(b)
		return ok && x == y, nil
	}
	x, _ := loopList(a)
	y, ok := loopList(b)
	if _, isMap := b.(map[string]any); !ok || isMap || x == nil || x.len() != y.len() {
		return false, nil
	}
	for i := range x.len() {
		if same, err := r.equalValues(x.at(i), y.at(i)); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// numberOf returns a number that is one already.
func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// lessValue orders numbers, texts, and false before true; all else has no order.
func (r *rendering) lessValue(a, b any) (bool, error) {
	if err := r.payStep(1); err != nil {
		return false, err
	}
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x < y, r.payToRead(min(len(x), len(y)))
	case bool:
		y, ok := b.(bool)
		return ok && !x && y, nil
	case int:
		if y, ok := b.(int); ok {
			return x < y, nil
		}
	}
	x, ok := numberOf(a)
	y, also := numberOf(b)
	return ok && also && x < y, nil
}

func (r *rendering) containsValue(a, b any) (bool, error) {
	switch a := a.(type) {
	case string:
		part, err := r.textOf(b)
		if err != nil {
			return false, err
		}
		return strings.Contains(a, part), r.payToRead(len(a) + len(part))
	case map[string]any:
		name, _ := b.(string)
		_, ok := a[name]
		return ok, r.payStep(1)
	}
	l, ok := loopList(a)
	if !ok {
		return false, nil
	}
	for i := range l.len() {
		if same, err := r.equalValues(l.at(i), b); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// sizeOf returns what a value holds, in bytes. What a map has came from outside, since
// no template makes one.
func (r *rendering) sizeOf(v any) (int, error) {
	switch v := v.(type) {
	case string:
		return len(v), nil
	case []string:
		n := stringHead * len(v)
		for _, s := range v {
			n += len(s)
		}
		return n, r.payStep(1 + len(v)/4)
	case []any:
		n := valueHead * len(v)
		for _, x := range v {
			if err := r.payStep(1); err != nil {
				return 0, err
			}
			size, err := r.sizeOf(x)
			if err != nil {
				return 0, err
			}
			n += size
		}
		return n, nil
	}
	return valueHead, nil
}

// What an entry of a list takes beside its text: the header of a string, and a
// value with what it points to.
const (
	stringHead = 16
	valueHead  = 32
)

// textOf returns a value as text; nothing is "".
func (r *rendering) textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case *turn:
		return "", errors.New("forloop is no text")
	}
	n, err := r.printedText(v)
	if err != nil {
		return "", err
	}
	if err := r.payToMake(n); err != nil {
		return "", err
	}
	return printValue(v), nil
}

// printedText is about how many bytes a value takes as text.
func (r *rendering) printedText(v any) (int, error) {
	if err := r.payStep(1); err != nil {
		return 0, err
	}
	n := 0
	add := func(x any) error {
		size, err := r.printedText(x)
		n += 2 + size
		return err
	}
	switch v := v.(type) {
	case string:
		return len(v), nil
	case []string:
		for _, s := range v {
			n += 2 + len(s)
		}
		return n, r.payStep(1 + len(v)/4)
	case []any:
		for _, x := range v {
			if err := add(x); err != nil {
				return 0, err
			}
		}
		return n + 2, nil
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			n += len(name)
			if err := add(v[name]); err != nil {
				return 0, err
			}
		}
		return n + 5, nil
	}
	return 24, nil
}

func printValue(v any) string { return fmt.Sprint(v) }

// decimalOf returns a value as a number; nothing is 0.
func decimalOf(v any) (float64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case int:
		return float64(v), nil
	case float64:
		return v, nil
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f, nil
		}
		return 0, fmt.Errorf("%q is no number", shortenText(v))
	}
	return 0, fmt.Errorf("%T is no number", v)
}

// wholeOf returns a value as a whole number; nothing is 0.
func wholeOf(v any) (int, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case bool:
		return map[bool]int{true: 1}[v], nil
	case int:
		return v, nil
	case float64:
		return wholeFloat(v)
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n, nil
		}
		return 0, fmt.Errorf("%q is no whole number", shortenText(v))
	}
	return 0, fmt.Errorf("%T is no whole number", v)
}

// wholeFloat cuts off what is behind the point; what no whole number can be is
// an error, and not whatever the machine makes of it.
func wholeFloat(f float64) (int, error) {
	const most = 1 << 53
	if math.IsNaN(f) || math.Abs(f) > most {
		return 0, errors.New("the number is too large")
	}
	return int(f), nil
}

// shortenText returns a text for an error.
func shortenText(s string) string { return s[:min(len(s), 40)] }
