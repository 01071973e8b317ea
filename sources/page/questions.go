package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/shape"
	"keypull/sources/text"
)

// Limits of what is taken for a page of questions.
const (
	fewestQuestions = 2
	maxQuestion     = 300
	maxHeadings     = 100
	maxAnswer       = 8000
)

// questionRecords returns the questions of a page with their answers: as it tells machines, else
// what it folds away, else its headings that ask.
func (d *document) questionRecords() []shape.Record {
	var records []shape.Record
	for _, r := range d.structuredData(question) {
		q, a := "", ""
		for _, v := range r {
			switch v.Name {
			case "title":
				q = shape.Text(v.V)
			case "summary":
				a = shape.Text(v.V)
			}
		}
		records = addQuestion(records, q, a)
	}
	for _, found := range []func() [][2]string{d.foldedQuestions, d.headingQuestions, d.shownQuestions, d.listedTerms} {
		if len(records) >= fewestQuestions {
			return records
		}
		records = nil
		for _, pair := range found() {
			records = addQuestion(records, pair[0], pair[1])
		}
	}
	if len(records) < fewestQuestions {
		return nil
	}
	return records
}

func addQuestion(records []shape.Record, q, a string) []shape.Record {
	q, a = sources.Line(sources.Plain(q)), sources.Shorten(strings.TrimSpace(sources.Plain(a)), maxAnswer)
	if q == "" || a == "" || len(q) > maxQuestion || len(records) == shape.MaxRecords {
		return records
	}
	return append(records, shape.Record{{Name: "title", V: q}, {Name: "body", V: a}})
}

// foldedQuestions returns what is folded away behind its summary.
func (d *document) foldedQuestions() (all [][2]string) {
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Details || sources.InMenu(n) {
			continue
		}
		summary := sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.Summary })
		if summary == nil || len(strings.Fields(sources.TextOf(summary))) < 2 {
			continue
		}
		var answer strings.Builder
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c != summary && html.Render(&answer, c) != nil {
				continue
			}
		}
		all = append(all, [2]string{sources.TextOf(summary), answer.String()})
	}
	return all
}

// headingQuestions returns the headings of the level of which most ask, with what stands below them.
func (d *document) headingQuestions() [][2]string {
	var best [][2]string
	for _, level := range []atom.Atom{atom.H2, atom.H3, atom.H4, atom.H5, atom.Dt} {
		var all [][2]string
		asks := 0
		for n := range d.root.Descendants() {
			if n.DataAtom != level || len(all) == maxHeadings || sources.InMenu(n) {
				continue
			}
			q := strings.TrimSpace(sources.TextOf(n))
			for part := range n.Descendants() {
				if q == "" && part.DataAtom == atom.Button { // which folds the answer away
					q = sources.TextOf(part)
				}
			}
			if textform.EndsAsking(q) {
				asks++
			}
			all = append(all, [2]string{q, sources.Below(n, maxAnswer*2)})
		}
		if asks*2 > len(all) && len(all) > len(best) {
			best = all
		}
	}
	return best
}

// shownQuestions returns what asks in bold where a text begins, on a button, or in a box of its own,
// with what stands behind it.
func (d *document) shownQuestions() (all [][2]string) {
	var asking []*element
	asks := map[*element]bool{}
	for n := range d.root.Descendants() {
		within := len(asking) > 0 && sources.IsWithin(n, asking[len(asking)-1]) // as a button in a heading is
		if len(asking) < maxHeadings && !within && isAsking(n) && !sources.InMenu(n) {
			asking, asks[n] = append(asking, n), true
		}
	}
	ends := func(n *element) bool { return asks[n] || sources.IsHeading(n) }
	for _, n := range asking {
		all = append(all, [2]string{shownText(n), sources.Behind(n, maxAnswer*2, ends)})
	}
	return all
}

// isAsking reports whether an element is a question in bold where a text begins, on a button, which
// folds away what stands behind it, or in a box that holds nothing else.
func isAsking(n *element) bool {
	switch {
	case n.Type != html.ElementNode:
		return false
	case n.DataAtom == atom.Strong || n.DataAtom == atom.B:
		before := n.PrevSibling
		for before != nil && before.Type == html.TextNode && strings.TrimSpace(before.Data) == "" {
			before = before.PrevSibling
		}
		if before != nil && before.DataAtom != atom.Br {
			return false
		}
	case n.DataAtom == atom.Button, sources.Attribute(n, "role") == "button":
	case n.DataAtom == atom.Div || n.DataAtom == atom.Span || n.DataAtom == atom.P && n.PrevSibling == nil && n.NextSibling == nil:
		return textform.EndsAsking(ownText(n)) && sources.FirstElement(n, isBox) == nil
	default:
		return false
	}
	return textform.EndsAsking(shownText(n))
}

