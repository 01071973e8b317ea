// Package jsonpath is how editors say where a value stands in a JSON document, the
// same in every kind that reads such documents: names with points between them, or
// a JSON path. What a path may cost is bounded, and what is beyond that is said.
package jsonpath

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"

	"keypull/pull"
	"keypull/pull/words"
)

// Limits of a path. With each ".." values are looked at once more for each that
// holds them, so that no path looks at a value more often than it is deep.
const (
	maxBytes      = 500
	maxDescents   = 2
	maxConditions = 3
	maxUnions     = 3
	maxResults    = pull.MaxSnapshotItems
)

// onlyName is the step that leads to the name of the only member of an object.
const onlyName = "~"

// What is said of a text that is no path, and of one that is not followed.
var (
	errPath = words.Fail(nil, "source.json_path", nil)
	errWide = words.Fail(nil, "source.json_path_wide", words.Args{"bytes": maxBytes, "descents": maxDescents, "conditions": maxConditions, "unions": maxUnions})
)

// Path finds values in a JSON document.
type Path struct {
	names []string
	expr  jp.Expr
	// text is a path that has places, which is read anew once they are filled.
	text string
	// Compares says that values are compared; Many that it finds more than one, in
	// an order that is made.
	Compares, Many bool
	// any says that which of its values is the first is for Find to say; rooted that
	// it compares with what stands below the root.
	any, rooted bool
}

// Parse reads a path, in which places may stand for a part of it; "" is that of the
// whole document. The error is for an editor.
func Parse(text string, places ...string) (Path, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "$" || text == "@" {
		return Path{}, nil
	}
	if len(text) > maxBytes {
		return Path{}, errWide
	}
	if !strings.ContainsAny(text, "$[]*?@") {
		return Path{names: strings.Split(text, ".")}, nil
	}
	var p Path
	for _, place := range places {
		if strings.Contains(text, place) {
			p.text = cmp.Or(p.text, text)
			text = strings.ReplaceAll(text, place, "x")
		}
	}
	bare := stripTexts(text)
	if isWide(bare) {
		return Path{}, errWide
	}
	var err error
	if p.expr, err = parseExpression(text); err != nil {
		return Path{}, err
	}
	p.Compares = strings.Contains(bare, "?")
	p.rooted = strings.LastIndexByte(bare, '$') > 0
	p.any = p.Compares || strings.Contains(bare, "*") || strings.Contains(bare, "..")
	p.Many = p.any || strings.ContainsAny(bare, ":,")
	return p, nil
}

// isWide reports whether a path, without its texts, costs more than is spent.
func isWide(bare string) bool {
	again := strings.Count(bare, "$")
	if strings.HasPrefix(bare, "$") {
		again--
	}
	// From the root on, once for each value that is compared.
	if again > 0 && (strings.Contains(bare, "..") || strings.Contains(bare, "*")) {
		return true
	}
	return strings.Count(bare, "..") > maxDescents || strings.Count(bare, "?") > maxConditions || countUnions(bare) > maxUnions
}

// parseExpression parses a JSON path.
func parseExpression(text string) (expr jp.Expr, err error) {
	defer func() {
		if recover() != nil {
			err = errPath
		}
	}()
	if expr, err = jp.ParseString(text); err != nil {
		return nil, errPath
	}
	for _, step := range expr {
		if names, ok := step.(jp.Union); ok && repeatsName(names) {
			return nil, errWide
		}
	}
	return expr, nil
}

// repeatsName reports whether a union names a member twice.
func repeatsName(names jp.Union) bool {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return true
		}
	}
	return false
}

