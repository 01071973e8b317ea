package table

import (
	"maps"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

// table is a document with the names of its columns.
type table struct {
	head []string
	rows []line
	more bool
	// twice are names that a column bore already when another was called so, which is not told.
	twice []string
	// guessed names an encoding that nothing told.
	guessed string
}

// splitHeader takes the row with the names of the columns off a sheet: the first that is as wide
// as tables are at its place, so that a title above it is none. A document of
// one row has no other.
func splitHeader(s sheet) (table, error) {
	if len(s.lines) == 0 {
		return table{}, unusableError("empty", nil)
	}
	if s.head != nil {
		return table{head: s.head, rows: s.lines[:min(len(s.lines), maxRows)], more: s.more || len(s.lines) > maxRows, guessed: s.guessed}, nil
	}
	const looked = 20
	widest := 0
	for _, l := range s.lines[:min(len(s.lines), looked)] {
		widest = max(widest, l.countFilled())
	}
	at := slices.IndexFunc(s.lines, func(l line) bool { return l.countFilled()*2 > widest })
	t := table{rows: s.lines[at+1:], more: s.more, guessed: s.guessed}
	before := ""
	for _, name := range s.lines[at].cells {
		name = sources.Line(name)
		own := heading(t.head, name)
		if own == "" && name != "" && before != "" && s.paged {
			own = heading(t.head, name+" ("+before+")") // "Height" behind each of "High tide" and "Low tide"
		}
		if own == "" && name != "" && !slices.ContainsFunc(t.twice, func(other string) bool { return strings.EqualFold(other, name) }) {
			t.twice = append(t.twice, name)
		}
		t.head, before = append(t.head, own), name
	}
	if len(t.rows) > maxRows {
		t.rows, t.more = t.rows[:maxRows], true
	}
	return t, nil
}

// heading returns the name of a column, which no other bears, or "" if it has none:
// such a column is not told.
func heading(others []string, name string) string {
	if name == "" || slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(other, name) }) {
		return ""
	}
	return sources.Shorten(name, 100)
}

// columnIndex returns the place of a column by its name, or -1 if there is none.
func (t table) columnIndex(name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(t.head, func(h string) bool { return h != "" && textform.Fold(h) == textform.Fold(name) })
}

func (t table) cellOf(l line, name string) string {
	if i := t.columnIndex(name); i >= 0 && i < len(l.cells) {
		return l.cells[i]
	}
	return ""
}

// missingColumn returns an error if the table lacks a column that the settings name.
func (s *Settings) missingColumn(t table) error {
	for _, named := range []struct{ field, column string }{{"key", s.Key}, {"aliases", s.Aliases}} {
		if named.column != "" && t.columnIndex(named.column) < 0 {
			return &pull.Error{Kind: pull.Unusable, Op: op, Field: named.field, Hint: t.noColumn(named.column)}
		}
	}
	return nil
}

func (t table) noColumn(name string) words.Text {
	return own.Text("no_column", words.Args{"column": displayText(name), "columns": sources.Shorten(sources.Line(strings.Join(t.head, ", ")), 200)})
}

// columnWarnings tells of columns whose name another bears, and of those that the settings call otherwise and that are
// not there.
func (s *Settings) columnWarnings(t table) (all []words.Text) {
	for _, name := range t.twice {
		all = append(all, own.Text("column_twice", words.Args{"column": displayText(name)}))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		if t.columnIndex(name) < 0 {
			all = append(all, t.noColumn(name))
		}
	}
	return all
}

// keyName returns what the column of the key is called for shapes: as the settings
// call it, whatever its letters in the table.
func (s *Settings) keyName() string {
	for column, name := range s.Columns {
		if textform.Fold(column) == textform.Fold(s.Key) && strings.TrimSpace(name) != leftOut {
			return strings.TrimSpace(name)
		}
	}
	return s.Key
}

// leftOut takes the place of the name of a column that is not told.
const leftOut = "-"

// makeRecords makes records of the rows: each cell by what its column is called, or
// what the settings call it. names are those of each row, as far as they are
// more than its key.
func (s *Settings) makeRecords(t table) (records []shape.Record, names [][]string) {
	called := make([]string, len(t.head))
	for i, h := range t.head {
		called[i] = h
		for column, name := range s.Columns {
			if h != "" && textform.Fold(column) == textform.Fold(h) {
				called[i] = strings.TrimSpace(name)
			}
		}
	}
	key, aliases := t.columnIndex(s.Key), t.columnIndex(s.Aliases)
	if key >= 0 {
		called[key] = s.keyName()
	}
	for _, l := range t.rows {
		record := make(shape.Record, 0, len(l.cells)+1) // and a title
		var others []string
		for i, text := range l.cells[:min(len(l.cells), len(t.head))] {
			if i == key {
				all := parted(text)
				if len(all) > 0 {
					text, others = all[0], append(others, all...)
				}
			}
			if i == aliases {
				others = append(others, parted(text)...)
				continue
			}
			if text != "" && called[i] != "" && called[i] != leftOut {
				record = append(record, shape.Value{Name: called[i], V: text})
			}
		}
		if key >= 0 && !titled(called, l, key) && len(others) > 0 {
			record = append(record, shape.Value{Name: "title", V: others[0]})
		}
		if i := slices.Index(called, "start"); s.Shape == shape.Event && i >= 0 && i < len(l.cells) && !titled(called, l, i) {
			record = append(record, shape.Value{Name: "title", V: l.cells[i]})
		}
		if len(others) > 1 || s.Aliases != "" && len(others) > 0 {
			record = append(shape.Record{{Name: shape.FactNames, V: others}}, record...)
		}
		records, names = append(records, record), append(names, others)
	}
	return records, names
}

// titled reports whether another column than the key gives a row its title.
func titled(called []string, l line, key int) bool {
	for i, text := range l.cells[:min(len(l.cells), len(called))] {
		if i != key && text != "" && slices.Contains([]string{"title", "name", "headline", "titel", "titre", "titulo"}, textform.Fold(called[i])) {
			return true
		}
	}
	return false
}

// parted returns the names of a cell.
func parted(text string) []string {
	var all []string
	for name := range strings.SplitSeq(text, "|") {
		if name = sources.Line(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}
