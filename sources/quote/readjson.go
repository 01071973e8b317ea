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

// path finds a value in a JSON document: dotted names, or a JSON path. With
// literal set it is a value itself.
type path struct {
	names   []string
	expr    jp.Expr
	literal string
	// text is a JSON path with the symbol in it, which is read anew for each.
	text string
}

// literalMark begins a value that stands for itself.
const literalMark = "="

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
	if literal, ok := strings.CutPrefix(text, literalMark); ok {
		return path{literal: literal}, nil
	}
	if !strings.ContainsAny(text, "$[]*?@") {
		return path{names: strings.Split(text, ".")}, nil
	}
	if strings.Count(text, "..") > maxDescents || strings.Count(text, "?") > maxConditions {
		return path{}, fmt.Errorf("at most %d '..' and %d conditions may stand in it, since each looks at the whole document again", maxDescents, maxConditions)
	}
	if p.expr, err = expression(quotedIn(text, "x")); err != nil {
		return path{}, err
	}
	if hasPlace(text) {
		p.text = text
	}
	return p, nil
}

func expression(text string) (expr jp.Expr, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return jp.ParseString(text)
}

func hasPlace(text string) bool {
	return strings.Contains(text, placeholder) || strings.Contains(text, fromPlace) || strings.Contains(text, toPlace)
}

// inserted puts the symbol into a text.
func inserted(text, symbol string) string {
	from, to := halves(symbol)
	return strings.NewReplacer(placeholder, symbol, fromPlace, from, toPlace, to).Replace(text)
}

// quotedIn puts the symbol into a JSON path, where it stands between quotes.
func quotedIn(text, symbol string) string {
	return inserted(text, strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`).Replace(symbol))
}

// find returns the first value at the path; the placeholders stand for the
// symbol.
func (p path) find(document any, symbol string) value {
	switch {
	case p.literal != "":
		return newValue(inserted(p.literal, symbol))
	case p.expr != nil:
		expr := p.expr
		if p.text != "" {
			var err error
			if expr, err = expression(quotedIn(p.text, symbol)); err != nil {
				return value{}
			}
		}
		v, found := expr.FirstFound(document)
		if !found {
			return value{}
		}
		return newValue(v)
	case len(p.names) == 0:
		return value{}
	}
	at := document
	for _, name := range p.names {
		next, ok := child(at, inserted(name, symbol))
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
		if name == onlyKey && len(v) == 1 {
			for key := range v {
				return key, true
			}
		}
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

// paths are the paths of the settings, parsed, by field.
type paths map[string]path

func (s *Settings) paths() (paths, error) {
	ps := paths{}
	for _, p := range s.spots() {
		parsed, err := parsePath(p.path)
		if err != nil {
			return ps, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: p.field, Hint: own.Text("no_path", nil), Err: err}
		}
		ps[p.field] = parsed
	}
	for i, n := range s.namings() {
		parsed, err := parsePath(n.At)
		if err != nil {
			return ps, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: "naming", Hint: own.Text("no_path", nil), Err: err}
		}
		ps[namingField(i)] = parsed
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
	found := values{at: map[string]value{}}
	for field, p := range ps {
		found.at[field] = p.find(document, symbol)
	}
	if _, told := ps[namingField(0)]; !told {
		found.names = ps["price"].namesBeside(document)
	}
	return found, nil
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
