package page

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"keypull/pull"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

var _ sources.Discoverer = (*Settings)(nil)

// Discover takes pages that tell of events, products or questions by JSON-LD or
// microdata, and those that list articles.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if !d.IsPage() || len(d.Body) > maxBytes {
		return nil
	}
	doc, err := parsePage(d.Body, sources.Encoded{Type: d.Type}, d.URL)
	if err != nil {
		return nil
	}
	f := sources.Found{Title: d.Host(), Form: "HTML", Phrase: words.Text{Key: "asked.news"}, Settings: map[string]any{"url": d.Address}}
	for _, v := range doc.openGraph() {
		if v.Name == "title" {
			f.Title = sources.Line(shape.Text(v.V))
		}
	}
	for _, kind := range []string{shape.Event, shape.Product, question} {
		records := doc.structuredData(kind)
		if kind == question {
			records = doc.questionRecords()
		}
		if kind == question && len(records) > 0 && !asking(records) && listsDays(doc, d) {
			continue // what else its lines say is told with what is on
		}
		if len(records) == 0 || kind != question && !has(records[0], map[string]string{shape.Event: "start", shape.Product: "price"}[kind]) {
			continue
		}
		if kind == shape.Event && listsMore(doc, d, len(records)) {
			continue
		}
		f.Settings["shape"], f.Reply = kind, shownOf(records[0], kind)
		f.Told, f.Usual = true, kind == shape.Event || kind == question && asking(records)
		// What a list tells of its terms stands beside the rows of a table.
		f.Guess = kind == question && !f.Usual && sources.FirstElement(doc.root, isTable) != nil
		f.Phrase = usual(kind)
		f.Shows, f.Count = titles(records, kind, d), countOf(kind)
		if kind == question {
			if more := offerSections(doc, d); more != nil { // what else the page tells is asked for as its questions are
				f.Settings = more[0].Settings
			}
		}
		return []sources.Found{f}
	}
	list := offerList(f, doc, d)
	if len(list) > 0 && tellsAll(doc, list[0]) {
		return list
	}
	return append(list, offerSections(doc, d)...)
}

// tellsAll reports whether the headings of a page tell no more than a list does: they stand in its
// items, or these are of a day, or neither prices nor the rows of a table.
func tellsAll(doc *document, f sources.Found) bool {
	text, _ := f.Settings["item"].(string)
	item, err := parseSelector(text)
	if err != nil {
		return true
	}
	items := item.selectAll(doc.root, shape.MaxRecords)
	row := func(n *element) bool { return n.DataAtom == atom.Tr }
	listed := f.Settings["shape"] == shape.Event && !tellsBehind(doc, items) || f.Settings["shape"] == shape.Article && !slices.ContainsFunc(items, row)
	return listed || slices.ContainsFunc(items, func(n *element) bool {
		return sources.IsHeading(n) || sources.FirstElement(n, sources.IsHeading) != nil
	})
}

// tellsBehind reports whether headings behind some items tell of other things than days.
func tellsBehind(doc *document, items []*element) bool {
	const least = 2
	within := map[*element]bool{}
	for _, it := range items {
		within[it] = true
		for part := range it.Descendants() {
			within[part] = true
		}
	}
	var behind []*element
	for n := range doc.root.Descendants() {
		switch {
		case within[n]:
			behind = nil
		case sources.IsHeading(n) && !dayLike(sources.TextOf(n)) && !sources.InMenu(n):
			behind = append(behind, n)
		}
	}
	behind = behind[:min(len(behind), maxHeadings)]
	below := belowOf(behind)
	behind = slices.DeleteFunc(behind, func(n *element) bool { return !tellsBelow(n, below) })
	return len(behind) >= least
}

// offerSections offers what a page tells below its headings, each as a question with its answer: the
// level of them that has most, or all of them. The front page only leads on.
func offerSections(doc *document, d sources.Document) []sources.Found {
	if d.IsFront() {
		return nil
	}
	f := sources.Found{Form: "HTML", Told: true, Guess: true}
	asked := doc.questionRecords()
	const everyLevel, least, fewestWords = "h1, h2, h3, h4", 2, 8
	most, told := len(asked), asked
	for _, level := range []string{"h2", "h3", "h4", everyLevel} {
		item, err := parseSelector(level)
		if err != nil {
			continue
		}
		nodes := item.selectAll(doc.root, maxHeadings)
		below := belowOf(nodes)
		nodes = slices.DeleteFunc(nodes, func(n *element) bool {
			return !tellsBelow(n, below) || n.DataAtom == atom.H1 && holdsAnswer(below(n), asked)
		})
		records := sectionRecords(asked, nodes, below)
		if level != everyLevel && len(records) < len(asked)+least {
			continue
		}
		if len(records) > most {
			most, told, f.Shows = len(records), records, titles(records, question, d)
			f.Settings = map[string]any{"url": d.Address, "item": level, "shape": question}
		}
	}
	beside := sources.FirstElement(doc.root, isTable) != nil // whose rows are what the page is about
	if f.Settings == nil || most == 1 && beside && len(strings.Fields(shape.Text(told[0][1].V))) < fewestWords {
		return nil
	}
	callByTitle(&f, doc)
	return []sources.Found{f}
}

