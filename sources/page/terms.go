package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/agenda"
	"keypull/sources/shape"
)

// Limits of what is taken for a list of terms: how many it has, and how long one is.
const (
	fewestTerms = 3
	maxTerm     = 80
)

// leadSigns stand between a term and what is told of it.
const leadSigns = ":,–—-"

// listedTerms returns what a page tells of things in lists of their names: those of a glossary, or whom to
// call for what. Each begins a line, in bold or before a colon, or is marked as a term.
func (d *document) listedTerms() (all [][2]string) {
	var lists []*element
	lines := map[*element][][2]string{}
	others := map[*element]int{}
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Dt && n.DataAtom != atom.Li && n.DataAtom != atom.P || sources.InMenu(n) {
			continue
		}
		list := n.Parent
		if n.DataAtom == atom.Dt && list.DataAtom == atom.Div { // each term may have a box of its own
			list = list.Parent
		}
		name, told := termOf(n)
		if name == "" || told == "" {
			others[list]++
			continue
		}
		if lines[list] == nil {
			lists = append(lists, list)
		}
		lines[list] = append(lines[list], [2]string{name, told})
	}
	named := map[string]bool{}
	for _, list := range lists {
		if len(lines[list]) < fewestTerms || others[list] > len(lines[list]) || !tellsOf(lines[list]) {
			continue
		}
		for _, line := range lines[list] {
			if named[line[0]] {
				return nil // what each of several things has
			}
			named[line[0]] = true
			all = append(all, line)
		}
	}
	return all[:min(len(all), maxHeadings)]
}

// termOf returns the term that a line begins with, and the markup of what it tells of it.
func termOf(n *element) (name, told string) {
	if n.DataAtom == atom.Dt {
		if name = sources.TextOf(n); len(name) > maxTerm {
			return "", ""
		}
		return name, sources.Behind(n, maxAnswer*2, func(n *element) bool { return n.DataAtom == atom.Dt })
	}
	first := n.FirstChild
	for first != nil && first.Type == html.TextNode && strings.TrimSpace(first.Data) == "" {
		first = first.NextSibling
	}
	switch {
	case first == nil:
		return "", ""
	case first.DataAtom == atom.Strong || first.DataAtom == atom.B:
		name = strings.TrimSpace(sources.TextOf(first))
		if first.NextSibling == nil || sources.TextOf(n) == name || !strings.HasSuffix(name, ":") && !beginsWithBreak(first.NextSibling) {
			return "", "" // what is told stands elsewhere, or is a sentence
		}
		told = sources.Behind(first, maxAnswer*2, func(*element) bool { return false })
	case n.DataAtom == atom.Li && first.Type == html.TextNode && sources.FirstElement(n, sources.LeadsElsewhere) == nil:
		name, told, _ = strings.Cut(sources.TextOf(n), ": ")
		told = html.EscapeString(told)
	}
	name, told = strings.TrimRight(name, " :"), strings.TrimSpace(sources.TrimLead(told))
	if len(name) > maxTerm || strings.ContainsAny(name, ".!?;") {
		return "", ""
	}
	return name, told
}

// beginsWithBreak reports whether a new line begins behind a term, or a sign that leads to what is told.
func beginsWithBreak(n *element) bool {
	text := ""
	if n.Type == html.TextNode {
		text = strings.TrimSpace(n.Data)
	}
	return strings.TrimLeft(text, leadSigns) != text || text == "" && nextElement(n.PrevSibling) != nil && nextElement(n.PrevSibling).DataAtom == atom.Br
}

// tellsOf reports whether a list tells of its terms: its lines are no hours, and most of them no days
// with what is on then, and no prices, for which lists are read.
func tellsOf(terms [][2]string) bool {
	var lines []string
	days, prices := 0, 0
	for _, term := range terms {
		told := sources.Line(sources.Plain(term[1]))
		lines = append(lines, term[0]+": "+told)
		if dayLike(term[0]) {
			days++
		}
		if shape.IsPrice(told) {
			prices++
		}
	}
	return days*2 < len(terms) && prices*2 < len(terms) && len(agenda.ReadHours(lines, "")) == 0
}
