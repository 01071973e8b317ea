package jsonapi

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/shape"
)

// maxBytes is how long one answer may be.
const maxBytes = 4 << 20

var errEmpty = errors.New("there is no path")

// expression is what a field is made of: a path, or a text with paths in it.
type expression struct {
	path  jsonpath.Path
	whole bool
	// texts stand around paths, one more than these.
	texts []string
	parts []jsonpath.Path
	// shift is where the number of decimals stands by which a whole number
	// counts, as that of cents.
	shift *jsonpath.Path
}

var inBraces = regexp.MustCompile(`\{([^{}]+)\}`)

// shifted marks an expression: "prices.price | shift prices.minor_unit".
const shifted = " | shift "

func parseExpression(text string) (expression, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return expression{}, errEmpty
	}
	if head, by, ok := strings.Cut(text, shifted); ok {
		e, err := parseExpression(head)
		p, failed := jsonpath.Parse(by)
		e.shift = &p
		return e, errors.Join(err, failed)
	}
	if !strings.Contains(text, "{") || strings.HasPrefix(text, "$") || strings.HasPrefix(text, "@") {
		p, err := jsonpath.Parse(text)
		return expression{path: p, whole: strings.HasPrefix(text, "$") && text != "$"}, err
	}
	var e expression
	at := 0
	for _, m := range inBraces.FindAllStringSubmatchIndex(text, -1) {
		p, err := jsonpath.Parse(text[m[2]:m[3]])
		if err != nil {
			return e, err
		}
		e.texts, e.parts = append(e.texts, text[at:m[0]]), append(e.parts, p)
		at = m[1]
	}
	e.texts = append(e.texts, text[at:])
	return e, nil
}

// valueIn returns what an expression is for an item of a document; nil where one of
// its paths finds nothing. A path from the root that finds nothing in the item
// is looked for in the document.
func (e expression) valueIn(item, root jsonpath.Document) any {
	if len(e.parts) == 0 {
		found := e.path.Find(item)
		if len(found) == 0 && e.whole {
			found = e.path.Find(root)
		}
		v := valueOf(found, e.path.Many)
		if e.shift != nil {
			return shift(v, valueOf(e.shift.Find(item), false))
		}
		return v
	}
	var b strings.Builder
	for i, p := range e.parts {
		text := shape.Text(valueOf(p.Find(item), false))
		if text == "" {
			return nil
		}
		b.WriteString(e.texts[i] + text)
	}
	return b.String() + e.texts[len(e.parts)]
}

// valueOf returns what was found: one value, or a list of all.
func valueOf(found []jsonpath.Document, many bool) any {
	switch {
	case len(found) == 0:
		return nil
	case !many || len(found) == 1:
		return found[0].Exact
	}
	all := make([]any, len(found))
	for i, d := range found {
		all[i] = d.Exact
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

// Places lists the values of an answer, and how a setting names each: from the whole
// answer on, and as a field of an item has it.
func (s *Settings) Places(d sources.Document) []settings.Place {
	items := s.itemsOf(d.Body)
	return jsonpath.Places(d.Body, func(at []jsonpath.Step, _ bool) (path, item string) {
		for _, above := range items {
			if len(at) > len(above) && jsonpath.Within(at, above) {
				return jsonpath.Spell(at), jsonpath.Spell(at[len(above):])
			}
		}
		return jsonpath.Spell(at), jsonpath.Bracketed(at)
	})
}

// itemsOf returns the places of the items of an answer; none where the settings name
// none in it.
func (s *Settings) itemsOf(body []byte) (all [][]jsonpath.Step) {
	e, err := s.withPreset()
	if err != nil {
		return nil
	}
	p, err := jsonpath.Parse(e.Items)
	d, failed := jsonpath.Decode(op, body, sources.Encoded{}, true)
	if err != nil || failed != nil {
		return nil
	}
	for _, at := range p.Steps(d) {
		list, ok := jsonpath.At(d.Exact, at).([]any)
		if !ok || p.Many {
			all = append(all, at)
			continue
		}
		for i := range list {
			all = append(all, jsonpath.Below(at, jsonpath.Step{Name: strconv.Itoa(i), Entry: true}))
		}
	}
	return all
}
