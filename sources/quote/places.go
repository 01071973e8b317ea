package quote

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
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
	if s.Format == formatCSV {
		return columnsOf(body, argument)
	}
	members := membersOf(body, argument)
	return jsonpath.Places(body, func(at []jsonpath.Step, holds bool) (path, item string) {
		if holds {
			return "", ""
		}
		at = slices.Clone(at)
		for i, step := range at {
			switch member := members[placeOf(at[:i+1])]; {
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

// placeOf returns the place of a value within its document, whatever stands for the
// symbol on the way.
func placeOf(at []jsonpath.Step) string {
	names := make([]string, len(at))
	for i, s := range at {
		names[i] = s.Name
	}
	return strings.Join(names, "\x00")
}

// membersOf finds the entries of lists in which a member is the symbol, where
// that is so of one entry of its list alone.
func membersOf(body []byte, symbol string) map[string]string {
	found := map[string]string{}
	if symbol == "" || jsonpath.TooMuch(body) || !bytes.Contains(bytes.ToLower(body), bytes.ToLower([]byte(symbol))) {
		return found
	}
	var document any
	if json.Unmarshal(body, &document) != nil {
		return found
	}
	const deepest = 12
	var look func(v any, steps []jsonpath.Step)
	look = func(v any, steps []jsonpath.Step) {
		if len(steps) > deepest {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if name == symbol {
					name = placeholder
				}
				look(member, jsonpath.Below(steps, jsonpath.Step{Name: name}))
			}
		case []any:
			member, at := "", -1
			for i, entry := range v {
				if name := memberOf(entry, symbol); name != "" {
					if at >= 0 {
						member = ""
						break
					}
					member, at = name, i
				}
			}
			for i, entry := range v {
				s := jsonpath.Below(steps, jsonpath.Step{Name: strconv.Itoa(i), Entry: true})
				if i == at && member != "" {
					found[placeOf(s)] = member
				}
				look(entry, s)
			}
		}
	}
	look(document, nil)
	return found
}

// memberOf returns the member of an entry that is the symbol, the surest name first.
func memberOf(entry any, symbol string) string {
	object, ok := entry.(map[string]any)
	if !ok {
		return ""
	}
	var names []string
	for name, value := range object {
		if text, ok := value.(string); ok && text == symbol {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		rank := func(name string) int {
			if i := slices.Index(symbolNames, strings.ToLower(name)); i >= 0 {
				return i
			}
			return len(symbolNames)
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// columnsOf returns the columns of a table, with what stands in them in the row of
// the symbol, else in the first.
func columnsOf(body []byte, symbol string) []settings.Place {
	r := sheet.Cells(string(body), 0)
	if countBytes(body, string(r.Comma)+"\n") > maxMarksCSV {
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
