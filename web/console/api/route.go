package api

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"

	"keypull/web/console"
)

// The places of parameters, as OpenAPI calls them.
const (
	inPath   = "path"
	inQuery  = "query"
	inHeader = "header"
)

// parameter is an input field that does not stand in the body.
type parameter struct {
	field
	place string
	// key is its name there; in JSON it has the field's.
	key string
}

// route is an operation and where its input comes from.
type route struct {
	op     console.Bound
	params []parameter
	body   []field
	// told are fields of what is answered that a PUT takes too, so that what was
	// read can be written back as it was read; they change nothing.
	told []field
	// guard is the version that is replaced; nil if nothing is.
	guard  *parameter
	status int
	// empty operations have no output, versioned ones tell an ETag, paged ones
	// where the next page is.
	empty, versioned, paged bool
}

// writes reports whether it may change something.
func (o *route) writes() bool { return o.op.Method != http.MethodGet }

func (o *route) inBody(name string) bool {
	return slices.ContainsFunc(o.body, func(f field) bool { return f.name == name })
}

// newRoute sorts the input fields of an operation by their place.
func newRoute(op console.Bound) (*route, error) {
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}
	if !slices.Contains(methods, op.Method) || op.Path[0] != '/' {
		return nil, fmt.Errorf("it can't be served as %q %q", op.Method, op.Path)
	}
	in, _ := withoutPointer(reflect.TypeOf(op.In))
	if in == nil || in.Kind() != reflect.Struct {
		return nil, errors.New("its input is no struct")
	}
	o := &route{op: op, status: op.Status}
	wanted := pathNames(op.Path)
	for _, f := range fieldsOf(in) {
		p, ok := parameterOf(f, op.Method, wanted)
		if !ok {
			o.body = append(o.body, f)
			continue
		}
		if !isSimple(f.typ) {
			return nil, fmt.Errorf("its field %s can't stand in %s", f.name, p.place)
		}
		o.params = append(o.params, p)
		if p.place == inHeader && p.key == "If-Match" {
			o.guard = &p
		}
	}
	for _, name := range wanted {
		if !slices.ContainsFunc(o.params, func(p parameter) bool { return p.place == inPath && p.key == name }) {
			return nil, fmt.Errorf("its path names {%s}, which is no field of its input", name)
		}
	}
	for _, p := range o.params {
		if p.place == inPath && !slices.Contains(wanted, p.key) {
			return nil, fmt.Errorf("its path does not name {%s}", p.key)
		}
	}
	o.inspectOutput()
	o.told = o.readOnly()
	return o, nil
}

// readOnly returns the fields that a PUT answers and does not set.
func (o *route) readOnly() (told []field) {
	out, _ := withoutPointer(reflect.TypeOf(o.op.Out))
	if o.op.Method != http.MethodPut || o.empty || out.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range fieldsOf(out) {
		if !o.inBody(f.name) {
			f.required = false
			told = append(told, f)
		}
	}
	return told
}

// parameterOf says where a field stands; false for the body. Where there is no body,
// fields stand in the query.
func parameterOf(f field, method string, wanted []string) (parameter, bool) {
	for _, where := range []string{inPath, inQuery, inHeader} {
		if key := f.tag.Get(where); key != "" {
			return parameter{field: f, place: where, key: key}, true
		}
	}
	switch {
	case slices.Contains(wanted, f.name) && isSimple(f.typ):
		return parameter{field: f, place: inPath, key: f.name}, true
	case method == http.MethodGet || method == http.MethodDelete:
		return parameter{field: f, place: inQuery, key: f.name}, true
	}
	return parameter{}, false
}

// inspectOutput looks at what the operation answers.
func (o *route) inspectOutput() {
	out := reflect.TypeOf(o.op.Out)
	bare, _ := withoutPointer(out)
	o.empty = bare == nil || bare == reflect.TypeFor[console.None]()
	if o.status == 0 {
		o.status = http.StatusOK
		if o.empty {
			o.status = http.StatusNoContent
		}
	}
	o.versioned = out != nil && out.Implements(reflect.TypeFor[console.Versioned]())
	cursor := slices.ContainsFunc(o.params, func(p parameter) bool { return p.place == inQuery && p.key == "cursor" })
	o.paged = cursor && bare != nil && bare.Kind() == reflect.Struct &&
		slices.ContainsFunc(fieldsOf(bare), func(f field) bool { return f.name == "next" && f.typ.Kind() == reflect.String })
}

var wildcard = regexp.MustCompile(`\{([^{}]+)\}`)

// pathNames returns the names in braces of a path.
func pathNames(path string) (names []string) {
	for _, found := range wildcard.FindAllStringSubmatch(path, -1) {
		names = append(names, found[1])
	}
	return names
}

// isSimple types can be written as one text: in a path, a query, a header.
func isSimple(t reflect.Type) bool {
	t, _ = withoutPointer(t)
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64:
		return true
	}
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 || isText(t)
}
