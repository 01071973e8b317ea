package quote

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"keypull/pull"
	"keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/sources"
)

// readCSV finds the values in the row of the symbol: the one whose column
// the symbol holds it; where there is no such column, the first row.
func (s *Settings) readCSV(body []byte, e sources.Encoded, symbol string) (values, error) {
	body, guessed := e.UTF8(body)
	r := sheet.Cells(string(body), 0)
	if countBytes(body, string(r.Comma)+"\n") > maxMarksCSV {
		return values{}, manyValuesError()
	}
	head, err := r.Read()
	if err != nil {
		return values{}, sources.WrongFormatError(op, "url", "CSV", body, err)
	}
	if columnIndex(head, s.Price) < 0 {
		return values{}, &pull.Error{
			Kind: pull.Unusable, Op: op, Field: "price",
			Hint: own.Text("no_column", words.Args{"column": s.Price, "columns": sources.Shorten(sources.Line(strings.Join(head, ", ")), 200)}),
		}
	}
	row, err := rowOf(r, head, symbol, s.Spelling)
	if err != nil {
		return values{}, sources.WrongFormatError(op, "url", "CSV", body, err)
	}
	at := func(name string) value {
		if literal, ok := strings.CutPrefix(name, literalMark); ok {
			return newValue(insertSymbol(literal, symbol))
		}
		i := columnIndex(head, name)
		if name == "" || i < 0 || i >= len(row) {
			return value{}
		}
		return newValue(row[i])
	}
	found := values{at: map[string]value{}, comma: r.Comma != ',', guessed: guessed}
	for _, p := range s.fieldPaths() {
		found.at[p.field] = at(p.path)
	}
	for i, n := range s.namingsUsed() {
		found.at[namingField(i)] = at(n.At)
	}
	return found, nil
}

// rowNames are what services call the column of the symbol, the surest first.
var rowNames = []string{"symbol", "ticker", "code", "isin", "pair", "instrument"}

// rowOf returns the row of the symbol.
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
	for i, h := range head {
		if strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) {
			return i
		}
	}
	return -1
}

func cellAt(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}
