package page

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/shape"
)

// Limits of what is shown of a block.
const (
	maxPieces = 24
	maxShown  = 120
)

// piece is something that a block says, and how a field finds it.
type piece struct {
	// spelling is the text of the field, as is what a field of it is usually called,
	// "" where that can't be told.
	spelling, as string
	field        field
	node         *element
	// block is the number of the one it was found in, texts what it says in the sample.
	block int
	texts []string
}

// findPieces returns what the blocks of a list say, in the order of the text.
func (l *layout) findPieces(b blocks) []piece {
	sample := sampleOf(b.all)
	ways := make([]map[*element]string, len(sample))
	var all []piece
	taken := map[*element]bool{}
	for i, block := range sample {
		for _, part := range b.partsOf(block) {
			nodes := l.sayingNodes(part)
			if nodes == nil {
				return nil
			}
			for _, n := range nodes {
				if len(all) >= maxPieces || taken[n] {
					continue
				}
				spelled, ok := l.spellPiece(b, sample, ways, block, n)
				if !ok {
					continue
				}
				for _, other := range sample {
					if found := l.nodeIn(spelled, other); found != nil {
						taken[found] = true
					}
				}
				all = append(all, piecesOf(spelled, n, i)...)
			}
		}
	}
	for i := range all {
		all[i].readTexts(sample)
	}
	all = append(all, l.dayAbove(sample)...)
	all = append(all, l.sectionAbove(sample)...)
	nameLikely(all, l.now)
	return nameLabelled(all)
}

// nameLabelled calls pieces as the labels before them do, which are the same in all blocks: "Term"
// beside "5 years". A price keeps its name where it is labelled as one, or alone.
func nameLabelled(all []piece) (left []piece) {
	label := func(p piece) string {
		const fewest = 3
		if len(p.texts) < fewest || p.field.attribute != "" || p.node.DataAtom == atom.A || slices.ContainsFunc(p.texts, func(text string) bool { return text != p.texts[0] }) {
			return ""
		}
		return strings.ToLower(strings.TrimRight(p.texts[0], " :"))
	}
	given := map[string]bool{}
	for _, p := range all {
		given[p.as] = true
	}
	var labels []int
	for i := range all[:max(len(all)-1, 0)] {
		if name := label(all[i]); fieldName.MatchString(name) && !given[name] && label(all[i+1]) == "" && all[i+1].as != "title" {
			labels, given[name] = append(labels, i), true
		}
	}
	const fewestLabels = 2
	if len(labels) < fewestLabels {
		return all
	}
	for i, p := range all {
		switch {
		case slices.Contains(labels, i):
			continue
		case slices.Contains(labels, i-1) && p.as != "time" && (p.as != "price" || !isCalled(all[i-1], priceNames...) && !slices.Contains(priceNames, label(all[i-1]))):
			p.as = label(all[i-1])
		}
		left = append(left, p)
	}
	return left
}

// priceNames are what pages call a price.
var priceNames = []string{"price", "preis", "prix", "precio", "prezzo", "preço", "prijs", "pris", "cena", "цена"}

// readTexts reads what a piece says in each block of a sample.
func (p *piece) readTexts(sample []*element) {
	for _, block := range sample {
		text, _ := p.field.valueIn(block, "").(string)
		p.texts = append(p.texts, sources.Shorten(sources.Line(text), maxShown))
	}
}

// dayAbove returns the heading above blocks that names their day, as that of what is on then.
func (l *layout) dayAbove(sample []*element) []piece {
	for _, level := range []string{"h2", "h3", "h4", "h5"} {
		p := piece{spelling: aboveMark + level}
		f, err := parseField("", p.spelling)
		if p.field, p.node = f, l.nodeIn(f, sample[0]); err != nil || p.node == nil {
			continue
		}
		if p.readTexts(sample); sources.AreMost(p.texts, dayLike) {
			return []piece{p}
		}
	}
	return nil
}

// sectionAbove returns the heading above the rows of several tables, as what each of them is of.
func (l *layout) sectionAbove(sample []*element) []piece {
	if sample[0].DataAtom != atom.Tr {
		return nil
	}
	for _, level := range []string{"h2", "h3", "h4"} {
		p := piece{spelling: aboveMark + level, as: "section"}
		var err error
		if p.field, err = parseField("", p.spelling); err != nil {
			continue
		}
		if p.node = l.nodeIn(p.field, sample[0]); p.node == nil || asideOf(p.node, true) {
			continue
		}
		p.readTexts(sample)
		if several := len(slices.Compact(slices.Sorted(slices.Values(p.texts)))); several > 1 && several < len(sample) && !sources.AreMost(p.texts, dayLike) {
			return []piece{p}
		}
	}
	return nil
}

