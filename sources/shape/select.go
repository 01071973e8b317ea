package shape

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/agenda"
)

// Select picks what answers a query: the one item that is called so, else those
// that have all words of the argument, in the order of the shape. Without an
// argument it is all of them. Of events those to come are told, the next one
// first; of recipes, quotes and products the reader is asked which where several
// fit.
func (m *Maker) Select(items []what.Item, q pull.Query) pull.Selection {
	search := sources.NewSearch(q.Argument)
	symbol := (m.asks() || m.options.Key != "") && isTerse(strings.TrimSpace(q.Argument))
	if symbol {
		search = search.Whole()
	}
	ordered := m.Ordered(items, q)
	called := strings.TrimSpace(q.Argument)
	if called == "" {
		return sources.Page(ordered, q)
	}
	if named := m.named(ordered, called); len(named) > 0 {
		return m.pickItems(named, q)
	}
	if m.options.Shape == Event {
		zone := cmp.Or(m.options.Zone, time.UTC)
		if a := agenda.ReadArgument(called, q.First().In(zone), q.Language, m.options.Language); a.HasTime() || a.Now || a.Next || len(a.Content) == 0 {
			return agenda.Select(ordered, a, q, zone)
		}
	}
	if _, _, ranked := readRank(called, q.Language, m.options.Language); ranked {
		if rows, ok := m.rankItems(ordered, q); ok {
			return sources.Page(rows, q)
		}
	}
	var found []sources.Hit[what.Item]
	if !search.Empty() {
		found = sources.Ranked(search, ordered, func(it what.Item) ([]sources.Field, string) { return m.searched(it, symbol), it.Language })
	}
	if len(found) == 0 {
		if rows, ok := m.rankItems(ordered, q); ok {
			return sources.Page(rows, q)
		}
	}
	if m.asks() {
		found = sources.TitledFirst(found)
	}
	slices.SortStableFunc(found, func(a, b sources.Hit[what.Item]) int { return sources.CompareBools(b.Titled, a.Titled) })
	return m.pickItems(sources.FoundBy(found), q)
}

func (m *Maker) named(items []what.Item, called string) []what.Item {
	return slices.DeleteFunc(slices.Clone(items), func(it what.Item) bool {
		return !slices.ContainsFunc(m.names(it), func(name string) bool { return textform.SameName(name, called) })
	})
}

// isTerse reports whether an argument is a name or none: written like a symbol, or so
// short that many words begin so.
func isTerse(argument string) bool {
	const short = 3
	return textform.IsSymbol(argument) || textform.Weight(argument) <= short
}

// Answered is Select where upstream has picked by the argument: all items fit,
// those that are called so before the others.
func (m *Maker) Answered(items []what.Item, q pull.Query) pull.Selection {
	ordered := m.Ordered(items, q)
	if named := m.named(ordered, strings.TrimSpace(q.Argument)); len(named) > 0 && m.asks() {
		return m.pickItems(named, q)
	}
	return m.pickItems(ordered, q)
}

// asks reports whether the reader is asked which, in place of a list.
func (m *Maker) asks() bool {
	return m.options.Shape == Recipe || m.options.Shape == Quote || m.options.Shape == Product
}

// pickItems cuts what fits to the query, or asks which of it is meant.
func (m *Maker) pickItems(found []what.Item, q pull.Query) pull.Selection {
	if !m.asks() || len(found) <= max(q.Count, 1) {
		return sources.Page(found, q)
	}
	seen := map[string]bool{}
	var choices []what.Term
	for _, it := range found {
		name := it.Title
		if seen[textform.Fold(name)] {
			name += " (" + it.ID + ")"
		}
		if seen[textform.Fold(name)] {
			continue
		}
		seen[textform.Fold(name)] = true
		choices = append(choices, what.Term{Value: it.ID, Names: []string{name}, Language: it.Language})
	}
	if len(choices) <= max(q.Count, 1) {
		return sources.Page(found, q)
	}
	return pull.Selection{Choices: choices}
}

