package table

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// readODS reads one sheet of an OpenDocument spreadsheet, the first one where
// none is named.
func readODS(body []byte, name string) (sheet, error) {
	p, err := openArchive(body)
	if err != nil {
		return sheet{}, err
	}
	if !p.hasPart("content.xml") {
		return sheet{}, unusableError("no_workbook", nil)
	}
	r := odsReader{wanted: strings.TrimSpace(name)}
	if err := p.walkPart("content.xml", r.readToken); err != nil {
		return sheet{}, err
	}
	if len(r.names) == 0 {
		return sheet{}, unusableError("no_workbook", nil)
	}
	if name != "" && !slices.ContainsFunc(r.names, func(other string) bool { return strings.EqualFold(strings.TrimSpace(other), r.wanted) }) {
		return sheet{}, noSheet(name, r.names)
	}
	return r.sheet, nil
}

// odsReader reads a sheet row by row.
type odsReader struct {
	wanted string
	names  []string
	// reading says that the sheet at hand is the one, inside how deep in tables
	// within cells it is.
	reading bool
	inside  int
	sheet   sheet
	row     line
	// rows and cells say how often the one at hand is repeated.
	rows, cells  int
	value, kind  string
	currency     string
	text         strings.Builder
	paragraphs   int
	in, annotate int
}

func (r *odsReader) readToken(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return r.startElement(t)
	case xml.CharData:
		if r.in > 0 && r.annotate == 0 && r.text.Len() < maxCell {
			r.text.Write(t)
		}
	case xml.EndElement:
		return r.endElement(t.Name.Local)
	}
	return nil
}

func (r *odsReader) startElement(e xml.StartElement) error {
	switch e.Name.Local {
	case "table":
		if r.inside++; r.inside > 1 {
			return nil
		}
		name := attributeOf(e, "name")
		if r.reading {
			return errDone
		}
		r.names = append(r.names, name)
		r.reading = r.wanted == "" || strings.EqualFold(strings.TrimSpace(name), r.wanted)
	case "table-row":
		r.rows = repeated(e, "number-rows-repeated")
		r.row = line{number: r.row.number + 1}
	case "table-cell", "covered-table-cell":
		r.cells = repeated(e, "number-columns-repeated")
		r.currency = attributeOf(e, "currency")
		r.kind, r.value = attributeOf(e, "value-type"), cmp.Or(attributeOf(e, "value"), attributeOf(e, "date-value"), attributeOf(e, "time-value"), attributeOf(e, "boolean-value"), attributeOf(e, "string-value"))
		r.text.Reset()
		r.paragraphs = 0
	case "annotation":
		r.annotate++
	case "p", "h":
		if r.in++; r.paragraphs > 0 && r.annotate == 0 {
			r.text.WriteByte('\n')
		}
		if r.annotate == 0 {
			r.paragraphs++
		}
	case "s", "tab", "line-break":
		if r.in > 0 && r.annotate == 0 && r.text.Len() < maxCell {
			r.text.WriteByte(' ')
		}
	}
	return nil
}

// repeated returns how often an element stands for itself.
func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attributeOf(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

func (r *odsReader) endElement(name string) error {
	switch name {
	case "table":
		r.inside--
		if r.inside == 0 && r.reading && r.wanted != "" {
			return errDone
		}
	case "annotation":
		r.annotate = max(0, r.annotate-1)
	case "p", "h":
		r.in = max(0, r.in-1)
	case "table-cell", "covered-table-cell":
		shown := r.shown()
		for range min(r.cells, maxColumns-len(r.row.cells)) {
			r.row.cells = append(r.row.cells, shown)
		}
	case "table-row":
		return r.keepRow()
	}
	return nil
}

// keepRow keeps the row at hand, as often as it stands there. Empty ones, of which
// a sheet has a million at its end, are only counted.
func (r *odsReader) keepRow() error {
	first := r.row.number
	r.row.number += r.rows - 1
	if !r.reading || r.inside > 1 || r.row.isEmpty() {
		return nil
	}
	for i := range r.rows {
		if !r.sheet.addLine(line{number: first + i, cells: slices.Clone(r.row.cells)}) {
			return errDone
		}
	}
	return nil
}

// shown returns the value of the cell at hand: numbers and dates as the file keeps
// them, all else as it is shown.
func (r *odsReader) shown() string {
	switch r.kind {
	case "float", "currency":
		if n, err := strconv.ParseFloat(r.value, 64); err == nil {
			return strings.TrimSpace(plainNumber(r.value, n) + " " + cellText(r.currency))
		}
	case "date":
		day, clock, timed := strings.Cut(r.value, "T")
		if timed && strings.Trim(clock, "0:.,") != "" {
			return cellText(day + " " + clock)
		}
		return cellText(day)
	case "boolean":
		return cellText(r.value)
	}
	return cellText(r.text.String())
}
