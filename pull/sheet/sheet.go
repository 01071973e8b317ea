// Package sheet writes things as a table for a spreadsheet (CSV), and reads such
// tables. The columns are the fields that a struct's tags declare: one for each, of
// what is told by language one for each language. It knows no thing by its name.
package sheet

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/settings"
)

// between parts the entries of a list in one cell; a bar in an entry is written
// with a backslash before it.
const between = " | "

// columnsOf returns the columns that a field needs to show values; names are those of
// tables that are shown in any case, such as the languages.
func columnsOf(f settings.Field, docs []map[string]any, names []string) []string {
	switch f.Type {
	case settings.Lists, settings.Localised, settings.Pairs:
	default:
		return []string{f.Name}
	}
	used, all := map[string]bool{}, []string{}
	if f.Type == settings.Lists && f.Required {
		for _, name := range names {
			used[name] = true
			all = append(all, f.Name+"."+name)
		}
	}
	others := map[string]bool{}
	for _, d := range docs {
		table, _ := d[f.Name].(map[string]any)
		for name := range table {
			others[name] = !used[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		switch {
		case name == "":
			all = append(all, f.Name)
		case others[name]:
			all = append(all, f.Name+"."+name)
		}
	}
	return all
}

// cellText returns what a column shows of a document.
func cellText(f settings.Field, column string, d map[string]any) string {
	v := d[f.Name]
	if table, ok := v.(map[string]any); ok && f.Type != settings.Raw && f.Type != settings.Section {
		v = table[strings.TrimPrefix(strings.TrimPrefix(column, f.Name), ".")]
	}
	return guarded(text(v))
}

// text returns a value in one cell.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case []any:
		if len(v) == 0 {
			return ""
		}
		entries := make([]string, len(v))
		for i, e := range v {
			one, ok := e.(string)
			if !ok {
				return encoded(v)
			}
			entries[i] = strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(one)
		}
		return strings.Join(entries, between)
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
	}
	return encoded(v)
}

func encoded(v any) string {
	// What documents are made of has a form in JSON.
	b, _ := json.Marshal(v)
	return string(b)
}

// splitCell takes a cell of a list apart.
func splitCell(cell string) []any {
	var (
		all []any
		b   strings.Builder
	)
	end := func() {
		if one := strings.TrimSpace(b.String()); one != "" {
			all = append(all, one)
		}
		b.Reset()
	}
	escaped := false
	for _, r := range cell {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|' || r == '\n':
			end()
		default:
			b.WriteRune(r)
		}
	}
	if escaped {
		b.WriteByte('\\')
	}
	end()
	return all
}

// dangerous begin what a spreadsheet takes for a formula.
const dangerous = "=+-@\t\r＝＋－＠"

// formula says whether a text is one, however many quotes stand before it.
func formula(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return text != "" && r != utf8.RuneError && strings.ContainsRune(dangerous, r)
}

// guarded has a spreadsheet take a text for one, and bare gives it back.
func guarded(text string) string {
	if formula(text) {
		return "'" + text
	}
	return text
}

func unquoteCell(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(cell) {
		return cell[1:]
	}
	return cell
}
