package quote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
)

// path finds a value in a JSON document, or in the row of a table by its column. With
// literal set it is a value itself; "" finds nothing.
type path struct {
	jsonpath.Path
	literal, text string
	isColumn      bool
}

// literalMark begins a value that stands for itself.
const literalMark = "="

func (s *Settings) parsePath(text string) (p path, err error) {
	if literal, ok := strings.CutPrefix(text, literalMark); ok {
		return path{literal: literal, text: text}, nil
	}
	if p.text = text; s.Format == formatCSV {
		p.isColumn = true
		return p, nil
	}
	p.Path, err = jsonpath.Parse(text, placeholder, fromPlace, toPlace)
	return p, err
}

// filling are the places of a path with what a symbol puts there.
func filling(symbol string) []string {
	from, to := splitPair(symbol)
	return []string{placeholder, symbol, fromPlace, from, toPlace, to}
}

// hasPlace reports whether the symbol stands in a path.
func hasPlace(text string) bool {
	return strings.Contains(text, placeholder) || strings.Contains(text, fromPlace) || strings.Contains(text, toPlace)
}

// valueIn returns the first value at the path; the placeholders stand for the
// symbol.
func (p path) valueIn(d jsonpath.Document, symbol string) value {
	if p.literal != "" {
		return newValue(strings.NewReplacer(filling(symbol)...).Replace(p.literal))
	}
	if p.text == "" || p.text == literalMark {
		return value{}
	}
	v, ok := p.Fill(filling(symbol)...).First(d)
	if row, isRow := d.Exact.(map[string]any); p.isColumn && isRow {
		v, ok = row[columnName(p.text)]
	}
	if !ok {
		return value{}
	}
	return newValue(v)
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

func (s *Settings) parsePaths() (paths, error) {
	ps := paths{}
	all := s.fieldPaths()
	for i, n := range s.namingsUsed() {
		all = append(all, fieldPath{namingField(i), n.At})
	}
	for _, p := range all {
		parsed, err := s.parsePath(p.path)
		if err != nil {
			field, _, _ := strings.Cut(p.field, ".")
			return ps, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: field, Hint: words.Said(err), Err: err}
		}
		ps[p.field] = parsed
	}
	return ps, nil
}

// readValues finds the values of a symbol in a document; numbers keep their digits.
func (s *source) readValues(body []byte, e sources.Encoded, symbol string) (found values, err error) {
	var document jsonpath.Document
	if s.settings.Format == formatCSV {
		document, found.comma, err = s.settings.decodeRow(body, e, symbol)
	} else {
		document, err = jsonpath.Decode(op, body, e, s.paths.comparesAny())
	}
	if err != nil {
		return values{}, err
	}
	found.at, found.guessed = map[string]value{}, document.Guessed
	for field, p := range s.paths {
		found.at[field] = p.valueIn(document, symbol)
	}
	price := s.paths["price"]
	if _, told := s.paths[namingField(0)]; !told && !price.isColumn && !price.Places(placeholder, fromPlace, toPlace) {
		found.names = namesIn(price.Holders(document))
	}
	return found, nil
}

// comparesAny reports whether a path compares numbers.
func (ps paths) comparesAny() bool {
	for _, p := range ps {
		if p.Compares {
			return true
		}
	}
	return false
}

// maxMarksCSV limits the values that one table may hold, counted by what parts them: a
// value that takes two bytes in it takes a hundred in memory.
const maxMarksCSV = 400_000

// hasTooManyCells reports whether a table of cells that a sign parts holds more of them.
func hasTooManyCells(body []byte, comma rune) bool {
	return bytes.Count(body, []byte(string(comma)))+bytes.Count(body, []byte("\n")) > maxMarksCSV
}
