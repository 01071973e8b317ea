package page

import (
	"errors"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/shape"
)

// Limits of a selector: each step of a descent and each look inside multiplies
// what is looked at.
const (
	maxSelector = 200
	maxSteps    = 5
)

var errSelector = errors.New("no selector that can be followed within limits")

// selector is a CSS selector.
type selector struct {
	group cascadia.SelectorGroup
	// bare says that it is no more than the name of an element.
	bare bool
}

func parseSelector(text string) (s selector, err error) {
	defer func() {
		if recover() != nil {
			err = errSelector
		}
	}()
	if strings.TrimSpace(text) == "" || len(text) > maxSelector || strings.Count(text, ":has(")+strings.Count(text, ":haschild(") > 1 {
		return s, errSelector
	}
	for part := range strings.SplitSeq(text, ",") {
		steps := strings.Fields(strings.NewReplacer(">", " ", "+", " ", "~", " ").Replace(part))
		if len(steps) > maxSteps {
			return s, errSelector
		}
	}
	s.group, err = cascadia.ParseGroup(text)
	if err != nil {
		return s, errSelector
	}
	s.bare = strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	return s, nil
}

// selectAll returns the elements below a node that fit, at most so many, in their order.
func (s selector) selectAll(root *element, most int) []*element {
	var found []*element
	for n := range root.Descendants() {
		if s.group.Match(n) {
			if found = append(found, n); len(found) == most {
				break
			}
		}
	}
	return found
}

// itemsIn returns the elements of a page that fit. Those of a name alone, as article, are without what stands beside
// what the page is about, unless all do.
func (s selector) itemsIn(root *element) []*element {
	found := s.selectAll(root, shape.MaxRecords)
	if !s.bare {
		return found
	}
	known := map[*element]bool{}
	if own := slices.DeleteFunc(slices.Clone(found), func(n *element) bool { return isAside(n, known) }); len(own) > 0 {
		return own
	}
	return found
}

// field is one of an item's, with where it stands.
type field struct {
	// text is the selector as it is written, without attribute.
	name, text string
	// whole says that the item itself is meant, next that the element behind it is, above that
	// the last one before it is.
	whole, next, above bool
	selector           selector
	attribute          string
	many               bool
}

// nextMark stands before a selector that looks into the element behind an item, aboveMark before
// one of what stands above it, and above other items.
const nextMark, aboveMark = "+", "^"

// manyMark stands behind a selector that takes all elements that fit.
const manyMark = "[]"

func parseField(name, text string) (field, error) {
	f := field{name: name}
	text = strings.TrimSpace(text)
	if text, f.many = strings.CutSuffix(text, manyMark); f.many {
		text = strings.TrimSpace(text)
	}
	if i := strings.LastIndexByte(text, '@'); i >= 0 && !strings.ContainsAny(text[i:], "])\"'") {
		text, f.attribute = strings.TrimSpace(text[:i]), strings.ToLower(strings.TrimSpace(text[i+1:]))
		if f.attribute == "" || strings.ContainsAny(f.attribute, " \t\n<>=") {
			return f, errSelector
		}
	}
	f.text = text
	if text == "" && f.attribute != "" || text == "." {
		f.whole = true
		return f, nil
	}
	if text, f.next = strings.CutPrefix(text, nextMark); !f.next {
		text, f.above = strings.CutPrefix(text, aboveMark)
	}
	var err error
	f.selector, err = parseSelector(text)
	return f, err
}

// maxMany is how many elements a field takes at most.
const maxMany = 300

