package page

import (
	"cmp"
	"slices"

	"golang.org/x/net/html"

	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/shape"
)

var _ sources.Placed = (*Settings)(nil)

// Limits of what is shown of a page. maxRun is how many lines in a row are shown that
// are in no block, shownBlocks how many of those that are alike.
const (
	maxPlaces   = 300
	maxLine     = 160
	maxRun      = 6
	shownBlocks = 3
	mostLikely  = 3
)

// Places shows a page as text: its blocks that repeat, each with the selector that
// finds all that are like it, and below those of the settings what they say.
func (s *Settings) Places(d sources.Document) []settings.Place {
	doc, err := parsePage(d.Body, sources.Encoded{Type: d.Type}, d.URL)
	if err != nil {
		return nil
	}
	l := newLayout(doc, d.Fetched)
	if l == nil || len(l.shown) == 0 {
		return nil
	}
	all := l.findBlocks()
	chosen := s.chosenBlocks(l, &all)
	t := placer{layout: l, starts: map[*element]settings.Place{}, pieces: map[*element][]settings.Place{}, above: map[*element]bool{}}
	for i, b := range all {
		pieces := l.findPieces(b)
		p := settings.Place{Path: b.selector, Alike: len(b.all), With: fieldsOf(pieces)}
		if i < mostLikely && b.score*3 >= all[0].score {
			p.Likely = i + 1
		}
		for j, n := range b.all {
			if _, taken := t.starts[n]; taken && i != chosen {
				continue
			}
			t.starts[n] = p
			if j >= shownBlocks {
				t.starts[n] = settings.Place{}
			} else if i == chosen {
				t.pieces[n] = s.spokenBy(l, n, pieces)
			}
			for up := n.Parent; up != nil && j < shownBlocks && !t.above[up]; up = up.Parent {
				t.above[up] = true
			}
		}
	}
	t.placeNodes()
	return t.all
}

// chosenBlocks returns which of the blocks the settings name, under the name that they
// give them; -1 for none. Blocks that were not found are added.
func (s *Settings) chosenBlocks(l *layout, all *[]blocks) int {
	item, err := parseSelector(s.Item)
	if err != nil {
		return -1
	}
	found := item.selectAll(l.root, shape.MaxRecords)
	if len(found) == 0 {
		return -1
	}
	i := slices.IndexFunc(*all, func(b blocks) bool { return slices.Equal(b.all, found) })
	if i < 0 {
		i = len(*all)
		*all = append(*all, blocks{all: found, next: l.hasNext(found)})
	}
	(*all)[i].selector = s.Item
	return i
}

// fieldsOf returns the fields of pieces that look like some.
func fieldsOf(pieces []piece) map[string]string {
	fields := map[string]string{}
	for _, p := range pieces {
		if p.as != "" {
			fields[p.as] = p.spelling
		}
	}
	return fields
}

// spokenBy returns what a block says, each piece as the settings spell it where they
// name it.
func (s *Settings) spokenBy(l *layout, block *element, pieces []piece) (all []settings.Place) {
	for _, p := range pieces {
		text, _ := p.field.valueIn(block, "").(string)
		if text == "" {
			continue
		}
		place := settings.Place{Item: p.spelling, Value: sources.Shorten(sources.Line(text), maxShown)}
		for name, typed := range s.Fields {
			f, err := parseField(name, typed)
			if err == nil && f.attribute == p.field.attribute && l.nodeIn(f, block) != nil && l.nodeIn(f, block) == l.nodeIn(p.field, block) {
				place.Item = typed
			}
		}
		all = append(all, place)
	}
	return all
}

// placer writes a page down as places. What starts is the first blocks of each list;
// nothing is shown of others.
type placer struct {
	*layout
	starts map[*element]settings.Place
	pieces map[*element][]settings.Place
	above  map[*element]bool
	all    []settings.Place
	run    int
}

// placeNodes goes through the page in the order of the text.
func (t *placer) placeNodes() {
	depth := 0
	ends := map[*element]bool{}
	body := t.shown[0]
	for n := body; n != nil && len(t.all) < maxPlaces; {
		down := t.placeNode(n, depth)
		if _, starts := t.starts[n]; starts && down {
			depth, ends[n] = depth+1, true
		}
		if down && n.FirstChild != nil && !isHidden(n) {
			n = n.FirstChild
			continue
		}
		for {
			if ends[n] {
				depth--
				delete(ends, n)
			}
			if n == body || n.NextSibling != nil {
				break
			}
			n = n.Parent
		}
		if n == body {
			return
		}
		n = n.NextSibling
	}
}

// placeNode writes down what stands at a node, and reports whether more stands below.
func (t *placer) placeNode(n *element, depth int) (down bool) {
	if n.Type != html.ElementNode || t.runes[n] == 0 {
		return false
	}
	p, starts := t.starts[n]
	switch {
	case starts && p.Path == "":
		return false
	case starts:
		p.Value, p.Depth, t.run = cmp.Or(lineOf(n), unnamed), depth, 0
		t.all = append(t.all, p)
		for _, piece := range t.pieces[n] {
			piece.Depth = depth + 1
			t.all = append(t.all, piece)
		}
		return t.pieces[n] == nil && t.above[n]
	case depth > 0 || ownText(n) == "" || t.above[n]:
		return t.above[n] || depth == 0
	}
	line := lineOf(n)
	if line == "" {
		return false
	}
	if t.run++; t.run <= maxRun {
		t.all = append(t.all, settings.Place{Value: line})
	} else if t.run == maxRun+1 {
		t.all = append(t.all, settings.Place{Value: unnamed})
	}
	return false
}

// unnamed stands for what has no text, or whose text is not shown.
const unnamed = "…"

// lineOf returns the beginning of what an element shows.
func lineOf(n *element) string { return sources.Shorten(sources.Line(sources.TextOf(n)), maxLine) }
