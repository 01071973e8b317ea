package table

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"keypull/pull"
	sheets "keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/sources"
)

// Bounds of a table.
const (
	maxBytes   = 8 << 20
	maxRows    = pull.MaxSnapshotItems
	maxColumns = 200
	// maxCells bounds the cells that are kept, maxCell the bytes of one.
	maxCells = 200_000
	maxCell  = 24 << 10
)

// line is a row of a document: its cells as they are written, and its number
// there, from 1, as a spreadsheet shows it.
type line struct {
	number int
	cells  []string
}

// isEmpty reports whether no cell holds anything.
func (l line) isEmpty() bool { return l.countFilled() == 0 }

// countFilled returns how many cells hold anything.
func (l line) countFilled() int {
	n := 0
	for _, c := range l.cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// sheet gathers the lines of a document, up to the bounds.
type sheet struct {
	lines []line
	cells int
	// more says that there were more rows than are kept; guessed names an encoding
	// that nothing told.
	more    bool
	guessed string
	// head are the names of the columns where no row has them.
	head []string
	// paged says that it is one of a page, which repeats the name of a column behind others.
	paged bool
}

// addLine keeps a line; false says that there is no room for any other.
func (s *sheet) addLine(l line) bool {
	for len(l.cells) > 0 && strings.TrimSpace(l.cells[len(l.cells)-1]) == "" {
		l.cells = l.cells[:len(l.cells)-1]
	}
	if len(l.cells) == 0 {
		return true
	}
	l.cells = l.cells[:min(len(l.cells), maxColumns)]
	s.cells += len(l.cells)
	const heads = 20 // a title, empty rows, the names of the columns
	if len(s.lines) >= maxRows+heads || s.cells > maxCells {
		s.more = true
		return false
	}
	s.lines = append(s.lines, l)
	return true
}

// form is what a document is written as.
type form string

const (
	formText form = "CSV"
	formXLSX form = "XLSX"
	formODS  form = "ODS"
)

// options are what the settings say of a document.
type options struct {
	delimiter, encoding, sheet, key string
	// languages are the publisher's.
	languages []string
}

// readSheet reads the lines of a document in any form.
func readSheet(body []byte, contentType string, o options) (sheet, form, error) {
	switch f := formOf(body); f {
	case formXLSX:
		s, err := readXLSX(body, o.sheet)
		return s, f, err
	case formODS:
		s, err := readODS(body, o.sheet)
		return s, f, err
	case formPage:
		s, err := readPage(body, contentType, o)
		return s, f, err
	case formText:
		s, err := readText(body, contentType, o)
		return s, f, err
	}
	return sheet{}, "", notTableError(body)
}

// formOf tells the forms apart by how they begin; "" is for what is no table.
func formOf(body []byte) form {
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		head := body[:min(len(body), 120)]
		if bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")) {
			return formODS
		}
		return formXLSX
	case bytes.HasPrefix(body, []byte("\xD0\xCF\x11\xE0")), bytes.HasPrefix(body, []byte("%PDF")), bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return ""
	case isPage(body):
		return formPage
	}
	return formText
}

// notTableError returns the error for a document that is no table.
func notTableError(body []byte) error {
	key := "no_table"
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		key = "empty"
	case bytes.HasPrefix(body, []byte("\xD0\xCF\x11\xE0")):
		key = "old_excel"
	case isPage(body):
		key = "a_page"
	}
	return unusableError(key, nil)
}

func unusableError(key string, args words.Args) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Hint: own.Text(key, args)}
}

// isPage reports whether this is a web page, which may hold tables, or ask for a
// password instead.
func isPage(body []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 1024)]))
	return bytes.HasPrefix(head, []byte("<")) && (bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<head")))
}

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
