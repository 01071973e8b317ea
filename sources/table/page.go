package table

import (
	"bytes"
	"cmp"
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
	// maxPageTables is how many tables of a page are looked at, maxRoleCells how many cells of one by
	// its roles, maxPageLists how many lists for names.
	maxPageTables, maxRoleCells, maxPageLists = 50, 20_000, 2_000
	// fewestRows and fewestColumns tell tables from what a page is laid out by.
	fewestRows, fewestColumns = 2, 2
)

// pageTable is a table of a web page: name is its caption, else the heading above it; prices says
// that it is a list of them, short a short one.
type pageTable struct {
	sheet
	name          string
	prices, short bool
	// at is where it stands among the elements of its page.
	at int
	// captioned says that its name is a caption, cornered that nothing stands above its first column, and its names there; named that it is a
	// list of names, and labels one whose names are but labels.
	captioned, cornered, named, labels bool
}

// readPage takes a table of a web page: the one that is called so or has that number,
// else the first that holds rows and columns.
func readPage(body []byte, contentType string, o options) (sheet, error) {
	text, guessed := sources.Encoded{Type: contentType, Named: o.encoding, Languages: o.languages}.UTF8(body)
	all := pageTables(bytes.ToValidUTF8(text, []byte("\uFFFD")))
	i := slices.IndexFunc(all, func(t pageTable) bool {
		return o.sheet == "" && !t.named || textform.Fold(t.name) == textform.Fold(o.sheet)
	})
	if n, err := strconv.Atoi(o.sheet); i < 0 && err == nil && n > 0 && n <= len(all) {
		i = n - 1
	}
	if i < 0 {
		return sheet{}, notTableError(body)
	}
	all[i].guessed = guessed
	if o.key == headlessKey && all[i].head == nil && !slices.ContainsFunc(all[i].lines[0].cells, func(cell string) bool { return textform.Fold(cell) == headlessKey }) {
		all[i].nameColumns() // as it was set up before its first row was known for one of names
	}
	if o.key != headlessKey && (table{head: all[i].head}).columnIndex(o.key) < 0 { // as it was set up before such tables were known: by the cells of the first row
		all[i].head = nil
		if all[i].cornered {
			all[i].lines[0].cells[0] = ""
		}
	}
	return all[i].sheet, nil
}

// pageTables returns the tables of a page that hold data, behind them its lists of prices, those
// in pairs, beside these short ones, tables by their roles alone, and lists of names: each keeps its
// number whatever is listed beside it.
func pageTables(body []byte) (all []pageTable) {
	root, _, err := sources.ParsePage(body)
	if err != nil {
		return nil
	}
	sources.RepeatSpans(root)
	heading := ""
	var lists, pairs, short, roles, named []pageTable
	tried, listed, at := 0, 0, 0 // how many tables by their roles, and how many lists, were looked at
	for n := range root.Descendants() {
		at++
		if isRoleTable(n) && tried < maxPageTables {
			tried++
			if t, ok := readPageTable(tableByRoles(n), heading); ok {
				roles = append(roles, t)
			}
		}
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			if sources.Above(n, atom.Tr) == nil {
				heading = nameOf(n)
			}
		case atom.Table:
			if t, ok := readPageTable(n, heading); ok && len(all) < maxPageTables {
				t.at = at
				all = append(all, t)
			}
		case atom.Ul, atom.Ol, atom.P, atom.Dl, atom.Div, atom.Section, atom.Main:
			into := &lists
			t, ok := readPriceList(n, heading)
			switch {
			case t.short:
				into = &short
			case isPaired(n):
				into = &pairs
			}
			if ok && len(*into) < maxPageTables {
				*into = append(*into, t)
			} else if !ok && len(named) < maxPageTables && listed < maxPageLists {
				listed++
				if t, ok := readNamed(n, heading); ok {
					t.at = at
					named = append(named, t)
				}
			}
		}
	}
	if len(lists)+len(pairs) == 0 {
		short = nil
	}
	markLabels(named)
	return slices.Concat(all, lists, pairs, short, roles, named)
}

