package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"keypull/pull/settings"
)

// mark is what spreadsheets know UTF-8 by.
const mark = "\uFEFF"

// Write writes documents as a table, a row each: UTF-8 with its mark, commas,
// lines that end in CR LF. names are of tables that have a column in any case.
func Write(fields []settings.Field, docs []map[string]any, names []string) ([]byte, error) {
	type column struct {
		field settings.Field
		name  string
	}
	var (
		columns []column
		head    []string
	)
	for _, f := range fields {
		for _, name := range columnsOf(f, docs, names) {
			columns, head = append(columns, column{f, name}), append(head, name)
		}
	}
	var b bytes.Buffer
	b.WriteString(mark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := append(make([][]string, 0, len(docs)+1), head)
	for _, d := range docs {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = cellText(c.field, c.name, d)
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write a table: %w", err)
	}
	return b.Bytes(), nil
}
