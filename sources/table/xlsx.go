package table

import (
	"encoding/xml"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/words"
	"keypull/sources"
)

// workbook is what the cells of an XLSX file lean on.
type workbook struct {
	pack *archive
	// texts are those that cells share; days says of each style what its
	// numbers are when they are dates.
	texts []string
	days  []moment
	// later says that days count from 1904.
	later bool
	// sheets are the names of the sheets with their parts, in their order.
	names, parts []string
}

// moment says what a number is shown as.
type moment uint8

const (
	notMoment moment = iota
	day
	dayAndTime
	timeOfDay
)

// readXLSX reads one sheet, the first one where none is named.
func readXLSX(body []byte, name string) (sheet, error) {
	p, err := openArchive(body)
	if err != nil {
		return sheet{}, err
	}
	if !p.hasPart("xl/workbook.xml") {
		if p.hasPart("content.xml") {
			return readODS(body, name)
		}
		return sheet{}, unusableError("no_workbook", nil)
	}
	w := &workbook{pack: p}
	for _, step := range []func() error{w.readSheets, w.readTexts, w.readStyles} {
		if err := step(); err != nil {
			return sheet{}, err
		}
	}
	part, err := w.part(name)
	if err != nil {
		return sheet{}, err
	}
	return w.readSheet(part)
}

// part returns where a sheet lies.
func (w *workbook) part(name string) (string, error) {
	if len(w.parts) == 0 {
		return "", unusableError("no_workbook", nil)
	}
	if name == "" {
		return w.parts[0], nil
	}
	i := slices.IndexFunc(w.names, func(other string) bool { return strings.EqualFold(strings.TrimSpace(other), strings.TrimSpace(name)) })
	if i < 0 {
		return "", noSheet(name, w.names)
	}
	return w.parts[i], nil
}

func noSheet(name string, names []string) error {
	return unusableError("no_sheet", words.Args{"sheet": sources.Shorten(sources.Line(name), 40), "sheets": sources.Shorten(sources.Line(strings.Join(names, ", ")), 200)})
}

func (w *workbook) readSheets() error {
	targets := map[string]string{}
	err := w.pack.walkPart("xl/_rels/workbook.xml.rels", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			target := attributeOf(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			targets[attributeOf(e, "Id")] = target
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.pack.walkPart("xl/workbook.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "workbookPr":
			w.later = attributeOf(e, "date1904") == "1" || attributeOf(e, "date1904") == "true"
		case ok && e.Name.Local == "sheet" && attributeOf(e, "state") != "veryHidden":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			if target := targets[id]; target != "" && len(w.parts) < maxParts {
				w.names, w.parts = append(w.names, attributeOf(e, "name")), append(w.parts, target)
			}
		}
		return nil
	})
}

// readTexts reads the texts that cells share. What is read aloud beside them,
// as in Japanese, is left out.
func (w *workbook) readTexts() error {
	var b strings.Builder
	in, aloud := false, false
	return w.pack.walkPart("xl/sharedStrings.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			in, aloud = t.Name.Local == "t", aloud || t.Name.Local == "rPh"
		case xml.CharData:
			if in && !aloud && b.Len() < maxCell {
				b.Write(t)
			}
		case xml.EndElement:
			in = false
			switch t.Name.Local {
			case "rPh":
				aloud = false
			case "si":
				if len(w.texts) == maxTexts {
					return errDone
				}
				w.texts = append(w.texts, cellText(b.String()))
				b.Reset()
			}
		}
		return nil
	})
}

// readStyles finds out which styles show numbers as dates.
func (w *workbook) readStyles() error {
	formats := map[string]string{}
	inCells := false
	return w.pack.walkPart("xl/styles.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				formats[attributeOf(t, "numFmtId")] = attributeOf(t, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells && len(w.days) < maxCells {
					id := attributeOf(t, "numFmtId")
					w.days = append(w.days, momentOf(id, formats[id]))
				}
			}
		case xml.EndElement:
			inCells = inCells && t.Name.Local != "cellXfs"
		}
		return nil
	})
}