// roleElements are the elements that those of some roles stand for, as WAI-ARIA has them.
var roleElements = map[string]atom.Atom{"row": atom.Tr, "columnheader": atom.Th, "rowheader": atom.Th, "cell": atom.Td, "gridcell": atom.Td}

// isRoleTable reports whether an element is a table by its role alone.
func isRoleTable(n *html.Node) bool {
	role := sources.Attribute(n, "role")
	return (role == "table" || role == "grid") && n.DataAtom != atom.Table
}

// tableByRoles returns the rows of a table whose elements are but boxes with the roles of one, none of
// one that holds another.
func tableByRoles(n *html.Node) *html.Node {
	table := &html.Node{Type: html.ElementNode, Data: "table", DataAtom: atom.Table}
	if sources.FirstElement(n, isRoleTable) != nil {
		return table
	}
	var row *html.Node
	cells := 0
	for part := range n.Descendants() {
		element, ok := roleElements[sources.Attribute(part, "role")]
		switch {
		case !ok || cells == maxRoleCells:
		case element == atom.Tr:
			row = &html.Node{Type: html.ElementNode, Data: "tr", DataAtom: atom.Tr}
			table.AppendChild(row)
		case row != nil && roleElements[sources.Attribute(part.Parent, "role")] != atom.Td:
			cells++
			cell := &html.Node{Type: html.ElementNode, Data: element.String(), DataAtom: element}
			cell.AppendChild(&html.Node{Type: html.TextNode, Data: sources.TextOf(part)})
			row.AppendChild(cell)
		}
	}
	return table
}

// nameOf returns what a caption or a heading says.
func nameOf(n *html.Node) string { return sources.Shorten(sources.Line(sources.TextOf(n)), 100) }

// readPageTable reads a table of a page; false for one that holds another, and so only parts
// the page, and for one of less than rows and columns.
func readPageTable(table *html.Node, name string) (t pageTable, ok bool) {
	t.name, t.paged = name, true
	rows, wide, headed := 0, false, true // headed: each row has its own heading, and no column has
	var first *html.Node
	var groups []string
	group := "" // what the rows below a cell as wide as the table are of
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Table:
			return t, false
		case atom.Caption:
			t.name, t.captioned = nameOf(n), true
		case atom.Tr:
			rows++
			l := line{rows, cellsOf(n)}
			if len(t.lines) > 0 && len(t.lines[0].cells) > 1 {
				if name := groupOf(n, len(t.lines[0].cells)); name != "" {
					group = name
					continue
				}
			}
			wide = wide || l.countFilled() >= fewestColumns
			if first != nil && len(t.lines) == 1 && first.Parent.DataAtom == atom.Thead && n.Parent == first.Parent && l.countFilled() >= t.lines[0].countFilled() && sources.FirstElement(first, isWide) != nil {
				t.lines, groups, first = nil, nil, nil // what stands below names single columns
			}
			before := len(t.lines)
			if t.addLine(l); len(t.lines) > before {
				groups, headed = append(groups, group), headed && isHeadedRow(n)
			}
			if first == nil && len(t.lines) > 0 {
				first = n
			}
		}
	}
	ok = wide && len(t.lines) >= fewestRows
	if ok && t.lines[0].cells[0] == "" && t.lines[0].countFilled() == len(t.lines[0].cells)-1 {
		t.lines[0].cells[0], t.cornered = headlessKey, true
	} else if ok && (headed || isRow(first, t.lines)) {
		t.nameColumns()
	}
	if ok && t.head == nil && slices.ContainsFunc(groups, func(name string) bool { return name != "" }) {
		t.addGroups(groups)
	}
	return t, ok
}

