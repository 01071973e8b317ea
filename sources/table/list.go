package table

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/shape"
)

// fewestPrices is how many lines with a price make a list of prices.
const fewestPrices = 3

// priceColumn names the prices of a list, which are told by the word of the language.
const priceColumn = "price"

// readPriceList reads a list, or what stands below each other in paragraphs or boxes, whose lines
// are names with their prices: "Haircut – 25 €". False for others: most of what is listed is no table.
// One that is short, or names half of its prices otherwise, is one beside others alone.
func readPriceList(first *html.Node, name string) (t pageTable, ok bool) {
	var lines [][]string
	prose, pairs := first.DataAtom == atom.P, isPaired(first)
	priced, behind := 0, 0
	for _, text := range sources.ListLines(first) {
		called, price, is := shape.CutPrice(text)
		if is {
			priced, behind = priced+1, 0
		} else {
			called, price, _ = strings.Cut(text, ":") // "Children: free"
			behind++
		}
		if priced > 0 || !prose {
			lines = append(lines, []string{strings.TrimSpace(called), strings.TrimSpace(price)})
		}
	}
	if prose && priced > 0 { // what stands before and behind is another text
		lines = lines[:len(lines)-behind]
	}
	for i, cells := range lines {
		t.addLine(line{i + 1, cells})
	}
	t.prices, t.name, t.head = true, name, []string{headlessKey, priceColumn}
	half := priced*2 >= len(lines)
	t.short = priced < fewestPrices || !half || !pairs && priced*4 < len(lines)*3 // in pairs a name stands by itself: "Members: free"
	return t, priced >= fewestRows && half
}

// isPaired reports whether an element says things side by side.
func isPaired(n *html.Node) bool { return n.DataAtom == atom.Dl || n.DataAtom == atom.Div }

// toldColumn names what a list tells of its names.
const toldColumn = "text"

// Bounds of a list of names: how many lines it has at least, how many parts one has, and how long
// a name and another part are at most, in bytes.
const (
	fewestNamed = 3
	mostParts   = 8
	longestName = 80
	longestPart = 240
)

// readNamed reads what stands below each other in lines or boxes of one kind, each with a name and what
// is told of it: an index with its points, a road that is closed, what somebody sells. False for others, as
// sentences, what leads to other pages, and what has headings, by which a page is asked.
func readNamed(list *html.Node, name string) (t pageTable, ok bool) {
	var rows [][]string
	kind, links, bold := atom.Atom(0), 0, -1
	for line := range list.ChildNodes() {
		if line.Type == html.TextNode && strings.TrimSpace(line.Data) != "" {
			return t, false
		}
		if sources.IsHeading(line) {
			if len(rows) > 0 {
				break
			}
			name = nameOf(line)
		}
		if line.Type != html.ElementNode || line.DataAtom != atom.Li && line.DataAtom != atom.Div && line.DataAtom != atom.P {
			continue
		}
		parts := partsOfLine(line)
		switch {
		case kind == 0 && len(parts) > 1:
			kind = line.DataAtom
		case line.DataAtom != kind || len(parts) == 0:
			continue
		case len(parts) < 2:
			return t, false
		}
		if sources.FirstElement(line, sources.LeadsElsewhere) != nil {
			links++
		}
		if at := slices.Index(parts, boldIn(line)); len(rows) == 0 || at == bold {
			bold = at
		} else {
			bold = -1
		}
		rows = append(rows, parts)
	}
	if len(rows) < fewestNamed || links*2 > len(rows) || list.DataAtom == atom.Dl || sources.Attribute(list, "role") == "table" || sources.Attribute(list, "role") == "grid" || sources.InMenu(list) {
		return t, false
	}
	column := bold
	if bold < 0 || !namesRows(rows, bold) {
		column = slices.IndexFunc(rows[0], func(part string) bool { return namesRows(rows, slices.Index(rows[0], part)) })
	}
	if column < 0 {
		return t, false
	}
	labels := labelsOf(rows, column)
	t.named, t.name, t.head = true, name, []string{headlessKey, toldColumn}
	for _, label := range labels {
		if label != "" {
			t.head = append(t.head, label)
		}
	}
	for i, parts := range rows {
		var told, labelled []string
		for at, part := range parts {
			switch {
			case at == column:
			case at < len(labels) && labels[at] != "":
				labelled = append(labelled, cleanPart(strings.TrimPrefix(part, labels[at])))
			default:
				told = append(told, part)
			}
		}
		t.addLine(line{i + 1, slices.Concat([]string{parts[column], strings.Join(told, ", ")}, labelled)})
	}
	return t, true
}