// momentOf reads a number format: the built-in ones by their number, others by
// the letters that are left when texts and colours are taken out.
func momentOf(id, code string) moment {
	n, err := strconv.Atoi(id)
	if err == nil && code == "" {
		switch {
		case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 58:
			return day
		case n == 22:
			return dayAndTime
		case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47:
			return timeOfDay
		}
		return notMoment
	}
	code, _, _ = strings.Cut(code, ";")
	var b strings.Builder
	quoted, bracketed := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case !bracketed:
			b.WriteByte(c | 0x20)
		}
	}
	letters := b.String()
	days, hours := strings.ContainsAny(letters, "yd"), strings.ContainsAny(letters, "hs")
	switch {
	case strings.Contains(letters, "general"), strings.ContainsAny(letters, "0#"):
		return notMoment
	case days && hours:
		return dayAndTime
	case days:
		return day
	case hours:
		return timeOfDay
	}
	return notMoment
}

// readSheet reads the cells of a sheet.
func (w *workbook) readSheet(part string) (sheet, error) {
	r := rowReader{workbook: w}
	err := w.pack.walkPart(part, r.readToken)
	return r.sheet, err
}

// rowReader reads a sheet row by row.
type rowReader struct {
	*workbook
	sheet sheet
	row   line
	// column, kind and style are those of the cell at hand; in says that its
	// text is being read.
	column      int
	kind, style string
	in, aloud   bool
	text        strings.Builder
}

func (r *rowReader) readToken(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		r.startElement(t)
	case xml.CharData:
		if r.in && !r.aloud && r.text.Len() < maxCell {
			r.text.Write(t)
		}
	case xml.EndElement:
		return r.endElement(t.Name.Local)
	}
	return nil
}

func (r *rowReader) startElement(e xml.StartElement) {
	switch e.Name.Local {
	case "row":
		number := r.row.number + 1
		if n, err := strconv.Atoi(attributeOf(e, "r")); err == nil && n >= number {
			number = n
		}
		r.row, r.column = line{number: number}, -1
	case "c":
		r.column++
		if at := columnOf(attributeOf(e, "r")); at > r.column {
			r.column = at
		}
		r.kind, r.style = attributeOf(e, "t"), attributeOf(e, "s")
		r.text.Reset()
	case "v", "t":
		r.in = true
	case "rPh":
		r.aloud = true
	}
}

func (r *rowReader) endElement(name string) error {
	switch name {
	case "v", "t":
		r.in = false
	case "rPh":
		r.aloud = false
	case "c":
		if r.column >= 0 && r.column < maxColumns {
			for len(r.row.cells) <= r.column {
				r.row.cells = append(r.row.cells, "")
			}
			r.row.cells[r.column] = r.value()
		}
	case "row":
		if !r.sheet.addLine(r.row) {
			return errDone
		}
	}
	return nil
}

// columnOf returns the place of a cell by its name, "C7" is 2, or -1 if it has none.
func columnOf(name string) int {
	n := 0
	for _, c := range name {
		if c < 'A' || c > 'Z' || n > maxColumns {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// value returns what the cell at hand shows: a text as it is, a number with the
// digits of the file, a date as ISO 8601 has it, an error as nothing.
func (r *rowReader) value() string {
	text := strings.TrimSpace(r.text.String())
	switch r.kind {
	case "s":
		if i, err := strconv.Atoi(text); err == nil && i >= 0 && i < len(r.texts) {
			return r.texts[i]
		}
		return ""
	case "e":
		return ""
	case "b":
		return map[string]string{"1": "true", "0": "false"}[text]
	case "str", "inlineStr", "d":
		return cellText(text)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return cellText(text)
	}
	if i, err := strconv.Atoi(r.style); err == nil && i >= 0 && i < len(r.days) && r.days[i] != notMoment {
		return r.moment(n, r.days[i])
	}
	return plainNumber(text, n)
}

// plainNumber writes a number without the noise that binary numbers have in their
// last digit: 19.899999999999999 is 19.9.
func plainNumber(text string, n float64) string {
	const exact = 15
	if len(strings.Trim(text, "-.0")) < exact && !strings.ContainsAny(text, "eE") {
		return text
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', exact, 64), 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// moment returns the date that a number stands for: days since the end of 1899, or
// since 1904, the hours behind the point.
func (r *rowReader) moment(n float64, m moment) string {
	const last = 2_958_465 // the end of the year 9999
	if n < 0 || n > last {
		return ""
	}
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if r.later {
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if n < 60 {
		begin = begin.AddDate(0, 0, 1) // the 29th of February 1900, which there was not
	}
	whole := int(n)
	seconds := int((n-float64(whole))*86400 + 0.5)
	at := begin.AddDate(0, 0, whole).Add(time.Duration(seconds) * time.Second)
	switch {
	case m == timeOfDay && whole == 0:
		return at.Format("15:04:05")
	case m == day || seconds == 0:
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}
