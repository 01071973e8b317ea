package quote

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/pull/sheet"
	"keypull/sources"
	"keypull/sources/jsonpath"
)

var _ sources.Placed = (*Settings)(nil)

// Limits of what is shown of a table.
const (
	maxPlaces = 400
	maxCell   = 80
)

// Places lists the values of an answer, and how a setting names each: a name of an
// object that is the symbol stands for any other, and an entry of a list that has
// it in a member is found by that.
func (s *Settings) Places(d sources.Document) []settings.Place {
	argument, body := d.Argument, bytes.TrimPrefix(d.Body, []byte("\xEF\xBB\xBF"))
	switch {
	case s.Format == formatCSV:
		return columnsOf(body, argument)
	case jsonpath.TooMuch(body):
		return nil
	}
	var document any
	_ = json.Unmarshal(body, &document) // of one that can't be read there are no places
	return jsonpath.Places(body, func(at []jsonpath.Step, holds bool) (path, item string) {
		if holds {
			return "", ""
		}
		whole := at
		at = slices.Clone(at)
		for i, step := range whole {
			switch member := memberAt(document, whole[:i+1], argument); {
			case member != "":
				at[i].By = "@[" + jsonpath.Quoted(member) + "] == '" + placeholder + "'"
			case !step.Entry && step.Name == argument && argument != "":
				at[i].Name = placeholder
			}
		}
		if path = jsonpath.Spell(at); strings.HasPrefix(path, literalMark) {
			path = jsonpath.Bracketed(at)
		}
		return path, ""
	})
}

// memberAt returns the member by which an entry of a list is that of the symbol; "" where
// none is, or where another entry has the symbol too.
func memberAt(document any, at []jsonpath.Step, symbol string) string {
	list, ok := jsonpath.At(document, at[:len(at)-1]).([]any)
	member := memberOf(jsonpath.At(document, at), symbol)
	if !ok || member == "" {
		return ""
	}
	named := 0
	for _, entry := range list {
		if memberOf(entry, symbol) != "" {
			if named++; named > 1 {
				return ""
			}
		}
	}
	return member
}

// memberOf returns the member of an entry that is the symbol, the surest name first.
func memberOf(entry any, symbol string) string {
	object, ok := entry.(map[string]any)
	if !ok || symbol == "" {
		return ""
	}
	var names []string
	for name, value := range object {
		if text, ok := value.(string); ok && text == symbol {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	rank := func(name string) int { return sources.RankIn(symbolNames, strings.ToLower(name)) }
	return slices.MinFunc(names, func(a, b string) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a, b)) })
}

// columnsOf returns the columns of a table, with what stands in them in the row of
// the symbol, else in the first.
func columnsOf(body []byte, symbol string) []settings.Place {
	r := sheet.Cells(string(body), 0)
	if hasTooManyCells(body, r.Comma) {
		return nil
	}
	head, err := r.Read()
	if err != nil {
		return nil
	}
	row, _ := rowOf(r, head, symbol, "")
	if row == nil {
		again := sheet.Cells(string(body), r.Comma)
		_, _ = again.Read() // it was read before
		row, _ = again.Read()
	}
	var places []settings.Place
	for i, name := range head[:min(len(head), maxPlaces)] {
		if name = strings.TrimSpace(name); name == "" || columnIndex(head, name) != i {
			continue
		}
		places = append(places, settings.Place{Path: name, Name: sources.Shorten(sources.Line(name), maxCell), Value: sources.Shorten(sources.Line(cellAt(row, i)), maxCell)})
	}
	return places
}
