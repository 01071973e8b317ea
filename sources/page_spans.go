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

// RepeatSpans repeats each cell of a page's tables that is as high as several rows in all of them, so that
// every row tells all that it says, in its columns. What is as high as a whole table by mistake ends with
// its group of rows.
func RepeatSpans(root *html.Node) {
	left := maxRepeated
	var group *html.Node
	var open []spanning
	for row := range root.Descendants() {
		if row.DataAtom != atom.Tr {
			continue
		}
		if row.Parent != group {
			group, open = row.Parent, nil
		}
		open = repeatInRow(row, open, &left)
	}
}

// repeatInRow puts the cells that are open into a row, and returns those that are for the next one.
func repeatInRow(row *html.Node, open []spanning, left *int) (next []spanning) {
	column, at := 0, row.FirstChild
	for {
		for at != nil && at.DataAtom != atom.Td && at.DataAtom != atom.Th {
			at = at.NextSibling
		}
		i := slices.IndexFunc(open, func(s spanning) bool { return s.column == column })
		if i < 0 && at == nil {
			return next
		}
		cell := at
		var rows int
		if i >= 0 {
			cell, rows = cloneCell(open[i].cell, left), open[i].rows
			if cell == nil {
				return nil
			}
			row.InsertBefore(cell, at)
		} else {
			rows, _ = strconv.Atoi(Attribute(cell, "rowspan"))
			at = at.NextSibling
		}
		if rows > 1 {
			next = append(next, spanning{cell, column, rows - 1})
		}
		wide, _ := strconv.Atoi(Attribute(cell, "colspan"))
		column += max(wide, 1)
	}
}

// cloneCell returns a copy of a cell; nil where it is large, or no more may be repeated.
func cloneCell(cell *html.Node, left *int) *html.Node {
	size := 1
	for range cell.Descendants() {
		size++
	}
	if *left -= size; *left < 0 || size > maxRepeatedCell {
		return nil
	}
	return cloneNode(cell)
}

func cloneNode(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	for child := range n.ChildNodes() {
		c.AppendChild(cloneNode(child))
	}
	return c
}