// piecesOf returns what one element says: its text, and where it leads to or what
// moment it names to machines.
func piecesOf(f field, n *element, block int) (all []piece) {
	add := func(attribute string) {
		text := spellingOf(f, attribute)
		if parsed, err := parseField("", text); err == nil {
			all = append(all, piece{spelling: text, field: parsed, node: n, block: block})
		}
	}
	switch {
	case n.DataAtom == atom.Img:
		if picture(n) != "" {
			if parsed, err := parseField("image", f.text); err == nil {
				all = append(all, piece{spelling: f.text, field: parsed, node: n, block: block})
			}
		}
		return all
	case n.DataAtom == atom.A && (sources.TextOf(n) == "" || gathersOthers(n)):
	default:
		add("")
	}
	if sources.LeadsElsewhere(n) {
		add("href")
	}
	if sources.Attribute(n, "datetime") != "" {
		add("datetime")
	}
	return all
}

// gathersOthers reports whether an element says nothing itself, and others in it do.
func gathersOthers(n *element) bool {
	return ownText(n) == "" && sources.FirstElement(n, func(n *element) bool { return ownText(n) != "" && !sources.Reopens(n.DataAtom) }) != nil
}

// spellingOf returns the text of a field for an attribute of what it finds.
func spellingOf(f field, attribute string) string {
	switch {
	case attribute == "":
		return f.text
	case f.whole:
		return "@" + attribute
	}
	return f.text + "@" + attribute
}

// sayingNodes returns the elements of a block that say something themselves; nil for a
// block that is too large.
func (l *layout) sayingNodes(part *element) []*element {
	all := []*element{}
	seen := 0
	for n := part; n != nil; n = sources.NextNode(n, part, isHidden) {
		if n.Type != html.ElementNode {
			continue
		}
		if seen++; seen > maxInBlock {
			return nil
		}
		inline := sources.Reopens(n.DataAtom) && n.DataAtom != atom.A && n.Parent != nil && ownText(n.Parent) != "" && !leadsText(n)
		if n.DataAtom == atom.Img || sources.LeadsElsewhere(n) || ownText(n) != "" && !inline {
			all = append(all, n)
		}
	}
	return all
}

// leadsText reports whether an element is the bold beginning of what stands in a line, as its name.
func leadsText(n *element) bool {
	return (n.DataAtom == atom.Strong || n.DataAtom == atom.B) && n.Parent.DataAtom == atom.Li && (n.PrevSibling == nil || n.PrevSibling.PrevSibling == nil && strings.TrimSpace(n.PrevSibling.Data) == "")
}

// spellPiece makes the selector by which most blocks have what an element is in one of
// them.
func (l *layout) spellPiece(b blocks, sample []*element, ways []map[*element]string, block, n *element) (best field, ok bool) {
	most := 0
	for _, text := range pieceSpellings(b, block, n) {
		f, err := parseField("", text)
		if err != nil || l.nodeIn(f, block) != n {
			continue
		}
		if l.looks < 0 {
			break
		}
		agree := 1
		for i, other := range sample {
			if ways[i] == nil {
				ways[i] = map[*element]string{}
			}
			l.looks -= maxInBlock / 10
			if other == block {
				continue
			}
			if found := l.nodeIn(f, other); found == nil {
				continue
			} else if sameRole(found, n) && (sources.Attribute(n, "class") != "" || wayTo(found, other) == wayTo(n, block)) {
				agree += 2
			} else {
				agree -= 2
			}
		}
		if !ok || agree > most {
			best, most, ok = f, agree, true
		}
	}
	return best, ok
}

// sameRole reports whether two elements of blocks seem to say the same: a class is a
// sign of that even where it is too short-lived to be named, and what they say is.
func sameRole(a, b *element) bool {
	if a.Data != b.Data {
		return false
	}
	classes, others := strings.Fields(sources.Attribute(a, "class")), strings.Fields(sources.Attribute(b, "class"))
	common := slices.ContainsFunc(classes, func(class string) bool { return slices.Contains(others, class) })
	first, second := ownText(a), ownText(b)
	return (common || len(classes)+len(others) == 0) && shape.IsPrice(first) == shape.IsPrice(second) && dayLike(first) == dayLike(second)
}

