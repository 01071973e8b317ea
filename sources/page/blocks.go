package page

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"keypull/sources"
	"keypull/sources/shape"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what is looked for in a page. maxLooks is how often an element is held
// against a selector, since that is what takes time.
const (
	maxBlockNodes = 100_000
	maxGroups     = 40
	maxOffered    = 8
	fewestBlocks  = 3
	maxLooks      = 3_000_000
	sampledBlocks = 12
	maxInBlock    = 600
)

// layout is a page as it is looked through for blocks that repeat.
type layout struct {
	root *element
	// shown are the elements that show some text or a picture, in their order; tags are
	// all elements by their names.
	shown []*element
	tags  map[string][]*element
	// runes is how much text an element shows, linked how much of it stands in links.
	runes, linked map[*element]int
	looks         int
	// now tells days that are still to come from others.
	now time.Time
}

// blocks are the elements of a page that are alike, as a selector finds them.
type blocks struct {
	selector string
	all      []*element
	// next says that the element behind each is part of it: a row below a row, an answer
	// below its question.
	next   bool
	leaves int
	score  float64
}

// newLayout looks through a page; nil for one that is too large for it.
func newLayout(d *document, now time.Time) *layout {
	body := sources.FirstElement(d.root, func(n *element) bool { return n.DataAtom == atom.Body })
	if body == nil || d.size > maxBlockNodes {
		return nil
	}
	l := &layout{root: d.root, tags: map[string][]*element{}, runes: map[*element]int{}, linked: map[*element]int{}, looks: maxLooks, now: now}
	for n := body; n != nil; n = sources.NextNode(n, body, isHidden) {
		switch n.Type {
		case html.ElementNode:
			l.shown = append(l.shown, n)
		case html.TextNode:
			l.runes[n.Parent] += countRunes(n.Data)
		}
		if n.DataAtom == atom.Img {
			l.runes[n]++
		}
	}
	for _, n := range slices.Backward(l.shown) {
		if n.DataAtom == atom.A {
			l.linked[n] = l.runes[n]
		}
		l.runes[n.Parent] += l.runes[n]
		l.linked[n.Parent] += l.linked[n]
	}
	l.shown = slices.DeleteFunc(l.shown, func(n *element) bool { return l.runes[n] == 0 })
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode {
			l.tags[n.Data] = append(l.tags[n.Data], n)
		}
	}
	return l
}

// isHidden reports whether nothing is shown of what an element holds.
func isHidden(n *element) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Iframe, atom.Object, atom.Select, atom.Textarea:
		return true
	}
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
}

func countRunes(text string) (count int) {
	for word := range strings.FieldsSeq(text) {
		count += len([]rune(word))
	}
	return count
}

// findBlocks returns the blocks of a page that repeat, the likeliest to be its items
// first.
func (l *layout) findBlocks() []blocks {
	var all []blocks
	for _, g := range l.groups() {
		for _, b := range l.spellBlocks(g) {
			if len(b.all) < fewestBlocks || slices.ContainsFunc(all, func(other blocks) bool { return slices.Equal(other.all, b.all) }) {
				continue
			}
			b.next = l.hasNext(b.all)
			l.scoreBlocks(&b)
			all = append(all, b)
		}
	}
	all = l.weighNested(all)
	slices.SortStableFunc(all, func(a, b blocks) int { return cmp.Compare(b.score, a.score) })
	return all[:min(len(all), maxOffered)]
}

