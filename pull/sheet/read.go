package sheet

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// MaxBytes is how large a table may be.
const MaxBytes = 8 << 20

// Row is one row of a table: the fields that it has columns for. An empty cell is
// nil: the field as usual.
type Row struct {
	// Line is where it begins in the file; the first is 1.
	Line   int
	Values map[string]any
}

// Problem is what is wrong with a table at a place.
type Problem struct {
	Line int
	// Column is the name at its head; "" is the whole line.
	Column string
	Said   words.Text
}

// Table is a table as it was read: rows as far as they are good.
type Table struct {
	Columns  []string
	Rows     []Row
	Problems []Problem
	// heads are the columns as they were written, where that was otherwise.
	heads map[string]string
}

// Head returns what stands at the head of a column.
func (t Table) Head(column string) string {
	if head, ok := t.heads[column]; ok {
		return head
	}
	return column
}

func (t *Table) wrong(line int, column, key string, args words.Args) {
	t.Problems = append(t.Problems, Problem{line, column, words.Text{Key: key, Args: args}})
}

// Read reads a table of at most so many rows, whose first line names the columns.
// What parts its cells is found out. called returns the column that is called otherwise
// at its head, "" for none; nil where each has its own name.
func Read(data string, fields []settings.Field, most int, called func(head string) string) Table {
	t := Table{heads: map[string]string{}}
	switch {
	case len(data) > MaxBytes:
		t.wrong(1, "", "sheet.too_large", words.Args{"max": MaxBytes >> 20})
		return t
	case !utf8.ValidString(data) || strings.Contains(data, "\x00"):
		t.wrong(1, "", "sheet.not_text", nil)
		return t
	}
	r := Cells(data, 0)
	r.LazyQuotes = false // who writes settings is told where one is open
	head, err := r.Read()
	if err != nil {
		t.broken(err)
		return t
	}
	columns := t.columns(t.columnNames(head, fields, called), fields)
	for len(t.Problems) == 0 {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t
		}
		if err != nil {
			t.broken(err)
			return t
		}
		line, _ := r.FieldPos(0)
		switch {
		case !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }):
		case len(t.Rows) == most:
			t.wrong(line, "", "sheet.too_many", words.Args{"max": most})
			return t
		default:
			t.row(line, cells, columns)
		}
	}
	return t
}

// broken tells where the table is none.
func (t *Table) broken(err error) {
	var at *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		t.wrong(1, "", "sheet.empty", nil)
	case errors.As(err, &at):
		t.wrong(at.StartLine, "", "sheet.quotes", words.Args{"line": at.Line, "column": at.Column})
	default:
		t.wrong(1, "", "sheet.not_text", nil)
	}
}

// column is where a cell belongs: a field, and of tables a name in it.
type column struct {
	head  string
	field *settings.Field
	name  string
	named bool
}

// columnNames reads the first line: what is called otherwise gets its name.
func (t *Table) columnNames(head []string, fields []settings.Field, called func(head string) string) []string {
	names := make([]string, len(head))
	for i, cell := range head {
		cell = strings.TrimSpace(unquoteCell(cell))
		names[i] = cell
		base, _, _ := strings.Cut(cell, ".")
		if called == nil || cell == "" || slices.ContainsFunc(fields, func(f settings.Field) bool { return f.Name == base }) {
			continue
		}
		if name := called(cell); name != "" {
			names[i], t.heads[name] = name, cell
		}
	}
	return names
}

// columns finds the field of each column.
func (t *Table) columns(head []string, fields []settings.Field) []column {
	columns := make([]column, len(head))
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	for i, cell := range head {
		c := column{head: cell}
		base, name, named := strings.Cut(cell, ".")
		at := slices.Index(names, base)
		twice := slices.ContainsFunc(columns[:i], func(o column) bool { return o.head == cell && cell != "" })
		switch {
		case cell == "":
		case at < 0 || named != takesName(fields[at], named):
			t.noteMisnamed(cell, base, fields, at, names)
		case twice:
			t.wrong(1, t.Head(cell), "sheet.twice", words.Args{"column": t.Head(cell)})
		default:
			c.field, c.name, c.named = &fields[at], name, fields[at].Type == settings.Lists || fields[at].Type == settings.Pairs || fields[at].Type == settings.Localised
			t.Columns = append(t.Columns, cell)
		}
		columns[i] = c
	}
	return columns
}

// takesName says whether the columns of a field have a name behind a point; a text
// by language may have none, for everybody.
func takesName(f settings.Field, named bool) bool {
	switch f.Type {
	case settings.Lists, settings.Pairs:
		return true
	case settings.Localised:
		return named
	}
	return false
}

// noteMisnamed tells of a column that nothing is called by: of a field whose columns have a name behind a point, or none, how
// it is written.
func (t *Table) noteMisnamed(cell, base string, fields []settings.Field, at int, names []string) {
	switch {
	case at < 0:
		t.unknown(cell, names)
	case fields[at].Type == settings.Lists:
		t.wrong(1, cell, "sheet.unknown_near", words.Args{"column": cell, "nearest": base + ".en"})
	case fields[at].Type == settings.Pairs:
		t.wrong(1, cell, "sheet.unknown", words.Args{"column": cell, "known": base + ".…"})
	default:
		t.wrong(1, cell, "sheet.unknown_near", words.Args{"column": cell, "nearest": base})
	}
}

func (t *Table) unknown(cell string, names []string) {
	if nearest := settings.Nearest(cell, names); nearest != "" {
		t.wrong(1, cell, "sheet.unknown_near", words.Args{"column": cell, "nearest": nearest})
		return
	}
	t.wrong(1, cell, "sheet.unknown", words.Args{"column": cell, "known": strings.Join(names, ", ")})
}

// row reads one line.
func (t *Table) row(line int, cells []string, columns []column) {
	row := Row{Line: line, Values: map[string]any{}}
	for i, cell := range cells {
		switch {
		case i >= len(columns) || columns[i].field == nil:
			if strings.TrimSpace(cell) != "" {
				t.wrong(line, "", "sheet.no_head", words.Args{"cell": words.Shorten(cell, 40)})
			}
		case columns[i].named:
			f := columns[i].field
			table, _ := row.Values[f.Name].(map[string]any)
			if table == nil {
				table = map[string]any{}
				row.Values[f.Name] = table
			}
			table[columns[i].name] = value(f.Type, unquoteCell(cell))
		default:
			row.Values[columns[i].field.Name] = value(columns[i].field.Type, unquoteCell(cell))
		}
	}
	t.Rows = append(t.Rows, row)
}

// value returns a cell as a field of that type has it, or nil if it is empty.
func value(t settings.Type, cell string) any {
	if strings.TrimSpace(cell) == "" {
		return nil
	}
	switch t {
	case settings.Lines, settings.Lists:
		return splitCell(cell)
	case settings.Text, settings.Localised, settings.Pairs:
		return cell
	case settings.Rows, settings.Section, settings.Raw:
		var v any
		if json.Unmarshal([]byte(cell), &v) == nil {
			return v
		}
		return cell
	}
	cell = strings.TrimSpace(cell)
	switch t {
	case settings.Number:
		if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return n
		}
	case settings.Toggle:
		// Spreadsheets write truths in capitals.
		if b, err := strconv.ParseBool(strings.ToLower(cell)); err == nil {
			return b
		}
	}
	return cell
}
