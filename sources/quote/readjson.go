package quote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ohler55/ojg/jp"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// path finds a value in a JSON document: dotted names, or a JSON path.
type path struct {
	names []string
	expr  jp.Expr
}

// Limits of a path: with each of these, what is looked at multiplies.
const (
	maxDescents   = 2
	maxConditions = 2
)

// parsePath reads a path; "" is a path that finds nothing.
func parsePath(text string) (p path, err error) {
	if text == "" {
		return path{}, nil
	}
	if !strings.ContainsAny(text, "$[]*?@") {
		return path{names: strings.Split(text, ".")}, nil
	}
	if strings.Count(text, "..") > maxDescents || strings.Count(text, "?") > maxConditions {
		return path{}, fmt.Errorf("at most %d '..' and %d conditions may stand in it, since each looks at the whole document again", maxDescents, maxConditions)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	expr, err := jp.ParseString(text)
	return path{expr: expr}, err
}

// find returns the first value at the path; in names, the placeholder stands
// for the symbol.
func (p path) find(document any, symbol string) value {
	if p.expr != nil {
		v, found := p.expr.FirstFound(document)
		if !found {
			return value{}
		}
		return newValue(v)
	}
	if len(p.names) == 0 {
		return value{}
	}
	at := document
	for _, name := range p.names {
		if name == placeholder {
			name = symbol
		}
		next, ok := child(at, name)
		if !ok {
			return value{}
		}
		at = next
	}
	return newValue(at)
}

// child returns the member of that name, or the entry of that number.
func child(v any, name string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		m, ok := v[name]
		return m, ok
	case []any:
		var i int
		if _, err := fmt.Sscanf(name, "%d", &i); err != nil || i < 0 || i >= len(v) {
			return nil, false
		}
		return v[i], true
	}
	return nil, false
}

func newValue(v any) value {
	switch v := v.(type) {
	case json.Number:
		return value{text: v.String(), shown: own.Text("shown_value", words.Args{"value": v.String()}), found: true}
	case string:
		return value{text: v, shown: own.Text("shown_text", words.Args{"text": sources.Shorten(sources.Line(v), 40)}), found: true}
	case nil:
		return value{shown: own.Text("shown_value", words.Args{"value": "null"}), found: true}
	case bool:
		return value{shown: own.Text("shown_value", words.Args{"value": fmt.Sprint(v)}), found: true}
	case []any:
		return value{shown: own.Text("shown_list", nil), found: true}
	}
	return value{shown: own.Text("shown_object", nil), found: true}
}

// paths are the paths of the settings, parsed.
type paths struct{ price, change, currency, asOf path }

func (s *Settings) paths() (paths, error) {
	var ps paths
	for _, p := range []struct {
		field, text string
		to          *path
	}{{"price", s.Price, &ps.price}, {"change", s.Change, &ps.change}, {"currency", s.Currency, &ps.currency}, {"as_of", s.AsOf, &ps.asOf}} {
		parsed, err := parsePath(p.text)
		if err != nil {
			return ps, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: p.field, Hint: own.Text("no_path", nil), Err: err}
		}
		*p.to = parsed
	}
	return ps, nil
}

// readJSON finds the values in a JSON document; numbers keep their digits.
func (ps paths) readJSON(body []byte, symbol string) (values, error) {
	if marks(body, ",:[{") > maxMarksJSON {
		return values{}, overfull()
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return values{}, noDocument("JSON", body, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return values{}, noDocument("JSON", body, errors.New("there is more behind its end"))
	}
	return values{
		price: ps.price.find(document, symbol), change: ps.change.find(document, symbol),
		currency: ps.currency.find(document, symbol), asOf: ps.asOf.find(document, symbol),
	}, nil
}

// Limits of the values that one document may hold, counted by what parts them:
// a value that takes two bytes in it takes a hundred in memory.
const (
	maxMarksJSON = 200_000
	maxMarksCSV  = 400_000
)

func marks(body []byte, of string) int {
	n := 0
	for _, mark := range []byte(of) {
		n += bytes.Count(body, []byte{mark})
	}
	return n
}

func overfull() error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("many_values", nil)}
}

func noDocument(format string, body []byte, err error) error {
	begin := sources.Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))
	hint := own.Text("no_document", words.Args{"format": format, "begin": begin})
	if len(bytes.TrimSpace(body)) == 0 {
		hint = own.Text("empty_document", nil)
	}
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: hint, Err: err}
}