// groups returns the sets of children of one element that have a name or a class in
// common, of those that lie alike the few with the most text.
func (l *layout) groups() [][]*element {
	type group struct {
		all   []*element
		runes int
	}
	const each = 3
	found := map[string][]group{}
	ways := map[*element]string{}
	for _, n := range l.shown {
		way := ways[n.Parent] + "/" + n.Data
		if len(way) > 400 {
			way = way[len(way)-400:]
		}
		ways[n] = way
		for key, all := range childrenAlike(l, n) {
			key, runes := way+" "+key, 0
			for _, c := range all {
				runes += l.runes[c]
			}
			some := slices.Concat(found[key], []group{{all, runes}})
			slices.SortStableFunc(some, func(a, b group) int { return cmp.Compare(b.runes, a.runes) })
			found[key] = some[:min(len(some), each)]
		}
	}
	var order []group
	for _, key := range slices.Sorted(maps.Keys(found)) {
		order = append(order, found[key]...)
	}
	slices.SortStableFunc(order, func(a, b group) int { return cmp.Compare(b.runes, a.runes) })
	var all [][]*element
	for _, g := range order[:min(len(order), maxGroups)] {
		all = append(all, g.all)
	}
	return all
}

// childrenAlike returns the children of an element by their name, and by their name
// and each class that some of them have.
func childrenAlike(l *layout, n *element) map[string][]*element {
	const classes = 6
	all := map[string][]*element{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if l.runes[c] == 0 || c.Type != html.ElementNode || sources.Reopens(c.DataAtom) && c.DataAtom != atom.A || c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			continue
		}
		all[c.Data] = append(all[c.Data], c)
		for _, name := range classesOf(c)[:min(len(classesOf(c)), classes)] {
			all[c.Data+"."+name] = append(all[c.Data+"."+name], c)
		}
	}
	if rows := all["tr"]; len(rows) > 0 {
		all["tr"] = withoutHead(rows)
	}
	for key, some := range all {
		tag, _, named := strings.Cut(key, ".")
		if len(some) < 2 || named && len(some) == len(all[tag]) {
			delete(all, key)
		}
	}
	return all
}

// withoutHead returns the rows of a table without that of the columns' names: it has no
// cells but heads, or alone of all it has no number.
func withoutHead(rows []*element) []*element {
	left := slices.DeleteFunc(slices.Clone(rows), func(n *element) bool {
		return sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.Td }) == nil
	})
	numbered := func(n *element) bool { return strings.ContainsFunc(sources.TextOf(n), unicode.IsDigit) }
	if len(left) > fewestBlocks && !numbered(left[0]) && !slices.ContainsFunc(left[1:], func(n *element) bool { return !numbered(n) }) {
		return left[1:]
	}
	return left
}

// hasNext reports whether what stands behind each block is part of it: one element of
// the same name, behind the last one, too.
func (l *layout) hasNext(all []*element) bool {
	switch all[0].DataAtom {
	case atom.Dt, atom.H2, atom.H3, atom.H4, atom.H5, atom.Tr, atom.Div:
	default:
		return false
	}
	name := ""
	for _, n := range all {
		after := nextElement(n)
		if after == nil || l.runes[after] == 0 || holdsRows(after) || name != "" && after.Data != name || slices.Contains(all, after) {
			return false
		}
		name = after.Data
	}
	return true
}

// holdsRows reports whether an element is a table of rows or a list of terms, or holds one: what stands above it is their
// heading, and no item.
func holdsRows(n *element) bool {
	const fewest = 2
	if n.DataAtom == atom.Tr {
		return false
	}
	rows := 0
	for part := range n.Descendants() {
		if part.DataAtom == atom.Td && part.PrevSibling == nil || part.DataAtom == atom.Dt {
			if rows++; rows == fewest {
				return true
			}
		}
	}
	return false
}

// nextElement returns the element behind one.
func nextElement(n *element) *element {
	for n = n.NextSibling; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode {
			return n
		}
	}
	return nil
}