// nodeIn returns the element of a block that a field finds; nil where it finds none.
func (l *layout) nodeIn(f field, block *element) *element {
	all := f.elementsIn(block)
	if i := slices.IndexFunc(all, func(n *element) bool { return l.runes[n] > 0 }); i >= 0 {
		return all[i]
	}
	return nil
}

// wayTo returns the names on the way from a block to an element in it.
func wayTo(n, block *element) string {
	way := ""
	for ; n != nil && n != block && n != block.Parent; n = n.Parent {
		way = n.Data + "/" + way
	}
	return way
}

// pieceSpellings returns how a field may find an element of a block, the best first.
func pieceSpellings(b blocks, block, n *element) (all []string) {
	if n == block {
		return []string{"."}
	}
	before, root := "", block
	if after := nextElement(block); b.next && after != nil && (n == after || holdsAll([]*element{after}, []*element{n})) {
		before, root = nextMark+" ", after
	}
	if n == root {
		return []string{before + n.Data}
	}
	signs := signsOn(n)
	for _, sign := range signs {
		all = append(all, before+sign)
	}
	for _, sign := range signs {
		all = append(all, before+n.Data+sign)
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		all = append(all, before+numberAmong(n))
	}
	all = append(all, before+n.Data)
	plain, numbered := n.Data, numberAmong(n)
	for above, up := n.Parent, 0; above != nil && above != root && up < maxSteps-2; above, up = above.Parent, up+1 {
		for _, sign := range signsOn(above) {
			all = append(all, before+sign+" > "+plain, before+sign+" > "+numbered, before+sign+" "+n.Data)
		}
		plain, numbered = above.Data+" > "+plain, numberAmong(above)+" > "+numbered
		all = append(all, before+plain, before+numbered)
	}
	all = append(all, before+numberAmong(n))
	if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
		all = append(all, before+numberFromEnd(n))
	}
	if before == "" { // what stands above blocks of the same name is none of them
		own := b.selector[strings.LastIndex(b.selector, " ")+1:]
		all = append(all, own+" > "+plain, own+" > "+numbered)
	}
	return all
}

// numberFromEnd spells an element by its number among those of its name, from the last
// one on.
func numberFromEnd(n *element) string {
	number := 1
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Data == n.Data && s.Type == n.Type {
			number++
		}
	}
	return fmt.Sprintf("%s:nth-last-of-type(%d)", n.Data, number)
}

// numberAmong spells an element by its number: a cell among all of its row.
func numberAmong(n *element) string {
	if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
		return numberedOf(n)
	}
	number := 1
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode {
			number++
		}
	}
	return fmt.Sprintf("%s:nth-child(%d)", n.Data, number)
}

// areOfDays reports whether blocks are of days to come: the rows of a table by the order of its columns.
func areOfDays(all []piece, now time.Time) bool {
	var columns [][]string
	for _, p := range all {
		if p.node.DataAtom == atom.Td || p.node.DataAtom == atom.Th {
			columns = append(columns, p.texts)
		} else if sources.AreComing(p.texts, now) {
			return true
		}
	}
	return shape.OfDays(columns, now)
}

