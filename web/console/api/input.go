package api

import (
	"bytes"
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

// maxBodyBytes returns how large a body of the operation may be.
func (o *route) maxBodyBytes() int {
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

// firstVersion returns the first that may be replaced.
func (in input) firstVersion() string {
	if len(in.matches) == 0 {
		return ""
	}
	return in.matches[0]
}

// alsoMatches reports whether If-Match names that version, not as its first.
func (in input) alsoMatches(version string) bool {
	return len(in.matches) > 1 && slices.Contains(in.matches[1:], version)
}

// encodeFor returns the JSON that the console takes, guarded by a version.
func (in input) encodeFor(version string) []byte {
	values := in.values
	if in.guard != "" && version != "" {
		values = maps.Clone(values)
		values[in.guard] = version
	}
	// Values that came out of JSON go into it.
	b, _ := json.Marshal(values)
	return b
}

// readInput takes the input of an operation from a request. The error is a refusal
// or settings.Problems.
func (o *route) readInput(r *http.Request) (input, error) {
	in := input{values: map[string]any{}}
	if r.Header.Get("Content-Encoding") != "" {
		return in, newRefusal(http.StatusUnsupportedMediaType, words.Text{Key: "api.encoding"})
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return in, newRefusal(http.StatusBadRequest, words.Text{Key: "api.query"})
	}
	body, err := o.readBody(r)
	if err != nil {
		return in, err
	}
	var c checker
	if err := o.readParameters(r, query, in.values, &c); err != nil {
		return in, err
	}
	if o.guard != nil {
		in.guard = o.guard.name
		if in.matches, err = parseIfMatch(r.Header.Values("If-Match")); err != nil {
			return in, err
		}
	}
	fields, err := o.decodeBody(body)
	if err != nil {
		return in, err
	}
	c.checkFields("", slices.Concat(o.body, o.told), fields)
	if len(c.problems) > 0 {
		return in, c.problems
	}
	o.dropReadOnly(&in, fields)
	maps.Copy(in.values, fields)
	in.print = sha256.Sum256(fmt.Appendf(nil, "%q %q %s", r.URL.RawQuery, in.matches, body))
	return in, nil
}

// dropReadOnly removes read-only fields from a body. A version among them guards what
// is replaced, unless If-Match does.
func (o *route) dropReadOnly(in *input, fields map[string]any) {
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
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(o.maxBodyBytes())+1))
	switch {
	case err != nil:
		return nil, newRefusal(http.StatusBadRequest, words.Text{Key: "api.broke_off"})
	case len(body) > o.maxBodyBytes():
		return nil, newRefusal(http.StatusRequestEntityTooLarge, words.Text{Key: "api.send_at_most", Args: words.Args{"max": o.maxBodyBytes()}})
	case len(body) == 0:
		return nil, nil
	case len(o.body) == 0 && string(bytes.TrimSpace(body)) == "{}":
		return nil, nil // clients that always send an object say nothing by it
	case len(o.body) == 0:
		return nil, newRefusal(http.StatusBadRequest, words.Text{Key: "api.no_body"})
	case !isJSON(r.Header.Values("Content-Type")):
		return nil, newRefusal(http.StatusUnsupportedMediaType, words.Text{Key: "api.as_json"})
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

// decodeBody reads the fields of the body.
func (o *route) decodeBody(body []byte) (map[string]any, error) {
	if len(body) == 0 {
		if slices.ContainsFunc(o.body, func(f field) bool { return f.required }) {
			return nil, newRefusal(http.StatusBadRequest, words.Text{Key: "api.object"})
		}
		return map[string]any{}, nil
	}
	v, err := parseJSON(body)
	if err != nil {
		return nil, newRefusal(http.StatusBadRequest, decodeErrorText(err))
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, newRefusal(http.StatusUnprocessableEntity, words.Text{Key: "api.object_not", Args: words.Args{"got": jsonTypeName(v)}})
	}
	return fields, nil
}

// decodeErrorText returns a cause that may be told.
func decodeErrorText(err error) words.Text {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return words.Text{Key: "api.json_at", Args: words.Args{"byte": strconv.FormatInt(syntax.Offset, 10)}}
	}
	return words.Text{Key: "api.json_deep", Args: words.Args{"reason": err.Error()}}
}

// readParameters takes those of path, query and headers.
func (o *route) readParameters(r *http.Request, query url.Values, values map[string]any, c *checker) error {
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
			return newRefusal(http.StatusBadRequest, words.Text{Key: "api.no_text"}, fault{Field: p.key, said: words.Text{Key: "api.plain_text"}, Key: "not_text"})
		}
		p.addValue(given, values, c)
	}
	unknown := map[string]any{}
	for name := range query {
		if !slices.ContainsFunc(known, func(f field) bool { return f.name == name }) {
			unknown[name] = nil
		}
	}
	c.checkFields("", known, unknown)
	return nil
}

// addValue judges the texts given for a parameter.
func (p parameter) addValue(given []string, values map[string]any, c *checker) {
	switch len(given) {
	case 0:
		if p.tag.Get("required") == "true" {
			c.addProblem(p.key, "required")
		}
		return
	case 1:
	default:
		c.addProblem(p.key, "once")
		return
	}
	v := p.jsonValue(given[0])
	c.checkValue(p.key, p.field, v)
	values[p.name] = v
}

// jsonValue returns a text as JSON has it for the parameter's type.
func (p parameter) jsonValue(text string) any {
	t, _ := withoutPointer(p.typ)
	if isText(t) {
		return text
	}
	if v, err := parseJSON([]byte(text)); err == nil {
		switch v.(type) {
		case bool, json.Number:
			return v
		}
	}
	return text
}

// isPlain reports whether a text is UTF-8 without control characters.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