// labelsOf returns the words with which a part begins in all rows, before a colon, or before figures where several
// parts have them, as "Diesel" in "Diesel 169.9c"; "" for one that begins otherwise, and for that which names the rows.
func labelsOf(rows [][]string, column int) (labels []string) {
	figured := 0
	for at, first := range rows[0] {
		label, _, _ := strings.Cut(first, " ")
		colon := strings.HasSuffix(label, ":")
		if at == column || !isName(label, false) || slices.ContainsFunc(rows, func(parts []string) bool {
			if at >= len(parts) {
				return true
			}
			told, same := strings.CutPrefix(parts[at], label+" ")
			return !same || !colon && (told == "" || told[0] < '0' || told[0] > '9')
		}) {
			label = ""
		}
		if label != "" && !colon {
			figured++
		}
		labels = append(labels, strings.TrimSuffix(label, ":"))
	}
	for at, label := range labels {
		if slices.Index(labels, label) < at || figured == 1 && !strings.HasPrefix(rows[0][at], label+":") {
			labels[at] = "" // one alone is what is said of it: "from 5 €"
		}
	}
	return labels
}

// markLabels notes the lists that share a name with another one: it labels what each of several things has.
func markLabels(lists []pageTable) {
	times := map[string]int{}
	for _, t := range lists {
		for _, l := range t.lines {
			times[textform.Fold(l.cells[0])]++
		}
	}
	for i, t := range lists {
		lists[i].labels = slices.ContainsFunc(t.lines, func(l line) bool { return times[textform.Fold(l.cells[0])] > 1 })
	}
}

// partsOfLine returns what a line says in parts, as its elements and what stands between them part it; of
// one that has none it is what stands before a colon, and behind it. None where a part is long, or the line
// holds what lines are not made of.
func partsOfLine(line *html.Node) (parts []string) {
	box := sources.Unwrapped(line)
	if sources.FirstElement(box, isNoLine) != nil || line.DataAtom == atom.P && (box.FirstChild == nil || box.FirstChild.DataAtom != atom.Strong && box.FirstChild.DataAtom != atom.B) {
		return nil
	}
	for n := range box.ChildNodes() {
		text := cleanPart(sources.TextOf(n))
		if n.Type == html.TextNode {
			text = cleanPart(n.Data)
		}
		if len(text) > longestPart || len(parts) == mostParts {
			return nil
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 1 {
		if called, told, ok := strings.Cut(parts[0], ": "); ok && !reaches(told) {
			parts = []string{called, told}
		}
	}
	return parts
}

// reaches reports whether a text tells how somebody is reached: it has an address of mail or a telephone number.
func reaches(text string) bool {
	const fewest = 7
	figures := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			figures++
		}
	}
	return figures >= fewest || strings.Contains(text, "@")
}

// isNoLine reports whether an element is none of those that the parts of a line are written in.
func isNoLine(n *html.Node) bool {
	if n.DataAtom == atom.Div && sources.FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.Div }) != nil {
		return true
	}
	return sources.IsHeading(n) || n.DataAtom == atom.Li || n.DataAtom == atom.Table || n.DataAtom == atom.Dl || n.DataAtom == atom.Input || n.DataAtom == atom.Button || n.DataAtom == atom.Img
}

// isCalled reports whether a text may be the name of a line: no time, no price, no sentence, nor the end of one.
func isCalled(text string) bool {
	return isName(text, false) && !shape.IsClock(text) && !shape.IsPrice(text) && !strings.ContainsAny(text, "!?;") && !strings.Contains(text, ". ") && !strings.HasSuffix(text, ".")
}

// boldIn returns what is written in bold first.
func boldIn(n *html.Node) string {
	bold := sources.FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.B || n.DataAtom == atom.Strong })
	if bold == nil {
		return ""
	}
	return cleanPart(sources.TextOf(bold))
}

// namesRows reports whether a part of each row is its name: all have it, and no two the same.
func namesRows(rows [][]string, column int) bool {
	seen := map[string]bool{}
	for _, parts := range rows {
		if column >= len(parts) || len(parts[column]) > longestName || isDay(parts[column], time.Unix(0, 0)) || !isCalled(parts[column]) {
			return false
		}
		seen[textform.Fold(parts[column])] = true
	}
	return len(seen) == len(rows)
}

// cleanPart returns a part of a line without the signs that part it from others.
func cleanPart(text string) string {
	return strings.TrimRight(sources.TrimLead(sources.Line(text)), " ,;:·|–—-")
}