// callByTitle calls what is found as the page is called.
func callByTitle(f *sources.Found, doc *document) {
	if top := sources.FirstElement(doc.root, func(n *element) bool { return n.DataAtom == atom.H1 && !sources.InMenu(n) }); top != nil {
		f.Title = sources.Line(sources.TextOf(top))
	}
	f.Phrase = words.Verbatim(strings.ToLower(f.Title))
}

// holdsAnswer reports whether the markup below the title of a page is that of its questions.
func holdsAnswer(markup string, asked []shape.Record) bool {
	return len(asked) > 0 && strings.Contains(sources.Line(sources.Plain(markup)), sources.Line(shape.Text(asked[0][1].V)))
}

// asking reports whether one of some questions is written as one, and no term that is explained.
func asking(records []shape.Record) bool {
	return slices.ContainsFunc(records, func(r shape.Record) bool { return textform.EndsAsking(shape.Text(r[0].V)) })
}

// countOf returns how many items an answer takes: who asks for prices wants them side by side, who
// asks what is on more than one thing.
func countOf(shaped string) int {
	return map[string]int{shape.Product: 5, shape.Event: 3}[shaped]
}

// usual returns the words that items of a shape are asked for by.
func usual(shaped string) words.Text {
	switch shaped {
	case shape.Event:
		return words.Text{Key: "asked.events"}
	case shape.Product:
		return words.Text{Key: "asked.product"}
	}
	return words.Text{Key: "asked.questions"}
}

// offerList offers what a page lists: its articles, where each has a heading and a link and no day
// to come, else the blocks that repeat, where each has a name and a day or a price.
func offerList(f sources.Found, doc *document, d sources.Document) []sources.Found {
	const least = 3
	articles := Settings{Item: "article", Shape: shape.Article}
	s, others := likelyLists(doc, d.Fetched)
	records := recordsOf(doc, articles)
	if len(records) >= least && s.Shape != shape.Event {
		s = articles
	} else if records = recordsOf(doc, s); s.Item == "" || len(records) < least {
		return nil
	}
	if len(s.Fields) > 0 {
		f.Settings["fields"] = fieldsAsSet(s.Fields)
	}
	f.Settings["item"] = s.Item
	if s.Shape != shape.None {
		f.Settings["shape"] = s.Shape
	}
	f.Reply, f.Shows, f.Guess = shownOf(records[0], s.Shape), titles(records, s.Shape, d), true
	switch s.Shape {
	case shape.Article:
		f.Phrase = words.Text{Key: "asked.news"}
	case shape.None:
		callByTitle(&f, doc)
	default:
		f.Phrase = usual(s.Shape)
	}
	f.Count, f.Coming, f.Articles = countOf(s.Shape), s.Shape == shape.Event, s.Shape == shape.Article
	if f.Articles && !slices.ContainsFunc(records, func(r shape.Record) bool { return has(r, "published") }) { // none is the latest
		f.Count = countOf(shape.Product)
	}
	all := []sources.Found{f}
	for _, s := range others {
		f.Settings = map[string]any{"url": d.Address, "item": s.Item, "shape": s.Shape, "fields": fieldsAsSet(s.Fields)}
		if records = recordsOf(doc, s); len(records) == 0 {
			continue
		}
		f.Reply, f.Shows = shownOf(records[0], s.Shape), titles(records, s.Shape, d)
		f.Title = headingOver(doc, s)
		if f.Phrase = words.Verbatim(strings.ToLower(f.Title)); f.Title != "" {
			all = append(all, f)
		}
	}
	return all
}

// fieldsAsSet returns fields as settings have them.
func fieldsAsSet(fields map[string]string) map[string]any {
	all := map[string]any{}
	for name, text := range fields {
		all[name] = text
	}
	return all
}

