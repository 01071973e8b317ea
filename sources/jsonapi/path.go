package jsonapi

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"

	"keypull/sources/shape"
)

// Limits of a path. What multiplies is bounded, so that no path looks at a
// document more often than it is deep.
const (
	maxPathBytes  = 500
	maxConditions = 3
	maxResults    = shape.MaxRecords
)

var errPath = errors.New("no path that can be followed within limits")

// path finds values in a JSON document: dotted names, or a JSON path.
type path struct {
	names []string
	expr  jp.Expr
	// filtered paths compare values; many ones find more than one, in an order
	// that is made.
	filtered, many bool
}

// parsePath reads a path; "" is that of the whole document.
func parsePath(text string) (p path, err error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "$" || text == "@" {
		return path{}, nil
	}
	if len(text) > maxPathBytes {
		return path{}, errPath
	}
	if !strings.ContainsAny(text, "$[]*?@") {
		return path{names: strings.Split(text, ".")}, nil
	}
	bare := withoutTexts(text)
	if strings.Count(bare, "..") > 1 || strings.Count(bare, "?") > maxConditions ||
		strings.Count(bare, "$") > 1 || strings.Contains(bare, "$") && bare[0] != '$' || unions(bare) > 1 || strings.Contains(bare, "..") && strings.Count(bare, "?") > 1 {
		return path{}, errPath
	}
	defer func() {
		if recover() != nil {
			err = errPath
		}
	}()
	expr, err := jp.ParseString(text)
	if err != nil {
		return path{}, errPath
	}
	return path{expr: expr, filtered: strings.Contains(bare, "?"), many: strings.ContainsAny(bare, "*?:,") || strings.Contains(bare, "..")}, nil
}

// withoutTexts returns a path without what stands in its quotation marks.
func withoutTexts(text string) string {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unions counts the brackets that name several members.
func unions(bare string) int {
	n, depth, comma := 0, 0, false
	for i := range len(bare) {
		switch bare[i] {
		case '[', '(':
			depth++
			comma = false
		case ']', ')':
			if comma {
				n++
			}
			depth, comma = depth-1, false
		case ',':
			comma = depth > 0
		}
	}
	return n
}

// document is a part of an answer: its values with all their digits, and the
// same once more with numbers that can be compared.
type document struct {
	exact, comparable any
	// guessed names an encoding that nothing told.
	guessed string
}

// find returns the values at a path, at most maxResults, in the order in which
// lists have them; members of an object by name. A breakdown of the path finds
// nothing.
func (p path) find(d document) (found []document) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	switch {
	case p.expr == nil:
		if v, ok := walk(d.exact, p.names); ok {
			c, _ := walk(d.comparable, p.names)
			return []document{{exact: v, comparable: c}}
		}
		return nil
	case !p.many:
		if v, ok := p.expr.FirstFound(d.exact); ok {
			c, _ := p.expr.FirstFound(d.comparable)
			return []document{{exact: v, comparable: c}}
		}
		return nil
	}
	places := p.expr.Locate(d.comparable, maxResults)
	slices.SortFunc(places, inOrder)
	for _, at := range slices.CompactFunc(places, func(a, b jp.Expr) bool { return inOrder(a, b) == 0 }) {
		if v, ok := at.FirstFound(d.exact); ok {
			c, _ := at.FirstFound(d.comparable)
			found = append(found, document{exact: v, comparable: c})
		}
	}
	return found
}

// inOrder compares two places step by step.
func inOrder(a, b jp.Expr) int {
	for i := range min(len(a), len(b)) {
		n, isNumber := a[i].(jp.Nth)
		m, both := b[i].(jp.Nth)
		var c int
		if isNumber && both {
			c = int(n) - int(m)
		} else {
			c = strings.Compare(jp.Expr{a[i]}.String(), jp.Expr{b[i]}.String())
		}
		if c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

// walk follows names.
func walk(v any, names []string) (any, bool) {
	for _, name := range names {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[name]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(name)
			if err == nil && i < 0 {
				i += len(at)
			}
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// parent returns the path to the list or object whose members a path lists; false
// where it does not end so.
func parent(text string) (path, bool) {
	text = strings.TrimSpace(text)
	for _, end := range []string{"[*]", ".*"} {
		if up, ok := strings.CutSuffix(text, end); ok {
			p, err := parsePath(up)
			return p, err == nil
		}
	}
	return path{}, false
}

// compared returns a copy of a value whose numbers can be compared.
func compared(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, member := range v {
			m[name] = compared(member)
		}
		return m
	case []any:
		all := make([]any, len(v))
		for i, entry := range v {
			all[i] = compared(entry)
		}
		return all
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return v
}
