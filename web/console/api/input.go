package api

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/words"
)

// How large a body may be: of most operations, and of those that take many things
// at once.
const (
	maxBody  = 4 << 20
	maxLarge = 16 << 20
)

// most returns how large a body of the operation may be.
func (o *route) most() int {
	if o.op.Large {
		return maxLarge
	}
	return maxBody
}

// input is what a request gives an operation.
type input struct {
	values map[string]any
	// guard is the name of the version's field, matches what If-Match allows.
	guard   string
	matches []string
	// print is the fingerprint of all that the answer depends on beside the
	// address.
	print [sha256.Size]byte
}

// version returns the first that may be replaced.
func (in input) version() string {
	if len(in.matches) == 0 {
		return ""
	}
	return in.matches[0]
}

// alsoMatches reports whether If-Match names that version, not as its first.
func (in input) alsoMatches(version string) bool {
	return len(in.matches) > 1 && slices.Contains(in.matches[1:], version)
}

// encode returns the JSON that the console takes, guarded by a version.
func (in input) encode(version string) []byte {
	values := in.values
	if in.guard != "" && version != "" {
		values = maps.Clone(values)
		values[in.guard] = version
	}
	// Values that came out of JSON go into it.
	b, _ := json.Marshal(values)
	return b
}

// read takes the input of an operation from a request. The error is a refusal
// or settings.Problems.
func (o *route) read(r *http.Request) (input, error) {
	in := input{values: map[string]any{}}
	if r.Header.Get("Content-Encoding") != "" {
		return in, refused(http.StatusUnsupportedMediaType, words.Text{Key: "api.encoding"})
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return in, refused(http.StatusBadRequest, words.Text{Key: "api.query"})
	}
	body, err := o.readBody(r)
	if err != nil {
		return in, err
	}
	var c checker
	if err := o.parameters(r, query, in.values, &c); err != nil {
		return in, err
	}
	if o.guard != nil {
		in.guard = o.guard.name
		if in.matches, err = matches(r.Header.Values("If-Match")); err != nil {
			return in, err
		}
	}
	fields, err := o.decode(body)
	if err != nil {
		return in, err
	}
	c.fields("", slices.Concat(o.body, o.told), fields)
	if len(c.problems) > 0 {
		return in, c.problems
	}
	o.leave(&in, fields)
	maps.Copy(in.values, fields)
	in.print = sha256.Sum256(fmt.Appendf(nil, "%q %q %s", r.URL.RawQuery, in.matches, body))
	return in, nil
}

// leave takes what is only told out of the fields of a body. The version that
// was read guards what is replaced, unless If-Match does.
func (o *route) leave(in *input, fields map[string]any) {
	for _, f := range o.told {
		version, _ := fields[f.name].(string)
		if in.guard == f.name && len(in.matches) == 0 && version != "" {
			in.matches = []string{version}
		}
		delete(fields, f.name)
	}
}

// readBody reads the body and looks at its type.
func (o *route) readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(o.most())+1))
	switch {
	case err != nil:
		return nil, refused(http.StatusBadRequest, words.Text{Key: "api.broke_off"})
	case len(body) > o.most():
		return nil, refused(http.StatusRequestEntityTooLarge, words.Text{Key: "api.send_at_most", Args: words.Args{"max": o.most()}})
	case len(body) == 0:
		return nil, nil
	case len(o.body) == 0:
		return nil, refused(http.StatusBadRequest, words.Text{Key: "api.no_body"})
	case !isJSON(r.Header.Values("Content-Type")):
		return nil, refused(http.StatusUnsupportedMediaType, words.Text{Key: "api.as_json"})
	}
	return body, nil
}

// isJSON reads Content-Type: JSON is UTF-8 and nothing else.
func isJSON(values []string) bool {
	if len(values) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != "application/json" {
		return false
	}
	for name, value := range params {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return false
		}
	}
	return true
}

// decode reads the fields of the body.
func (o *route) decode(body []byte) (map[string]any, error) {
	if len(body) == 0 {
		if slices.ContainsFunc(o.body, func(f field) bool { return f.required }) {
			return nil, refused(http.StatusBadRequest, words.Text{Key: "api.object"})
		}
		return map[string]any{}, nil
	}
	v, err := parse(body)
	if err != nil {
		return nil, refused(http.StatusBadRequest, sentence(err))
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, refused(http.StatusUnprocessableEntity, words.Text{Key: "api.object_not", Args: words.Args{"got": called(v)}})
	}
	return fields, nil
}

// sentence returns a cause that may be told.
func sentence(err error) words.Text {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return words.Text{Key: "api.json_at", Args: words.Args{"byte": strconv.FormatInt(syntax.Offset, 10)}}
	}
	return words.Text{Key: "api.json_deep", Args: words.Args{"reason": err.Error()}}
}

// parameters takes those of path, query and headers.
func (o *route) parameters(r *http.Request, query url.Values, values map[string]any, c *checker) error {
	known := make([]field, 0, len(o.params))
	for _, p := range o.params {
		var given []string
		switch p.place {
		case inPath:
			given = []string{r.PathValue(p.key)}
		case inQuery:
			given = query[p.key]
			known = append(known, field{name: p.key})
		case inHeader:
			if o.guard != nil && p.key == o.guard.key {
				continue
			}
			given = r.Header.Values(p.key)
		}
		if len(given) > 0 && !isPlain(given[0]) {
			return refused(http.StatusBadRequest, words.Text{Key: "api.no_text"}, fault{Field: p.key, said: words.Text{Key: "api.plain_text"}, Key: "not_text"})
		}
		p.take(given, values, c)
	}
	unknown := map[string]any{}
	for name := range query {
		if !slices.ContainsFunc(known, func(f field) bool { return f.name == name }) {
			unknown[name] = nil
		}
	}
	c.fields("", known, unknown)
	return nil
}

// take judges the texts given for a parameter.
func (p parameter) take(given []string, values map[string]any, c *checker) {
	switch len(given) {
	case 0:
		if p.tag.Get("required") == "true" {
			c.report(p.key, "required")
		}
		return
	case 1:
	default:
		c.report(p.key, "once")
		return
	}
	v := p.value(given[0])
	c.check(p.key, p.field, v)
	values[p.name] = v
}

// value returns a text as JSON has it for the parameter's type.
func (p parameter) value(text string) any {
	t, _ := concrete(p.typ)
	if isText(t) {
		return text
	}
	if v, err := parse([]byte(text)); err == nil {
		switch v.(type) {
		case bool, json.Number:
			return v
		}
	}
	return text
}

// isPlain refuses what no id and no word holds: control characters and bytes
// that are not UTF-8.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