// headingOver returns the last heading before the items that settings find.
func headingOver(doc *document, s Settings) (heading string) {
	item, err := parseSelector(s.Item)
	if err != nil {
		return ""
	}
	first := item.itemsIn(doc.root)[0]
	for n := range doc.root.Descendants() {
		if n == first {
			break
		}
		if sources.IsHeading(n) && !sources.InMenu(n) {
			heading = sources.Line(sources.TextOf(n))
		}
	}
	return heading
}

// recordsOf returns the items that settings make of a page, those that have a title and
// lead somewhere or name a day or a price.
func recordsOf(doc *document, s Settings) (records []shape.Record) {
	item, err := parseSelector(s.Item)
	if err != nil {
		return nil
	}
	src := source{settings: s}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		if f, err := parseField(name, s.Fields[name]); err == nil {
			src.fields = append(src.fields, f)
		}
	}
	for _, n := range item.itemsIn(doc.root) {
		r := defaultRecord(n)
		if len(src.fields) > 0 {
			r = src.byFields(n)
		}
		if has(r, "title") && (s.Shape == shape.None && len(r) > 1 || slices.ContainsFunc([]string{"link", "start", "published", "price"}, func(name string) bool { return has(r, name) })) {
			records = append(records, r)
		}
	}
	return records
}

// likelyLists returns the settings for what is most likely the list of a page; none where settingsFor has none. Beside
// one of days, others are the rows of days elsewhere on the page.
func likelyLists(doc *document, now time.Time) (s Settings, others []Settings) {
	l := newLayout(doc, now)
	if l == nil || len(l.shown) == 0 {
		return s, nil
	}
	all := l.findBlocks()
	if len(all) == 0 || asideOf(all[0].all[0], true) {
		return s, nil
	}
	s = l.settingsFor(all[0])
	for _, b := range all[1:] {
		if s.Shape != shape.Event || b.all[0].DataAtom != atom.Tr || all[0].all[0].DataAtom == atom.Tr || holdsAll(all[0].all, b.all) || holdsAll(b.all, all[0].all) {
			continue
		}
		if other := l.settingsFor(b); other.Shape == shape.Event && !asideOf(b.all[0], true) {
			others = append(others, other)
		}
	}
	for _, b := range all[1:] { // a day with all that is on then is no item, but each of that is
		if each := l.settingsFor(b); s.Shape == shape.Event && len(b.all) > len(all[0].all) && strings.HasPrefix(each.Fields["start"], aboveMark) && !l.areDishes(b) && !areFields(b) {
			return each, others
		}
	}
	return s, others
}

// listsDays reports whether what a page lists is on some days.
func listsDays(doc *document, d sources.Document) bool {
	s, _ := likelyLists(doc, d.Fetched)
	return s.Shape == shape.Event
}

// listsMore reports whether a page lists more than twice as many events as it tells in data.
func listsMore(doc *document, d sources.Document, told int) bool {
	s, _ := likelyLists(doc, d.Fetched)
	return s.Shape == shape.Event && len(recordsOf(doc, s)) > 2*told
}

// areFields reports whether blocks are what each of several things has, by their classes: no two of one thing are alike.
func areFields(b blocks) bool {
	const fewest = 3
	seen := map[string]bool{}
	for _, n := range b.all {
		if n.Parent != b.all[0].Parent {
			break
		}
		class := sources.Attribute(n, "class")
		if class == "" || seen[class] {
			return false
		}
		seen[class] = true
	}
	return len(seen) >= fewest
}

// areDishes reports whether blocks are lines of one day that are names alone, as what is served then: none is asked for
// without the others.
func (l *layout) areDishes(b blocks) bool {
	return b.all[0].DataAtom == atom.Li && !slices.ContainsFunc(sampleOf(b.all), func(n *element) bool {
		text := sources.TextOf(n)
		return ownText(n) != text || strings.ContainsAny(text, "0123456789:,;–—")
	})
}