// scoreBlocks weighs how likely blocks are the items of their page: many of one
// build, which hold most of its text, each of several parts, with a heading, a link,
// a day or a price.
func (l *layout) scoreBlocks(b *blocks) {
	sample := sampleOf(b.all)
	total := max(1, l.runes[l.shown[0]])
	runes, linked, leaves := 0, 0, 0
	for _, n := range b.all {
		for _, part := range b.partsOf(n) {
			runes, linked = runes+l.runes[part], linked+l.linked[part]
		}
	}
	signs := 0.0
	for _, n := range sample {
		count, sign := l.signsOf(b.partsOf(n))
		leaves, signs = leaves+count, signs+sign
	}
	b.leaves = leaves / len(sample)
	each, parts := float64(runes)/float64(len(b.all)), float64(leaves)/float64(len(sample))
	b.score = math.Log2(1+float64(len(b.all))) * math.Sqrt(min(parts, 8)) * l.buildOf(sample).sameness() *
		math.Sqrt(float64(runes)/float64(total)) * (1 + signs/float64(len(sample)))
	if parts < 1.5 && linked*10 > runes*8 {
		b.score *= .2
	}
	if each < 8 {
		b.score *= .3
	}
	if each > 4000 || slices.ContainsFunc(sample, holdsTitle) {
		b.score *= .4
	}
	if asideOf(b.all[0], linked*10 > runes*6) {
		b.score *= .25
	}
}

// holdsTitle reports whether an element holds the title of the page.
func holdsTitle(n *element) bool {
	return sources.FirstElement(n, func(n *element) bool { return n.DataAtom == atom.H1 }) != nil
}

// partsOf returns the elements that a block is made of.
func (b *blocks) partsOf(n *element) []*element {
	if b.next {
		if after := nextElement(n); after != nil {
			return []*element{n, after}
		}
	}
	return []*element{n}
}

// sampleOf returns blocks from the whole of a list.
func sampleOf(all []*element) []*element {
	if len(all) <= sampledBlocks {
		return all
	}
	sample := make([]*element, sampledBlocks)
	for i := range sample {
		sample[i] = all[i*len(all)/sampledBlocks]
	}
	return sample
}

// signsOf counts the elements of a block that say something themselves, and weighs
// what items usually have.
func (l *layout) signsOf(parts []*element) (leaves int, sign float64) {
	var heading, link, day, price bool
	for _, part := range parts {
		seen := 0
		for n := part; n != nil && seen < maxInBlock; n = sources.NextNode(n, part, isHidden) {
			if n.Type != html.ElementNode {
				continue
			}
			seen++
			text := ownText(n)
			if text != "" || n.DataAtom == atom.Img {
				leaves++
			}
			heading = heading || sources.IsHeading(n)
			link = link || sources.LeadsElsewhere(n)
			day = day || n.DataAtom == atom.Time || dayLike(text)
			price = price || shape.IsPrice(text)
		}
	}
	for _, is := range []bool{heading, link, day, day, price, price} {
		if is {
			sign += .3
		}
	}
	return leaves, sign
}

// ownText returns the text that stands in an element itself.
func ownText(n *element) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil && b.Len() < 400; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data[:min(len(c.Data), 400)])
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// asideOf reports whether an element stands beside what a page is about, as its place
// tells and, of links, what its place is called.
func asideOf(n *element, links bool) bool {
	for ; n != nil; n = n.Parent {
		if aside, decided := standsAside(n); decided {
			return aside
		}
		if !links || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
			continue
		}
		name := strings.ToLower(sources.Attribute(n, "class") + " " + sources.Attribute(n, "id") + " " + sources.Attribute(n, "role"))
		for _, word := range []string{"nav", "menu", "footer", "sidebar", "breadcrumb", "cookie", "pagination", "pager", "social", "share", "complementary"} {
			if strings.Contains(name, word) {
				return true
			}
		}
	}
	return false
}

// standsAside reports whether an element stands beside what a page is about, where its name decides that.
func standsAside(n *element) (aside, decided bool) {
	switch {
	case sources.IsBeside(n), n.DataAtom == atom.Form:
		return true, true
	case n.DataAtom == atom.Header:
		return n.Parent != nil && n.Parent.DataAtom == atom.Body, true
	}
	return false, n.DataAtom == atom.Main
}