// nameLikely says what the pieces of blocks look like, each name once. Days that are
// still to come are those of events.
func nameLikely(all []piece, now time.Time) {
	when, ofWhen := "published", func(piece) bool { return true }
	if areOfDays(all, now) {
		when, ofWhen = "start", func(p piece) bool { return sources.AreComing(p.texts, now) }
	}
	given := map[string]bool{}
	give := func(name string, fits func(piece) bool) {
		if given[name] {
			return
		}
		for i := range all {
			if all[i].as == "" && fits(all[i]) {
				all[i].as, given[name] = name, true
				return
			}
		}
	}
	spelled := func(p piece, attribute string) bool { return p.field.attribute == attribute }
	text := func(p piece) bool { return spelled(p, "") && p.node.DataAtom != atom.Img }
	give("image", func(p piece) bool { return p.node.DataAtom == atom.Img })
	give(when, func(p piece) bool { return spelled(p, "datetime") && ofWhen(p) })
	give(when, func(p piece) bool {
		beside := sources.NewDates(sources.DateHints{Zone: time.UTC, Language: "en", Others: p.texts})
		return text(p) && ofWhen(p) && sources.AreMost(p.texts, func(s string) bool { return !beside.LastDay(s, yearly).IsZero() })
	})
	if given["start"] {
		give("time", func(p piece) bool { return text(p) && sources.AreMost(p.texts, shape.IsClock) })
	}
	give("price", func(p piece) bool { return text(p) && sources.AreMost(p.texts, shape.IsPrice) })
	give("price", func(p piece) bool { return text(p) && isCalled(p, priceNames...) })
	words := func(p piece) bool {
		label := len(p.texts) > 0 && strings.HasSuffix(p.texts[0], ":") && len(slices.Compact(slices.Clone(p.texts))) == 1
		return text(p) && sources.AreMost(p.texts, hasWords) && p.node.DataAtom != atom.Time && !label
	}
	give("title", func(p piece) bool { return words(p) && (sources.IsHeading(p.node) || headingAbove(p.node)) })
	give("title", func(p piece) bool {
		return words(p) && isCalled(p, "title", "titel", "name", "headline", "titulo", "titre")
	})
	give("title", func(p piece) bool { return words(p) && p.node.DataAtom == atom.A })
	give("title", func(p piece) bool {
		return words(p) && (p.node.DataAtom == atom.Strong || p.node.DataAtom == atom.B) && areDistinct(p.texts)
	})
	give("title", func(p piece) bool {
		return words(p) && p.node.DataAtom == atom.Td && areDistinct(p.texts) && !sources.AreMost(p.texts, isMeasure)
	})
	give("title", func(p piece) bool { return words(p) && !p.field.whole })
	give("title", words)
	give("title", func(p piece) bool { return text(p) && (p.node.DataAtom != atom.Td || !given["start"]) }) // rows of a day and figures have none
	give("link", func(p piece) bool { return spelled(p, "href") && (headingAbove(p.node) || isTitle(all, p.node)) })
	give("link", func(p piece) bool { return spelled(p, "href") })
	give("place", func(p piece) bool {
		return words(p) && isCalled(p, "location", "loc", "venue", "place", "ort", "lieu", "lugar", "local", "luogo", "plaats", "plats", "miejsce")
	})
	give("author", func(p piece) bool { return words(p) && isCalled(p, "author", "byline") })
	const prose = 30
	give("summary", func(p piece) bool {
		return words(p) && (isCalled(p, "summary", "teaser", "excerpt", "description", "intro") || p.node.DataAtom == atom.P || p.node.DataAtom == atom.Dd || p.node.DataAtom == atom.Li ||
			sources.AreMost(p.texts, func(s string) bool { return utf8.RuneCountInString(s) > prose }))
	})
}

func isTitle(all []piece, n *element) bool {
	return slices.ContainsFunc(all, func(p piece) bool {
		return p.as == "title" && (p.node == n || holdsAll([]*element{n}, []*element{p.node}))
	})
}

func headingAbove(n *element) bool { return n.Parent != nil && sources.IsHeading(n.Parent) }

// areDistinct reports whether no two texts are the same, as those of names are.
func areDistinct(texts []string) bool {
	sorted := slices.Sorted(slices.Values(texts))
	return len(slices.Compact(sorted)) == len(texts)
}

// isCalled reports whether the page itself calls a piece one of some names.
func isCalled(p piece, names ...string) bool {
	said := wordsOfName(strings.ToLower(strings.Join(strings.Fields(sources.Attribute(p.node, "class")+" "+sources.Attribute(p.node, "itemprop")), "-")))
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(said, name) })
}

func hasWords(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 2 && !shape.IsPrice(text) && !dayLike(text)
}

// isMeasure reports whether a text is how much of something there is, as "SW 12 km/h" is, and no name.
func isMeasure(text string) bool {
	const short = 2
	return strings.ContainsFunc(text, unicode.IsDigit) && !slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }), func(word string) bool {
		return utf8.RuneCountInString(word) > short || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsUpper(r) && !unicode.IsLower(r) })
	})
}

// yearly is a moment for days of whatever year.
var yearly = time.Unix(0, 0).AddDate(40, 0, 0)

// dayLike reports whether a text is a day, with its year or without.
func dayLike(text string) bool { return !sources.PlainDates.LastDay(text, yearly).IsZero() }
