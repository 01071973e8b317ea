package sources

import (
	"slices"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of what is repeated: how many elements of a page, and how large a cell is at most.
const (
	maxRepeated     = 20_000
	maxRepeatedCell = 60
)

// spanning is a cell that stands in further rows as well.
type spanning struct {
	cell         *html.Node
	column, rows int
}

// RepeatSpans repeats each cell of a page's tables that is as high as several rows in the rows below it, so that
// every row tells all that it says, in its columns. What is as high as a whole table by mistake ends with
// its group of rows, and what is too large to be repeated with its row.
func RepeatSpans(root *html.Node) {
	left := maxRepeated
	open := map[*html.Node][]spanning{} // by the group of rows
	for row := range root.Descendants() {
		if row.DataAtom == atom.Tr {
			open[row.Parent] = repeatInRow(row, open[row.Parent], &left)
		}
	}
}

// repeatInRow puts the cells that are open, in the order of their columns, into a row, and returns those that are
// for the next one.
func repeatInRow(row *html.Node, open []spanning, left *int) (next []spanning) {
	column, at := 0, row.FirstChild
	for {
		for at != nil && at.DataAtom != atom.Td && at.DataAtom != atom.Th {
			at = at.NextSibling
		}
		for len(open) > 0 && open[0].column < column {
			open = open[1:]
		}
		cell := at
		var rows int
		switch {
		case len(open) > 0 && open[0].column == column:
			cell, rows = cloneCell(open[0].cell, left), open[0].rows
			if cell == nil {
				return nil
			}
			row.InsertBefore(cell, at)
		case at == nil:
			return next
		default:
			rows, _ = strconv.Atoi(Attribute(cell, "rowspan"))
			at = at.NextSibling
		}
		if rows > 1 {
			next = append(next, spanning{cell, column, rows - 1})
		}
		wide, _ := strconv.Atoi(Attribute(cell, "colspan"))
		column += min(max(wide, 1), maxRepeated)
	}
}

// cloneCell returns a copy of a cell; nil where it is large, or no more may be repeated.
func cloneCell(cell *html.Node, left *int) *html.Node {
	size := 1
	for range cell.Descendants() {
		if size++; size > maxRepeatedCell {
			return nil
		}
	}
	if *left -= size; *left < 0 {
		return nil
	}
	return cloneNode(cell)
}

func cloneNode(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	c.Attr = slices.DeleteFunc(c.Attr, func(a html.Attribute) bool { return a.Key == "rowspan" })
	for child := range n.ChildNodes() {
		c.AppendChild(cloneNode(child))
	}
	return c
}