// isWide reports whether a cell is as wide as several columns.
func isWide(n *html.Node) bool {
	span, _ := strconv.Atoi(sources.Attribute(n, "colspan"))
	return span >= fewestColumns
}

// groupOf returns what a row says that has but one cell, as wide as the table: what those below it are of.
func groupOf(row *html.Node, wide int) string {
	var only *html.Node
	for c := range row.ChildNodes() {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			if only != nil {
				return ""
			}
			only = c
		}
	}
	if only == nil {
		return ""
	}
	if span, _ := strconv.Atoi(sources.Attribute(only, "colspan")); span < wide {
		return ""
	}
	return sources.Line(sources.TextOf(only))
}

// addGroups adds a last column that says what each row is of, called as the table is.
func (t *pageTable) addGroups(groups []string) {
	wide := len(slices.MaxFunc(t.lines, func(a, b line) int { return len(a.cells) - len(b.cells) }).cells)
	if wide == maxColumns || t.cells+len(t.lines)*(wide+1) > maxCells {
		return
	}
	for i := range t.lines {
		if groups[i] == "" && i == 0 {
			groups[i] = t.name
		}
		cells := t.lines[i].cells
		t.lines[i].cells = slices.Concat(cells, make([]string, wide-len(cells)), groups[i:i+1])
	}
}

// nameColumns names the columns of a table that names none.
func (t *pageTable) nameColumns() {
	t.head = []string{headlessKey}
	for n := range slices.MaxFunc(t.lines, func(a, b line) int { return len(a.cells) - len(b.cells) }).cells[1:] {
		t.head = append(t.head, strings.TrimSuffix(cmp.Or(t.name, "value")+" "+strconv.Itoa(n+1), " 1"))
	}
}

// headlessKey names the first column of a table whose first row is one as the others are.
const headlessKey = "name"

// isRow reports whether the first row of a table names no columns: it is written as a row, and a
// cell behind the first has figures, as the one below it does.
func isRow(first *html.Node, lines []line) bool {
	if first.Parent.DataAtom == atom.Thead {
		return false
	}
	headings := 0
	for c := range first.ChildNodes() {
		if c.DataAtom == atom.Th || isBold(c) {
			headings++
		}
	}
	figures := func(l line, i int) bool { return i < len(l.cells) && strings.ContainsAny(l.cells[i], "0123456789") }
	for i := 1; i < len(lines[0].cells); i++ {
		if figures(lines[0], i) && figures(lines[1], i) && !figures(lines[0], 0) {
			return headings < 2
		}
	}
	return false
}

// isHeadedRow reports whether a row is a pair of its own heading and what that is of.
func isHeadedRow(row *html.Node) bool {
	cells := 0
	for c := range row.ChildNodes() {
		if heading := c.DataAtom == atom.Th; heading || c.DataAtom == atom.Td {
			if heading != (cells == 0) || sources.Attribute(c, "scope") == "col" {
				return false
			}
			cells++
		}
	}
	return cells == fewestColumns && row.Parent.DataAtom != atom.Thead
}

// isBold reports whether all that a cell says is written in bold.
func isBold(cell *html.Node) bool {
	bold := sources.FirstElement(cell, func(n *html.Node) bool { return n.DataAtom == atom.B || n.DataAtom == atom.Strong })
	return bold != nil && sources.Line(sources.TextOf(bold)) == sources.Line(sources.TextOf(cell))
}

// cellsOf returns the cells of a row; behind one that is as wide as several stand empty ones.
func cellsOf(row *html.Node) (cells []string) {
	for c := range row.ChildNodes() {
		if (c.DataAtom == atom.Td || c.DataAtom == atom.Th) && len(cells) < maxColumns {
			cells = append(cells, sources.Line(sources.TextOf(c)))
			span, _ := strconv.Atoi(sources.Attribute(c, "colspan"))
			cells = append(cells, make([]string, max(min(span, maxColumns-len(cells)+1)-1, 0))...)
		}
	}
	return cells
}