// isAside reports whether an element stands in one that is beside what the page is about; known is what is known of others.
func isAside(n *element, known map[*element]bool) bool {
	if n == nil {
		return false
	}
	aside, ok := known[n]
	if !ok {
		var decided bool
		if aside, decided = standsAside(n); !decided {
			aside = isAside(n.Parent, known)
		}
		known[n] = aside
	}
	return aside
}

// weighNested takes blocks apart that hold each other: of two that hold the same the
// one that is spelled better stays, and what only gathers others stands behind them.
func (l *layout) weighNested(all []blocks) []blocks {
	gone := map[int]bool{}
	for i := range all {
		for j := range all {
			outer, inner := &all[i], &all[j]
			if i == j || gone[i] || gone[j] || !holdsAll(outer.all, inner.all) {
				continue
			}
			switch {
			case len(outer.all) == len(inner.all) && l.sameText(outer.all, inner.all):
				if strings.ContainsAny(inner.selector, signMarks) && !strings.ContainsAny(outer.selector, signMarks) {
					gone[i] = true
				} else {
					gone[j] = true
				}
			case len(inner.all) >= 2*len(outer.all) && inner.leaves >= 2 && inner.score*2 > outer.score:
				outer.score *= .5
			}
		}
	}
	var left []blocks
	for i, b := range all {
		if !gone[i] {
			left = append(left, b)
		}
	}
	return left
}

// holdsAll reports whether each inner block lies in an outer one.
func holdsAll(outer, inner []*element) bool {
	in := map[*element]bool{}
	for _, n := range outer {
		in[n] = true
	}
	for _, n := range inner {
		above := n.Parent
		for above != nil && !in[above] {
			above = above.Parent
		}
		if above == nil {
			return false
		}
	}
	return true
}

// sameText reports whether inner blocks show all that the outer ones do.
func (l *layout) sameText(outer, inner []*element) bool {
	for i := range outer {
		if l.runes[outer[i]] != l.runes[inner[i]] {
			return false
		}
	}
	return true
}

// build is what blocks are made of: in which share of them each way down occurs.
type build map[string]float64

// buildOf returns the build of some blocks.
func (l *layout) buildOf(all []*element) build {
	b := build{}
	for _, n := range all {
		for way := range l.waysIn(n) {
			b[way] += 1 / float64(len(all))
		}
	}
	return b
}

// waysIn returns the ways down from an element to those that it shows, four steps at
// most.
func (l *layout) waysIn(root *element) map[string]bool {
	const deepest = 4
	ways := map[string]bool{}
	seen, depth := 0, 0
	path := []string{root.Data}
	for n := root.FirstChild; n != nil && seen < maxInBlock; {
		if n.Type == html.ElementNode && l.runes[n] > 0 && !sources.Reopens(n.DataAtom) || n.DataAtom == atom.A {
			seen++
			ways[strings.Join(path, "/")+"/"+n.Data] = true
		}
		if n.FirstChild != nil && depth < deepest && l.runes[n] > 0 {
			path, depth = append(path, n.Data), depth+1
			n = n.FirstChild
			continue
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			if n != root {
				path, depth = path[:len(path)-1], depth-1
			}
		}
		if n == root {
			break
		}
		n = n.NextSibling
	}
	return ways
}

// sameness is 1 for blocks of one build, and nears 0 where none is like another.
func (b build) sameness() float64 {
	sum, squares := 0.0, 0.0
	for _, share := range b {
		sum, squares = sum+share, squares+share*share
	}
	if sum == 0 {
		return 1
	}
	return squares / sum
}

// likeness says how much of the build an element has, and nothing else.
func (b build) likeness(ways map[string]bool) float64 {
	common, all := 0.0, 0.0
	for way, share := range b {
		all += share
		if ways[way] {
			common += share
		}
	}
	for way := range ways {
		if _, known := b[way]; !known {
			all++
		}
	}
	if all == 0 {
		return 1
	}
	return common / all
}