// settingsFor returns the settings for some blocks; none where they have no name, or neither day nor
// price, nor a text and where it goes on.
func (l *layout) settingsFor(b blocks) (s Settings) {
	pieces := l.findPieces(b)
	nameColumns(pieces)
	fields := fieldsOf(pieces)
	if fields["title"] == "" {
		return s
	}
	if i := slices.IndexFunc(pieces, func(p piece) bool {
		return p.as == "summary" && (p.node.DataAtom == atom.P || p.node.DataAtom == atom.Li)
	}); i >= 0 && !pieces[i].field.whole {
		lines := slices.ContainsFunc(pieces, func(p piece) bool {
			return p.as == "" && p.node.Data == pieces[i].node.Data && p.node.Parent == pieces[i].node.Parent && p.block == pieces[i].block
		})
		switch {
		case lines && pieces[i].node.DataAtom == atom.Li:
			fields["summary"] = "li" + manyMark
		case lines:
			fields["summary"] = nthOfType.ReplaceAllString(fields["summary"], "") + manyMark
		}
	}
	for _, one := range [][2]string{{"summary", shape.Article}, {"published", shape.Article}, {"price", shape.Product}, {"start", shape.Event}} {
		if fields[one[0]] != "" && (one[0] != "summary" || fields["link"] != "") {
			s = Settings{Item: b.selector, Fields: fields, Shape: one[1]}
		}
	}
	if s.Shape != shape.Event && fields["link"] == "" && l.tellsMore(b, pieces) {
		return Settings{}
	}
	if s.Item == "" && b.all[0].DataAtom != atom.Tr && len(labelledFields(fields)) > 1 {
		s = Settings{Item: b.selector, Fields: fields, Shape: shape.None}
	}
	return s
}

// tellsMore reports whether blocks with headings, which lead nowhere, tell several things more than their fields do: the
// text below the headings tells them all.
func (l *layout) tellsMore(b blocks, pieces []piece) bool {
	const several = 2
	more := 0
	for _, p := range pieces {
		if p.as == "" && p.field.attribute == "" && (p.node.DataAtom == atom.P || p.node.DataAtom == atom.Li || p.node.DataAtom == atom.Div) && sources.AreMost(p.texts, hasWords) {
			more++
		}
	}
	return more >= several && sources.FirstElement(b.all[0], sources.IsHeading) != nil
}

// nthOfType ends how one of several elements of a name is spelled.
var nthOfType = regexp.MustCompile(`:nth-(?:last-)?of-type\(\d+\)$`)

// labelledFields returns the names of fields that the page itself labels.
func labelledFields(fields map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(name string) bool {
		return slices.Contains([]string{"title", "summary", "body", "link", "image", "published", "author", "place", "time", "start", "end"}, name)
	})
}

// nameColumns calls what nothing is known of in the rows of a table as the heads of its columns do.
func nameColumns(all []piece) {
	taken := map[string]bool{}
	for _, p := range all {
		taken[p.as] = true
	}
	for i, p := range all {
		cell := p.node
		for cell.DataAtom != atom.Td && cell.Parent != nil && sources.Reopens(cell.DataAtom) {
			cell = cell.Parent
		}
		row := cell.Parent
		if p.as != "" || p.field.attribute != "" || cell.DataAtom != atom.Td || row == nil {
			continue
		}
		column := 0
		for n := cell.PrevSibling; n != nil; n = n.PrevSibling {
			if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
				column++
			}
		}
		table := row
		for table.Parent != nil && table.DataAtom != atom.Table {
			table = table.Parent
		}
		first := sources.FirstElement(table, func(n *element) bool { return n.DataAtom == atom.Tr })
		if first == nil || first == row {
			continue
		}
		head := sources.FirstElement(first, func(n *element) bool {
			if n.DataAtom == atom.Th || n.DataAtom == atom.Td {
				column--
			}
			return column < 0
		})
		if head == nil {
			continue
		}
		if name := strings.ToLower(sources.Line(sources.TextOf(head))); !taken[name] && fieldName.MatchString(name) {
			all[i].as, taken[name] = name, true
		}
	}
}

var fieldName = regexp.MustCompile(`^\p{L}[\p{L}\d °%/()€$£-]{0,30}$`)

// shownOf returns what an answer shows of a kind, as far as a record has it.
func shownOf(r shape.Record, kind string) []string {
	var all []string
	for _, name := range map[string][]string{
		shape.Product: {"title", "price", "currency", "stock", "link"}, // of an event the kind tells the time best
	}[kind] {
		if has(r, name) {
			all = append(all, name)
		}
	}
	return all
}

func has(r shape.Record, name string) bool {
	for _, v := range r {
		if v.Name == name && shape.Text(v.V) != "" {
			return true
		}
	}
	return false
}

// titles returns what readers would get.
func titles(records []shape.Record, kind string, d sources.Document) []string {
	if kind == question {
		kind = shape.None
	}
	m := shape.New(shape.Options{Shape: kind, Base: d.URL, Untyped: true})
	var all []string
	for _, it := range m.Ordered(m.Make(records, d.Fetched, nil).Items, pull.Query{At: d.Fetched, Count: 1}) {
		all = append(all, it.Title)
	}
	return all
}
