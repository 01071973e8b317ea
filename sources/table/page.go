package table

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/sources"
)

const (
	formPage form = "HTML"
	// maxPageTables is how many tables of a page are looked at.
	maxPageTables = 50
	// fewestRows and fewestColumns tell tables from what a page is laid out by.
	fewestRows, fewestColumns = 2, 2
)

// pageTable is a table of a web page: name is its caption, else the heading above it.
type pageTable struct {
	sheet
	name string
	// nested says that it holds another one, so that it only parts the page.
	nested bool
}

// readPage takes a table of a web page: the one that is called so or has that number,
// else the first that holds rows and columns.
func readPage(body []byte, contentType string, o options) (sheet, error) {
	text, guessed := sources.Encoded{Type: contentType, Named: o.encoding, Languages: o.languages}.UTF8(body)
	all := pageTables(bytes.ToValidUTF8(text, []byte("\uFFFD")))
	i := slices.IndexFunc(all, func(t pageTable) bool { return o.sheet == "" || textform.Fold(t.name) == textform.Fold(o.sheet) })
	if n, err := strconv.Atoi(o.sheet); i < 0 && err == nil && n > 0 && n <= len(all) {
		i = n - 1
	}
	if i < 0 {
		return sheet{}, notTableError(body)
	}
	all[i].guessed = guessed
	return all[i].sheet, nil
}

// pageTables returns the tables of a page that hold data.
func pageTables(body []byte) []pageTable {
	r := pageReader{}
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(maxBytes + 1)
	for len(r.found) < maxPageTables && z.Next() != html.ErrorToken {
		r.readToken(z.Token())
	}
	return r.found
}

// pageReader goes through the tokens of a page.
type pageReader struct {
	found []pageTable
	open  []pageTable
	row   *line
	rows  int
	// text gathers a cell, a caption or a heading; in is which of them is open.
	text    strings.Builder
	in      atom.Atom
	span    int
	heading string
	// mute is the element whose text nobody sees.
	mute atom.Atom
}

func (r *pageReader) readToken(t html.Token) {
	switch t.Type {
	case html.TextToken:
		const most = 4 << 10
		if r.in != 0 && r.mute == 0 && r.text.Len() < most {
			r.text.WriteString(t.Data + " ")
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		r.openTag(t)
	case html.EndTagToken:
		r.closeTag(t.DataAtom)
	}
}

func (r *pageReader) openTag(t html.Token) {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript:
		if t.Type == html.StartTagToken && r.mute == 0 {
			r.mute = t.DataAtom
		}
	case atom.Table:
		r.endRow()
		if n := len(r.open); n > 0 {
			r.open[n-1].nested = true
		}
		if len(r.open) < maxPageTables {
			r.open = append(r.open, pageTable{name: r.heading})
		}
		r.rows = 0
	case atom.Tr:
		r.endRow()
		if r.rows++; len(r.open) > 0 {
			r.row = &line{number: r.rows}
		}
	case atom.Td, atom.Th:
		r.endCell()
		if r.row != nil {
			r.in, r.span = t.DataAtom, 1
			for _, a := range t.Attr {
				if n, err := strconv.Atoi(a.Val); a.Key == "colspan" && err == nil && n > 1 {
					r.span = min(n, maxColumns)
				}
			}
		}
	case atom.Caption, atom.H1, atom.H2, atom.H3, atom.H4:
		if r.row == nil {
			r.in = t.DataAtom
			r.text.Reset()
		}
	}
}

func (r *pageReader) closeTag(a atom.Atom) {
	switch a {
	case r.mute:
		r.mute = 0
	case atom.Td, atom.Th:
		r.endCell()
	case atom.Tr:
		r.endRow()
	case atom.Caption, atom.H1, atom.H2, atom.H3, atom.H4:
		if r.in != a {
			return
		}
		said := sources.Shorten(sources.Line(r.text.String()), 100)
		if r.text.Reset(); a == atom.Caption && len(r.open) > 0 {
			r.open[len(r.open)-1].name = said
		} else {
			r.heading = said
		}
		r.in = 0
	case atom.Table:
		r.endRow()
		n := len(r.open)
		if n == 0 {
			return
		}
		t := r.open[n-1]
		r.open = r.open[:n-1]
		if wide := slices.IndexFunc(t.lines, func(l line) bool { return l.countFilled() >= fewestColumns }); !t.nested && len(t.lines) >= fewestRows && wide >= 0 {
			r.found = append(r.found, t)
		}
	}
}

// endCell ends the cell that is open.
func (r *pageReader) endCell() {
	if r.row == nil || r.in != atom.Td && r.in != atom.Th {
		return
	}
	r.row.cells = append(r.row.cells, sources.Line(r.text.String()))
	for ; r.span > 1 && len(r.row.cells) < maxColumns; r.span-- {
		r.row.cells = append(r.row.cells, "")
	}
	r.text.Reset()
	r.in = 0
}

// endRow ends the row that is open.
func (r *pageReader) endRow() {
	r.endCell()
	if r.row != nil && len(r.open) > 0 {
		r.open[len(r.open)-1].addLine(*r.row)
	}
	r.row = nil
}