// isBox reports whether an element is more than a part of a line of text.
func isBox(n *element) bool {
	return !sources.Reopens(n.DataAtom) && n.DataAtom != atom.Span && n.DataAtom != atom.Img && n.Data != "svg" && n.Data != "path"
}

// shownText returns what stands on a button, without signs of folding.
func shownText(n *element) string {
	var b strings.Builder
	for part := range n.Descendants() {
		if part.Type == html.TextNode && !isHidden(part.Parent) {
			b.WriteString(part.Data + " ")
		}
	}
	return strings.Trim(sources.Line(b.String()), " +-–▾▼▸›»")
}

// sectionRecords returns the questions of a page, and headings with what below says that stands below them.
func sectionRecords(questions []shape.Record, headings []*element, below func(*element) string) []shape.Record {
	records := slices.Clone(questions)
	asked := map[string]bool{}
	for _, r := range questions {
		asked[shape.Text(r[0].V)] = true
	}
	for _, n := range headings {
		if !sources.InMenu(n) && !asked[sources.Line(sources.TextOf(n))] {
			records = addQuestion(records, sources.TextOf(n), below(n))
		}
	}
	return records
}

// belowOf returns what finds the text below one of some headings. Of those of several levels it is
// what stands before the next, without tables, which are asked for by their rows, and only where the
// first of them is told of: what stands beside that is the same on every page.
func belowOf(headings []*element) func(*element) string {
	levels := map[atom.Atom]bool{}
	for _, n := range headings {
		levels[n.DataAtom] = true
	}
	if len(levels) < 2 && !levels[atom.H1] {
		return func(n *element) string { return sources.Below(n, maxAnswer*2) }
	}
	within := toldIn(headings)
	return func(n *element) string {
		if !sources.IsWithin(n, within) {
			return ""
		}
		below, err := html.Parse(strings.NewReader(sources.Behind(n, maxAnswer*2, sources.IsHeading)))
		if err != nil {
			return ""
		}
		for table := sources.FirstElement(below, isTable); table != nil; table = sources.FirstElement(below, isTable) {
			table.Parent.RemoveChild(table)
		}
		var text strings.Builder
		if html.Render(&text, below) != nil {
			return ""
		}
		return text.String()
	}
}

// toldIn returns the element that has the first heading outside menus, and text beside it.
func toldIn(headings []*element) *element {
	i := slices.IndexFunc(headings, func(n *element) bool { return !sources.InMenu(n) })
	if i < 0 {
		return nil
	}
	tells := func(n *element) bool {
		return n.DataAtom == atom.P || n.DataAtom == atom.Li || isTable(n) || n != headings[i] && sources.IsHeading(n)
	}
	n := headings[i].Parent
	for n != nil && sources.FirstElement(n, tells) == nil {
		n = n.Parent
	}
	return n
}

func isTable(n *element) bool { return n.DataAtom == atom.Table }

// tellsBelow reports whether a heading has a paragraph below it, or the lines of a list, and leads
// to no other page.
func tellsBelow(n *element, below func(*element) string) bool {
	link := sources.LeadsElsewhere
	if sources.InMenu(n) || sources.FirstElement(n, link) != nil || n.Parent.DataAtom == atom.A {
		return false
	}
	markup := below(n)
	root, err := html.Parse(strings.NewReader(markup))
	reached := strings.Contains(markup, "@") || strings.Contains(markup, "tel:") // as contacts are, which are told otherwise
	return err == nil && sources.FirstElement(root, func(n *element) bool {
		return (n.DataAtom == atom.P || n.DataAtom == atom.Dd && !reached || isLine(n) || n.DataAtom == atom.Li && sources.FirstElement(n, link) == nil) && sources.TextOf(n) != ""
	}) != nil
}

// isLine reports whether an element is a line of text in a box of its own, as the fields of an entry are.
func isLine(n *element) bool {
	const words = 3
	return n.DataAtom == atom.Div && len(strings.Fields(ownText(n))) >= words
}

// faqOf returns the FAQ of a snapshot's items.
func (s *source) faqOf(items []what.Item) *text.FAQ {
	return s.faqs.Of(items, func() *text.FAQ { return text.NewFAQ(items, s.languages) })
}

// ByQuestion reports whether the items are questions (see pull.Questioned).
func (s *source) ByQuestion() bool { return s.settings.Shape == question }
