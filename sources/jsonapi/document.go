package jsonapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

// Limits of one answer: a value that takes two bytes in it takes a hundred in
// memory.
const (
	maxBytes = 4 << 20
	maxMarks = 200_000
	maxDepth = 64
)

// decode reads one JSON document.
func decode(body []byte, e sources.Encoded, wanted bool) (document, error) {
	body, guessed := e.UTF8(body)
	if tooMuch(body) {
		return document{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("many_values", nil)}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	d := document{guessed: guessed}
	if err := decoder.Decode(&d.exact); err != nil {
		return document{}, noDocument(body, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return document{}, noDocument(body, errors.New("there is more behind its end"))
	}
	d.comparable = d.exact
	if wanted {
		d.comparable = compared(d.exact)
	}
	return d, nil
}

// tooMuch reports whether a document holds more values than are read, or is
// nested deeper; what stands in its texts does not count.
func tooMuch(body []byte) bool {
	values, depth, within := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case within && c == '\\':
			i++
		case c == '"':
			within = !within
		case within:
		case c == '{' || c == '[':
			values++
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		case c == ',' || c == ':':
			values++
		}
	}
	return values > maxMarks
}

func noDocument(body []byte, err error) error {
	begin := sources.Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))
	hint := own.Text("no_document", words.Args{"begin": begin})
	if len(bytes.TrimSpace(body)) == 0 {
		hint = own.Text("empty_document", nil)
	}
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: hint, Err: err}
}

// expression is what a field is made of: a path, or a text with paths in it.
type expression struct {
	path  path
	whole bool
	// texts stand around paths, one more than these.
	texts []string
	parts []path
	// shift is where the number of decimals stands by which a whole number
	// counts, as that of cents.
	shift *path
}

var inBraces = regexp.MustCompile(`\{([^{}]+)\}`)

// shifted marks an expression: "prices.price | shift prices.minor_unit".
const shifted = " | shift "

func parseExpression(text string) (expression, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return expression{}, errPath
	}
	if head, by, ok := strings.Cut(text, shifted); ok {
		e, err := parseExpression(head)
		p, failed := parsePath(by)
		e.shift = &p
		return e, errors.Join(err, failed)
	}
	if !strings.Contains(text, "{") || strings.HasPrefix(text, "$") || strings.HasPrefix(text, "@") {
		p, err := parsePath(text)
		return expression{path: p, whole: strings.HasPrefix(text, "$") && text != "$"}, err
	}
	var e expression
	at := 0
	for _, m := range inBraces.FindAllStringSubmatchIndex(text, -1) {
		p, err := parsePath(text[m[2]:m[3]])
		if err != nil {
			return e, err
		}
		e.texts, e.parts = append(e.texts, text[at:m[0]]), append(e.parts, p)
		at = m[1]
	}
	e.texts = append(e.texts, text[at:])
	return e, nil
}

// value returns what an expression is for an item of a document; nil where one of
// its paths finds nothing. A path from the root that finds nothing in the item
// is looked for in the document.
func (e expression) value(item, root document) any {
	if len(e.parts) == 0 {
		found := e.path.find(item)
		if len(found) == 0 && e.whole {
			found = e.path.find(root)
		}
		v := valueOf(found, e.path.many)
		if e.shift != nil {
			return shift(v, valueOf(e.shift.find(item), false))
		}
		return v
	}
	var b strings.Builder
	for i, p := range e.parts {
		text := shape.Text(valueOf(p.find(item), false))
		if text == "" {
			return nil
		}
		b.WriteString(e.texts[i] + text)
	}
	return b.String() + e.texts[len(e.parts)]
}

// valueOf returns what was found: one value, or a list of all.
func valueOf(found []document, many bool) any {
	switch {
	case len(found) == 0:
		return nil
	case !many || len(found) == 1:
		return found[0].exact
	}
	all := make([]any, len(found))
	for i, d := range found {
		all[i] = d.exact
	}
	return all
}

// shift moves the point of a whole number.
func shift(v, by any) any {
	digits, places := shape.Text(v), shape.Text(by)
	if digits == "" || len(places) != 1 || places < "0" || places > "6" || strings.Trim(digits, "0123456789") != "" {
		return v
	}
	n := int(places[0] - '0')
	if n == 0 {
		return json.Number(digits)
	}
	if len(digits) <= n {
		digits = strings.Repeat("0", n-len(digits)+1) + digits
	}
	return json.Number(digits[:len(digits)-n] + "." + digits[len(digits)-n:])
}
