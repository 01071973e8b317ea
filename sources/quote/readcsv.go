package quote

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
)

// decodeRow returns the row of the symbol as a document, its cells by the names of their
// columns: the row whose column the symbol holds it; where there is no such column, the
// first. comma says that it writes decimals with a comma.
func (s *Settings) decodeRow(body []byte, e sources.Encoded, symbol string) (d jsonpath.Document, comma bool, err error) {
	body, d.Guessed = e.UTF8(body)
	r := sheet.Cells(string(body), 0)
	if hasTooManyCells(body, r.Comma) {
		return d, false, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("many_values", nil)}
	}
	head, err := r.Read()
	if err != nil {
		return d, false, sources.WrongFormatError(op, "url", "CSV", body, err)
	}
	if columnIndex(head, s.Price) < 0 {
		return d, false, &pull.Error{
			Kind: pull.Unusable, Op: op, Field: "price",
			Hint: own.Text("no_column", words.Args{"column": s.Price, "columns": sources.Shorten(sources.Line(strings.Join(head, ", ")), 200)}),
		}
	}
	row, err := rowOf(r, head, symbol, s.Spelling)
	if err != nil {
		return d, false, sources.WrongFormatError(op, "url", "CSV", body, err)
	}
	cells := map[string]any{}
	for i, name := range head[:min(len(head), len(row))] {
		if columnIndex(head, name) == i {
			cells[columnName(name)] = row[i]
		}
	}
	d.Exact = cells
	return d, r.Comma != ',', nil
}

// columnName returns the name of a column as it is compared.
func columnName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// rowNames are what services call the column of the symbol, the surest first.
var rowNames = []string{"symbol", "ticker", "code", "isin", "pair", "instrument"}

func rowOf(r *csv.Reader, head []string, symbol, spelling string) ([]string, error) {
	by := oneOf(head, rowNames)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("no row is that of the symbol")
		}
		if err != nil || by < 0 || strings.EqualFold(cellAt(row, by), symbol) || strings.EqualFold(cellAt(row, by), spelledAs(spelling, symbol)) {
			return row, err
		}
	}
}

// columnIndex returns the place of a column by its name, or -1.
func columnIndex(head []string, name string) int {
	return slices.IndexFunc(head, func(h string) bool { return columnName(h) == columnName(name) })
}

func cellAt(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}
