package table

import (
	"errors"
	"io"
	"strings"

	sheets "keypull/pull/sheet"
	"keypull/sources"
)

// delimiters are what cells are parted by.
var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "bar": '|'}

// readText reads CSV, TSV and their like. Quotes may stand within cells, and
// rows may differ in length.
func readText(body []byte, contentType string, o options) (sheet, error) {
	if isPage(body) || len(strings.TrimSpace(string(body[:min(len(body), 4096)]))) == 0 && len(body) < 4096 {
		return sheet{}, notTableError(body)
	}
	plain, guessed := sources.Encoded{Type: contentType, Named: o.encoding, Languages: o.languages}.UTF8(body)
	text := strings.ToValidUTF8(string(plain), "\uFFFD")
	if i := strings.IndexByte(text, 0); i >= 0 {
		return sheet{}, notTableError(body)
	}
	r := sheets.Cells(text, delimiters[o.delimiter])
	r.ReuseRecord = true
	s := sheet{guessed: guessed}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return sheet{}, unusableError("no_csv", nil)
		}
		at, _ := r.FieldPos(0)
		kept := make([]string, 0, min(len(cells), maxColumns))
		for _, c := range cells[:min(len(cells), maxColumns)] {
			kept = append(kept, cellText(c))
		}
		if !s.addLine(line{number: at, cells: kept}) {
			return s, nil
		}
	}
}

// cellText returns the text of a cell, copied, so that it does not hold the document.
func cellText(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxCell {
		text = strings.ToValidUTF8(text[:maxCell], "") + "…"
	}
	return strings.Clone(text)
}