// names returns what an item is asked for by.
func (m *Maker) names(it what.Item) []string {
	names := []string{it.ID, it.Title}
	for _, fact := range []string{factSymbol, factName, factSKU} {
		if text := it.Facts.Text(fact); text != "" {
			names = append(names, text)
		}
	}
	if m.options.Key != "" {
		names = append(names, it.Facts.Text(factCalled(m.options.Key)))
	}
	others, _ := it.Facts.Find(FactNames)
	return slices.DeleteFunc(append(names, others.List...), func(name string) bool { return name == "" })
}

// searched returns the texts in which the words of an argument are looked for: its
// titles, and more where it is no symbol.
func (m *Maker) searched(it what.Item, symbol bool) []sources.Field {
	fields := []sources.Field{{Text: strings.Join([]string{it.Title, it.Facts.Text(factSymbol), it.Facts.Text(factName)}, " , "), Weight: sources.InTitle}}
	if symbol {
		return fields
	}
	for _, f := range it.Facts {
		switch {
		case f.Kind == what.Text:
			fields = append(fields, sources.Field{Text: f.Text, Weight: sources.InFacts})
		case f.Name != factSteps:
			fields = append(fields, sources.Field{Text: strings.Join(f.List, " , "), Weight: sources.InFacts})
		}
	}
	return append(fields, sources.Field{Text: it.Summary, Weight: sources.InSummary}, sources.Field{Text: it.Body, Weight: sources.InBody})
}

// Terms returns the names of items, for readers who misspell them: of recipes,
// quotes and products, and wherever there is a key.
func (m *Maker) Terms(items []what.Item) []what.Term {
	if !m.asks() && m.options.Key == "" {
		return nil
	}
	seen := map[string]bool{}
	var terms []what.Term
	for _, it := range items {
		names := m.names(it)
		value := it.ID
		if m.options.Shape == Quote {
			value = cmp.Or(it.Facts.Text(factSymbol), it.ID)
		}
		if seen[value] || len(value) > pull.MaxKeyBytes {
			continue
		}
		seen[value] = true
		names = slices.DeleteFunc(append([]string{it.Title}, names...), func(name string) bool { return textform.Fold(name) == "" || strings.Contains(name, "://") })
		if names = sources.Unique(names, textform.Fold); len(names) > 0 {
			terms = append(terms, what.Term{Value: value, Names: names, Language: it.Language})
		}
	}
	return append(terms, m.kindsOf(items)...)
}

// kindsOf returns what the rows of a table are by their first column, where several are the same: "home loan" of
// several banks.
func (m *Maker) kindsOf(items []what.Item) (terms []what.Term) {
	if m.options.Key == "" || m.options.Shape != None {
		return nil
	}
	count, shared, column := map[string]int{}, false, ""
	for _, it := range items {
		if len(it.Facts) == 0 {
			return nil
		}
		f := it.Facts[0]
		if column == "" {
			column = f.Name
		}
		if f.Name != column || f.Name == factCalled(m.options.Key) || f.Kind != what.Text || strings.ContainsAny(f.Text, "0123456789") {
			return nil
		}
		count[f.Text]++
		shared = shared || count[f.Text] > 1
	}
	if !shared || len(count) < 2 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		if agenda.ReadArgument(name, time.Unix(0, 0), m.options.Language).HasTime() {
			return nil // days ask for more than a timetable
		}
		terms = append(terms, what.Term{Value: name, Names: []string{name}})
	}
	return terms
}

// Ordered returns the items in the order in which a shape tells them: articles as
// sources.OrderArticles has it, events those to come from the query's
// moment on, the next one first. What else there is stays as it came.
func (m *Maker) Ordered(items []what.Item, q pull.Query) []what.Item {
	switch m.options.Shape {
	case Article:
		return sources.OrderArticles(items, q.First())
	case Event:
		const usual = 2 * time.Hour
		return agenda.Coming(items, q.First(), cmp.Or(m.options.Zone, time.UTC), usual)
	}
	return sources.InLanguage(items, q.Language)
}