// valueIn returns what a field finds in an item; nil for nothing. Of the elements that
// fit, the first one that says something counts.
func (f field) valueIn(item *element, kind string) any {
	found := f.elementsIn(item)
	many := f.many || kind == shape.Recipe && slices.Contains([]string{"ingredients", "steps"}, f.name)
	var all []any
	for _, n := range found {
		text := f.textIn(n)
		switch {
		case text == "":
		case !many:
			return text
		default:
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// elementsIn returns the elements of an item that fit.
func (f field) elementsIn(item *element) []*element {
	switch after := nextElement(item); {
	case f.whole:
		return []*element{item}
	case f.above:
		return f.elementAbove(item)
	case !f.next:
		return f.selector.selectAll(item, maxMany)
	case after == nil:
		return nil
	case f.selector.group.Match(after):
		return []*element{after}
	default:
		return f.selector.selectAll(after, maxMany)
	}
}

// maxAbove is how many elements before an item are looked at.
const maxAbove = 5000

// elementAbove returns the last element before an item that fits.
func (f field) elementAbove(item *element) []*element {
	n := item
	for range maxAbove {
		switch {
		case n.PrevSibling != nil:
			for n = n.PrevSibling; n.LastChild != nil; {
				n = n.LastChild
			}
		case n.Parent != nil:
			n = n.Parent
		default:
			return nil
		}
		if f.selector.group.Match(n) {
			return []*element{n}
		}
	}
	return nil
}

// textIn returns what one element says: its attribute, else what its field is usually
// written as, else its text.
func (f field) textIn(n *element) string {
	if f.attribute == "datetime" && isMoment(f.name) {
		return f.momentIn(n)
	}
	if f.attribute != "" {
		return sources.Attribute(n, f.attribute)
	}
	if n.DataAtom == atom.Meta {
		return sources.Attribute(n, "content")
	}
	switch f.name {
	case "link", "url":
		if text := sources.Attribute(n, "href"); text != "" {
			return text
		}
		if a := sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.A && sources.Attribute(n, "href") != "" }); a != nil {
			return sources.Attribute(a, "href")
		}
	case "image", "picture", "media":
		return picture(n)
	}
	if isMoment(f.name) {
		dated := func(n *element) bool { return sources.Attribute(n, "datetime") != "" }
		if dated(n) {
			return f.momentIn(n)
		}
		if at := sources.FirstElement(n, dated); at != nil {
			return f.momentIn(at)
		}
	}
	return sources.TextOf(n)
}

func isMoment(name string) bool {
	return slices.Contains([]string{"published", "date", "start", "end", "as_of"}, name)
}

// momentIn returns what moment an element names to machines; where that is a day alone, with the time of the day that
// it shows people: the first, which is no end.
func (f field) momentIn(n *element) string {
	told := sources.Attribute(n, "datetime")
	day, alone := sources.PlainDates.Day(told)
	if !alone || f.name == "end" {
		return told
	}
	shown := sources.SpanStart(sources.TextOf(n))
	for _, text := range []string{sources.AddYear(shown, day), told + " " + shown} {
		if at := sources.PlainDates.Read(text + " UTC"); shown != "" && at.After(day) && at.Before(day.AddDate(0, 0, 1)) {
			return text
		}
	}
	return told
}

// picture returns where the picture of an element lies; pages that load them late
// write it elsewhere.
func picture(n *element) string {
	if n.DataAtom != atom.Img && n.DataAtom != atom.Source {
		if n = sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.Img }); n == nil {
			return ""
		}
	}
	for _, name := range []string{"data-src", "data-lazy-src", "data-original", "src"} {
		if text := sources.Attribute(n, name); text != "" && !strings.HasPrefix(text, "data:") {
			return text
		}
	}
	set, _, _ := strings.Cut(sources.Attribute(n, "srcset"), ",")
	if parts := strings.Fields(set); len(parts) > 0 {
		return parts[0]
	}
	return ""
}

// defaultRecord returns what an item says where no fields are named: its heading, its link,
// its picture, its time and its first paragraph.
func defaultRecord(n *element) shape.Record {
	var r shape.Record
	add := func(name string, text string) {
		if text != "" {
			r = append(r, shape.Value{Name: name, V: text})
		}
	}
	link := n
	if n.DataAtom != atom.A {
		link = sources.FirstElement(n, sources.LeadsElsewhere)
	}
	heading := sources.FirstElement(n, func(n *element) bool {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5:
			return sources.TextOf(n) != ""
		}
		return false
	})
	switch {
	case heading != nil:
		add("title", sources.TextOf(heading))
		if a := sources.FirstElement(heading, func(n *element) bool { return n.DataAtom == atom.A && sources.Attribute(n, "href") != "" }); a != nil {
			link = a
		}
	case link != nil && sources.TextOf(link) != "":
		add("title", sources.TextOf(link))
	default:
		add("title", sources.TextOf(n))
	}
	if link != nil {
		add("link", sources.Attribute(link, "href"))
	}
	if at := sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.Time && sources.Attribute(n, "datetime") != "" }); at != nil {
		add("published", sources.Attribute(at, "datetime"))
	}
	if p := sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.P && sources.TextOf(n) != "" }); p != nil {
		add("summary", sources.TextOf(p))
	}
	add("image", picture(n))
	return r
}