// stripTexts returns a path without what stands in its quotation marks.
func stripTexts(text string) string {
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

// countUnions counts the brackets that name several members.
func countUnions(bare string) int {
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

// Places reports whether places stand in a path, of which one is given.
func (p Path) Places(places ...string) bool {
	return p.text != "" || slices.ContainsFunc(p.names, func(name string) bool {
		return slices.ContainsFunc(places, func(place string) bool { return strings.Contains(name, place) })
	})
}

// Fill puts values in the place of places: pairs of the two. A path that is none by
// what it was filled with finds nothing.
func (p Path) Fill(pairs ...string) Path {
	if p.text != "" {
		escaped := slices.Clone(pairs)
		for i := 1; i < len(escaped); i += 2 {
			escaped[i] = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`).Replace(escaped[i])
		}
		var err error
		if p.expr, err = parseExpression(strings.NewReplacer(escaped...).Replace(p.text)); err != nil {
			p.expr = jp.Expr{}
		}
		return p
	}
	fill := strings.NewReplacer(pairs...)
	p.names = slices.Clone(p.names)
	for i, name := range p.names {
		p.names[i] = fill.Replace(name)
	}
	return p
}

// Find returns the values at a path, at most as many as a snapshot has items, in the
// order in which lists have them; members of an object by name. A breakdown of the
// path finds nothing.
func (p Path) Find(d Document) (found []Document) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	if !p.Many {
		if v, ok := p.firstIn(d.Exact); ok {
			c, _ := p.firstIn(d.comparable)
			return []Document{{Exact: v, comparable: c}}
		}
		return nil
	}
	if p.rooted { // which the places of values are found without
		for _, v := range p.expr.Get(d.Exact) {
			found = append(found, Document{Exact: v, comparable: v})
		}
		return found[:min(len(found), maxResults)]
	}
	for _, at := range p.locate(d) {
		if v, ok := at.FirstFound(d.Exact); ok {
			c, _ := at.FirstFound(d.comparable)
			found = append(found, Document{Exact: v, comparable: c})
		}
	}
	return found
}

// First returns the first value at a path; of values that lie within each other's
// objects the innermost.
func (p Path) First(d Document) (value any, ok bool) {
	defer func() {
		if recover() != nil {
			value, ok = nil, false
		}
	}()
	if !p.any || p.rooted {
		return p.firstIn(d.Exact)
	}
	places := p.locate(d)
	if len(places) == 0 {
		return nil, false
	}
	first := places[0]
	for _, at := range places[1:] {
		if holder := first[:len(first)-1]; len(at) > len(first) && comparePlaces(at[:len(holder)], holder) == 0 {
			first = at
		}
	}
	return first.FirstFound(d.Exact)
}

// firstIn returns the first value at the path in a value.
func (p Path) firstIn(v any) (any, bool) {
	if p.expr != nil {
		return p.expr.FirstFound(v)
	}
	return followNames(v, p.names)
}

// locate returns the places of the values, in their order.
func (p Path) locate(d Document) []jp.Expr {
	places := p.expr.Locate(d.comparable, maxResults)
	slices.SortFunc(places, comparePlaces)
	return slices.CompactFunc(places, func(a, b jp.Expr) bool { return comparePlaces(a, b) == 0 })
}

// Holders returns what holds the value at a path, what holds that, and so on, from
// the nearest to the whole document.
func (p Path) Holders(d Document) []any {
	var all []any
	for n := max(len(p.expr), len(p.names)) - 1; n >= 0; n-- {
		up := Path{names: p.names[:min(n, len(p.names))]}
		if p.expr != nil {
			up.expr = append(jp.Expr{}, p.expr[:n]...)
		}
		if v, ok := up.firstIn(d.Exact); ok {
			all = append(all, v)
		}
	}
	return all
}

// comparePlaces compares two places step by step.
func comparePlaces(a, b jp.Expr) int {
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

// followNames returns the value that some names lead to, or false if there is none.
func followNames(v any, names []string) (any, bool) {
	for _, name := range names {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[name]
			if !ok && name == onlyName && len(at) == 1 {
				for only := range at {
					next, ok = only, true
				}
			}
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

// Parent returns the path to the list or object whose members a path lists; false
// where it does not end so.
func Parent(text string) (Path, bool) {
	text = strings.TrimSpace(text)
	for _, end := range []string{"[*]", ".*"} {
		if up, ok := strings.CutSuffix(text, end); ok {
			p, err := Parse(up)
			return p, err == nil
		}
	}
	return Path{}, false
}
