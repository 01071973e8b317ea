package template

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// listOf returns a value as a list of its own, that may be changed; of a map its
// values in the order of their names, and nothing is empty.
func (r *rendering) listOf(v any) ([]any, error) {
	if v == nil {
		return nil, nil
	}
	if m, ok := v.(map[string]any); ok {
		if err := r.payToMake(valueHead * len(m)); err != nil {
			return nil, err
		}
		made := make([]any, 0, len(m))
		for _, name := range slices.Sorted(maps.Keys(m)) {
			made = append(made, m[name])
		}
		return made, nil
	}
	l, ok := loopList(v)
	if !ok {
		return nil, errors.New("it works on a list")
	}
	if err := r.payToMake(valueHead * l.len()); err != nil {
		return nil, err
	}
	made := make([]any, l.len())
	for i := range made {
		made[i] = l.at(i)
	}
	return made, nil
}

func filterCompact(r *rendering, v any, _ []any) (any, error) {
	l, err := r.listOf(v)
	return slices.DeleteFunc(l, func(x any) bool { return x == nil }), err
}

func filterConcat(r *rendering, v any, args []any) (any, error) {
	a, err := r.listOf(v)
	if err != nil {
		return nil, err
	}
	b, err := r.listOf(arg(args, 0))
	if err != nil {
		return nil, err
	}
	if err := r.payToMake(valueHead * (len(a) + len(b))); err != nil {
		return nil, err
	}
	return append(a, b...), nil
}

func filterFirst(_ *rendering, v any, _ []any) (any, error) { return endOf(v, "first") }
func filterLast(_ *rendering, v any, _ []any) (any, error)  { return endOf(v, "last") }

func endOf(v any, end string) (any, error) {
	l, ok := loopList(v)
	if !ok && v != nil {
		return nil, errors.New("it works on a list")
	}
	if v == nil {
		return nil, nil //nolint:nilnil // nothing is a value
	}
	return ofList(l, end), nil
}

func filterJoin(r *rendering, v any, args []any) (any, error) {
	between, err := r.textArg(args, 0, " ")
	if err != nil {
		return nil, err
	}
	l, err := r.listOf(v)
	if err != nil {
		return nil, err
	}
	words, size := make([]string, 0, len(l)), 0
	for _, x := range l {
		if x == nil {
			continue
		}
		word, err := r.textOf(x)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
		if size += len(word) + len(between); size > MaxHeld {
			return nil, errHeld
		}
	}
	return strings.Join(words, between), r.payToMake(size)
}

func filterMap(r *rendering, v any, args []any) (any, error) {
	name, err := r.textArg(args, 0, "")
	if err != nil {
		return nil, err
	}
	l, err := r.listOf(v)
	for i, x := range l {
		l[i] = propertyOf(x, name)
	}
	return l, err
}

func filterReverse(r *rendering, v any, _ []any) (any, error) {
	l, err := r.listOf(v)
	slices.Reverse(l)
	return l, err
}

// filterSort sorts by value, or by what is under a name, what has nothing there
// first. What is alike stays in its order.
func filterSort(r *rendering, v any, args []any) (any, error) {
	l, err := r.listOf(v)
	if err != nil {
		return nil, err
	}
	key := arg(args, 0)
	if key == nil {
		return r.sort(l, r.lessValue)
	}
	name, err := r.textOf(key)
	if err != nil {
		return nil, err
	}
	under := func(v any) any {
		m, _ := v.(map[string]any)
		return m[name]
	}
	return r.sort(l, func(a, b any) (bool, error) {
		a, b = under(a), under(b)
		if a == nil {
			return b != nil, r.payStep(1)
		}
		return r.lessValue(a, b)
	})
}

// sort sorts a list in its place, and gives up where a limit is passed.
func (r *rendering) sort(l []any, less func(a, b any) (bool, error)) ([]any, error) {
	var failed error
	before := func(a, b any) bool {
		if failed != nil {
			return false
		}
		is, err := less(a, b)
		failed = err
		return is
	}
	slices.SortStableFunc(l, func(a, b any) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	})
	return l, failed
}

// sortedNatural sorts texts whatever their case, or maps by a text under a name.
func sortedNatural(r *rendering, v any, args []any) (any, error) {
	l, err := r.listOf(v)
	if err != nil {
		return nil, err
	}
	key := arg(args, 0)
	lower := func(v any) (string, error) {
		if key != nil {
			m, _ := v.(map[string]any)
			name, _ := key.(string)
			v = m[name]
		}
		s, _ := v.(string)
		return strings.ToLower(s), r.payToRead(2 * len(s))
	}
	if _, texts := arg(l, 0).(string); key == nil && !texts {
		return l, nil
	}
	return r.sort(l, func(a, b any) (bool, error) {
		x, err := lower(a)
		if err != nil {
			return false, err
		}
		y, err := lower(b)
		return x < y, err
	})
}

// filterUniq keeps the first of those that are the same.
func filterUniq(r *rendering, v any, _ []any) (any, error) {
	l, err := r.listOf(v)
	if err != nil {
		return nil, err
	}
	seen, made := map[any]bool{}, l[:0]
	var others []any
	for _, x := range l {
		if err := r.payStep(1); err != nil {
			return nil, err
		}
		var known bool
		switch y := x.(type) {
		case string:
			if err := r.payToRead(len(y)); err != nil {
				return nil, err
			}
			known, seen[y] = seen[y], true
		case nil, bool, int, float64:
			known, seen[y] = seen[y], true
		default:
			if known, err = r.among(others, x); err != nil {
				return nil, err
			}
			others = append(others, x)
		}
		if !known {
			made = append(made, x)
		}
	}
	return made, nil
}

// among looks for a list or a map.
func (r *rendering) among(all []any, x any) (bool, error) {
	n, err := r.printedText(x)
	if err != nil {
		return false, err
	}
	for _, other := range all {
		if err := r.payToRead(n); err != nil {
			return false, err
		}
		if reflect.DeepEqual(x, other) {
			return true, nil
		}
	}
	return false, nil
}
